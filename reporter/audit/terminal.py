"""An audit on the terminal: the verdict and three things to fix, the findings, and what was looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reporter.audit.audit import Audit
from reporter.audit.coverage import Coverage
from reporter.audit.finding import AuditFinding, Severity
from reporter.audit.saying import VERDICT_HEADS, place_of, plural, verdict_of, verdict_rows

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
WIDTH = 100  # of a pipe, which has none of its own


def show(audits: Iterable[Audit], console: Console | None = None) -> None:
    """Print audits: in colour where a person looks on, as plain lines in a pipe."""
    from rich.console import Console

    console = console or Console(highlight=False)
    if console.is_terminal:
        for audit in audits:
            console.print(*_parts(audit), sep="\n")
        return
    plain = Console(file=console.file, width=WIDTH, highlight=False, color_system=None)
    for audit in audits:
        with plain.capture() as captured:
            plain.print(*_parts(audit), sep="\n")
        console.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _parts(audit: Audit) -> Iterable[RenderableType]:
    from rich.text import Text

    yield Text(audit.document.name, style="bold") + Text(": " + verdict_of(audit))
    yield _verdict(audit)
    if audit.first_things:
        yield Text("Fix first", style="bold")
        for number, (finding, more) in enumerate(audit.first_things, 1):
            rest = f" (and {plural(more, 'more finding')} of {finding.check})" if more else ""
            yield _finding(finding, f"{number}. ", rest)
        yield ""
    yield from _by_check(audit)
    yield from _aside(audit)
    yield from _coverage(audit.coverage)


def _verdict(audit: Audit) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE, pad_edge=False)
    for place, head in enumerate(VERDICT_HEADS):
        table.add_column(head, justify="right" if place else "left")
    for row in verdict_rows(audit):
        table.add_row(*row)
    return table


def _finding(finding: AuditFinding, before: str = "", after: str = "") -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    head = Text(before)
    head.append(finding.severity.value, style=COLOURS[finding.severity])
    head.append(f" {place_of(finding.place)}{after}")
    table = Table.grid(padding=(0, 2, 0, 0))
    said = {
        "says": finding.quoted,
        "expected": finding.expected,
        "how": finding.how,
        "say": finding.suggestion,
    }
    for name, words in said.items():
        if words:
            table.add_row(name, Text(words))
    return Padding(Group(head, table), (0, 0, 0, 2))


def _by_check(audit: Audit) -> Iterable[RenderableType]:
    from rich.text import Text

    kinds: dict[str, list[AuditFinding]] = {}
    for finding in audit.findings:
        kinds.setdefault(finding.check, []).append(finding)
    for check, findings in kinds.items():
        yield Text(f"{check} ({plural(len(findings), 'finding')})", style="bold")
        for finding in findings:
            yield _finding(finding)
            yield ""


def _aside(audit: Audit) -> Iterable[RenderableType]:
    from rich.text import Text

    if audit.waived:
        yield Text(f"Waived ({len(audit.waived)})", style="bold")
    for waived in audit.waived:
        yield _finding(waived.finding, after=f", waived: {waived.reason}")
    for waiver in audit.idle:
        yield Text(f"A waiver of {waiver.check} fits no finding any more: {waiver.reason}", style="yellow")


def _coverage(coverage: Coverage) -> Iterable[RenderableType]:
    from rich.text import Text

    yield Text("What was looked at", style="bold")
    yield Text(
        f"  {coverage.checked} of {plural(coverage.seen, 'number')} checked; "
        f"{coverage.names} more are part of names, dates and addresses."
    )
    for check, tally in coverage.by_check.items():
        if tally.tests:
            yield Text(f"  {check}: {plural(tally.tests, 'test')} on {plural(tally.numbers, 'number')}")
    idle = [check for check, tally in coverage.by_check.items() if not tally.tests]
    if idle:
        yield Text(f"  Nothing to test for: {', '.join(idle)}.")
    if coverage.unchecked:
        listed = ", ".join(f"{q.text} ({place_of(q.place)})" for q in coverage.unchecked)
        yield Text(f"  Not checked: {listed}.")
    if coverage.unread:
        listed = ", ".join(f"{n.text} ({place_of(n.place)})" for n in coverage.unread)
        yield Text(f"  Not understood: {listed}.")
    yield Text("")
