"""Headline numbers: single addresses, those of every member, and those of the largest."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from reporter.errors import StudyError
from reporter.findings import Finding, Findings, NotComputable, Trace
from reporter.headline import headline
from reporter.numbers import Missing, Number, Register
from reporter.results import Correlation, Interval
from reporter.study import Study
from reporter.tables import Labels, text_of

FEW = NotComputable("too_few", "n = 2, at least 3 are needed")


def rho(r, p=0.25, low=None):
    interval = None if low is None else Interval(low=low, high=0.9, level=0.95, method="m")
    return Correlation(r=r, interval=interval, p=p, p_floor=0.0, n=9, unit="1", method="m")


ANSWERS = {
    "level": {"m": rho(0.5, low=0.25), "n": rho(-0.75), "o": FEW},
    "axis": {
        "m/x": rho(0.25), "m/y": rho(-0.5, 0.01), "n/x": FEW, "n/y": rho(0.125), "o/x": rho(0.5), "o/y": rho(-0.5),
    },
    "all": {"": rho(0.0625)},
    "none": {"": NotComputable("no_rows", "the study has no states")},
}  # fmt: skip
LABELS = Labels({key: {"key": key, "label": key.upper()} for key in "mno"}, {"x": "an X", "y": "a Y"})


@pytest.fixture(scope="module")
def register() -> Register:
    study = Study(
        schema=1,
        study={"name": "s", "title": "t", "short_title": "t", "date": datetime.date(2026, 1, 4),
               "experiment": "e", "hypothesis": "h", "seed": 1},
        declared={"edge": 3},
        source=({"file": "f", "kind": "summaries", "origin": "published", "citation": "c"},),
        model=tuple({"key": key, "label": key.upper(), "vendor": "V"} for key in "mno"),
        axis=({"key": "x", "label": "an X"}, {"key": "y", "label": "a Y"}),
        analysis={key: {"question": f"{key}?", "statistic": "s", "roles": {}} for key in ANSWERS},
        folder=Path(),
    )  # fmt: skip
    findings = tuple(
        Finding(key, label, f"{key}?", record, (), Trace("s", {}, "", None))
        for key, several in ANSWERS.items()
        for label, record in several.items()
    )
    return Register(study, Findings(findings))


def shown(register, *wanted):
    """Addresses and texts, row by row."""
    table = headline(register, wanted, LABELS)
    return [(text_of(address), text_of(number)) for address, number, _, _ in table.rows]


def test_an_address_is_one_number(register):
    assert shown(register, "all.r", "declared.edge", "level/m.interval.low") == [
        ("all.r", "0.062"), ("declared.edge", "3"), ("level/m.interval.low", "0.250"),
    ]  # fmt: skip


def test_every_member_has_its_numbers_or_says_once_why_not(register):
    few = "not computable (too few)"
    assert shown(register, "level/*.r, interval.low") == [
        ("level/m.r", "0.500"), ("level/m.interval.low", "0.250"), ("level/n.r", "\N{MINUS SIGN}0.750"), ("level/o.r", few),
    ]  # fmt: skip
    assert isinstance(headline(register, ["level/*.r"], LABELS).rows[2][1][0], Missing)


def test_the_largest_is_that_of_each_model_and_ties_are_named(register):
    """The farthest from 0; what could not be computed is not compared."""
    assert shown(register, "largest axis.r, p") == [
        ("axis/m/y.r", "\N{MINUS SIGN}0.500"), ("axis/m/y.p", "0.0100"), ("axis/n/y.r", "0.125"), ("axis/n/y.p", "0.250"),
        ("axis/o/x.r", "0.500"), ("axis/o/x.p", "0.250"), ("axis/o/y.r", "\N{MINUS SIGN}0.500"), ("axis/o/y.p", "0.250"),
    ]  # fmt: skip


def test_the_largest_of_models_is_one_of_all(register):
    assert shown(register, "largest level.r") == [("level/n.r", "\N{MINUS SIGN}0.750")]


def test_a_question_without_answers_has_no_headline(register):
    assert shown(register, "none/*.r", "largest none.r", "largest axis.adjusted_p") == []


def test_a_number_is_that_of_its_address_and_its_question_says_of_whom(register):
    rows = headline(register, ["largest axis.r", "level/*.r", "all.r"], LABELS).rows
    for (address,), (number,), _, _ in rows:
        if isinstance(number, Number):
            assert register.look_up(address) == number
    said = {text_of(address): text_of(question) for address, _, _, question in rows}
    assert said["axis/m/y.r"] == "axis? (M, a Y; picked as the largest)"
    assert said["level/m.r"] == "level? (M)"
    assert said["all.r"] == "all?"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("levl/*.r", 'There is no analysis "levl".*Did you mean "level"'),
        ("largest axs.r", 'There is no analysis "axs".*Did you mean "axis"'),
        ("level/*.rr", 'There is no "rr"'),
        ("level/*.method", '"level/m.method" is no number'),
        ("all.interval", '"all.interval" is no number'),
        ("smallest level.r", "smallest level"),
    ],
)
def test_a_wrong_entry_is_refused_in_words(register, wanted, words):
    with pytest.raises(StudyError, match=words):
        shown(register, wanted)
