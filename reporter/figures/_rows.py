"""The rows that a figure draws: cells that know their text, and refusals that name row and column."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from reporter.errors import StudyError

MOST_ROWS = 32  # as many as differ without colour (reporter._drawing.looks); a page holds no more either


@runtime_checkable
class Numeric(Protocol):
    """A number that already knows its text; :mod:`reporter.numbers` makes them."""

    @property
    def value(self) -> float:
        """The number at full precision: where the mark stands."""

    @property
    def text(self) -> str:
        """The number as printed everywhere in the report."""


Cell: TypeAlias = Numeric | str | None
Row: TypeAlias = Mapping[str, Cell]


def check_rows(rows: Sequence[Row]) -> None:
    """Refuse what no page can show."""
    if not rows:
        raise StudyError("A figure was asked for without any row.")
    models = sum(row.get("kind") != "all" for row in rows)
    if models > MOST_ROWS:
        raise StudyError(
            f"A figure has {models} models, more than a page can tell apart.",
            remedy=f"At most {MOST_ROWS} are drawn: select fewer, or leave the figure out.",
        )


def cell(row: Row, column: str) -> Cell:
    """Read one cell; a column that is not there is named, beside those that are."""
    if column not in row:
        raise StudyError(f'A figure needs the column "{column}".', remedy=f"There are: {', '.join(row)}.")
    return row[column]


def label(row: Row, glyphs: frozenset[int]) -> str:
    """Read a row's label without the emoji that our fonts lack; letters that they lack are refused."""
    text = str(cell(row, "label"))
    missing = [letter for letter in text if ord(letter) not in glyphs]
    letters = [letter for letter in missing if unicodedata.category(letter)[0] in "LN"]
    if letters:
        raise StudyError(
            f'The fonts of the figures lack letters of the label "{text}": {" ".join(letters)}.',
            remedy="They have Latin, Greek, Cyrillic, Arabic and Hebrew.",
        )
    return " ".join("".join(letter for letter in text if letter not in missing).split())


def number(row: Row, column: str) -> Numeric | None:
    """Read a cell that may hold a number; None where it holds none."""
    found = cell(row, column)
    if not isinstance(found, Numeric):
        return None
    if not math.isfinite(found.value):
        raise StudyError(f'The row "{row.get("label")}" has {found.value} in the column "{column}".')
    return found


def needed(row: Row, column: str) -> Numeric:
    """Read a cell without which the row cannot be drawn."""
    found = number(row, column)
    if found is None:
        raise StudyError(f'The row "{row.get("label")}" has no number in the column "{column}".')
    return found


def ends(row: Row, low: str = "low", high: str = "high") -> tuple[float, float] | None:
    """Read an interval; None unless both its ends are known."""
    bottom, top = number(row, low), number(row, high)
    return None if bottom is None or top is None else (bottom.value, top.value)


def values(rows: Sequence[Row], columns: Sequence[str]) -> list[float]:
    """Collect the numbers of some columns, to find the ends of an axis."""
    found = (number(row, column) for row in rows for column in columns)
    return [cell.value for cell in found if cell is not None]


def with_interval(row: Row, column: str) -> str:
    """Print a number and its interval; a cell that holds words is printed as it is."""
    centre, low, high = (number(row, name) for name in (column, "low", "high"))
    if centre is None:
        return str(cell(row, column) or "not computed")
    return centre.text if low is None or high is None else f"{centre.text} [{low.text}, {high.text}]"
