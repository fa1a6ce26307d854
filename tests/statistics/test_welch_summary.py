"""Welch's t from summaries, against R's t.test on raw values that were made to have them."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.welch_summary import welch_summary


def cell(n, mean, sd):
    return Summary(mean=mean, sd=sd, minimum=mean - 2 * sd, maximum=mean + 2 * sd, n=n, half_width=0.005)


CASES = {
    "llama": (cell(3, 2.86, 0.04), cell(3, 2.96, 0.04)),
    "deepseek": (cell(3, 2.95, 0.04), cell(3, 3.03, 0.09)),
    "gemini": (cell(3, 3.01, 0.01), cell(3, 3.07, 0.13)),
    "grok": (cell(3, 3.03, 0.03), cell(3, 3.17, 0.08)),
    "unequal": (cell(5, 1.2, 0.7), cell(12, 0.9, 0.1)),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_agrees_with_r(case, ddof, level, reference):
    expected = reference("welch_summary")
    ours = welch_summary(*CASES[case], ddof=ddof, level=level)
    printed = {
        "t": ours.t,
        "df": ours.df,
        "p": ours.p,
        "se": ours.se,
        "low": ours.interval.low,
        "high": ours.interval.high,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[f"{case}_{ddof}_{100 * level:g}", field], rel=1e-8), field


def test_no_change_is_exactly_no_change(reference):
    """R's made-up raw values have a mean difference of 1e-16, so that only se and df are compared."""
    expected = reference("welch_summary")
    haiku = welch_summary(cell(3, 3.13, 0.04), cell(3, 3.13, 0.02), ddof=0)
    assert (haiku.estimate, haiku.t, haiku.p) == (0.0, 0.0, 1.0)
    assert haiku.se == pytest.approx(expected["haiku_0_95", "se"], rel=1e-8)
    assert haiku.df == pytest.approx(expected["haiku_0_95", "df"], rel=1e-8)


def test_values_of_the_methods_page():
    llama = welch_summary(*CASES["llama"], ddof=0)
    assert (llama.t, llama.df) == (pytest.approx(2.5, rel=1e-12), pytest.approx(4, rel=1e-12))
    assert welch_summary(*CASES["grok"], ddof=0).p == pytest.approx(0.1187, abs=5e-5)  # four printed digits


def test_counts_both_cells():
    assert welch_summary(*CASES["unequal"], ddof=1).n == 17


def test_one_constant_cell_is_allowed():
    ours = welch_summary(cell(4, 1.0, 0.0), cell(3, 2.0, 0.3), ddof=1)
    assert ours.df == pytest.approx(2.0, rel=1e-12)  # all the uncertainty is the second cell's


@pytest.mark.parametrize(
    ("first", "second", "ddof", "reason"),
    [
        (cell(3, 1.0, 0.0), cell(3, 2.0, 0.0), 0, "zero_spread"),
        (cell(1, 1.0, 0.1), cell(3, 2.0, 0.1), 0, "too_few"),
        (cell(3, 1.0, 0.1), cell(3, 2.0, 0.1), 2, "unknown_ddof"),
        (cell(3, 1.0, 0.1), cell(3, 2.0, -0.1), 0, "negative_sd"),
        (cell(3, float("nan"), 0.1), cell(3, 2.0, 0.1), 0, "not_finite"),
    ],
)
def test_refuses_with_a_reason(first, second, ddof, reason):
    with pytest.raises(Degenerate) as refusal:
        welch_summary(first, second, ddof=ddof)
    assert refusal.value.reason == reason
