"""Speed and memory of reporter/statistics/ against peers, as ratios within one run; printed, never asserted.

Run from the project's root: python tests/benchmarks/bench_statistics.py [WORD ...]
(a word picks benches by name).

Each bench first checks that both sides give the same numbers. To add a row, write a ``bench_...`` function
that returns a :class:`Row` and list it in ``BENCHES``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reporter.statistics._ranks import counts_of, resampled_rho
from reporter.statistics.peak_scan import peak_scan
from reporter.statistics.spearman import spearman
from reporter.statistics.spearman_bca import spearman_bca

N, AXES, LAYERS, PERMUTATIONS, RESAMPLES = 30, 7, 43, 10_000, 9_999
CELLS = AXES * LAYERS


@dataclass(frozen=True, kw_only=True)
class Row:
    """One job. ``limit`` is what the machine needs at least, in seconds; ``note`` says how it was found."""

    job: str
    peer: float
    ours: float
    goal: float  # times faster than the peer
    limit: float
    note: str


def best(job: Callable[[], object], rounds: int) -> float:
    """Time the fastest of several rounds, which other work on the machine disturbs least."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def product_rate() -> float:
    """Measure double-precision operations per second of a large matrix product."""
    side = 1500
    left = np.random.default_rng(0).normal(size=(side, side))
    return 2 * side**3 / best(lambda: left @ left, 5)


def scan_limit() -> tuple[float, str]:
    operations = 2 * N * CELLS * PERMUTATIONS
    rate = product_rate()
    return operations / rate, f"{operations / 1e6:.0f} Mflop at {rate / 1e9:.0f} Gflop/s"


def answers() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(N, AXES)), rng.normal(size=(N, LAYERS)).cumsum(axis=1)


def ours_scan() -> object:
    # resamples=1: the support of a peak is extra work, which the peers do not do
    return peak_scan(*answers(), rng=np.random.default_rng(1), permutations=PERMUTATIONS, resamples=1)


def check_exact_p(test: Callable[[np.ndarray, np.ndarray, int], object]) -> None:
    """Both sides enumerate all 5,040 orders of seven answers: p must be equal."""
    rng = np.random.default_rng(2)
    for _ in range(3):
        one, two = rng.integers(0, 9, (2, 7)).astype(float)
        np.testing.assert_allclose(spearman(one, two).r, stats.spearmanr(one, two).statistic, atol=1e-12)
        np.testing.assert_allclose(spearman(one, two).p, test(one, two, 6000).pvalue, atol=1e-12)


def test_by_spearmanr(one: np.ndarray, two: np.ndarray, permutations: int):
    # of |rho|, one-sided: scipy's two-sided p doubles a tail, another definition where there are ties
    return stats.permutation_test(
        (one,),
        lambda moved: round(abs(stats.spearmanr(moved, two).statistic), 12),
        permutation_type="pairings",
        n_resamples=permutations,
        alternative="greater",
        rng=np.random.default_rng(3),
    )


def test_vectorised(one: np.ndarray, two: np.ndarray, permutations: int):
    ranks = stats.rankdata(two) - (two.size + 1) / 2

    def statistic(moved, axis=-1):
        centred = stats.rankdata(moved, axis=axis) - (two.size + 1) / 2
        return np.round(np.abs(centred @ ranks) / np.sqrt((centred**2).sum(axis=axis) * (ranks @ ranks)), 12)

    return stats.permutation_test(
        (one,),
        statistic,
        permutation_type="pairings",
        n_resamples=permutations,
        alternative="greater",
        vectorized=True,
        rng=np.random.default_rng(3),
    )


def bench_peak_scan_spearmanr() -> Row:
    check_exact_p(test_by_spearmanr)
    axes, layers = answers()
    some = 500  # permutations of one pair; the peer's time is proportional to both
    peer = best(lambda: test_by_spearmanr(axes[:, 0], layers[:, 0], some), 3)
    limit, note = scan_limit()
    return Row(
        job="peak scan, peer permutation_test with spearmanr per pair",
        peer=peer * CELLS * PERMUTATIONS / some,
        ours=best(ours_scan, 15),
        goal=8000,
        limit=limit,
        note=f"{note}; peer extrapolated from 1 of {CELLS} pairs, {some} of {PERMUTATIONS:,} permutations",
    )


