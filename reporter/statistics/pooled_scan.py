"""On which axes do two series correlate in the mean over models, when several axes were looked at?"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reporter.errors import Degenerate
from reporter.results import (
    Interval,
    Labels,
    PooledCorrelation,
    PooledScan,
    Selection,
    Series,
    SeriesOfLabels,
)
from reporter.statistics._permutations import Orders, Plan, null_distribution, plan
from reporter.statistics._pooling import Pool, pool
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.max_statistic import max_statistic


def pooled_scan(
    first: Series,
    second: Series,
    *,
    rng: Generator,
    strata: SeriesOfLabels | None = None,
    blocks: Labels | None = None,
    level: float = 0.95,
    permutations: int = 9999,
    resamples: int = 2000,
    engine: str | None = None,
    unit: str = "1",
) -> PooledScan:
    """Pool each axis over models and adjust for the number of axes by the largest of them.

    Within strata the test is a little liberal: what strata of different sizes leave of ranks is only nearly
    exchangeable, and one order for all models cannot stay within the strata of each.

    Parameters
    ----------
    first : array (models, n), any units
        One value per question, the same n questions for every model.
    second : array (models, axes, n), any units
    rng : numpy.random.Generator
        For orders and resamples.
    strata : array (models, n), labels of any type, optional
        Each model's strata, whose mean ranks are taken off before it is correlated, and off the permuted
        ranks of each order: the same question may be cut in one model and not in another. Without strata
        rho is the plain one.
    blocks : array (n,), labels of any type, optional
        Questions are permuted only within a block. An order moves the first series of every model, and
        may lead from one stratum to another.
    level : float
        Level of the intervals and of the threshold.
    permutations : int
        Random orders of the questions; each is applied to every model.
    resamples : int
        Resamples of the questions for the intervals; each is applied to every model. Questions are drawn
        from all, not within strata, which differ between models; a question that is drawn keeps its stratum
        in each model, and what was drawn is ranked, and the strata's means are taken off, anew.
    engine : {"loky", "dask", "ray"}, optional
        Spread the permutations by joblib; the numbers do not depend on it.

    Returns
    -------
    PooledScan
        Axes that are constant in every model, or vary in no stratum together with the first series, are left
        out. The family's statistic is \\|mean atanh(rho)\\| as it is: an axis that varies in few models has
        the wider null distribution and weighs on the others.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``nothing_to_permute``; ``constant_series``
        where no axis varies in any model, or none together with the first series in any stratum.

    References
    ----------
    Winkler et al. (2015), Multi-level block permutation, NeuroImage 123, 253-268,
    doi:10.1016/j.neuroimage.2015.05.092.
    Winkler et al. (2014), Permutation inference for the general linear model, NeuroImage 92, 381-397,
    doi:10.1016/j.neuroimage.2014.01.060: permutation of residuals, here of ranks on strata.
    """
    data = pool(first, second, strata)
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
        method=f"max_pooled_{data.rho}_{orders.name}",
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
        method=f"mean_atanh_{data.rho}_{orders.name}",
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
