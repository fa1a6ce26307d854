"""Within which bound could this many units have shown that nothing changes?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, ndtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import Power
from reporter.statistics._inputs import differences
from reporter.statistics._power import SPREADS, Values, check, integral, reaches, smallest_n


def power_equivalence(
    first: ArrayLike,
    second: ArrayLike,
    *,
    bound: float,
    power: float = 0.8,
    level: float = 0.95,
    unit: str = "nats",
) -> Power:
    """Plan two one-sided t tests with the standard deviation of these changes; exact for normal ones.

    The true mean change is taken to be 0, the best case: where there is a change, power is less. The observed
    mean is not looked at.

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n >= 2 units under two conditions, aligned.
    bound : float, in ``unit``
        The smallest change of interest, above 0, declared.
    power : float
        The chance of showing equivalence that one wants.
    level : float
        1 - alpha, of each one-sided test.

    Returns
    -------
    Power
        ``effect`` is the bound, ``detectable`` the smallest bound within which equivalence is shown with
        ``power``; ``n`` and ``n_needed`` count pairs; ``p_floor`` is None, since p can be as small as it
        likes.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``constant_series``, ``bound_not_positive``,
        ``power_out_of_range``, ``effect_too_small``.

    References
    ----------
    Phillips (1990), Power of the two one-sided tests procedure in bioequivalence, Journal of
    Pharmacokinetics and Biopharmaceutics 18, 137-144, doi:10.1007/BF01063556.
    """
    if not (math.isfinite(bound) and bound > 0):
        raise Degenerate("bound_not_positive", f"the bound is {bound:g}, it must lie above 0")
    check(bound, power, level)
    change = differences(first, second, least=2)
    n = change.size
    if np.ptp(change) == 0:
        raise Degenerate("constant_series", f"all {n} differences are {change[0]:g}")
    sd = float(change.std(ddof=1))

    def power_at(pairs: int) -> float:
        return _power(math.sqrt(pairs) * bound / sd, pairs - 1, level)

    high = 1.0
    while _power(high, n - 1, level) < power:
        high *= 2
    errors = reaches(lambda errors: _power(errors, n - 1, level), power, high)
    return Power(
        detectable=errors * sd / math.sqrt(n),
        power=power,
        effect=bound,
        power_at_effect=power_at(n),
        n_needed=smallest_n(power_at, power, 2),
        sd=sd,
        p_floor=None,
        level=level,
        n=n,
        unit=unit,
        method="power_equivalence",
    )


def _power(bound: float, df: int, level: float) -> float:
    """Give the chance of equivalence within a bound that is counted in true standard errors.

    The mean lies within bound - t u on either side, where u is the sample sd over the true one: integrated
    over the distribution of u, which makes Owen's Q functions of it.
    """
    critical = float(stdtrit(df, level))
    constant = math.log(2) + df / 2 * math.log(df / 2) - float(gammaln(df / 2))

    def at(u: Values) -> Values:
        density = np.exp(constant + (df - 1) * np.log(u) - df * u * u / 2)
        found: Values = density * (2 * ndtr(bound - critical * u) - 1)
        return found

    spread = SPREADS / math.sqrt(2 * df)
    low, high = max(0.0, 1 - spread), min(bound / critical, 1 + spread)
    return integral(at, low, high) if high > low else 0.0
