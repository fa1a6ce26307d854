"""Facts in tables: the head of the row says of whom, the head of the column which statistic, under what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reporter.audit.conditions import (
    Axes,
    Head,
    head_of,
    is_summary,
    limit_in,
    lists_conditions,
    measure_in,
    moves_in,
)
from reporter.audit.document import Cell, Document, Kind, Printed, Quantity, Table
from reporter.audit.fact import Fact
from reporter.audit.naming import SUBJECT_HEAD, Mention, Names
from reporter.audit.words import statistic_of

LEVELS = {"mean", "sd", "median", "min", "max", "range", "change", "predicted", "se"}
OF_THE_MODEL = {
    "layers",
    "hidden_size",
    "n_tokens",
    "effective_dimension",
    "dead_zones",
}  # under no token limit
LAYERS = re.compile(r"\bL\d+")
NO_CLAIM = {"n.s.", "level", "word", "ratio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of a document before its numbers are bound."""

    document: Document
    names: Names
    axes: Axes
    measure: str  # the kind of entropy that is meant where none is named
    move: str  # the one step between limits, "100→200"


def cell_facts(setting: Setting) -> Iterator[Fact]:
    """Bind the numbers of every table."""
    for index, table in enumerate(setting.document.tables):
        yield from _Binder(setting, table, index).facts()


class _Binder:
    """Binds the numbers of one table."""

    def __init__(self, setting: Setting, table: Table, index: int) -> None:
        self.setting, self.table, self.index = setting, table, index
        self.heads = _apart([head_of(head) for head in table.heads])
        self.by_condition = lists_conditions(table)
        around = [*table.caption.split(". ")[:2], *reversed(table.section)]
        self.limit = next((found for words in around if (found := limit_in(words))), "")
        said = (" ".join(table.heads), table.caption, *reversed(table.section))
        self.measure = next((measure for words in said if (measure := measure_in(words))), "")
        moves = {*moves_in(" ".join(table.heads)), *moves_in(table.caption)}
        self.move = moves.pop() if len(moves) == 1 else setting.move

    def facts(self) -> Iterator[Fact]:
        """Bind row by row."""
        names, table = self.setting.names, self.table
        owner = self._owner() if self.by_condition or not names.subject_column(table) else ""
        models = next((place for place, head in enumerate(table.heads) if SUBJECT_HEAD.fullmatch(head)), 0)
        for row in table.rows:
            if not row:
                continue
            name = row[0].text.strip()
            subject = owner if owner or self.by_condition else names.subject(name)
            if not subject and models:
                subject = names.subject(row[models].text)
            if subject or self.by_condition or is_summary(name):
                axis = (
                    self.setting.axes.named(name)
                    if self.by_condition or (owner and not is_summary(name))
                    else ""
                )
                yield from self._row(row, subject, axis)

    def _owner(self) -> str:
        """Name the subject of the whole table: the innermost title or the caption that names one."""
        for words in (*reversed(self.table.section), self.table.caption):
            title = words.partition(",")[0]
            if subject := self.setting.names.subject(title) or self.setting.names.subject(words):
                return subject
        return ""

    def _row(self, row: tuple[Cell, ...], subject: str, axis: str) -> Iterator[Fact]:
        words = " | ".join(cell.text for cell in row)
        for head, cell in zip(self.heads[1:], row[1:], strict=True):
            if head is None or not cell.quantities:
                continue
            named = [] if subject else self.setting.names.mentions(cell.text)
            if len(LAYERS.findall(cell.text)) > 1:  # a list of layers, or a range of them: no peak
                continue
            layered = any(quantity.kind is Kind.LAYER for quantity in cell.quantities)
            for quantity in cell.quantities:
                for statistic, number in self._statistics(head, quantity, layered):
                    yield Fact(
                        subject=subject or _named(named, number, cell),
                        statistic=statistic,
                        condition=self._condition(statistic, head, axis, bool(named)),
                        number=number,
                        quantity=quantity,
                        source="cell",
                        place=number.place,
                        words=words,
                        table=self.index,
                    )

    def _statistics(self, head: Head, quantity: Quantity, layered: bool) -> Iterator[tuple[str, Printed]]:
        """Name the statistic of each number of a quantity, from the head and from how it is written."""
        known, numbers = head.statistic, quantity.numbers
        if quantity.kind is Kind.PLUS_MINUS:
            yield known or "mean", numbers[0]
            yield ("se" if known == "se" else "sd" if known in ("", "mean") else f"{known}_sd"), numbers[1]
        elif quantity.kind in (Kind.INTERVAL, Kind.RANGE):
            name = "interval" if quantity.kind is Kind.INTERVAL and known != "range" else known or "range"
            yield f"{name}_low", numbers[0]
            yield f"{name}_high", numbers[1]
        elif quantity.kind is Kind.SHARE:
            if known not in ("", "mean"):
                yield known, numbers[0]
        elif quantity.kind is Kind.LAYER:
            yield "peak_layer", numbers[0]
        elif quantity.kind is Kind.VALUE and (statistic := self._of_value(known, quantity, layered)):
            yield statistic, numbers[0]

    def _of_value(self, known: str, quantity: Quantity, layered: bool) -> str:
        number = quantity.first
        if quantity.label in NO_CLAIM or (quantity.text.startswith("±") and number.value):
            return ""
        if quantity.label and quantity.label != known:
            return quantity.label
        if layered:
            return "peak_r"
        if not known and number.signed and abs(number.value) <= 1 and statistic_of(self.table.caption) == "r":
            return "r"
        return known

    def _condition(self, statistic: str, head: Head, axis: str, named: bool) -> str:
        """Put together under what a number was measured: the row's axis, the limit, words of the head."""
        limit = head.limit or ("" if statistic in OF_THE_MODEL else self.limit)
        if statistic.startswith("change"):
            limit = self.move or limit
        rest = "" if named or not head.rest else self.setting.axes.named(head.rest)
        level = statistic.partition("_")[0] in LEVELS
        other = level and not axis and self.measure not in ("", self.setting.measure)
        return ", ".join(filter(None, [axis, limit, rest, f"{self.measure} entropy" if other else ""]))


def _apart(heads: list[Head]) -> list[Head | None]:
    """Tell columns apart that have the same head: by the limit of a column to their left, or not at all."""
    said: list[Head] = []
    limit = ""
    for head in heads:
        limit = head.limit or limit
        said.append(head._replace(limit=limit) if heads.count(head) > 1 else head)
    return [None if said.count(head) > 1 and head.statistic else head for head in said]


def _named(mentions: list[Mention], number: Printed, cell: Cell) -> str:
    """Name the subject that a cell names last before a number of it."""
    at = number.place.column - cell.place.column
    return next((mention.subject for mention in reversed(mentions) if mention.end <= at), "")
