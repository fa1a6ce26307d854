"""A mean change beside that of length alone: by enumeration of all pairs of texts, and the methods page."""

from __future__ import annotations

import math
from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.change_beyond_length import change_beyond_length

TEXTS = {"one": ["abcabcab", "aabbccdd", "aaaaabbb"], "two": ["abababcd", "zzzzyyyx"]}


def rng():
    return np.random.default_rng(7)


def entropy(text):
    return -math.fsum(c / len(text) * math.log(c / len(text)) for c in Counter(text).values())


def test_of_one_length_against_all_pairs_of_different_texts():
    """With two equal pairs the null is that of the mean of two independent draws of the same distribution."""
    texts = [text for several in TEXTS.values() for text in several]
    changes = [entropy(two[:6]) - entropy(one[:3]) for one, two in permutations(texts, 2)]
    means = [(x + y) / 2 for x in changes for y in changes]
    ours = change_beyond_length([1.0, 1.1], [1.5, 1.9], [3, 3], [6, 6], TEXTS, rng=rng(), draws=40_000)
    assert ours.observed == pytest.approx(0.65)
    assert ours.expected == pytest.approx(np.mean([entropy(t[:6]) - entropy(t[:3]) for t in texts]))
    assert ours.excess == pytest.approx(ours.observed - ours.expected)
    # the distribution is discrete, so that a bound from draws may be a neighbour of the exact one
    for bound, share in ((ours.interval.low, 0.025), (ours.interval.high, 0.975)):
        assert min(means) <= bound <= max(means)
        assert (
            np.mean(np.array(means) < bound - 1e-9) - 0.01
            <= share
            <= np.mean(np.array(means) <= bound + 1e-9) + 0.01
        )
    assert (ours.n, ours.draws, ours.unit) == (2, 40_000, "nats")


@pytest.mark.parametrize(("later", "within"), [(1.3, True), (9.0, False), (-9.0, False)])
def test_says_whether_length_explains_it(later, within):
    ours = change_beyond_length([1.0, 1.0], [later, later], [3, 3], [6, 6], TEXTS, rng=rng())
    assert ours.within is within
    assert within == (ours.interval.low <= ours.observed <= ours.interval.high)


def test_the_sample_runs_of_the_methods_page(sample_runs):
    """Observed .0517 against .0464 by length alone, and a null interval of -.025 to .119."""
    arrays = [
        sample_runs.field(limit, name).ravel()
        for name in ("text_entropy", "response_length")
        for limit in (100, 200)
    ]
    ours = change_beyond_length(*arrays, sample_runs.sources, rng=rng())
    assert round(ours.observed, 4) == 0.0517
    assert round(ours.expected, 4) == 0.0464
    # 4,000 draws: Monte Carlo error of each bound about .0015
    assert ours.interval.low == pytest.approx(-0.025, abs=0.005)
    assert ours.interval.high == pytest.approx(0.119, abs=0.005)
    assert ours.within


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        (([1.0], [1.0], [3], [6]), "too_few"),
        (([1.0, 1.0, 1.0], [1.0, 1.0], [3, 3], [6, 6]), "mismatched_lengths"),
        (([1.0, 1.0], [1.0, 2.0], [3, 3, 3], [6, 6, 6]), "mismatched_lengths"),
        (([1.0, 1.0], [1.0, 2.0], [3, 3], [60, 60]), "texts_too_short"),
        (([1.0, 1.0], [1.0, 2.0], [3, 3.5], [6, 6]), "not_lengths"),
    ],
)
def test_refuses_with_a_reason(arrays, reason):
    with pytest.raises(Degenerate) as refusal:
        change_beyond_length(*arrays, TEXTS, rng=rng())
    assert refusal.value.reason == reason
