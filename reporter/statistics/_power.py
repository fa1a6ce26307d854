"""What every plan shares: the noncentral t with both tails, the search for n, and what cannot be planned."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from reporter.errors import Degenerate
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._noncentral_t import share_below

MOST = 10_000_000  # n beyond which we say that no design will do
PRECISION = 1e-13  # of an effect that has the power, relative
NODES = 64  # of an integral over a density, of which SPREADS standard deviations on either side are enough
SPREADS = 10

Values = NDArray[np.float64]


def power_of_t(noncentrality: float, df: float, level: float) -> float:
    """Give the chance that |t| exceeds its critical value."""
    return float(beyond(stdtrit(df, (1 + level) / 2), noncentrality, df))


def beyond(critical: ArrayLike, noncentrality: float, df: float) -> Values:
    """Give the chance that a noncentral |t| exceeds each value."""
    lower, upper = (share_below(t, df, noncentrality) for t in (np.negative(critical), critical))
    return lower + 1 - upper


def integral(of: Callable[[Values], Values], low: float, high: float) -> float:
    """Integrate a smooth function by Gauss and Legendre."""
    nodes, weights = _legendre()
    half = (high - low) / 2
    return float(half * (weights @ of(low + half * (1 + nodes))))


@cache
def _legendre() -> tuple[Values, Values]:
    return np.polynomial.legendre.leggauss(NODES)


def detectable_noncentrality(df: float, power: float, level: float) -> float:
    """Find the noncentrality at which the test has the declared power."""
    high = 1.0
    while power_of_t(high, df, level) < power:
        high *= 2
    return reaches(lambda ncp: power_of_t(ncp, df, level), power, high)


def reaches(power_at: Callable[[float], float], power: float, high: float) -> float:
    """Find the effect in 0..high at which rising power reaches ``power``, by regula falsi (Illinois).

    SciPy's root finders do the same, and take a tenth of a second to import.
    """
    low, below, above = 0.0, power_at(0.0) - power, power_at(high) - power
    side = 0
    while high - low > PRECISION * high:
        middle = high - above * (high - low) / (above - below)
        middle = min(max(middle, low + PRECISION * high / 2), high - PRECISION * high / 2)
        miss = power_at(middle) - power
        if miss >= 0:
            high, above = middle, miss
            below, side = (below / 2, 1) if side == 1 else (below, 1)
        else:
            low, below = middle, miss
            above, side = (above / 2, -1) if side == -1 else (above, -1)
    return high


def smallest_n(power_at: Callable[[int], float], power: float, least: int, most: int = MOST) -> int:
    """Find the smallest n that has the power, by doubling and halving; raises ``effect_too_small``."""
    low, high = least - 1, least
    while power_at(high) < power:
        if high == most:
            raise Degenerate("effect_too_small", f"even n = {most} would not reach a power of {power:g}")
        low, high = high, min(2 * high, most)
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


def refuse_floor(p_floor: float, level: float, *, n: int, enough: int) -> None:
    """Refuse a test whose least p lies above alpha, so that no effect could be found."""
    if p_floor > round(1 - level, DECIMALS_OF_NOISE):
        raise Degenerate(
            "p_floor_above_alpha",
            f"the least p that n = {n} can give is {p_floor:.3g}, above {1 - level:.3g}: no effect could be "
            f"found, and n = {enough} is the least that can",
        )
