"""Can a printed number exist at all: is a lower end below the upper one, a part no more than its whole?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from reporter.audit.checks._series import parts, quoted
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Cell, Kind, Place, Printed, Quantity, Sentence, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.audit.words import statistic_of

CHECK = "bounds"
NUMBER = "([+\N{MINUS SIGN}-]?\\d+(?:\\.\\d+)?)"
TOLD = (  # what stands around a number, and where it must lie
    (re.compile(rf"{NUMBER}\s*%\s+(?:CI|confidence|t? ?intervals?)\b"), (50.0, 100.0), "level in per cent"),
    (re.compile(rf"\bprobability (?:of )?{NUMBER}(?!\d|\.\d|\s*%)"), (0.0, 1.0), "probability"),
)
FEWEST_SHARES = 2  # of a column that are a part of one whole, before one that is more is wrong
BETWEEN: dict[str, tuple[float, float]] = {"p": (0, 1), "p_adjusted": (0, 1), "rho": (-1, 1), "r": (-1, 1)}
PROBABILITY = re.compile(r"^p\(|\bprobability\b|\bsupport\b", re.I)
CORRELATED = re.compile(r"^(rho|r|\N{GREEK SMALL LETTER RHO})$|\brho\b|^plain rho$", re.I)
UNEVEN = re.compile(r"\bp\b.*\bto\b|bayes|factor", re.I)


def bounds(reading: Reading) -> Iterator[Looked]:
    """Test intervals, shares and the columns of p values, probabilities and correlations.

    Assumes that what stands in brackets, with decimals, is a lower and an upper end, as in a column of ranges
    in which another is in order; that "6 of 8", and ``6/8`` in a table with other shares, is a part of a
    whole; and that the head of a column says what its first numbers are. "From 3.9 to 2.7" is a move.
    """
    for sentence in reading.document.sentences:
        for quantity in sentence.quantities:
            if quantity.kind is Kind.INTERVAL and len(quantity.numbers) == 2 and _is_like(quantity):
                yield _ordered(quantity)
            elif quantity.kind is Kind.SHARE and len(quantity.numbers) == 2 and " of " in quantity.text:
                yield _part(quantity)
        yield from _told(sentence)
    for table in reading.document.tables:
        yield from _columns(table)
        for row in table.rows:
            for head, cell in zip(table.heads[1:], row[1:], strict=True):
                yield from _between(head, cell, quoted(row))


def _told(sentence: Sentence) -> Iterator[Looked]:
    """Test the levels of intervals and the probabilities that a sentence names."""
    numbers = [number for quantity in sentence.quantities for number in quantity.numbers]
    for pattern, limits, name in TOLD:
        for match in pattern.finditer(sentence.text):
            number = next((n for n in numbers if n.text.strip(" %") == match[1]), None)
            if number is not None:
                yield _inside(number, limits, name, sentence.text, sentence.place)


def _columns(table: Table) -> Iterator[Looked]:
    """Test ranges and shares where another of the column is as it should be, and intervals anywhere."""
    for column in range(1, len(table.heads)):
        quantities = [q for row in table.rows for q in row[column].quantities if len(q.numbers) == 2]
        ranges = [q for q in quantities if q.kind in (Kind.INTERVAL, Kind.RANGE) and _is_like(q)]
        looked = [_ordered(quantity) for quantity in ranges]
        sure = any(each.finding is None for each in looked)
        for each, quantity in zip(looked, ranges, strict=True):
            if sure or quantity.kind is Kind.INTERVAL:
                yield each
        shares = [q for q in quantities if q.kind is Kind.SHARE]
        wholes = Counter(q.numbers[1].text for q in shares if q.numbers[0].value <= q.numbers[1].value)
        yield from (_part(q) for q in shares if wholes[q.numbers[1].text] >= FEWEST_SHARES)


def _is_like(quantity: Quantity) -> bool:
    """Whether both ends have the same decimals, and some; codes, versions and ratios have not."""
    first, last = quantity.numbers
    return first.decimals == last.decimals > 0


def _ordered(quantity: Quantity) -> Looked:
    low, high = quantity.numbers[:2]
    if low.value <= high.value + SLACK:
        return passed(CHECK, low, high)
    return failed(
        CHECK,
        Severity.ERROR,
        quantity.place,
        quantity.text,
        expected=f"the lower end first: {high.text}, {low.text}",
        how=f"{low.text} is above {high.text}",
        suggestion="Check both ends.",
        numbers=(low, high),
    )


def _part(quantity: Quantity) -> Looked:
    part, whole = quantity.numbers
    if part.value <= whole.value or part.decimals or whole.decimals:
        return passed(CHECK, part, whole)
    return failed(
        CHECK,
        Severity.ERROR,
        quantity.place,
        quantity.text,
        expected=f"at most {whole.text} of {whole.text}",
        how=f"{part.text} is more than the {whole.text} that it is a part of",
        suggestion="Check both counts.",
        numbers=(part, whole),
    )


def _between(head: str, cell: Cell, words: str) -> Iterator[Looked]:
    """Test the first number of a cell by its head: a p value, a probability, a correlation."""
    name = statistic_of(head)
    limits = (0.0, 1.0) if PROBABILITY.search(head) else BETWEEN.get(name)
    if limits is None or UNEVEN.search(head) or (name in ("rho", "r") and not CORRELATED.search(head)):
        return
    first = next(iter(sorted(parts(cell).items())), None)
    if first is None or first[1].percent or (first[1].decimals == 0 and first[1].value > 1):
        return  # a percentage, or the number of a layer
    yield _inside(first[1], limits, name or "probability", words, cell.place)


def _inside(number: Printed, limits: tuple[float, float], name: str, words: str, place: Place) -> Looked:
    low, high = limits
    if low - SLACK <= number.value <= high + SLACK:
        return passed(CHECK, number)
    return failed(
        CHECK,
        Severity.ERROR,
        number.place if number.place.line else place,
        words,
        expected=f"a {name.replace('_', ' ')} from {low:g} to {high:g}",
        how=f"{number.text} lies outside {low:g} to {high:g}",
        suggestion="Check the number and its column.",
        numbers=(number,),
    )
