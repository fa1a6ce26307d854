"""Highest, lowest, largest, strongest: does the one that is named really have that place in its column?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporter.audit.checks._columns import CONDITION, Column, Names, categories
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Kind, Place, Printed, Sentence, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.audit.words import statistic_of

CHECK = "counting"
MOST = ("highest", "largest", "greatest", "biggest", "strongest", "maximum", "widest")
LEAST = ("lowest", "smallest", "minimum", "narrowest", "weakest")
SUPERLATIVE = re.compile(
    rf"\b(?P<word>{'|'.join(MOST + LEAST)})\b"
    r"(?P<noun>(?:[ -](?!(?:among|of|in|is|at|for|and|or|with|to|from)\b)[\w/-]+){0,3})",
    re.I,
)
STRONGEST = re.compile(r"\b(?:strongest|largest|highest) correlation\b(?! of each)", re.I)
AMONG = re.compile(r"\b(?:among|of all|of the) (?P<group>[\w-]+)(?: models| members)?", re.I)
TIED = re.compile(r"\bshared\b|\btied?\b|\bboth\b|\bamong the\b|\bone of\b|\balong with\b|\bequal", re.I)
HYPOTHETICAL = re.compile(
    r"\?|\bwould\b|\bwill\b|\bif\b|\bexpect|\bpredict|\bhypothes|\bassum|\bcould\b|\bmay\b", re.I
)
LEVELS = ("entropy", "baseline", "mean", "level")
CHANGES = ("increase", "change", "rise", "gain", "decrease", "drop", "difference", "gap", "effect")
REACH = 60  # characters within which a name belongs to a superlative


@dataclass(frozen=True, slots=True)
class _Claim:
    """Somebody is said to have the largest, or the smallest, of something."""

    name: str
    most: bool
    noun: str
    value: Printed | None
    group: str
    sentence_text: str
    place: Place
    conditions: frozenset[str]
    section: tuple[str, ...]


def superlatives(reading: Reading, names: Names, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check each superlative whose subject and column can be told, by its value or by its noun."""
    classes = [pair for _, _, pair in categories(reading, names)]
    groups = {
        word.lower(): [{n for n, pair in of.items() if pair[i] == word} for of in classes for i in (0, 1)]
        for of in classes
        for pair in of.values()
        for word in pair
    }
    for sentence in reading.document.sentences:
        if sentence.block not in ("heading", "caption") and not HYPOTHETICAL.search(sentence.text):
            for claim in _claims(sentence, names):
                yield from _judge(claim, tables, groups)
    for sentence in reading.document.sentences:
        yield from _strongest_of_all(sentence, reading)
    for claim in _in_cells(reading, names):
        yield from _judge(claim, tables, groups)


def _strongest_of_all(sentence: Sentence, reading: Reading) -> Iterator[Looked]:
    """Check ``the strongest correlation is ... (0.47)`` on the whole table that has the number."""
    if (
        not STRONGEST.search(sentence.text)
        or HYPOTHETICAL.search(sentence.text)
        or sentence.block == "caption"
    ):
        return
    told = [q.first for q in sentence.quantities if q.kind is Kind.VALUE and 0 < abs(q.first.value) < 1]
    if len(told) != 1 or told[0].decimals < 2:
        return
    for table in reading.document.tables:
        inside = _correlations(table)
        if abs(told[0].value) not in {abs(n.value) for n in inside}:
            continue
        largest = max(inside, key=lambda n: abs(n.value))
        if abs(largest.value) <= abs(told[0].value):
            yield passed(CHECK, told[0], largest)
            continue
        where = f"{largest.place.row}, {largest.place.head}"
        yield failed(
            CHECK,
            Severity.ERROR,
            told[0].place,
            sentence.text,
            expected=f"{largest.text} ({where})",
            how=f"the table at line {table.place.line} has {largest.text} ({where}), which is larger in size",
            suggestion=f"The strongest correlation is {largest.text} ({where}).",
            numbers=(told[0], largest),
        )


