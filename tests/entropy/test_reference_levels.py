"""Levels to hold a value against: enumeration, simulation and the order that they must have."""

from __future__ import annotations

import math
from collections import Counter
from itertools import permutations, product

import numpy as np
import pytest

from reporter.entropy.english import PASSAGES
from reporter.entropy.reference_levels import reference_levels
from reporter.errors import Degenerate


def obvious(text):
    return -math.fsum(c / len(text) * math.log(c / len(text)) for c in Counter(text).values())


def test_small_levels_by_enumeration():
    ours = reference_levels(3, passages={"one": "aabcb", "two": "abba"})
    assert ours.english == pytest.approx((obvious("aab") + obvious("abb")) / 2, rel=1e-12)
    assert (ours.english_low, ours.english_high) == pytest.approx((obvious("aab"), obvious("abb")))
    shuffled = [np.mean([obvious(p[:3]) for p in permutations(text)]) for text in ("aabcb", "abba")]
    assert ours.shuffled == pytest.approx(np.mean(shuffled), rel=1e-12)
    uniform = np.mean([obvious(draw) for draw in product("abc", repeat=3)])
    assert ours.uniform == pytest.approx(uniform, rel=1e-12)
    assert (ours.alphabet, ours.length, ours.n) == (3, 3, 2)


def test_shuffled_level_by_simulation():
    rng = np.random.default_rng(6)
    draws = [
        obvious("".join(rng.permutation(list(text))[:400])) for text in PASSAGES.values() for _ in range(100)
    ]
    ours = reference_levels(400).shuffled
    assert abs(np.mean(draws) - ours) < 4 * np.std(draws) / math.sqrt(len(draws))


@pytest.mark.parametrize("length", [100, 400, 1000, 1400])
def test_english_lies_below_chance(length):
    ours = reference_levels(length)
    assert ours.english_low <= ours.english <= ours.english_high < ours.uniform < math.log(ours.alphabet)
    assert ours.shuffled < ours.uniform
    assert ours.passages == tuple(PASSAGES)


def test_english_agrees_with_the_published_frequencies_of_letters():
    # Shannon (1951): 4.14 bits a letter, 4.03 with the space as a 27th letter; ours adds capitals and stops
    letters = "".join(c for c in "".join(PASSAGES.values()).lower() if "a" <= c <= "z")
    assert obvious(letters) / math.log(2) == pytest.approx(4.14, abs=0.05)


def test_floor_of_a_change_is_less_than_the_change_of_real_text():
    short, long = reference_levels(200), reference_levels(1000)
    assert 0 < long.shuffled - short.shuffled < long.english - short.english


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: reference_levels(0), "not_lengths"),
        (lambda: reference_levels(5000), "texts_too_short"),
        (lambda: reference_levels(2, passages={"one": "abc"}), "texts_too_short"),
        (lambda: reference_levels(10, unit="dits"), "unknown_unit"),
    ],
)
def test_refuses_with_a_reason(call, reason):
    with pytest.raises(Degenerate) as refusal:
        call()
    assert refusal.value.reason == reason
