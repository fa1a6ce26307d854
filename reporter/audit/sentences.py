"""Where sentences end: not at an abbreviation, an initial, or the point of a number."""

from __future__ import annotations

import re

ABBREVIATIONS = (
    "e.g|i.e|vs|etc|cf|fig|figs|eq|eqs|sec|tab|no|nos|al|approx|ca|dr|mr|mrs|ms|prof|st|resp|vol|pp|eff|incl|excl"
    "|dept|ed|eds|max|min|avg|std|dev|viz|n.s|s.d|s.e|s.e.m|a.k.a|w.r.t|jr|sr"
)
END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[^\W_a-z]|\s+[^\w\s(\[\"'“‘,;:–—-]|\s*$)")
SHORT = re.compile(rf"(?:^|[\s(\[“\"'])(?:{ABBREVIATIONS}|[A-Z])$", re.IGNORECASE)
NUMBERED = re.compile(r"\s*\d+[a-z]?$")


def sentences(text: str, breaks: list[int] | tuple[int, ...] = ()) -> list[tuple[int, int]]:
    """Find the start and end of every sentence.

    Parameters
    ----------
    text : str
        Plain text of one block.
    breaks : list of int
        Offsets at which a new statement begins whatever stands before: a line of its own.

    >>> [text[a:b] for text in ["It fell (e.g. by 0.3). No. 2 rose."] for a, b in sentences(text)]
    ['It fell (e.g. by 0.3).', 'No. 2 rose.']
    """
    found = []
    edges = [*breaks, len(text)]
    start = 0
    for edge in edges:
        for match in END.finditer(text, start, edge):
            before = text[start : match.start()]
            if match[0][0] == "." and (SHORT.search(before[-12:]) or NUMBERED.fullmatch(before)):
                continue
            found.append((start, match.end()))
            start = match.end()
        found.append((start, edge))
        start = edge
    return [trimmed for span in found if (trimmed := _trimmed(text, *span))]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
