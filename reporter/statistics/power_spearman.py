"""Which rank correlation could this many pairs have shown?"""

from __future__ import annotations

import math

from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from reporter.errors import Degenerate
from reporter.results import Power
from reporter.statistics._inputs import pairs
from reporter.statistics._power import check, smallest_n


def power_spearman(
    first: ArrayLike,
    second: ArrayLike,
    *,
    effect: float,
    power: float = 0.8,
    level: float = 0.95,
    unit: str = "1",
) -> Power:
    """Plan a test of Spearman's rho by Fisher's z with Bonett and Wright's variance.

    Only the number of pairs is used. An approximation: within about .03 of the simulated power of the
    exact test from n = 10 on.

    Parameters
    ----------
    first, second : array (n,)
        n >= 5 pairs.
    effect : float
        The smallest |rho| that one would not want to miss, declared.
    power : float
        The chance of finding it that one wants.
    level : float
        1 - alpha of the two-sided test.

    Returns
    -------
    Power
        ``p_floor`` is that of the exact permutation test without ties, 2/n!.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``effect_not_positive``,
        ``effect_out_of_range``, ``power_out_of_range``, ``effect_too_small``.

    References
    ----------
    Bonett and Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations, Psychometrika 65, 23-28, doi:10.1007/BF02294183.
    """
    check(effect, power, level)
    if not effect < 1:
        raise Degenerate("effect_out_of_range", f"rho is {effect:g}, it must lie below 1")
    n = pairs(first, second, least=5)[0].size

    def power_at(rho: float, count: int) -> float:
        shift, critical = math.atanh(rho) * math.sqrt(count - 3), float(ndtri((1 + level) / 2))
        spread = math.sqrt(1 + rho**2 / 2)
        return float(ndtr((shift - critical) / spread) + ndtr((-shift - critical) / spread))

    return Power(
        detectable=float(brentq(lambda rho: power_at(rho, n) - power, 0, 1 - 1e-12, xtol=1e-12)),
        power=power,
        effect=effect,
        power_at_effect=power_at(effect, n),
        n_needed=smallest_n(lambda count: power_at(effect, count), power, 5),
        sd=None,
        p_floor=2 / math.factorial(n),
        level=level,
        n=n,
        unit="rho",
        method="power_spearman",
    )
