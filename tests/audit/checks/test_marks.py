"""Marks of the least and the largest, ranks, orders that a caption names, and percentages of counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.audit.checks.marks import marks
from reporter.audit.finding import Severity

HEADS = ("Model", "Mean", "Dim")
ROWS = [
    ("G", "**0.173** (min)", "1.28 (min)"),
    ("P", "0.208", "N/A"),
    ("D", "0.289", "3.66 (max)"),
    ("Q", "**0.319** (max)", "1.91"),
]


def with_cell(rows, row, column, text):
    changed = [list(cells) for cells in rows]
    changed[row][column] = text
    return changed


def test_true_marks_pass_and_are_counted(made):
    looked = [*marks(made.reading(made.table(HEADS, *ROWS)))]
    assert [each.finding for each in looked] == [None] * 4


@pytest.mark.parametrize(
    ("row", "column", "text", "marked"),
    [(1, 1, "0.162", "G"), (3, 2, "4.91", "D"), (0, 1, "**0.371** (min)", "G"), (2, 2, "1.06 (max)", "D")],
)
def test_a_mark_in_the_wrong_place_is_found(made, row, column, text, marked):
    findings = made.found(marks, made.reading(made.table(HEADS, *with_cell(ROWS, row, column, text))))
    assert marked in [finding.place.row for finding in findings]


def test_equal_numbers_may_both_be_marked(made):
    rows = [("a", "1.0 (min)", "2"), ("b", "1.0 (min)", "3"), ("c", "2.0", "4")]
    assert made.found(marks, made.reading(made.table(HEADS, *rows))) == []


def test_ranks_follow_a_column(made):
    heads = ("Model", "Rank", "Score", "Cost")
    rows = [("a", "1", "0.9", "5"), ("b", "2", "0.7", "7"), ("c", "3", "0.7", "1"), ("d", "4", "0.2", "3")]
    assert made.found(marks, made.reading(made.table(heads, *rows))) == []
    swapped = with_cell(with_cell(rows, 1, 1, "4"), 3, 1, "2")
    findings = made.found(marks, made.reading(made.table(heads, *swapped)))
    assert [(finding.place.row, finding.expected) for finding in findings] == [
        ("b", "rank 2"),
        ("d", "rank 4"),
    ]


def test_an_order_that_the_caption_names(made):
    rows = [
        (name, value, "1")
        for name, value in zip("abcde", ("0.14", "0.10", "0.80", "0.06", "0.03"), strict=True)
    ]
    table = made.table(("Model", "Change", "n"), *rows, caption="Models by size of the change.")
    [finding] = made.found(marks, made.reading(table))
    assert (finding.severity, finding.place.row) == (Severity.WARNING, "c")
    assert made.found(marks, made.reading(made.table(("Model", "Change", "n"), *rows))) == []


def test_a_table_may_be_ordered_by_another_column(made):
    rows = [("a", "1", "3"), ("b", "2", "1"), ("c", "3", "4"), ("d", "4", "5")]
    assert made.found(marks, made.reading(made.table(HEADS, *rows, caption="Rows by mean."))) == []


def test_shares_in_a_column(made):
    heads = ("Model", "Answers", "Cut", "Share")
    rows = [("a", "30", "3", "0.10"), ("b", "30", "29", "0.97")]
    assert made.found(marks, made.reading(made.table(heads, *rows))) == []
    [finding] = made.found(marks, made.reading(made.table(heads, *with_cell(rows, 1, 3, "0.79"))))
    assert finding.how == "29 / 30 = 0.97, printed 0.79"
    [finding] = made.found(marks, made.reading(made.table(heads, *with_cell(rows, 0, 2, "8"))))
    assert finding.place.row == "a"


@pytest.mark.parametrize(("percent", "n_found"), [("75", 0), ("85", 1), ("7", 1)])
def test_a_percentage_behind_a_count(made, percent, n_found):
    import dataclasses

    share, behind = made.quantity("6/8"), made.quantity(percent)
    number = dataclasses.replace(behind.numbers[0], percent=True)
    behind = dataclasses.replace(behind, numbers=(number,))
    text = f"In 6/8 models ({percent} %) it rose."
    assert len(made.found(marks, made.reading(made.sentence(text, share, behind)))) == n_found


@pytest.mark.parametrize("percent", ["66.6", "66.7"])
def test_a_percentage_may_be_cut_off(made, percent):
    heads, rows = ("Model", "n", "k", "Percent"), [("a", "3", "2", percent), ("b", "4", "1", "25.0")]
    assert made.found(marks, made.reading(made.table(heads, *rows))) == []


@given(st.lists(st.integers(-999, 999), min_size=3, max_size=9, unique=True), st.data())
def test_marks_by_construction(made, values, data):
    wrong = data.draw(st.sampled_from(values))
    texts = {value: f"{value / 100:.2f}" for value in values}
    rows = [(f"m{i}", texts[value] + (" (max)" if value == wrong else "")) for i, value in enumerate(values)]
    findings = made.found(marks, made.reading(made.table(("Model", "Mean"), *rows)))
    assert len(findings) == (wrong != max(values))
