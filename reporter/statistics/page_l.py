"""Do several conditions stand in the claimed order, when each block saw all of them?"""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Ordering
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._ranks import mean_ranks

MOST_CONDITIONS = 8  # 8! = 40,320 orders of a block


def page_l(table: ArrayLike, *, unit: str = "nats") -> Ordering:
    """Test by Page's L whether the columns fall in the order given, permuting within blocks.

    Parameters
    ----------
    table : array (n, k), in ``unit``
        n >= 1 blocks (prompts), k = 2..8 conditions; the column that is claimed to be greatest first.

    Returns
    -------
    Ordering
        ``statistic`` is L; ``p`` is one-sided and exact, with mean ranks for ties; ``p_floor`` is k!^-n
        without ties. ``holds`` asks the column means to fall at every step. ``n`` counts blocks.

    Raises
    ------
    Degenerate
        ``not_two_dimensional``, ``not_finite``, ``too_few``; ``too_many_conditions``.

    References
    ----------
    Page (1963), Ordered hypotheses for multiple treatments, Journal of the American Statistical Association
    58, 216-230, doi:10.1080/01621459.1963.10500843.

    Examples
    --------
    >>> round(1 / page_l([[3.2, 3.1, 3.0], [3.3, 3.0, 2.9], [3.1, 3.05, 3.0]]).p)
    216
    """
    blocks = _blocks(table)
    # doubled, so that mean ranks are whole numbers; column j weighs k - j
    ranks = np.rint(2 * mean_ranks(blocks.T).T).astype(np.int64)
    weights = np.arange(blocks.shape[1], 0, -1)
    observed = int((ranks @ weights).sum())
    density = np.ones(1)
    # blocks whose ties have the same pattern share their distribution
    for row, blocks_alike in zip(*np.unique(np.sort(ranks, axis=1), axis=0, return_counts=True), strict=True):
        share = _block_density(row, weights)
        for _ in range(blocks_alike):
            density = np.convolve(density, share)
    return Ordering(
        holds=bool((np.diff(np.round(blocks.mean(axis=0), DECIMALS_OF_NOISE)) < 0).all()),
        statistic=observed / 2,
        p=float(density[observed:].sum()),
        p_floor=float(density[np.flatnonzero(density)[-1]]),
        n=blocks.shape[0],
        unit=unit,
        method="page_l_exact",
    )


def _blocks(table: ArrayLike) -> NDArray[np.float64]:
    blocks = np.asarray(table, dtype=np.float64).round(DECIMALS_OF_NOISE)
    if blocks.ndim != 2:
        raise Degenerate(
            "not_two_dimensional", f"table has shape {blocks.shape}, blocks x conditions is needed"
        )
    if not np.isfinite(blocks).all():
        raise Degenerate(
            "not_finite", f"table has {int((~np.isfinite(blocks)).sum())} values that are not finite"
        )
    n, k = blocks.shape
    if n < 1 or k < 2:
        raise Degenerate("too_few", f"table has {n} blocks and {k} conditions, at least 1 and 2 are needed")
    if k > MOST_CONDITIONS:
        raise Degenerate(
            "too_many_conditions", f"table has {k} conditions, at most {MOST_CONDITIONS} are exact"
        )
    return blocks


def _block_density(row: NDArray[np.int64], weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Distribute one block's share of L over all orders of its ranks; entry s is the probability of s."""
    sums = np.array(list(permutations(row.tolist()))) @ weights
    density: NDArray[np.float64] = np.bincount(sums).astype(np.float64) / sums.size
    return density
