"""Columns and rows that are made of others: what departs is found, what is rounded is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.audit.checks.table_differences import table_differences

CHANGES = (
    ("Model", "100 tokens", "200 tokens", "Δ entropy"),
    ("A", "2.86 ± 0.04", "2.96 ± 0.04", "+0.10"),
    ("B", "2.94 ± 0.02", "2.96 ± 0.02", "+0.02"),
    ("C", "3.13 ± 0.04", "3.13 ± 0.02", "±0.00"),
    ("D", "3.03 ± 0.03", "3.17 ± 0.08", "+0.14"),
)


def replaced(rows, row, column, text):
    changed = [list(cells) for cells in rows]
    changed[row][column] = text
    return changed


def test_a_consistent_table_passes_and_is_counted(made):
    looked = [*table_differences(made.reading(made.table(*CHANGES)))]
    assert [each.finding for each in looked] == [None] * 4
    assert [each.numbers[0].text for each in looked] == ["+0.10", "+0.02", "±0.00", "+0.14"]


@pytest.mark.parametrize(("row", "text"), [(1, "+0.12"), (1, "-0.10"), (3, "+0.02"), (4, "+0.41")])
def test_a_departing_difference_is_found(made, row, text):
    [finding] = made.found(table_differences, made.reading(made.table(*replaced(CHANGES, row, 3, text))))
    assert finding.place.row == CHANGES[row][0]
    assert text in finding.how


def test_a_departing_operand_is_found(made):
    reading = made.reading(made.table(*replaced(CHANGES, 2, 1, "2.49 ± 0.02")))
    [finding] = made.found(table_differences, reading)
    assert finding.how.startswith("2.96 − 2.49 = +0.47, printed +0.02")


@pytest.mark.parametrize("text", ["+0.09", "+0.11"])
def test_a_difference_that_rounding_explains_is_none(made, text):
    """2.964 - 2.855 is 0.109, so that 2.96 - 2.86 may be printed +0.11."""
    assert made.found(table_differences, made.reading(made.table(*replaced(CHANGES, 1, 3, text)))) == []


def test_the_direction_is_taken_from_the_rows(made):
    heads = ("Axis", "Pos pole entropy", "Neg pole entropy", "Delta")
    rows = [
        ("w", "0.307", "0.334", "−0.027"),
        ("f", "0.361", "0.306", "+0.055"),
        ("v", "0.266", "0.276", "+0.010"),
    ]
    [finding] = made.found(table_differences, made.reading(made.table(heads, *rows)))
    assert finding.expected.startswith("−0.010") or finding.expected.startswith("-0.010")


def test_two_rows_suffice_where_no_other_rule_is_there(made):
    heads, rows = CHANGES[0], [("A", "3.026", "3.063", "+0.036"), ("B", "3.009", "3.033", "+0.042")]
    [finding] = made.found(table_differences, made.reading(made.table(heads, *rows)))
    assert finding.place.row == "B"


def test_a_range_is_maximum_less_minimum(made):
    heads = ("Model", "Mean H", "Std H", "Min H", "Max H", "Range")
    good = ("A", "2.86", "0.04", "2.82", "2.90", "0.08")
    assert made.found(table_differences, made.reading(made.table(heads, good))) == []
    bad = (*good[:-1], "0.18")
    [finding] = made.found(table_differences, made.reading(made.table(heads, bad)))
    assert finding.how.startswith("2.90 − 2.82 = 0.08")


def test_a_range_of_both_ends_in_one_cell(made):
    heads = ("Model", "Layers", "Entropy range", "Most − least")
    rows = [
        ("Y", "49", "[0.63, 2.94]", "+2.31"),
        ("D", "31", "[0.37, 2.37]", "+2.00"),
        ("P", "41", "[1.30, 2.64]", "+1.43"),
    ]
    [finding] = made.found(table_differences, made.reading(made.table(heads, *rows)))
    assert finding.place.row == "P"


def test_a_row_of_totals_and_one_of_means(made):
    heads = ("Kind", "cut", "ended")
    rows = [("a", "12", "48"), ("b", "29", "31")]
    assert made.found(table_differences, made.reading(made.table(heads, *rows, ("Total", "41", "79")))) == []
    [finding] = made.found(table_differences, made.reading(made.table(heads, *rows, ("Total", "41", "97"))))
    assert finding.how.startswith("48 + 31 = 79, printed 97")
    fractions = [("a", "0.12", "0.48"), ("b", "0.29", "0.31")]
    assert (
        made.found(table_differences, made.reading(made.table(heads, *fractions, ("Mean", "0.20", "0.40"))))
        == []
    )
    [finding] = made.found(
        table_differences, made.reading(made.table(heads, *fractions, ("Mean", "0.21", "0.44")))
    )
    assert finding.place.head == "ended"


def test_heads_that_only_sound_like_it_are_left_alone(made):
    heads = ("Axis", "Length difference", "p", "Uncut pairs")
    rows = [("w", "+3.0", "0.814", "4"), ("f", "−33.7", "0.022", "6"), ("v", "+56.0", "0.002", "2")]
    assert [*table_differences(made.reading(made.table(heads, *rows)))] == []


def test_a_standard_error_is_the_sd_over_the_root_of_n(made):
    """.40/sqrt(16) = .10, .33/sqrt(9) = .11, .25/sqrt(25) = .05."""
    heads = ("Model", "SD", "SE", "Passages")
    rows = [("a", "0.40", "0.10", "16"), ("b", "0.33", "0.11", "9"), ("c", "0.25", "0.05", "25")]
    assert made.found(table_differences, made.reading(made.table(heads, *rows))) == []
    [finding] = made.found(
        table_differences, made.reading(made.table(heads, *rows[:2], ("c", "0.25", "0.15", "25")))
    )
    assert finding.how.startswith("0.25 / sqrt(25) = 0.05, printed 0.15")


def test_standard_errors_of_one_n_that_no_column_has(made):
    """n = 40: .38/sqrt(40) = .0601, .30/sqrt(40) = .0474."""
    rows = [("1k", "0.38", "0.06"), ("2k", "0.35", "0.06"), ("4k", "0.33", "0.05"), ("8k", "0.31", "0.05")]
    heads = ("Step", "SD", "SE")
    assert (
        made.found(table_differences, made.reading(made.table(heads, *rows, ("16k", "0.30", "0.05")))) == []
    )
    [finding] = made.found(table_differences, made.reading(made.table(heads, *rows, ("16k", "0.30", "0.09"))))
    assert finding.place.row == "16k"


def test_a_mean_row_under_a_wrong_difference_is_not_told_twice(made):
    heads = ("Layer", "0", "1", "Change")
    rows = [("a", "3.94", "2.75", "−1.19"), ("b", "4.00", "2.72", "−1.28"), ("c", "3.97", "2.10", "−1.78")]
    table = made.table(heads, *rows, ("Mean", "3.97", "2.52", "−1.45"))
    [finding] = made.found(table_differences, made.reading(table))
    assert finding.place.row == "c"


@pytest.mark.parametrize("seed", range(40))
def test_small_numbers_that_fit_by_chance_are_no_rule(made, seed):
    """Eight columns of .01 to .05: for some two of them most differences are within rounding."""
    rng = np.random.default_rng(seed)
    heads = ("Model", *(f"c{i}" for i in range(8)), "Change")
    rows = [(f"m{i}", *(f"{value:.2f}" for value in rng.integers(1, 6, 9) / 100)) for i in range(6)]
    assert made.found(table_differences, made.reading(made.table(heads, *rows))) == []


values = st.lists(
    st.tuples(st.floats(1, 9), st.floats(1, 9)).filter(lambda pair: abs(pair[0] - pair[1]) > 0.1),
    min_size=3,
    max_size=9,
)


def as_rows(pairs):
    return [
        (f"m{i}", f"{a:.2f}", f"{b:.2f}", f"{b - a:+.2f}".replace("-", "−")) for i, (a, b) in enumerate(pairs)
    ]


@given(values)
def test_what_is_consistent_by_construction_is_never_a_finding(made, pairs):
    """Every number is rounded by itself from the unrounded values."""
    assert made.found(table_differences, made.reading(made.table(CHANGES[0], *as_rows(pairs)))) == []


@given(values, st.data())
def test_what_is_moved_beyond_rounding_is_found(made, pairs, data):
    rows = as_rows(pairs)
    row = data.draw(st.integers(0, len(rows) - 1))
    move = data.draw(st.sampled_from([-0.5, -0.06, 0.06, 0.5]))
    a, b = pairs[row]
    rows[row] = (*rows[row][:3], f"{b - a + move:+.2f}")
    findings = made.found(table_differences, made.reading(made.table(CHANGES[0], *rows)))
    assert [finding.place.row for finding in findings] == [f"m{row}"]
