"""One series: its mean, its range, its bootstrap, and whether its published summary is possible."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Interval, Kind, Selection, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One quantity, with its interval where there is one."""

    value: float = quantity(Kind.VALUE)
    interval: Interval | None
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The extremes of several values, all ties named, and how they spread."""

    minimum: float = quantity(Kind.DATUM)
    maximum: float = quantity(Kind.DATUM)
    width: float = quantity(Kind.DATUM)
    mean: float = quantity(Kind.VALUE)
    sd: float = quantity(Kind.VALUE)
    lowest: Selection
    highest: Selection
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A cell as it stands, and its range."""

    mean: float = quantity(Kind.DATUM)
    sd: float = quantity(Kind.DATUM)
    minimum: float = quantity(Kind.DATUM)
    maximum: float = quantity(Kind.DATUM)
    width: float = quantity(Kind.DATUM)  # maximum - minimum
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedValues:
    """Single values: their mean with its interval, and how far they spread."""

    mean: float = quantity(Kind.VALUE)
    interval: Interval | None  # of the mean
    lower_quartile: float = quantity(Kind.VALUE)  # of type 7, as R's quantile and numpy's
    median: float = quantity(Kind.VALUE)
    upper_quartile: float = quantity(Kind.VALUE)
    sd: float = quantity(Kind.VALUE)  # sample form
    minimum: float = quantity(Kind.VALUE)
    maximum: float = quantity(Kind.VALUE)
    width: float = quantity(Kind.VALUE)  # maximum - minimum
    total: float = quantity(Kind.VALUE)  # sum of the values
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of n have a property, and the share that they are."""

    count: int = quantity(Kind.COUNT)
    share: float = quantity(Kind.SHARE)
    low: float = quantity(Kind.SHARE)
    high: float = quantity(Kind.SHARE)
    level: float = quantity(Kind.LEVEL)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """A statistic and its bootstrap interval; ``units`` counts what was drawn, ``n`` the rows."""

    value: float = quantity(Kind.VALUE)
    interval: Interval
    bias: float = quantity(Kind.CHANGE)
    se: float = quantity(Kind.VALUE)
    resamples: int = quantity(Kind.COUNT)  # distinct ones where they are enumerated
    enumerated: bool
    units: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomEffects:
    """A meta-analysis of k effects whose errors are taken to be independent: a description, never a test."""

    estimate: float = quantity(Kind.VALUE)
    interval: Interval | None
    se: float = quantity(Kind.VALUE)
    tau2: float = quantity(Kind.VALUE)
    i2: float = quantity(Kind.SHARE)
    q: float = quantity(Kind.STATISTIC)
    df: int = quantity(Kind.DF)
    n: int = quantity(Kind.COUNT)  # effects
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
class FeasibleCells:
    """How many published cells are possible if their sd has ddof 0, and if it has ddof 1."""

    population: Selection
    sample: Selection
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
