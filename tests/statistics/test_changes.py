"""Who rose, who fell: against the counts that a reader makes in the published table."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.statistics.changes import changes

# the document's order: Llama GPT-4o DeepSeek Gemini Opus Sonnet Haiku Grok
FIRST = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
SECOND = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]


def test_the_published_table():
    ours = changes(FIRST, SECOND, threshold=0.01)
    assert ours.above_zero.indices == (0, 1, 2, 3, 4, 5, 7)
    assert ours.rose.indices == (0, 1, 2, 3, 5, 7)
    assert ours.steady.indices == (4, 6)
    assert ours.fell.indices == ()
    assert (ours.largest_rise, ours.most_rising.indices) == (0.14, (7,))
    assert (ours.smallest_change, ours.steadiest.indices) == (0.0, (6,))
    assert ours.largest_change == 0.14


@pytest.mark.parametrize(("threshold", "rising"), [(0.0, 7), (0.02, 5), (0.05, 4), (0.14, 0)])
def test_a_change_of_exactly_the_threshold_is_steady(threshold, rising):
    ours = changes(FIRST, SECOND, threshold=threshold)
    assert len(ours.rose) == rising
    assert len(ours.rose) + len(ours.steady) + len(ours.fell) == 8


def test_a_fall_counts_by_its_size():
    ours = changes([1.0, 1.0, 1.0], [0.5, 0.9, 1.1], threshold=0.2)
    assert (ours.fell.indices, ours.largest_change, ours.largest_rise) == ((0,), 0.5, 0.1)
    assert (ours.steadiest.indices, ours.smallest_change) == ((1, 2), 0.1)


def test_ties_are_all_named():
    # 3.03 - 2.93 and 0.1 are not the same float
    ours = changes([2.93, 0.0], [3.03, 0.1], threshold=0.0)
    assert ours.most_rising.indices == (0, 1)


def test_where_all_fall_the_largest_rise_is_the_smallest_fall():
    assert changes([1.0, 1.0], [0.5, 0.75], threshold=0.0).largest_rise == -0.25


@pytest.mark.parametrize(
    ("first", "second", "threshold", "reason"),
    [
        ([], [], 0.0, "too_few"),
        ([1.0], [2.0], -0.1, "negative_threshold"),
        ([1.0], [2.0], float("nan"), "negative_threshold"),
        ([1.0, 2.0], [2.0], 0.1, "mismatched_lengths"),
        ([float("nan")], [2.0], 0.1, "not_finite"),
    ],
)
def test_refuses_with_a_reason(first, second, threshold, reason):
    with pytest.raises(Degenerate) as refusal:
        changes(first, second, threshold=threshold)
    assert refusal.value.reason == reason
