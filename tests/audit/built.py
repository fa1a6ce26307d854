"""Our own two reports as their frozen rows give them now, and ways to audit a text in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from reporter import pipeline
from reporter.audit.audit import audit
from reporter.audit.finding import AuditFinding
from reporter.audit.rows import rows_of_study
from reporter.compose import Report
from reporter.pipeline import Analysed

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ("token-scaling", "entropy-analysis")


@cache
def answered(name: str) -> Analysed:
    """Answer a bundled study once."""
    return pipeline.answer(ROOT, name)


@cache
def composed(name: str) -> Report:
    """Compose its report once."""
    return pipeline.report(ROOT, answered(name))


def report_text(name: str) -> str:
    """The report as Markdown, as `report build` writes it."""
    return composed(name).text


def audit_alone(text: str) -> Sequence[AuditFinding]:
    """Audit a text with nothing beside it."""
    return audit(text).findings


def audit_with_rows(name: str) -> Callable[[str], Sequence[AuditFinding]]:
    """Audit texts in the place of a study's report; its rows are read and its report is composed once."""
    found = answered(name)
    rows = rows_of_study(found.study, found.dataset)
    built = report_text(name)
    return lambda text: audit(text, rows=rows, built=built).findings
