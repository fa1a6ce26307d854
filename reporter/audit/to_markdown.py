"""An audit as Markdown: to attach to a review, or to read beside the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reporter.audit.audit import Audit
from reporter.audit.coverage import Coverage
from reporter.audit.finding import AuditFinding
from reporter.audit.saying import VERDICT_HEADS, place_of, plural, verdict_of, verdict_rows

ESCAPED = re.compile(r"([\\`*_\[\]<>#|~&])")


def to_markdown(audits: Iterable[Audit]) -> str:
    """Write audits as one Markdown text."""
    return "\n".join(line for audit in audits for line in _audit(audit)) + "\n"


def _audit(audit: Audit) -> Iterable[str]:
    yield from (f"# Audit of {_plain(audit.document.name)}", "", f"Verdict: {verdict_of(audit)}", "")
    yield from _table(VERDICT_HEADS, verdict_rows(audit))
    if audit.first_things:
        yield from ("## Fix first", "")
        for number, (finding, more) in enumerate(audit.first_things, 1):
            rest = f" ({plural(more, 'more finding')} of {_plain(finding.check)})" if more else ""
            yield f"{number}. {_head(finding)}{rest}"
            yield from (f"   {line}" for line in _lines(finding))
        yield ""
    if audit.findings:
        yield from ("## Findings", "")
        for finding in audit.findings:
            yield f"- {_head(finding)}, {_plain(finding.check)}"
            yield from (f"  {line}" for line in _lines(finding))
        yield ""
    yield from _aside(audit)
    yield from _coverage(audit.coverage)


def _head(finding: AuditFinding) -> str:
    return f"**{finding.severity.value}**, {_plain(place_of(finding.place))}"


def _lines(finding: AuditFinding) -> Iterable[str]:
    yield f"- Says: “{_plain(finding.quoted)}”"
    yield f"- Expected: {_plain(finding.expected)}"
    yield f"- How: {_plain(finding.how)}"
    if finding.suggestion:
        yield f"- Say: {_plain(finding.suggestion)}"


def _aside(audit: Audit) -> Iterable[str]:
    if audit.waived or audit.idle:
        yield from ("## Waived", "")
        for waived in audit.waived:
            found = waived.finding
            yield f"- {_head(found)}, {_plain(found.check)}. Reason: {_plain(waived.reason)}"
            yield from (f"  {line}" for line in _lines(waived.finding))
        for waiver in audit.idle:
            yield f"- A waiver of {_plain(waiver.check)} fits no finding any more: {_plain(waiver.reason)}"
        yield ""


def _coverage(coverage: Coverage) -> Iterable[str]:
    yield from ("## What was looked at", "")
    yield (
        f"{coverage.checked} of {plural(coverage.seen, 'number')} were checked; "
        f"{coverage.names} more are part of names, dates and addresses."
    )
    yield ""
    rows = [(check, str(tally.tests), str(tally.numbers)) for check, tally in coverage.by_check.items()]
    yield from _table(("Check", "Tests", "Numbers"), rows)
    listed = [f"{_plain(q.text)} ({_plain(place_of(q.place))})" for q in coverage.unchecked]
    if listed:
        yield from (f"Not checked: {', '.join(listed)}.", "")
    if coverage.unread:
        unread = (f"{_plain(n.text)} ({_plain(place_of(n.place))})" for n in coverage.unread)
        yield from (f"Not understood: {', '.join(unread)}.", "")


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    names = [*heads]
    yield "| " + " | ".join(names) + " |"
    yield "| :--- |" + " ---: |" * (len(names) - 1)
    for row in rows:
        yield "| " + " | ".join(_plain(cell) for cell in row) + " |"
    yield ""


def _plain(words: str) -> str:
    """Take from words what Markdown would obey."""
    return ESCAPED.sub(r"\\\1", " ".join(words.split()))
