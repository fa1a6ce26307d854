"""Time the bootstrap against SciPy's, results compared first; ratios of one run, printed, never asserted.

Run: python tests/benchmarks/bench_bootstrap.py
"""

from __future__ import annotations

import statistics
import time
from functools import partial

import numpy as np
from scipy.stats import bootstrap as scipy_bootstrap

from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.bootstrap_difference import bootstrap_difference

RESAMPLES = 9_999
ROUNDS = 15


def row_mean(rows):
    return rows.mean(axis=-1)


def difference(one, two, axis):
    return two.mean(axis=axis) - one.mean(axis=axis)


def seconds(job):
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def drawing(n, rng):
    """What any bootstrap must do at least: draw this many positions."""
    return seconds(partial(rng.integers, n, size=(RESAMPLES, n), dtype=np.uint16))


def compare(name, ours, theirs, limit):
    """Print one row; the two intervals differ only by Monte Carlo error."""
    mine, other = ours().interval, theirs().confidence_interval
    width = other.high - other.low
    apart = max(abs(mine.low - other.low), abs(mine.high - other.high)) / width
    our_time, their_time = seconds(ours), seconds(theirs)
    print(
        f"| {name} | {1000 * their_time:.2f} ms | {1000 * our_time:.2f} ms "
        f"| {their_time / our_time:.2f}x | {1000 * limit:.2f} ms | {100 * apart:.1f} % |"
    )


def main() -> None:
    print(f"BCa, {RESAMPLES} resamples, medians of {ROUNDS} runs\n")
    print("| job | SciPy | ours | ratio | limit: draw the positions | ends apart, of the width |")
    print("|---|---|---|---|---|---|")
    data, rng = np.random.default_rng(1), np.random.default_rng(2)
    for n in (30, 420):
        first, second = data.gamma(4, size=n), data.gamma(4, size=n)
        change = second - first
        options = {"n_resamples": RESAMPLES, "method": "BCa", "vectorized": True, "rng": rng}
        compare(
            f"mean change, {n} pairs",
            partial(bootstrap, change, statistic=row_mean, resamples=RESAMPLES, rng=rng),
            partial(scipy_bootstrap, (change,), np.mean, **options),
            drawing(n, rng),
        )
        compare(
            f"difference of means, 2 x {n}",
            partial(bootstrap_difference, first, second, interval="bca", resamples=RESAMPLES, rng=rng),
            partial(scipy_bootstrap, (first, second), difference, **options),
            2 * drawing(n, rng),
        )


if __name__ == "__main__":
    main()
