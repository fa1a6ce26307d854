"""How strongly must an axis follow a layer for a scan of this size to find it?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import SimulatedPower
from reporter.statistics._columns import live_pair
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._power import check, refuse_floor
from reporter.statistics._ranks import TIE
from reporter.statistics._simulated_power import check_simulations, planned

BLOCK = 2**21  # numbers simulated at once
MOST = 1_000  # answers beyond which we do not look: simulating more takes minutes
LARGEST = 1 - 1e-9  # rho

Table = NDArray[np.float64]


def power_peak_scan(
    axes: ArrayLike,
    layers: ArrayLike,
    *,
    effect: float,
    rng: Generator,
    power: float = 0.8,
    level: float = 0.95,
    simulations: int = 2_000,
) -> SimulatedPower:
    """Plan a scan in which one axis follows one layer, and count how often that cell stands out.

    The threshold is that of the largest |rho| of all cells without any effect, which ``peak_scan`` finds by
    permutation. Here it is found by drawing axes and layers as normal scores with the rank correlations that
    each table has within itself; how the observed axes go with the observed layers is not looked at.

    Parameters
    ----------
    axes : array (n, axes), any units
        One row per answer; no strata.
    layers : array (n, layers), any units
        The same answers.
    effect : float
        The smallest |rho| of an axis with a layer that one would not want to miss, declared.
    rng : numpy.random.Generator
        For the simulated scans.
    power : float
        The chance of finding that cell that one wants.
    level : float
        1 - alpha of the scan as a whole.
    simulations : int
        Scans without an effect and cells with it, for each n; at least 100.

    Returns
    -------
    SimulatedPower
        ``n`` and ``n_needed`` count answers. The errors are those of counting cells; the threshold rests
        on as many scans.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``constant_series`` as :func:`peak_scan`;
        ``effect_not_positive``, ``effect_out_of_range``, ``power_out_of_range``, ``too_few_simulations``;
        ``p_floor_above_alpha``, ``not_detectable`` where the scan can find nothing at this n;
        ``effect_too_small`` where 1,000 answers would not do.

    References
    ----------
    Westfall, Young (1993), Resampling-based multiple testing, Wiley.
    """
    check(effect, power, level)
    check_simulations(power, simulations)
    if not effect < 1:
        raise Degenerate("effect_out_of_range", f"rho is {effect:g}, it must lie below 1")
    by_axis, by_layer = live_pair(axes, layers, names=("axes", "layers"))
    n, least = by_axis.n, 4
    while 2 / math.factorial(least) > round(1 - level, DECIMALS_OF_NOISE):
        least += 1
    refuse_floor(2 / math.factorial(n), level, n=n, enough=least)

    def power_with(answers: int) -> Callable[[float], float]:
        threshold = _threshold(by_axis.ranks, by_layer.ranks, answers, level, simulations, rng)
        return _share_found(threshold, answers, simulations, rng)

    power_at = power_with(n)
    return planned(
        power_at,
        lambda answers: power_with(answers)(effect),
        effect=effect,
        power=power,
        level=level,
        simulations=simulations,
        n=n,
        least=least,
        most=MOST,
        largest=LARGEST,
        sd=None,
        p_floor=2 / math.factorial(n),
        unit="rho",
        method="power_peak_scan",
    )


def _threshold(axes: Table, layers: Table, n: int, level: float, simulations: int, rng: Generator) -> float:
    """Simulate scans of noise and find what their largest |rho| exceeds with the chance 1 - level."""
    largest = np.empty(simulations)
    size = max(1, BLOCK // (n * (len(axes) + len(layers))))
    for start in range(0, simulations, size):
        part = slice(start, min(start + size, simulations))
        # rows of ranks have length 1, so that random mixtures of their columns have their correlations
        one, two = (
            _ranks(table @ rng.standard_normal((part.stop - start, table.shape[1], n)))
            for table in (axes, layers)
        )
        largest[part] = np.abs(one @ two.swapaxes(1, 2)).max(axis=(1, 2))
    return float(np.quantile(largest, level, method="higher"))


def _share_found(threshold: float, n: int, simulations: int, rng: Generator) -> Callable[[float], float]:
    """Draw layers and noise once; an axis that mixes them to the rank correlation asked for is tested."""
    layer, noise = rng.standard_normal((2, simulations, n))
    ranks = _ranks(layer)

    def power_at(rho: float) -> float:
        pearson = 2 * math.sin(math.pi * rho / 6)  # of normal scores whose rank correlation is rho
        axis = _ranks(pearson * layer + math.sqrt(1 - pearson**2) * noise)
        return float(np.mean(np.abs((ranks * axis).sum(axis=1)) > threshold + TIE))

    return power_at


def _ranks(values: Table) -> Table:
    """Rank along the last axis, where nothing is tied; centred, of length 1."""
    n = values.shape[-1]
    ranks = values.argsort(axis=-1).argsort(axis=-1) - (n - 1) / 2
    scaled: Table = ranks / math.sqrt(n * (n**2 - 1) / 12)
    return scaled
