"""The tables of the appendix: every test in the order of APA 7, every number once."""

from __future__ import annotations

import re

import pytest

from reporter.appendix import SYMBOLS, TEST_HEADS, all_numbers, all_tests, with_p
from reporter.names import words_in
from reporter.numbers import Number
from reporter.tables import text_of


@pytest.fixture(scope="module")
def tests(token_scaling) -> dict[str, dict[str, str]]:
    """The cells of each test as text, by its name."""
    table = all_tests(token_scaling.register)
    assert tuple(text_of(head) for head in table.heads) == TEST_HEADS
    rows = [dict(zip(TEST_HEADS, map(text_of, row), strict=True)) for row in table.rows]
    return {row["Test"]: {name: cell.replace("\u00a0", " ") for name, cell in row.items()} for row in rows}


def test_every_p_value_of_the_study_has_its_row(token_scaling, tests):
    ours = [f for f in token_scaling.register.findings if isinstance(getattr(f.record, "p", None), float)]
    assert len(tests) == len(ours) == len(list(with_p(token_scaling.register)))


def test_the_order_is_that_of_apa():
    assert TEST_HEADS == ("Test", "n", "Statistic", "p", "Adjusted p", "Effect size", "Interval")


# (statistic, p, adjusted p, effect, interval), as the sentences of the report print the same answers
PRINTED = {
    "mean change": ("t(7) = 3.18", "0.0156", "", "+0.055 nats", "[0.014, 0.096]"),
    "change, GPT-4o": ("t(4) = 1.00", "0.374", "1.000 of 8", "+0.02 nats", "[−0.04, 0.08]"),
    "rank stability": ("rho = 0.831", "0.0139", "", "0.831", "[0.174, 0.976]"),
    "signed rank": ("V = 28", "0.0156", "", "", ""),
    "signs": ("rises = 7", "0.0156", "", "", ""),
    "mean equivalence": ("two one-sided t(7)", "0.0178", "", "+0.055 nats", "[0.022, 0.088] at 90 %"),
    "family order second, Claude 4.5": ("pairs in order = 3", "0.167", "", "", ""),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_row_says_what_the_report_says(tests, name):
    row = tests[name]
    assert tuple(row[head] for head in TEST_HEADS[2:]) == PRINTED[name]
    assert int(row["n"]) > 0


def test_effects_in_standard_deviations_stand_beside_those_in_nats(entropy_analysis):
    register = entropy_analysis.register
    cells = {text_of(row[0]): text_of(row[5]) for row in all_tests(register).rows}
    beside = [
        re.fullmatch(r"\S+\u00a0nats; g\u00a0=\u00a0(\S+)", cell)[1]
        for name, cell in cells.items()
        if name.startswith("pole, ")
    ]
    asked = [f.address for f in register.findings.of("pole_effect") if f.computable]
    assert beside == [register.look_up(f"{address}.value").text for address in asked] != []


def test_how_far_each_test_was_planned_stands_last(token_scaling):
    rows = all_tests(token_scaling.register).rows
    planned = all_tests(token_scaling.register, [(f"planned {i}",) for i in range(len(rows))])
    assert text_of(planned.heads[-1]) == "Plan"
    assert [text_of(row[-1]) for row in planned.rows] == [f"planned {i}" for i in range(len(rows))]
    assert tuple(row[:-1] for row in planned.rows) == rows
    with pytest.raises(ValueError, match="zip"):
        all_tests(token_scaling.register, [("planned",)])


def test_every_symbol_is_that_of_a_statistic():
    assert set(SYMBOLS) <= set(words_in("reporter.statistics"))


def test_each_number_stands_once_in_the_order_of_the_text(token_scaling):
    table = all_numbers(token_scaling.quoted)
    addresses = [text_of(row[0]) for row in table.rows]
    numbers = [number for number in token_scaling.quoted if isinstance(number, Number)]
    assert addresses == list(dict.fromkeys(number.address for number in numbers))
    row = table.rows[addresses.index("mean_change.estimate")]
    assert [text_of(cell) for cell in row[1:]] == ["+0.055", "nats", "8", "paired t"]
    declared = table.rows[addresses.index("declared.first_limit")]
    assert [text_of(cell) for cell in declared[1:]] == ["100", "", "", "declared"]
