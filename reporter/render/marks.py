"""A printed number carries its place in the register through Markdown, between private-use characters.

``U+E000 12 U+E001 3.05 U+E002`` is the text ``3.05`` and says that it is number 12. Markdown passes such
characters through untouched; :func:`strip` gives the document that people read. A reference to a table or
figure is ``U+E003 Table/zones U+E004`` until all are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPEN = "\ue000"
MIDDLE = "\ue001"
CLOSE = "\ue002"
REFER = "\ue003"
REFERRED = "\ue004"
MARKS = frozenset((OPEN, MIDDLE, CLOSE))

REFERENCE = re.compile(f"{REFER}([^/]*)/([^{REFERRED}]*){REFERRED}")
MARKED = re.compile(f"{OPEN}([0-9]+){MIDDLE}([^{OPEN}{MIDDLE}{CLOSE}]*){CLOSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNote:
    """What a reader may ask of a number on the page: its address and, in one line, its origin."""

    address: str
    origin: str


def mark(index: int, text: str) -> str:
    """Mark a text as the number at this place of the register.

    >>> strip("rho = " + mark(12, "0.37"))
    'rho = 0.37'
    """
    if index < 0 or not MARKS.isdisjoint(text):
        raise ValueError(f"cannot mark {text!r} as number {index}")
    return f"{OPEN}{index}{MIDDLE}{text}{CLOSE}"


def strip(marked: str) -> str:
    """Take the marks away and leave the text."""
    return MARKED.sub(r"\2", marked)


def spans(marked: str) -> Iterator[tuple[int, str, int]]:
    """Find each number: its index, its text, and its offset in the stripped text."""
    removed = 0
    for found in MARKED.finditer(marked):
        index, text = found.groups()
        yield int(index), text, found.start() - removed
        removed += len(found.group()) - len(text)
