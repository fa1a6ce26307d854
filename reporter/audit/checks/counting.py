"""Do counts, orders and words such as all, only, highest and unchanged hold in the document's own tables?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reporter.audit.checks._claimed import all_beyond, members, steady
from reporter.audit.checks._columns import CONDITION, Column, Names, categories, columns
from reporter.audit.checks._depths import depths
from reporter.audit.checks._lists import lists
from reporter.audit.checks._reported import with_offsets
from reporter.audit.checks._superlatives import superlatives
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Document, Kind, Printed, Quantity, Sentence, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.audit.words import statistic_of

CHECK = "counting"
DIRECTIONS = {
    "rose": re.compile(r"\b(higher|increas\w*|rose|risen|grew|above zero|gain\w*)\b", re.I),
    "fell": re.compile(r"\b(lower|decreas\w*|fell|fallen|dropp?\w*|below zero|declin\w*)\b", re.I),
    "stayed": re.compile(r"\b(stable|stayed|unchanged|steady|no change|kept)\b", re.I),
}
THRESHOLD = re.compile(
    r"\b(?:more than|within|at least|less than|below)\s+(0?\.\d+)\s*(?:nats?|bits?)?\b", re.I
)
SAME = re.compile(
    r"\bno (?:model|member|system|one|row)s? changed\b|\bunchanged\b|\bpersist\w*"
    r"|\bremain\w* the same|\bno change|\bnone changed|\bdid not change",
    re.I,
)
EXCEPT = re.compile(r"\bexcept|\bbut\b|\bonly\b|\bof \d|\d/\d|\bnot\b|\bmost\b|\?", re.I)
CHANGED = re.compile(r"\bchang\w+|\bcross\w*|\bmov\w+|\bswitch\w*", re.I)
MAINTAINED = re.compile(r"\b(?:maintain|kept|stayed|unchanged|stable)\w*", re.I)
BETWEEN = re.compile(r"\b(?:lie|lies|lay|range|ranges|ranged|fall|falls) (?:between|from)\b", re.I)
CONVERGED = re.compile(r"\battractor\b|\bconverg\w*|\bcluster\w*|\bband\b|\bplateau\b", re.I)
Pair = tuple[Table, str, Mapping[str, tuple[str, str]]]
OUT_OF = 60  # characters after a count that say what is counted


def counting(reading: Reading) -> Iterator[Looked]:
    """Evaluate counting words on the tables that they can be about.

    Assumes that a count out of M members is about the column of changes with M rows, a word for a zone or
    class about the two columns of that name, a range about the columns of means under the condition that
    the sentence names. A claim that is about no column of the document is left alone.
    """
    names = Names(reading)
    tables = columns(reading, names)
    limits = _thresholds(reading.document)
    pairs = tuple(categories(reading, names))
    for sentence in reading.document.sentences:
        if sentence.block in ("heading", "caption"):
            continue
        yield from _counts(sentence, tables, pairs, limits)
        yield from _unchanged(sentence, pairs)
        yield from _only(sentence, names, pairs)
        yield from _all_within(sentence, tables)
        yield from all_beyond(sentence, tables)
        yield from members(sentence, reading)
        yield from steady(sentence, tables)
        yield from _converged(sentence, tables)
    for table in reading.document.tables:
        yield from _maintained(table)
    yield from superlatives(reading, names, tables)
    yield from lists(reading, names, tables)
    yield from depths(reading, names)


def _maintained(table: Table) -> Iterator[Looked]:
    """Check that a table of those who are said to have kept their value lists no other."""
    if not MAINTAINED.search(table.caption) or re.search(r"\d", table.caption):
        return
    where = [i for i, head in enumerate(table.heads) if statistic_of(head) == "change"]
    for row in table.rows if len(where) == 1 else ():
        numbers = [q.first for q in row[where[0]].quantities if q.kind is Kind.VALUE]
        if len(numbers) != 1:
            continue
        if numbers[0].low <= 0 <= numbers[0].high:
            yield passed(CHECK, numbers[0])
            continue
        yield failed(
            CHECK,
            Severity.WARNING,
            row[0].place,
            " | ".join(cell.text for cell in row),
            expected="a change of 0",
            how=f"{numbers[0].text} is not 0, and stands under {table.caption!r} without a size up to "
            "which a change "
            "counts as none",
            suggestion="say from which size on a change is counted",
            numbers=tuple(numbers),
        )


def _thresholds(document: Document) -> list[float]:
    """Find every small size below which the document may count a change as none."""
    text = " ".join(sentence.text for sentence in document.sentences)
    return sorted({0.0} | {float(found) for found in THRESHOLD.findall(text)})


def _counts(
    sentence: Sentence, tables: tuple[Column, ...], pairs: tuple[Pair, ...], limits: list[float]
) -> Iterator[Looked]:
    """Check ``6/8 models rose``: the sign of each change, beyond the thresholds that the document names."""
    placed = with_offsets(sentence)
    said: dict[str, Quantity] = {}
    for index, (at, quantity) in enumerate(placed):
        if quantity.kind is not Kind.SHARE or len(quantity.numbers) != 2:
            continue
        end = at + len(quantity.text)
        stop = next((a for a, q in placed[index + 1 :] if q.kind is Kind.SHARE), end + OUT_OF)
        words = sentence.text[end : min(stop, end + OUT_OF)]
        direction = next((name for name, pattern in DIRECTIONS.items() if pattern.search(words)), "")
        if not direction:
            continue
        said[direction] = quantity
        where = sentence.text if direction == "stayed" else words
        kind = next((kind for _, kind, _ in pairs if kind.split()[0] in where.lower()), "")
        if kind:
            yield from _kept(sentence, quantity, pairs, direction)
        elif not re.search(r"\binterval|\benvelope|\bprompt|\brepl|\banswer", words):
            limit = THRESHOLD.search(words)
            own = float(limit[1]) if limit else None
            yield from _signs(sentence, quantity, tables, direction, limits, own)
    yield from _all_parts(sentence, said)


def _all_parts(sentence: Sentence, said: dict[str, Quantity]) -> Iterator[Looked]:
    """Check that those who rose, fell and stayed are all."""
    totals = {q.numbers[1].value for q in said.values()}
    if len(said) < len(DIRECTIONS) or len(totals) != 1:
        return
    total, parts = int(totals.pop()), [q.first for q in said.values()]
    added = int(sum(part.value for part in parts))
    if added == total:
        yield passed(CHECK, *parts)
        return
    shown = " + ".join(part.text for part in parts)
    yield failed(
        CHECK,
        Severity.ERROR,
        parts[0].place,
        sentence.text,
        expected=f"{total} in all",
        how=f"{shown} = {added}, not {total}",
        suggestion="count again",
        numbers=tuple(parts),
    )


def _signs(
    sentence: Sentence,
    quantity: Quantity,
    tables: tuple[Column, ...],
    direction: str,
    limits: list[float],
    stated: float | None,
) -> Iterator[Looked]:
    count, total = (int(number.value) for number in quantity.numbers)
    changes = [c for c in tables if c.statistic == "change" and len(c.of) == total and _is_signed(c)]
    if not changes:
        return
    values = list(changes[0].of.values())
    numbers = (*quantity.numbers, *values)
    by_limit = {limit: _count(values, direction, limit) for limit in limits}
    if stated is not None:
        by_limit = {stated: _count(values, direction, stated)}
    if count in by_limit.values():
        yield passed(CHECK, *numbers)
        return
    true = _count(values, direction, stated or 0.0)
    possible = {_count(values, direction, abs(v.value) + SLACK) for v in values} if stated is None else set()
    word = {"rose": "above zero", "fell": "below zero", "stayed": "zero"}[direction]
    word += f" by more than {stated:g}" if stated else ""
    why = "; a threshold that gives it is not stated" if count in possible else ""
    yield failed(
        CHECK,
        Severity.WARNING if count in possible else Severity.ERROR,
        quantity.place,
        sentence.text,
        expected=f"{true} of {total}",
        how=f"in the column {changes[0].head!r} (line {changes[0].line}) {true} of {total} changes "
        f"are {word}{why}",
        suggestion=f"{true} of {total} changes are {word}; or say from which size on a change is counted",
        numbers=numbers,
    )


def _is_signed(column: Column) -> bool:
    return any(number.signed for number in column.of.values())


def _count(values: list[Printed], direction: str, limit: float) -> int:
    if direction == "rose":
        return sum(v.value > limit + SLACK for v in values)
    if direction == "fell":
        return sum(v.value < -limit - SLACK for v in values)
    return sum(abs(v.value) <= limit + SLACK for v in values)


def _moved(pair: Pair) -> list[str]:
    return [name for name, (before, after) in pair[2].items() if before != after]


def _kept(
    sentence: Sentence, quantity: Quantity, pairs: tuple[Pair, ...], direction: str
) -> Iterator[Looked]:
    """Check ``7 of 8 kept their zone``."""
    count, total = (int(number.value) for number in quantity.numbers)
    for pair in pairs:
        about = pair[1].split()[0] in sentence.text.lower()
        if len(pair[2]) == total and direction == "stayed" and about:
            kept = total - len(_moved(pair))
            if kept == count:
                yield passed(CHECK, *quantity.numbers)
            else:
                yield failed(
                    CHECK,
                    Severity.ERROR,
                    quantity.place,
                    sentence.text,
                    expected=f"{kept} of {total}",
                    how=f"by the columns {pair[1]!r} (line {pair[0].place.line}) {kept} of {total} "
                    "kept theirs",
                    suggestion=f"{kept} of {total} kept their {pair[1]}",
                    numbers=quantity.numbers,
                )
            return


def _unchanged(sentence: Sentence, pairs: tuple[Pair, ...]) -> Iterator[Looked]:
    """Check that a class which is said to be unchanged is so for everybody."""
    text = sentence.text
    if not SAME.search(text) or EXCEPT.search(text):
        return
    for pair in pairs:
        if not re.search(rf"\b{re.escape(pair[1].split()[0])}", text, re.I):
            continue
        moved = _moved(pair)
        if not moved:
            yield passed(CHECK)
            continue
        moves = "; ".join(f"{name}: {pair[2][name][0]} to {pair[2][name][1]}" for name in moved)
        yield failed(
            CHECK,
            Severity.ERROR,
            sentence.place,
            text,
            expected=f"changed for {', '.join(moved)}",
            how=f"the table at line {pair[0].place.line} has {moves}",
            suggestion=f"{len(pair[2]) - len(moved)} of {len(pair[2])} kept their {pair[1]}; {moves}.",
        )
        return


def _only(sentence: Sentence, names: Names, pairs: tuple[Pair, ...]) -> Iterator[Looked]:
    """Check ``X is the only model that changed its zone``."""
    text = sentence.text
    if not re.search(r"\bonly\b", text, re.I) or not CHANGED.search(text):
        return
    for pair in pairs:
        if not re.search(rf"\b{re.escape(pair[1].split()[0])}", text, re.I):
            continue
        spoken = [name for name in names.spoken_of(sentence) if name in pair[2]]
        if len(spoken) != 1:
            continue
        moved = _moved(pair)
        if moved == spoken:
            yield passed(CHECK)
        else:
            yield failed(
                CHECK,
                Severity.ERROR,
                sentence.place,
                text,
                expected=f"{', '.join(moved) or 'nobody'} changed",
                how=f"in the table at line {pair[0].place.line} these changed: {', '.join(moved) or 'none'}",
                suggestion=f"{len(moved)} of {len(pair[2])} changed their {pair[1]}.",
            )
        return


def _all_within(sentence: Sentence, tables: tuple[Column, ...]) -> Iterator[Looked]:
    """Check ``all 8 lie within 1.8-2.1 at 300 tokens``: nobody outside, and ends of this condition."""
    if not re.search(r"\ball\b|\bevery\b", sentence.text, re.I) and not BETWEEN.search(sentence.text):
        return
    asked = frozenset(CONDITION.findall(sentence.text))
    for quantity in sentence.quantities:
        if quantity.kind not in (Kind.RANGE, Kind.INTERVAL) or quantity.first.decimals == 0:
            continue
        low, high = quantity.numbers
        near = [c for c in tables if c.statistic == "mean" and c.of and _overlaps(c, low, high)]
        meant = [c for c in near if asked & c.conditions] if any(asked & c.conditions for c in near) else near
        if BETWEEN.search(sentence.text):  # of several limits in one sentence: whichever has one of the ends
            meant = [c for c in meant if asked & c.conditions and _has_end(c, low, high)]
            meant.sort(key=lambda c: len(_outside(c, low, high)))
        if meant:
            yield _within(sentence, quantity, meant[0], near)


def _overlaps(column: Column, low: Printed, high: Printed) -> bool:
    return any(low.low <= number.value <= high.high for number in column.of.values())


def _has_end(column: Column, low: Printed, high: Printed) -> bool:
    """Tell whether a column begins or ends where a range does."""
    values = column.values().values()
    return low.holds(min(values)) or high.holds(max(values))


def _outside(column: Column, low: Printed, high: Printed) -> list[str]:
    return [name for name, x in column.of.items() if x.high < low.low or x.low > high.high]


def _within(sentence: Sentence, quantity: Quantity, column: Column, near: list[Column]) -> Looked:
    low, high = quantity.numbers
    numbers = (low, high, *column.of.values())
    outside = _outside(column, low, high)
    least = min(column.of.values(), key=lambda n: n.value)
    most = max(column.of.values(), key=lambda n: n.value)
    where = f"the column {column.head!r} (line {column.line})"
    if outside:
        return failed(
            CHECK,
            Severity.ERROR,
            quantity.place,
            sentence.text,
            expected=f"{least.text} to {most.text}",
            how=f"{where} has {', '.join(f'{name} {column.of[name].text}' for name in outside)}",
            suggestion=f"All lie within {least.text} to {most.text}.",
            numbers=numbers,
        )
    others = {x.value for c in near if c is not column for x in c.of.values()} - set(column.values().values())
    if (low.value in others and low.value < least.value) or (
        high.value in others and high.value > most.value
    ):
        return failed(
            CHECK,
            Severity.WARNING,
            quantity.place,
            sentence.text,
            expected=f"{least.text} to {most.text}",
            how=f"{where} goes from {least.text} to {most.text}; the other end is a value of another "
            "condition",
            suggestion=f"All lie within {least.text} to {most.text}.",
            numbers=numbers,
        )
    return passed(CHECK, *numbers)


def _converged(sentence: Sentence, tables: tuple[Column, ...]) -> Iterator[Looked]:
    """Check a level to which all are said to converge: how many of the values lie in its range."""
    if not CONVERGED.search(sentence.text):
        return
    for quantity in sentence.quantities:
        if quantity.kind not in (Kind.RANGE, Kind.INTERVAL) or quantity.first.decimals == 0:
            continue
        low, high = quantity.numbers
        near = [c for c in tables if c.statistic == "mean" and c.conditions and _overlaps(c, low, high)]
        inside = [sum(low.value <= x.value <= high.value for x in c.of.values()) for c in near]
        if len(near) < 2 or max(len(c.of) for c in near) < 4:
            continue
        if max(2 * k - len(c.of) for k, c in zip(inside, near, strict=True)) >= 0:
            yield passed(CHECK, low, high)
            continue
        best = max(range(len(near)), key=lambda i: inside[i])
        share = f"{inside[best]} of {len(near[best].of)}"
        yield failed(
            CHECK,
            Severity.WARNING,
            quantity.place,
            sentence.text,
            expected=f"{share} values within",
            how=f"from {low.text} to {high.text} lie at most {share} values of a column "
            f"({near[best].head!r}, line {near[best].line})",
            suggestion=f"At most {share} means lie between {low.text} and {high.text}.",
            numbers=(low, high),
        )
