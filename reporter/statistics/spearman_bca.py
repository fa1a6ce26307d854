"""Between which values does a rank correlation lie, judged by drawing the members again?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from reporter.results import Bootstrap, Labels
from reporter.statistics._inputs import pairs
from reporter.statistics._ranks import counts_of, resampled_rho, unit_ranks
from reporter.statistics.bootstrap import bootstrap


def spearman_bca(
    first: ArrayLike,
    second: ArrayLike,
    *,
    rng: Generator,
    level: float = 0.95,
    resamples: int = 9_999,
    clusters: Labels | None = None,
    strata: Labels | None = None,
    engine: str | None = None,
    unit: str = "1",
) -> Bootstrap:
    """Give Spearman's rho its bias-corrected and accelerated (BCa) bootstrap interval.

    Every resample is ranked anew, ties and all, without sorting: a member's centred rank is half of what
    lies below it less half of what lies above, so the ranks of all resamples are one matrix product of
    draw counts and signs.

    Parameters
    ----------
    first, second : array (n,), any units
        The same members, aligned. With few members (up to 8) some resample is all equal and has no rho:
        the Fisher z interval of :func:`reporter.statistics.spearman.spearman` remains.
    rng : numpy.random.Generator
    level : float
        Level of the interval.
    resamples : int
        How many are drawn.
    clusters, strata : array (n,), optional
        Labels of members that are drawn together, and of the strata within which they are drawn.
    engine : {"loky", "dask", "ray"}, optional
        Spread large jobs by joblib; the numbers do not depend on it.

    Returns
    -------
    Bootstrap

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``constant_series``; ``statistic_undefined``
        where a series does not vary in some resample; ``bca_undefined``, ``too_few_resamples`` and
        ``zero_width`` where the interval does not exist.

    References
    ----------
    Efron (1987), Better bootstrap confidence intervals, Journal of the American Statistical Association
    82, 171-185, doi:10.1080/01621459.1987.10478410.
    """
    one, two = pairs(first, second, least=3)
    for name, series in (("first", one), ("second", two)):
        unit_ranks(series, name=name)
    found = bootstrap(
        np.arange(one.size),
        statistic=partial(_rho, one, two),
        interval="bca",
        clusters=clusters,
        strata=strata,
        resamples=resamples,
        level=level,
        rng=rng,
        engine=engine,
        unit=unit,
    )
    return replace(found, method="spearman_bca")


def _rho(
    one: NDArray[np.float64], two: NDArray[np.float64], chosen: NDArray[np.float64]
) -> NDArray[np.float64]:
    return resampled_rho(one, two, counts_of(chosen.astype(np.intp), one.size))
