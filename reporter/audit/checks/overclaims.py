"""Which words claim more than the design can carry?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reporter.audit.checks._verdict import failed
from reporter.audit.document import Document, Place
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "overclaims"
RULES = Path(__file__).with_suffix(".toml")
NEGATED = re.compile(
    r"\b(?:no|not|nor|neither|never|without|cannot|nothing|whether|hardly|isn't|doesn't)\b[^.;:]{0,30}$", re.I
)
OPEN = re.compile(r"\?\s*$|^\[[ x]?\]")
EACH = re.compile(r"\b(\d{1,3}) (?:prompts|questions|replies|answers|runs|participants)\b(?: each| per| a )?")
NEGATION_IS_THE_CLAIM = ("equality", "never", "uniqueness", "ruled out", "estimated without data")


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that claim too much, why, and what to write instead; ``unless`` other words stand beside them."""

    name: str
    pattern: re.Pattern[str]
    reason: str
    instead: str
    unless: re.Pattern[str] | None = None


@cache
def rules(path: Path = RULES) -> tuple[Rule, ...]:
    """Read the rules, which stand beside this file and may be edited."""
    with path.open("rb") as file:
        listed = tomllib.load(file)["rule"]
    return tuple(
        Rule(
            name=rule["name"],
            pattern=re.compile(rule["pattern"], re.I),
            reason=rule["reason"],
            instead=rule["instead"],
            unless=re.compile(rule["unless"], re.I) if "unless" in rule else None,
        )
        for rule in listed
    )


def overclaims(reading: Reading) -> Iterator[Looked]:
    """Note words that are stronger than few members, uncorrected tests and untried conditions allow.

    Assumes nothing about numbers: every finding is a note, and a matter of judgement. Questions, and words
    that the sentence itself denies, are let pass.
    """
    design = _design(reading.document)
    names = {row[0].text.strip() for table in reading.document.tables for row in table.rows}
    for sentence in reading.document.sentences:
        if sentence.block not in ("caption", "quote") and not OPEN.search(sentence.text):
            yield from _note(_claims(sentence.text, names), sentence.text, design, sentence.place)
    for table in reading.document.tables:
        for row in table.rows:
            for cell in (cell for cell in row[1:] if len(cell.text) > 40 or not cell.quantities):
                yield from _note(_claims(cell.text, names), cell.text, design, cell.place)


def _claims(text: str, names: set[str]) -> list[tuple[Rule, str]]:
    """Give the rules that a text breaks, each with the words; a word that is a name claims nothing."""
    found = []
    for rule in rules():
        match = rule.pattern.search(text)
        if not match or match[0] in names or (rule.unless is not None and rule.unless.search(text)):
            continue
        if rule.name in NEGATION_IS_THE_CLAIM or not NEGATED.search(text[: match.start()]):
            found.append((rule, match[0]))
    return found


def _note(claims: list[tuple[Rule, str]], text: str, design: str, place: Place) -> Iterator[Looked]:
    """Make one note of all that a text claims too much."""
    if claims:
        reasons = "; ".join(f"{words!r} {rule.reason}" for rule, words in claims)
        instead = "; ".join(dict.fromkeys(rule.instead for rule, _ in claims))
        yield failed(
            CHECK,
            Severity.NOTE,
            place,
            text,
            expected="weaker words",
            how=f"{reasons}{design}",
            suggestion=instead,
        )


def _design(document: Document) -> str:
    """Say how many members and values stand behind the words, as the document prints it."""
    members = max((len(table.rows) for table in document.tables), default=0)
    text = " ".join((*(s.text for s in document.sentences), *(" ".join(t.section) for t in document.tables)))
    each = sorted({int(n) for n in EACH.findall(text)})
    parts = [f"the largest table has {members} rows"] if members else []
    if each:
        parts.append(f"values per cell: {', '.join(map(str, each[:3]))}")
    return f" ({'; '.join(parts)})" if parts else ""
