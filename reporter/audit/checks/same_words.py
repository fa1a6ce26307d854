"""Do sentences that count the same thing in the same words count the same?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporter.audit.checks._rarity import key_of
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Kind, Printed, Sentence
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "same_words"
WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
STOP = re.compile(r"[,;:!?()]|\.(?!\d)")
NEAR = 6  # words behind a count
LEAST = 2  # of them that two places share; all of them, where there are but two places


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A count in a sentence: of what whole, of whom, and the words behind it."""

    number: Printed
    whole: str
    sentence: Sentence
    whom: str
    after: tuple[str, ...]


def same_words(reading: Reading) -> Iterator[Looked]:
    """Compare the counts of sentences that say ``6 of 8 models rose`` of the same subjects.

    Assumes that a part of the same whole with the same words right behind it, said of the same subjects in
    different lines, is one count. The count that stands in most of these sentences is taken for right.
    """
    groups: defaultdict[tuple[str, ...], list[Said]] = defaultdict(list)
    for said in _said(reading):
        if len(said.after) >= LEAST:
            groups[said.whom, said.whole, *said.after[:LEAST]].append(said)
    for alike in groups.values():
        lines = Counter(said.sentence.place.line for said in alike)
        enough = len(alike) > 2 or len({said.after for said in alike}) == 1
        if enough and len(lines) > 1 and max(lines.values()) == 1:
            yield from _compared(alike)


def _said(reading: Reading) -> Iterator[Said]:
    longest = sorted(reading.facts.aliases, key=len, reverse=True)
    names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if longest else None
    by_line: dict[int, str] = {}
    for sentence in reading.document.sentences:
        line = sentence.place.line
        by_line.setdefault(line, _whom(sentence.text.partition(":")[0].lower(), names))
        for quantity in sentence.quantities:
            if quantity.kind is Kind.SHARE and len(quantity.numbers) == 2:
                before, _, behind = sentence.text.partition(quantity.text)
                whom = _whom(before.lower(), names) or by_line[line]
                words = WORD.findall(STOP.split(behind, maxsplit=1)[0].lower())[:NEAR]
                yield Said(
                    number=quantity.numbers[0],
                    whole=quantity.numbers[1].text,
                    sentence=sentence,
                    whom=whom,
                    after=tuple(words),
                )


def _whom(text: str, names: re.Pattern[str] | None) -> str:
    """Name the subjects that a text mentions, in the order of their names."""
    return ", ".join(sorted({*names.findall(text)})) if names else ""


def _compared(alike: Sequence[Said]) -> Iterator[Looked]:
    counts = Counter(key_of(said.number) for said in alike)
    usual, times = counts.most_common(1)[0]
    right = next(said for said in alike if key_of(said.number) == usual)
    for said in alike:
        if key_of(said.number) != usual:
            yield _departure(said, right, Severity.ERROR)
            if times == 1:  # nobody can tell which is wrong
                yield _departure(right, said, Severity.WARNING)
        elif said is not right:
            yield passed(CHECK, said.number, right.number)


def _departure(said: Said, right: Said, severity: Severity) -> Looked:
    return failed(
        CHECK,
        severity,
        said.number.place,
        said.sentence.text,
        expected=f"{right.number.text}, as in line {right.sentence.place.line}",
        how=f"line {right.sentence.place.line} says {right.number.text} of {right.whole} "
        f"{' '.join(right.after)}, this line {said.number.text}",
        suggestion="Make both sentences count the same.",
        numbers=(said.number, right.number),
    )
