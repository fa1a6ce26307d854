"""Where, over layers and axes, is the rank correlation largest, and is that more than chance finds?"""

from __future__ import annotations

from numpy.random import Generator

from reporter.results import Columns, Labels, PeakScan
from reporter.statistics._columns import live_pair
from reporter.statistics._peaks import scan
from reporter.statistics._permutations import members_of, plan


def peak_scan(
    axes: Columns,
    layers: Columns,
    *,
    rng: Generator,
    strata: Labels | None = None,
    level: float = 0.95,
    permutations: int = 9999,
    resamples: int = 999,
    bins: int = 10,
    engine: str | None = None,
    unit: str = "1",
) -> PeakScan:
    """Correlate every axis with every layer and judge the peaks by the permutation of their maximum.

    Parameters
    ----------
    axes : array (n, axes), any units
        One row per answer.
    layers : array (n, layers), any units
        The same answers. Whether layer 0 may be scanned is the caller's decision.
    rng : numpy.random.Generator
        For orders and resamples.
    strata : array (n,), labels of any type, optional
        Answers are permuted only within a stratum (block of questions, finish reason). The correlations
        stay those over all answers; where both sides differ between strata, their null distribution is
        off centre, and :func:`reporter.statistics.stratified_peak_scan.stratified_peak_scan` is meant.
    level : float
        Level of the threshold, of the count of single cells, and of ``not_worse``.
    permutations : int
        Random orders, where more than 9! orders exist; otherwise all are enumerated.
    resamples : int
        Resamples of answers for the support of a peak.
    bins : int
        Equal bins of l/(layers - 1), in which cells are averaged by their atanh.
    engine : str, optional
        Spread the permutations by joblib: ``"loky"``, ``"dask"``, ``"ray"``. Changes no number.

    Returns
    -------
    PeakScan
        Constant axes and layers are dropped; ``cells`` is the size of the family that is left, and every
        axis and layer is named by its column in the input. ``p`` stands against the largest cell of all;
        each live axis is a member, with its own p over layers and one stepped down over axes. A peak has
        support and rivals, never an interval of layers. The bins of a member describe, and are not tested;
        an |rho| of 1 counts there as 1 - 1e-12, whose atanh is finite.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``too_few_bins``; ``constant_series`` where no
        axis or no layer varies; ``nothing_to_permute`` where every stratum has one member.

    References
    ----------
    Westfall, Young (1993), Resampling-based multiple testing, Wiley.
    Nichols, Holmes (2002), Nonparametric permutation tests for functional neuroimaging, Human Brain
    Mapping 15, 1-25, doi:10.1002/hbm.1058.
    """
    by_axis, by_layer = live_pair(axes, layers, names=("axes", "layers"))
    return scan(
        by_axis,
        by_layer,
        plan(by_axis.n, strata=strata, permutations=permutations, rng=rng),
        members=members_of(by_axis.n, None),
        level=level,
        resamples=resamples,
        bins=bins,
        engine=engine,
        rng=rng,
        n=by_axis.n,
        unit=unit,
        method="max_spearman",
    )
