"""Which difference between two published cells could Welch's t have found?"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import betaln, stdtrit

from reporter.errors import Degenerate
from reporter.results import Power, Summary
from reporter.statistics._cells import sample_sd
from reporter.statistics._power import SPREADS, Values, beyond, check, integral, reaches, smallest_n


def power_welch_summary(
    first: Summary,
    second: Summary,
    *,
    ddof: int,
    effect: float,
    power: float = 0.8,
    level: float = 0.95,
    unit: str = "nats",
) -> Power:
    """Plan Welch's t with the standard deviations of these cells; exact for normal values.

    The means are not looked at: power at the observed difference would only repeat the p value.

    Parameters
    ----------
    first, second : Summary, in ``unit``
        Each of n >= 2 values.
    ddof : int
        What the cells' sd were divided by: n - ddof. 0 for the population sd, 1 for the sample sd.
    effect : float, in ``unit``
        The smallest difference that one would not want to miss, declared.
    power : float
        The chance of finding it that one wants.
    level : float
        1 - alpha of the two-sided test.

    Returns
    -------
    Power
        ``n`` counts both cells, ``n_needed`` each of two equal cells; ``sd`` is the root mean square of both;
        ``p_floor`` is that of the permutation test, which would need the values themselves.

    Raises
    ------
    Degenerate
        ``too_few``, ``unknown_ddof``, ``negative_sd``, ``not_finite``; ``zero_spread`` where both sd are 0;
        ``effect_not_positive``, ``power_out_of_range``, ``effect_too_small``.

    References
    ----------
    Welch (1947), The generalization of 'Student's' problem when several different population variances
    are involved, Biometrika 34, 28-35, doi:10.1093/biomet/34.1-2.28.
    """
    check(effect, power, level)
    sds = sample_sd(first, ddof=ddof), sample_sd(second, ddof=ddof)
    if not any(sds):
        raise Degenerate("zero_spread", f"both cells have sd 0 (n = {first.n} and {second.n})")
    sizes = first.n, second.n

    def power_with(each: int) -> float:
        return _power(effect, sds, (each, each), level)

    high = math.hypot(*sds)
    while _power(high, sds, sizes, level) < power:
        high *= 2
    mirrored = 2 if first.n == second.n else 1  # equal cells: swapping them gives the same |t|
    return Power(
        detectable=reaches(lambda size: _power(size, sds, sizes, level), power, high),
        power=power,
        effect=effect,
        power_at_effect=_power(effect, sds, sizes, level),
        n_needed=smallest_n(power_with, power, 2),
        sd=math.hypot(*sds) / math.sqrt(2),
        p_floor=mirrored / math.comb(sum(sizes), first.n),
        level=level,
        n=sum(sizes),
        unit=unit,
        method="power_welch_summary",
    )


def _power(effect: float, sds: tuple[float, float], sizes: tuple[int, int], level: float) -> float:
    """Give the chance that Welch's |t| exceeds its critical value.

    The two sums of squares, each over its true variance, add to a chi-square that is independent of the
    first one's share of it, which has a beta distribution. Welch's df depends on that share alone, and given
    it, Welch's t is a noncentral t, scaled: one integral over the share is left.
    """
    one, two = sizes[0] - 1, sizes[1] - 1
    parts = sds[0] ** 2 / sizes[0], sds[1] ** 2 / sizes[1]
    df, ncp = one + two, effect / math.sqrt(sum(parts))
    constant = math.log(2) - float(betaln(one / 2, two / 2))

    def at(angle: Values) -> Values:
        """Substitute share = sin(angle)^2, which keeps the density finite at two values per cell."""
        sine, cosine = np.sin(angle), np.cos(angle)
        density = np.exp(constant + (one - 1) * np.log(sine) + (two - 1) * np.log(cosine))
        seen = parts[0] * sine**2 / one, parts[1] * cosine**2 / two  # squared errors per unit of chi-square
        total = seen[0] + seen[1]
        welch = total**2 / (seen[0] ** 2 / one + seen[1] ** 2 / two)
        scale = np.sqrt(df * total / sum(parts))
        found: Values = density * beyond(stdtrit(welch, (1 + level) / 2) * scale, ncp, df)
        return found

    centre, spread = math.atan2(math.sqrt(one), math.sqrt(two)), SPREADS / math.sqrt(2 * df)
    return integral(at, max(0.0, centre - spread), min(math.pi / 2, centre + spread))
