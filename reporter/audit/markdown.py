"""Markdown into a document: sections, tables with their heads, sentences, each with line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from reporter.audit.document import Block, Document
from reporter.audit.encoding import mend
from reporter.audit.pieces import CAPTION, Piece, RawTable, Run, assemble

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT_MATTER = re.compile(r"\A---\n(?:[^\n]*:[^\n]*\n|[ \t#-][^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?=\n|\Z)")
ROW_START = re.compile(r"[\s>]*(?:(?:[-*+]|[0-9]+[.)])\s+)?\|")
# An emoji or a check mark opens a line of its own; what may stand inside a sentence does not.
OPENS_A_LINE = re.compile(r"[^\w\s\"'“”‘’()\[\]<>$€£¥@#%&*+\-−–—±~≈=…,.;:/|→←×·°§^]")
REACH = 400  # how far on a part of a text is looked for in its source


def read_markdown(text: str, name: str) -> Document:
    """Read a Markdown text.

    Parameters
    ----------
    text : str
        The source; lines and columns of what is found count in it as it was mended, from 1.
    name : str
        What the document is called in messages.
    """
    from markdown_it import MarkdownIt

    mended = mend(text)
    lines = mended.text.split("\n")
    parser = MarkdownIt("commonmark").enable("table").disable("text_join")
    walk = _Walk(lines)
    walk.through(parser.parse(_without_front_matter(mended.text)))
    return assemble(name, lines, walk.pieces, walk.tables, mended.repairs)


def _without_front_matter(text: str) -> str:
    """Blank the lines of YAML at the start, so that the others keep their numbers."""
    match = FRONT_MATTER.match(text)
    return "\n" * match[0].count("\n") + text[match.end() :] if match else text


class _Walk:
    """Goes through the tokens once, and keeps where it is: section, list item, quotation."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.pieces: list[Piece] = []
        self.tables: list[RawTable] = []
        self.titles: list[tuple[int, str]] = []
        self.items: list[str] = []  # what the items that we are in say, the outermost first
        self.quotes = 0
        self.line = 1
        self.row: list[Run] = []
        self.column = 0
        self.lead = ""  # the last paragraph, if nothing came after it
        self.bare: RawTable | None = None  # the last table, if nothing came after it and it has no caption

    def through(self, tokens: list[Token]) -> None:
        """Take every token in turn."""
        level = 0
        for token in tokens:
            kind = token.type
            if token.map:
                self.line = token.map[0] + 1
            if kind == "heading_open":
                level = int(token.tag[1])
            elif kind == "inline":
                self._inline(token, level)
                level = 0
            elif kind in ("blockquote_open", "blockquote_close"):
                self.quotes += 1 if kind.endswith("open") else -1
            elif kind == "list_item_open":
                self.items.append("")
            elif kind == "list_item_close":
                self.items.pop()
            elif kind in ("fence", "code_block"):
                self._code(token)
            elif kind == "html_block":
                self._html(token)
            else:
                self._table(kind)

    @property
    def section(self) -> tuple[str, ...]:
        """The titles from the outermost to the innermost."""
        return tuple(title for _, title in self.titles)

    def _inline(self, token: Token, level: int) -> None:
        if self.column:
            self._cell(token)
            return
        run = self._run(token, self._starts(token.content, self.line))
        if level:
            self.titles = [pair for pair in self.titles if pair[0] < level]
            self.pieces.append(Piece(run=run, block="heading", section=self.section))
            self.titles.append((level, run.text.strip()))
            self._forget()
            return
        under = self.items[-2] if len(self.items) > 1 else ""
        if self.items and not self.items[-1]:
            self.items[-1] = run.text.strip()
        elif self.items:
            under = self.items[-1]
        caption = bool(CAPTION.match(run.text))
        block: Block = "item" if self.items else "quote" if self.quotes else "paragraph"
        self.pieces.append(
            Piece(run=run, block="caption" if caption else block, section=self.section, under=under)
        )
        if caption and self.bare:
            self.bare.caption = run.text.strip()
        self._forget()
        self.lead = run.text.strip() if caption or run.text.rstrip().endswith(":") else ""

    def _forget(self) -> None:
        """Something came between: what stands before or after a table is no longer next to it."""
        self.lead, self.bare = "", None

    def _starts(self, content: str, line: int) -> list[tuple[int, int, int]]:
        """Find for each line of a block its offset in the content, its line and its column in the source."""
        starts, offset = [], 0
        for index, part in enumerate(content.split("\n")):
            source = self.lines[line - 1 + index] if line - 1 + index < len(self.lines) else ""
            column = source.find(part.strip())
            starts.append((offset, line + index, max(column, 0) + 1))
            offset += len(part) + 1
        return starts

    def _run(self, token: Token, starts: list[tuple[int, int, int]]) -> Run:
        """Join the children of an inline token: plain text, with the place of each part in the source."""
        run, content, at, opened = Run(), token.content, 0, []
        offsets = [start for start, _, _ in starts]
        fresh = False  # whether a line has just ended
        for child in token.children or []:
            kind, text = child.type, child.content
            if kind in ("softbreak", "hardbreak"):
                at = max(at, content.find("\n", at) + 1)
                run.add(" ", *self._place(starts, offsets, max(at - 1, 0)))
                fresh = True
                if kind == "hardbreak":
                    run.breaks.append(len(run.text))
            elif kind == "strong_open":
                opened.append(len(run.text))
                if fresh and run.breaks[-1:] != [len(run.text)]:
                    run.breaks.append(len(run.text))
            elif kind == "strong_close" and opened:
                run.bold.append((opened.pop(), len(run.text)))
            elif kind == "image":
                at = self._image(child, content, at, starts, offsets)
            elif kind in ("text", "text_special", "code_inline") and text:
                written = child.markup if kind == "text_special" else text
                found = content.find(written, at, at + REACH + len(written))
                at = found if found >= 0 else at
                if fresh and OPENS_A_LINE.match(text) and run.breaks[-1:] != [len(run.text)]:
                    run.breaks.append(len(run.text))
                run.add(text, *self._place(starts, offsets, at))
                at += len(written) if found >= 0 else 0
                fresh = False
        return run

    def _place(self, starts: list[tuple[int, int, int]], offsets: list[int], at: int) -> tuple[int, int]:
        start, line, column = starts[bisect_right(offsets, at) - 1]
        return line, column + at - start

    def _image(
        self, child: Token, content: str, at: int, starts: list[tuple[int, int, int]], offsets: list[int]
    ) -> int:
        """Read what an image shows as a caption of its own, and step over its address."""
        found = content.find("![", at, at + REACH)
        begin = found + 2 if found >= 0 else at
        run = Run()
        run.add(child.content, *self._place(starts, offsets, begin))
        if run.text.strip():
            self.pieces.append(Piece(run=run, block="caption", section=self.section))
        behind = content.find(")", begin + len(child.content))
        return behind + 1 if behind >= 0 else begin

    def _code(self, token: Token) -> None:
        """Take every line of a block of code as a statement of its own."""
        first = self.line + (token.type == "fence")
        for index, text in enumerate(token.content.split("\n")):
            if text.strip():
                source = self.lines[first - 1 + index] if first - 1 + index < len(self.lines) else ""
                run = Run()
                run.add(text, first + index, max(source.find(text), 0) + 1)
                self.pieces.append(Piece(run=run, block="code", section=self.section))
        self._forget()

    def _html(self, token: Token) -> None:
        from reporter.audit.html import pieces_of

        pieces, tables = pieces_of(token.content, line=self.line, section=self.section)
        self.pieces += pieces
        self.tables += tables
        self._forget()

    def _table(self, kind: str) -> None:
        """Open and close a table and its rows; cells are read as they come."""
        if kind == "table_open":
            self.tables.append(
                RawTable(heads=[], rows=[], line=self.line, section=self.section, caption=self.lead)
            )
        elif kind == "tr_open":
            source = self.lines[self.line - 1]
            start = ROW_START.match(source)
            self.row, self.column = [], (start.end() if start else 0) + 1
        elif kind == "tr_close":
            self.column = 0
            if self.tables[-1].heads:
                self.tables[-1].rows.append(self.row)
            else:
                self.tables[-1].heads = [run.text.strip() for run in self.row]
        elif kind == "table_close":
            self._forget()
            self.bare = None if CAPTION.match(self.tables[-1].caption) else self.tables[-1]

    def _cell(self, token: Token) -> None:
        """Read a cell; the next one begins behind the next bar of the row's source."""
        source, at = self.lines[self.line - 1], self.column - 1
        written = token.content.replace("|", "\\|")
        found = source.find(written, at)
        begin = found if found >= 0 else at
        run = self._run(token, [(0, self.line, begin + 1)])
        self.row.append(run)
        behind = begin + len(written)
        while (behind := source.find("|", behind)) > 0 and source[behind - 1] == "\\":
            behind += 1
        self.column = (behind if behind >= 0 else len(source)) + 2
