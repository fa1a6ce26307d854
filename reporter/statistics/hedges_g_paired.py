"""How large is the mean change of the same units, in units of the standard deviation of the changes?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import EffectSize, Interval
from reporter.statistics._inputs import differences
from reporter.statistics._noncentral_t import noncentrality_limits, small_sample_factor


def hedges_g_paired(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> EffectSize:
    """Standardise the mean of second - first by the standard deviation of the differences, without bias.

    Not comparable with :func:`hedges_g`, which divides by the spread of the values: pairs that agree
    closely have a large g here.

    Parameters
    ----------
    first, second : array (n,)
        The same n >= 3 units under two conditions, aligned, in one unit.
    level : float
        Level of the interval.

    Returns
    -------
    EffectSize
        ``n`` counts pairs. The interval is for the population's standardised mean change, by pivoting the
        noncentral t: exact for normal changes. R's effectsize multiplies these limits by the small-sample
        factor of the estimate (.56 for three pairs), by which they cover less than they say.

    Raises
    ------
    Degenerate
        ``too_few`` (with two pairs the bias correction does not exist), ``mismatched_lengths``,
        ``not_finite``; ``constant_series`` where all differences are equal; ``not_estimable`` where t
        is larger than 10,000.

    References
    ----------
    Hedges (1981), Distribution theory for Glass's estimator of effect size and related estimators,
    Journal of Educational Statistics 6, 107-128, doi:10.3102/10769986006002107.
    """
    change = differences(first, second, least=3)
    n = change.size
    if np.ptp(change) == 0:
        raise Degenerate("constant_series", f"all {n} differences are {change[0]:g}")
    d = float(change.mean() / change.std(ddof=1))
    low, high = (ncp / math.sqrt(n) for ncp in noncentrality_limits(d * math.sqrt(n), n - 1, level))
    return EffectSize(
        value=small_sample_factor(n - 1) * d,
        interval=Interval(low=low, high=high, level=level, method="noncentral_t"),
        n=n,
        unit="standard deviations of the change",
        method="hedges_g_paired",
    )
