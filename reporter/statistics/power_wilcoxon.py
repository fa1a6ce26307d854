"""Which shift could Wilcoxon's signed ranks of this many units have found?"""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import SimulatedPower
from reporter.statistics._inputs import differences
from reporter.statistics._power import check, refuse_floor
from reporter.statistics._signed_ranks import signed_sums
from reporter.statistics._simulated_power import check_simulations, planned

BLOCK = 2**22  # averages held at once
MOST = 500  # pairs beyond which we do not look: simulating more takes minutes


def power_wilcoxon(
    first: ArrayLike,
    second: ArrayLike,
    *,
    effect: float,
    rng: Generator,
    power: float = 0.8,
    level: float = 0.95,
    simulations: int = 10_000,
    unit: str = "nats",
) -> SimulatedPower:
    """Plan with normal changes of the standard deviation of these, by simulating the exact test.

    Their mean is not looked at: power at the observed effect would only repeat the p value.

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n >= 2 units under two conditions, aligned.
    effect : float, in ``unit``
        The smallest mean change that one would not want to miss, declared.
    rng : numpy.random.Generator
        For the simulated samples.
    power : float
        The chance of finding it that one wants.
    level : float
        1 - alpha of the two-sided test.
    simulations : int
        Samples for each n; at least 100.

    Returns
    -------
    SimulatedPower
        ``n`` and ``n_needed`` count pairs; ``n_needed`` is the least n whose simulated power suffices.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``constant_series``, ``effect_not_positive``,
        ``power_out_of_range``, ``too_few_simulations``; ``p_floor_above_alpha`` where the test can find
        nothing at this n; ``effect_too_small`` where 500 pairs would not do.

    References
    ----------
    Hollander, Wolfe, Chicken (2014), Nonparametric Statistical Methods, 3rd edition, chapter 3.
    """
    check(effect, power, level)
    check_simulations(power, simulations)
    change = differences(first, second, least=2)
    n, least = change.size, 1 + math.ceil(-math.log2(1 - level) - 1e-9)
    if np.ptp(change) == 0:
        raise Degenerate("constant_series", f"all {n} differences are {change[0]:g}")
    refuse_floor(2.0 ** (1 - n), level, n=n, enough=least)
    sd = float(change.std(ddof=1))
    low, high = _edges(n, level, simulations, rng)

    def power_at(shift: float) -> float:
        return float(np.mean((low + shift / sd > 0) | (high + shift / sd < 0)))

    def power_with(pairs: int) -> float:
        return _share_found(effect / sd, pairs, level, simulations, rng)

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
        p_floor=2.0 ** (1 - n),
        unit=unit,
        method="power_wilcoxon",
    )


def _critical(n: int, level: float) -> int:
    """Find the greatest V whose lower tail is at most half of alpha; -1 where there is none."""
    below = np.cumsum(signed_sums(np.arange(1, n + 1)))
    return int(np.searchsorted(below, (1 - level) / 2 * (1 + 1e-12), side="right")) - 1


def _edges(
    n: int, level: float, simulations: int, rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the two averages of pairs that must both lie on one side of zero for the test to reject.

    V counts the averages (x_i + x_j)/2, i <= j, above zero (Tukey). A shift moves all of them alike, so one
    set of samples tells the power for every shift.
    """
    i, j = np.triu_indices(n)
    critical = _critical(n, level)
    places = [critical, i.size - 1 - critical]
    low, high = np.empty(simulations), np.empty(simulations)
    size = max(1, BLOCK // i.size)
    for start in range(0, simulations, size):
        part = slice(start, min(start + size, simulations))
        noise = rng.standard_normal((part.stop - start, n))
        averages = np.partition((noise[:, i] + noise[:, j]) / 2, places, axis=1)
        low[part], high[part] = averages[:, places[0]], averages[:, places[1]]
    return low, high


def _share_found(shift: float, n: int, level: float, simulations: int, rng: Generator) -> float:
    """Test fresh samples of standard normal changes that are shifted; without all their averages."""
    critical = _critical(n, level)
    change = rng.standard_normal((simulations, n)) + shift
    by_size = np.take_along_axis(change, np.abs(change).argsort(axis=1), axis=1)
    v = (by_size > 0) @ np.arange(1.0, n + 1)
    return float(np.mean((v <= critical) | (v >= n * (n + 1) / 2 - critical)))
