"""How well the audit does on documents whose faults are known: recall and precision, check by check.

Run: python tests/audit/measure.py [FOLDER]

FOLDER holds ``documents/`` and ``data/`` as ``../shared`` does. Keys lie in ``tests/audit/keys``; they were made
by hand, before the checks. A finding matches an entry of a key if it stands on one of the entry's lines and
its check is of the entry's kind. Recall counts entries, each with a finding of its own, or with one that
answers several claims of a sentence at once and names the answer. Precision counts findings that are errors
or warnings.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEYS = Path(__file__).resolve().parent / "keys"
PUBLISHED = ("token-scaling", "entropy-analysis")  # they lie in FOLDER, not in this repository
# With faults of our own, written before anybody saw what the checks find in them.
MADE_UP = ("held-out", "held-out-steps")
ROWS = {"token-scaling": Path("data") / "nat-challenge"}  # the others have none that fit

# What a check looks for, in the words of the keys.
KINDS: dict[str, tuple[str, ...]] = {
    "against_rows": ("against_rows",),
    "as_built": ("against_rows",),
    "bounds": ("test_statistic", "inside_table"),
    "counting": ("counting_words",),
    "echoes": ("repeated_value",),
    "estimand": ("estimand",),
    "integers": ("feasible_summary",),
    "marks": ("inside_table",),
    "multiplicity": ("multiplicity",),
    "named_numbers": ("repeated_value",),
    "not_computable": ("not_computable",),
    "odd_cells": ("inside_table",),
    "overclaims": ("overclaim",),
    "predictions": ("prediction",),
    "prose_arithmetic": ("prose_arithmetic",),
    "register": ("against_rows",),
    "repeated_values": ("repeated_value",),
    "same_words": ("repeated_value",),
    "stars": ("test_statistic",),
    "summaries": ("feasible_summary",),
    "summary_numbers": ("repeated_value", "counting_words"),
    "table_differences": ("inside_table",),
    "reported_tests": ("test_statistic",),
    "twin_columns": ("repeated_value",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fault that a finding is expected for."""

    id: str
    lines: tuple[int, ...]
    words: str
    kinds: tuple[str, ...]
    severity: str
    needs_rows: bool
    why: str
    says: tuple[str, ...] = ()  # a finding with all these words answers the entry, even beside another one


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A claim that is true."""

    line: int
    words: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person decided on a finding that no entry expects: ``right``, or a ``false alarm``."""

    document: str
    line: int
    check: str
    words: str
    verdict: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Everything that is known of one document."""

    document: str
    entries: tuple[Entry, ...]
    right: tuple[Right, ...]
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was found of a key, and what else was found."""

    found: Mapping[str, Any]  # id -> its finding
    missed: tuple[Entry, ...]
    expected: tuple[Any, ...]  # errors and warnings that match an entry
    ruled_right: tuple[Any, ...]
    false_alarms: tuple[Any, ...]

    @property
    def recall(self) -> float:
        return len(self.found) / (len(self.found) + len(self.missed))

    @property
    def precision(self) -> float:
        good = len(self.expected) + len(self.ruled_right)
        total = good + len(self.false_alarms)
        return good / total if total else 1.0


def load_key(name: str) -> Key:
    """Read a key and the rulings on its document."""
    raw = tomllib.loads((KEYS / f"{name}.toml").read_text(encoding="utf-8"))
    entries = tuple(
        Entry(
            id=item["id"],
            lines=_many(item["line"]),
            words=item["words"],
            kinds=_many(item["kind"]),
            severity=item["severity"],
            needs_rows=item["needs_rows"],
            why=item["why"],
            says=_many(item.get("says", ())),
        )
        for item in raw["finding"]
    )
    ruled = tomllib.loads((KEYS / "false_alarms.toml").read_text(encoding="utf-8"))
    rulings = tuple(Ruling(**item) for item in ruled.get("finding", ()) if item["document"] == name)
    return Key(document=name, entries=entries, right=tuple(Right(**r) for r in raw["right"]), rulings=rulings)


