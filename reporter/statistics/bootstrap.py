"""Between which values does a statistic lie, judged by drawing the data again from themselves?"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Bootstrap, Interval
from reporter.statistics import _bootstrap_intervals as intervals
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._resampling import distribution, evaluate, units_of

Method = Literal["percentile", "bca", "studentised"]
LEAST = 3  # units; with two the jackknife knows no skewness


def bootstrap(
    rows: ArrayLike,
    *,
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    interval: Method = "bca",
    standard_error: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    clusters: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    resamples: int = 9_999,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    engine: str | None = None,
    unit: str = "nats",
) -> Bootstrap:
    """Give a statistic its bootstrap interval, with rows or whole clusters as the units that are drawn.

    Which interval to ask for follows from measured coverage (docs/validation.md): none of the three at
    n = 3, where Student's t is the one that holds; ``studentised`` at n = 8; ``bca`` or ``studentised``
    from n = 30 on, but with ``clusters`` only ``studentised`` still at 30 clusters. From a lognormal
    population none holds at these n; ``studentised``, where it exists, comes nearest.

    Parameters
    ----------
    rows : array (n,) or (n, columns), in ``unit``
        One row per answer, or per question with one column per model: then all models get the same
        questions in every resample.
    statistic : callable
        Vectorised: (resamples, n) or (resamples, n, columns) to (resamples,). It must accept any number
        of rows; where it compares groups, a column holds the group.
    interval : {"percentile", "bca", "studentised"}
    standard_error : callable, optional
        Vectorised as ``statistic``; for ``studentised``, in place of a jackknife inside each resample,
        whose cost grows with the square of n.
    clusters, strata : array (n,), optional
        Labels of rows that are drawn together, and of the strata within which they are drawn.
    resamples : int
        How many are drawn. Where at most 6,435 resamples differ (8 units), all are enumerated instead.
    level : float
        Level of the interval.
    rng : Generator, optional
        Needed only where resamples are drawn.
    engine : {"loky", "dask", "ray"}, optional
        Spread large jobs by joblib; the numbers do not depend on it.

    Returns
    -------
    Bootstrap
        ``n`` counts rows, ``units`` what is drawn; ``bias`` and ``se`` are the bootstrap's own.

    Raises
    ------
    Degenerate
        ``not_finite``, ``too_few``, ``mismatched_lengths``, ``cluster_in_two_strata``, ``no_generator``,
        ``too_few_resamples``; ``constant_series`` where all resamples agree; ``statistic_undefined``
        where some resample has no value; ``bca_undefined``, ``zero_width``, and ``unbounded_interval``
        (studentised, where too many resamples consist of one unit) where the interval does not exist.

    References
    ----------
    Davison and Hinkley (1997), Bootstrap Methods and their Application, doi:10.1017/CBO9780511802843.

    Examples
    --------
    >>> found = bootstrap([1.0, 2.0, 4.0, 8.0], statistic=lambda rows: rows.mean(axis=1))
    >>> found.enumerated, found.interval.low, found.interval.high
    (True, 1.75, 7.0)
    """
    data = np.asarray(rows, dtype=np.float64)
    if not np.isfinite(data).all():
        raise Degenerate("not_finite", f"rows has {np.count_nonzero(~np.isfinite(data))} values not finite")
    if not data.size:
        raise Degenerate("too_few", f"rows has shape {data.shape}, at least {LEAST} rows are needed")
    units = units_of(len(data), clusters=clusters, strata=strata)
    least = min(one.size for one in units.strata)
    if least < LEAST:
        raise Degenerate("too_few", f"a stratum has {least} units, at least {LEAST} are needed")
    everyone = np.concatenate(units.strata)[np.newaxis]
    error = None
    if interval == "studentised" and standard_error is not None:
        error = partial(evaluate, standard_error, data, units)
    elif interval == "studentised":
        error = partial(intervals.jackknife_error, statistic, data, units)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = round(float(evaluate(statistic, data, units, everyone)[0]), DECIMALS_OF_NOISE)
        found = distribution(statistic, error, data, units, resamples=resamples, rng=rng, engine=engine)
    intervals.check(found.values, observed)
    if error is not None:
        low, high = intervals.studentised(found, observed, float(error(everyone)[0]), level)
    elif interval == "percentile":
        low, high = intervals.percentile(found, level)
    else:
        acceleration = intervals.acceleration_of(intervals.influence(statistic, data, units))
        low, high = intervals.bca(found, observed, acceleration, level)
    mean = float(np.average(found.values, weights=found.weights))
    return Bootstrap(
        value=observed,
        interval=Interval(low=low, high=high, level=level, method=f"{interval}_bootstrap"),
        bias=mean - observed,
        se=math.sqrt(float(np.average((found.values - mean) ** 2, weights=found.weights))),
        resamples=found.values.size,
        enumerated=found.weights is not None,
        units=units.size,
        n=len(data),
        unit=unit,
        method="bootstrap",
    )
