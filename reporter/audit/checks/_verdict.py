"""How a check says what it looked at: one line for a test that was passed, a few for one that was not."""

from __future__ import annotations

from reporter.audit.document import Place, Printed
from reporter.audit.finding import AuditFinding, Looked, Severity


def passed(check: str, *numbers: Printed) -> Looked:
    """Say that these numbers were tested, and that nothing is wrong with them."""
    return Looked(check=check, numbers=numbers)


def failed(
    check: str,
    severity: Severity,
    place: Place,
    quoted: str,
    *,
    expected: str,
    how: str,
    suggestion: str = "",
    numbers: tuple[Printed, ...] = (),
) -> Looked:
    """Say what is wrong, where, what should stand there and how it was found."""
    finding = AuditFinding(
        severity=severity,
        check=check,
        place=place,
        quoted=shortened(quoted),
        expected=expected,
        how=how,
        suggestion=suggestion,
    )
    return Looked(check=check, numbers=numbers, finding=finding)


def shortened(words: str, *, most: int = 240) -> str:
    """Cut a long quotation at a word."""
    line = " ".join(words.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " ..."


def p_words(p: float) -> str:
    """Print a p value as reports do: three digits, and never as 0."""
    return "< .0001" if p < 0.0001 else f"{p:.4f}" if p < 0.01 else f"{p:.3f}"
