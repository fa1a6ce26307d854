"""What an audit looked at: the numbers that it saw, which check looked at them, and at which none did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reporter.audit.document import Document, Kind, Printed, Quantity
from reporter.audit.finding import Looked, Severity

# The three ways in which a report is checked, and the checks that go each of them.
ITSELF = "against itself"
ARITHMETIC = "arithmetic and statistics"
ROWS = "against the raw rows"
WAYS: Mapping[str, str] = {
    "against_rows": ROWS,
    "as_built": ROWS,
    "register": ROWS,
    "counting": ITSELF,
    "echoes": ITSELF,
    "estimand": ITSELF,
    "marks": ITSELF,
    "odd_cells": ITSELF,
    "overclaims": ITSELF,
    "prose_arithmetic": ITSELF,
    "reading": ITSELF,
    "repeated_values": ITSELF,
    "table_differences": ITSELF,
    "twin_columns": ITSELF,
}  # all others: arithmetic and statistics

Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one check, or one way of checking, did."""

    tests: int = 0
    numbers: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0

    @property
    def passed(self) -> int:
        """The tests that found nothing."""
        return self.tests - self.errors - self.warnings - self.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far an audit reached; a number that no check looked at is listed, never taken for right."""

    seen: int  # numbers that make a claim: all but names, dates and numbers written as words
    checked: int  # of these, how many at least one check looked at
    names: int  # numbers that are part of a name, a date, an address
    by_check: Mapping[str, Tally]
    by_way: Mapping[str, Tally]
    unchecked: tuple[Quantity, ...]
    unread: tuple[Printed, ...]


def coverage_of(document: Document, looked: Iterable[Looked], checks: Iterable[str]) -> Coverage:
    """Count what was seen and what was checked.

    Parameters
    ----------
    document : Document
        What was read.
    looked : iterable of Looked
        Every test that a check carried out.
    checks : iterable of str
        The names of the checks that ran, so that those that found nothing to test are shown as well.
    """
    tests = [*looked]
    touched = {key_of(number) for test in tests for number in test.numbers}
    claims = [quantity for quantity in document.quantities() if quantity.kind is not Kind.IDENTIFIER]
    numbers = {key_of(n) for q in claims if q.label != "word" for n in (*q.numbers, *q.df)}
    names = sum(len(q.numbers) for q in document.quantities() if q.kind is Kind.IDENTIFIER)
    by_check = {name: _tally([test for test in tests if test.check == name]) for name in checks}
    ways = (ITSELF, ARITHMETIC, ROWS)
    by_way = {way: _tally([t for t in tests if WAYS.get(t.check, ARITHMETIC) == way]) for way in ways}
    unchecked = tuple(
        q for q in claims if q.label != "word" and not any(key_of(n) in touched for n in (*q.numbers, *q.df))
    )
    return Coverage(
        seen=len(numbers),
        checked=len(numbers & touched),
        names=names,
        by_check=by_check,
        by_way=by_way,
        unchecked=unchecked,
        unread=document.unread,
    )


def key_of(number: Printed) -> Key:
    """Tell one printed number from another."""
    return number.place.line, number.place.column, number.text


def _tally(tests: list[Looked]) -> Tally:
    found = [test.finding.severity for test in tests if test.finding]
    return Tally(
        tests=len(tests),
        numbers=len({key_of(number) for test in tests for number in test.numbers}),
        errors=found.count(Severity.ERROR),
        warnings=found.count(Severity.WARNING),
        notes=found.count(Severity.NOTE),
    )
