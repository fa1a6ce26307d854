"""The power of t tests by the noncentral t distribution, both tails counted."""

from __future__ import annotations

from collections.abc import Callable

from scipy.optimize import brentq
from scipy.special import nctdtr, stdtrit

from reporter.errors import Degenerate

MOST = 10_000_000  # n beyond which we say that no design will do


def power_of_t(noncentrality: float, df: float, level: float) -> float:
    """Give the chance that |t| exceeds its critical value."""
    critical = float(stdtrit(df, (1 + level) / 2))
    return float(nctdtr(df, noncentrality, -critical) + 1 - nctdtr(df, noncentrality, critical))


def detectable_noncentrality(df: float, power: float, level: float) -> float:
    """Find the noncentrality at which the test has the declared power."""
    high = 1.0
    while power_of_t(high, df, level) < power:
        high *= 2
    return float(brentq(lambda ncp: power_of_t(ncp, df, level) - power, 0, high, xtol=1e-12))


def smallest_n(power_at: Callable[[int], float], power: float, least: int) -> int:
    """Find the smallest n that has the power, by doubling and halving."""
    low, high = least - 1, least
    while power_at(high) < power:
        low, high = high, 2 * high
        if high > MOST:
            raise Degenerate("effect_too_small", f"even n = {MOST} would not reach a power of {power:g}")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_at(middle) >= power else (middle, high)
    return high


def check(effect: float, power: float, level: float) -> None:
    """Refuse what no design can answer: ``effect_not_positive``, ``power_out_of_range``."""
    if not effect > 0:
        raise Degenerate("effect_not_positive", f"the effect is {effect:g}, it must lie above 0")
    if not 1 - level < power < 1:
        raise Degenerate("power_out_of_range", f"power {power:g} must lie between {1 - level:g} and 1")
