"""Counts, ranges, classes, superlatives, lists and depths, on tables of the same document."""

from __future__ import annotations

import pytest

from reporter.audit.checks.counting import counting
from reporter.audit.finding import Severity

TABLE = """
| Model | 100 tokens | 200 tokens | Change | Zone (100) | Zone (200) |
|---|---|---|---|---|---|
| Alpha 1B | 2.81 ± 0.04 | 2.93 ± 0.04 | +0.12 | LOW | LOW |
| Beta 2B | 2.90 ± 0.02 | 2.92 ± 0.02 | +0.02 | LOW | LOW |
| Gamma 3B | 2.95 ± 0.04 | 3.03 ± 0.09 | +0.08 | LOW | MIDDLE |
| Delta 4B | 3.10 ± 0.07 | 3.11 ± 0.08 | +0.01 | MIDDLE | MIDDLE |
| Omega 5B | 3.15 ± 0.04 | 3.15 ± 0.02 | ±0.00 | MIDDLE | MIDDLE |
"""
LAYERS = "| Model | Layers | Entropy range |\n|---|---|---|\n| Alpha 1B | 31 | [1.22, 1.73] |\n| Beta 2B | 31 | [0.63, 2.94] |\n| Gamma 3B | 31 | [1.81, 3.13] |\n"
PEAKS = """
| Model | warm/cold | formal/casual | verbose/concise |
|---|---|---|---|
| Alpha 1B | L27 −0.68* | L28 +0.62* | L30 −0.77* |
| Beta 2B | L16 +0.55* | L26 −0.58* | L04 +0.51* |
| Gamma 3B | L02 +0.45 | L03 −0.44 | L04 +0.51 |
"""
TRUE = (
    "4/5 models rose.",
    "4 of 5 changes are above zero.",
    "1/5 stayed unchanged.",
    "Counting changes of more than 0.015 nats, 3/5 models rose.",
    "4 of 5 models kept their zone.",
    "Gamma is the only model that changed its zone.",
    "All 5 models lie within 2.92-3.15 nats at 200 tokens.",
    "Omega has the highest entropy (3.15).",
    "Alpha shows the largest increase (+0.12).",
    "Alpha has the lowest entropy at 100 tokens.",
    "Which model has the lowest entropy at 200 tokens?",
    "Alpha rose by +0.12 nats (largest among LOW models).",
    "3 of 5 models rose by more than 0.01.",
    "Every model stays below 3.2 nats at 200 tokens.",
    "No model lies below 2.9 nats at 200 tokens.",
    "At 200 tokens the means lie between 2.92 and 3.15 nats.",
    "At 200 tokens the means lie between 2.92 and 3.15 nats, at 100 tokens between 2.81 and 3.15.",
    "Of all, 2/5 are MIDDLE at 100 tokens.",
    "Omega has the highest entropy at both limits.",
)
FALSE = (
    ("3/5 models rose.", Severity.WARNING, "4 of 5"),
    ("5/5 models rose.", Severity.ERROR, "4 of 5"),
    ("2/5 models fell.", Severity.ERROR, "0 of 5"),
    ("5 of 5 models kept their zone.", Severity.ERROR, "4 of 5"),
    ("All zones remain unchanged.", Severity.ERROR, "changed for Gamma 3B"),
    ("Delta is the only model that changed its zone.", Severity.ERROR, "Gamma 3B changed"),
    ("All 5 models lie within 2.95-3.15 nats at 200 tokens.", Severity.ERROR, "2.92 to 3.15"),
    ("All 5 models lie within 2.81-3.15 nats at 200 tokens.", Severity.WARNING, "2.92 to 3.15"),
    ("Means converge at 2.9-3.0 nats, whatever the limit.", Severity.WARNING, "2 of 5 values within"),
    ("Delta has the highest entropy (3.11).", Severity.ERROR, "Omega 5B (3.15)"),
    ("4 of 5 models rose by more than 0.05.", Severity.ERROR, "2 of 5"),
    ("Every model stays below 3.1 nats at 200 tokens.", Severity.ERROR, "3 of 5"),
    ("No model lies below 3.0 nats at 200 tokens.", Severity.ERROR, "3 of 5"),
    ("At 200 tokens the means lie between 2.92 and 3.05 nats.", Severity.ERROR, "2.92 to 3.15"),
    ("Of all, 3/5 are MIDDLE at 100 tokens.", Severity.ERROR, "2 of 5"),
    ("No model changed its zone.", Severity.ERROR, "changed for Gamma 3B"),
    ("Alpha has the lowest entropy at both limits.", Severity.ERROR, "Beta 2B (2.92)"),
    ("Alpha has the lowest entropy.", Severity.WARNING, "Beta 2B (2.92)"),
    ("Gamma shows the largest increase (+0.08).", Severity.ERROR, "Alpha 1B (+0.12)"),
)


@pytest.mark.parametrize("text", TRUE)
def test_true_words_pass(written, text):
    assert written(counting, f"{TABLE}\n{text}\n") == []


@pytest.mark.parametrize(("text", "severity", "expected"), FALSE)
def test_false_words_are_found(written, text, severity, expected):
    findings = written(counting, f"{TABLE}\n{text}\n")
    assert [(f.severity, f.expected) for f in findings] == [(severity, expected)]


