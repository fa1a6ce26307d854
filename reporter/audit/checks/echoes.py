"""Does a sentence, or a row, that repeats the numbers of another repeat them all?"""

from __future__ import annotations

import difflib
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporter.audit.checks._rarity import Rarity, figures_in, is_slip, key_of
from reporter.audit.checks._series import quoted
from reporter.audit.checks._sisters import Sisters
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Document, Kind, Place, Printed, Quantity
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "echoes"
ENOUGH = 6.0  # digits that agree, with what a slip at the very place of a number is worth
MANY = 4  # numbers that agree, from which on one that differs need not stand alone in the document
MOST_SHARING = 40  # places of one number; what stands in more places ties no two of them together
NAMED = 2.0  # how many digits a name in both is worth
TOGETHER = 1.0  # and the other end of the same interval, or the whole of the same share
SLIP = 1.5  # and a slip: of a thousand numbers of three digits some 30 are one slip away
ENOUGH_ROWS = 8.0  # for rows of two tables that have different heads
ENOUGH_NEAR = 7.5  # for a slip not right beside a number that agrees, but ...
NEAR = 3  # among so many at most
ENDS = {0.0, 1.0}  # of many scales: neither is a slip of the other
LONG = 12  # numbers, of a row or a sentence
COMMON = 1.5  # digits that a number is worth which every table prints, such as 1.000
SHORTEST_NAME = 5

Step = tuple[str, int, int, int, int]  # of an alignment, as difflib gives it


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Numbers that are printed together: a row of a table, or a sentence."""

    numbers: tuple[Printed, ...]
    keys: tuple[str, ...]
    owners: tuple[int, ...]  # which quantity each is of
    text: str
    words: str  # of the text, in lower case
    name: str  # the head of a row, in plain words; "" for a sentence
    table: int
    place: Place
    figures: frozenset[str]  # in caption and title: two rows at 100 and at 200 tokens are two results


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A number of one record where the other has a number that is written nearly alike."""

    here: Printed
    there: Printed
    same: tuple[Printed, ...]
    record: Record
    other: Record


def echoes(reading: Reading) -> Iterator[Looked]:
    """Find numbers that stand nearly, but not quite, as in another place that prints the same ones.

    Assumes that two records which share several numbers, with more digits than chance explains, speak of
    one result, and that a number at the same place among the shared ones which differs by one digit, by
    two digits turned round, or by its sign is a slip. Numbers of the record that the other lacks are no slip.
    """
    records = [*_records(reading.document)]
    seen = Counter(key for record in records for key in {*record.keys})
    rarity = Rarity(reading.document)
    slips = []
    for one, other in _pairs(records, rarity, Sisters(reading.document)):
        same, slip = _compared(one, other, seen, rarity)
        if slip is not None:
            slips.append(slip)
        elif len(same) > 2:
            yield passed(CHECK, *same)
    yield from _reported(slips, seen)


def _records(document: Document) -> Iterator[Record]:
    for index, table in enumerate(document.tables):
        figures = figures_in(table.caption, *table.section[-1:])
        for row in table.rows:
            quantities = [quantity for cell in row[1:] for quantity in cell.quantities]
            yield from _record(quantities, quoted(row), _plain(row[0].text), index, row[0].place, figures)
    for sentence in document.sentences:
        yield from _record(sentence.quantities, sentence.text, "", -1, sentence.place)


def _record(
    quantities: Sequence[Quantity],
    words: str,
    name: str,
    table: int,
    place: Place,
    figures: frozenset[str] = frozenset(),
) -> Iterator[Record]:
    owned = [
        (owner, number)
        for owner, quantity in enumerate(quantities)
        if quantity.kind is not Kind.IDENTIFIER
        for number in (*quantity.numbers, *quantity.df)
    ]
    numbers = tuple(number for _, number in owned)
    if len(numbers) >= 2:
        keys = tuple(map(key_of, numbers))
        yield Record(
            numbers=numbers,
            keys=keys,
            owners=tuple(owner for owner, _ in owned),
            text=words,
            words=_plain(words),
            name=name,
            table=table,
            place=place,
            figures=figures,
        )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:\.\d+)*", text.lower()))


