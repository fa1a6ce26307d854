"""The largest of many statistics, judged by the permutation of that largest."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.correlations import PooledCorrelation
from reporter.results.kinds import Kind, Selection, one_for_each, position_in, quantity


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
    """The layer at which one axis correlates most; ``layers`` names all ties.

    Axes and layers are counted among all columns that were given, constant ones too. ``cells`` has an
    entry for each layer that varies, in order; ``at``, ``depths`` and ``survive`` say of each which layer
    it is, how deep that lies, and whether the cell exceeds the threshold of the scan. ``bins`` has the
    mean of the cells, by their atanh, in each of several equal bins of depth.
    """

    axis: int = position_in("axes")
    layer: int = position_in("layers")  # the first of ``layers``
    layers: Selection = position_in("layers")
    depth: float = quantity(Kind.SHARE)  # of the first of the peak's layers
    r: float = quantity(Kind.CORRELATION)
    p: float = quantity(Kind.P)  # over the layers of this axis
    p_step_down: float = quantity(Kind.P)  # over axes as well
    support: float = quantity(Kind.SHARE)  # share of resamples that peak at the same layer
    not_worse: Selection = position_in("layers")
    threshold: float = quantity(Kind.CORRELATION)  # of the scan
    survives: bool  # whether the peak exceeds the threshold
    surviving: Selection = position_in("layers")  # layers whose cells exceed it
    cells: tuple[float, ...] = quantity(Kind.CORRELATION)
    at: tuple[int, ...] = position_in("layers")
    depths: tuple[float, ...] = quantity(Kind.SHARE)  # 0 at the first of all layers, 1 at the last
    survive: tuple[bool, ...]
    bins: tuple[float | None, ...] = quantity(Kind.CORRELATION)  # None where no layer varies


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakScan:
    """The largest of all correlations of axes with layers, judged by the permutation of that largest.

    Axes and layers are counted among all columns that were given, constant ones too.
    """

    r: float = quantity(Kind.CORRELATION)
    axis: int = position_in("axes")
    layer: int = position_in("layers")
    p: float = quantity(Kind.P)
    p_floor: float = quantity(Kind.P)
    threshold: float = quantity(Kind.CORRELATION)
    members: tuple[AxisPeak, ...] = one_for_each("live_axes")
    live_axes: Selection = position_in("axes")
    live_layers: Selection = position_in("layers")
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
class PooledScan:
    """Pooled correlations of several axes, adjusted by the permutation of their largest."""

    members: tuple[PooledCorrelation, ...] = one_for_each("axes")
    axes: Selection = position_in("second")
    p_single_step: tuple[float, ...] = quantity(Kind.P)
    p_step_down: tuple[float, ...] = quantity(Kind.P)
    threshold: float = quantity(Kind.VALUE)  # of |z|
    level: float = quantity(Kind.LEVEL)
    family_size: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
