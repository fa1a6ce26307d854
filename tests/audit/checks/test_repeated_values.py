"""One quantity with two values: found through facts, whatever the place it stands in."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.audit.checks.repeated_values import repeated_values
from reporter.audit.document import Place
from reporter.audit.facts import Fact


def fact(made, text, *, subject="A", statistic="mean", condition="100", line=1, table=-1):
    place = Place(line=line)
    return Fact(
        subject=subject,
        statistic=statistic,
        condition=condition,
        number=made.printed(text, place),
        quantity=made.quantity(text, place),
        source="cell" if table >= 0 else "sentence",
        place=place,
        words=f"{subject} {statistic} {text}",
        table=table,
    )


def test_the_value_printed_most_often_is_taken_for_right(made):
    facts = tuple(fact(made, text, line=i) for i, text in enumerate(("2.86", "2.86", "2.68"), 1))
    [finding] = made.found(repeated_values, made.reading(facts=facts))
    assert (finding.place.line, finding.expected) == (3, "2.86, as in line 1")


def test_a_table_is_trusted_before_a_sentence(made):
    facts = (fact(made, "2.68", line=1), fact(made, "2.86", line=9, table=0))
    [finding] = made.found(repeated_values, made.reading(facts=facts))
    assert finding.place.line == 1


@pytest.mark.parametrize(
    ("one", "other", "n_found"), [("2.857", "2.86", 0), ("2.9", "2.86", 0), ("2.56", "2.86", 2)]
)
def test_numbers_are_compared_at_the_coarser(made, one, other, n_found):
    facts = (fact(made, one, line=1), fact(made, other, line=2))
    assert len(made.found(repeated_values, made.reading(facts=facts))) == n_found


def test_what_may_be_about_something_else_is_no_error(made):
    """A sentence without the condition in its words; two cells of one table; two numbers of one line."""
    cell = fact(made, "2.86", line=9, table=0)
    assert made.found(repeated_values, made.reading(facts=(cell, fact(made, "0.47", line=3)))) == []
    assert made.found(repeated_values, made.reading(facts=(cell, fact(made, "2.68", line=10, table=0)))) == []
    assert made.found(repeated_values, made.reading(facts=(fact(made, "2.86"), fact(made, "2.68")))) == []


def test_a_sentence_with_condition_and_unit_is_held_to_the_table(made):
    told = fact(made, "3.47", line=3)
    number = dataclasses.replace(told.number, unit="nats")
    told = dataclasses.replace(told, number=number, words="At 100 tokens it is 3.47 nats")
    assert (
        len(made.found(repeated_values, made.reading(facts=(fact(made, "2.86", line=9, table=0), told)))) == 1
    )


def test_other_subjects_conditions_and_statistics_are_others(made):
    facts = (
        fact(made, "2.86"),
        fact(made, "2.96", condition="200"),
        fact(made, "3.06", subject="B"),
        fact(made, "0.04", statistic="sd"),
    )
    assert [*repeated_values(made.reading(facts=facts))] == []


def changes(made, values, stated, *, line=30):
    rows = [
        fact(
            made,
            f"{value:+.2f}",
            subject=f"m{i}",
            statistic="change",
            condition="100→200",
            line=i + 1,
            table=0,
        )
        for i, value in enumerate(values)
    ]
    told = [
        fact(made, text, subject="", statistic="mean_change", condition="100→200", line=line + i)
        for i, text in enumerate(stated)
    ]
    return made.reading(facts=(*rows, *told))


def test_a_mean_change_with_two_values_is_recomputed(made):
    """(.10 + .02 + .08 + .06 + .01 + .03 + .00 + .14) / 8 = .055."""
    values = (0.10, 0.02, 0.08, 0.06, 0.01, 0.03, 0.0, 0.14)
    [finding] = made.found(repeated_values, changes(made, values, ("+0.08", "+0.055")))
    assert finding.place.line == 30 and finding.expected.startswith("+0.055")
    assert made.found(repeated_values, changes(made, values, ("+0.06", "+0.055"))) == []


def test_a_change_that_is_not_the_difference_of_its_means(made):
    def told(text):
        change = fact(made, text, statistic="change", condition="100→200", line=9)
        return made.reading(facts=(fact(made, "2.86"), fact(made, "2.96", condition="200", line=2), change))

    assert made.found(repeated_values, told("+0.11")) == []
    [finding] = made.found(repeated_values, told("+0.12"))
    assert finding.expected == "+0.10"


@given(st.floats(0.1, 9), st.lists(st.integers(1, 4), min_size=2, max_size=5))
def test_roundings_of_one_value_against_its_finest(made, value, decimals):
    """Each is rounded from the value itself; all of them agree with the finest one."""
    facts = tuple(fact(made, f"{value:.{d}f}", line=i) for i, d in enumerate(decimals, 1))
    finest = max(decimals)
    tied = abs(value * 10 ** min(decimals) % 1 - 0.5) < 10.0 ** -(finest - min(decimals))
    if not tied:  # 2.45 may come from 2.4499, which is rounded to 2.4
        assert made.found(repeated_values, made.reading(facts=facts)) == []
