"""A document, the checks, and what they say: the audit."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reporter.audit.checks import CHECKS
from reporter.audit.coverage import Coverage, coverage_of
from reporter.audit.document import Document, Place
from reporter.audit.facts import facts_of
from reporter.audit.finding import AuditFinding, Looked, Severity
from reporter.audit.opening import read_document, read_text
from reporter.audit.reading import CellValues, Check, Reading
from reporter.audit.rows import register_beside, rows_of_folder
from reporter.audit.waivers import Waived, Waiver, sift

READING = "reading"  # the check of the text itself: what had to be done before it could be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit says of one document: what it found, put aside, checked, and passed over."""

    document: Document
    looked: tuple[Looked, ...]
    findings: tuple[AuditFinding, ...]  # those that stand, the worst first, then as they stand in the text
    waived: tuple[Waived, ...]
    idle: tuple[Waiver, ...]  # waivers that fit no finding
    coverage: Coverage
    with_rows: bool

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def first_things(self) -> tuple[tuple[AuditFinding, int], ...]:
        """The three things to fix first, each from another check, and how many more there are like it."""
        kinds: dict[str, list[AuditFinding]] = {}
        for finding in self.findings:
            kinds.setdefault(finding.check, []).append(finding)
        worst = sorted(kinds.values(), key=_urgency)[:3]
        return tuple((found[0], len(found) - 1) for found in worst)


def _urgency(found: list[AuditFinding]) -> tuple[int, int, int]:
    """Order kinds of findings: by the worst of each, then by how many are as bad, then by their place."""
    same = sum(finding.severity is found[0].severity for finding in found)
    return found[0].severity.rank, -same, found[0].place.line


def audit(
    source: Path | str,
    *,
    rows: Path | Sequence[CellValues] = (),
    built: str = "",
    checks: Sequence[Check] = CHECKS,
    waivers: Sequence[Waiver] = (),
    name: str = "text",
) -> Audit:
    """Check a written report against itself, against arithmetic and statistics, and against raw rows.

    Parameters
    ----------
    source : Path or str
        A file, or a text: Markdown, or HTML if it begins like it.
    rows : Path or sequence of CellValues
        A folder of raw files, or raw values that were read.
    built : str
        The Markdown of the report that the study's rows give now, where the document is that report.
    checks : sequence of Check
        What to check; all by default.
    waivers : sequence of Waiver
        Findings to put aside, with reasons.
    name : str
        What a text is called.

    Raises
    ------
    DocumentError, DataError, StudyError
        The document, the rows or a waiver cannot be used.
    """
    with _without_collecting():
        document = read_document(source) if isinstance(source, Path) else read_text(source, name)
        reading = Reading(
            document=document,
            facts=facts_of(document),
            rows=rows_of_folder(rows) if isinstance(rows, Path) else tuple(rows),
            built_lines=tuple(built.split("\n")) if built else (),
            register=register_beside(source) if isinstance(source, Path) and source.suffix == ".md" else (),
        )
        looked = (*_repairs(document), *(test for check in checks for test in check(reading)))
    found = [test.finding for test in looked if test.finding]
    found.sort(key=lambda finding: (finding.severity.rank, finding.place.line, finding.place.column))
    names = [READING, *(check.__name__ for check in checks)]
    sifted = sift(dict.fromkeys(found), waivers, names)
    return Audit(
        document=document,
        looked=looked,
        findings=sifted.standing,
        waived=sifted.waived,
        idle=sifted.idle,
        coverage=coverage_of(document, looked, names),
        with_rows=bool(reading.rows or reading.built_lines),
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let Python not look for garbage: a long report makes many small records, none in a circle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _repairs(document: Document) -> list[Looked]:
    """Say as a note what was done to the text before it could be read."""
    return [
        Looked(
            check=READING,
            numbers=(),
            finding=AuditFinding(
                severity=Severity.NOTE,
                check=READING,
                place=Place(line=1),
                quoted=repair,
                expected="UTF-8 text that needs no repair",
                how="the bytes of the file, decoded",
                suggestion="Save the file as UTF-8.",
            ),
        )
        for repair in document.repairs
    ]
