"""Sentences and rows that repeat numbers of others: one slip is found, further numbers are not held against them."""

from __future__ import annotations

import pytest

from reporter.audit.checks.echoes import echoes, is_slip

HEADS = ("Question", "Estimate", "Interval", "t", "p", "n")
ROW = ("mean change", "+0.055", "[0.014, 0.096]", "3.18", "0.0156", "8")


def reading(made, *sentence, row=ROW):
    quantities = [made.quantity(text) for text in sentence]
    others = [("other change", "+0.069", "[0.018, 0.120]", "3.49", "0.0175", "6")]
    return made.reading(
        made.sentence("It changed by " + ", ".join(sentence), *quantities),
        made.table(HEADS, row, *others, line=20),
    )


def test_a_sentence_that_repeats_a_row_passes(made):
    looked = [*echoes(reading(made, "+0.055", "[0.014, 0.096]", "3.18", "0.0156"))]
    assert [each.finding for each in looked] == [None]
    assert len(looked[0].numbers) == 5


@pytest.mark.parametrize("slip", ["3.81", "3.13", "8.18", "−3.18"])
def test_a_slip_in_a_sentence_is_found(made, slip):
    finding, other = made.found(echoes, reading(made, "+0.055", "[0.014, 0.096]", slip, "0.0156"))
    assert {finding.place.line, other.place.line} == {1, 22}
    assert "3.18" in finding.expected + finding.how and slip in finding.expected + finding.how


def test_a_slip_in_the_row_is_found(made):
    changed = (*ROW[:2], "[0.014, 0.086]", *ROW[3:])
    finding, _ = made.found(echoes, reading(made, "+0.055", "[0.014, 0.096]", "3.18", "0.0156", row=changed))
    assert "0.086" in finding.how


@pytest.mark.parametrize("others", [("2.71",), ("3.18", "12"), ("100", "3.18", "0.5", "0.0156")])
def test_further_numbers_are_no_slip(made, others):
    assert made.found(echoes, reading(made, "+0.055", "[0.014, 0.096]", *others)) == []


def test_rows_of_one_table_may_be_nearly_alike(made):
    rows = [ROW, ("the same again", "+0.055", "[0.014, 0.096]", "3.13", "0.0156", "8")]
    assert [*echoes(made.reading(made.table(HEADS, *rows)))] == []


def test_a_slip_beside_a_number_that_the_other_lacks(made):
    """The row begins with a number that the sentence has not."""
    row = ("Alpha", "1.899", "−0.268", "[−0.531, 0.054]", "30", "1.630")
    heads = ("Model", "First", "Change", "Interval", "Answers", "Rate")
    claims = ("−0.238", "95", "[−0.531, 0.054]", "30")
    quantities = [made.quantity(text) for text in claims]
    said = made.sentence("Alpha: " + ", ".join(claims), *quantities)
    assert len(made.found(echoes, made.reading(said, made.table(heads, row, line=20)))) == 2
    more = made.sentence("It was −0.238 before.", made.quantity("−0.238"), made.quantity("7"), line=9)
    assert made.found(echoes, made.reading(said, more, made.table(heads, row, line=20))) == []


def test_few_common_digits_say_nothing(made):
    assert [*echoes(reading(made, "8", "0.5", "6"))] == []


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("3.18", "3.81", True),
        ("3.18", "3.19", True),
        ("0.36", "−0.36", True),
        ("0.36", "−0.37", False),
        ("3.18", "3.1", False),
        ("3.18", "4.19", False),
        ("12", "13", True),
        ("2", "3", False),
    ],
)
def test_what_is_a_slip(made, one, other, slip):
    assert is_slip(made.printed(one), made.printed(other)) == slip
    assert is_slip(made.printed(other), made.printed(one)) == slip
