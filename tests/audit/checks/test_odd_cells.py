"""One cell unlike all others, where a slip explains it; columns that merely vary are let alone."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.audit.checks.odd_cells import odd_cells
from reporter.audit.finding import Severity


def column(made, *texts, head="Value"):
    rows = [(f"m{i}", text) for i, text in enumerate(texts)]
    return made.reading(made.table(("Model", head), *rows))


@pytest.mark.parametrize(
    ("texts", "odd"),
    [
        (("30", "30", "30", "30", "30", "80"), "m5"),
        (("12", "12", "17", "12", "12", "12"), "m2"),
        (("0.80", "0.80", "0.80", "8.80", "0.80", "0.80"), "m3"),
    ],
)
def test_a_column_that_is_constant_but_for_one(made, texts, odd):
    [finding] = made.found(odd_cells, column(made, *texts))
    assert (finding.severity, finding.place.row) == (Severity.WARNING, odd)


@pytest.mark.parametrize(
    "texts",
    [
        ("12", "12", "12", "12", "12", "11"),  # one was left out
        ("30", "30", "30", "80"),  # too few to tell
        ("8", "8", "8", "9", "8", "9"),
        ("3", "3", "3", "5", "3", "3"),  # one digit is soon another
        ("0.3", "0.3", "0.3", "0.5", "0.3", "0.3"),
        ("1.000", "1.000", "1.000", "1.000", "1.000", "0.534"),
        ("0.1", "5.0", "0.2", "12.0", "0.3", "0.1"),
    ],
)
def test_columns_that_vary_are_let_alone(made, texts):
    assert made.found(odd_cells, column(made, *texts)) == []


def test_a_number_far_out_that_another_digit_would_bring_back(made):
    spreads = ["0.045", "0.046", "0.046", "0.048", "0.057", "0.052"]
    assert made.found(odd_cells, column(made, *spreads)) == []
    [finding] = made.found(odd_cells, column(made, *spreads[:-1], "0.852"))
    assert finding.place.row == "m5"
    assert made.found(odd_cells, column(made, *spreads[:-1], "8.731")) == []  # far out, but no slip


def test_a_number_without_the_sign_that_all_others_have(made):
    changes = ["+0.10", "+0.02", "−0.08", "+0.06", "±0.00"]
    assert made.found(odd_cells, column(made, *changes)) == []
    [finding] = made.found(odd_cells, column(made, *changes[:-1], "0.14"))
    assert finding.expected == "+0.14 or −0.14"
    assert made.found(odd_cells, column(made, *changes[:-1], "0.831")) == []  # something else
    assert made.found(odd_cells, column(made, "−0.1", "−0.2", "−0.3", "−0.4", "0.2")) == []


@pytest.mark.parametrize(
    ("texts", "n_found"),
    [(("3", "3", "3", "6", "3", "3"), 1), (("30",) * 5 + ("10",), 1), (("12",) * 5 + ("11",), 0)],
)
def test_a_column_of_n(made, texts, n_found):
    """One more is a slip, and one with a third of the values as well; one or two may have been left out."""
    assert len(made.found(odd_cells, column(made, *texts, head="n"))) == n_found


def test_an_uncertainty_unlike_all_others_of_the_table(made):
    def table(last):
        rows = [("a", "1.893 ± 0.208", "3.194 ± 0.315"), ("b", "6.560 ± 0.260", last)]
        return made.reading(made.table(("Model", "T1", "T2"), *rows, ("c", "2.957 ± 0.227", "6.195 ± 0.586")))

    assert made.found(odd_cells, table("7.684 ± 0.376")) == []
    assert len(made.found(odd_cells, table("7.684 ± 2.376"))) == 1


def test_the_number_of_tests_is_one(made):
    [finding] = made.found(odd_cells, column(made, "8", "8", "8", "3", "8", "8", head="Tests"))
    assert finding.expected == "8"


def test_a_value_and_its_uncertainty_in_the_wrong_order(made):
    cells = ["3.03 ± 0.05", "3.11 ± 0.06", "2.96 ± 0.04", "3.17 ± 0.08", "3.07 ± 0.13"]
    assert made.found(odd_cells, column(made, *cells, "6.56 ± 0.26")) == []
    [finding] = made.found(odd_cells, column(made, *cells, "0.26 ± 6.56"))
    assert finding.expected == "6.56 ± 0.26"


def test_shares_of_one_whole_but_for_one(made):
    def table(last):
        rows = [("a", "57/60", "52/60", "47/60"), ("b", "60/60", "57/60", last)]
        return made.reading(made.table(("Model", "50", "100", "200"), *rows))

    assert made.found(odd_cells, table("45/60")) == []
    assert len(made.found(odd_cells, table("45/90"))) == 1


def test_the_only_bold_number_of_many_tables(made):
    tables = [made.table(("Model", "Mean"), ("a", f"{i}.5"), ("b", "2.7"), line=10 * i) for i in range(1, 7)]
    bold = made.table(("Model", "Mean"), ("a", "**1.5**"), ("b", "2.7"), line=90)
    assert made.found(odd_cells, made.reading(*tables)) == []
    assert len(made.found(odd_cells, made.reading(*tables, bold))) == 1
    assert made.found(odd_cells, made.reading(bold)) == []
    told = made.sentence("The best value is bold.")
    assert made.found(odd_cells, made.reading(*tables, bold, told)) == []
    two = dataclasses.replace(bold, place=dataclasses.replace(bold.place, line=120))
    assert made.found(odd_cells, made.reading(*tables, bold, two)) == []


@given(st.lists(st.floats(0.5, 2), min_size=6, max_size=12, unique_by=lambda value: f"{value:.2f}"))
def test_numbers_of_one_size_are_never_odd(made, values):
    assert made.found(odd_cells, column(made, *(f"{value:.2f}" for value in values))) == []
