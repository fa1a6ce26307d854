"""Entropies of symbols, distributions, activations and sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reporter.results.kinds import Kind, quantity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
