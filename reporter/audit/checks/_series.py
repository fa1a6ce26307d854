"""A table as series of numbers: one for each number that a column's cells hold, and the same by rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reporter.audit.document import SLACK, Cell, Kind, Place, Printed, Quantity, Table
from reporter.audit.words import statistic_of

NO_CLAIM = (Kind.LAYER, Kind.IDENTIFIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The numbers that stand at the same place in every cell of a column (or of a row).

    ``part`` counts the numbers within a cell: of ``2.86 +- 0.04`` the sd is part 1. None stands where a
    cell has no such number, or one that is only bounded (``<0.001``).
    """

    head: str
    column: int
    part: int
    numbers: tuple[Printed | None, ...]

    @property
    def statistic(self) -> str:
        """The word for what the head names."""
        return statistic_of(self.head)

    @property
    def present(self) -> tuple[Printed, ...]:
        """The numbers that are there."""
        return tuple(number for number in self.numbers if number is not None)

    @property
    def is_whole(self) -> bool:
        """Whether all numbers are printed without decimals."""
        return all(number.decimals == 0 for number in self.present)


def parts(cell: Cell) -> dict[tuple[int, int], Printed]:
    """Give a cell's numbers by which quantity they are of, and which of its numbers they are."""
    claims = [quantity for quantity in cell.quantities if quantity.kind not in NO_CLAIM]
    return {
        (i, j): number
        for i, quantity in enumerate(claims)
        for j, number in enumerate(quantity.numbers)
        if number.relation == "="
    }


def series_of(table: Table) -> tuple[Series, ...]:
    """Give the series of every column but the first, which is the head of the rows."""
    found = []
    for column in range(1, len(table.heads)):
        cells = [parts(row[column]) for row in table.rows]
        for part, key in enumerate(sorted({key for cell in cells for key in cell})):
            numbers = tuple(cell.get(key) for cell in cells)
            found.append(Series(head=table.heads[column], column=column, part=part, numbers=numbers))
    return tuple(found)


def parted(table: Table) -> Iterator[Series]:
    """Give every column as a whole, and by the groups that the heads of the rows make."""
    columns = series_of(table)
    yield from columns
    for places, _ in groups_of([row[0].text for row in table.rows]):
        if len(places) < len(table.rows):
            for series in columns:
                yield replace(series, numbers=tuple(series.numbers[place] for place in places))


def rows_as_series(table: Table, *, part: int = 0) -> tuple[Series, ...]:
    """Give every row as a series of one number of each of its cells; its head is the first cell."""
    columns = [series for series in series_of(table) if series.part == part]
    return tuple(
        Series(
            head=row[0].text,
            column=index,
            part=part,
            numbers=tuple(series.numbers[index] for series in columns),
        )
        for index, row in enumerate(table.rows)
    )


def groups_of(heads: Sequence[str]) -> Iterator[tuple[list[int], list[str]]]:
    """Part rows that are called "change, A" and "change, B" by what stands before the last comma."""
    groups: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, head in enumerate(heads):
        before, comma, name = head.rpartition(", ")
        if comma:
            groups[before].append((place, name))
    for members in groups.values():
        if len(members) > 1:
            yield [place for place, _ in members], [name for _, name in members]


def room(numbers: Iterable[Printed]) -> float:
    """How far a sum or difference of printed numbers may lie from that of the numbers behind them."""
    return sum(number.half_width for number in numbers) + SLACK


def quoted(row: Sequence[Cell]) -> str:
    """The words of a table's row."""
    return " | ".join(cell.text for cell in row)


def claims(quantities: Iterable[Quantity]) -> Iterator[Quantity]:
    """The quantities that say something: neither layers nor identifiers."""
    return (quantity for quantity in quantities if quantity.kind not in NO_CLAIM)


def written(value: float, like: Printed) -> str:
    """Write a value with the digits, and the sign, of a printed number."""
    decimals = max(like.decimals, 0)
    text = f"{value:+.{decimals}f}" if like.signed else f"{value:.{decimals}f}"
    return text.replace("-", "\N{MINUS SIGN}") if "\N{MINUS SIGN}" in like.text else text


def at(place: Place) -> str:
    """Name a cell in words."""
    return f"{place.row or 'row'}, {place.head or 'column'} (line {place.line})"
