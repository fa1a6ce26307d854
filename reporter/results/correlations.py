"""Two series or several axes: correlations, their pooling, dimensions and fingerprints."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Interval, Kind, Selection, position_in, quantity


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
class ListedPairs:
    """Two aligned series as they were measured, each in a unit of its own: the points of a figure."""

    first: tuple[float, ...] = quantity(Kind.VALUE)
    second: tuple[float, ...] = quantity(Kind.VALUE)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledCorrelation:
    """A correlation in the mean over ``k`` models that answered the same ``n`` questions."""

    z: float = quantity(Kind.VALUE)  # mean of atanh(rho)
    r: float = quantity(Kind.CORRELATION)  # tanh(z)
    interval: Interval | None  # of r
    p: float = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    models: Selection = position_in("first")  # those in which both series vary
    k: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveDimension:
    """How many directions the axes really have; ``corrected`` removes the bias of a small n."""

    plain: float = quantity(Kind.FACTOR)
    corrected: float = quantity(Kind.FACTOR)
    interval: Interval  # of ``corrected``
    axes: int = quantity(Kind.COUNT)
    constant: Selection = position_in("projections")  # axes that never vary
    clipped: int = quantity(Kind.COUNT)  # projections at or beyond the declared clip
    clipped_by_axis: tuple[int, ...] = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """How alike the fingerprints of two models are, and how alike two halves of one model are.

    ``within`` and ``between`` are means over the same random splits of the questions into halves.
    """

    cosine: float = quantity(Kind.CORRELATION)
    p: float = quantity(Kind.P)  # share of joint orders at least as alike
    p_floor: float = quantity(Kind.P)
    within_first: float = quantity(Kind.CORRELATION)
    within_second: float = quantity(Kind.CORRELATION)
    between: float = quantity(Kind.CORRELATION)
    distinct_share: float = quantity(Kind.SHARE)  # splits with both within above between
    decidable: bool  # distinct_share reaches the level
    level: float = quantity(Kind.LEVEL)
    axes: Selection = position_in("first_axes")  # live in both models
    bins: int = quantity(Kind.SETTING)
    splits: int = quantity(Kind.COUNT)
    permutations: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