def _correlations(table: Table) -> list[Printed]:
    """Give the numbers of a table that holds correlations, of one kind, and nothing else."""
    words = " ".join((table.caption, *table.section[-1:]))
    if not re.search(r"correlat|\bspearman|\brho\b", words, re.I):
        return []
    if any(statistic_of(head) not in ("", "r", "rho") for head in table.heads[1:]):
        return []
    cells = [cell.quantities for row in table.rows for cell in row[1:] if cell.quantities]
    numbers = [q[0].first for q in cells if len(q) == 1 and q[0].kind is Kind.VALUE]
    alike = len({n.decimals for n in numbers}) == 1 and all(abs(n.value) <= 1 for n in numbers)
    return numbers if alike and len(numbers) == len(cells) >= 4 else []


def _claims(sentence: Sentence, names: Names) -> Iterator[_Claim]:
    text = sentence.text
    mentions = names.every(text)
    for match in SUPERLATIVE.finditer(text):
        value, end = _value_after(sentence, match.end())
        name = _subject(names, sentence, mentions, match.start(), end)
        if not name:
            continue
        if value is None and match.start() > 0:
            value = _value_before(sentence, match.start())
        group = AMONG.match(text[match.end() :].lstrip())
        yield _Claim(
            name=name,
            most=match["word"].lower() in MOST,
            noun=(match["word"] + match["noun"]).lower(),
            value=value,
            group=group["group"].lower() if group else "",
            sentence_text=text,
            place=sentence.place,
            conditions=frozenset(CONDITION.findall(text)),
            section=sentence.section,
        )


def _value_after(sentence: Sentence, at: int) -> tuple[Printed | None, int]:
    """Read the number that follows at once: ``highest entropy (0.42)``, ``lowest entropy 0.21``."""
    rest = sentence.text[at:]
    match = re.match(r"\s*\(?\s*([+−±-]?\d+\.\d+)(?![\d.]*\s*[-–−]\s*\d)", rest)
    if not match:
        return None, at
    for quantity in sentence.quantities:
        if quantity.kind is Kind.VALUE and quantity.first.text.lstrip("+−±-") == match[1].lstrip("+−±-"):
            return quantity.first, at + match.end()
    return None, at


def _value_before(sentence: Sentence, at: int) -> Printed | None:
    """Read the number whose bracket begins with the superlative: ``+0.12 nats (largest among them)``."""
    before = re.search(r"([+−±-]?\d+\.\d+)\s*(?:nats?|bits?)?\s*\($", sentence.text[:at])
    if not before:
        return None
    return next((q.first for q in sentence.quantities if q.first.text == before[1]), None)


def _subject(names: Names, sentence: Sentence, mentions: list[tuple[int, str]], start: int, end: int) -> str:
    """Tell who is meant: the name in brackets behind the number, the nearest before, or the title's."""
    behind = sentence.text[end : end + 4].lstrip()
    if behind.startswith("("):
        first = next((name for at, name in mentions if end <= at <= end + 6), "")
        if first:
            return first
    before = [(at, name) for at, name in mentions if at < start]
    if before:
        at, name = before[-1]
        breaks = re.search(r"[.;:]\s|\bwhile\b|\bbut\b", sentence.text[at:start])
        return name if start - at <= REACH and not breaks else ""
    if mentions:
        return ""
    above = names.spoken_of(sentence)
    return above[0] if len(above) == 1 else ""


def _in_cells(reading: Reading, names: Names) -> Iterator[_Claim]:
    """Read superlatives in a table's cells of words: they are about the row, and its one number."""
    for table in reading.document.tables:
        for row in table.rows:
            numbers = [q.first for cell in row[1:] for q in cell.quantities if q.kind is Kind.VALUE]
            for cell in row[1:]:
                match = SUPERLATIVE.match(cell.text) if not cell.quantities else None
                if match and len(numbers) == 1:
                    yield _Claim(
                        name=names.full(row[0].text),
                        most=match["word"].lower() in MOST,
                        noun=match[0].lower(),
                        value=numbers[0],
                        group="",
                        sentence_text=" | ".join(c.text for c in row),
                        place=cell.place,
                        conditions=frozenset(),
                        section=table.section,
                    )


