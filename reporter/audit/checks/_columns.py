"""The columns of tables by the names of their rows, and whom a sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reporter.audit.document import Cell, Document, Kind, Printed, Sentence, Table
from reporter.audit.reading import Reading
from reporter.audit.words import statistic_of

CONDITION = re.compile(r"(?<![\w.])(\d{2,5}|\d+\.\d+)(?![\w.]*\d)")
WORD = re.compile(r"\w+")
WORDLIKE = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One number for each row of a table: ``of`` maps the row's name to it.

    ``part`` counts the numbers of a cell (``1.86 +- 0.05``: the mean is part 0); of an interval the width
    stands in ``widths``. ``conditions`` are the whole numbers of the head, or else of caption and title.
    """

    table: Table
    head: str
    statistic: str
    conditions: frozenset[str]
    of: Mapping[str, Printed]
    widths: Mapping[str, tuple[Printed, Printed]]

    @property
    def line(self) -> int:
        """Where the table begins."""
        return self.table.place.line

    def values(self) -> dict[str, float]:
        """Give the numbers as floats, by name."""
        return {name: number.value for name, number in self.of.items()}

    def highest(self) -> frozenset[str]:
        """Name all that share the largest value."""
        return frozenset(name for name, x in self.values().items() if x == max(self.values().values()))

    def lowest(self) -> frozenset[str]:
        """Name all that share the smallest value."""
        return frozenset(name for name, x in self.values().items() if x == min(self.values().values()))


def columns(reading: Reading, names: Names) -> tuple[Column, ...]:
    """Give every column of numbers of every table that has at least three rows."""
    found = []
    told = {(fact.place.line, fact.place.column): fact.statistic for fact in reading.facts.facts}
    for table in reading.document.tables:
        rows = [names.full(row[0].text) for row in table.rows]
        if len(rows) < 3 or len(set(rows)) < len(rows):
            continue
        for index in range(1, len(table.heads)):
            column = _column(table, index, rows, told)
            if column is not None:
                found.append(column)
    return tuple(found)


def _column(table: Table, index: int, names: list[str], told: Mapping[tuple[int, int], str]) -> Column | None:
    head = table.heads[index]
    of, widths = {}, {}
    for name, row in zip(names, table.rows, strict=True):
        pair = interval_in(row[index])
        number = leading_number(row[index])
        if pair is not None:
            widths[name] = pair
        elif number is not None:
            of[name] = number
    if len(of) < 3 and len(widths) < 3:
        return None
    own = frozenset(CONDITION.findall(head))
    around = frozenset(CONDITION.findall(" ".join((table.caption, *table.section[-1:]))))
    return Column(
        table=table,
        head=head,
        statistic=statistic_of(head) or _told(of, told) or _by_caption(head, table.caption),
        conditions=own or around,
        of=of,
        widths=widths,
    )


def _told(of: Mapping[str, Printed], told: Mapping[tuple[int, int], str]) -> str:
    """Give the statistic that the facts have for a column whose head does not name one."""
    found = {told.get((number.place.line, number.place.column), "") for number in of.values()}
    return found.pop() if len(found) == 1 else ""


def _by_caption(head: str, caption: str) -> str:
    """Give the mean where a caption speaks of means, and the head is a condition only: ``T = 0.5``."""
    words = re.findall(r"[A-Za-z]+", head)
    told = CONDITION.search(head) and len(words) <= 1 and re.search(r"\bmeans?\b", caption, re.I)
    return "mean" if told else ""


def leading_number(cell: Cell) -> Printed | None:
    """Give the first number of a cell that is a value, with or without uncertainty."""
    claims = [q for q in cell.quantities if q.kind not in (Kind.IDENTIFIER, Kind.LAYER)]
    if not claims or claims[0].kind not in (Kind.VALUE, Kind.PLUS_MINUS, Kind.SHARE):
        return None
    return claims[0].first if claims[0].first.relation == "=" else None


def interval_in(cell: Cell) -> tuple[Printed, Printed] | None:
    """Give both ends where a cell holds an interval or a range and nothing else."""
    claims = [q for q in cell.quantities if q.kind in (Kind.INTERVAL, Kind.RANGE)]
    if len(claims) != 1 or len(cell.quantities) != 1 or len(claims[0].numbers) != 2:
        return None
    return claims[0].numbers[0], claims[0].numbers[1]


def categories(reading: Reading, names: Names) -> Iterator[tuple[Table, str, dict[str, tuple[str, str]]]]:
    """Give pairs of columns of words that differ in a condition only: ``Zone (100)`` and ``Zone (200)``."""
    for table in reading.document.tables:
        bare = [re.sub(r"[\W\d]+", " ", head).strip().lower() for head in table.heads]
        for first in range(1, len(bare)):
            for second in range(first + 1, len(bare)):
                named = bare[first] and bare[first] == bare[second]
                if named and all(_is_word(row[first]) and _is_word(row[second]) for row in table.rows):
                    yield (
                        table,
                        bare[first],
                        {names.full(row[0].text): (row[first].text, row[second].text) for row in table.rows},
                    )


def _is_word(cell: Cell) -> bool:
    return bool(cell.text) and all(q.kind is Kind.IDENTIFIER for q in cell.quantities)


class Names:
    """Everybody whom a document names: in the first column of a table, or by another name for the same."""

    def __init__(self, reading: Reading) -> None:
        self._full = dict(reading.facts.aliases)
        for table in reading.document.tables:
            for row in table.rows:
                words = _plain(row[0].text)
                if WORDLIKE.search(words) and len(words) < 60:
                    self._full.setdefault(words.lower(), words)
        self._read: dict[str, list[str]] = {}  # titles and items are asked for again and again
        self._by_word: dict[str, list[str]] = {}
        for name in sorted(self._full, key=lambda name: (-len(name), name)):
            if word := WORD.match(name):
                self._by_word.setdefault(word[0], []).append(name)

    def full(self, words: str) -> str:
        """Give the fullest name that the document uses for what these words name, else the words."""
        plain = _plain(words)
        return self._full.get(plain.lower(), plain)

    def every(self, text: str) -> list[tuple[int, str]]:
        """Give every mention of somebody, with its place in the text; of names that overlap the longest."""
        lowered, found, end = text.lower(), list[tuple[int, str]](), 0
        for match in WORD.finditer(lowered):
            at = match.start()
            for name in self._by_word.get(match[0], ()) if at >= end else ():
                after = lowered[at + len(name) : at + len(name) + 1]
                if lowered.startswith(name, at) and not (after.isalnum() or after == "_"):
                    found.append((at, self._full[name]))
                    end = at + len(name)
                    break
        return found

    def within(self, text: str) -> list[str]:
        """Give whom a text names, each once, in order."""
        if text not in self._read:
            self._read[text] = list(dict.fromkeys(name for _, name in self.every(text)))
        return self._read[text]

    def spoken_of(self, sentence: Sentence) -> list[str]:
        """Give whom a sentence names, else whom the item above it names, else its nearest title."""
        for words in (sentence.text, sentence.under, *reversed(sentence.section)):
            if names := self.within(words):
                return names
        return []


def with_subjects(document: Document, names: Names) -> Iterator[tuple[Sentence, list[str]]]:
    """Give every sentence with whom it speaks of: if it names nobody, whom the one before it did."""
    line, last = 0, list[str]()
    for sentence in document.sentences:
        if sentence.place.line != line:
            line, last = sentence.place.line, []
        last = names.within(sentence.text) or last or names.spoken_of(sentence)
        yield sentence, last


def _plain(words: str) -> str:
    return " ".join(words.split())
