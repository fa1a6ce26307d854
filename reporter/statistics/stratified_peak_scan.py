"""Where, over layers and axes, is the correlation within strata largest, and is it more than chance finds?"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reporter.results import Columns, Labels, PeakScan
from reporter.statistics._columns import Live, live_pair
from reporter.statistics._peaks import scan
from reporter.statistics._permutations import members_of, plan
from reporter.statistics._strata import informative, ranks_within


def stratified_peak_scan(
    axes: Columns,
    layers: Columns,
    strata: Labels,
    *,
    rng: Generator,
    level: float = 0.95,
    permutations: int = 9999,
    resamples: int = 999,
    bins: int = 10,
    engine: str | None = None,
    unit: str = "1",
) -> PeakScan:
    """Scan all axes and layers by the correlation of ranks after each stratum's mean rank is taken off.

    What differs between strata (cut and finished answers, topics) can then neither make nor hide a peak:
    the permutations within strata, by which the largest cell is judged, have their centre at 0.

    Parameters
    ----------
    axes : array (n, axes), any units
        One row per answer. Ranked over all answers, ties averaged.
    layers : array (n, layers), any units
        The same answers. Whether layer 0 may be scanned is the caller's decision.
    strata : array (n,), labels of any type
    rng : numpy.random.Generator
        For orders and resamples, both within strata.
    level : float
        Level of the threshold, of the count of single cells, and of ``not_worse``.
    permutations : int
        Random orders where more than 9! orders within strata exist; otherwise all are enumerated.
    resamples : int
        Resamples of answers for the support of a peak; ranked anew, and each stratum's mean taken off.
    bins : int
        Equal bins of l/(layers - 1), in which cells are averaged by their atanh.
    engine : str, optional
        Spread the permutations by joblib: ``"loky"``, ``"dask"``, ``"ray"``. Changes no number.

    Returns
    -------
    PeakScan
        As that of :func:`reporter.statistics.peak_scan.peak_scan`. Axes and layers that vary within no
        stratum are dropped; ``n`` counts the answers of strata in which an axis and a layer vary.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``too_few_bins``; ``nothing_to_permute`` where
        every stratum has one member; ``constant_series`` where no axis or no layer varies within a
        stratum, or never both in the same one.

    References
    ----------
    Westfall, Young (1993), Resampling-based multiple testing, Wiley.
    Taylor (1987), Kendall's and Spearman's correlation coefficients in the presence of a blocking
    variable, Biometrics 43, 409-416, doi:10.2307/2531822.
    """
    names = ("axes", "layers")
    by_axis, by_layer = live_pair(axes, layers, names=names)
    members = members_of(by_axis.n, strata)
    orders = plan(by_axis.n, strata=strata, permutations=permutations, rng=rng)
    axis_ranks, layer_ranks = (ranks_within(columns.values, members) for columns in (by_axis, by_layer))
    saying = informative(axis_ranks, layer_ranks, members, names=names)
    return scan(
        _varying(by_axis, axis_ranks),
        _varying(by_layer, layer_ranks),
        orders,
        members=members,
        level=level,
        resamples=resamples,
        bins=bins,
        engine=engine,
        rng=rng,
        n=sum(one.size for one in saying),
        unit=unit,
        method="max_stratified_spearman",
    )


def _varying(columns: Live, ranks: NDArray[np.float64]) -> Live:
    """Keep the columns that vary within some stratum, where ranks within strata are not all 0."""
    kept = ranks.any(axis=0)
    return Live(values=columns.values[:, kept], positions=columns.positions[kept], total=columns.total)
