"""On which axes do the correlations of several models have the same sign?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reporter.results import AxisSigns, Series, SignPattern
from reporter.statistics._pooling import pool
from reporter.statistics._ranks import TIE, unit_rows
from reporter.statistics._selections import where


def sign_pattern(first: Series, second: Series, *, unit: str = "1") -> SignPattern:
    """Sort the models, axis by axis, by the sign of Spearman's rho.

    A description. How often signs agree by chance is not said: the models answered the same questions,
    so their signs are not independent; ``pooled_scan`` tests whether an axis correlates.

    Parameters
    ----------
    first : array (models, n), any units
        One value per question, the same n >= 4 questions for every model.
    second : array (models, axes, n), any units

    Returns
    -------
    SignPattern
        One member per axis. ``same_sign`` is None where fewer than two models have a correlation, and
        False where one of them has rho = 0.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``; ``constant_series`` where no axis varies in any
        model.

    Examples
    --------
    >>> up, down = [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]
    >>> found = sign_pattern([up, up], [[up, up], [up, down]])
    >>> found.consistent, found.members[1].negative
    (Selection(indices=(0,), n=2), Selection(indices=(1,), n=2))
    """
    data = pool(first, second)
    rho = np.stack(
        [
            unit_rows(axes) @ unit_rows(one[np.newaxis])[0]
            for one, axes in zip(data.first, data.second, strict=True)
        ]
    )
    members = tuple(
        _signs(of_axis, live, n=data.n, unit=unit) for of_axis, live in zip(rho.T, data.live.T, strict=True)
    )
    return SignPattern(
        members=members,
        axes=where(np.ones(len(members), dtype=bool)),
        consistent=where(np.array([member.same_sign is True for member in members])),
        n=data.n,
        unit=unit,
        method="signs_of_spearman",
    )


def _signs(rho: NDArray[np.float64], live: NDArray[np.bool_], *, n: int, unit: str) -> AxisSigns:
    """Sort the models by the sign of one axis."""
    positive, negative, k = live & (rho > TIE), live & (rho < -TIE), int(live.sum())
    return AxisSigns(
        positive=where(positive),
        negative=where(negative),
        zero=where(live & ~positive & ~negative),
        undefined=where(~live),
        k=k,
        same_sign=k in (positive.sum(), negative.sum()) if k >= 2 else None,
        n=n,
        unit=unit,
        method="signs_of_spearman",
    )
