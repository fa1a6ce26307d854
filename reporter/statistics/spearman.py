"""Do two series rise together?"""

from __future__ import annotations

from functools import partial

from numpy.random import Generator
from numpy.typing import ArrayLike

from reporter.results import Correlation
from reporter.statistics._correlation import absolute_product, by_permutation
from reporter.statistics._inputs import pairs
from reporter.statistics._permutations import plan
from reporter.statistics._ranks import unit_ranks


def spearman(
    first: ArrayLike,
    second: ArrayLike,
    *,
    level: float = 0.95,
    permutations: int = 9999,
    rng: Generator | None = None,
    unit: str = "1",
) -> Correlation:
    """Correlate the ranks of two series and test against all, or many, orders of one of them.

    Parameters
    ----------
    first, second : array (n,), any units
        The same n >= 3 members, aligned. Values that agree to 12 decimals are tied; ties get their
        average rank.
    level : float
        Level of the Fisher z interval with the variance of Bonett and Wright; there is none for n = 3
        nor for r = -1 or 1.
    permutations : int
        Random orders where n > 9. Up to n = 9 all orders are enumerated.
    rng : numpy.random.Generator, optional
        Needed where n > 9.

    Returns
    -------
    Correlation
        ``p`` is two-sided: the share of orders whose \\|r\\| is at least the observed one, exact up to n = 9,
        (b + 1)/(m + 1) above. ``p_floor`` is the least p that these ranks can give.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``constant_series`` where a series does not
        vary; ``no_generator`` where n > 9 and ``rng`` is missing.

    References
    ----------
    Bonett, Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations, Psychometrika 65, 23-28, doi:10.1007/BF02294183.
    Phipson, Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585.

    Examples
    --------
    >>> spearman([1.0, 2.0, 3.0], [1.5, 4.0, 2.0]).p
    1.0
    """
    one, two = pairs(first, second, least=3)
    x, y = unit_ranks(one, name="first"), unit_ranks(two, name="second")
    return by_permutation(
        float(x @ y),
        partial(absolute_product, x, y),
        plan(one.size, strata=None, permutations=permutations, rng=rng),
        n=one.size,
        level=level,
        unit=unit,
        method="spearman",
    )
