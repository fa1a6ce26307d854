"""Plan: what was frozen, when, and which rows were there already."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsThere:
    """A file that held rows when a plan was frozen; ``declared``: the study named it as a source."""

    file: str
    rows: int
    sha256: str
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A version of a study's plan.

    ``content`` is that of :func:`reporter.preregistration.declared.content_of`; ``answers`` counts what is
    asked of each model, by run; ``predictions`` has the numbers that the rows gave at that time, by
    analysis. ``follows`` is the SHA-256 of the version before, ``sha256`` that of this one's JSON.
    """

    study: str
    title: str
    version: int
    frozen: str  # UTC, as ISO 8601
    program: str
    follows: str
    rows: tuple[RowsThere, ...]
    answers: Mapping[str, int]
    predictions: Mapping[str, Any]
    content: dict[str, Any]
    sha256: str = ""

    @property
    def n_rows(self) -> int:
        """How many rows there were."""
        return sum(file.rows for file in self.rows)

    @property
    def time(self) -> str:
        """When it was frozen, for people."""
        return self.frozen.replace("T", " ").replace("Z", " UTC")

    def body(self) -> bytes:
        """Write it as JSON: what the digest is of."""
        body = {"format": FORMAT} | {name: value for name, value in asdict(self).items() if name != "sha256"}
        return (json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()

    @classmethod
    def of(cls, said: Mapping[str, Any], *, sha256: str) -> Plan:
        """Read it from its JSON.

        Raises
        ------
        KeyError, TypeError
            Something is missing or of another type.
        """
        names = {entry.name for entry in fields(cls)} - {"rows", "sha256"}
        rows = tuple(RowsThere(**file) for file in said["rows"])
        return cls(**{name: said[name] for name in names}, rows=rows, sha256=sha256)
