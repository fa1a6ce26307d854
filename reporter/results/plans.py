"""What became of a frozen plan: how many rows it came after, and how far the report follows it."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Kind, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPlan:
    """One version of a plan, and in how many fields the next one, or the report, differs from it."""

    version: int = quantity(Kind.COUNT)
    rows: int = quantity(Kind.COUNT)  # that existed when it was frozen
    rows_by_file: tuple[int, ...] = quantity(Kind.COUNT)
    deviations: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)  # analyses
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFollowed:
    """How many of a report's analyses were planned, by the last version of the plan."""

    planned: int = quantity(Kind.COUNT)  # and are as they were planned
    changed: int = quantity(Kind.COUNT)
    exploratory: int = quantity(Kind.COUNT)
    absent: int = quantity(Kind.COUNT)  # planned, and not asked
    versions: int = quantity(Kind.COUNT)
    deviations: int = quantity(Kind.COUNT)  # from the last version
    rows: int = quantity(Kind.COUNT)  # that existed when the first version was frozen
    n: int = quantity(Kind.COUNT)  # analyses of the report
    unit: str
    method: str
