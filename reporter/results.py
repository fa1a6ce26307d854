"""The closed set of answers that a statistic can give.

Every record is frozen and slotted, and carries ``n``, ``unit`` and ``method``. A field that holds a number
says what kind of quantity it is (:class:`Kind`), so that :mod:`reporter.numbers` alone decides how it
is printed. A field of type :class:`Selection` points at members of the input arrays; names are given to
them later, by :mod:`reporter.findings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a printed number is, hence how it is rounded."""

    VALUE = "value"  # in the unit of the record
    CHANGE = "change"  # a signed difference in the unit of the record
    STATISTIC = "statistic"  # t, F, chi-square, V: no unit
    DF = "df"
    COUNT = "count"
    P = "p"  # p value
    PROBABILITY = "probability"
    SHARE = "share"  # share of something, 0..1
    CORRELATION = "correlation"
    EFFECT = "effect"  # standardised effect size, no unit
    FACTOR = "factor"  # ratio, number of something that is not a count
    LEVEL = "level"  # level of an interval, 0..1
    SETTING = "setting"  # a declared number (a token limit, a bound) that is printed as declared


def quantity(kind: Kind) -> Any:
    """Declare a record's field that holds a number, or a tuple of numbers."""
    return field(metadata={"kind": kind})


def kind_of(record: Any, name: str) -> Kind | None:
    """Look up the kind of a record's field; None where the field is no number."""
    for entry in fields(record):
        if entry.name == name:
            return entry.metadata.get("kind")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Members of the input, by position; ``n`` is how many there were to select from."""

    indices: tuple[int, ...]
    n: int

    def __len__(self) -> int:
        return len(self.indices)

    def __iter__(self) -> Iterator[int]:
        return iter(self.indices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence, credible or prediction interval; ``method`` says which, and how it was made."""

    low: float = quantity(Kind.VALUE)
    high: float = quantity(Kind.VALUE)
    level: float = quantity(Kind.LEVEL)
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A published cell: n values known only by mean, sd, minimum and maximum.

    ``half_width`` is half a unit of the last printed digit (0.005 for two decimals). Which ddof the sd
    has is not part of the cell: the study declares it. An input of statistics, not an answer.
    """

    mean: float
    sd: float
    minimum: float
    maximum: float
    n: int
    half_width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One quantity, with its interval where there is one."""

    value: float = quantity(Kind.VALUE)
    interval: Interval | None
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A mean difference and its t test. ``n`` counts pairs, or both groups together."""

    estimate: float = quantity(Kind.CHANGE)
    interval: Interval
    se: float = quantity(Kind.VALUE)
    t: float = quantity(Kind.STATISTIC)
    df: float = quantity(Kind.DF)
    p: float = quantity(Kind.P)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A test without an estimate: Wilcoxon, sign, permutation. ``p_floor`` is the least p it can give."""

    __test__ = False  # not a pytest class

    statistic: float = quantity(Kind.STATISTIC)
    p: float = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    n: int = quantity(Kind.COUNT)
    n_used: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """Two one-sided tests against a declared bound, and the smallest bound at which they would succeed."""

    estimate: float = quantity(Kind.CHANGE)
    bound: float = quantity(Kind.SETTING)
    p: float = quantity(Kind.P)
    smallest_bound: float = quantity(Kind.VALUE)
    interval: Interval
    df: float = quantity(Kind.DF)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """A rank or product-moment correlation."""

    r: float = quantity(Kind.CORRELATION)
    interval: Interval | None
    p: float = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Which members rose, fell, or stayed within a declared threshold, and the extremes among them."""

    threshold: float = quantity(Kind.SETTING)
    above_zero: Selection
    rose: Selection
    fell: Selection
    steady: Selection
    largest_rise: float = quantity(Kind.CHANGE)
    most_rising: Selection
    smallest_change: float = quantity(Kind.VALUE)
    steadiest: Selection
    largest_change: float = quantity(Kind.VALUE)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The extremes of several values, all ties named, and how they spread."""

    minimum: float = quantity(Kind.VALUE)
    maximum: float = quantity(Kind.VALUE)
    width: float = quantity(Kind.VALUE)
    mean: float = quantity(Kind.VALUE)
    sd: float = quantity(Kind.VALUE)
    lowest: Selection
    highest: Selection
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneProbability:
    """The zone of a cell's mean and how sure it is; zones are numbered from the lowest.

    ``probabilities`` has one entry per zone and sums to 1. ``below`` is the probability of lying
    under the first cut.
    """

    value: float = quantity(Kind.VALUE)
    zone: int
    below: float = quantity(Kind.PROBABILITY)
    probabilities: tuple[float, ...] = quantity(Kind.PROBABILITY)
    distance: float = quantity(Kind.CHANGE)  # value minus the nearest cut
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
class Feasibility:
    """Can n values have this mean, sd, minimum and maximum, given the rounding?"""

    feasible_population: bool  # ddof 0
    feasible_sample: bool  # ddof 1
    sd_low: float = quantity(Kind.VALUE)  # population sd, least over the rounding box
    sd_high: float = quantity(Kind.VALUE)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """Do the values stand in the claimed order? ``p`` is exact; it cannot be less than ``p_floor``."""

    holds: bool
    statistic: float = quantity(Kind.STATISTIC)
    p: float = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


class Confidence(StrEnum):
    """How far a predicted zone can be trusted; the words stand in templates/parts."""

    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One member's predicted value outside the observed range."""

    centre: float = quantity(Kind.VALUE)
    interval: Interval
    envelope: Interval  # widest over the share of true slope heterogeneity
    own_slope: float = quantity(Kind.VALUE)
    linear: float = quantity(Kind.VALUE)
    plateau: float = quantity(Kind.VALUE)
    zone: int
    confidence: Confidence
    marginal: bool  # the confidence word would change within the rounding of the input


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """Predictions of all members from one common model; ``members`` follows the input's order."""

    members: tuple[Prediction, ...]
    at: float = quantity(Kind.SETTING)
    mean_change: float = quantity(Kind.CHANGE)
    sigma: float = quantity(Kind.VALUE)
    half_width: float = quantity(Kind.VALUE)
    envelope_half_width: float = quantity(Kind.VALUE)
    heterogeneity: float = quantity(Kind.SHARE)  # lambda used for centre and interval
    worst_heterogeneity: float = quantity(Kind.SHARE)  # lambda of the widest half width
    df: int = quantity(Kind.DF)
    extrapolated: bool
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
