"""Extremes and spread, against R; ties against the published table."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.statistics.value_range import value_range

CASES = {
    "first": [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03],
    "second": [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17],
    "sleep": [
        0.7,
        -1.6,
        -0.2,
        -1.2,
        -0.1,
        3.4,
        3.7,
        0.8,
        0,
        2,
        1.9,
        0.8,
        1.1,
        0.1,
        -0.1,
        4.4,
        5.5,
        1.6,
        4.6,
        3.4,
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_r(case, reference):
    expected = reference("value_range")
    ours = value_range(CASES[case])
    for field in ("minimum", "maximum", "width", "mean", "sd"):
        assert getattr(ours, field) == pytest.approx(expected[case, field], rel=1e-8), field


def test_two_models_share_the_lowest_place_at_200():
    ours = value_range(CASES["second"])
    assert (ours.lowest.indices, ours.highest.indices) == ((0, 1), (7,))


def test_rounding_noise_is_a_tie():
    assert value_range([0.1 + 0.2, 0.3, 0.1]).highest.indices == (0, 1)


def test_equal_values_have_a_spread_of_zero():
    ours = value_range([2.0, 2.0])
    assert (ours.width, ours.sd, len(ours.lowest), len(ours.highest)) == (0.0, 0.0, 2, 2)


@pytest.mark.parametrize(
    ("values", "reason"),
    [([1.0], "too_few"), ([1.0, float("nan")], "not_finite"), ([[1.0, 2.0]], "not_one_dimensional")],
)
def test_refuses_with_a_reason(values, reason):
    with pytest.raises(Degenerate) as refusal:
        value_range(values)
    assert refusal.value.reason == reason
