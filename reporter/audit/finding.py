"""What an audit says: one test of one claim, and where it fails, what is wrong and how to see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from reporter.audit.document import Place, Printed


class Severity(Enum):
    """How bad: an error contradicts arithmetic or data, a warning is unlikely or unsupported."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """A claim that cannot be true, does not follow, or claims too much.

    ``quoted`` are the document's words; ``expected`` is what should stand there; ``how`` is one line that a
    person can redo with a pocket calculator or one call of R; ``suggestion`` is a wording that is right.
    """

    severity: Severity
    check: str
    place: Place
    quoted: str
    expected: str
    how: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One test that a check carried out, on these numbers; without a finding they passed it."""

    check: str
    numbers: tuple[Printed, ...]
    finding: AuditFinding | None = None
