"""Between which values does the difference of two independent groups lie, judged by drawing them again?"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.results import Bootstrap, Interval
from reporter.statistics import _bootstrap_intervals as intervals
from reporter.statistics._inputs import DECIMALS_OF_NOISE, sample
from reporter.statistics._resampling import ENUMERATED_UP_TO, Distribution, distribution, units_of


def _mean(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows.mean(axis=1))


def bootstrap_difference(
    first: ArrayLike,
    second: ArrayLike,
    *,
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]] = _mean,
    interval: Literal["percentile", "bca"] = "percentile",
    resamples: int = 9_999,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    engine: str | None = None,
    unit: str = "nats",
) -> Bootstrap:
    """Give statistic(second) - statistic(first) its bootstrap interval; each group is drawn by itself.

    The interval is percentile unless asked otherwise, by measured coverage of the difference of two means at
    95 % (docs/validation.md): for lognormal groups of 3, 8 and 30 it covered 81, 89 and 94 %, BCa 79, 86 and
    88; for normal groups both covered 80 to 81, 91 and 94 to 95.

    Parameters
    ----------
    first, second : array (n1,), (n2,), in ``unit``
        Two independent groups of at least 3 values each.
    statistic : callable
        Vectorised, (resamples, n) to (resamples,); the mean unless another is given.
    interval : {"percentile", "bca"}
    resamples : int
        How many are drawn. Where at most 6,435 pairs of resamples differ, all are enumerated instead.
    level : float
        Level of the interval.
    rng : Generator, optional
        Needed only where resamples are drawn.
    engine : {"loky", "dask", "ray"}, optional
        Spread large jobs by joblib; the numbers do not depend on it.

    Returns
    -------
    Bootstrap
        ``n`` and ``units`` count both groups together.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``no_generator``, ``too_few_resamples``; ``constant_series`` where all
        resamples agree; ``statistic_undefined``; ``bca_undefined``.

    References
    ----------
    Davison and Hinkley (1997), Bootstrap Methods and their Application, doi:10.1017/CBO9780511802843.
    """
    groups = sample(first, name="first", least=3), sample(second, name="second", least=3)
    units = [units_of(group.size, clusters=None, strata=None) for group in groups]
    enumerable = units[0].distinct * units[1].distinct <= ENUMERATED_UP_TO
    one, two = (
        distribution(
            statistic,
            None,
            group,
            unit_,
            resamples=resamples,
            rng=rng,
            engine=engine,
            enumerate_up_to=ENUMERATED_UP_TO if enumerable else 0,
        )
        for group, unit_ in zip(groups, units, strict=True)
    )
    found = _difference(one, two)
    estimates = [float(statistic(group[np.newaxis])[0]) for group in groups]
    observed = round(estimates[1] - estimates[0], DECIMALS_OF_NOISE)
    intervals.check(found.values, observed)
    if interval == "percentile":
        low, high = intervals.percentile(found, level)
    else:
        pull = [intervals.influence(statistic, *pair) for pair in zip(groups, units, strict=True)]
        acceleration = intervals.acceleration_of([-pull[0][0], pull[1][0]])
        low, high = intervals.bca(found, observed, acceleration, level)
    mean = float(np.average(found.values, weights=found.weights))
    n = groups[0].size + groups[1].size
    return Bootstrap(
        value=observed,
        interval=Interval(low=low, high=high, level=level, method=f"{interval}_bootstrap"),
        bias=mean - observed,
        se=math.sqrt(float(np.average((found.values - mean) ** 2, weights=found.weights))),
        resamples=found.values.size,
        enumerated=found.weights is not None,
        units=n,
        n=n,
        unit=unit,
        method="bootstrap_difference",
    )


def _difference(one: Distribution, two: Distribution) -> Distribution:
    """Subtract draw by draw, or, where both are enumerated, each from each."""
    if one.weights is None or two.weights is None:
        return Distribution(np.round(two.values - one.values, DECIMALS_OF_NOISE), None, None)
    values = np.round(two.values[:, None] - one.values, DECIMALS_OF_NOISE).ravel()
    return Distribution(values, None, np.outer(two.weights, one.weights).ravel())
