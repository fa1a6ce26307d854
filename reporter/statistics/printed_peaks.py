"""Which printed peaks over layers are more than the best of many tries?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlog1py

from reporter.results import PrintedPeaks
from reporter.statistics._adjusting import holm
from reporter.statistics._printed import correlations, counts, p_of_correlations
from reporter.statistics._selections import where


def printed_peaks(
    r: ArrayLike, layers: ArrayLike, n: ArrayLike, *, alpha: float = 0.05, unit: str = "1"
) -> PrintedPeaks:
    """Test printed correlations each of which is the largest that a search through layers found.

    Šidák's adjustment takes the layers of a model to be independent. They rise and fall together, which makes
    it too strict, if anything; the permutation of raw answers (:func:`peak_scan`) allows for that, and
    cannot be made from printed figures.

    Parameters
    ----------
    r : array (k,), no unit
        The correlation at the peak, as printed: one for each model and axis, within -1..1. At 0 there was
        nothing to find, and p is 1.
    layers : array (k,)
        How many layers each was searched over.
    n : array (k,)
        How many pairs each was computed from.
    alpha : float
        What a p value must be below to be selected.

    Returns
    -------
    PrintedPeaks
        ``p`` is two-sided by Student's t with n - 2 df, of r as rounded, as if the layer had been named
        beforehand; ``p_sidak`` is 1 - (1 - p)^layers; ``p_holm`` adjusts that over all k peaks.

    Raises
    ------
    Degenerate
        ``too_few`` where an n is below 3 or a model has no layer; ``mismatched_lengths``, ``not_finite``,
        ``not_one_dimensional``; ``not_correlations``, ``not_counts``; ``perfect_correlation`` where r is
        -1 or 1.

    References
    ----------
    Šidák (1967), Rectangular confidence regions for the means of multivariate normal distributions, Journal
    of the American Statistical Association 62, 626-633, doi:10.1080/01621459.1967.10482935.
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics
    6, 65-70.

    Examples
    --------
    >>> found = printed_peaks([0.80, 0.42], [29, 29], [30, 30])
    >>> found.singly.indices, found.sidak.indices
    ((0, 1), (0,))
    """
    values = correlations(r)
    searched = counts(layers, name="layers", least=1, members=values.size)
    p = p_of_correlations(values, counts(n, name="n", least=3, members=values.size))
    over_layers = -np.expm1(xlog1py(searched, -p))
    over_peaks = holm(over_layers)
    return PrintedPeaks(
        r=tuple(values.tolist()),
        layers=tuple(searched.tolist()),
        p=tuple(p.tolist()),
        p_sidak=tuple(over_layers.tolist()),
        p_holm=tuple(over_peaks.tolist()),
        singly=where(p < alpha),
        sidak=where(over_layers < alpha),
        holm=where(over_peaks < alpha),
        alpha=alpha,
        n=values.size,
        unit=unit,
        method="student_t_sidak_holm",
    )
