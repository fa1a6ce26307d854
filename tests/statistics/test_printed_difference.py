"""Differences of published figures, against those that the second document prints, and all roundings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reporter.errors import Degenerate
from reporter.statistics.printed_difference import printed_difference

# Entropy of the positive and the negative pole, and the delta that the document prints beside them (from
# unrounded figures): experiment 4, Yi 1.5 9B, then Gemma 2 9B (base).
PUBLISHED = [
    (0.361, 0.306, 0.055), (0.288, 0.243, 0.045), (0.307, 0.334, -0.027), (0.316, 0.334, -0.018),
    (0.266, 0.276, -0.010), (0.599, 0.351, 0.248), (0.535, 0.380, 0.156), (0.369, 0.390, -0.020),
    (0.418, 0.412, 0.006), (0.292, 0.309, -0.018), (0.244, 0.215, 0.029),
]  # fmt: skip
HALF = 0.0005


@pytest.mark.parametrize(("positive", "negative", "delta"), PUBLISHED)
def test_every_published_difference_lies_within_the_bounds(positive, negative, delta):
    ours = printed_difference([negative], [positive], half_width=HALF)
    assert (ours.first, ours.second) == (negative, positive)
    assert ours.least <= delta <= ours.most


def test_three_published_differences_are_not_those_of_the_figures_beside_them():
    off = [d for p, n, d in PUBLISHED if printed_difference([n], [p], half_width=HALF).difference != d]
    assert off == [0.156, -0.020, -0.018]


@given(
    first=some.decimals(-10, 10, places=6),
    second=some.decimals(-10, 10, places=6),
    decimals=some.integers(0, 4),
)
def test_the_bounds_hold_for_whatever_was_rounded(first, second, decimals):
    digit = Decimal(1).scaleb(-decimals)
    one, two = first.quantize(digit), second.quantize(digit)
    ours = printed_difference([float(one)], [float(two)], half_width=float(digit / 2))
    assert ours.difference == float(two - one)
    assert (ours.least, ours.most) == (float(two - one - digit), float(two - one + digit))
    assert ours.least <= float(second - first) <= ours.most


def test_the_bounds_are_reached():
    """0.3605 and 0.3065 round to 0.361 (half up) and 0.306 (half down): nothing narrower would hold."""
    ours = printed_difference([0.306], [0.361], half_width=HALF)
    assert ours.least == pytest.approx(0.3605 - 0.3065, abs=1e-12)
    assert ours.most == pytest.approx(0.3615 - 0.3055, abs=1e-12)


def test_no_difference_is_zero_without_a_sign():
    ours = printed_difference([0.1 + 0.2], [0.3], half_width=0.05, unit="bits")
    assert f"{ours.difference} {ours.least} {ours.most}" == "0.0 -0.1 0.1"
    assert f"{printed_difference([0.1], [0.0], half_width=0.05).most}" == "0.0"
    assert (ours.n, ours.unit, ours.method) == (1, "bits", "rounding_bounds")


@pytest.mark.parametrize(
    ("first", "second", "half_width", "reason"),
    [
        ([0.1, 0.2], [0.3], 0.05, "not_single"),
        ([0.1], [], 0.05, "not_single"),
        ([0.1], [float("nan")], 0.05, "not_finite"),
        ([[0.1]], [0.2], 0.05, "not_one_dimensional"),
        ([0.1], [0.2], 0.0, "half_width_not_positive"),
        ([0.1], [0.2], float("nan"), "half_width_not_positive"),
    ],
)
def test_refuses_with_a_reason(first, second, half_width, reason):
    with pytest.raises(Degenerate) as refusal:
        printed_difference(first, second, half_width=half_width)
    assert refusal.value.reason == reason
