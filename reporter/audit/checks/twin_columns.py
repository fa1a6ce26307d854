"""Do columns (or rows) that several tables print agree, number by number?"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from reporter.audit.checks._rarity import Rarity, agree, figures_in, is_slip, key_of
from reporter.audit.checks._series import groups_of
from reporter.audit.checks._sisters import Sisters
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Kind, Printed, Quantity, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "twin_columns"
WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
FEWEST = 3  # numbers that agree, unless what differs is a slip
MOST_SHARING = 60  # columns with the same number for the same row; more say nothing about any two
ENOUGH = 6.5  # digits that agree: one pair in millions by chance
ENOUGH_SAME_HEAD = 3.0
ENOUGH_OF_SISTERS = 3.0  # in tables that print another column twice as well
# What is chosen among numbers, or made once more without some, agrees with the others for the most part.
CHOSEN = re.compile(r"\b(?:without|excluding|except|largest|smallest|highest|lowest)\b", re.I)
ENOUGH_ACROSS = 9.0  # where titles name different figures, and for rows of other names


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """The numbers of a column by the heads of its rows, or of a row by the heads of its columns."""

    table: int
    head: str
    is_chosen: bool  # by head or caption, of the largest of several numbers, or of some without others
    is_row: bool
    figures: frozenset[str]  # in head, caption and title: "100" of "100 tokens"
    cells: Mapping[str, tuple[Printed, ...]]  # a number, or the several of one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two vectors, laid side by side: what agrees, and what does not."""

    one: Vector
    other: Vector
    same: tuple[tuple[Printed, Printed], ...]
    different: tuple[tuple[Printed, Printed], ...]
    evidence: float  # digits that agree, less what so many numbers as the document's make likely

    @property
    def tables(self) -> tuple[int, int]:
        """Which tables the two are of."""
        return self.one.table, self.other.table


def twin_columns(reading: Reading) -> Iterator[Looked]:
    """Find columns that print the same numbers, and the one place where they do not.

    Assumes that two columns of different tables which agree in nearly all rows, to more digits than chance
    explains, are meant to be one; less is asked of tables that have such a column already. Heads and titles
    with different numbers in them (100 and 200 tokens) name different things, and more is asked of them. A
    number is reported once, with all its twins.
    """
    vectors = [
        vector for index, table in enumerate(reading.document.tables) for vector in _vectors(index, table)
    ]
    rarity = Rarity(reading.document)
    candidates = _candidates(vectors, rarity, Sisters(reading.document))
    pairs = [_laid_out(*vectors_of, rarity) for vectors_of in candidates]
    sisters = {pair.tables for pair in pairs if _are_twins(pair)}
    apart: list[tuple[Printed, Printed]] = []
    for pair in pairs:
        if _are_twins(pair) or (pair.tables in sisters and _are_of_sisters(pair)):
            yield from (passed(CHECK, *numbers) for numbers in pair.same)
            apart += pair.different
    yield from _reported(apart)


def _vectors(index: int, table: Table) -> Iterator[Vector]:
    """Make a vector of each column and each row, whole and by each of several numbers in its cells."""
    about = figures_in(table.caption, *table.section[-1:])
    rows = [[_numbers(cell.quantities) for cell in row] for row in table.rows]
    labels = [_label(row[0].text) for row in table.rows]
    heads = [_label(head) for head in table.heads]
    columns = [(j, [row[j] for row in rows]) for j in range(1, len(heads))]
    figures = [figures_in(head) for head in table.heads]
    found = [(table.heads[j], False, figures[j] | about, labels, cells) for j, cells in columns]
    for row, cells in zip(table.rows, rows, strict=True):
        found.append((row[0].text, True, about, heads[1:], cells[1:]))
    for places, names in groups_of([row[0].text for row in table.rows]):
        keys = [_label(name) for name in names]
        for j, cells in columns:
            found.append((table.heads[j], False, figures[j], keys, [cells[place] for place in places]))
    for head, is_row, named, keys, cells in found:
        held = {key: cell for key, cell in zip(keys, cells, strict=True) if cell and key}
        if len(held) < 2 or len({*keys}) < len(keys):
            continue
        most = max(map(len, held.values()))
        whole = Vector(
            table=index,
            head=head,
            is_chosen=CHOSEN.search(f"{head} {table.caption}") is not None,
            is_row=is_row,
            figures=named,
            cells=held,
        )
        yield whole
        for part in range(most) if most > 1 else ():
            single = {key: (cell[part],) for key, cell in held.items() if len(cell) > part}
            if len(single) > 1:
                yield replace(whole, cells=single)


def _numbers(quantities: Sequence[Quantity]) -> tuple[Printed, ...]:
    return tuple(
        number
        for quantity in quantities
        if quantity.kind is not Kind.IDENTIFIER
        for number in quantity.numbers
        if number.relation == "="
    )


