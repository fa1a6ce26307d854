"""What every check is given: the document, its facts, and the rows where there are any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reporter.audit.document import Document
from reporter.audit.facts import Facts
from reporter.audit.finding import Looked


@dataclass(frozen=True, slots=True, kw_only=True)
class CellValues:
    """The raw values of one model under one condition in one run, in the unit of the document."""

    subject: str  # the name of the model as the rows have it
    condition: str  # as in facts: "100"
    run: str
    values: tuple[float, ...]
    measure: str = ""  # what was measured, as in reporter.columns: "text_entropy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A number of a built report as its register has it; a line is named as often as it holds the number."""

    address: str
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document that was read, ready to be checked."""

    document: Document
    facts: Facts
    rows: tuple[CellValues, ...] = ()
    built_lines: tuple[str, ...] = ()  # of the report that the study's rows give now
    register: tuple[Registered, ...] = ()  # of numbers.csv, where it lies beside the file


Check = Callable[[Reading], Iterator[Looked]]
