"""Zones of cells, against R's pt, the closed form for n = 3 and the values of the methods page."""

from __future__ import annotations

import math

import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.zone_probability import zone_probability

# mean and sd in the document's order: Llama GPT-4o DeepSeek Gemini Opus Sonnet Haiku Grok
AT_100 = [(2.86, 0.04), (2.94, 0.02), (2.95, 0.04), (3.01, 0.01), (3.06, 0.07), (3.08, 0.02), (3.13, 0.04)]
AT_100 += [(3.03, 0.03)]
AT_200 = [(2.96, 0.04), (2.96, 0.02), (3.03, 0.09), (3.07, 0.13), (3.07, 0.08), (3.11, 0.06), (3.13, 0.02)]
AT_200 += [(3.17, 0.08)]
BELOW_100 = [0.980762, 0.974342, 0.890434, 0.146447, 0.174604, 0.014929, 0.022110, 0.146447]
BELOW_200 = [0.853553, 0.947214, 0.341886, 0.262950, 0.170748, 0.061052, 0.005814, 0.047591]
CELLS = {
    "llama": (3, 2.86, 0.04),
    "deepseek": (3, 3.03, 0.09),
    "gemini": (3, 3.07, 0.13),
    "high": (9, 4.1, 0.6),
}


def cell(n, mean, sd):
    return Summary(mean=mean, sd=sd, minimum=mean - 2 * sd, maximum=mean + 2 * sd, n=n, half_width=0.005)


@pytest.mark.parametrize("case", CELLS)
@pytest.mark.parametrize("ddof", [0, 1])
def test_agrees_with_r(case, ddof, reference):
    expected = reference("zone_probability")
    ours = zone_probability(cell(*CELLS[case]), cuts=[3.0, 4.0], ddof=ddof)
    for zone, probability in enumerate(ours.probabilities):
        # the upper zones are differences from 1: 1e-15 absolute is all that floats can agree on
        assert probability == pytest.approx(expected[f"{case}_{ddof}", f"zone{zone}"], rel=1e-8, abs=1e-15)
    assert math.fsum(ours.probabilities) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(("figures", "below"), list(zip(AT_100 + AT_200, BELOW_100 + BELOW_200, strict=True)))
def test_values_of_the_methods_page(figures, below):
    assert zone_probability(cell(3, *figures), cuts=[3.0, 4.0], ddof=0).below == pytest.approx(
        below, abs=5e-7
    )


@pytest.mark.parametrize("mean", [2.0, 2.97, 3.0, 3.4])
@pytest.mark.parametrize("ddof", [0, 1])
def test_three_values_have_a_closed_form(mean, ddof):
    t = (3.0 - mean) / (0.2 / math.sqrt(3 - 1 + ddof))
    closed = 0.5 + t / (2 * math.sqrt(2 + t**2))
    assert zone_probability(cell(3, mean, 0.2), cuts=[3.0], ddof=ddof).below == pytest.approx(
        closed, rel=1e-8
    )


@pytest.mark.parametrize(
    ("mean", "zone", "distance"),
    [
        (2.96, 0, -0.04),
        (3.0, 1, 0.0),
        (2.9999999999999996, 1, 0.0),
        (3.9, 1, -0.1),
        (4.0, 2, 0.0),
        (5.5, 2, 1.5),
    ],
)
def test_a_value_on_a_cut_lies_above_it(mean, zone, distance):
    ours = zone_probability(cell(3, mean, 0.1), cuts=[3.0, 4.0], ddof=0)
    assert (ours.zone, ours.distance) == (zone, distance)


@pytest.mark.parametrize(
    ("n", "sd", "cuts", "ddof", "reason"),
    [
        (3, 0.0, [3.0], 0, "zero_spread"),
        (1, 0.1, [3.0], 0, "too_few"),
        (3, 0.1, [], 0, "no_cuts"),
        (3, 0.1, [3.0, 3.0], 0, "cuts_not_increasing"),
        (3, 0.1, [3.0, float("nan")], 0, "cuts_not_increasing"),
        (3, 0.1, [3.0], 3, "unknown_ddof"),
        (3, -0.1, [3.0], 0, "negative_sd"),
    ],
)
def test_refuses_with_a_reason(n, sd, cuts, ddof, reason):
    with pytest.raises(Degenerate) as refusal:
        zone_probability(cell(n, 2.9, sd), cuts=cuts, ddof=ddof)
    assert refusal.value.reason == reason
