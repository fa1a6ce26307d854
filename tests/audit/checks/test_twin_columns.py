"""Columns that several tables print: the one number that departs is found, other columns are let alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.audit.checks.twin_columns import twin_columns
from reporter.audit.finding import Severity

NAMES = ("Alpha", "Beta", "Gamma", "Delta")
MEANS = ("3.026", "3.409", "2.951", "3.187")
SPREADS = ("0.075", "0.053", "0.118", "0.064")


def errors(made, reading):
    """The place that is taken for wrong; where it is one against one, the other is a warning."""
    return [each for each in made.found(twin_columns, reading) if each.severity is Severity.ERROR]


def two_tables(made, changed=None, second_caption="", first_caption=""):
    first = [(name, f"{m} ± {s}", "0.5") for name, m, s in zip(NAMES, MEANS, SPREADS, strict=True)]
    means = [*MEANS]
    if changed:
        means[changed[0]] = changed[1]
    second = [(name, m, s) for name, m, s in zip(NAMES, means, SPREADS, strict=True)]
    return made.reading(
        made.table(("Model", "Entropy", "Share"), *first, line=10, caption=first_caption),
        made.table(("Model", "Mean", "Std"), *second, line=30, caption=second_caption),
    )


def test_twins_that_agree_pass_and_are_counted(made):
    looked = [*twin_columns(two_tables(made))]
    assert {each.finding for each in looked} == {None}
    assert {number.text for each in looked for number in each.numbers} == {*MEANS, *SPREADS}


@pytest.mark.parametrize("text", ["2.941", "2.591", "9.951", "2.95"])
def test_the_number_that_departs_is_found_once(made, text):
    findings = errors(made, two_tables(made, (2, text)))
    expected = [] if text == "2.95" else ["Gamma"]  # 2.95 is 2.951, rounded
    assert [finding.place.row for finding in findings] == expected


def test_one_against_one_names_both_places(made):
    findings = made.found(twin_columns, two_tables(made, (2, "2.591")))
    assert sorted((each.severity.value, each.place.line) for each in findings) == [
        ("error", 34),
        ("warning", 14),
    ]


def test_two_rows_suffice_where_heads_are_equal(made):
    def table(line, *rows):
        return made.table(("Model", "100 tokens"), *rows, line=line)

    first = table(10, ("Alpha", "3.026 ± 0.075"), ("Beta", "3.009 ± 0.053"))
    second = table(20, ("Alpha", "3.026"), ("Beta", "3.090"))
    [finding] = errors(made, made.reading(first, second))
    assert finding.place.line == 23 and "3.090 against 3.009" in finding.how


def test_titles_with_other_figures_are_other_things(made):
    """A model that hardly changes between two limits prints nearly the same twice; that is no slip."""
    rows = [(name, mean) for name, mean in zip(NAMES[:3], MEANS[:3], strict=True)]
    other = [*rows[:2], ("Gamma", "2.981")]

    def at(second):
        return made.reading(
            made.table(("Model", "Mean"), *rows, line=10, caption="At 100 tokens."),
            made.table(("Model", "Mean"), *other, line=30, caption=f"At {second} tokens."),
        )

    assert made.found(twin_columns, at(200)) == []
    assert len(errors(made, at(100))) == 1


def test_a_row_of_one_table_may_be_a_column_of_another(made):
    wide = made.table(("Model", *NAMES), ("big", *MEANS), ("small", *SPREADS), line=10)
    tall = made.table(("Axis", "big"), *zip(NAMES, (*MEANS[:3], "3.178"), strict=True), line=30)
    [finding] = errors(made, made.reading(wide, tall))
    assert finding.place.row == "Delta"


def test_rows_called_after_a_test_and_its_subject(made):
    tests = [(f"change, {name}", m) for name, m in zip(NAMES, MEANS, strict=True)]
    tests.append(("mean change", "0.055"))
    plain = [*zip(NAMES, (*MEANS[:3], "3.178"), strict=True)]
    reading = made.reading(
        made.table(("Question", "Estimate"), *tests, line=10),
        made.table(("Model", "Change"), *plain, line=30),
    )
    assert len(errors(made, reading)) == 1


def test_two_rows_of_tables_that_print_another_column_twice(made):
    """The p column says that the tables are about the same; of rho one row is left that agrees."""
    first = made.table(
        ("Model", "rho", "p"), ("Alpha", "−0.520", "0.0007"), ("Beta", "−0.311", "0.0666"), line=10
    )
    second = made.table(
        ("Test", "Estimate", "P"), ("Alpha", "−0.520", "0.0007"), ("Beta", "−0.301", "0.0666"), line=20
    )
    [finding] = errors(made, made.reading(first, second))
    assert "−0.301 against −0.311" in finding.how


values = st.lists(st.floats(0.1, 9), min_size=4, max_size=9, unique_by=lambda value: f"{value:.3f}")


@given(values, st.integers(1, 3))
def test_one_column_printed_twice_is_never_a_finding(made, numbers, decimals):
    """The second time with more or fewer digits."""
    once = [(f"m{i}", f"{value:.3f}") for i, value in enumerate(numbers)]
    again = [(f"m{i}", f"{value:.{decimals}f}") for i, value in enumerate(numbers)]
    reading = made.reading(
        made.table(("Model", "A"), *once, line=10), made.table(("Model", "B"), *again, line=50)
    )
    assert made.found(twin_columns, reading) == []


@given(values, values)
def test_columns_that_have_nothing_to_do_with_each_other(made, first, second):
    reading = made.reading(
        made.table(("Model", "A"), *((f"m{i}", f"{value:.3f}") for i, value in enumerate(first)), line=10),
        made.table(
            ("Model", "B"), *((f"m{i}", f"{value + 10:.3f}") for i, value in enumerate(second)), line=50
        ),
    )
    assert [*twin_columns(reading)] == []
