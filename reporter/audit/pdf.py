"""The text of a PDF into a document: its paragraphs; rows of tables are left out, and counted."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO

from reporter.audit.document import Block, Document
from reporter.audit.encoding import mend
from reporter.audit.pieces import CAPTION, Piece, Run, assemble
from reporter.errors import DocumentError

EDGE = 2  # lines at the top and the bottom of a page that may repeat on every page
PAGE_NUMBER = re.compile(r"\s*(?:page\s*)?[0-9ivxlc]{1,5}(?:\s*(?:/|of)\s*[0-9]+)?\s*$", re.I)
ITEM = re.compile(r"\s*(?:[•▪◦‣–-]|[0-9]{1,2}[.)])\s+")
ENDS = re.compile(r"[.!?:][\"'”)\]]?\s*$")
OF_PROSE = re.compile(
    r"\b(?:the|a|an|of|is|are|was|were|and|or|in|to|at|by|from|for|with|than|that|as|on|it|its|has|have|had)\b|[=;:?!]",
    re.I,
)
RANGE = re.compile(r"[0-9.]+ to [0-9.]+")
SHARE = 0.25  # of the words of a line that are numbers, from which on it is a row of a table
FULL = 0.7  # of the usual width: a shorter line ends its paragraph


def read_pdf(data: bytes, name: str) -> Document:
    """Read the text of a PDF; lines are counted through all pages.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What the document is called in messages.
    """
    pages = [mend(text).text.split("\n") for text in _pages(data, name)]
    running = _running(pages)
    lines: list[str] = []
    pieces: list[Piece] = []
    for page in pages:
        kept = [line for index, line in enumerate(page) if not _is_running(page, index, running)]
        pieces += _pieces(["" if _is_row(line) else line for line in kept], len(lines))
        lines += kept
    rows = sum(_is_row(line) for line in lines)
    note = f"text of a PDF of {len(pages)} pages: {rows} lines look like rows of tables, and are not read"
    return assemble(name, lines, pieces, [], (note,))


def _pages(data: bytes, name: str) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("The PDF asks for a password.", where=name, remedy="Save it without one.")
        texts = [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise DocumentError("This is no PDF that can be read.", where=name) from error
    if not any(text.strip() for text in texts):
        raise DocumentError(
            "The PDF holds no text, only pictures of it.",
            where=name,
            remedy="Give its source, or run OCR first.",
        )
    return texts


def _running(pages: list[list[str]]) -> set[str]:
    """Find the lines that stand at the edge of most pages: running heads and feet."""
    counted = Counter(
        _unnumbered(line) for page in pages for line in {*page[:EDGE], *page[-EDGE:]} if line.strip()
    )
    return {line for line, count in counted.items() if len(pages) > 2 and count > len(pages) / 2}


def _unnumbered(line: str) -> str:
    """Take the number of the page off a running head."""
    return re.sub(r"^[0-9]+\s+|\s+[0-9]+$", "", line.strip())


def _is_running(page: list[str], index: int, running: set[str]) -> bool:
    line = page[index]
    at_edge = index < EDGE or index >= len(page) - EDGE
    return at_edge and (_unnumbered(line) in running or bool(PAGE_NUMBER.match(line)))


def _is_row(line: str) -> bool:
    """Tell a row of a table, which says nothing without its heads, from a line of prose."""
    plain = RANGE.sub("0", line)  # "0.59 to 0.73" may stand in a cell
    words = plain.split()
    numbers = sum(any(character.isdigit() for character in word) for word in words)
    few = numbers < 2 and len(words) > 1
    return not few and 0 < SHARE * len(words) <= numbers and not OF_PROSE.search(plain)


def _pieces(lines: list[str], before: int) -> list[Piece]:
    """Join lines to paragraphs: one ends at an empty or a short line, or where an item begins."""
    usual = max((len(line) for line in lines), default=0)
    pieces: list[Piece] = []
    run = Run()
    open_: Block = "paragraph"

    def end() -> None:
        nonlocal run
        if run.text.strip():
            pieces.append(Piece(run=run, block="caption" if CAPTION.match(run.text) else open_, section=()))
        run = Run()

    for index, line in enumerate(lines):
        item = ITEM.match(line)
        if not line.strip() or item:
            end()
            open_ = "item" if item else "paragraph"
        if not line.strip():
            continue
        begin = item.end() if item else len(line) - len(line.lstrip())
        _join(run, line[begin:].rstrip(), before + index + 1, begin + 1)
        if len(line) < FULL * usual and ENDS.search(line):
            end()
            open_ = "paragraph"
    end()
    return pieces


def _join(run: Run, words: str, line: int, column: int) -> None:
    """Append a line; a word that was broken at its end is made whole."""
    broken = run.text.endswith("-") and re.match(r"[a-z]", words) and re.search(r"[a-z]-$", run.text)
    if broken:
        run.text = run.text[:-1]
    elif run.text:
        run.add(" ", line, column)
    run.add(words, line, column)
