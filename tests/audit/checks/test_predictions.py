"""Extrapolations: logarithm, straight line, plateau, one slope for all, and the rows that depart."""

from __future__ import annotations

import math

import pytest

from reporter.audit.checks.predictions import predictions
from reporter.audit.finding import Severity

POINTS = {
    "Alpha 1B": (2.81, 2.93),
    "Beta 2B": (2.90, 2.92),
    "Gamma 3B": (2.95, 3.03),
    "Delta 4B": (3.10, 3.11),
    "Omega 5B": (3.15, 3.15),
}
LOG = math.log(500 / 200) / math.log(2)
SLOPE = sum(b - a for a, b in POINTS.values()) / len(POINTS)
SHAPES = {
    "log": lambda a, b: b + LOG * (b - a),
    "line": lambda a, b: b + 3 * (b - a),
    "plateau": lambda _, b: b,
    "common": lambda a, b: (a + b) / 2 + (LOG + 0.5) * SLOPE,
}


def text(shape, *, digits=2, confidence=False, **other):
    rows = "".join(f"| {m} | {a} | {b} |\n" for m, (a, b) in POINTS.items())
    told = {m: SHAPES[shape](a, b) + other.get(m.split()[0], 0) for m, (a, b) in POINTS.items()}
    word = " High |" if confidence else ""
    predicted = "".join(f"| {m} | {value:.{digits}f} |{word}\n" for m, value in told.items())
    head = "| Model | 100 tokens | 200 tokens |\n|---|---|---|\n"
    more = "| Model | Predicted at 500 tokens |" + (
        " Confidence |\n|---|---|---|\n" if confidence else "\n|---|---|\n"
    )
    return f"{head}{rows}\n## Predictions\n\n{more}{predicted}"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("digits", [2, 3])
def test_each_shape_is_recognised(written, shape, digits):
    assert written(predictions, text(shape, digits=digits)) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_the_row_that_departs_is_named(written, shape):
    [finding] = written(predictions, text(shape, digits=3, Gamma=0.05))
    assert finding.severity is Severity.WARNING
    assert finding.quoted.startswith("Gamma 3B")
    assert finding.expected == f"{SHAPES[shape](*POINTS['Gamma 3B']):.3f}"


def test_nothing_is_said_where_no_shape_fits(written):
    assert written(predictions, text("log", Alpha=0.3, Beta=-0.2, Gamma=0.11, Delta=0.23)) == []


def test_confidence_from_two_points_is_noted(written):
    findings = written(predictions, text("log", confidence=True))
    assert {finding.severity for finding in findings} == {Severity.NOTE}
    assert len(findings) == len(POINTS)
