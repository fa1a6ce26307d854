"""The numbers of a document by line, and a line of Markdown as the numbers and words that a reader sees."""

from __future__ import annotations

import re
from collections import defaultdict

from reporter.audit.document import Document, Printed

NUMBER = re.compile(r"[<>]?[+\-\u2212\u00b1]?\d+(?:[.,]\d+)*\*{0,3}%?")
MARKUP = re.compile(r"\\(?=[^\w\s])|\*\*|`")


def numbers_by_line(document: Document) -> dict[int, tuple[Printed, ...]]:
    """Give the numbers that were read in each line."""
    found: defaultdict[int, list[Printed]] = defaultdict(list)
    for quantity in document.quantities():
        for number in (*quantity.numbers, *quantity.df):
            found[number.place.line].append(number)
    for number in document.unread:
        found[number.place.line].append(number)
    return {line: tuple(numbers) for line, numbers in found.items()}


def plain(line: str) -> str:
    """Take off escapes, bold and code marks, and spaces that do not show."""
    return " ".join(MARKUP.sub("", line).split())


def numerals(line: str) -> list[str]:
    """List the numbers of a plain line as they are written, with their signs and stars."""
    return NUMBER.findall(line)
