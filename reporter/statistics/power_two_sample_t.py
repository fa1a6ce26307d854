"""Which difference between two independent groups of this size could a t test have found?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import Power
from reporter.statistics._inputs import sample
from reporter.statistics._power import check, detectable_noncentrality, power_of_t, smallest_n


def power_two_sample_t(
    first: ArrayLike,
    second: ArrayLike,
    *,
    effect: float,
    power: float = 0.8,
    level: float = 0.95,
    unit: str = "nats",
) -> Power:
    """Plan with the pooled standard deviation of these groups; exact for normal ones of one variance.

    The means are not looked at: power at the observed effect would only repeat the p value.

    Parameters
    ----------
    first, second : array (n1,), (n2,), in ``unit``
        Two independent groups of at least 2 values each.
    effect : float, in ``unit``
        The smallest difference that one would not want to miss, declared.
    power : float
        The chance of finding it that one wants.
    level : float
        1 - alpha of the two-sided test.

    Returns
    -------
    Power
        ``n`` counts both groups, ``n_needed`` each of two equal groups; ``p_floor`` is that of the
        permutation test.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``constant_series``, ``effect_not_positive``, ``power_out_of_range``,
        ``effect_too_small``.

    References
    ----------
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd edition, chapter 2,
    doi:10.4324/9780203771587.
    """
    check(effect, power, level)
    one, two = sample(first, name="first", least=2), sample(second, name="second", least=2)
    if np.ptp(one) == 0 and np.ptp(two) == 0:
        raise Degenerate("constant_series", f"first is always {one[0]:g} and second always {two[0]:g}")
    df = one.size + two.size - 2
    pooled = math.sqrt(((one.size - 1) * one.var(ddof=1) + (two.size - 1) * two.var(ddof=1)) / df)
    se = pooled * math.sqrt(1 / one.size + 1 / two.size)

    def power_at(each: int) -> float:
        return power_of_t(effect / (pooled * math.sqrt(2 / each)), 2 * each - 2, level)

    mirrored = 2 if one.size == two.size else 1  # equal groups: swapping them gives the same |t|
    return Power(
        detectable=detectable_noncentrality(df, power, level) * se,
        power=power,
        effect=effect,
        power_at_effect=power_of_t(effect / se, df, level),
        n_needed=smallest_n(power_at, power, 2),
        sd=pooled,
        p_floor=mirrored / math.comb(one.size + two.size, one.size),
        level=level,
        n=one.size + two.size,
        unit=unit,
        method="power_two_sample_t",
    )
