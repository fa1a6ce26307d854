"""What a p value is worth inside a family of tests: Holm, Benjamini-Hochberg, Benjamini-Yekutieli.

Each function takes the p values of one family and returns the adjusted ones in the same order.
:mod:`reporter.families` offers them for the families that a study declares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def holm(p: ArrayLike) -> Array:
    """Control the chance of any false rejection, whatever the dependence of the tests.

    Parameters
    ----------
    p : array (m,), p values

    Returns
    -------
    array (m,)
        Adjusted p: reject at alpha those at or below alpha.

    Raises
    ------
    ValueError
        If p is not one-dimensional, or not within 0..1 throughout.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics
    6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    stepped = values[order] * np.arange(values.size, 0, -1)
    return _in_input_order(np.maximum.accumulate(stepped), order)


def benjamini_hochberg(p: ArrayLike) -> Array:
    """Control the expected share of false rejections, of independent or positively dependent tests.

    Parameters
    ----------
    p : array (m,), p values

    Returns
    -------
    array (m,)
        Adjusted p, also called q values.

    Raises
    ------
    ValueError
        If p is not one-dimensional, or not within 0..1 throughout.

    References
    ----------
    Benjamini & Hochberg (1995), Controlling the false discovery rate, Journal of the Royal Statistical
    Society B 57, 289-300, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    stepped = values[order] * values.size / np.arange(1, values.size + 1)
    return _in_input_order(np.minimum.accumulate(stepped[::-1])[::-1], order)


def benjamini_yekutieli(p: ArrayLike) -> Array:
    """Control the expected share of false rejections, whatever the dependence of the tests.

    Parameters
    ----------
    p : array (m,), p values

    Returns
    -------
    array (m,)
        Adjusted p: those of Benjamini and Hochberg, times 1 + 1/2 + ... + 1/m, at most 1.

    Raises
    ------
    ValueError
        If p is not one-dimensional, or not within 0..1 throughout.

    References
    ----------
    Benjamini & Yekutieli (2001), The control of the false discovery rate in multiple testing under
    dependency, Annals of Statistics 29, 1165-1188, doi:10.1214/aos/1013699998.
    """
    hochberg = benjamini_hochberg(p)  # never above the largest p, hence never capped
    harmonic = float((1 / np.arange(1, hochberg.size + 1)).sum())
    return np.asarray(np.minimum(hochberg * harmonic, 1.0))


def _checked(p: ArrayLike) -> Array:
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"p values have shape {values.shape}, one axis is needed")
    if not ((values >= 0) & (values <= 1)).all():  # also false for NaN
        raise ValueError(f"p values must lie within 0..1, these do not: {values.tolist()}")
    return values


def _in_input_order(adjusted: Array, order: NDArray[np.intp]) -> Array:
    unsorted = np.empty_like(adjusted)
    unsorted[order] = np.minimum(adjusted, 1.0)
    return unsorted
