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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Kind(StrEnum):
    """What a printed number is, hence how it is rounded."""

    DATUM = "datum"  # a value as it stands in the data, or a difference of two, in the unit of the record
    DATUM_CHANGE = "datum_change"  # the same, signed
    VALUE = "value"  # in the unit of the record
    CHANGE = "change"  # a signed difference in the unit of the record
    STATISTIC = "statistic"  # t, F, chi-square, V: no unit
    TALLY = "tally"  # a sum of ranks, a number of signs: whole, or nearly so
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
    largest_rise: float = quantity(Kind.DATUM_CHANGE)
    most_rising: Selection
    smallest_change: float = quantity(Kind.DATUM)
    steadiest: Selection
    largest_change: float = quantity(Kind.DATUM)
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
    statistic: float = quantity(Kind.TALLY)
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
class Entropy:
    """The entropy of one text's symbol frequencies."""

    value: float = quantity(Kind.VALUE)
    n: int = quantity(Kind.COUNT)  # symbols, repetitions included
    k: int = quantity(Kind.COUNT)  # distinct symbols
    coverage: float = quantity(Kind.SHARE)  # Good's estimate 1 - singletons/n
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entropies:
    """The same for many texts, one array entry each; ``n`` counts texts."""

    values: NDArray[np.float64] = quantity(Kind.VALUE)
    symbols: NDArray[np.int64] = quantity(Kind.COUNT)
    k: NDArray[np.int64] = quantity(Kind.COUNT)
    coverage: NDArray[np.float64] = quantity(Kind.SHARE)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedEntropy:
    """What the k likeliest tokens tell about a distribution's entropy, and what they leave open."""

    partial: float = quantity(Kind.VALUE)  # -sum p log p over the tokens that are listed
    renormalised: float = quantity(Kind.VALUE)  # of the listed tokens alone, as if there were no others
    lower: float = quantity(Kind.VALUE)
    upper: float | None = quantity(Kind.VALUE)  # None where the vocabulary's size was not stated
    mass: float = quantity(Kind.SHARE)
    missing: float = quantity(Kind.SHARE)
    k: int = quantity(Kind.COUNT)
    vocabulary: int | None = quantity(Kind.SETTING)
    logprob_mode: str
    n: int = quantity(Kind.COUNT)  # steps: 1
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TruncatedEntropies:
    """The same for many steps, one array entry each; ``n`` counts steps."""

    partial: NDArray[np.float64] = quantity(Kind.VALUE)
    renormalised: NDArray[np.float64] = quantity(Kind.VALUE)
    lower: NDArray[np.float64] = quantity(Kind.VALUE)
    upper: NDArray[np.float64] | None = quantity(Kind.VALUE)
    mass: NDArray[np.float64] = quantity(Kind.SHARE)
    missing: NDArray[np.float64] = quantity(Kind.SHARE)
    k: int = quantity(Kind.COUNT)
    vocabulary: int | None = quantity(Kind.SETTING)
    logprob_mode: str
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramEntropy:
    """The entropy of a histogram; it compares only with others of the same rule and the same n."""

    value: float = quantity(Kind.VALUE)
    bins: int = quantity(Kind.COUNT)
    bins_asked: int = quantity(Kind.COUNT)  # by the rule, before the limits
    occupied: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HistogramEntropies:
    """The same for many series of n values, in arrays of the shape of the input without its last axis."""

    values: NDArray[np.float64] = quantity(Kind.VALUE)
    bins: NDArray[np.int64] = quantity(Kind.COUNT)
    bins_asked: NDArray[np.int64] = quantity(Kind.COUNT)
    occupied: NDArray[np.int64] = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpacingEntropy:
    """Differential entropy from the spacings of sorted values, and how heavy their tails are."""

    vasicek: float = quantity(Kind.VALUE)
    van_es: float = quantity(Kind.VALUE)
    excess_kurtosis: float = quantity(Kind.STATISTIC)
    window: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpacingEntropies:
    """The same for many series of n values, in arrays of the shape of the input without its last axis."""

    vasicek: NDArray[np.float64] = quantity(Kind.VALUE)
    van_es: NDArray[np.float64] = quantity(Kind.VALUE)
    excess_kurtosis: NDArray[np.float64] = quantity(Kind.STATISTIC)
    window: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectralEntropy:
    """How evenly the variance of n states spreads over directions."""

    value: float = quantity(Kind.VALUE)
    effective_rank: float = quantity(Kind.FACTOR)  # exp(value in nats)
    rank: int = quantity(Kind.COUNT)
    largest_share: float = quantity(Kind.SHARE)  # of the variance, along the first direction
    dimension: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EntropyRate:
    """Entropy per token: the mean over positions of the mean over answers that reach the position."""

    value: float = quantity(Kind.VALUE)
    over_tokens: float = quantity(Kind.VALUE)  # all tokens equally: long answers count more
    by_position: NDArray[np.float64] = quantity(Kind.VALUE)
    answers: NDArray[np.int64] = quantity(Kind.COUNT)  # that reach each position
    n: int = quantity(Kind.COUNT)  # answers
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEntropies:
    """Plug-in entropies of blocks of 1, 2, ... symbols, and their increments."""

    blocks: tuple[float, ...] = quantity(Kind.VALUE)
    conditional: tuple[float, ...] = quantity(Kind.VALUE)  # of a symbol given the length - 1 before it
    k: tuple[int, ...] = quantity(Kind.COUNT)  # distinct blocks
    coverage: tuple[float, ...] = quantity(Kind.SHARE)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionBound:
    """An upper bound on the entropy per character: what a compressor really needed."""

    value: float = quantity(Kind.VALUE)
    compressed: int = quantity(Kind.COUNT)  # bytes
    n: int = quantity(Kind.COUNT)  # characters
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthNull:
    """The change that length alone would make, and how a mean of changes scatters around it."""

    expected: float = quantity(Kind.CHANGE)  # all texts of all sources alike
    by_pair: tuple[float, ...] = quantity(Kind.CHANGE)
    sources: tuple[str, ...]
    by_source: tuple[float, ...] = quantity(Kind.CHANGE)  # from that source's texts only
    over_sources: float = quantity(Kind.CHANGE)  # the mean of by_source
    sd: float = quantity(Kind.VALUE)  # of the mean change, different texts for the two lengths
    interval: Interval
    texts: tuple[int, ...] = quantity(Kind.COUNT)  # long enough, per pair
    draws: int = quantity(Kind.SETTING)
    n: int = quantity(Kind.COUNT)  # pairs of lengths
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelNull:
    """How far values lie from those of other texts that were cut to the same length."""

    excess: float = quantity(Kind.CHANGE)  # mean of observed - expected
    by_value: tuple[float, ...] = quantity(Kind.CHANGE)
    expected: tuple[float, ...] = quantity(Kind.VALUE)
    sources: tuple[str, ...]
    by_source: tuple[float, ...] = quantity(Kind.CHANGE)  # excess over that source's texts only
    texts: tuple[int, ...] = quantity(Kind.COUNT)  # long enough, per value
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceLevels:
    """Character entropies to hold a value against, all at one length."""

    english: float = quantity(Kind.VALUE)  # mean over the passages
    english_low: float = quantity(Kind.VALUE)
    english_high: float = quantity(Kind.VALUE)
    shuffled: float = quantity(Kind.VALUE)  # the same characters in random order, expected
    uniform: float = quantity(Kind.VALUE)  # equally likely characters of the same alphabet, expected
    alphabet: int = quantity(Kind.COUNT)
    length: int = quantity(Kind.SETTING)
    passages: tuple[str, ...]
    n: int = quantity(Kind.COUNT)  # passages
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxStatistic:
    """A family of statistics against the permutation distribution of its largest; ``n`` counts orders."""

    p: tuple[float, ...] = quantity(Kind.P)  # each member alone
    p_single_step: tuple[float, ...] = quantity(Kind.P)
    p_step_down: tuple[float, ...] = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    threshold: float = quantity(Kind.VALUE)  # what exceeds it has a single-step p of at most 1 - level
    level: float = quantity(Kind.LEVEL)
    family_size: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisPeak:
    """The layer at which one axis correlates most; ``layers`` names all ties."""

    axis: int
    layers: Selection
    r: float = quantity(Kind.CORRELATION)
    p: float = quantity(Kind.P)  # over the layers of this axis
    p_step_down: float = quantity(Kind.P)  # over axes as well
    support: float = quantity(Kind.SHARE)  # share of resamples that peak at the same layer
    not_worse: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakScan:
    """The largest of all correlations of axes with layers, judged by the permutation of that largest."""

    r: float = quantity(Kind.CORRELATION)
    axis: int
    layer: int
    p: float = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    threshold: float = quantity(Kind.CORRELATION)
    peaks: tuple[AxisPeak, ...]  # one per live axis
    live_axes: Selection
    live_layers: Selection
    cells: int = quantity(Kind.COUNT)  # size of the family: live axes x live layers
    cells_singly: int = quantity(Kind.COUNT)  # cells below 1 - level by their own p
    cells_surviving: int = quantity(Kind.COUNT)  # cells above the threshold
    level: float = quantity(Kind.LEVEL)
    permutations: int = quantity(Kind.COUNT)
    resamples: int = quantity(Kind.COUNT)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A standard deviation between the members of one source, and how many members told of it."""

    sd: float = quantity(Kind.VALUE)
    interval: Interval  # ``high`` is infinite where the data set no upper limit
    share: float = quantity(Kind.SHARE)  # of the total variance
    members: int = quantity(Kind.COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceComponents:
    """What models, prompts and the rest contribute to the spread; a description, not a test."""

    mean: float = quantity(Kind.VALUE)
    model: Component
    prompt: Component
    residual: Component
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuasiF:
    """A mean over models and prompts, tested against both as random; ``stratum`` names the error."""

    estimate: float = quantity(Kind.CHANGE)
    interval: Interval
    se: float = quantity(Kind.VALUE)
    f: float = quantity(Kind.STATISTIC)
    df: float = quantity(Kind.DF)  # of the denominator; the numerator has 1
    p: float = quantity(Kind.P)
    models_mean_square: float = quantity(Kind.STATISTIC)
    prompts_mean_square: float = quantity(Kind.STATISTIC)
    residual_mean_square: float = quantity(Kind.STATISTIC)
    stratum: str
    models: int = quantity(Kind.COUNT)
    prompts: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What a design can detect: the smallest effect at this n, and the n that an effect would need."""

    detectable: float = quantity(Kind.VALUE)  # smallest effect found with ``power``
    power: float = quantity(Kind.PROBABILITY)  # declared
    effect: float = quantity(Kind.SETTING)  # the effect that one would not want to miss
    power_at_effect: float = quantity(Kind.PROBABILITY)
    n_needed: int = quantity(Kind.COUNT)  # for ``effect``; per group where there are two
    p_floor: float = quantity(Kind.P)  # the least p that an exact permutation test can give at this n
    level: float = quantity(Kind.LEVEL)  # 1 - alpha
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
    constant: Selection  # axes that never vary
    clipped: int = quantity(Kind.COUNT)  # projections at or beyond the declared clip
    clipped_by_axis: tuple[int, ...] = quantity(Kind.COUNT)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleCells:
    """How many published cells are possible if their sd has ddof 0, and if it has ddof 1."""

    population: Selection
    sample: Selection
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
    models: Selection  # those in which both series vary
    k: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledScan:
    """Pooled correlations of several axes, adjusted by the permutation of their largest."""

    members: tuple[PooledCorrelation, ...]  # one per axis of ``axes``
    axes: Selection
    p_single_step: tuple[float, ...] = quantity(Kind.P)
    p_step_down: tuple[float, ...] = quantity(Kind.P)
    threshold: float = quantity(Kind.VALUE)  # of |z|
    level: float = quantity(Kind.LEVEL)
    family_size: int = quantity(Kind.COUNT)
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
    axes: Selection  # live in both models
    bins: int = quantity(Kind.SETTING)
    splits: int = quantity(Kind.COUNT)
    permutations: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
