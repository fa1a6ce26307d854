"""Order of a few values, against R's exact Kendall test and a list of all orders."""

from __future__ import annotations

from itertools import combinations, permutations
from math import factorial

import pytest

from reporter.errors import Degenerate
from reporter.statistics.ordering import ordering

CASES = {
    "three": [3, 2, 1],
    "swapped": [3.13, 3.06, 3.08],
    "eight": [8, 6, 7, 5, 2, 4, 3, 1],
    "rising": [1, 2, 3, 4],
    "seven": [0.3, 2.5, -1, 0.4, 0.2, -3, 0.1],
}


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_r(case, reference):
    expected = reference("ordering")
    ours = ordering(CASES[case])
    assert ours.statistic == expected[case, "statistic"]
    assert ours.p == pytest.approx(expected[case, "p"], rel=1e-8)
    assert ours.p_floor == 1 / factorial(len(CASES[case]))


@pytest.mark.parametrize(
    "values", [[2, 2, 1], [3, 1, 2, 1], [5, 5, 4, 4, 4, 1], [1, 1], [2, 3, 2, 3, 1, 1, 1]]
)
def test_ties_agree_with_a_list_of_all_orders(values):
    def falls(order):
        return sum(one > two for one, two in combinations(order, 2))

    every = [falls(order) for order in permutations(values)]
    ours = ordering(values)
    assert ours.statistic == falls(values)
    assert ours.p == pytest.approx(sum(count >= falls(values) for count in every) / len(every), rel=1e-12)
    assert ours.p_floor == pytest.approx(every.count(max(every)) / len(every), rel=1e-12)


def test_three_models_cannot_go_below_a_sixth():
    ours = ordering([3.13, 3.08, 3.06])
    assert (ours.holds, ours.p, ours.p_floor) == (True, 1 / 6, 1 / 6)


@pytest.mark.parametrize(
    ("values", "holds"),
    [([3, 2, 1], True), ([3, 2, 2], False), ([3, 1, 2], False), ([0.1 + 0.2, 0.3], False)],
)
def test_a_tie_is_no_order(values, holds):
    assert ordering(values).holds is holds


def test_forty_values_are_exact():
    assert ordering(range(40, 0, -1)).p == pytest.approx(1 / factorial(40), rel=1e-12)


@pytest.mark.parametrize(("values", "reason"), [([1.0], "too_few"), ([1.0, float("nan")], "not_finite")])
def test_refuses_with_a_reason(values, reason):
    with pytest.raises(Degenerate) as refusal:
        ordering(values)
    assert refusal.value.reason == reason
