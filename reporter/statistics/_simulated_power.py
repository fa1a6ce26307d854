"""Power where no formula is exact: counted in simulated samples, with the Monte Carlo error of each count."""

from __future__ import annotations

import math
from collections.abc import Callable

from reporter.errors import Degenerate
from reporter.results import SimulatedPower
from reporter.statistics._power import smallest_n

HALVINGS = 50
FEWEST = 100  # simulations


def check_simulations(power: float, simulations: int) -> None:
    """Refuse what cannot be counted in so few samples: ``too_few_simulations``."""
    if simulations < FEWEST or power + 4 * error_of(power, simulations) >= 1:
        raise Degenerate(
            "too_few_simulations", f"{simulations} simulations cannot tell a power of {power:g} from 1"
        )


def error_of(share: float, simulations: int) -> float:
    """Give the standard error of a share that was counted in so many samples."""
    return math.sqrt(share * (1 - share) / simulations)


def planned(
    power_at: Callable[[float], float],
    power_with: Callable[[int], float],
    *,
    effect: float,
    power: float,
    level: float,
    simulations: int,
    n: int,
    least: int,
    most: int,
    largest: float = math.inf,
    sd: float | None,
    p_floor: float,
    unit: str,
    method: str,
) -> SimulatedPower:
    """Count what a design can detect, and which n the declared effect needs.

    Parameters
    ----------
    power_at : function of an effect
        The simulated power at this n, see :func:`detectable_effect`.
    power_with : function of n
        The simulated power for the declared effect; draws anew, after all else.
    least, most : int
        The n that are looked at.
    largest : float
        The largest effect there can be.
    """
    detectable, detectable_error = detectable_effect(power_at, power, simulations, most=largest)
    found = power_at(effect)
    return SimulatedPower(
        detectable=detectable,
        detectable_error=detectable_error,
        power=power,
        effect=effect,
        power_at_effect=found,
        power_error=error_of(found, simulations),
        n_needed=smallest_n(power_with, power, least, most),
        sd=sd,
        p_floor=p_floor,
        simulations=simulations,
        level=level,
        n=n,
        unit=unit,
        method=method,
    )


def detectable_effect(
    power_at: Callable[[float], float], power: float, simulations: int, *, most: float = math.inf
) -> tuple[float, float]:
    """Find the smallest effect with the power, and its Monte Carlo standard error.

    Parameters
    ----------
    power_at : function of an effect
        The share of one set of simulated samples in which the effect is found: a rising step function.
    power : float
    simulations : int
    most : float
        The largest effect there can be; raises ``not_detectable`` where even that is not found.

    Returns
    -------
    effect, error : float
        The error is half the distance between the effects found one standard error of ``power`` below and
        above it.
    """
    error = error_of(power, simulations)
    high = min(1.0, most)
    while power_at(high) < power + error:
        if high >= most:
            raise Degenerate(
                "not_detectable", f"even an effect of {most:g} would not reach a power of {power:g}"
            )
        high = min(2 * high, most)
    low, at, above = (_first(power_at, target, high) for target in (power - error, power, power + error))
    return at, (above - low) / 2


def _first(power_at: Callable[[float], float], target: float, high: float) -> float:
    """Halve the interval from 0 until the step at which the target is reached is known."""
    low = 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if power_at(middle) >= target else (middle, high)
    return high
