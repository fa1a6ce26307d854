"""Did the mean change between two conditions, if nothing but the signs of the changes is left to chance?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Test
from reporter.statistics._inputs import differences

ENUMERATED_UP_TO = 20  # 2**20 sign patterns take some milliseconds and 8 MB
CHUNK = 4096  # sign patterns drawn at once
TOLERANCE = 1e-9  # sums of the same differences in another order are equal


def paired_permutation(
    first: ArrayLike,
    second: ArrayLike,
    *,
    rng: np.random.Generator | None = None,
    resamples: int = 99_999,
    unit: str = "nats",
) -> Test:
    """Test the mean of second - first by flipping the signs of the differences.

    It needs changes symmetric about zero, as those of exchangeable pairs are: lognormal changes about their
    mean were rejected at .05 in 14.6 and 12.2 % of samples of 8 and 30 (docs/validation.md).

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n >= 2 units under two conditions, aligned.
    rng : Generator, optional
        Needed only where more than 20 differences are not zero; below, all sign patterns are enumerated.
    resamples : int
        Random sign patterns, where they are drawn; then p = (b + 1)/(resamples + 1).

    Returns
    -------
    Test
        ``statistic`` is the mean difference, ``p`` two-sided, ``n_used`` counts differences other than 0.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``constant_series`` where no pair differs;
        ``no_generator`` where a draw is needed and ``rng`` is None.

    References
    ----------
    Fisher (1935), The Design of Experiments, section 21. Phipson and Smyth (2010), Permutation p-values
    should never be zero, Statistical Applications in Genetics and Molecular Biology 9, 39,
    doi:10.2202/1544-6115.1585.
    """
    change = differences(first, second, least=2)
    moved = change[change != 0]
    if not moved.size:
        raise Degenerate("constant_series", f"all {change.size} differences are 0")
    least = abs(float(moved.sum())) - TOLERANCE
    if moved.size <= ENUMERATED_UP_TO:
        p = float(np.mean(np.abs(_all_sums(moved)) >= least))
        floor, method = 2.0 ** (1 - moved.size), "paired_permutation_exact"
    elif rng is None:
        raise Degenerate(
            "no_generator", f"n = {moved.size} has too many sign patterns to enumerate, so rng is needed"
        )
    else:
        p = (_count(moved, least, resamples, rng) + 1) / (resamples + 1)
        floor, method = 1 / (resamples + 1), "paired_permutation_monte_carlo"
    return Test(
        statistic=float(change.mean()),
        p=p,
        p_floor=floor,
        n=change.size,
        n_used=moved.size,
        unit=unit,
        method=method,
    )


def _all_sums(moved: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.zeros(1)
    for value in moved:
        sums = np.concatenate([sums + value, sums - value])
    return sums


def _count(moved: NDArray[np.float64], least: float, resamples: int, rng: np.random.Generator) -> int:
    count = 0
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        flipped = rng.integers(0, 2, (size, moved.size), dtype=np.uint8) @ moved
        count += int(np.count_nonzero(np.abs(moved.sum() - 2 * flipped) >= least))
    return count
