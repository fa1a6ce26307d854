"""Small documents made by hand: tables of plain numbers, so that checks are tested without the reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest

from reporter.audit.document import Cell, Document, Kind, Place, Printed, Quantity, Sentence, Table
from reporter.audit.facts import Facts, facts_of
from reporter.audit.finding import AuditFinding, Severity
from reporter.audit.markdown import read_markdown
from reporter.audit.reading import Check, Reading

NUMBER = re.compile(r"[+\-−±]?\d+(?:\.\d+)?")


def printed(text: str, place: Place | None = None, *, unit: str = "") -> Printed:
    """Read one number."""
    digits = text.replace("−", "-").replace("±", "")
    return Printed(
        text=text,
        value=float(digits),
        decimals=len(digits.partition(".")[2]),
        place=place or Place(line=1),
        signed=text[0] in "+-−±",
        unit=unit,
    )


def quantity(text: str, place: Place | None = None, **more: object) -> Quantity:
    """Read a number, a pair with a sign between, an interval, or a share."""
    where = place or Place(line=1)
    kinds = {"±": Kind.PLUS_MINUS, "[": Kind.INTERVAL, "/": Kind.SHARE, "→": Kind.MOVE}
    kind = next(
        (kind for mark, kind in kinds.items() if mark in text[1:] or text[0] == mark == "["), Kind.VALUE
    )
    pieces = re.split(r"[±/→]|, ", text.strip("[]")) if kind is not Kind.VALUE else [text]
    numbers = tuple(printed(piece.strip(), where) for piece in pieces)
    return Quantity(text=text, kind=kind, numbers=numbers, place=where, **more)  # type: ignore[arg-type]


def table(
    heads: Sequence[str], *rows: Sequence[str], line: int = 10, section: str = "", caption: str = ""
) -> Table:
    """Make a table; a cell is a quantity where it begins with a number."""
    made = []
    for index, row in enumerate(rows):
        cells = []
        for head, text in zip(heads, row, strict=True):
            place = Place(line=line + 2 + index, row=row[0], head=head)
            mark = next((word for word in ("min", "max") if f"({word})" in text), "")
            plain = text.replace("**", "").replace(f" ({mark})", "")
            bold = "**" in text
            held = (
                (quantity(plain, place, mark=mark, bold=bold),)
                if re.match(r"\[?[+\-−±]?\d", plain) and head != heads[0]
                else ()
            )
            cells.append(Cell(text=text.replace("**", ""), place=place, quantities=held, bold=bold))
        made.append(tuple(cells))
    return Table(
        heads=tuple(heads),
        rows=tuple(made),
        place=Place(line=line),
        section=(section,) if section else (),
        caption=caption,
    )


def sentence(text: str, *quantities: Quantity, line: int = 3, section: str = "") -> Sentence:
    """Make a sentence with the quantities that are in it."""
    place = Place(line=line)
    titles = (section,) if section else ()
    return Sentence(text=text, place=place, block="paragraph", quantities=quantities, section=titles)


def reading(*parts: Table | Sentence, **more: object) -> Reading:
    """Put tables and sentences together."""
    document = Document(
        name="made.md",
        lines=(),
        tables=tuple(part for part in parts if isinstance(part, Table)),
        sentences=tuple(part for part in parts if isinstance(part, Sentence)),
    )
    facts = more.pop("facts", ())
    return Reading(
        document=document,
        facts=Facts(document=document, facts=facts, aliases={}),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def found(check: Check, of: Reading, *, notes: bool = False) -> list[AuditFinding]:
    """Collect what a check finds; errors and warnings only, unless notes are asked for."""
    findings = [looked.finding for looked in check(of) if looked.finding is not None]
    return [finding for finding in findings if notes or finding.severity is not Severity.NOTE]


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """Give the functions that make documents."""
    return SimpleNamespace(
        printed=printed, quantity=quantity, table=table, sentence=sentence, reading=reading, found=found
    )


@pytest.fixture(scope="session")
def written() -> Callable[[Check, str], list[AuditFinding]]:
    """Give a function that reads Markdown and collects what a check finds in it, notes as well."""

    def audit(check: Check, text: str) -> list[AuditFinding]:
        document = read_markdown(text, "made.md")
        return found(check, Reading(document=document, facts=facts_of(document)), notes=True)

    return audit
