"""How far apart must neighbours lie for a few values to show the claimed order?"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import SimulatedPower
from reporter.statistics._falls import orders_by_falls
from reporter.statistics._inputs import DECIMALS_OF_NOISE, sample
from reporter.statistics._power import check, refuse_floor
from reporter.statistics._simulated_power import check_simulations, planned

MOST = 200  # values beyond which we do not look


def power_ordering(
    values: ArrayLike,
    *,
    effect: float,
    sd: float,
    rng: Generator,
    power: float = 0.8,
    level: float = 0.95,
    simulations: int = 10_000,
    unit: str = "nats",
) -> SimulatedPower:
    """Plan the exact test of an order whose true values fall by equal steps, by simulating it.

    Only the number of values is used. Fewer than four cannot show an order at .05, whatever their distance.

    Parameters
    ----------
    values : array (n,), in ``unit``
        n >= 2 values, the one that is claimed to be greatest first.
    effect : float, in ``unit``
        The smallest step between neighbours that one would not want to miss, declared.
    sd : float, in ``unit``
        Standard deviation of a value about its true one (normal), declared.
    rng : numpy.random.Generator
        For the simulated samples.
    power : float
        The chance of finding it that one wants.
    level : float
        1 - alpha of the one-sided test.
    simulations : int
        Samples for each n; at least 100.

    Returns
    -------
    SimulatedPower
        ``n`` and ``n_needed`` count values; ``n_needed`` keeps the step between neighbours.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``not_one_dimensional``, ``effect_not_positive``, ``sd_not_positive``,
        ``power_out_of_range``, ``too_few_simulations``; ``p_floor_above_alpha`` where the test can find
        nothing at this n; ``effect_too_small`` where 200 values would not do.

    References
    ----------
    Kendall (1938), A new measure of rank correlation, Biometrika 30, 81-93, doi:10.1093/biomet/30.1-2.81.
    """
    check(effect, power, level)
    check_simulations(power, simulations)
    if not (math.isfinite(sd) and sd > 0):
        raise Degenerate("sd_not_positive", f"the sd is {sd:g}, it must lie above 0")
    n = sample(values, name="values", least=2).size
    least = 2
    while 1 / math.factorial(least) > round(1 - level, DECIMALS_OF_NOISE):
        least += 1
    refuse_floor(1 / math.factorial(n), level, n=n, enough=least)
    steps = _steps_needed(n, level, simulations, rng)

    def power_at(step: float) -> float:
        return float(np.mean(steps < step / sd))

    def power_with(count: int) -> float:
        return float(np.mean(_steps_needed(count, level, simulations, rng) < effect / sd))

    return planned(
        power_at,
        power_with,
        effect=effect,
        power=power,
        level=level,
        simulations=simulations,
        n=n,
        least=least,
        most=MOST,
        sd=sd,
        p_floor=1 / math.factorial(n),
        unit=unit,
        method="power_ordering",
    )


def _steps_needed(n: int, level: float, simulations: int, rng: Generator) -> NDArray[np.float64]:
    """Find, for each sample of standard normal errors, the step from which on the test rejects.

    A pair falls where the step exceeds the rise of its errors per place, and the test rejects where enough
    pairs fall: one set of samples tells the power for every step.
    """
    orders = orders_by_falls([1] * n)
    alpha, total, tail, falls = round(1 - level, DECIMALS_OF_NOISE), sum(orders), 0, len(orders)
    while falls and (tail + orders[falls - 1]) / total <= alpha:
        falls -= 1
        tail += orders[falls]
    i, j = np.triu_indices(n, 1)
    steps = np.empty(simulations)
    size = max(1, 2**22 // i.size)
    for start in range(0, simulations, size):
        part = slice(start, min(start + size, simulations))
        noise = rng.standard_normal((part.stop - start, n))
        rises = (noise[:, j] - noise[:, i]) / (j - i)
        steps[part] = np.partition(rises, falls - 1, axis=1)[:, falls - 1]
    return steps
