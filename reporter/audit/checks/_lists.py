"""Lists such as the three lowest: A, B and C; widest ranges; signs that are called consistent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reporter.audit.checks._columns import Column, Names
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Kind, Printed, Sentence, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "counting"
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
LIST = re.compile(
    rf"\b(?P<count>{'|'.join(COUNTS)}|[2-9]) (?P<word>most|least|highest|lowest|largest|smallest)\b"
    r"(?P<what>[^():.;]{0,60})[(:](?P<list>[^()]{3,120})",
    re.I,
)
LOW_WORDS = re.compile(r"\b(constrain|compress|collaps|restrict|rigid|narrow|predictab|lock)\w*", re.I)
TIMES = re.compile(r"\b(?P<times>\d+(?:\.\d+)?)\s?[x×](?!\w)|\b(?P<word>two|three|four|five)fold\b", re.I)
CONSISTENT = re.compile(r"\bmost consistent\b|\bconsistent(?:ly)? (?:across|in|over)\b", re.I)
SEVERAL = re.compile(r"\b(?:consistent|same)\b.*\b(?:multiple|several|many|across)\b", re.I)
STEM = 5  # letters that two forms of a word share


def lists(reading: Reading, names: Names, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check lists of the first k, extremes of printed ranges, and words on agreement of signs."""
    before: Column | None = None
    line = 0
    for sentence in reading.document.sentences:
        if sentence.place.line != line:
            before, line = None, sentence.place.line
        for match in LIST.finditer(sentence.text):
            column = _about(match["what"], tables) or before
            if column is not None:
                yield from _first_k(sentence, match, column, names)
                before = column
        yield from _spans(sentence, names, tables)
        if CONSISTENT.search(sentence.text) and sentence.block != "heading":
            yield from _signs_agree(reading, sentence, names)
        if SEVERAL.search(sentence.text):
            yield from _several(reading, sentence)


def _about(words: str, tables: Sequence[Column]) -> Column | None:
    """Find the column whose head shares a word, or its stem, with these words."""
    stems = {word[:STEM].lower() for word in re.findall(r"[A-Za-z]{5,}", words)}
    for column in tables:
        heads = {word[:STEM].lower() for word in re.findall(r"[A-Za-z]{5,}", column.head)}
        if stems & heads and column.of:
            return column
    return None


def _first_k(sentence: Sentence, match: re.Match[str], column: Column, names: Names) -> Iterator[Looked]:
    count = COUNTS.get(match["count"].lower()) or int(match["count"])
    listed = names.within(match["list"])
    known = [name for name in listed if name in column.of]
    if len(listed) != count or len(column.of) < count + 1 or len(known) < 1:
        return
    lowest = match["word"].lower() in ("least", "lowest", "smallest")
    lowest = lowest != bool(LOW_WORDS.search(match["what"]))
    ranked = sorted(column.of, key=lambda name: column.of[name].value, reverse=not lowest)
    edge = column.of[ranked[count - 1]].value
    first = {n for n, x in column.of.items() if (x.value <= edge if lowest else x.value >= edge)}
    numbers = tuple(column.of[name] for name in known)
    if set(listed) <= first:
        yield passed(CHECK, *numbers)
        return
    shown = ", ".join(f"{name} {column.of[name].text}" for name in ranked[:count])
    absent = [name for name in listed if name not in column.of]
    yield failed(
        CHECK,
        Severity.ERROR,
        sentence.place,
        sentence.text,
        expected=shown,
        how=f"the column {column.head!r} (line {column.line}) in order: "
        + ", ".join(f"{name} {column.of[name].text}" for name in ranked)
        + (f"; {', '.join(absent)} has no value there" if absent else ""),
        suggestion=f"The {match['count']} {'lowest' if lowest else 'highest'} in {column.head!r}: {shown}.",
        numbers=numbers,
    )


