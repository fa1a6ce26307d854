"""Arithmetic that sentences state, redone from the numbers of the document."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.audit.checks.prose_arithmetic import prose_arithmetic
from reporter.audit.facts import facts_of
from reporter.audit.finding import Severity
from reporter.audit.markdown import read_markdown
from reporter.audit.reading import Reading

TABLE = """
| Model | 100 tokens | 200 tokens | Change | Max H |
|---|---|---|---|---|
| Alpha 1B | 2.81 | 2.93 | +0.12 | 3.05 |
| Beta 2B | 2.90 | 2.92 | +0.02 | 2.99 |
| Gamma 3B | 2.95 | 3.03 | +0.08 | 3.20 |
| Omega 5B | 3.15 | 3.15 | ±0.00 | 3.30 |
"""


@pytest.mark.parametrize(
    "text",
    [
        "Alpha went from 2.81 to 2.93, still 0.07 nats below the threshold (3.0).",
        "The gap is 0.22 nats (Omega vs Beta).",
        "The gap is 0.23 nats (Omega vs Beta).",
        "All stay within ±0.12 nats of the first limit.",
        "Gamma: +0.08 nats, crossed the 3.0 nat threshold.",
        "Entropy increased (2.81 → 2.93).",
        "Entropy did not decrease (2.81 → 2.93).",
        "Alpha: 2.81 → 2.93 nats, change +0.12.",
        "Means lie between 2.92 and 3.15 nats, a range of 0.23.",
        "In all 420 responses = 7 axes × 2 poles × 30 questions.",
        "One third, 1/3 of the change, is left.",
        "Alpha rose six times as much as Beta.",
        "Gamma rose two thirds as much as Alpha.",
        "Entropy rose by 0.055 nats on average.",
        "The drop, from 3.94 to 2.71, is 1.23 nats.",
        "Of the 72 heads, 48 rise, 20 fall and 4 stay the same.",
        "It rose from 0.50 to 0.60, by 20.0 %.",
    ],
)
def test_right_arithmetic_passes(written, text):
    assert written(prose_arithmetic, f"{TABLE}\n{text}\n") == []


@pytest.mark.parametrize(
    ("text", "severity", "expected"),
    [
        ("Peak 2.93, still 0.27 nats below the threshold (3.0).", Severity.ERROR, "0.07 below"),
        ("The gap is 0.32 nats (Omega vs Beta).", Severity.ERROR, "0.25 (100 tokens), 0.23 (200 tokens)"),
        ("All stay within ±0.34 nats of baseline.", Severity.WARNING, "largest change 0.12"),
        (
            "Beta: +0.02 nats, crossed the 3.0 nat threshold.",
            Severity.ERROR,
            "values on both sides of the cut",
        ),
        ("Entropy decreased (2.81 → 2.93).", Severity.ERROR, "increased"),
        ("Alpha: 2.81 → 2.93 nats, change +0.21.", Severity.ERROR, "+0.12"),
        ("Means lie between 2.92 and 3.15 nats, a range of 0.32.", Severity.ERROR, "+0.23"),
        ("In all 420 responses = 7 axes × 3 poles × 30 questions.", Severity.ERROR, "630"),
        ("Alpha does it at 1/10th the cost.", Severity.NOTE, "figures of cost"),
        ("Alpha rose twice as much as Beta.", Severity.ERROR, "6.0 times"),
        ("Entropy rose by 0.085 nats on average.", Severity.ERROR, "+0.055"),
        ("The drop, from 3.94 to 2.71, is 1.32 nats.", Severity.ERROR, "1.23"),
        ("Of the 72 heads, 48 rise, 20 fall and 6 stay the same.", Severity.ERROR, "72 in all"),
        ("The variance is 0.22 nats (Omega vs Beta).", Severity.NOTE, "a difference, or a range"),
        ("For Alpha: Peak: 2.93", Severity.NOTE, "3.05"),
    ],
)
def test_wrong_arithmetic_is_found(written, text, severity, expected):
    findings = [f for f in written(prose_arithmetic, f"{TABLE}\n{text}\n") if f.severity is severity]
    assert [finding.expected for finding in findings] == [expected]


def test_who_is_not_in_the_table_is_left_alone(written):
    assert written(prose_arithmetic, f"{TABLE}\nThe gap is 0.92 nats (Delta vs Beta).\n") == []


@given(start=st.integers(100, 500), end=st.integers(100, 500))
@settings(max_examples=40, deadline=None)
def test_a_change_that_is_the_difference_passes(start, end):
    text = f"It went {start / 100:.2f} → {end / 100:.2f} nats, change {(end - start) / 100:+.2f}."
    document = read_markdown(text, "made.md")
    looked = [*prose_arithmetic(Reading(document=document, facts=facts_of(document)))]
    assert [each.finding for each in looked] == [None]
