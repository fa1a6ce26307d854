"""The rows that a figure draws: cells that know their text, and refusals that name row and column."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from reporter.errors import StudyError, TooManyToDrawError

MOST_ROWS = 32  # as many as differ without colour (_page.looks); a page holds no more either
MOST_MODELS = 40  # as many as have a place of their own; beyond 32, only colour tells some lines apart


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
    """Refuse a figure of nothing."""
    if not rows:
        raise StudyError("A figure was asked for without any row.")


def check_models(models: int, most: int = MOST_MODELS) -> None:
    """Refuse what no page can show."""
    if models > most:
        raise TooManyToDrawError(
            f"A figure has {models} models, more than a page can tell apart.",
            remedy=f"At most {most} are drawn: select fewer, or leave the figure out.",
        )


def grouped(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """Put rows together that print the same in a column, in the order in which that appears."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(words(row, column), []).append(row)
    return found


def panels(rows: Sequence[Row], column: str = "panel") -> dict[str, list[Row]]:
    """Put rows into their panels; one that names none, as a model without any answer, is in all of them."""
    found = grouped(rows, column)
    everywhere = found.pop("", [])
    return {name: [*own, *everywhere] for name, own in found.items()} or {"": everywhere}


def asked(option: str, word: str) -> bool:
    """Read an option that is "yes" or "no"."""
    if word not in ("yes", "no"):
        raise StudyError(f'The option "{option}" of a figure is "{word}".', remedy='It can be "yes" or "no".')
    return word == "yes"


def cell(row: Row, column: str) -> Cell:
    """Read one cell; a column that is not there is named, beside those that are."""
    if column not in row:
        raise StudyError(f'A figure needs the column "{column}".', remedy=f"There are: {', '.join(row)}.")
    return row[column]


def label(row: Row, glyphs: frozenset[int], column: str = "label") -> str:
    """Read a row's label without the emoji that our fonts lack; letters that they lack are refused."""
    text = words(row, column)
    missing = [letter for letter in text if ord(letter) not in glyphs]
    letters = [letter for letter in missing if unicodedata.category(letter)[0] in "LN"]
    if letters:
        raise StudyError(
            f'The fonts of the figures lack letters of the {column} "{text}": {" ".join(letters)}.',
            remedy="They have Latin, Greek, Cyrillic, Arabic and Hebrew.",
        )
    return " ".join("".join(letter for letter in text if letter not in missing).split())


def words(row: Row, column: str) -> str:
    """Read what a cell prints; the empty text where it holds nothing."""
    found = cell(row, column)
    return "" if found is None else found if isinstance(found, str) else found.text


def flag(row: Row, column: str) -> bool:
    """Read a cell that says "yes" or nothing."""
    found = words(row, column)
    if found not in ("yes", "no", ""):
        raise StudyError(
            f'A figure found "{found}" in the column "{column}", where "yes" or nothing may stand.'
        )
    return found == "yes"


def number(row: Row, column: str) -> Numeric | None:
    """Read a cell that may hold a number; None where it holds none."""
    found = cell(row, column)
    if found is None or isinstance(found, str):  # asking a Protocol is slow where cells are many
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
