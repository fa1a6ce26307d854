"""Welch's t and its equivalence version, against R's t.test."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.equivalence_welch import equivalence_welch
from reporter.statistics.welch_t import welch_t

CASES = {
    "sleep": (
        [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
        [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
    ),
    "unequal": ([2.71, 2.93, 3.02], [3.10, 3.05, 3.32, 2.98, 3.21, 3.47, 3.03]),
    "one_constant": ([3, 3, 3], [2.5, 3.1, 2.9, 2.7]),
    "two": ([1, 2], [1.5, 3.25]),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_agrees_with_r(case, level, reference):
    expected = reference("welch_t")
    ours = welch_t(*CASES[case], level=level)
    printed = {
        "estimate": ours.estimate,
        "t": ours.t,
        "df": ours.df,
        "p": ours.p,
        "se": ours.se,
        "low": ours.interval.low,
        "high": ours.interval.high,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[f"{case}_{100 * level:g}", field], rel=1e-8), field
    assert ours.n == sum(len(group) for group in CASES[case])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("bound", [0.5, 2])
def test_equivalence_agrees_with_two_one_sided_tests_of_r(case, bound, reference):
    expected = reference("welch_t")
    ours = equivalence_welch(*CASES[case], bound=bound)
    printed = {
        "p": ours.p,
        "low": ours.interval.low,
        "high": ours.interval.high,
        "smallest_bound": ours.smallest_bound,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[f"{case}_bound_{bound:g}", field], rel=1e-8), field
    assert ours.interval.level == 0.90


def test_the_smallest_bound_is_just_equivalent():
    first, second = CASES["unequal"]
    smallest = equivalence_welch(first, second, bound=1).smallest_bound
    assert equivalence_welch(first, second, bound=smallest).p == pytest.approx(0.05, abs=1e-12)


@pytest.mark.parametrize("function", [welch_t, lambda *groups: equivalence_welch(*groups, bound=1)])
@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0], [2.0, 3.0], "too_few"),
        ([1.1, 1.1, 1.1], [2.2, 2.2], "constant_series"),
        ([1.0, np.nan], [2.0, 3.0], "not_finite"),
        ([1.0, 2.0], [-np.inf, 3.0], "not_finite"),
        ([[1.0, 2.0]], [2.0, 4.0], "not_one_dimensional"),
    ],
)
def test_refuses_with_a_reason(function, first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        function(first, second)
    assert refusal.value.reason == reason


@pytest.mark.parametrize("bound", [0, -0.1, np.nan, np.inf])
def test_equivalence_refuses_a_bound_that_is_none(bound):
    with pytest.raises(Degenerate) as refusal:
        equivalence_welch([1, 2], [1, 3], bound=bound)
    assert refusal.value.reason == "bound_not_positive"
