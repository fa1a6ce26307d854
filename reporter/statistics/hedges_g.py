"""How far apart are the means of two independent groups, in units of their standard deviation?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import EffectSize, Interval
from reporter.statistics._inputs import sample
from reporter.statistics._noncentral_t import noncentrality_limits, small_sample_factor


def hedges_g(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> EffectSize:
    """Standardise mean(second) - mean(first) by the pooled standard deviation, without bias.

    Parameters
    ----------
    first, second : array (n1,), (n2,)
        Two independent groups of at least 2 values each, in one unit.
    level : float
        Level of the interval.

    Returns
    -------
    EffectSize
        The interval is for the population's standardised difference, by pivoting the noncentral t: exact
        for normal groups of one variance. R's effectsize multiplies these limits by the small-sample factor
        of the estimate, by which they cover less than they say in small samples.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``; ``constant_series`` where both groups are constant;
        ``not_estimable`` where t is larger than 10,000.

    References
    ----------
    Hedges (1981), Distribution theory for Glass's estimator of effect size and related estimators,
    Journal of Educational Statistics 6, 107-128, doi:10.3102/10769986006002107.
    """
    one, two = sample(first, name="first", least=2), sample(second, name="second", least=2)
    if np.ptp(one) == 0 and np.ptp(two) == 0:
        raise Degenerate("constant_series", f"first is always {one[0]:g} and second always {two[0]:g}")
    n, df = one.size + two.size, one.size + two.size - 2
    pooled = math.sqrt(((one.size - 1) * one.var(ddof=1) + (two.size - 1) * two.var(ddof=1)) / df)
    d = float(two.mean() - one.mean()) / pooled
    root = math.sqrt(1 / one.size + 1 / two.size)
    low, high = (root * ncp for ncp in noncentrality_limits(d / root, df, level))
    return EffectSize(
        value=small_sample_factor(df) * d,
        interval=Interval(low=low, high=high, level=level, method="noncentral_t"),
        n=n,
        unit="pooled standard deviations",
        method="hedges_g",
    )
