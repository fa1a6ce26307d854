"""One engine for every permutation test of answers: enumerated where that is possible, otherwise seeded.

Random orders are drawn in draws of a fixed size, each from its own child of one seed sequence. A block of
work is any run of draws, so results do not depend on how large the blocks are, on the number of threads,
or on the engine that the blocks are spread over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TypeVar

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.statistics._ranks import DECIMALS_OF_TIES, TIE

MOST_ENUMERATED = math.factorial(9)
DRAW = 500  # random orders from one child seed; changing it changes every Monte Carlo p value
BLOCK = 4  # draws in one block of work; changing it changes nothing but speed and memory
# Multiplications up to which OpenBLAS starts no threads: on a busy machine waiting for them costs ten
# times what they save, and small products stay in the cache.
UNTHREADED = 2**18

Answer = TypeVar("Answer")
Count = TypeVar("Count", float, NDArray[np.float64])
Orders = NDArray[np.intp]  # (n, orders): column j says which answer comes to which place
Block = Callable[[], Orders]
Statistic = Callable[[Orders], NDArray[np.float64]]  # (n, orders) -> (orders, ...)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which orders of n answers are looked at, in blocks of work.

    ``exact`` says that every order within the strata occurs once; ``size`` counts the orders.
    """

    blocks: tuple[Block, ...]
    size: int
    exact: bool

    def p_value(self, reached: Count) -> Count:
        """Turn the number of orders that reach the observed value into a p value."""
        return reached / self.size if self.exact else (reached + 1) / (self.size + 1)

    @property
    def name(self) -> str:
        """Say how p was found, for a record's ``method``."""
        return "exact_permutation" if self.exact else "monte_carlo_permutation"


def plan(
    n: int, *, strata: ArrayLike | None, permutations: int, rng: Generator | None, block: int = BLOCK
) -> Plan:
    """Choose the orders: all of them up to 9! within strata, otherwise ``permutations`` drawn by ``rng``.

    Raises
    ------
    Degenerate
        ``mismatched_lengths`` for strata of another length, ``nothing_to_permute`` where every stratum
        has one member, ``no_generator`` where a draw is needed and ``rng`` is None.
    """
    members = members_of(n, strata)
    count = math.prod(math.factorial(len(one)) for one in members)
    if count == 1:
        raise Degenerate("nothing_to_permute", f"each of the {len(members)} strata has one member")
    if count <= MOST_ENUMERATED:
        return Plan(blocks=(partial(every_order, members),), size=count, exact=True)
    if rng is None:
        raise Degenerate("no_generator", f"n = {n} has too many orders to enumerate, so rng is needed")
    full, rest = divmod(permutations, DRAW)
    sizes = [DRAW] * full + [rest] * (rest > 0)
    draws = list(zip(seeds(rng, len(sizes)), sizes, strict=True))
    blocks = tuple(
        partial(random_orders, members, draws[start : start + block]) for start in range(0, len(draws), block)
    )
    return Plan(blocks=blocks, size=permutations, exact=False)


def null_distribution(statistic: Statistic, of: Plan, *, engine: str | None = None) -> NDArray[np.float64]:
    """Evaluate a statistic of (n, orders) at every order of a plan; one row per order."""
    return joined(run([partial(_evaluate, statistic, block) for block in of.blocks], engine))


def joined(blocks: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Join what blocks of work gave, without the last digits, which depend on the number of threads."""
    whole: NDArray[np.float64] = np.concatenate(blocks)
    return whole.round(DECIMALS_OF_TIES)


def run(jobs: Iterable[Callable[[], Answer]], engine: str | None) -> list[Answer]:
    """Do jobs in their order: here, or spread by joblib over ``"loky"``, ``"dask"`` or ``"ray"``."""
    if engine is None:
        return [job() for job in jobs]
    from joblib import Parallel, delayed, parallel_config

    if engine == "ray":
        import_module("ray.util.joblib").register_ray()
    with parallel_config(backend=engine, n_jobs=-1):  # unlike Parallel, it registers Dask by itself
        return list(Parallel()(delayed(_call)(job) for job in jobs))


def seeds(rng: Generator, count: int) -> list[SeedSequence]:
    """Draw one seed from a generator and spawn ``count`` independent children of it."""
    return SeedSequence(rng.integers(2**32, size=4, dtype=np.uint32).tolist()).spawn(count)


def members_of(n: int, strata: ArrayLike | None) -> list[NDArray[np.intp]]:
    """List the positions of each stratum's members; one stratum of all where none is given."""
    if strata is None:
        return [np.arange(n)]
    labels = np.asarray(strata)
    if labels.shape != (n,):
        raise Degenerate("mismatched_lengths", f"strata has shape {labels.shape}, ({n},) is needed")
    names, codes = np.unique(labels, return_inverse=True)
    return [np.flatnonzero(codes == code) for code in range(names.size)]


def every_order(members: Sequence[NDArray[np.intp]]) -> Orders:
    """Enumerate the orders within strata."""
    n = sum(one.size for one in members)
    orders = np.arange(n)[:, np.newaxis]
    for one in members:
        inner = _factorial_table(one.size)
        outer = orders.shape[1]
        orders = np.repeat(orders, inner.shape[1], axis=1)
        orders[one] = np.tile(one[inner], (1, outer))
    return orders


def random_orders(members: Sequence[NDArray[np.intp]], draws: Sequence[tuple[SeedSequence, int]]) -> Orders:
    """Draw orders within strata, each draw from its own seed."""
    n = sum(one.size for one in members)
    orders = np.empty((n, sum(size for _, size in draws)), dtype=np.intp)
    done = 0
    for seed, size in draws:
        generator = Generator(SFC64(seed))
        for one in members:
            tiled = np.broadcast_to(one[:, np.newaxis], (one.size, size))
            orders[one, done : done + size] = generator.permuted(tiled, axis=0)
        done += size
    return orders


def products(
    fixed: NDArray[np.float64], moving: NDArray[np.float64], orders: Orders
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Multiply every row of ``fixed`` with every row of ``moving`` under each order, some orders at a time.

    Parameters
    ----------
    fixed : array (k, n)
    moving : array (m, n)
    orders : array (n, orders)

    Yields
    ------
    slice, array (m, k, width)
        Which orders, and their scalar products; the array may be overwritten.
    """
    width = max(1, UNTHREADED // fixed.size)
    for start in range(0, orders.shape[1], width):
        part = slice(start, start + width)
        yield part, fixed @ moving.take(orders[:, part], axis=1)


def reached(null: NDArray[np.float64], observed: ArrayLike) -> NDArray[np.intp]:
    """Count, per column, the orders whose statistic is at least the observed one."""
    count: NDArray[np.intp] = (null >= np.asarray(observed) - TIE).sum(axis=0)
    return count


def _factorial_table(n: int) -> Orders:
    """Make the (n, n!) table of all orders of 0 .. n - 1."""
    table = np.zeros((1, 1), dtype=np.intp)
    for new in range(1, n):
        table = np.concatenate([np.insert(table, place, new, axis=0) for place in range(new + 1)], axis=1)
    return table


def _evaluate(statistic: Statistic, block: Block) -> NDArray[np.float64]:
    return statistic(block())


def _call(job: Callable[[], Answer]) -> Answer:
    return job()
