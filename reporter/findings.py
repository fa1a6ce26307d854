"""An answer and the way back from it: Finding, Trace, NotComputable, Findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any

from reporter.names import did_you_mean


class Verdict(StrEnum):
    """What a comparison allows us to say; the sentences stand in templates/parts."""

    DIFFERENT = "different"
    DIFFERENT_WITHIN_BOUND = "different_within_bound"
    EQUIVALENT = "equivalent"
    NOT_SEPARABLE = "not_separable"
    NOT_DECIDABLE = "not_decidable"


@dataclass(frozen=True, slots=True)
class NotComputable:
    """Why there is no answer: a reason code, and the same in words."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Used:
    """The rows that played a role: their addresses, and the SHA-256 over their digests."""

    digest: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Trace:
    """Where an answer comes from: the statistic, its options and seed, and the rows it read.

    ``digest`` is the SHA-256 over the rows' addresses and values in the order in which they were used;
    ``roles`` has the same of the rows that played each role.
    """

    statistic: str
    options: Mapping[str, Any]
    digest: str
    seed: int | None
    roles: Mapping[str, Used] = field(default_factory=dict)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of all rows, in the order in which they were used."""
        return tuple(dict.fromkeys(chain.from_iterable(used.addresses for used in self.roles.values())))


@dataclass(frozen=True, slots=True)
class Finding:
    """One question's answer for one member (``label``), or for all of them together (``label`` empty).

    ``units`` names the entries of the input arrays, and ``names`` the columns of each role that has some,
    so that a ``Selection`` can be read. ``dropped`` are units that some role lacks, which no role has kept.
    """

    key: str
    label: str
    question: str
    record: Any
    units: tuple[str, ...]
    trace: Trace
    population: str = ""
    family: str = ""
    equivalence: str = ""
    decimals: int = 3
    data_decimals: int = 2
    adjusted_p: float | None = None
    family_size: int | None = None
    verdict: Verdict | None = None
    names: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    is_member: bool = False  # an answer within the answer to another

    @property
    def address(self) -> str:
        """``key/label``, or ``key`` alone."""
        return f"{self.key}/{self.label}" if self.label else self.key

    @property
    def computable(self) -> bool:
        """Whether there is an answer."""
        return not isinstance(self.record, NotComputable)

    def with_(self, **changes: Any) -> Finding:
        """Copy, with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of a study, in the order in which the study asks."""

    members: tuple[Finding, ...]
    by_address: Mapping[str, Finding] = field(init=False, repr=False, compare=False)
    by_key: Mapping[str, Mapping[str, Finding]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_address", {finding.address: finding for finding in self.members})
        by_key: dict[str, dict[str, Finding]] = {}
        for finding in self.members:
            by_key.setdefault(finding.key, {})[finding.label] = finding
        object.__setattr__(self, "by_key", by_key)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def get(self, address: str) -> Finding:
        """Find by address; KeyError names the nearest match."""
        if address not in self.by_address:
            raise KeyError(f'There is no finding "{address}". {did_you_mean(address, self.addresses)}')
        return self.by_address[address]

    def of(self, key: str) -> tuple[Finding, ...]:
        """List the findings of one analysis."""
        return tuple(self.by_key.get(key, {}).values())

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every finding's address."""
        return tuple(self.by_address)
