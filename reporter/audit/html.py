"""HTML into a document: tables, headings and paragraphs, each with its line and column in the source."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from reporter.audit.document import Block, Document
from reporter.audit.encoding import mend
from reporter.audit.pieces import CAPTION, Piece, RawTable, Run, assemble

UNSEEN = {"script", "style", "head", "nav", "svg", "template", "math", "noscript", "select", "button"}
BOLD = {"strong", "b"}
HEADING = re.compile(r"h([1-6])$")
BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "details",
    "summary",
    "dt",
    "dd",
} | {
    *(
        "figure",
        "figcaption",
        "caption",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "li",
        "table",
        "hr",
        "form",
        "address",
    )
}
CELLS = {"td", "th"}
RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
REGISTER = "register"  # the class of the list of all numbers that our own pages end with
MOST = 200  # cells that one cell may span


def read_html(text: str, name: str) -> Document:
    """Read an HTML page.

    Parameters
    ----------
    text : str
        The source; lines and columns of what is found count in it as it was mended, from 1.
    name : str
        What the document is called in messages.
    """
    mended = mend(text)
    pieces, tables = pieces_of(mended.text)
    return assemble(name, mended.text.split("\n"), pieces, tables, mended.repairs)


def pieces_of(
    source: str, *, line: int = 1, section: tuple[str, ...] = ()
) -> tuple[list[Piece], list[RawTable]]:
    """Read a whole page, or a block of HTML that begins at a line of another text, in a section of it."""
    walk = _Walk(line, section)
    walk.feed(source)
    walk.close()
    walk.end()
    return walk.pieces, walk.tables


@dataclass(slots=True)
class _Cell:
    run: Run
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class _Open:
    """A table that is being read."""

    line: int
    column: int
    caption: str = ""
    rows: list[list[_Cell]] = field(default_factory=list)


class _Walk(HTMLParser):
    """Goes through the tags once; what is not shown is not read."""

    def __init__(self, line: int, section: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[Piece] = []
        self.tables: list[RawTable] = []
        self.line, self.outer = line - 1, section
        self.titles: list[tuple[int, str]] = []
        self.open: list[_Open] = []
        self.unseen: list[str] = []
        self.items: list[str] = []
        self.run, self.block, self.level = Run(), "paragraph", 0
        self.bold: list[int] = []
        self.raised = 0
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block, a cell or a mark."""
        given = dict(attrs)
        hidden = tag in UNSEEN or (tag == "details" and REGISTER in (given.get("class") or "").split())
        if self.unseen or hidden:
            if hidden:
                self.unseen.append(tag)
            return
        if tag in BLOCKS or HEADING.match(tag):
            self.end()
        if match := HEADING.match(tag):
            self.block, self.level = "heading", int(match[1])
        elif tag == "li":
            self.items.append("")
        elif tag == "table":
            self.open.append(_Open(*self._here()))
        elif tag == "tr" and self.open:
            self.end()
            self.open[-1].rows.append([])
        elif tag in CELLS and self.open:
            self._cell(given)
        elif tag == "br":
            self._add(" ", *self._here())
            self.run.breaks.append(len(self.run.text))
        elif tag == "img" and given.get("alt"):
            run = Run()
            run.add(str(given["alt"]), *self._here())
            self.pieces.append(Piece(run=run, block="caption", section=self.section))
        self.preformatted += tag == "pre"
        self.raised += tag == "sup"
        if tag in BOLD:
            self.bold.append(len(self.run.text))

    def handle_endtag(self, tag: str) -> None:
        """Close a block, a cell or a mark."""
        if self.unseen:
            if tag == self.unseen[-1]:
                self.unseen.pop()
            return
        if tag in BOLD and self.bold:
            start = self.bold.pop()
            if len(self.run.text) > start:
                self.run.bold.append((start, len(self.run.text)))
        if tag == "caption" and self.open:
            self.open[-1].caption = self.run.text.strip()
            self.pieces.append(Piece(run=self.run, block="caption", section=self.section))
            self.run = Run()
        elif tag in BLOCKS or HEADING.match(tag) or tag in (*CELLS, "tr"):
            self.end()
        if tag == "table" and self.open:
            self._table(self.open.pop())
        elif tag == "li" and self.items:
            self.items.pop()
        self.preformatted -= tag == "pre" and self.preformatted > 0
        self.raised -= tag == "sup" and self.raised > 0

    def handle_data(self, data: str) -> None:
        """Take text: runs of white space count as one blank, and a line of its own keeps its place."""
        if self.unseen:
            return
        line, column = self._here()
        for index, part in enumerate(data.split("\n")):
            if index and self.preformatted:
                self.end()
            elif index:
                self._add(" ", line + index, 1)
            shift = len(part) - len(part.lstrip()) if index and not self.preformatted else 0
            words = part if self.preformatted else re.sub(r"[ \t]+", " ", part[shift:])
            words = words.translate(RAISED) if self.raised else words
            self._add(words, line + index, shift + (1 if index else column))

    def handle_entityref(self, name: str) -> None:
        """Take a named character."""
        self._character(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Take a numbered character."""
        self._character(f"&#{name};")

    def _character(self, written: str) -> None:
        if not self.unseen:
            words = html.unescape(written).replace("\u00a0", " ")
            self._add(words.translate(RAISED) if self.raised else words, *self._here())

    @property
    def section(self) -> tuple[str, ...]:
        """The titles from the outermost to the innermost."""
        return (*self.outer, *(title for _, title in self.titles))

    def _here(self) -> tuple[int, int]:
        line, column = self.getpos()
        return line + self.line, column + 1

    def _add(self, words: str, line: int, column: int) -> None:
        """Append words to the block; white space at its start, or after other, is dropped."""
        if not self.preformatted and (not self.run.text or self.run.text.endswith(" ")):
            column += len(words) - len(words.lstrip(" "))
            words = words.lstrip(" ")
        self.run.add(words, line, column)

    def _cell(self, given: dict[str, str | None]) -> None:
        self.end()
        if not self.open[-1].rows:
            self.open[-1].rows.append([])
        self.run = Run()
        cell = _Cell(self.run, _span(given.get("colspan")), _span(given.get("rowspan")))
        self.open[-1].rows[-1].append(cell)

    def end(self) -> None:
        """End a block: keep its text, unless it is a cell's, which its table has."""
        run, block = self.run, self.block
        self.run, self.block, self.bold = Run(), "paragraph", []
        cells = (cell for table in self.open for row in table.rows[-1:] for cell in row)
        if not run.text.strip() or any(run is cell.run for cell in cells):
            return
        if block == "heading":
            self.titles = [pair for pair in self.titles if pair[0] < self.level]
            self.pieces.append(Piece(run=run, block="heading", section=self.section))
            self.titles.append((self.level, run.text.strip()))
            return
        under = self.items[-1] or (self.items[-2] if len(self.items) > 1 else "") if self.items else ""
        if self.items and not self.items[-1]:
            self.items[-1] = run.text.strip()
        kind: Block = "item" if self.items else "code" if self.preformatted else "paragraph"
        if CAPTION.match(run.text):
            kind = "caption"
        self.pieces.append(Piece(run=run, block=kind, section=self.section, under=under))

    def _table(self, read: _Open) -> None:
        """Keep a table whose first row holds its heads."""
        rows = [row for row in _laid(read.rows) if row]
        if rows:
            self.tables.append(
                RawTable(
                    heads=[cell.run.text.strip() for cell in rows[0]],
                    rows=[[cell.run for cell in row] for row in rows[1:]],
                    line=read.line,
                    column=read.column,
                    section=self.section,
                    caption=read.caption,
                )
            )


def _laid(rows: list[list[_Cell]]) -> Iterator[list[_Cell]]:
    """Lay rows out: a cell that spans columns or rows stands in each of them."""
    waiting: dict[int, tuple[_Cell, int]] = {}  # by column: the cell from above, and for how many rows
    for row in rows:
        laid: list[_Cell] = []
        cells = deque(row)
        while cells or len(laid) in waiting:
            cell, left = waiting.pop(len(laid), (None, 0))
            if cell is None:
                cell = cells.popleft()
                left, columns = cell.rows, cell.columns
            else:
                columns = 1
            for _ in range(columns):
                if left > 1:
                    waiting[len(laid)] = (cell, left - 1)
                laid.append(cell)
        yield laid


def _span(written: str | None) -> int:
    return min(int(written), MOST) if written and written.isdigit() and int(written) else 1
