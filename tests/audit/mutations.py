"""Corruptions of a report, each of one printed number: what an audit of the report has to find.

Run: python tests/audit/mutations.py [COUNT]

A corruption changes one digit, flips one sign, swaps two neighbouring numbers, changes one count, or adds or
removes stars or bold at one number. Places are drawn from all numbers of the report alike, so tables and prose
come up in proportion. Names, dates, DOIs, digests, numbers of tables and of list items, heads of columns and
the sections on provenance and literature are left alone: they claim nothing that an audit could know.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Way = Literal["digit", "sign", "swap", "count", "mark"]
SEED = 7
# How many of a hundred corruptions are tried in each way; where a number cannot be spoiled so, another is drawn.
SHARES: dict[Way, int] = {"digit": 50, "sign": 15, "swap": 15, "count": 12, "mark": 8}

NAMES = (
    r"(?:Meta )?Llama \d[\d.]*(?: \d+B)?|GPT-4o|DeepSeek (?:V[\d.]+|\d+B)|Gemini [\d.]+ Flash"
    r"|Claude(?: (?:Opus|Sonnet|Haiku))? [\d.]+|Grok [\d.]+ Fast|SmolLM2 \d+M|Gemma \d (?:\d+[MB])"
    r"|Phi-4(?: \d+B)?|Mistral \d+B(?: v[\d.]+)?|Yi [\d.]+ \d+B|Qwen ?[\d.]+(?: ?\d+B)?"
)
ELSEWHERE = re.compile(
    rf"{NAMES}|`[^`]*`|\]\([^)]*\)|<https?:[^>]*>|\b(?:Table|Figure|Tier) \w+|\\?#\S+|\bdoi:\S+"
    r"|\b\d{4}-\d\d-\d\d\b|[A-Za-z_/\\.-]*[A-Za-z]_?\d[\w.\\-]*|\bddof \d|log2|SHA-256"
)
NUMBER = re.compile(
    r"(?<![\w.,\d])(?P<sign>[+\N{MINUS SIGN}\N{PLUS-MINUS SIGN}-]?)(?P<digits>\d+(?:\.\d+)?)(?![\w]|\.\d)"
)
COUNTED = re.compile(r"(?<![\w.])(\d+)(?: of |/)(\d+)(?![\w.]\d)")
WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
COUNT_WORD = re.compile(
    r"(?<![\w-])(?P<word>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?= [a-z]+s\b)", re.I
)
FRONT = re.compile(r"\*\*(?:Authors|DOI|OSF project|Date|Experiment)")
LIST_NUMBER = re.compile(r"\s*(?:\d+\.|#+ \d+\.)\s")
CLOSED = re.compile(r"## .*(?:Provenance|References)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A number that may be corrupted: its line (from 1), its span in the line, and whether it is in a table."""

    line: int
    start: int
    end: int
    text: str
    in_table: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A report with one number corrupted."""

    line: int
    way: Way
    before: str
    after: str
    in_table: bool
    text: str

    def __str__(self) -> str:
        where = "table" if self.in_table else "prose"
        return f"line {self.line} ({where}, {self.way}): {self.before} -> {self.after}"


def spots(text: str) -> list[Spot]:
    """Find every number that claims something."""
    found: list[Spot] = []
    lines = text.split("\n")
    closed = False
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            closed = bool(CLOSED.match(line))
        head = line.startswith("|") and lines[number : number + 1] and lines[number].startswith("| :")
        if closed or head or line.startswith(("#", "| :", "![")) or FRONT.match(line):
            continue
        barred = [match.span() for match in ELSEWHERE.finditer(line)]
        if match := LIST_NUMBER.match(line):
            barred.append(match.span())
        for match in NUMBER.finditer(line):
            if not any(start < match.end() and match.start() < end for start, end in barred):
                found.append(
                    Spot(
                        line=number,
                        start=match.start(),
                        end=match.end(),
                        text=match[0],
                        in_table=line.startswith("|"),
                    )
                )
    return found


def mutations(text: str, count: int, rng: np.random.Generator) -> list[Mutation]:
    """Corrupt a report ``count`` times, each time in another place."""
    places = spots(text)
    ways = [way for way, share in SHARES.items() for _ in range(share)]
    made: list[Mutation] = []
    taken: set[tuple[int, int]] = set()
    while len(made) < count:
        way = ways[int(rng.integers(len(ways)))]
        if way == "count":
            found = _count(text, rng)
        else:
            spot = places[int(rng.integers(len(places)))]
            found = WAYS[way](text, spot, places, rng)
        if found and (found[0], found[1]) not in taken:
            line, start, end, after = found
            taken.add((line, start))
            made.append(_applied(text, line, start, end, after, way))
    return made


Change = tuple[int, int, int, str]  # line, start and end in it, what stands there now


def _digit(text: str, spot: Spot, places: Sequence[Spot], rng: np.random.Generator) -> Change | None:
    """Change one digit, not the first into a zero."""
    digits = [i for i, letter in enumerate(spot.text) if letter.isdigit()]
    at = digits[int(rng.integers(len(digits)))]
    choice = [d for d in "0123456789" if d != spot.text[at] and not (d == "0" and at == digits[0])]
    new = choice[int(rng.integers(len(choice)))]
    return spot.line, spot.start, spot.end, spot.text[:at] + new + spot.text[at + 1 :]


def _sign(text: str, spot: Spot, places: Sequence[Spot], rng: np.random.Generator) -> Change | None:
    """Flip a sign that is printed; a minus becomes what stands for plus in its neighbourhood."""
    if spot.text[0] not in "+\N{MINUS SIGN}" or not re.search(r"[1-9]", spot.text):
        return None
    new = "\N{MINUS SIGN}" if spot.text[0] == "+" else ""
    return spot.line, spot.start, spot.end, new + spot.text[1:]


def _swap(text: str, spot: Spot, places: Sequence[Spot], rng: np.random.Generator) -> Change | None:
    """Swap a number with the next one of its line, in a table or in prose."""
    after = [other for other in places if other.line == spot.line and other.start >= spot.end]
    if not after or after[0].text == spot.text:
        return None
    other = after[0]
    line = text.split("\n")[spot.line - 1]
    return spot.line, spot.start, other.end, other.text + line[spot.end : other.start] + spot.text


def _mark(text: str, spot: Spot, places: Sequence[Spot], rng: np.random.Generator) -> Change | None:
    """Add a star or bold to a number, or take it away."""
    line = text.split("\n")[spot.line - 1]
    if star := re.match(r"\\?\*(?!\*)", line[spot.end :]):
        return spot.line, spot.start, spot.end + star.end(), spot.text
    if not spot.in_table or "." not in spot.text:
        return None
    return spot.line, spot.start, spot.end, f"{spot.text}\\*" if rng.integers(2) else f"**{spot.text}**"


def _count(text: str, rng: np.random.Generator) -> Change | None:
    """Change a count in words, or the part of a share like 6 of 8, by one."""
    places = spots(text)
    starts = {(spot.line, spot.start) for spot in places}
    lines = text.split("\n")
    live = {spot.line for spot in places}
    found: list[Change] = []
    for number, line in enumerate(lines, 1):
        for match in COUNTED.finditer(line):
            if (number, match.start()) in starts:
                part, whole = int(match[1]), int(match[2])
                found.append((number, *match.span(1), str(part - 1 if part == whole else part + 1)))
        for match in COUNT_WORD.finditer(line) if number in live else ():
            new = WORDS[WORDS.index(match["word"].lower()) + (1 if match["word"].lower() != "twelve" else -1)]
            found.append((number, *match.span("word"), new.capitalize() if match[0][0].isupper() else new))
    return found[int(rng.integers(len(found)))] if found else None


WAYS: dict[Way, Callable[..., Change | None]] = {"digit": _digit, "sign": _sign, "swap": _swap, "mark": _mark}


def _applied(text: str, line: int, start: int, end: int, after: str, way: Way) -> Mutation:
    lines = text.split("\n")
    old = lines[line - 1]
    lines[line - 1] = old[:start] + after + old[end:]
    return Mutation(
        line=line,
        way=way,
        before=old[start:end],
        after=after,
        in_table=old.startswith("|"),
        text="\n".join(lines),
    )


Audit = Callable[[str], Sequence[Any]]  # a text to its findings


def missed(changed: Sequence[Mutation], before: Sequence[Any], audit: Audit) -> Iterator[Mutation]:
    """Give the corruptions on whose line no error and no warning stands that did not stand there before."""
    known = _on_lines(before)
    for mutation in changed:
        now = _on_lines(audit(mutation.text))
        if not any(
            line == mutation.line and now[line, check] > known.get((line, check), 0) for line, check in now
        ):
            yield mutation


def _on_lines(findings: Sequence[Any]) -> dict[tuple[int, str], int]:
    """Count errors and warnings by line and check."""
    counts: dict[tuple[int, str], int] = {}
    for finding in findings:
        if finding.severity.value in ("error", "warning"):
            at = finding.place.line, finding.check
            counts[at] = counts.get(at, 0) + 1
    return counts


def main(count: int) -> None:
    """Print the corruptions of both bundled reports, as they are built now, that are not found."""
    import built  # beside this file, where scripts look first

    for name in built.STUDIES:
        text = built.report_text(name)
        changed = mutations(text, count // 2, np.random.default_rng(SEED))
        for what, audit in (("with rows", built.audit_with_rows(name)), ("file alone", built.audit_alone)):
            left = list(missed(changed, audit(text), audit))
            share = 1 - len(left) / len(changed)
            print(f"{name}, {what}: {len(changed) - len(left)} of {len(changed)} found ({share:.1%})")
            print(*(f"  missed {mutation}" for mutation in left), sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
