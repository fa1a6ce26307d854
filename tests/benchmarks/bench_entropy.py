"""Speed of reporter/entropy/ against the usual loops, as ratios within one run; printed, never asserted.

Run: python tests/benchmarks/bench_entropy.py
Every job first checks that both sides give the same numbers.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reporter.entropy.english import PASSAGES
from reporter.entropy.histogram import histogram_batch
from reporter.entropy.text_entropy import text_entropy

ROUNDS = 5  # of each side, in turn; the best of each counts


def replies(n: int, length: int) -> list[str]:
    """English prose cut at random places, so that letters come in their usual order and frequency."""
    source = "\n".join(PASSAGES.values())
    starts = np.random.default_rng(1).integers(len(source) - length, size=n)
    return [source[start : start + length] for start in starts]


def counter_loop(texts: list[str]) -> list[float]:
    values = []
    for text in texts:
        n = len(text)
        values.append(-sum(c / n * math.log(c / n) for c in Counter(text).values()))
    return values


def histogram_loop(activations: np.ndarray) -> np.ndarray:
    values = np.empty(activations.shape[:-1])
    for place in np.ndindex(values.shape):
        row = activations[place]
        asked = len(np.histogram_bin_edges(row, bins="fd")) - 1
        counts = np.histogram(row, bins=min(max(asked, 50), 200))[0]
        p = counts[counts > 0] / row.size
        values[place] = -(p * np.log(p)).sum()
    return values


def plain_histogram_loop(activations: np.ndarray) -> None:
    for place in np.ndindex(activations.shape[:-1]):
        np.histogram(activations[place], bins="fd")


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def compare(
    title: str, ours: Callable[[], object], peer: Callable[[], object], goal: float, rounds: int
) -> None:
    pairs = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    fast, slow = (min(side) for side in zip(*pairs, strict=True))
    print(f"{title:<62} ours {fast:8.3f} s   peer {slow:8.3f} s   {slow / fast:6.1f}x   goal {goal:g}x")


def main() -> None:
    texts = replies(100_000, 1000)
    few = texts[:2000]
    np.testing.assert_allclose(text_entropy(few).values, counter_loop(few), rtol=1e-12)
    compare(
        "character entropy, 100,000 replies of 1,000 characters",
        lambda: text_entropy(texts),
        lambda: counter_loop(texts),
        goal=20,
        rounds=ROUNDS,
    )
    curly = [text.replace("'", "’").replace("--", "—") for text in texts[:20_000]]
    np.testing.assert_allclose(text_entropy(curly[:500]).values, counter_loop(curly[:500]), rtol=1e-12)
    compare(
        "the same, 20,000 replies with curly quotes",
        lambda: text_entropy(curly),
        lambda: counter_loop(curly),
        goal=20,
        rounds=3,
    )
    joined = "".join(texts)
    once = seconds(lambda: np.frombuffer(joined.encode("utf-32-le"), np.int32).max())
    print(f"{'  limit: encode and read every character once':<62}      {once:8.3f} s")

    activations = np.random.default_rng(2).standard_t(5, size=(30, 43, 4096)).astype(np.float32)
    double = activations[:2].astype(np.float64)
    np.testing.assert_allclose(histogram_batch(double).values, histogram_loop(double), rtol=1e-12)
    compare(
        "histogram entropy, 30 answers x 43 layers x 4,096",
        lambda: histogram_batch(activations),
        lambda: plain_histogram_loop(activations),
        goal=2,
        rounds=ROUNDS,
    )
    compare(
        "the same, peer with limits on the bins and the entropy",
        lambda: histogram_batch(activations),
        lambda: histogram_loop(activations),
        goal=2,
        rounds=ROUNDS,
    )
    once = seconds(lambda: np.sort(activations, axis=-1))
    print(f"{'  limit: sort every row once':<62}      {once:8.3f} s")


if __name__ == "__main__":
    main()
