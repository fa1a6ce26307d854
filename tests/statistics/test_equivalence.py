"""Two one-sided t tests, against two of R's t.test and the values of the methods page."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.statistics.equivalence import equivalence

FIRST = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
SECOND = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)
CASES = {
    "published": (FIRST, SECOND, 0.10),
    "sleep": (*SLEEP, 2.0),
    "down": ([1, 2, 3.5, 4], [0.5, 1.75, 2, 4.25], 0.3),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [0.95, 0.99])
def test_agrees_with_r(case, level, reference):
    expected = reference("equivalence")
    first, second, bound = CASES[case]
    ours = equivalence(first, second, bound=bound, level=level)
    printed = {
        "p": ours.p,
        "low": ours.interval.low,
        "high": ours.interval.high,
        "smallest_bound": ours.smallest_bound,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[f"{case}_{100 * level:g}", field], rel=1e-8), field
    assert ours.interval.level == pytest.approx(2 * level - 1, rel=1e-12)


def test_values_of_the_methods_page():
    ours = equivalence(FIRST, SECOND, bound=0.10)
    assert ours.p == pytest.approx(0.0178, abs=5e-5)  # four printed digits
    assert ours.smallest_bound == pytest.approx(0.0878, abs=5e-5)
    assert (ours.n, ours.df) == (8, 7)


def test_at_the_smallest_bound_p_is_alpha():
    bound = equivalence(*SLEEP, bound=2.0, level=0.9).smallest_bound
    assert equivalence(*SLEEP, bound=bound).p == pytest.approx(0.1, rel=1e-8)


@pytest.mark.parametrize(
    ("first", "second", "bound", "reason"),
    [
        ([1.0, 2.0], [1.1, 2.1], 0.5, "constant_series"),
        ([1.0], [1.1], 0.5, "too_few"),
        ([1.0, 2.0], [1.1, 2.2], 0.0, "bound_not_positive"),
        ([1.0, 2.0], [1.1, 2.2], float("inf"), "bound_not_positive"),
        ([1.0, 2.0, 3.0], [1.1, 2.0], 0.5, "mismatched_lengths"),
        ([1.0, float("nan")], [1.1, 2.0], 0.5, "not_finite"),
    ],
)
def test_refuses_with_a_reason(first, second, bound, reason):
    with pytest.raises(Degenerate) as refusal:
        equivalence(first, second, bound=bound)
    assert refusal.value.reason == reason
