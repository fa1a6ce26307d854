"""How many times likelier are two independent groups under a difference of means than under none?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import BayesFactor
from reporter.statistics._inputs import sample
from reporter.statistics._jzs import PRIOR_SCALE, jzs


def bayes_factor(first: ArrayLike, second: ArrayLike, *, prior_scale: float = PRIOR_SCALE) -> BayesFactor:
    """Weigh a difference of two independent means against none.

    A column beside the test, never part of a verdict: it depends on the prior.

    Parameters
    ----------
    first, second : array (n1,), (n2,)
        Two independent groups of at least 2 values each, in one unit; one variance is assumed.
    prior_scale : float
        Scale of the Cauchy prior on the standardised effect.

    Returns
    -------
    BayesFactor
        ``value`` above 1 speaks for a difference, below 1 against it.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``prior_not_positive``; ``constant_series`` where both groups are
        constant.

    References
    ----------
    Rouder, Speckman, Sun, Morey and Iverson (2009), Bayesian t tests for accepting and rejecting the null
    hypothesis, Psychonomic Bulletin & Review 16, 225-237, doi:10.3758/PBR.16.2.225.
    """
    one, two = sample(first, name="first", least=2), sample(second, name="second", least=2)
    if np.ptp(one) == 0 and np.ptp(two) == 0:
        raise Degenerate("constant_series", f"first is always {one[0]:g} and second always {two[0]:g}")
    n, df = one.size + two.size, one.size + two.size - 2
    pooled = ((one.size - 1) * one.var(ddof=1) + (two.size - 1) * two.var(ddof=1)) / df
    t = float(two.mean() - one.mean()) / math.sqrt(pooled * (1 / one.size + 1 / two.size))
    return BayesFactor(
        value=jzs(t, one.size, two.size, prior_scale),
        t=t,
        prior_scale=prior_scale,
        prior="cauchy",
        n=n,
        unit="odds",
        method="bayes_factor",
    )