def _spans(sentence: Sentence, names: Names, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check ``from A's narrow [..] to B's wide [..]``, and how many times as wide the widest is."""
    text = sentence.text
    ranges = [q for q in sentence.quantities if q.kind is Kind.INTERVAL]
    if len(ranges) != 2 or not re.search(r"\bnarrow", text, re.I) or not re.search(r"\bwide", text, re.I):
        return
    spoken = names.within(text)
    for column in tables:
        if len(spoken) != 2 or not all(name in column.widths for name in spoken):
            continue
        numbers = tuple(number for q in ranges for number in q.numbers)
        yield from _extremes(sentence, column, spoken, numbers)
        return


def _extremes(
    sentence: Sentence, column: Column, spoken: list[str], numbers: tuple[Printed, ...]
) -> Iterator[Looked]:
    widths = {name: high.value - low.value for name, (low, high) in column.widths.items()}
    order = sorted(widths, key=lambda name: widths[name])
    narrow, wide = order[0], order[-1]
    if widths[narrow] <= 0:
        return
    ratio = widths[wide] / widths[narrow]
    shown = ", ".join(f"{name} {widths[name]:.2f}" for name in order)
    if set(spoken) == {narrow, wide}:
        yield passed(CHECK, *numbers)
    else:
        yield failed(
            CHECK,
            Severity.ERROR,
            sentence.place,
            sentence.text,
            expected=f"narrowest {narrow} ({widths[narrow]:.2f}), widest {wide} ({widths[wide]:.2f})",
            how=f"upper less lower end, line {column.line}: {shown}",
            suggestion=f"Widths reach from {widths[narrow]:.2f} ({narrow}) to {widths[wide]:.2f} ({wide}).",
            numbers=numbers,
        )
    times = TIMES.search(sentence.text)
    if times:
        stated = COUNTS.get((times["word"] or "").lower()) or float(times["times"])
        if abs(stated - ratio) >= 0.5:
            yield failed(
                CHECK,
                Severity.ERROR,
                sentence.place,
                times[0],
                expected=f"{ratio:.1f} times",
                how=f"{widths[wide]:.2f} / {widths[narrow]:.2f} = {ratio:.1f} ({wide}, {narrow}; line "
                f"{column.line})",
                suggestion=f"{ratio:.1f} times as wide",
                numbers=numbers,
            )


def _signs_agree(reading: Reading, sentence: Sentence, names: Names) -> Iterator[Looked]:
    """Check that what is called consistent has one sign in the row of a table that lists its correlations."""
    for name in names.within(sentence.text):
        for table, index in _rows_of(reading, names, name):
            found = [q for cell in table.rows[index][1:] for q in cell.quantities if q.label in ("r", "rho")]
            signs = {q.first.value > 0 for q in found}
            if len(found) < 2:
                continue
            numbers = tuple(q.first for q in found)
            if len(signs) == 1:
                yield passed(CHECK, *numbers)
                continue
            yield failed(
                CHECK,
                Severity.WARNING,
                sentence.place,
                sentence.text,
                expected=f"{name}: {sum(n.value > 0 for n in numbers)} positive, "
                f"{sum(n.value < 0 for n in numbers)} negative",
                how=f"the row {name!r} at line {table.rows[index][0].place.line} lists both signs: "
                + ", ".join(n.text for n in numbers),
                suggestion=f"{name} has both signs among the listed models.",
                numbers=numbers,
            )


def _several(reading: Reading, sentence: Sentence) -> Iterator[Looked]:
    """Check a lead such as ``consistent across several models`` on the rows of the table that follows it."""
    for table in reading.document.tables:
        if table.caption != sentence.text:
            continue
        listed = {
            row[0].text: [q.first for cell in row[1:] for q in cell.quantities if q.label in ("r", "rho")]
            for row in table.rows
        }
        single = [name for name, found in listed.items() if len(found) == 1]
        numbers = tuple(n for found in listed.values() for n in found)
        if single and len(single) < len(listed):
            yield failed(
                CHECK,
                Severity.WARNING,
                sentence.place,
                sentence.text,
                expected=f"{len(listed) - len(single)} of {len(listed)} rows name more than one",
                how=f"rows with one entry only: {', '.join(single)} (line {table.place.line})",
                suggestion=f"{len(listed) - len(single)} of {len(listed)} patterns are seen in more "
                "than one model.",
                numbers=numbers,
            )


def _rows_of(reading: Reading, names: Names, name: str) -> Iterator[tuple[Table, int]]:
    for table in reading.document.tables:
        for index, row in enumerate(table.rows):
            if names.full(row[0].text) == name:
                yield table, index
