"""Cells that print a mean with its spread under two conditions: what their own tests would have said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reporter.audit.checks._columns import CONDITION, Names
from reporter.audit.document import Cell, Document, Kind, Table
from reporter.audit.reading import Reading
from reporter.results import Summary

EACH = re.compile(
    r"\b(\d{1,4}) (?:prompts|questions|replies|answers|runs|items|participants|subjects|seeds|texts)\b"
    r"(?=[^.]{0,12}\b(?:each|per|a (?:cell|model))\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CellPairs:
    """The same members under two conditions, each with mean, sd and n."""

    table: Table
    first: Mapping[str, Summary]
    second: Mapping[str, Summary]


def n_each(document: Document) -> int | None:
    """Find how many values a cell rests on, if the document states one number only."""
    words = [sentence.text for sentence in document.sentences]
    words += [title for table in document.tables for title in (*table.section, table.caption)]
    found = {int(n) for text in words for n in EACH.findall(text)}
    return found.pop() if len(found) == 1 else None


def cell_pairs(reading: Reading, names: Names) -> CellPairs | None:
    """Find a table with two columns of ``mean +- sd`` that differ in one number of their heads."""
    n = n_each(reading.document)
    if n is None or n < 2:
        return None
    for table in reading.document.tables:
        where = [i for i in range(1, len(table.heads)) if all(_is_pair(row[i]) for row in table.rows)]
        conditions = {float(c) for i in where for c in CONDITION.findall(table.heads[i])}
        if len(where) == 2 and len(conditions) == 2 and len(table.rows) >= 3:
            by_name = [{names.full(row[0].text): _summary(row[i], n) for row in table.rows} for i in where]
            return CellPairs(table, by_name[0], by_name[1])
    return None


def _is_pair(cell: Cell) -> bool:
    return len(cell.quantities) == 1 and cell.quantities[0].kind is Kind.PLUS_MINUS


def _summary(cell: Cell, n: int) -> Summary:
    """Make a summary without extremes, which these tests do not use."""
    mean, sd = cell.quantities[0].numbers[:2]
    return Summary(
        mean=mean.value, sd=sd.value, minimum=mean.value, maximum=mean.value, n=n, half_width=mean.half_width
    )
