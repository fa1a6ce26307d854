"""Figures that are known only as they were printed: what follows from them, and what does not."""

from __future__ import annotations

from dataclasses import dataclass

from reporter.results.kinds import Kind, Selection, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedValue:
    """One published number as it stands."""

    value: float = quantity(Kind.DATUM)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDifference:
    """Two published numbers, and all that their difference may have been before they were rounded.

    ``least`` and ``most`` are bounds of arithmetic: they hold surely, and have no level.
    """

    first: float = quantity(Kind.DATUM)
    second: float = quantity(Kind.DATUM)
    difference: float = quantity(Kind.DATUM_CHANGE)  # second - first
    least: float = quantity(Kind.DATUM_CHANGE)
    most: float = quantity(Kind.DATUM_CHANGE)
    n: int = quantity(Kind.COUNT)  # pairs
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCorrelations:
    """The printed members of a larger family of correlations; ``n`` counts them, ``tests`` the family."""

    r: tuple[float, ...] = quantity(Kind.DATUM)
    p: tuple[float, ...] = quantity(Kind.P)  # each alone
    p_holm: tuple[float, ...] = quantity(Kind.P)
    p_benjamini_hochberg: tuple[float, ...] = quantity(Kind.P)
    p_benjamini_yekutieli: tuple[float, ...] = quantity(Kind.P)
    singly: Selection  # below alpha alone
    holm: Selection
    benjamini_hochberg: Selection
    benjamini_yekutieli: Selection
    expected_by_chance: float = quantity(Kind.FACTOR)  # below alpha singly, were nothing correlated
    alpha: float = quantity(Kind.SETTING)
    tests: int = quantity(Kind.COUNT)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPeaks:
    """Correlations that are each the largest of several layers; ``n`` counts them."""

    r: tuple[float, ...] = quantity(Kind.DATUM)
    layers: tuple[int, ...] = quantity(Kind.COUNT)  # that the peak was searched over
    p: tuple[float, ...] = quantity(Kind.P)  # as if the layer had been named beforehand
    p_sidak: tuple[float, ...] = quantity(Kind.P)  # over the layers
    p_holm: tuple[float, ...] = quantity(Kind.P)  # over the layers, and over all peaks
    singly: Selection  # below alpha by p
    sidak: Selection
    holm: Selection
    alpha: float = quantity(Kind.SETTING)
    n: int = quantity(Kind.COUNT)
    unit: str
    method: str
