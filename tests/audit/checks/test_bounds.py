"""Numbers that cannot exist: ends in the wrong order, more than the whole, a p value above one."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.audit.checks.bounds import bounds
from reporter.audit.document import Kind


@pytest.mark.parametrize(
    ("text", "n_found"), [("[1.22, 1.73]", 0), ("[1.73, 1.22]", 1), ("[1.22, 1.22]", 0), ("[42, 23]", 0)]
)
def test_the_lower_end_comes_first(made, text, n_found):
    assert (
        len(made.found(bounds, made.reading(made.sentence("It is " + text, made.quantity(text))))) == n_found
    )


@pytest.mark.parametrize(
    ("text", "n_found"), [("6 of 8", 0), ("8 of 8", 0), ("9 of 8", 1), ("9/8", 0), ("24/7", 0)]
)
def test_a_part_is_no_more_than_its_whole(made, text, n_found):
    """In a sentence two numbers with a stroke may be a ratio, or a name."""
    share = dataclasses.replace(made.quantity(text.replace(" of ", "/")), text=text)
    assert len(made.found(bounds, made.reading(made.sentence(text + " rose", share)))) == n_found


@pytest.mark.parametrize(
    ("text", "claim", "n_found"),
    [
        ("one of 0.057 nats with probability 0.80.", "0.80", 0),
        ("one of 0.057 nats with probability 7.80.", "7.80", 1),
        ("with probability 80 % of the time", "80", 0),
        ("(95 % CI 0.014 to 0.096)", "95", 0),
        ("95 nats (0.069 % CI 0.014 to 0.096)", "0.069", 1),
        ("a rise of 0.069 % over a year", "0.069", 0),
    ],
)
def test_levels_and_probabilities_in_sentences(made, text, claim, n_found):
    assert len(made.found(bounds, made.reading(made.sentence(text, made.quantity(claim))))) == n_found


def test_in_a_table_of_shares_a_stroke_makes_one(made):
    table = made.table(("Model", "Cut"), ("a", "9/8"), ("b", "7/8"), ("c", "8/8"))
    assert len(made.found(bounds, made.reading(table))) == 1
    assert made.found(bounds, made.reading(made.table(("Model", "Device"), ("a", "9/8")))) == []


@pytest.mark.parametrize("text", ["4.5, 1", "10, 5", "3.94, 2.71"])
def test_a_ratio_is_no_range(made, text):
    ratio = dataclasses.replace(made.quantity(f"[{text}]"), kind=Kind.RANGE)  # or a fall, or a code
    assert made.found(bounds, made.reading(made.sentence("a contrast of " + text, ratio))) == []


@pytest.mark.parametrize(
    ("head", "text", "n_found"),
    [
        ("p", "0.433", 0),
        ("p", "2.433", 1),
        ("p, 200", "1.000", 0),
        ("Adjusted p", "−0.012", 1),
        ("rho", "−0.53", 0),
        ("rho", "−1.53", 1),
        ("rho", "27", 0),
        ("P(below cut)", "1.15", 1),
        ("Bayes factor", "3.20", 0),
        ("Mean", "3.20", 0),
    ],
)
def test_columns_say_what_they_hold(made, head, text, n_found):
    assert len(made.found(bounds, made.reading(made.table(("Model", head), ("a", text))))) == n_found


@given(st.floats(-9, 9), st.floats(0, 9), st.integers(0, 4))
def test_rounding_never_turns_an_interval_round(made, low, width, decimals):
    text = f"[{low:.{decimals}f}, {low + width:.{decimals}f}]".replace("-", "−")
    assert made.found(bounds, made.reading(made.sentence(text, made.quantity(text)))) == []