def _pairs(records: Sequence[Record], rarity: Rarity, sisters: Sisters) -> Iterator[tuple[Record, Record]]:
    """Pairs of records of different tables or sentences that share enough digits."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    digits: dict[str, float] = {}
    for index, record in enumerate(records):
        for key, number in dict(zip(record.keys, record.numbers, strict=True)).items():
            digits[key] = rarity.of(number)
            if digits[key] >= 1:
                places[key].append(index)
    shared: defaultdict[tuple[int, int], float] = defaultdict(float)
    for key, indices in places.items():
        if len(indices) <= MOST_SHARING:
            for pair in itertools.combinations(indices, 2):
                shared[pair] += digits[key]
    for (i, j), evidence in shared.items():
        one, other = records[i], records[j]
        if one.table == other.table != -1 or one.place.line == other.place.line:
            continue  # rows of one table and sentences of one paragraph are often made alike
        if -1 not in (one.table, other.table) and sisters.are(one.table, other.table):
            continue  # so are tables that are printed for one subject after the other
        if evidence + NAMED * _is_named(one, other) + SLIP + TOGETHER >= ENOUGH:
            yield one, other


def _is_named(one: Record, other: Record) -> bool:
    """Whether the head of one's row stands in the other's words."""
    names = [(one.name, other.words), (other.name, one.words)]
    return any(len(name) >= SHORTEST_NAME and name in words for name, words in names)


def _compared(
    one: Record, other: Record, seen: Counter[str], rarity: Rarity
) -> tuple[tuple[Printed, ...], Slip | None]:
    """Lay the numbers of two records side by side, in order: what agrees, and what is one slip apart."""
    steps = difflib.SequenceMatcher(None, one.keys, other.keys, autojunk=False).get_opcodes()
    same = tuple(one.numbers[i] for kind, i, end, _, _ in steps if kind == "equal" for i in range(i, end))
    digits = sum({key_of(number): rarity.of(number) for number in same}.values())
    rows = -1 not in (one.table, other.table) and one.name != other.name
    digits += NAMED * (_is_named(one, other) and not rows) + SLIP - rarity.crowd
    longest = max(len(one.keys), len(other.keys))
    digits -= (len(same) + 1) * math.log10(max(1, longest / LONG))  # what a list of many has by chance
    sided = len(same) > 2 or -1 in (one.table, other.table)
    slips = [
        (a, b)
        for a, b in _slips_beside(one, other, steps, seen, sided=sided, many=len(same) >= MANY)
        if min(rarity.of(one.numbers[a]), rarity.of(other.numbers[b])) >= COMMON
        and {one.numbers[a].value, other.numbers[b].value} != ENDS
    ]
    if not slips and sided and digits >= ENOUGH_NEAR:
        slips = _slips_near(one, other, steps, seen)
    if len(slips) != 1:
        return same, None
    [(a, b)] = slips
    if digits + TOGETHER * _is_other_end(one, a, other, b) < (ENOUGH_ROWS if rows else ENOUGH):
        return same, None
    return same, Slip(here=one.numbers[a], there=other.numbers[b], same=same, record=one, other=other)


def _slips_beside(
    one: Record, other: Record, steps: Sequence[Step], seen: Counter[str], *, sided: bool, many: bool
) -> list[tuple[int, int]]:
    """Slips right beside numbers that agree; one of the two stands alone in the document, or many agree."""
    tied = many and not (one.figures - other.figures and other.figures - one.figures)
    places = {
        place for before, step, after in _flanked(steps) for place in _beside(before, step, after, sided)
    }
    return [
        (a, b)
        for a, b in sorted(places)
        if is_slip(one.numbers[a], other.numbers[b])
        and (tied or min(seen[one.keys[a]], seen[other.keys[b]]) == 1)
    ]


def _slips_near(
    one: Record, other: Record, steps: Sequence[Step], seen: Counter[str]
) -> list[tuple[int, int]]:
    """Slips among the few numbers beside those that agree; both stand alone in the document."""
    return [
        (a, b)
        for before, (kind, i, i_end, j, j_end), after in _flanked(steps)
        if kind == "replace" and (before or after) and max(i_end - i, j_end - j) <= NEAR
        for a, b in itertools.product(range(i, i_end), range(j, j_end))
        if is_slip(one.numbers[a], other.numbers[b]) and {seen[one.keys[a]], seen[other.keys[b]]} == {1}
    ]


def _is_other_end(one: Record, a: int, other: Record, b: int) -> bool:
    """Whether two numbers stand beside the same number in one interval, or one share, of both records."""
    return any(
        0 <= a + step < len(one.keys)
        and 0 <= b + step < len(other.keys)
        and one.owners[a + step] == one.owners[a]
        and other.owners[b + step] == other.owners[b]
        and one.keys[a + step] == other.keys[b + step]
        for step in (-1, 1)
    )


def _flanked(steps: Sequence[Step]) -> Iterator[tuple[bool, Step, bool]]:
    """Give each step with whether numbers right before it agree, and right after it."""
    padded = [None, *steps, None]
    for before, step, after in zip(padded, steps, padded[2:], strict=False):
        yield (
            before is not None and before[0] == "equal",
            step,
            after is not None and after[0] == "equal",
        )


def _beside(before: bool, step: Step, after: bool, sided: bool) -> Iterator[tuple[int, int]]:
    """Places between numbers that agree; where one side is enough, right behind or right before such."""
    kind, i, i_end, j, j_end = step
    between = before and after and i_end - i == j_end - j == 1
    if kind == "replace" and (between or sided):
        if before:
            yield i, j
        if after:
            yield i_end - 1, j_end - 1


def _reported(slips: Sequence[Slip], seen: Counter[str]) -> Iterator[Looked]:
    """Report the number of each slip that stands alone in the document, once; both, if both do."""
    done: set[tuple[int, int, str, str, str]] = set()
    for slip in slips:
        here, there = seen[key_of(slip.here)], seen[key_of(slip.there)]
        if here <= there:
            yield from _departure(slip.here, slip.there, slip, slip.record, Severity.ERROR, done)
        if there <= here:  # both, where nobody can tell which is wrong
            severity = Severity.ERROR if there < here else Severity.WARNING
            yield from _departure(slip.there, slip.here, slip, slip.other, severity, done)


def _departure(
    wrong: Printed,
    right: Printed,
    slip: Slip,
    record: Record,
    severity: Severity,
    done: set[tuple[int, int, str, str, str]],
) -> Iterator[Looked]:
    place = wrong.place
    key = (place.line, place.column, place.row, place.head, wrong.text)
    if key in done:
        return
    done.add(key)
    shared = ", ".join(number.text for number in slip.same[:6])
    yield failed(
        CHECK,
        severity,
        place,
        record.text,
        expected=f"{right.text}, as in line {right.place.line}; or {wrong.text} there as well",
        how=f"line {right.place.line} prints {shared} as well, "
        f"but {right.text} where {wrong.text} stands here",
        suggestion="Take both from the same computation.",
        numbers=(wrong, right, *slip.same),
    )
