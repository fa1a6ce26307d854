"""The words that every form of an audit shares: verdict, places, counts."""

from __future__ import annotations

from reporter.audit.audit import Audit
from reporter.audit.coverage import ROWS
from reporter.audit.document import Place
from reporter.audit.finding import Severity

VERDICT_HEADS = ("Checked", "Tests", "Passed", "Errors", "Warnings", "Notes")
VERDICTS = {
    Severity.ERROR: "it contradicts itself, arithmetic or its data.",
    Severity.WARNING: "it says more than its numbers support.",
    Severity.NOTE: "nothing contradicts; there are remarks.",
    None: "nothing was found.",
}


def verdict_of(audit: Audit) -> str:
    """Say in one sentence what the worst finding means."""
    return VERDICTS[audit.findings[0].severity if audit.findings else None]


def verdict_rows(audit: Audit) -> list[tuple[str, ...]]:
    """Count tests and findings for each way of checking; waived findings are counted as found."""
    rows: list[tuple[str, ...]] = []
    for way, tally in audit.coverage.by_way.items():
        if way == ROWS and not audit.with_rows and not tally.tests:
            rows.append((way, "no rows given", "", "", "", ""))
        else:
            counts = (tally.tests, tally.passed, tally.errors, tally.warnings, tally.notes)
            rows.append((way, *map(str, counts)))
    return rows


def place_of(place: Place) -> str:
    """Write a place: its line and column, and the cell of a table."""
    cell = " / ".join(filter(None, (place.row, place.head)))
    return f"line {place.line}:{place.column}" + (f" [{cell}]" if cell else "")


def plural(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
