"""Stars, bold print, lists of what is significant, and words of significance."""

from __future__ import annotations

import pytest

from reporter.audit.checks.stars import stars
from reporter.audit.finding import Severity

LIST = "### Correlations (Spearman, n=30 per model)\n\n| Axis | Models with p<0.05 |\n|---|---|\n| warm | A (r=−0.53), B (r={}) |\n"
PEAKS = (
    "### Peaks (n = 30)\n\n| Model | warm | formal | verbose |\n|---|---|---|---|\n"
    "| A | L27 −0.38* | L12 +0.42* | L02 −0.36 |\n| B | L01 {} | L12 +0.62* | L02 {} |\n"
)
P = "| Axis | Delta | p |\n|---|---|---|\n| a | +0.25 | **<0.001** |\n| b | +0.05 | {} |\n| c | +0.01 | 0.959 |\n"
VERDICTS = "| Axis | p | Verdict |\n|---|---|---|\n| a | {} | {} |\n"


def test_a_list_of_significant_correlations(written):
    assert written(stars, LIST.format("−0.39")) == []
    assert written(stars, LIST.format("+0.36")) == []  # .3645 would do: rounding is allowed for
    [finding] = written(stars, LIST.format("+0.31"))
    assert finding.severity is Severity.ERROR
    assert (
        finding.expected == "p = 0.095, not below 0.05"
    )  # .0955 by 2 * pt(-0.31 * sqrt(28 / (1 - 0.31^2)), 28)


def test_stars_of_correlations_follow_r_and_n(written):
    assert written(stars, PEAKS.format("−0.45*", "+0.20")) == []
    missing = written(stars, PEAKS.format("−0.45*", "+0.58"))
    assert [finding.expected for finding in missing if "at n = " not in finding.how][-1] == "a star"
    found = written(stars, PEAKS.format("−0.15*", "+0.20"))
    assert {finding.severity for finding in found} == {Severity.ERROR, Severity.WARNING}


def test_stars_after_an_adjustment_are_compared_within_a_row_only(written):
    text = "**Table 1.** Peaks. Stars: p after Šidák's adjustment.\n\n" + PEAKS.format("−0.45", "+0.58")
    assert written(stars, text.replace("### Peaks (n = 30)\n\n", "")) == []
    [finding] = written(stars, text.replace("+0.62*", "+0.50*").replace("### Peaks (n = 30)\n\n", ""))
    assert finding.severity is Severity.WARNING
    assert "+0.58" in finding.quoted


def test_bold_print_belongs_to_the_smallest_p(written):
    assert written(stars, P.format("**0.002**")) == []
    assert written(stars, P.format("0.110")) == []
    [finding] = written(stars, P.format("0.110").replace("0.959", "**0.959**"))
    assert "0.110" in finding.how


@pytest.mark.parametrize(
    ("p", "verdict", "wrong"),
    [
        ("0.554", "not separable", False),
        ("0.0156", "different", False),
        ("0.0156", "not separable", True),
        ("0.554", "significant", True),
        ("<0.001", "n.s.", True),
        ("0.049", "marginal", False),
    ],
)
def test_a_verdict_goes_with_its_p(written, p, verdict, wrong):
    assert bool(written(stars, VERDICTS.format(p, verdict))) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The effect was significant (p = .03).", False),
        ("The effect was significant (p = .30).", True),
        ("The effect was not significant (p = .30).", False),
        ("The effect was not significant (p = .003).", True),
        ("Whether it is significant (p = .30) is open.", False),
        ("Two effects, p = .3 and p = .01, one significant.", False),
    ],
)
def test_words_in_a_sentence(written, text, wrong):
    assert bool(written(stars, text)) is wrong
