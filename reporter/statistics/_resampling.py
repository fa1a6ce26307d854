"""One engine for every bootstrap: which units are drawn, how a statistic sees them, and three intervals.

Units (rows, or whole clusters of rows) are drawn with replacement within strata, in draws of a fixed size,
each from its own child of one seed sequence. A block of work is any run of draws, so results do not depend
on how large the blocks are, on the number of threads, or on the engine that the blocks are spread over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations_with_replacement, product

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._permutations import members_of, run, seeds

ENUMERATED_UP_TO = math.comb(15, 8)  # distinct resamples of 8 units: 6,435
DRAW = 1000  # resamples from one child seed; changing it changes every Monte Carlo interval
BLOCK = 2  # draws in one block of work; changing it changes nothing but speed and memory
VALUES_IN_CACHE = 2**15  # evaluated at once; larger pieces take twice as long at n = 420
VALUES_AT_ONCE = 2**21  # what the jackknife inside resamples holds in memory

Array = NDArray[np.float64]
Positions = NDArray[np.intp]
Statistic = Callable[[Array], Array]  # (resamples, rows) or (resamples, rows, columns) -> (resamples,)


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn: ``table`` (units, largest) holds each unit's rows, -1 where it has fewer."""

    table: Positions
    single: bool  # unit i is row i
    strata: tuple[Positions, ...]  # positions of units

    @property
    def size(self) -> int:
        """Count the units."""
        return len(self.table)

    @property
    def distinct(self) -> int:
        """Count the resamples that differ in more than order."""
        return math.prod(math.comb(2 * one.size - 1, one.size) for one in self.strata)


def units_of(n: int, *, clusters: ArrayLike | None, strata: ArrayLike | None) -> Units:
    """Say which rows are drawn together, and within which strata; raises ``cluster_in_two_strata``."""
    rows = [np.array([row]) for row in range(n)] if clusters is None else members_of(n, clusters)
    table = np.full((len(rows), max(one.size for one in rows)), -1)
    for unit, one in enumerate(rows):
        table[unit, : one.size] = one
    single = clusters is None
    if strata is None:
        return Units(table, single, (np.arange(len(rows)),))
    row_strata = members_of(n, strata)
    unit_strata = tuple(np.flatnonzero(np.isin(table, one).any(axis=1)) for one in row_strata)
    if sum(one.size for one in unit_strata) > len(rows):
        raise Degenerate("cluster_in_two_strata", "a cluster has rows in more than one stratum")
    return Units(table, single, unit_strata)


def evaluate(statistic: Statistic, rows: Array, units: Units, chosen: Positions) -> Array:
    """Apply a statistic to resamples; ``chosen`` (resamples, k) holds positions of units."""
    if units.single:
        step = max(1, VALUES_IN_CACHE // (chosen.shape[1] * math.prod(rows.shape[1:])))
        parts = [chosen[start : start + step] for start in range(0, len(chosen), step)]
        return np.concatenate([statistic(rows.take(part, axis=0)) for part in parts])
    lengths = (units.table >= 0).sum(axis=1)[chosen].sum(axis=1)
    values = np.empty(len(chosen))
    for length in np.unique(lengths):  # clusters of unequal size: one call per total length
        same = lengths == length
        padded = units.table[chosen[same]].reshape(same.sum(), -1)
        values[same] = statistic(rows[padded[padded >= 0].reshape(-1, length)])
    return values


@dataclass(frozen=True, slots=True)
class Distribution:
    """A statistic over resamples, with the probability of each where they are enumerated, else None."""

    values: Array
    errors: Array | None  # standard error within each resample
    weights: Array | None


def distribution(
    statistic: Statistic,
    error: Callable[[Positions], Array] | None,
    rows: Array,
    units: Units,
    *,
    resamples: int,
    rng: Generator | None,
    engine: str | None = None,
    block: int = BLOCK,
    enumerate_up_to: int = ENUMERATED_UP_TO,
) -> Distribution:
    """Evaluate a statistic, and where asked its standard error, over all or over random resamples."""
    weights = None
    if units.distinct <= enumerate_up_to:
        chosen, weights = every_resample(units)
        jobs: list[Callable[[], tuple[Array, Array | None]]] = [
            partial(_answers, statistic, error, rows, units, chosen)
        ]
    elif rng is None:
        raise Degenerate("no_generator", f"{units.size} units are too many to enumerate, so rng is needed")
    else:
        full, rest = divmod(resamples, DRAW)
        sizes = [DRAW] * full + [rest] * (rest > 0)
        draws = list(zip(seeds(rng, len(sizes)), sizes, strict=True))
        jobs = [
            partial(_random_answers, statistic, error, rows, units, draws[start : start + block])
            for start in range(0, len(draws), block)
        ]
    values, errors = zip(*run(jobs, engine), strict=True)
    return Distribution(
        # rounded, so that the same rows in another order give the same value
        np.round(np.concatenate(values), DECIMALS_OF_NOISE),
        None if error is None else np.concatenate(errors),
        weights,
    )


def every_resample(units: Units) -> tuple[Positions, Array]:
    """List the distinct resamples, as positions of units, and the probability of each."""
    per_stratum = []
    for members in units.strata:
        picks, weights = _every_pick(members.size)
        per_stratum.append((members[picks], weights))
    if len(per_stratum) == 1:
        return per_stratum[0]
    grid = np.array(list(product(*(range(len(picks)) for picks, _ in per_stratum))))
    chosen = np.concatenate([per_stratum[i][0][grid[:, i]] for i in range(grid.shape[1])], axis=1)
    return chosen, np.prod([per_stratum[i][1][grid[:, i]] for i in range(grid.shape[1])], axis=0)


@cache
def _every_pick(m: int) -> tuple[Positions, Array]:
    picks = np.array(list(combinations_with_replacement(range(m), m)))
    counts = (picks[:, :, None] == np.arange(m)).sum(axis=1)
    factorials = np.array([math.factorial(i) for i in range(m + 1)], dtype=np.float64)
    return picks, factorials[m] / factorials[counts].prod(axis=1) / float(m) ** m


def random_resamples(units: Units, seed: SeedSequence, size: int) -> Positions:
    """Draw units with replacement within strata."""
    generator = Generator(SFC64(seed))
    if len(units.strata) == 1:
        return generator.integers(0, units.size, (size, units.size))
    return np.concatenate(
        [one[generator.integers(0, one.size, (size, one.size))] for one in units.strata], axis=1
    )


def _answers(
    statistic: Statistic,
    error: Callable[[Positions], Array] | None,
    rows: Array,
    units: Units,
    chosen: Positions,
) -> tuple[Array, Array | None]:
    return evaluate(statistic, rows, units, chosen), None if error is None else error(chosen)


def _random_answers(
    statistic: Statistic,
    error: Callable[[Positions], Array] | None,
    rows: Array,
    units: Units,
    draws: Sequence[tuple[SeedSequence, int]],
) -> tuple[Array, Array | None]:
    answers = [
        _answers(statistic, error, rows, units, random_resamples(units, seed, size)) for seed, size in draws
    ]
    values, errors = zip(*answers, strict=True)
    return np.concatenate(values), None if error is None else np.concatenate(errors)