@cache
def _label(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


def _candidates(vectors: Sequence[Vector], rarity: Rarity, kinds: Sisters) -> Iterator[tuple[Vector, Vector]]:
    """Pairs of vectors of different tables that share a number under the same label."""
    sharing: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, vector in enumerate(vectors):
        for label, numbers in vector.cells.items():
            for number in numbers:
                if rarity.of(number) >= 1:
                    sharing[label, f"{number.value:.3g}"].append(index)
    pairs = {
        pair
        for indices in sharing.values()
        if len(indices) <= MOST_SHARING
        for pair in itertools.combinations(indices, 2)
    }
    for one, other in ((vectors[i], vectors[j]) for i, j in sorted(pairs)):
        alike = kinds.are(one.table, other.table)
        chosen = (one.is_chosen or other.is_chosen) and _label(one.head) != _label(other.head)
        if one.table != other.table and not alike and not chosen:
            yield one, other


def _laid_out(one: Vector, other: Vector, rarity: Rarity) -> Pair:
    pairs = [
        pair
        for label, cells in one.cells.items()
        if len(other.cells.get(label, ())) == len(cells)
        for pair in zip(cells, other.cells[label], strict=True)
    ]
    same = tuple(pair for pair in pairs if agree(*pair))
    different = tuple(pair for pair in pairs if not agree(*pair))
    distinct: dict[str, float] = {}
    if len(different) <= max(1, len(same) // 3):  # beyond that no evidence makes twins of them
        coarser = [max(pair, key=lambda number: number.half_width) for pair in same]
        distinct = {key_of(number): rarity.of(number) for number in coarser}
    evidence = sum(distinct.values()) - rarity.crowd
    return Pair(one=one, other=other, same=same, different=different, evidence=evidence)


def _are_of_sisters(pair: Pair) -> bool:
    """Tell whether a column of two tables that print another one twice is printed twice as well."""
    slips = all(is_slip(*numbers) for numbers in pair.different)
    few = len(pair.different) <= max(len(pair.same) // 3, slips)
    rows = pair.one.is_row or pair.other.is_row
    return few and not rows and pair.evidence >= ENOUGH_OF_SISTERS


def _are_twins(pair: Pair) -> bool:
    """Tell whether so much agrees that what does not is a slip; figures in titles may speak against it."""
    n_same, n_different = len(pair.same), len(pair.different)
    if n_same < FEWEST and not all(is_slip(*numbers) for numbers in pair.different):
        return False
    ours, theirs = pair.one.figures, pair.other.figures
    if ours - theirs and theirs - ours:
        return pair.evidence >= ENOUGH_ACROSS and n_same >= 4 and n_different <= 1
    if _label(pair.one.head) == _label(pair.other.head) and pair.evidence >= ENOUGH_SAME_HEAD:
        return n_different <= max(1, n_same // 3)
    if pair.one.is_row or pair.other.is_row:  # rows of one kind are often made alike
        return pair.evidence >= ENOUGH_ACROSS and n_different <= n_same // 3
    return pair.evidence >= ENOUGH and n_different <= max(n_same // 3, n_same == 2)


def _reported(apart: Sequence[tuple[Printed, Printed]]) -> Iterator[Looked]:
    """Report each number that departs from its twins once, the one that departs from most of them first."""
    left = [*apart]
    while left:
        counts = Counter(_key(number) for pair in left for number in pair)
        most = max(counts.values())
        late = max(
            (number for pair in left for number in pair if counts[_key(number)] == most),
            key=lambda number: (number.place.line, number.place.column),
        )
        mine = [pair for pair in left if _key(late) in map(_key, pair)]
        left = [pair for pair in left if pair not in mine]
        twins = [b if _key(a) == _key(late) else a for a, b in mine]
        yield _departure(late, twins, Severity.ERROR)
        if len({_key(twin) for twin in twins}) == 1:  # one against one: nobody can tell which is wrong
            yield _departure(twins[0], [late], Severity.WARNING)


def _key(number: Printed) -> tuple[int, int, str, str, str]:
    place = number.place
    return place.line, place.column, place.row, place.head, number.text


def _departure(number: Printed, twins: Sequence[Printed], severity: Severity) -> Looked:
    first = twins[0]
    lines = ", ".join(dict.fromkeys(str(twin.place.line) for twin in twins))
    return failed(
        CHECK,
        severity,
        number.place,
        f"{number.place.row}, {number.place.head}: {number.text}",
        expected=f"{first.text}, or {number.text} in line {lines} as well",
        how=f'"{number.place.head}" here and "{first.place.head}" in line {lines} print the same numbers, '
        f"but for {number.place.row or 'this row'}: {number.text} against {first.text}",
        suggestion="Take both tables from the same computation.",
        numbers=(number, *twins),
    )
