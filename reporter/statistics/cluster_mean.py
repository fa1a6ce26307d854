"""How well is a mean known when questions, not single answers, are what is drawn?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Bootstrap, Labels
from reporter.statistics._inputs import DECIMALS_OF_NOISE, sample
from reporter.statistics._permutations import members_of
from reporter.statistics.bootstrap import LEAST, bootstrap

Drawn = NDArray[np.float64]  # (resamples, clusters, 2): sum and size of each cluster that was drawn


def cluster_mean(
    values: ArrayLike,
    clusters: Labels,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    resamples: int = 9999,
    engine: str | None = None,
    unit: str = "nats",
) -> Bootstrap:
    """Give the mean over all values its studentised bootstrap interval, clusters drawn whole.

    Studentised by measured coverage (docs/validation.md): with 30 questions of three answers it covered 94.9
    % of normal and 93.0 of lognormal samples, BCa 93.0 and 89.5; with 8 questions 95.0 and 90.7 against 89.1
    and 82.2. The same answers drawn singly covered 76 %.

    Parameters
    ----------
    values : array (n,), in ``unit``
        Every value has the same weight, and so larger clusters the greater one.
    clusters : array (n,), labels of any type
        Which values were drawn together (one question, one text): at least 3 clusters.
    rng : numpy.random.Generator
        Draws the resamples above 8 clusters; not touched below, where all are enumerated.
    level : float
        Level of the interval.
    resamples : int
        How many are drawn above 8 clusters.
    engine : {"loky", "dask", "ray"}, optional
        Spread large jobs by joblib; the numbers do not depend on it.

    Returns
    -------
    Bootstrap
        ``n`` counts values, ``units`` clusters.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``not_one_dimensional``, ``too_few_resamples``;
        ``constant_series`` where all clusters have one mean; ``unbounded_interval`` where too many resamples
        consist of one cluster, as with 3 clusters at .95.

    References
    ----------
    Davison and Hinkley (1997), Bootstrap Methods and their Application, doi:10.1017/CBO9780511802843.

    Examples
    --------
    >>> found = cluster_mean([1, 2, 4, 4, 3, 9], list("aabcde"), rng=np.random.default_rng(1))
    >>> found.units, found.n, found.enumerated
    (5, 6, True)
    """
    array = sample(values, name="values", least=1)
    labels = np.asarray(clusters)
    if labels.shape != array.shape:
        raise Degenerate("mismatched_lengths", f"values has n = {array.size}, clusters {labels.size}")
    members = members_of(array.size, labels)
    if len(members) < LEAST:
        raise Degenerate("too_few", f"{len(members)} units to draw, at least {LEAST} are needed")
    found = bootstrap(
        [(array[one].sum(), one.size) for one in members],
        statistic=_mean,
        interval="studentised",
        standard_error=_standard_error,
        resamples=resamples,
        level=level,
        rng=rng,
        engine=engine,
        unit=unit,
    )
    return replace(found, n=array.size, method="cluster_bootstrap")


def _mean(drawn: Drawn) -> NDArray[np.float64]:
    sums, sizes = drawn[..., 0], drawn[..., 1]
    return np.asarray(sums.sum(axis=1) / sizes.sum(axis=1))


def _standard_error(drawn: Drawn) -> NDArray[np.float64]:
    """Find the error of a ratio of two totals over clusters; sd / sqrt(clusters) where sizes are equal."""
    sums, sizes = drawn[..., 0], drawn[..., 1]
    # rounded, so that a resample of one cluster has the error 0, and not that of the last digit
    away = np.round(sums - sizes * _mean(drawn)[:, np.newaxis], DECIMALS_OF_NOISE)
    count = sums.shape[1]
    return np.asarray(np.sqrt(count / (count - 1) * (away**2).sum(axis=1)) / sizes.sum(axis=1))
