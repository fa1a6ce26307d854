"""Trends over a declared scale, what they predict, and how predictions fared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reporter.results.kinds import Interval, Kind, Selection, quantity


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeHeterogeneity:
    """How much of the variance of the members' changes is true difference of slope."""

    share: float = quantity(Kind.SHARE)
    f: float = quantity(Kind.STATISTIC)
    df_model: int = quantity(Kind.DF)
    df_residual: int = quantity(Kind.DF)
    p: float = quantity(Kind.P)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A straight line on a declared scale, and what it predicts at a point."""

    slope: float = quantity(Kind.CHANGE)  # per unit of x, or per doubling of it
    interval: Interval  # of the slope
    se: float = quantity(Kind.VALUE)
    t: float = quantity(Kind.STATISTIC)
    df: int = quantity(Kind.DF)
    p: float = quantity(Kind.P)
    intercept: float = quantity(Kind.VALUE)  # at x = 0, or at x = 1 on the log2 scale
    sigma: float = quantity(Kind.VALUE)
    r_squared: float = quantity(Kind.SHARE)
    at: float = quantity(Kind.SETTING)
    predicted: float = quantity(Kind.VALUE)
    prediction: Interval  # for one new value at that point
    extrapolated: bool
    scale: str
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaturatingTrend:
    """An approach to a plateau, top - drop exp(-x / pace), and what it predicts at a point."""

    top: float = quantity(Kind.VALUE)
    top_se: float = quantity(Kind.VALUE)
    drop: float = quantity(Kind.CHANGE)
    drop_se: float = quantity(Kind.VALUE)
    pace: float = quantity(Kind.FACTOR)  # in units of x: after it 63 % of the way is done
    pace_se: float = quantity(Kind.FACTOR)
    df: int = quantity(Kind.DF)
    sigma: float = quantity(Kind.VALUE)
    at: float = quantity(Kind.SETTING)
    predicted: float = quantity(Kind.VALUE)
    prediction: Interval
    extrapolated: bool
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendShape:
    """How well one shape of trend describes the data, and predicts a limit that it did not see."""

    shape: str
    aicc: float = quantity(Kind.STATISTIC)
    weight: float = quantity(Kind.SHARE)  # Akaike weight among the shapes compared
    left_out_error: float = quantity(Kind.VALUE)  # root mean square
    n: int = quantity(Kind.COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendComparison:
    """Shapes of trend side by side; ``refused`` names those that the data do not identify, and why."""

    shapes: tuple[TrendShape, ...]
    best_by_aicc: str
    best_by_left_out_error: str
    refused: tuple[str, ...]
    limits: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedTrend:
    """The mean slope over models whose slopes differ; variance components are a description only."""

    slope: float = quantity(Kind.CHANGE)
    interval: Interval
    se: float = quantity(Kind.VALUE)
    t: float = quantity(Kind.STATISTIC)
    df: int = quantity(Kind.DF)  # models - 1: the stratum that the slope varies in
    p: float = quantity(Kind.P)
    intercept: float = quantity(Kind.VALUE)
    sd_intercept: float = quantity(Kind.VALUE)
    sd_slope: float = quantity(Kind.VALUE)
    correlation: float | None = quantity(Kind.CORRELATION)  # None where one sd is 0
    sigma: float = quantity(Kind.VALUE)
    on_boundary: bool  # a variance is 0 or the correlation is 1 in size
    scale: str
    models: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeScore:
    """How predictions from one common slope fared: their interval, their envelope, and their mean error."""

    hits: Selection
    hits_probability: float = quantity(Kind.PROBABILITY)  # of so few or fewer, if the level were kept
    envelope_hits: Selection
    level: float = quantity(Kind.LEVEL)
    mean_error: float = quantity(Kind.CHANGE)  # measured minus predicted
    interval: Interval | None  # of the mean error
    crps: float = quantity(Kind.VALUE)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionScore:
    """Predictions against the measurements that came later."""

    hits: Selection  # measurements inside their interval
    hit_share: float = quantity(Kind.SHARE)
    level: float = quantity(Kind.LEVEL)
    crps: float = quantity(Kind.VALUE)  # mean continuous ranked probability score; 0 is perfect
    each_crps: tuple[float, ...] = quantity(Kind.VALUE)
    mean_error: float = quantity(Kind.CHANGE)  # measured minus predicted
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
