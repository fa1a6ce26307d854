"""Entropy by position, against R's t.test in every bin, a loop over tokens, and answers by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.errors import Degenerate
from reporter.statistics.position_profile import position_profile

LENGTHS = [33, 20, 0, 7, 38]  # as in profiles.R, and an answer without a token


def ends(lengths):
    return np.concatenate([[0], np.cumsum(lengths)]).astype(int)


def test_agrees_with_r(reference):
    expected = reference("profiles")
    tokens = [expected["tokens", str(at)] for at in range(98)]
    found = position_profile(tokens, ends(LENGTHS), first=4)
    assert (found.start, found.stop) == ((0, 4, 8, 16), (3, 7, 15, 31))
    for at in range(4):
        assert found.answers[at] == expected["positions", f"answers_{at}"]
        for field in ("mean", "low", "high"):
            assert getattr(found, field)[at] == pytest.approx(
                expected["positions", f"{field}_{at}"], rel=1e-8
            )
    change = (found.change, found.interval.low, found.interval.high)
    for value, field in zip(change, ("mean_0", "low_0", "high_0"), strict=True):
        assert value == pytest.approx(expected["change", field], rel=1e-8)
    assert (found.followed, found.n, found.unit, found.level) == (3, 5, "nats", 0.95)


def test_bins_double_from_sixteen_on():
    found = position_profile(np.arange(3 * 300.0), ends([300] * 3))
    assert found.start == (0, 16, 32, 64, 128, 256)
    assert found.stop == (15, 31, 63, 127, 255, 511)
    assert found.answers == (3,) * 6


def test_an_answer_that_ends_with_a_bin_does_not_reach_the_next():
    assert position_profile(np.arange(96.0), ends([32] * 3)).stop == (15, 31)
    assert position_profile(np.arange(99.0), ends([33] * 3)).stop == (15, 31, 63)
    assert position_profile(np.arange(3.0), ends([1] * 3)).stop == (15,)


def test_the_change_is_free_of_which_answers_are_long():
    """Long answers are high throughout: the curve rises, no answer does."""
    tokens = np.concatenate(
        [np.full(4, 1.0 + at) for at in range(4)] + [np.full(16, 9.0 + at) for at in range(4)]
    )
    found = position_profile(tokens, ends([4] * 4 + [16] * 4), first=2)
    assert found.mean[-1] > found.mean[0] + 3
    assert found.change == 0.0
    assert found.interval is None  # all agree


def test_only_bins_that_an_answer_fills_make_its_change():
    tokens = [5.0, 5.0, 3.0, 3.0, 99.0, 5.0, 5.0, 1.0, 1.0, 7.0, 7.0, 8.0]
    found = position_profile(tokens, ends([5, 4, 3]), first=2, least_answers=1)
    assert (found.change, found.followed) == (-3.0, 2)  # of -2 and -4; the third answer fills one bin
    assert found.answers == (3, 3, 1)
    assert (found.low[2], found.high[2]) == (None, None)


def test_no_change_where_no_answer_fills_two_bins_and_no_interval_of_one():
    none = position_profile([1.0, 2.0, 3.0], ends([1, 1, 1]), first=2)
    assert (none.change, none.interval, none.followed) == (None, None, 0)
    one = position_profile([1.0, 2.0, 3.0, 5.0], ends([2, 1, 1]), first=1)
    assert (one.change, one.interval, one.followed) == (1.0, None, 1)


def test_offsets_may_be_unsigned():
    tokens = np.arange(60.0)
    assert position_profile(tokens, ends([20] * 3).astype(np.uint64)) == position_profile(
        tokens, ends([20] * 3)
    )


texts = st.lists(st.lists(st.integers(-9, 9), max_size=21), min_size=1, max_size=7).filter(any)


def by_hand(answers, first, least_answers):
    """Walk through the tokens one by one."""
    found, start, width = [], 0, first
    while True:
        means = [np.mean(answer[start : start + width]) for answer in answers if len(answer) > start]
        if len(means) < least_answers:
            return found
        found.append((start, start + width - 1, len(means), np.mean(means)))
        start, width = start + width, max(start + width, first)


@given(texts, st.integers(1, 6), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_agrees_with_a_walk_through_the_tokens(answers, first, least_answers):
    expected = by_hand(answers, first, least_answers)
    tokens, offsets = np.concatenate(answers), ends([len(answer) for answer in answers])
    if not expected:
        with pytest.raises(Degenerate):
            position_profile(tokens, offsets, first=first, least_answers=least_answers)
        return
    found = position_profile(tokens, offsets, first=first, least_answers=least_answers)
    bins = list(zip(found.start, found.stop, found.answers, strict=True))
    assert bins == [row[:3] for row in expected]
    assert found.mean == pytest.approx([row[3] for row in expected], abs=1e-12)
    changes = []
    for answer in answers:
        full = [(start, stop) for start, stop, *_ in by_hand(answers, first, 1) if stop < len(answer)]
        if len(full) > 1:
            changes.append(np.mean(answer[full[-1][0] : full[-1][1] + 1]) - np.mean(answer[:first]))
    assert found.followed == len(changes)
    assert found.change == (pytest.approx(np.mean(changes), abs=1e-9) if changes else None)


@given(texts, st.integers(-20, 20), st.sampled_from([0.5, 4.0]))
@settings(max_examples=80, deadline=None)
def test_shift_and_scale_move_the_means_and_scale_the_change(answers, shift, scale):
    tokens, offsets = np.concatenate(answers), ends([len(answer) for answer in answers])
    found, moved = (
        position_profile(each, offsets, first=2, least_answers=1) for each in (tokens, scale * tokens + shift)
    )
    assert moved.mean == pytest.approx([scale * mean + shift for mean in found.mean], abs=1e-9)
    assert moved.answers == found.answers
    assert (moved.change is None) == (found.change is None)
    assert found.change is None or moved.change == pytest.approx(scale * found.change, abs=1e-9)


@pytest.mark.parametrize(
    ("tokens", "offsets", "options", "reason"),
    [
        ([1.0, np.nan], [0, 2], {}, "not_finite"),
        ([[1.0, 2.0]], [0, 2], {}, "not_one_dimensional"),
        ([1.0, 2.0], [0, 1], {}, "bad_offsets"),
        ([1.0, 2.0], [1, 2], {}, "bad_offsets"),
        ([1.0, 2.0], [0, 3, 2], {}, "bad_offsets"),
        ([1.0, 2.0], np.array([0, 3, 2], dtype=np.uint64), {}, "bad_offsets"),
        ([1.0, 2.0], [0.0, 2.0], {}, "bad_offsets"),
        ([1.0, 2.0], [[0, 2]], {}, "bad_offsets"),
        ([], [0], {}, "bad_offsets"),
        ([1.0, 2.0], [0, 1, 2], {}, "too_few"),
        ([], [0, 0, 0], {"least_answers": 1}, "too_few"),
        ([], [0, 0, 0], {"least_answers": 0}, "too_few"),
        ([1.0, 2.0], [0, 1, 2], {"first": 0}, "bins_without_width"),
    ],
)
def test_refuses_with_a_reason(tokens, offsets, options, reason):
    with pytest.raises(Degenerate) as refusal:
        position_profile(tokens, offsets, **options)
    assert refusal.value.reason == reason
