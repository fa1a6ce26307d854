"""How a quantity runs over layers, positions, axes and models."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Interval, Kind, Selection, one_for_each, position_in, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerProfile:
    """The mean over ``n`` answers at every layer; ``lowest``, ``highest`` and ``dips`` name all ties."""

    at: tuple[int, ...] = position_in("layers")  # which layers the means are of: all of them, in order
    mean: tuple[float, ...] = quantity(Kind.VALUE)
    low: tuple[float | None, ...] = quantity(Kind.VALUE)  # None where all answers agree: no interval
    high: tuple[float | None, ...] = quantity(Kind.VALUE)
    depth: tuple[float, ...] = quantity(Kind.SHARE)  # 0 at the first layer, 1 at the last
    least: float = quantity(Kind.VALUE)  # of the means
    most: float = quantity(Kind.VALUE)
    lowest: Selection = position_in("layers")
    highest: Selection = position_in("layers")
    depth_lowest: float = quantity(Kind.SHARE)  # of the first of the lowest layers
    depth_highest: float = quantity(Kind.SHARE)
    dips: Selection = position_in("layers")
    dip: float = quantity(Kind.SETTING)  # how many typical steps deep a dip is at least
    layers: int = quantity(Kind.COUNT)
    level: float = quantity(Kind.LEVEL)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadZones:
    """The axes on which ``n`` answers hardly move: by the declared rule, and by others beside it."""

    dead: Selection = position_in("projections")  # mean near 0 and small standard deviation
    dead_by_sd: Selection = position_in("projections")  # small standard deviation, wherever the mean is
    dead_by_iqr: Selection = position_in("projections")  # small interquartile range
    constant: Selection = position_in("projections")
    mean_below: float = quantity(Kind.SETTING)
    sd_below: float = quantity(Kind.SETTING)
    iqr_below: float = quantity(Kind.SETTING)
    axes: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisSigns:
    """In which models one axis rises with the first series, in which it falls; four selections of models."""

    positive: Selection = position_in("first")
    negative: Selection = position_in("first")
    zero: Selection = position_in("first")  # the correlation exists, and is 0
    undefined: Selection = position_in("first")  # a series is constant: there is no correlation
    k: int = quantity(Kind.COUNT)  # models with a correlation
    same_sign: bool | None  # None where fewer than two models have a correlation
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPattern:
    """The signs of the correlations of every axis over models that answered the same ``n`` questions."""

    members: tuple[AxisSigns, ...] = one_for_each("axes")
    axes: Selection = position_in("second")  # all of them, constant ones too
    consistent: Selection = position_in("second")  # those with ``same_sign``
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionProfile:
    """Next-token entropy in bins of position, each with its mean over the answers that reach it."""

    start: tuple[int, ...] = quantity(Kind.SETTING)  # first position of the bin, counted from 0
    stop: tuple[int, ...] = quantity(Kind.SETTING)  # last position of the bin
    mean: tuple[float, ...] = quantity(Kind.VALUE)
    low: tuple[float | None, ...] = quantity(Kind.VALUE)  # None where there is no interval
    high: tuple[float | None, ...] = quantity(Kind.VALUE)
    answers: tuple[int, ...] = quantity(Kind.COUNT)  # that reach the bin
    change: float | None = quantity(Kind.CHANGE)  # last full bin - first bin, within answers
    interval: Interval | None  # of ``change``
    followed: int = quantity(Kind.COUNT)  # answers that fill two bins or more, which ``change`` is about
    level: float = quantity(Kind.LEVEL)
    n: int = quantity(Kind.COUNT)  # answers
    unit: str
    method: str
