"""Do two independent groups differ in their mean, if nothing but the group labels is left to chance?"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Test
from reporter.statistics._inputs import DECIMALS_OF_NOISE, sample

ENUMERATED_UP_TO = 200_000  # ways to choose the first group; 10 and 10 have 184,756
CHUNK = 4096  # relabellings evaluated at once
TOLERANCE = 1e-9  # relative, and absolute near 0: the same t from sums in another order
ROUNDING = 1e-14  # a variance below it, of values up to 1, is that of a constant group


def two_sample_permutation(
    first: ArrayLike,
    second: ArrayLike,
    *,
    rng: np.random.Generator | None = None,
    resamples: int = 99_999,
    unit: str = "nats",
) -> Test:
    """Test mean(second) - mean(first) by relabelling the values, with Welch's t as the statistic.

    The test is exact where the groups have one distribution; because the statistic is studentised it
    also keeps its size, in large samples, where only their means are equal.

    Parameters
    ----------
    first, second : array (n1,), (n2,), in ``unit``
        Two independent groups of at least 2 values each.
    rng : Generator, optional
        Needed only where there are more than 200,000 relabellings; below, all are enumerated.
    resamples : int
        Random relabellings, where they are drawn; then p = (b + 1)/(resamples + 1).

    Returns
    -------
    Test
        ``statistic`` is Welch's t, infinite where both groups are constant but differ; ``p`` is two-sided.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``; ``constant_series`` where all values are equal; ``no_generator``
        where a draw is needed and ``rng`` is None.

    References
    ----------
    Chung and Romano (2013), Exact and asymptotically robust permutation tests, Annals of Statistics 41,
    484-507, doi:10.1214/13-AOS1090.
    """
    one, two = sample(first, name="first", least=2), sample(second, name="second", least=2)
    values = np.round(np.concatenate([one, two]), DECIMALS_OF_NOISE)
    if np.ptp(values) == 0:
        raise Degenerate("constant_series", f"all {values.size} values are {values[0]:g}")
    values = values - values.mean()
    values = values / np.abs(values).max()  # t does not change; rounding errors become comparable
    observed = float(_welch(values, np.arange(one.size)[None, :])[0])
    ways = math.comb(values.size, one.size)
    if ways <= ENUMERATED_UP_TO:
        chosen = np.array(list(combinations(range(values.size), one.size)))
        sizes = np.abs(np.concatenate([_welch(values, part) for part in _chunks(chosen)]))
        p, floor = _share(sizes, abs(observed)), _share(sizes, float(sizes.max()))
        method = "two_sample_permutation_exact"
    elif rng is None:
        raise Degenerate(
            "no_generator", f"n = {values.size} has too many relabellings to enumerate, so rng is needed"
        )
    else:
        p = (_count(values, one.size, abs(observed), resamples, rng) + 1) / (resamples + 1)
        floor, method = 1 / (resamples + 1), "two_sample_permutation_monte_carlo"
    n = values.size
    return Test(statistic=observed, p=p, p_floor=floor, n=n, n_used=n, unit=unit, method=method)


def _welch(values: NDArray[np.float64], chosen: NDArray[np.intp]) -> NDArray[np.float64]:
    """Welch's t of each relabelling; ``chosen`` (m, n1) holds the positions of the first group."""
    inside = np.zeros((len(chosen), values.size))
    np.put_along_axis(inside, chosen, 1.0, axis=1)
    t_parts = []
    for mask in (inside, 1 - inside):
        n = mask[0].sum()
        mean = mask @ values / n
        spread = np.maximum(mask @ values**2 / n - mean**2, 0)
        spread[spread < ROUNDING] = 0
        t_parts.append((mean, spread / (n - 1)))
    (mean_one, var_one), (mean_two, var_two) = t_parts
    with np.errstate(divide="ignore"):
        t = (mean_two - mean_one) / np.sqrt(var_one + var_two)
    return np.asarray(t)


def _chunks(chosen: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [chosen[start : start + CHUNK] for start in range(0, len(chosen), CHUNK)]


def _reach(sizes: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    return sizes >= least * (1 - TOLERANCE) - TOLERANCE


def _share(sizes: NDArray[np.float64], least: float) -> float:
    return float(np.mean(_reach(sizes, least)))


def _count(
    values: NDArray[np.float64], n: int, least: float, resamples: int, rng: np.random.Generator
) -> int:
    count = 0
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        chosen = rng.permuted(np.tile(np.arange(values.size), (size, 1)), axis=1)[:, :n]
        count += int(np.count_nonzero(_reach(np.abs(_welch(values, chosen)), least)))
    return count
