"""Does a number that a sentence ties to one row of the tables stand in that row?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporter.audit.checks._rarity import agree, is_slip, key_of
from reporter.audit.checks._series import NO_CLAIM
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Document, Kind, Printed, Quantity, Sentence
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "named_numbers"
WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
SHORTEST = 5  # letters of a row's name
LEAST_DECIMALS = 2
FEWEST_OF = 5  # whole of a share


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row by its name: its numbers, and the words of its table's title, caption and other cells."""

    numbers: tuple[Printed, ...]
    around: str


def named_numbers(reading: Reading) -> Iterator[Looked]:
    """Look up numbers that stand right behind the name of a row: ``Alpha (+0.055)``, ``Alpha (3 of 30)``.

    Assumes that what stands between two numbers names what the second is of. Rows of that name in all tables
    are looked at, those before others whose table or cells have a further name that stands there. A number
    that is in none of them is a warning only where one of them is a slip away (a count: one more or less)
    and the number stands nowhere else.
    """
    rows = _rows(reading.document)
    if not rows:
        return
    longest = sorted(rows, key=len, reverse=True)
    names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
    seen = Counter(key_of(n) for quantity in reading.document.quantities() for n in quantity.numbers)
    for sentence in reading.document.sentences:
        for words, quantity in _named(sentence):
            near = _nearest(names.findall(words), rows)
            if near:
                yield from _looked_up(quantity, near, sentence, seen)


def _rows(document: Document) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for table in document.tables:
        title = _plain(" ".join((table.caption, *table.section)))
        for row in table.rows:
            quantities = [q for cell in row[1:] for q in cell.quantities if q.kind is not Kind.IDENTIFIER]
            numbers = tuple(number for quantity in quantities for number in quantity.numbers)
            name = _plain(row[0].text)
            if numbers and len(name) >= SHORTEST:
                around = " ".join((title, *(_plain(cell.text) for cell in row[1:])))
                found[name].append(Row(numbers=numbers, around=around))
    return found


def _plain(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


def _named(sentence: Sentence) -> Iterator[tuple[str, Quantity]]:
    """Give each claim with the words between it and the claim before."""
    begin = end = 0  # of the text between two claims
    for quantity in sentence.quantities:
        at = sentence.text.find(quantity.text, end)
        if at < 0:
            continue
        end = at + len(quantity.text)
        if quantity.kind not in NO_CLAIM:
            yield _plain(sentence.text[begin:at].rpartition(";")[2]), quantity
            begin = end


def _nearest(mentioned: Sequence[str], rows: dict[str, list[Row]]) -> list[Row]:
    """The rows of the name that stands nearest before a number; others that stand there narrow them down."""
    if not mentioned:
        return []
    found = rows[mentioned[-1]]
    for other in mentioned[:-1]:
        narrowed = [row for row in found if other in row.around]
        found = narrowed or found
    return found


def _looked_up(
    quantity: Quantity, rows: Sequence[Row], sentence: Sentence, seen: Counter[str]
) -> Iterator[Looked]:
    number = quantity.first
    held = [other for row in rows for other in row.numbers]
    if any(agree(other, number) or abs(other.value) == abs(number.value) for other in held):
        yield passed(CHECK, number)
        return
    if quantity.kind is Kind.SHARE and len(quantity.numbers) == 2:
        whole = quantity.numbers[1].value
        fits = [row for row in rows if any(other.value == whole for other in row.numbers)]
        near = [
            o for row in fits for o in row.numbers if o.decimals == 0 and abs(o.value - number.value) == 1
        ]
        near = near if whole >= FEWEST_OF else []
    elif number.decimals >= LEAST_DECIMALS and seen[key_of(number)] == 1:
        near = [other for other in held if is_slip(number, other)]
    else:
        near = []
    if near:
        yield _departure(number, near[0], sentence)


def _departure(number: Printed, near: Printed, sentence: Sentence) -> Looked:
    return failed(
        CHECK,
        Severity.WARNING,
        number.place,
        sentence.text,
        expected=f"a number of the row of that name, such as {near.text} (line {near.place.line})",
        how=f"{number.text} stands in no row of that name; "
        f"{near.text} in line {near.place.line} is nearly it",
        suggestion="Take the number from the table.",
        numbers=(number, near),
    )
