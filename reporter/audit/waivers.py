"""What the author of a study disagrees with: findings that are put aside, each with its printed reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from reporter.audit.finding import AuditFinding
from reporter.errors import StudyError
from reporter.names import did_you_mean


class Waiver(Protocol):
    """A ``[[waiver]]`` of study.toml: which check, which words or which line, and why."""

    @property
    def check(self) -> str:
        """The name of the check."""

    @property
    def quoted(self) -> str:
        """Words that the finding quotes; "" for any."""

    @property
    def line(self) -> int | None:
        """The line of the finding; None for any."""

    @property
    def reason(self) -> str:
        """Why the finding does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A finding that was put aside, and why."""

    finding: AuditFinding
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Findings that stand, findings that were put aside, and the waivers that fit none."""

    standing: tuple[AuditFinding, ...]
    waived: tuple[Waived, ...]
    idle: tuple[Waiver, ...]


def sift(findings: Iterable[AuditFinding], waivers: Collection[Waiver], checks: Collection[str]) -> Sifted:
    """Put aside what a waiver names; a waiver that fits nothing is told, since it may be out of date.

    Raises
    ------
    StudyError
        A waiver names a check that there is none of.
    """
    for waiver in waivers:
        if waiver.check not in checks:
            raise StudyError(
                f'waiver: there is no check "{waiver.check}".', remedy=did_you_mean(waiver.check, checks)
            )
    standing, waived, used = [], [], set()
    for finding in findings:
        fitting = next((index for index, waiver in enumerate(waivers) if _fits(waiver, finding)), None)
        if fitting is None:
            standing.append(finding)
        else:
            used.add(fitting)
            waived.append(Waived(finding=finding, reason=[*waivers][fitting].reason))
    idle = tuple(waiver for index, waiver in enumerate(waivers) if index not in used)
    return Sifted(standing=tuple(standing), waived=tuple(waived), idle=idle)


def _fits(waiver: Waiver, finding: AuditFinding) -> bool:
    return (
        waiver.check == finding.check
        and waiver.quoted in finding.quoted
        and waiver.line in (None, finding.place.line)
    )
