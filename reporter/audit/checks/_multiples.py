"""Three times as much, half as high, by so much on average: ratios and means of a column, told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reporter.audit.checks._columns import CONDITION, Column, Names
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Kind, Sentence
from reporter.audit.finding import Looked, Severity

CHECK = "prose_arithmetic"
WORDS = {"twice": 2.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0, "half": 0.5}
PARTS = re.compile(
    r"\bof (?:the|all|these|those) (?P<whole>\d+) (?P<noun>[a-z]+), "
    r"(?P<first>\d+) [^,.;:]+, (?P<second>\d+) [^,.;:]+(?:,|,? and) (?P<third>\d+) [^,.;:]+",
    re.I,
)
FROM_TO = re.compile(
    r"\bfrom (?P<start>\d+\.\d+) to (?P<end>\d+\.\d+)[^.;\d]{0,25}?"
    r"\b(?:is|by|(?:drop|rise|change|fall|gain|increase|decrease|difference) of) "
    r"(?P<gap>\d+\.\d+)(?![\d.]*\s?%)",
    re.I,
)
TIMES = re.compile(
    r"\b(?:(?P<single>twice|half)|(?P<word>two|three|four|five|ten) times|(?P<number>\d+(?:\.\d+)?) times)"
    r" as \w+(?: \w+)? as\b",
    re.I,
)
CHANGED = re.compile(r"\b(?:rose|fell|changed|increased|decreased|grew|dropped|change|increase|rise)\b", re.I)
AVERAGE = re.compile(r"\bon average\b|\bin the mean\b|\baveraged over\b", re.I)
ROOM = 0.25  # of the ratio: "three times" is said of 2.4 to 3.6


def multiples(sentence: Sentence, names: Names, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check ``A rose three times as much as B``, and ``rose by 0.61 on average``."""
    if re.search(r"\?|\bif\b|\bwould\b", sentence.text):
        return
    for match in TIMES.finditer(sentence.text):
        yield from _times(sentence, match, names, tables)
    if AVERAGE.search(sentence.text) and CHANGED.search(sentence.text):
        yield from _average(sentence, names, tables)


def _times(
    sentence: Sentence, match: re.Match[str], names: Names, tables: Sequence[Column]
) -> Iterator[Looked]:
    word = match["single"] or match["word"]
    stated = WORDS[word.lower()] if word else float(match["number"])
    before = names.within(sentence.text[: match.start()])[-1:]
    after = names.within(sentence.text[match.end() :])[:1]
    if not before or not after or before == after:
        return
    one, two = before[0], after[0]
    kind = "change" if CHANGED.search(sentence.text) else "mean"
    asked = frozenset(CONDITION.findall(sentence.text))
    having = [c for c in tables if c.statistic == kind and one in c.of and two in c.of and c.of[two].value]
    meant = [c for c in having if asked & c.conditions] or having
    if not meant:
        return
    ratios = [c.of[one].value / c.of[two].value for c in meant]
    numbers = tuple(c.of[name] for c in meant for name in (one, two))
    if any(abs(ratio - stated) <= ROOM * stated for ratio in ratios):
        yield passed(CHECK, *numbers)
        return
    column, ratio = meant[0], ratios[0]
    yield failed(
        CHECK,
        Severity.ERROR,
        sentence.place,
        sentence.text,
        expected=f"{ratio:.1f} times",
        how=f"{column.of[one].text} / {column.of[two].text} = {ratio:.2f} ({column.head!r}, line "
        f"{column.line})",
        suggestion=f"{ratio:.1f} times",
        numbers=numbers,
    )


def _average(sentence: Sentence, names: Names, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check a mean change that is told without a name, where the document has one column of changes."""
    changes = [c for c in tables if c.statistic == "change" and len(c.of) >= 4]
    means = {round(sum(c.values().values()) / len(c.of), 6) for c in changes}
    told = [
        q.first
        for q in sentence.quantities
        if q.kind is Kind.VALUE and q.first.decimals >= 2 and q.label in ("", "change", "mean_change")
    ]
    if len(means) != 1 or len(told) != 1 or names.within(sentence.text):
        return
    mean, stated = means.pop(), told[0]
    numbers = (stated, *changes[0].of.values())
    room = stated.half_width + changes[0].of[next(iter(changes[0].of))].half_width + SLACK
    if abs(abs(mean) - abs(stated.value)) <= room:
        yield passed(CHECK, *numbers)
        return
    yield failed(
        CHECK,
        Severity.ERROR,
        stated.place,
        sentence.text,
        expected=f"{mean:+.{stated.decimals}f}",
        how=f"the mean of the column {changes[0].head!r} (line {changes[0].line}) is {mean:+.3f}",
        suggestion=f"{mean:+.{stated.decimals}f} on average",
        numbers=numbers,
    )


def parts_and_drops(sentence: Sentence) -> Iterator[Looked]:
    """Check ``of the 72 heads, 48 ..., 20 ... and 4 ...``, and ``the drop, from 3.9 to 2.7, is 1.2``."""
    for match in PARTS.finditer(sentence.text):
        whole, parts = int(match["whole"]), [int(match[name]) for name in ("first", "second", "third")]
        if sum(parts) > whole:
            yield _told(
                sentence, f"{' + '.join(map(str, parts))} = {sum(parts)}, of {whole}", f"{whole} in all"
            )
        else:
            yield passed(CHECK, *(q.first for q in sentence.quantities if q.first.value in parts))
    for match in FROM_TO.finditer(sentence.text):
        start, end, gap = (match[name] for name in ("start", "end", "gap"))
        decimals = min(len(number.partition(".")[2]) for number in (start, end, gap))
        true = abs(float(end) - float(start))
        if abs(true - float(gap)) > 1.01 * 10.0**-decimals:
            yield _told(
                sentence, f"{start} to {end} is {true:.{decimals}f}, printed {gap}", f"{true:.{decimals}f}"
            )
        else:
            yield passed(CHECK, *(q.first for q in sentence.quantities if q.first.text == gap))


def _told(sentence: Sentence, how: str, expected: str) -> Looked:
    return failed(
        CHECK, Severity.ERROR, sentence.place, sentence.text, expected=expected, how=how, suggestion=expected
    )
