"""Zones that a declared axis is cut into, and moves between them."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Kind, Selection, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneProbability:
    """The zone of a cell's mean and how sure it is; zones are numbered from the lowest.

    ``probabilities`` has one entry per zone and sums to 1. ``below`` is the probability of lying
    under the first cut.
    """

    value: float = quantity(Kind.DATUM)
    zone: int
    below: float = quantity(Kind.PROBABILITY)
    probabilities: tuple[float, ...] = quantity(Kind.PROBABILITY)
    distance: float = quantity(Kind.DATUM_CHANGE)  # value minus the nearest cut
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Did a cell change its zone? Bounds on the probability, without assuming independence."""

    first_zone: int
    second_zone: int
    crossed: bool  # by the point values
    established: bool  # the lower bound reaches the declared level
    low: float = quantity(Kind.PROBABILITY)
    high: float = quantity(Kind.PROBABILITY)
    level: float = quantity(Kind.LEVEL)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMoves:
    """Which members changed their zone by their point values, and which kept it."""

    crossed: Selection
    kept: Selection
    below_first: Selection  # under the lowest cut in the first condition
    below_second: Selection
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