def bench_peak_scan_vectorised() -> Row:
    check_exact_p(test_vectorised)
    axes, layers = answers()
    some = 20

    def pairs():
        for layer in range(some):
            test_vectorised(axes[:, 0], layers[:, layer], PERMUTATIONS)

    limit, note = scan_limit()
    return Row(
        job="the same, peer vectorised permutation_test per pair",
        peer=best(pairs, 2) * CELLS / some,
        ours=best(ours_scan, 15),
        goal=60,
        limit=limit,
        note=f"{note}; peer extrapolated from {some} of {CELLS} pairs",
    )


def bench_spearman_bca() -> Row:
    rng = np.random.default_rng(4)
    one = rng.normal(size=N)
    two = one + rng.normal(size=N)

    def scipy_bootstrap(resamples):
        return stats.bootstrap(
            (one, two),
            lambda first, second: stats.spearmanr(first, second).statistic,
            paired=True,
            vectorized=False,
            n_resamples=resamples,
            rng=np.random.default_rng(5),
        )

    chosen = np.random.default_rng(5).integers(0, N, (300, N))
    np.testing.assert_allclose(
        resampled_rho(one, two, counts_of(chosen, N)), scipy_bootstrap(300).bootstrap_distribution, atol=1e-12
    )
    operations = 2 * 2 * RESAMPLES * N**2
    rate = product_rate()
    return Row(
        job="Spearman BCa, peer scipy.stats.bootstrap, paired spearmanr",
        peer=best(lambda: scipy_bootstrap(RESAMPLES), 1),
        ours=best(lambda: spearman_bca(one, two, rng=np.random.default_rng(6), resamples=RESAMPLES), 15),
        goal=100,
        limit=operations / rate,
        note=f"{operations / 1e6:.0f} Mflop at {rate / 1e9:.0f} Gflop/s; drawing the resamples comes on top",
    )


BENCHES: list[Callable[[], Row]] = [
    bench_peak_scan_spearmanr,
    bench_peak_scan_vectorised,
    bench_spearman_bca,
]

HEAD = f"{'job':<60} {'peer s':>9} {'ours s':>9} {'ratio':>9} {'goal':>7} {'limit s':>9} {'x limit':>8}"


def show(row: Row) -> None:
    print(
        f"{row.job:<60} {row.peer:9.3f} {row.ours:9.5f} {row.peer / row.ours:8,.0f}x {row.goal:6,.0f}x "
        f"{row.limit:9.5f} {row.ours / row.limit:8.1f}\n    {row.note}"
    )


def peak_memory() -> float:
    """Read this process' largest resident size in MB; getrusage would also count the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def memory_of_large_scan() -> None:
    """Print how far 100,000 permutations raise the peak of a fresh process."""
    before = peak_memory()
    peak_scan(*answers(), rng=np.random.default_rng(1), permutations=100_000)
    print(
        f"memory of a 100,000-permutation scan: {peak_memory():.0f} MB in all, of which {before:.0f} MB "
        "are Python, NumPy and SciPy (goal: under 500 MB)"
    )


def main(words: list[str]) -> None:
    if words == ["--memory"]:
        memory_of_large_scan()
        return
    print(HEAD)
    for bench in BENCHES:
        if not words or any(word in bench.__name__ for word in words):
            show(bench())
    if not words or "memory" in words:
        subprocess.run([sys.executable, __file__, "--memory"], check=True)


if __name__ == "__main__":
    # a forced core type would slow NumPy's products, ours and the peers', below what the machine can do
    if os.environ.pop("OPENBLAS_CORETYPE", None):
        os.execv(sys.executable, [sys.executable, *sys.argv])
    main(sys.argv[1:])
