"""On which axes do two series correlate in the mean over models, when several axes were looked at?"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reporter.errors import Degenerate
from reporter.results import Interval, Labels, PooledCorrelation, PooledScan, Selection, Series
from reporter.statistics._permutations import Orders, Plan, null_distribution, plan
from reporter.statistics._pooling import Pool, pool
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.max_statistic import max_statistic


def pooled_scan(
    first: Series,
    second: Series,
    *,
    rng: Generator,
    blocks: Labels | None = None,
    level: float = 0.95,
    permutations: int = 9999,
    resamples: int = 2000,
    engine: str | None = None,
    unit: str = "1",
) -> PooledScan:
    """Pool each axis over models and adjust for the number of axes by the largest of them.

    Parameters
    ----------
    first : array (models, n), any units
        One value per question, the same n questions for every model.
    second : array (models, axes, n), any units
    rng : numpy.random.Generator
        For orders and resamples.
    blocks : array (n,), labels of any type, optional
        Questions are permuted only within a block.
    level : float
        Level of the intervals and of the threshold.
    permutations : int
        Random orders of the questions; each is applied to every model.
    resamples : int
        Resamples of the questions for the intervals; each is applied to every model.
    engine : {"loky", "dask", "ray"}, optional
        Spread the permutations by joblib; the numbers do not depend on it.

    Returns
    -------
    PooledScan
        Axes that are constant in every model are left out. The family's statistic is \\|mean atanh(rho)\\|
        as it is: an axis that varies in few models has the wider null distribution and weighs on the
        others.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``nothing_to_permute``; ``constant_series``
        where no axis varies in any model.

    References
    ----------
    Winkler et al. (2015), Multi-level block permutation, NeuroImage 123, 253-268,
    doi:10.1016/j.neuroimage.2015.05.092.
    """
    data = pool(first, second)
    live = np.flatnonzero(data.live.any(axis=0))
    data = data.keep(live)
    orders = plan(data.n, strata=blocks, permutations=permutations, rng=rng)
    z = data.permuted(np.arange(data.n)[:, np.newaxis])[0]
    null = null_distribution(partial(_absolute, data), orders, engine=engine)
    family = max_statistic(np.abs(z), null, level=level, exact=orders.exact)
    return PooledScan(
        members=tuple(
            _member(data, at, float(z[at]), family.p[at], orders, level, resamples, rng, unit)
            for at in range(live.size)
        ),
        axes=Selection(indices=tuple(live.tolist()), n=np.shape(second)[1]),
        p_single_step=family.p_single_step,
        p_step_down=family.p_step_down,
        threshold=family.threshold,
        level=level,
        family_size=family.family_size,
        n=data.n,
        unit=unit,
        method=f"max_pooled_spearman_{orders.name}",
    )


def _absolute(data: Pool, orders: Orders) -> NDArray[np.float64]:
    return np.abs(data.permuted(orders))


def _member(
    data: Pool,
    at: int,
    z: float,
    p: float,
    orders: Plan,
    level: float,
    resamples: int,
    rng: Generator,
    unit: str,
) -> PooledCorrelation:
    models = np.flatnonzero(data.live[:, at])
    return PooledCorrelation(
        z=z,
        r=math.tanh(z),
        interval=_interval(data, at, level=level, resamples=resamples, rng=rng),
        p=p,
        p_floor=1 / (orders.size + (not orders.exact)),
        models=Selection(indices=tuple(models.tolist()), n=len(data.live)),
        k=models.size,
        n=data.n,
        unit=unit,
        method=f"mean_atanh_spearman_{orders.name}",
    )


def _interval(data: Pool, at: int, *, level: float, resamples: int, rng: Generator) -> Interval | None:
    """Resample questions, the same for every model; None where some resample has no correlation."""
    positions, statistic = np.arange(data.n), partial(data.resampled, at)
    try:
        found = bootstrap(positions, statistic=statistic, resamples=resamples, level=level, rng=rng).interval
    except Degenerate:
        return None
    return Interval(
        low=math.tanh(found.low), high=math.tanh(found.high), level=level, method="bca_of_questions"
    )
