"""What an audit reads: a document as sections, tables and sentences, every number with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

Relation = Literal["=", "<", ">", "<=", ">=", "~"]
Block = Literal["heading", "paragraph", "item", "code", "quote", "caption"]
SLACK = 1e-9  # of a rounding interval: decimals have no exact double


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in the text as it was read: line and column count from 1."""

    line: int
    column: int = 1
    length: int = 0
    row: str = ""  # of a table: the head of its row
    head: str = ""  # of a table: the head of its column


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One number as it is printed, and the values that round to it.

    ``decimals`` are the printed digits after the point; ``relation`` is what stands before it (``p < .05``);
    ``signed`` says that a sign was written, so that the number is a change or a coefficient.
    A percentage keeps its printed value (``25 %`` is 25.0 with ``percent``).
    """

    text: str
    value: float
    decimals: int
    place: Place
    relation: Relation = "="
    signed: bool = False
    percent: bool = False
    unit: str = ""

    @property
    def half_width(self) -> float:
        """Half a unit of the last printed digit."""
        return 0.5 * 10.0**-self.decimals

    @property
    def low(self) -> float:
        """The least value that is rounded to this number."""
        return self.value - self.half_width - SLACK

    @property
    def high(self) -> float:
        """The largest value that is rounded to this number."""
        return self.value + self.half_width + SLACK

    def holds(self, value: float, *, truncated: bool = False) -> bool:
        """Tell whether a value may be printed like this: rounded, half up or half even; or cut off."""
        room = 2 * self.half_width if truncated else self.half_width
        return abs(value - self.value) <= room + SLACK


class Kind(Enum):
    """How numbers stand together."""

    VALUE = "value"  # 2.86
    PLUS_MINUS = "plus-minus"  # 2.86 +- 0.04: value, uncertainty
    INTERVAL = "interval"  # [1.22, 1.73]: low, high
    RANGE = "range"  # 2.86-3.17: low, high
    SHARE = "share"  # 6/8: count, of how many
    MOVE = "move"  # 100 -> 200: from, to
    LAYER = "layer"  # L27
    IDENTIFIER = "identifier"  # dates, versions, DOIs, list numbers, names of models: no claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One number or several that make one claim: ``r(28) = -.53**``, ``[1.22, 1.73]``, ``6/8``.

    ``label`` is the statistic that is written before it, in the words of `reporter.audit.words`
    (``r``, ``rho``, ``p``, ``t``, ``F``, ``chi2``, ``z``, ``n``, ``d``, ``change``, ...), or empty.
    """

    text: str
    kind: Kind
    numbers: tuple[Printed, ...]
    place: Place
    label: str = ""
    df: tuple[Printed, ...] = ()
    stars: int = 0
    bold: bool = False
    mark: Literal["", "min", "max"] = ""
    level: Printed | None = None  # of an interval: 95 (percent), where it is said

    @property
    def first(self) -> Printed:
        """The number that the claim is about: the value, the count, the lower end."""
        return self.numbers[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table: its plain text, and the quantities in it."""

    text: str
    place: Place
    quantities: tuple[Quantity, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; a row's first cell is its head, and every row has as many cells as there are ``heads``."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    place: Place
    section: tuple[str, ...] = ()  # titles from the outermost to the innermost
    caption: str = ""

    def column(self, head: str) -> tuple[Cell, ...]:
        """The cells under a head."""
        index = self.heads.index(head)
        return tuple(row[index] for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, a line of a code block, or an item: plain text without marks of emphasis."""

    text: str
    place: Place
    block: Block
    quantities: tuple[Quantity, ...] = ()
    section: tuple[str, ...] = ()
    under: str = ""  # of an item inside another: what that one says
    opens: bool = True  # the first of its block


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A written report as it was read; nothing in it is guessed, and what was not understood is listed."""

    name: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    unread: tuple[Printed, ...] = ()  # numbers whose meaning nobody could tell
    repairs: tuple[str, ...] = ()  # what was done to the text before it could be read
    _inside: dict[tuple[str, ...], list[Sentence]] = field(default_factory=dict, repr=False, compare=False)

    def inside(self, section: tuple[str, ...]) -> Sequence[Sentence]:
        """The sentences of a section, in order; those of its subsections are not among them."""
        if not self._inside:
            for sentence in self.sentences:
                self._inside.setdefault(sentence.section, []).append(sentence)
        return self._inside.get(section, ())

    def quantities(self) -> Iterator[Quantity]:
        """Every quantity, in tables and sentences."""
        for table in self.tables:
            for row in table.rows:
                for cell in row:
                    yield from cell.quantities
        for sentence in self.sentences:
            yield from sentence.quantities
