"""Which p values a printed statistic can have had before it and its degrees of freedom were rounded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.special import betainc, chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from reporter.audit.document import SLACK, Printed


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the largest value that something can have."""

    low: float
    high: float

    def meets(self, low: float, high: float) -> bool:
        """Tell whether the two share a value, but for what doubles lose."""
        return self.low <= high + SLACK and low <= self.high + SLACK

    def halved(self) -> Span:
        """Give the span of one tail where this is that of two."""
        return Span(self.low / 2, self.high / 2)


def span_of(printed: Printed) -> Span:
    """Give what a printed number, or a bound (``<.001``), can stand for."""
    if printed.relation in ("<", "<="):
        return Span(-math.inf, printed.high)
    if printed.relation in (">", ">="):
        return Span(printed.low, math.inf)
    return Span(printed.low, printed.high)


def size_span(printed: Printed) -> Span:
    """Give what a test statistic can stand for; a bound (``t < 1``) is one of its size."""
    if printed.relation in ("<", "<="):
        return Span(0.0, abs(printed.high))
    if printed.relation in (">", ">="):
        return Span(abs(printed.low), math.inf)
    return span_of(printed)


# Two-sided p of each statistic, but for F and chi2, which have one side.
P_VALUES: dict[str, Callable[..., float]] = {
    "t": lambda t, df: 2 * stdtr(df, -abs(t)),
    "z": lambda z: 2 * ndtr(-abs(z)),
    "F": lambda f, df, df_error: fdtrc(df, df_error, max(f, 0.0)),
    "chi2": lambda x, df: chdtrc(df, max(x, 0.0)),
    "r": lambda r, df: betainc(df / 2, 0.5, max((1 - r) * (1 + r), 0.0)),
}
TWO_SIDED = ("t", "z", "r")


def p_span(name: str, statistic: Span, df: Sequence[Span] = ()) -> Span:
    """Find the smallest and the largest p over all values that the statistic and its df can have.

    p falls as the size of the statistic grows; over df it is looked up at both ends, between which it goes
    one way for the printed sizes of a box.
    """
    sizes = [abs(statistic.low), abs(statistic.high)]
    if statistic.low <= 0 <= statistic.high:
        sizes.append(0.0)
    ends = [sorted({span.low, span.high}) for span in df]
    values = [
        float(P_VALUES[name](size, *corner))
        for size in (min(sizes), max(sizes))
        for corner in itertools.product(*ends)
    ]
    return Span(min(values), max(values))


def df_span(printed: Printed, *, rounded: bool = False) -> Span:
    """Give what printed df stand for: a whole number is exact unless it may be ``rounded``."""
    exact = printed.decimals == 0 and not rounded
    return Span(printed.value, printed.value) if exact else Span(max(printed.low, 0.5), printed.high)


def quantile_span(df: Span | None, *, level: float) -> Span:
    """Find the t quantiles of an interval at this level; of the normal distribution where there is no df."""
    upper = (1 + level) / 2
    if df is None:
        return Span(float(ndtri(upper)), float(ndtri(upper)))
    return Span(float(stdtrit(df.high, upper)), float(stdtrit(df.low, upper)))


def as_z(p: float) -> float:
    """Give the size of z that a two-sided p belongs to: a scale on which p values compare."""
    return float(-ndtri(min(max(p, 1e-300), 1.0) / 2))
