"""How many times likelier are the changes of the same units under a mean change than under none?"""

from __future__ import annotations

from numpy.typing import ArrayLike

from reporter.results import BayesFactor
from reporter.statistics._jzs import PRIOR_SCALE, jzs
from reporter.statistics.paired_t import paired_t


def bayes_factor_paired(
    first: ArrayLike, second: ArrayLike, *, prior_scale: float = PRIOR_SCALE
) -> BayesFactor:
    """Weigh a mean change of pairs against none.

    A column beside the test, never part of a verdict: it depends on the prior.

    Parameters
    ----------
    first, second : array (n,)
        The same n >= 2 units under two conditions, aligned, in one unit.
    prior_scale : float
        Scale of the Cauchy prior on the mean change over the standard deviation of the changes.

    Returns
    -------
    BayesFactor
        ``value`` above 1 speaks for a change, below 1 against it.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``constant_series`` as :func:`paired_t`;
        ``prior_not_positive``.

    References
    ----------
    Rouder, Speckman, Sun, Morey and Iverson (2009), Bayesian t tests for accepting and rejecting the null
    hypothesis, Psychonomic Bulletin & Review 16, 225-237, doi:10.3758/PBR.16.2.225.
    """
    test = paired_t(first, second)
    return BayesFactor(
        value=jzs(test.t, test.n, None, prior_scale),
        t=test.t,
        prior_scale=prior_scale,
        prior="cauchy",
        n=test.n,
        unit="odds",
        method="bayes_factor_paired",
    )
