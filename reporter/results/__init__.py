"""The closed set of answers that a statistic can give.

Every record is frozen and slotted, and carries ``n``, ``unit`` and ``method``. A field that holds a number
says what kind of quantity it is (:class:`Kind`), so that :mod:`reporter.numbers` alone decides how it
is printed. A field of type :class:`Selection` points at members of the input arrays; names are given to
them later, by :mod:`reporter.findings`. One module per theme; everybody imports from here.
"""

from reporter.results.components import Component, QuasiF, VarianceComponents
from reporter.results.correlations import Correlation, EffectiveDimension, PooledCorrelation, Similarity
from reporter.results.differences import (
    BayesFactor,
    Changes,
    Difference,
    EffectSize,
    Equivalence,
    Ordering,
    Test,
)
from reporter.results.entropies import (
    BlockEntropies,
    CompressionBound,
    Entropies,
    Entropy,
    EntropyRate,
    HistogramEntropies,
    HistogramEntropy,
    SpacingEntropies,
    SpacingEntropy,
    SpectralEntropy,
    TruncatedEntropies,
    TruncatedEntropy,
)
from reporter.results.estimates import (
    Bootstrap,
    Described,
    DescribedValues,
    Estimate,
    Feasibility,
    FeasibleCells,
    RandomEffects,
    Range,
    Share,
)
from reporter.results.kinds import Interval, Kind, Selection, Summary, kind_of, quantity
from reporter.results.nulls import ChangeBeyondLength, LengthNull, LevelNull, ReferenceLevels
from reporter.results.peaks import AxisPeak, MaxStatistic, PeakScan, PooledScan
from reporter.results.power import Power, SimulatedPower
from reporter.results.trends import (
    Confidence,
    MixedTrend,
    Prediction,
    Predictions,
    PredictionScore,
    SaturatingTrend,
    SlopeHeterogeneity,
    SlopeScore,
    Trend,
    TrendComparison,
    TrendShape,
)
from reporter.results.zones import Crossing, ZoneMoves, ZoneProbability

__all__ = [
    "AxisPeak",
    "BayesFactor",
    "BlockEntropies",
    "Bootstrap",
    "ChangeBeyondLength",
    "Changes",
    "Component",
    "CompressionBound",
    "Confidence",
    "Correlation",
    "Crossing",
    "Described",
    "DescribedValues",
    "Difference",
    "EffectSize",
    "EffectiveDimension",
    "Entropies",
    "Entropy",
    "EntropyRate",
    "Equivalence",
    "Estimate",
    "Feasibility",
    "FeasibleCells",
    "HistogramEntropies",
    "HistogramEntropy",
    "Interval",
    "Kind",
    "LengthNull",
    "LevelNull",
    "MaxStatistic",
    "MixedTrend",
    "Ordering",
    "PeakScan",
    "PooledCorrelation",
    "PooledScan",
    "Power",
    "Prediction",
    "PredictionScore",
    "Predictions",
    "QuasiF",
    "RandomEffects",
    "Range",
    "ReferenceLevels",
    "SaturatingTrend",
    "Selection",
    "Share",
    "Similarity",
    "SimulatedPower",
    "SlopeHeterogeneity",
    "SlopeScore",
    "SpacingEntropies",
    "SpacingEntropy",
    "SpectralEntropy",
    "Summary",
    "Test",
    "Trend",
    "TrendComparison",
    "TrendShape",
    "TruncatedEntropies",
    "TruncatedEntropy",
    "VarianceComponents",
    "ZoneMoves",
    "ZoneProbability",
    "kind_of",
    "quantity",
]
