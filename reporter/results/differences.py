"""Two conditions or two groups: differences, tests, equivalence, effect sizes."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Interval, Kind, Selection, quantity


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

    statistic: float = quantity(Kind.TALLY)
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
class Changes:
    """Which members rose, fell, or stayed within a declared threshold, and the extremes among them."""

    threshold: float = quantity(Kind.SETTING)
    above_zero: Selection
    rose: Selection
    fell: Selection
    steady: Selection
    largest_rise: float = quantity(Kind.DATUM_CHANGE)
    most_rising: Selection
    smallest_change: float = quantity(Kind.DATUM)
    steadiest: Selection
    largest_change: float = quantity(Kind.DATUM)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """Do the values stand in the claimed order? ``p`` is exact; it cannot be less than ``p_floor``."""

    holds: bool
    statistic: float = quantity(Kind.TALLY)
    p: float = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSize:
    """A difference in standard deviations; ``unit`` says of what."""

    value: float = quantity(Kind.EFFECT)
    interval: Interval
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesFactor:
    """How many times likelier the data are under an effect than under none, given the prior."""

    value: float = quantity(Kind.FACTOR)
    t: float = quantity(Kind.STATISTIC)
    prior_scale: float = quantity(Kind.SETTING)
    prior: str
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
