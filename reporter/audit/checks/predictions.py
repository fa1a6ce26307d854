"""Do stated extrapolations follow from the points in the document, and which rows depart from the rest?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reporter.audit.checks._columns import CONDITION, Column, Names, columns
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Printed, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "predictions"
PREDICTED = re.compile(r"\bpredict|\bextrapolat|\bexpect(?:ed)?\b|\bforecast|\bproject(?:ed|ion)\b", re.I)
FOLLOWED = 0.6  # of the rows must follow a shape before the others are said to depart from it
SURE = re.compile(r"\b(?:very )?high\b|\bcertain|\bstrong\b", re.I)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A way to go on from two points: ``weight`` of the change is added to the second value."""

    words: str
    weight: Callable[[float, float, float], float]  # of both conditions and the target
    common: bool = False  # one change for all, the mean of the changes


SHAPES = (
    _Shape("the logarithm of the condition", lambda a, b, x: math.log(x / b) / math.log(b / a)),
    _Shape("a straight line", lambda a, b, x: (x - b) / (b - a)),
    _Shape("a plateau", lambda _a, _b, _x: 0.0),
    _Shape(
        "one slope for all on the logarithm", lambda a, b, x: math.log(x / b) / math.log(b / a), common=True
    ),
)


@dataclass(frozen=True, slots=True)
class _Points:
    """Both measured columns, and where between or beyond them the prediction lies."""

    first: Column
    second: Column
    at: tuple[float, float]

    def expected(self, shape: _Shape, name: str, target: float) -> tuple[float, float]:
        """Give the predicted value and how far rounding of the points can move it."""
        start, end = self.first.of[name], self.second.of[name]
        weight = shape.weight(*self.at, target)
        if shape.common:
            change = sum(self.second.of[n].value - self.first.of[n].value for n in self.first.of) / len(
                self.first.of
            )
            return (start.value + end.value) / 2 + (weight + 0.5) * change, (2 + 2 * weight) * end.half_width
        value = end.value + weight * (end.value - start.value)
        return value, (1 + weight) * end.half_width + weight * start.half_width


def predictions(reading: Reading) -> Iterator[Looked]:
    """Compare predicted values with those that a logarithm, a straight line or a plateau gives.

    Assumes two measured columns of means with a number each in head or title, and a target number in the
    head or title of the prediction; whichever shape most rows follow is taken to be the document's own.
    """
    tables = columns(reading, Names(reading))
    points = _points(tables)
    if points is None:
        return
    targets = [(column, _target(column, points)) for column in tables if _says(column)]
    only = {target for _, target in targets if target is not None}
    for column, own in targets:
        target = own or (max(only) if len(only) == 1 else None)
        if target is None or not set(column.of) <= set(points.first.of) or len(column.of) < 4:
            continue
        yield from _rows(column, points, target)
    for table in reading.document.tables:
        yield from _confidence(table, points)


def _points(tables: Sequence[Column]) -> _Points | None:
    """Find two columns of means of one table whose conditions are two numbers."""
    means = [c for c in tables if c.statistic == "mean" and len(c.conditions) == 1 and not _says(c)]
    for first in means:
        for second in means:
            a, b = (float(next(iter(c.conditions))) for c in (first, second))
            if first.table is second.table and 0 < a < b and set(first.of) == set(second.of):
                return _Points(first, second, (a, b))
    return None


def _says(column: Column) -> bool:
    words = " ".join((column.head, column.table.caption, *column.table.section[-1:]))
    return PREDICTED.search(words) is not None


def _target(column: Column, points: _Points) -> float | None:
    """Find what a column predicts for: the one number of its head, or of its caption, beyond the points."""
    for words in (column.head, column.table.caption, *reversed(column.table.section), *column.table.heads):
        found = {float(x) for x in CONDITION.findall(words)} - set(points.at)
        if len(found) == 1 and min(found) > points.at[1]:
            return found.pop()
    return None


def _rows(column: Column, points: _Points, target: float) -> Iterator[Looked]:
    fits: Mapping[str, set[str]] = {
        shape.words: {name for name in column.of if _fits(shape, column.of[name], points, name, target)}
        for shape in SHAPES
    }
    best = max(SHAPES, key=lambda shape: len(fits[shape.words]))
    if len(fits[best.words]) < FOLLOWED * len(column.of):
        return
    (a, b), shown = points.at, f"{len(fits[best.words])} of {len(column.of)}"
    for name, stated in column.of.items():
        numbers = (stated, points.first.of[name], points.second.of[name])
        if name in fits[best.words]:
            yield passed(CHECK, *numbers)
            continue
        value, room = points.expected(best, name, target)
        digits = max(stated.decimals, points.second.of[name].decimals + 1)
        yield failed(
            CHECK,
            Severity.WARNING,
            stated.place,
            f"{name}: {stated.text}",
            expected=f"{value:.{digits}f}",
            how=f"from {numbers[1].text} at {a:g} and {numbers[2].text} at {b:g}, {best.words} gives "
            f"{value:.{digits}f} "
            f"(within {room:.{digits}f} by rounding) at {target:g}; {shown} rows follow it, "
            f"{stated.text} does not",
            suggestion=f"{value:.{stated.decimals}f}, or say why this row is predicted in another way",
            numbers=numbers,
        )


def _fits(shape: _Shape, stated: Printed, points: _Points, name: str, target: float) -> bool:
    """Tell whether the stated value is what exact printed points give, or what points so rounded can give."""
    value, room = points.expected(shape, name, target)
    few = stated.decimals <= points.second.of[name].decimals
    return abs(value - stated.value) <= stated.half_width + (
        room / 2 if few and not shape.common else SLACK * 10
    )


def _confidence(table: Table, points: _Points) -> Iterator[Looked]:
    """Words of high confidence for predictions without an interval, from two points each."""
    says = PREDICTED.search(" ".join((table.caption, *table.heads, *table.section[-1:])))
    where = [i for i, head in enumerate(table.heads) if re.search(r"\bconfidence\b", head, re.I)]
    spread = any(re.search(r"\binterval\b|\benvelope\b|±", head, re.I) for head in table.heads)
    if not says or not where or spread:
        return
    sure = [row for row in table.rows if SURE.search(row[where[0]].text)]
    a, b = points.at
    for row in sure:
        yield failed(
            CHECK,
            Severity.NOTE,
            row[where[0]].place,
            " | ".join(cell.text for cell in row),
            expected="an interval, or no word of confidence",
            how=f"two points ({a:g}, {b:g}) fit any shape, and 2 values less 2 coefficients leave no "
            "degree of freedom "
            f"for an error; {len(sure)} of {len(table.rows)} rows are called high",
            suggestion="Two limits do not identify a shape; no interval can be given for a single row.",
        )