def _judge(claim: _Claim, tables: Sequence[Column], groups: dict[str, list[set[str]]]) -> Iterator[Looked]:
    meant = _meant(claim, tables)
    if not meant:
        return
    restricted = groups.get(claim.group, [])
    results = [_holds(claim, column, members) for column in meant for members in (restricted or [set()])]
    numbers = tuple(column.of[claim.name] for column in meant)
    by_value = claim.value is not None
    if all(results) or (any(results) and (by_value or restricted)):
        tied = [c for c in meant if len(_first(claim, c, set())) > 1 and not restricted]
        if tied and len(tied) == len(meant) and not TIED.search(claim.sentence_text):
            yield _tie(claim, tied[0])
        else:
            yield passed(CHECK, *numbers)
        return
    wrong = next(c for c, held in zip(meant, results, strict=False) if not held)
    best = sorted(_first(claim, wrong, restricted[0] if restricted else set()))
    value = wrong.of[best[0]].text
    word = "largest" if claim.most else "smallest"
    everywhere = re.search(r"\b(both|all|every|each)\b", claim.sentence_text, re.I)
    yield failed(
        CHECK,
        Severity.WARNING if any(results) and not everywhere else Severity.ERROR,
        claim.place,
        claim.sentence_text,
        expected=f"{' and '.join(best)} ({value})",
        how=f"in the column {wrong.head!r} (line {wrong.line}) {claim.name} has {wrong.of[claim.name].text}; "
        f"{word} is {value} ({' and '.join(best)})",
        suggestion=f"{' and '.join(best)} has the {word} value in {wrong.head!r}, {value}.",
        numbers=numbers,
    )


def _tie(claim: _Claim, column: Column) -> Looked:
    tied = sorted(_first(claim, column, set()))
    return failed(
        CHECK,
        Severity.WARNING,
        claim.place,
        claim.sentence_text,
        expected=f"shared by {' and '.join(tied)}",
        how=f"in the column {column.head!r} (line {column.line}) these have {column.of[tied[0]].text}: "
        + ", ".join(tied),
        suggestion=f"{' and '.join(tied)} share it.",
        numbers=(column.of[claim.name],),
    )


def _meant(claim: _Claim, tables: Sequence[Column]) -> list[Column]:
    """Find the columns that a claim can be about: that hold its value, else those that its noun names."""
    having = [c for c in tables if claim.name in c.of]
    if claim.value is not None:
        return [
            c
            for c in having
            if c.of[claim.name].value == claim.value.value and _fits_noun(claim, c, strict=False)
        ]
    if "strongest" in claim.noun or "weakest" in claim.noun:
        return [c for c in having if c.statistic == "change" and c.table.section[:2] == claim.section[:2]]
    fitting = [c for c in having if _fits_noun(claim, c, strict=True)]
    asked = [c for c in fitting if claim.conditions & c.conditions]
    return asked or fitting


def _fits_noun(claim: _Claim, column: Column, *, strict: bool) -> bool:
    """Tell whether a noun names a column: entropy means, increase changes, baseline the first means."""
    words = claim.noun.split()[1:]
    if any(word.startswith(CHANGES) for word in words):
        return column.statistic == "change"
    if any(word.startswith(LEVELS) for word in words):
        first = "baseline" in claim.noun
        return column.statistic == "mean" and (not first or _is_first(column)) and "|" not in column.head
    return not strict


def _is_first(column: Column) -> bool:
    """Tell whether a column is of the smallest condition that its table, or its title, names."""
    heads = " ".join(column.table.heads[1:])
    found = [float(c) for c in CONDITION.findall(heads)]
    return not found or any(float(c) == min(found) for c in column.conditions)


def _first(claim: _Claim, column: Column, members: set[str]) -> set[str]:
    """Give those who have the largest, or smallest, value; of changes that are called effects, in size."""
    sizes = {name: x for name, x in column.values().items() if not members or name in members}
    if "strongest" in claim.noun or "weakest" in claim.noun:
        sizes = {name: abs(x) for name, x in sizes.items()}
    if not sizes:
        return set()
    end = max(sizes.values()) if claim.most else min(sizes.values())
    return {name for name, x in sizes.items() if x == end}


def _holds(claim: _Claim, column: Column, members: set[str]) -> bool:
    return claim.name in _first(claim, column, members)
