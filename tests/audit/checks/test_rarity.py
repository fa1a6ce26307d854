"""How much the agreement of two numbers says."""

from __future__ import annotations

import math

import pytest

from reporter.audit.checks._rarity import Rarity, agree, figures_in


@pytest.mark.parametrize(
    ("text", "digits"), [("0.0156", 4), ("3.026", 3), ("0.10", 2), ("4096", 3), ("30", 1), ("8", 0)]
)
def test_digits_of_a_number_that_stands_twice(made, text, digits):
    twice = made.reading(*(made.sentence(text, made.quantity(text), line=i) for i in (1, 2)))
    assert Rarity(twice.document).of(made.printed(text)) == digits


def test_what_is_printed_everywhere_says_little(made):
    """Of 100 numbers 52 are 1.000: one in two."""
    texts = ["1.000"] * 52 + [f"0.{i:03}" for i in range(48)]
    whole = made.reading(*(made.sentence(text, made.quantity(text)) for text in texts))
    assert Rarity(whole.document).of(made.printed("1.000")) == pytest.approx(math.log10(2))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2.86", "2.86", True),
        ("2.857", "2.86", True),
        ("2.85", "2.9", True),
        ("2.84", "2.9", False),
        ("2.86", "2.87", False),
    ],
)
def test_roundings_of_one_value_agree(made, one, other, same):
    assert agree(made.printed(one), made.printed(other)) == same
    assert agree(made.printed(other), made.printed(one)) == same


def test_figures_of_titles_leave_out_the_number_of_the_table():
    assert figures_in("Table 9. As published, at 100 tokens; GPT-4o at 1.5.") == {"100", "1.5"}
