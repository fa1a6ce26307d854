"""Which mean change could a paired t test of this many units have found?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import Power
from reporter.statistics._inputs import differences
from reporter.statistics._power import check, detectable_noncentrality, power_of_t, smallest_n


def power_paired_t(
    first: ArrayLike,
    second: ArrayLike,
    *,
    effect: float,
    power: float = 0.8,
    level: float = 0.95,
    unit: str = "nats",
) -> Power:
    """Plan with the standard deviation of these changes; exact for normal ones.

    Their mean is not looked at: power at the observed effect would only repeat the p value.

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n >= 2 units under two conditions, aligned.
    effect : float, in ``unit``
        The smallest mean change that one would not want to miss, declared.
    power : float
        The chance of finding it that one wants.
    level : float
        1 - alpha of the two-sided test.

    Returns
    -------
    Power
        ``n`` and ``n_needed`` count pairs; ``p_floor`` is that of the sign-flip permutation test.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``constant_series``, ``effect_not_positive``,
        ``power_out_of_range``, ``effect_too_small``.

    References
    ----------
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd edition, chapter 2,
    doi:10.4324/9780203771587.
    """
    check(effect, power, level)
    change = differences(first, second, least=2)
    n = change.size
    if np.ptp(change) == 0:
        raise Degenerate("constant_series", f"all {n} differences are {change[0]:g}")
    sd = float(change.std(ddof=1))

    def power_at(pairs: int) -> float:
        return power_of_t(math.sqrt(pairs) * effect / sd, pairs - 1, level)

    return Power(
        detectable=detectable_noncentrality(n - 1, power, level) * sd / math.sqrt(n),
        power=power,
        effect=effect,
        power_at_effect=power_at(n),
        n_needed=smallest_n(power_at, power, 2),
        sd=sd,
        p_floor=2.0 ** (1 - n),
        level=level,
        n=n,
        unit=unit,
        method="power_paired_t",
    )