def test_a_tie_is_named(written):
    tied = TABLE.replace("2.93 ± 0.04", "2.92 ± 0.04")
    [finding] = written(counting, f"{tied}\nBeta has the lowest entropy at 200 tokens.\n")
    assert finding.expected == "shared by Alpha 1B and Beta 2B"
    assert written(counting, f"{tied}\nBeta has the lowest entropy at 200 tokens, shared with Alpha.\n") == []


def test_a_group_that_is_said_to_have_kept_its_value(written):
    table = (
        "Models that maintained entropy:\n\n| Model | Change |\n|---|---|\n| A x | ±0.00 |\n| B y | {} |\n"
    )
    assert written(counting, table.format("+0.00")) == []
    [finding] = written(counting, table.format("+0.01"))
    assert finding.severity is Severity.WARNING


def test_lists_of_the_first_k(written):
    table = "| Model | Behavioral dim |\n|---|---|\n| Alpha 1B | 1.3 |\n| Beta 2B | 2.4 |\n| Gamma 3B | 2.8 |\n| Delta 4B | N/A |\n| Omega 5B | 1.9 |\n"
    right = "\nThe two most constrained models behaviorally (Alpha, Omega) are small.\n"
    assert written(counting, table + right) == []
    [finding] = written(counting, table + right.replace("Omega", "Delta"))
    assert finding.expected == "Alpha 1B 1.3, Omega 5B 1.9"
    assert "Delta 4B has no value there" in finding.how
    [other] = written(counting, table + right.rstrip() + ' The two most "open" (Beta, Omega) are large.\n')
    assert other.expected == "Gamma 3B 2.8, Beta 2B 2.4"


def test_widths_of_printed_ranges(written):
    text = "\nRanges vary {}x: from Alpha's narrow [1.22, 1.73] to {}.\n"
    assert written(counting, LAYERS + text.format("4.5", "Beta's wide [0.63, 2.94]")) == []
    widest, times = written(counting, LAYERS + text.format("3", "Gamma's wide [1.81, 3.13]"))
    assert widest.expected == "narrowest Alpha 1B (0.51), widest Beta 2B (2.31)"
    assert times.expected == "4.5 times"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Alpha concentrates its signal in the final layers.", False),
        ("Beta concentrates its signal in the final layers.", True),
        ("Gamma: early signal only, fades after 30%.", False),
        ("Alpha: early signal only, fades after 30%.", True),
        ("Gamma has weak signal everywhere.", False),
        ("Beta has weak signal everywhere except for verbose.", True),
        ("Beta: early blue, late red.", True),
        ("Gamma has the weakest signal.", False),
    ],
)
def test_depths_of_peaks(written, text, wrong):
    findings = written(counting, f"{LAYERS}\n{PEAKS}\n{text}\n")
    assert bool(findings) is wrong, findings


def test_signs_that_are_called_consistent(written):
    text = "| Axis | Models with p<0.05 |\n|---|---|\n| warm | A (r=−0.53), B (r={}) |\n| formal | A (r=0.5) |\n\nFor warm the correlations are the most consistent.\n"
    assert written(counting, text.format("−0.39")) == []
    [finding] = written(counting, text.format("+0.39"))
    assert finding.expected == "warm: 1 positive, 1 negative"


STEPS = "| Step | Mean entropy | Loss |\n|---|---|---|\n| 1k | 3.94 | 5.1 |\n| 2k | 3.10 | 4.2 |\n| 3k | {} | 4.1 |\n"


def test_what_goes_one_way_at_every_step(written):
    assert written(counting, STEPS.format("2.71") + "\nEntropy fell at every step.\n") == []
    assert written(counting, STEPS.format("3.20") + "\nLoss fell at every step.\n") == []
    [finding] = written(counting, STEPS.format("3.20") + "\nEntropy fell at every step.\n")
    assert finding.expected == "1 of 2 steps"


def test_the_strongest_correlation_of_a_table(written):
    text = (
        "Table 1. Correlation of entropy and ratings.\n\n| Model | Detail | Tone |\n|---|---|---|\n"
        "| A | 0.12 | -0.30 |\n| B | {} | 0.10 |\n| C | 0.11 | 0.47 |\n\nThe strongest correlation is that of C (0.47).\n"
    )
    assert written(counting, text.format("0.22")) == []
    [finding] = written(counting, text.format("-0.52"))
    assert finding.expected == "-0.52 (B, Detail)"


def test_a_condition_may_be_a_number_with_decimals(written):
    text = (
        "Table 1. Mean entropy at two temperatures.\n\n| Model | T = 0.5 | T = 1.0 |\n|---|---|---|\n"
        "| Alpha 1B | 1.9 | 2.7 |\n| Beta 2B | 2.1 | 2.4 |\n| Gamma 3B | 1.7 | 2.3 |\n\nBeta has the highest entropy{}.\n"
    )
    assert written(counting, text.format(" at temperature 0.5")) == []
    assert len(written(counting, text.format(" at temperature 1.0"))) == 1
    assert len(written(counting, text.format(" at both temperatures"))) == 1
