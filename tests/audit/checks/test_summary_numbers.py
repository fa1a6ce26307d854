"""Numbers of a summary that stand nowhere in the document, while one nearly alike does."""

from __future__ import annotations

import pytest

from reporter.audit.checks.summary_numbers import summary_numbers

BODY = ("2.857", "2.96", "3.03", "3.17", "0.055")


def reading(made, *stated, title="Executive summary", body=BODY):
    told = [
        made.sentence(f"It is {text}.", made.quantity(text, made.printed(text).place), line=i, section=title)
        for i, text in enumerate(stated, 2)
    ]
    rows = [(f"m{i}", text) for i, text in enumerate(body)]
    return made.reading(*told, made.table(("Model", "Mean"), *rows, line=50, section="Results"))


def test_a_summary_of_what_is_there_passes(made):
    """2.86 is 2.857 rounded; a sign may be left out."""
    found = [*summary_numbers(reading(made, "2.86", "2.96", "3.03", "+0.055"))]
    assert [each.finding for each in found] == [None]
    assert len(found[0].numbers) == 4


@pytest.mark.parametrize("text", ["3.71", "3.19", "8.17"])
def test_a_number_that_stands_nowhere_is_found(made, text):
    [finding] = made.found(summary_numbers, reading(made, "2.86", "2.96", "3.03", "0.055", text))
    assert "3.17" in finding.expected


@pytest.mark.parametrize("text", ["1.44", "3", "12 000"])
def test_what_is_no_slip_of_anything_is_let_alone(made, text):
    assert made.found(summary_numbers, reading(made, "2.86", "2.96", "3.03", "0.055", text.split()[0])) == []


@pytest.mark.parametrize("title", ["Discussion", "Raw data summary"])
def test_other_sections_say_new_things(made, title):
    assert [*summary_numbers(reading(made, "2.86", "2.96", "3.03", "0.055", "3.71", title=title))] == []


def test_a_summary_with_many_numbers_of_its_own_is_let_alone(made):
    assert [*summary_numbers(reading(made, "2.86", "2.96", "3.03", "0.055", "3.71", "2.69", "3.30"))] == []
