"""Every record is frozen, slotted and complete, and every number in it says what kind of quantity it is."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from reporter import results
from reporter.results import Kind, kind_of

ROOT = Path(__file__).resolve().parents[2]
RECORDS = [
    record
    for _, record in inspect.getmembers(results, inspect.isclass)
    if is_dataclass(record) and record.__module__.startswith("reporter.results.")
]
# Records without n, unit and method of their own, and why.
PARTS = {
    "Selection": "positions in the input, not an answer",
    "Interval": "part of an answer, which has n and unit",
    "Summary": "an input: a published cell",
    "Prediction": "member of Predictions, which has n, unit and method",
    "AxisPeak": "member of PeakScan",
    "TrendShape": "member of TrendComparison",
    "Component": "part of VarianceComponents",
}
# Fields that hold whole numbers and are no quantity: they name places, and are printed as their names.
PLACES = {"zone", "first_zone", "second_zone", "axis", "layer", "at"}


def number_fields(record: type) -> list[str]:
    """The fields whose type is a number, several numbers, or an array of them."""
    found = []
    for entry in fields(record):
        words = set(re.findall(r"\w+", str(entry.type)))
        if words & {"float", "int", "NDArray"}:
            found.append(entry.name)
    return found


def test_every_record_is_imported_from_one_place():
    """Its module is a theme of reporter/results; other packages import the package alone."""
    assert len(RECORDS) > 50 and set(results.__all__) >= {record.__name__ for record in RECORDS}
    for path in sorted((ROOT / "reporter").rglob("*.py")):
        if path.parent.name != "results":
            assert "reporter.results." not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_slotted_and_by_keyword(record):
    assert record.__dataclass_params__.frozen
    assert "__slots__" in vars(record)
    assert all(entry.kw_only for entry in fields(record))
    assert record.__doc__ and not record.__doc__.startswith(f"{record.__name__}(")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_an_answer_carries_n_unit_and_method(record):
    names = {entry.name for entry in fields(record)}
    missing = {"n", "unit", "method"} - names
    assert not missing or record.__name__ in PARTS, f"{record.__name__} lacks {missing}"


def test_no_exception_is_left_over():
    names = {record.__name__ for record in RECORDS}
    assert set(PARTS) <= names
    complete = {r.__name__ for r in RECORDS if {"n", "unit", "method"} <= {e.name for e in fields(r)}}
    assert complete & set(PARTS) == set()


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_number_says_what_kind_it_is(record):
    if record.__name__ in ("Selection", "Summary"):
        return  # neither is printed by its fields
    blank = object.__new__(record)
    unsaid = [name for name in number_fields(record) if kind_of(blank, name) is None and name not in PLACES]
    assert unsaid == []
    for entry in fields(record):
        kind = kind_of(blank, entry.name)
        assert kind is None or isinstance(kind, Kind)
        assert kind is None or entry.name in number_fields(record), f"{entry.name} is no number"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_names_mean_one_kind(record):
    """n is a count, p a p value, level a level: in every record."""
    always = {"n": Kind.COUNT, "p": Kind.P, "p_floor": Kind.P, "level": Kind.LEVEL, "df": Kind.DF}
    if record.__name__ in ("Selection", "Summary"):
        return
    blank = object.__new__(record)
    for name, kind in always.items():
        if name in {entry.name for entry in fields(record)}:
            assert kind_of(blank, name) is kind