def _many(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def fits(finding: Any, entry: Entry) -> bool:
    """Tell whether a finding is the one that an entry expects, as far as line and kind can tell."""
    return finding.place.line in entry.lines and bool(set(KINDS.get(finding.check, ())) & set(entry.kinds))


def strong(finding: Any) -> bool:
    """Tell whether a finding is an error or a warning."""
    return finding.severity.value in ("error", "warning")


def score(findings: Sequence[Any], key: Key, *, with_rows: bool) -> Score:
    """Match findings with the entries of a key, each entry with a finding of its own or one that names its answer.

    Without rows, entries that need them are neither expected nor missed.
    """
    entries = [entry for entry in key.entries if with_rows or not entry.needs_rows]
    pairs = _matched(entries, findings)
    loud = [finding for finding in findings if strong(finding)]
    expected = [f for f in loud if any(fits(f, entry) for entry in key.entries)]
    others = [f for f in loud if f not in expected]
    right = [f for f in others if any(is_about(r, f) and r.verdict == "right" for r in key.rulings)]
    return Score(
        found={entry.id: findings[pairs[i]] for i, entry in enumerate(entries) if i in pairs},
        missed=tuple(entry for i, entry in enumerate(entries) if i not in pairs),
        expected=tuple(expected),
        ruled_right=tuple(right),
        false_alarms=tuple(f for f in others if f not in right),
    )


def is_about(ruling: Ruling, finding: Any) -> bool:
    """Tell whether a ruling speaks of a finding."""
    said = f"{finding.quoted} {finding.expected} {finding.how}"
    return (finding.place.line, finding.check) == (ruling.line, ruling.check) and ruling.words in said


def _matched(entries: Sequence[Entry], findings: Sequence[Any]) -> dict[int, int]:
    """Pair as many entries as can be paired with findings of their own (Kuhn's augmenting paths).

    An error must not have been found as a mere note.
    """
    options = [
        [j for j, finding in enumerate(findings) if fits(finding, entry) and _loud_enough(finding, entry)]
        for entry in entries
    ]
    owner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in options[i]:
            if j not in tried:
                tried.add(j)
                if j not in owner or place(owner[j], tried):
                    owner[j] = i
                    return True
        return False

    for i in range(len(entries)):
        place(i, set())
    pairs = {i: j for j, i in owner.items()}
    for i, entry in enumerate(entries):
        answers = [j for j in options[i] if entry.says and all(w in _answer(findings[j]) for w in entry.says)]
        if i not in pairs and answers:
            pairs[i] = answers[0]
    return pairs


def _answer(finding: Any) -> str:
    return f"{finding.expected} {finding.how}"


def _loud_enough(finding: Any, entry: Entry) -> bool:
    return entry.severity != "error" or strong(finding)


def document_of(name: str, folder: Path) -> Path:
    """Find a document: a made-up one beside its key, a published one in the folder."""
    made_up = KEYS / f"{name}.md"
    return made_up if made_up.is_file() else folder / "documents" / f"{name}.md"


def findings_of(name: str, folder: Path, *, with_rows: bool) -> list[Any]:
    """Audit a document."""
    from reporter.audit.audit import audit

    rows = folder / ROWS[name] if with_rows and name in ROWS else ()
    return list(audit(document_of(name, folder), rows=rows).findings)


def by_check(scored: Score, key: Key) -> list[tuple[str, int, int, int, int]]:
    """List for every kind: entries, found, errors and warnings, and false ones among these.

    An entry of several kinds stands under the kind of the check that found it, else under its first.
    """
    lines = []
    for kind in sorted({kind for kinds in KINDS.values() for kind in kinds}):
        found = [f for f in scored.found.values() if kind == KINDS[f.check][0]]
        missed = [entry for entry in scored.missed if entry.kinds[0] == kind]
        loud = [f for f in (*scored.expected, *scored.ruled_right) if kind == KINDS[f.check][0]]
        false = [f for f in scored.false_alarms if kind == KINDS[f.check][0]]
        if found or missed or loud or false:
            lines.append((kind, len(found) + len(missed), len(found), len(loud) + len(false), len(false)))
    return lines


def table(name: str, scored: Score, key: Key) -> str:
    """Print a Markdown table of what was found and what was falsely found."""
    rows = [
        f"**{name}**",
        "",
        "| Kind | Expected | Found | Recall | Errors and warnings | False | Precision |",
        "| :--- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, expected, found, loud, false in by_check(scored, key):
        recall = f"{found / expected:.2f}" if expected else ""
        precision = f"{(loud - false) / loud:.2f}" if loud else ""
        rows.append(f"| {kind} | {expected} | {found} | {recall} | {loud} | {false} | {precision} |")
    total = len(scored.found) + len(scored.missed)
    loud = len(scored.expected) + len(scored.ruled_right) + len(scored.false_alarms)
    rows.append(
        f"| **all** | {total} | {len(scored.found)} | {scored.recall:.2f} | {loud} "
        f"| {len(scored.false_alarms)} | {scored.precision:.2f} |"
    )
    return "\n".join(rows)


def remarks(scored: Score) -> Iterable[str]:
    """Name what was missed and what was falsely found."""
    for entry in scored.missed:
        lines = ", ".join(str(line) for line in entry.lines[:6])
        yield f"missed {entry.id} ({'/'.join(entry.kinds)}, {entry.severity}) line {lines}: {entry.words}"
    for finding in scored.false_alarms:
        yield (
            f"not expected: line {finding.place.line} {finding.severity.value} {finding.check}: "
            f"{finding.quoted[:80]} | {finding.how[:120]}"
        )


def main(folder: Path) -> None:
    """Print the tables of all documents that are at hand, with rows where there are any and without."""
    names = [name for name in (*PUBLISHED, *MADE_UP) if document_of(name, folder).is_file()]
    for name in names:
        key = load_key(name)
        for with_rows in (False, True) if name in ROWS else (False,):
            scored = score(findings_of(name, folder, with_rows=with_rows), key, with_rows=with_rows)
            print(table(f"{name}, {'with' if with_rows else 'without'} rows", scored, key), end="\n\n")
            print(*remarks(scored), sep="\n", end="\n\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared")
