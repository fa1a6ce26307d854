"""Fréchet's bounds on a crossing, against the methods page and the closed form of t with 2 df."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.zone_crossing import zone_crossing

CUTS = [3.0, 4.0]


def cell(mean, sd, n=3):
    return Summary(mean=mean, sd=sd, minimum=mean - 2 * sd, maximum=mean + 2 * sd, n=n, half_width=0.005)


def below(cut, mean, sd):
    """P(mean < cut) for n = 3, sd with ddof 0."""
    t = (cut - mean) / (sd / math.sqrt(2))
    return 0.5 + t / (2 * math.sqrt(2 + t**2))


def test_deepseek_crossed_by_its_point_value_only():
    ours = zone_crossing(cell(2.95, 0.04), cell(3.03, 0.09), cuts=CUTS, ddof=0)
    assert (ours.first_zone, ours.second_zone, ours.crossed, ours.established) == (0, 1, True, False)
    assert ours.low == pytest.approx(0.5485, abs=5e-5)  # four printed digits
    assert ours.high == pytest.approx(0.6581, abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "one", "two"),
    [
        ((2.95, 0.04), (3.03, 0.09), below(3, 2.95, 0.04), 1 - below(3, 3.03, 0.09)),
        ((3.03, 0.09), (2.95, 0.04), 1 - below(3, 3.03, 0.09), below(3, 2.95, 0.04)),
        ((2.5, 0.3), (4.4, 0.3), below(3, 2.5, 0.3), 1 - below(4, 4.4, 0.3)),
        ((4.4, 0.3), (3.6, 0.3), 1 - below(4, 4.4, 0.3), below(4, 3.6, 0.3)),
        (
            (3.2, 0.2),
            (3.7, 0.3),
            below(4, 3.2, 0.2) - below(3, 3.2, 0.2),
            below(4, 3.7, 0.3) - below(3, 3.7, 0.3),
        ),
        ((2.7, 0.5), (2.8, 0.1), below(3, 2.7, 0.5), below(3, 2.8, 0.1)),
    ],
    ids=["up", "down", "up_two", "down_from_top", "stayed_inside", "stayed_lowest"],
)
def test_bounds_follow_from_the_two_halves_of_the_claim(first, second, one, two):
    ours = zone_crossing(cell(*first), cell(*second), cuts=CUTS, ddof=0)
    assert ours.low == pytest.approx(max(0.0, one + two - 1), rel=1e-8, abs=1e-15)
    assert ours.high == pytest.approx(min(one, two), rel=1e-8)


def test_every_coupling_lies_within_the_bounds():
    """Draw both means together with correlations from -1 to 1 and count how often both halves hold."""
    ours = zone_crossing(cell(2.95, 0.04, n=30), cell(3.01, 0.09, n=30), cuts=[3.0], ddof=1)
    rng = np.random.default_rng(3)
    draws = 100_000
    common, other = rng.standard_normal((2, draws))
    spread = np.sqrt(29 / rng.chisquare(29, draws))
    for correlation in (-1.0, -0.5, 0.0, 0.5, 1.0):
        second = correlation * common + math.sqrt(1 - correlation**2) * other
        first_low = 2.95 + 0.04 / math.sqrt(30) * common * spread < 3
        second_high = 3.01 + 0.09 / math.sqrt(30) * second * spread >= 3
        share = np.mean(first_low & second_high)
        assert ours.low - 0.006 < share < ours.high + 0.006  # 4 Monte Carlo standard errors


def test_a_clear_crossing_is_established():
    ours = zone_crossing(cell(2.0, 0.01, n=9), cell(3.5, 0.01, n=9), cuts=CUTS, ddof=1)
    assert ours.established
    assert ours.n == 18


def test_the_declared_level_decides():
    cells = cell(2.95, 0.04), cell(3.03, 0.09)
    assert zone_crossing(*cells, cuts=CUTS, ddof=0, level=0.5).established
    assert not zone_crossing(*cells, cuts=CUTS, ddof=0, level=0.55).established


@pytest.mark.parametrize(
    ("sd", "cuts", "ddof", "reason"),
    [
        (0.0, CUTS, 0, "zero_spread"),
        (0.1, [], 0, "no_cuts"),
        (0.1, [4.0, 3.0], 0, "cuts_not_increasing"),
        (0.1, CUTS, 2, "unknown_ddof"),
    ],
)
def test_refuses_with_a_reason(sd, cuts, ddof, reason):
    with pytest.raises(Degenerate) as refusal:
        zone_crossing(cell(2.9, 0.1), cell(3.1, sd), cuts=cuts, ddof=ddof)
    assert refusal.value.reason == reason
