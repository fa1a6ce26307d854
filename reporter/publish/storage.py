"""Is there room? OSF refuses after the whole body was sent; we count before the first byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporter.publish.osf import Osf
from reporter.publish.plan import Listing, LocalFile, Plan, PublishError

GB = 10**9  # bytes, as OSF counts
LIMIT = {False: 5 * GB, True: 50 * GB}  # of a private project or component, and of a public one
NEAR = 0.9  # of the limit
PENDING = "NOT_CALCULATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How full a project will be."""

    after: int  # bytes, old versions that OSF tells of included
    limit: int  # bytes
    status: str  # as OSF says it

    @property
    def warning(self) -> str:
        """Say that it will be nearly full; empty if it will not."""
        if self.after < NEAR * self.limit:
            return ""
        return f"{self.after:,} of {self.limit:,} bytes will be used, which is {self.after / self.limit:.0%}."


def check_room(osf: Osf, node: str, *, public: bool, plan: Plan, there: Listing) -> Room:
    """Count what a project will hold, and refuse what is more than OSF takes.

    A new version does not take the place of the old one: both are kept, and both count.

    Raises
    ------
    PublishError
        It would be too much, or the project is full already.
    """
    used, status = _usage(osf, node)
    listed = sum(file.size or 0 for file in there.files.values())
    coming = _bytes((*plan.create, *plan.update))
    room = Room(after=max(used, listed) + coming, limit=LIMIT[public], status=status)
    kind = "public" if public else "private"
    full = status == "OVER_PUBLIC" or (status == "OVER_PRIVATE" and not public)
    if coming and (full or room.after > room.limit):
        raise PublishError(
            f"With {coming:,} bytes more the project would hold {room.after:,}.",
            where=node,
            remedy=f"A {kind} project holds up to {room.limit:,} bytes; put a folder into a component.",
        )
    return room


def _usage(osf: Osf, node: str) -> tuple[int, str]:
    """Ask how much is used: the first answer is that it is not known yet, and later ones may be so too."""
    status, used = PENDING, 0
    for attempt in range(osf.limits.attempts):
        answer = osf.session.ask("GET", f"{osf.url(node)}storage/")
        attributes = answer.data.get("attributes", {}) if isinstance(answer.data, dict) else {}
        status, said = str(attributes.get("storage_limit_status") or PENDING), attributes.get("storage_usage")
        used = int(str(said)) if str(said).isdecimal() else 0
        if answer.status != 202 and status != PENDING:
            break
        if attempt < osf.limits.attempts - 1:
            osf.session.pause(attempt, answer)
    return used, status


def _bytes(files: Sequence[LocalFile]) -> int:
    return sum(file.size for file in files)
