"""Numbers that a sentence ties to a row by its name: looked up in the rows of that name."""

from __future__ import annotations

import dataclasses

import pytest

from reporter.audit.checks.named_numbers import named_numbers

HEADS = ("Model", "Answers", "Cut", "Entropy")
ROWS = (("Alpha 7B", "30", "3", "1.732"), ("Beta 9B base", "30", "29", "0.340"))


def reading(made, text, *claims, tables=None):
    quantities = []
    for claim in claims:
        made_of = made.quantity(claim.replace(" of ", "/"))
        quantities.append(dataclasses.replace(made_of, text=claim))
    tables = tables or [made.table(HEADS, *ROWS)]
    return made.reading(made.sentence(text, *quantities), *tables)


def test_what_stands_in_the_row_passes(made):
    text = "Cut in Alpha 7B (3 of 30) and Beta 9B base (29 of 30); Alpha 7B has 1.73 nats."
    looked = [*named_numbers(reading(made, text, "3 of 30", "29 of 30", "1.73"))]
    assert [each.finding for each in looked] == [None] * 3


@pytest.mark.parametrize(
    ("claim", "n_found"), [("4 of 30", 1), ("28 of 30", 0), ("17 of 30", 0), ("2 of 50", 0)]
)
def test_a_count_that_is_one_off(made, claim, n_found):
    """28 is one less than Beta's 29, and not Alpha's."""
    text = f"Cut in Alpha 7B ({claim})."
    assert len(made.found(named_numbers, reading(made, text, claim))) == n_found


@pytest.mark.parametrize(("claim", "n_found"), [("1.372", 1), ("1.782", 1), ("0.340", 0), ("2.5", 0)])
def test_a_number_that_is_a_slip_away(made, claim, n_found):
    text = f"The entropy of Alpha 7B is {claim} nats."
    assert len(made.found(named_numbers, reading(made, text, claim))) == n_found


def test_a_number_without_a_name_is_not_looked_up(made):
    assert [*named_numbers(reading(made, "The entropy is 1.372 nats.", "1.372"))] == []


def test_a_number_that_stands_elsewhere_is_about_something_else(made):
    others = made.table(("Other", "Value"), ("Gamma 1B", "1.372"), line=60)
    tables = [made.table(HEADS, *ROWS), others]
    assert made.found(named_numbers, reading(made, "Alpha 7B has 1.372.", "1.372", tables=tables)) == []


def test_the_table_of_the_other_name_goes_before(made):
    def table(line, caption, delta):
        rows = [("formal/casual", delta), ("warm/cold", "0.101")]
        return made.table(("Axis", "Delta"), *rows, line=line, caption=caption)

    tables = [
        made.table(HEADS, *ROWS, line=5),
        table(20, "Alpha 7B, as published.", "0.055"),
        table(40, "Beta 9B base, as published.", "0.155"),
    ]
    text = "Largest: Beta 9B base, formal/casual (0.255)."
    [finding] = made.found(named_numbers, reading(made, text, "0.255", tables=tables))
    assert finding.expected.startswith("a number of the row of that name, such as 0.155 (line 42)")
