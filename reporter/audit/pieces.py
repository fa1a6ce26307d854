"""What every reader hands over, blocks of text and tables with places, and how they become a document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from reporter.audit.document import Block, Cell, Document, Place, Printed, Sentence, Table
from reporter.audit.naming import names_with_digits
from reporter.audit.quantities import Read, read_quantities
from reporter.audit.sentences import sentences

CAPTION = re.compile(r"(?:Table|Figure|Fig\.?|Listing|Chart)\s+[\w.-]*\d\w*\s*[.:)]")
OUTLINED: tuple[Block, ...] = ("heading", "code", "paragraph")


@dataclass(slots=True)
class Run:
    """Plain text of one block, and where its parts stand in the source."""

    text: str = ""
    starts: list[int] = field(default_factory=list)  # offsets in the text at which a part begins,
    places: list[tuple[int, int]] = field(default_factory=list)  # and the line and column of each
    bold: list[tuple[int, int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # offsets where a line is a statement of its own

    def add(self, text: str, line: int, column: int) -> None:
        """Append text that stands at a place of the source."""
        if text:
            self.starts.append(len(self.text))
            self.places.append((line, column))
            self.text += text

    def place(self, start: int, end: int, *, row: str = "", head: str = "") -> Place:
        """Find where a span of the text stands in the source."""
        if not self.starts:
            return Place(line=1, row=row, head=head)
        part = max(0, bisect_right(self.starts, start) - 1)
        line, column = self.places[part]
        return Place(
            line=line, column=column + start - self.starts[part], length=end - start, row=row, head=head
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block of text before its numbers are read."""

    run: Run
    block: Block
    section: tuple[str, ...]
    under: str = ""


@dataclass(slots=True, kw_only=True)
class RawTable:
    """A table before its numbers are read; ``caption`` may come after it."""

    heads: list[str]
    rows: list[list[Run]]
    line: int
    column: int = 1
    section: tuple[str, ...] = ()
    caption: str = ""


def assemble(
    name: str, lines: list[str], pieces: list[Piece], tables: list[RawTable], repairs: tuple[str, ...]
) -> Document:
    """Read the numbers of all pieces, now that the names that hold digits are known."""
    reader = _Numbers(names_with_digits(row[0].text for table in tables for row in table.rows if row))
    return Document(
        name=name,
        lines=tuple(lines),
        tables=tuple(reader.table(table) for table in tables),
        sentences=tuple(sentence for piece in pieces for sentence in reader.sentences(piece)),
        unread=tuple(reader.unread),
        repairs=repairs,
    )


class _Numbers:
    """Reads the numbers of pieces and cells, and keeps those that nobody understood."""

    def __init__(self, names: re.Pattern[str] | None) -> None:
        self.names = names
        self.unread: list[Printed] = []

    def table(self, raw: RawTable) -> Table:
        """Give every row as many cells as there are heads, and read them."""
        width = len(raw.heads)
        rows = []
        for runs in raw.rows:
            last = runs[-1].place(0, 0) if runs else Place(line=raw.line)
            filled = [
                *runs[:width],
                *(Run("", [0], [(last.line, last.column)]) for _ in range(width - len(runs))),
            ]
            head = filled[0].text if filled else ""
            rows.append(tuple(self._cell(run, head, raw.heads[index]) for index, run in enumerate(filled)))
        return Table(
            heads=tuple(raw.heads),
            rows=tuple(rows),
            place=Place(line=raw.line, column=raw.column),
            section=raw.section,
            caption=raw.caption,
        )

    def _cell(self, run: Run, row: str, head: str) -> Cell:
        def at(start: int, end: int) -> Place:
            return run.place(start, end, row=row, head=head)

        found = self._kept(read_quantities(run.text, at, bold=tuple(run.bold), names=self.names)).quantities
        alone = len(found) == 1 and found[0].text == run.text
        place = found[0].place if alone else at(0, len(run.text))
        return Cell(text=run.text, place=place, quantities=found, bold=bool(run.bold))

    def sentences(self, piece: Piece) -> Iterator[Sentence]:
        """Split a piece into sentences and read each."""
        run = piece.run
        whole = piece.block in ("code", "heading")
        spans = sentences(run.text, run.breaks) if not whole else [(0, len(run.text))]
        for start, end in spans:

            def at(begin: int, stop: int, start: int = start) -> Place:
                return run.place(start + begin, start + stop)

            bold = tuple((b - start, e - start) for b, e in run.bold if b < end and e > start)
            outline = piece.block in OUTLINED and start == 0
            read = self._kept(
                read_quantities(run.text[start:end], at, bold=bold, names=self.names, outline=outline)
            )
            yield Sentence(
                text=run.text[start:end],
                place=run.place(start, end),
                block=piece.block,
                quantities=read.quantities,
                section=piece.section,
                under=piece.under,
                opens=(start, end) == spans[0],
            )

    def _kept(self, read: Read) -> Read:
        self.unread.extend(read.unread)
        return read
