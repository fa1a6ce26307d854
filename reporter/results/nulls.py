"""What an entropy would be without an effect: by length alone, and as reference levels."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Interval, Kind, quantity


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
class ChangeBeyondLength:
    """A mean change beside what length alone would have made of it."""

    observed: float = quantity(Kind.CHANGE)
    expected: float = quantity(Kind.CHANGE)  # if only the length had changed
    excess: float = quantity(Kind.CHANGE)  # observed - expected
    interval: Interval  # of a mean change by length alone, with the noise of generating anew
    within: bool  # whether the observed change lies in it
    draws: int = quantity(Kind.SETTING)
    n: int = quantity(Kind.COUNT)  # pairs of replies
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
