"""An audit as JSON; docs/audit-schema.json says what stands where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reporter import __version__
from reporter.audit.audit import Audit
from reporter.audit.coverage import Coverage, Tally
from reporter.audit.document import Place
from reporter.audit.finding import AuditFinding, Severity
from reporter.audit.saying import verdict_of

SCHEMA = 1  # raised when a key changes its meaning or goes away


def to_json(audits: Iterable[Audit]) -> dict[str, Any]:
    """Give audits as plain dicts and lists."""
    return {
        "schema": SCHEMA,
        "program": f"entropy-reporter {__version__}",
        "documents": [_audit(audit) for audit in audits],
    }


def _audit(audit: Audit) -> dict[str, Any]:
    return {
        "name": audit.document.name,
        "lines": len(audit.document.lines),
        "verdict": verdict_of(audit),
        "counts": {severity.value: audit.count(severity) for severity in Severity},
        "with_rows": audit.with_rows,
        "first_things": [_finding(finding) | {"more": more} for finding, more in audit.first_things],
        "findings": [_finding(finding) for finding in audit.findings],
        "waived": [_finding(waived.finding) | {"reason": waived.reason} for waived in audit.waived],
        "idle_waivers": [{"check": waiver.check, "reason": waiver.reason} for waiver in audit.idle],
        "coverage": _coverage(audit.coverage),
    }


def _finding(finding: AuditFinding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "check": finding.check,
        "place": _place(finding.place),
        "quoted": finding.quoted,
        "expected": finding.expected,
        "how": finding.how,
        "suggestion": finding.suggestion,
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "line": place.line,
        "column": place.column,
        "length": place.length,
        "row": place.row,
        "head": place.head,
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "seen": coverage.seen,
        "checked": coverage.checked,
        "names": coverage.names,
        "by_way": {way: _tally(tally) for way, tally in coverage.by_way.items()},
        "by_check": {check: _tally(tally) for check, tally in coverage.by_check.items()},
        "unchecked": [{"text": q.text, "place": _place(q.place)} for q in coverage.unchecked],
        "unread": [{"text": number.text, "place": _place(number.place)} for number in coverage.unread],
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {
        "tests": tally.tests,
        "passed": tally.passed,
        "numbers": tally.numbers,
        "errors": tally.errors,
        "warnings": tally.warnings,
        "notes": tally.notes,
    }
