"""What every importer returns: rows, replies, and a ledger of what was left out and why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from reporter.dataset import Exclusion
from reporter.observations import frame

Row = dict[str, Any]
UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Part:
    """What one file gave: ``answers`` replies were in it, of which ``kept`` gave a row."""

    rows: list[Row] = field(default_factory=list)
    responses: list[Row] = field(default_factory=list)
    ledger: list[Exclusion] = field(default_factory=list)
    answers: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What all files gave, as tables; says how many of how many."""

    rows: pd.DataFrame
    responses: pd.DataFrame
    ledger: tuple[Exclusion, ...]
    answers: int
    kept: int
    files: int

    @property
    def summary(self) -> str:
        """How many of how many, in one sentence."""
        left_out = sum(entry.count for entry in self.ledger)
        reasons = ", ".join(sorted({entry.reason for entry in self.ledger}))
        rest = f"; the ledger names {left_out} parts left out ({reasons})" if self.ledger else ""
        kept = f"{self.kept} of {self.answers} answers kept"
        return f"{kept}, {len(self.rows)} rows from {self.files} files{rest}."


def combine(parts: Iterable[Part], *, study: str, files: int) -> Imported:
    """Put the parts of all files together; every row says which study it is for."""
    listed = list(parts)
    origin = {"study": study, "origin": "imported"}
    return Imported(
        rows=frame([row | origin for part in listed for row in part.rows]),
        responses=frame([row | origin for part in listed for row in part.responses], "responses"),
        ledger=merged(entry for part in listed for entry in part.ledger),
        answers=sum(part.answers for part in listed),
        kept=sum(part.kept for part in listed),
        files=files,
    )


def merged(entries: Iterable[Exclusion]) -> tuple[Exclusion, ...]:
    """Add up the entries that differ in their count only."""
    counts: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        key = (entry.what, entry.rule, entry.reason)
        counts[key] = counts.get(key, 0) + entry.count
    return tuple(Exclusion(*key, count) for key, count in counts.items())


def key_of(name: str, models: Mapping[str, str] | None = None) -> str:
    """Turn a file's name of a model into a key: the caller's word for it, else lower case and dashes."""
    if models and name in models:
        return models[name]
    return re.sub(r"[^a-z0-9._]+", "-", name.lower()).strip("-._") or UNNAMED


def prompt_key(text: str) -> str:
    """Name a prompt by its first words and its digest, so that the order of prompts does not matter."""
    words = "-".join(re.findall(r"[a-z0-9]+", text.lower())[:5])[:48]
    return f"{words or 'prompt'}-{sha256(text)[:8]}"


def clean(text: str) -> str:
    """Replace halves of surrogate pairs, which no file in UTF-8 can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def printable(text: str) -> str:
    """Replace what cannot be printed, in names that come from a file."""
    return "".join(letter if letter.isprintable() else "?" for letter in clean(text)).strip()


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(clean(text).encode()).hexdigest()
