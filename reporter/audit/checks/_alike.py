"""Rows that were made alike: the df, or the n, that nearly all of them agree with, and those that depart."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from scipy.special import ndtri, stdtr, stdtrit

from reporter.audit.checks._p_values import Span, as_z, span_of
from reporter.audit.checks._reported import Reported, in_table
from reporter.audit.checks._verdict import failed, p_words, passed
from reporter.audit.document import Cell, Document, Kind, Printed, Table
from reporter.audit.finding import Looked, Severity

CHECK = "reported_tests"
ENOUGH = 0.8  # of the rows must agree before the others are held against them
LEAST = 5  # rows that make an agreement
DFS = (*range(2, 61), 80, 100, 150, 200, 500, math.inf)
RESAMPLED = r"bootstrap|bca|percentile|resampl|posterior|credible|equivalen|tost"
CORRELATIONS = re.compile(r"\bcorrelation|\brho\b|\bspearman|\bpearson", re.I)
SEARCHED = re.compile(r"\blargest\b|\bpeak|\bscan\b|\bover (?:the |all )?layers", re.I)
MOST_Z = 0.75  # by which z of a permutation and of Fisher's transformation may differ
SURE_DF = 10  # below, rows may well have df of their own, as those of Welch
LEAST_N = 8


def alike(document: Document) -> Iterator[Looked]:
    """Look in tables whose rows print estimate, interval and p, or r and p in one cell."""
    for table in document.tables:
        rows = [test for test in in_table(table) if _is_complete(test)]
        if len(rows) >= LEAST:
            yield from _common_df(rows)
        yield from _df_and_n(table)
        yield from _pairs(table)


def _df_and_n(table: Table) -> Iterator[Looked]:
    """Find rows with a whole df that is neither n - 1 nor n - 2, in a table where df is n - 1 elsewhere."""
    rows = [
        (test, test.df[0], test.n)
        for test in in_table(table)
        if test.n is not None and len(test.df) == 1 and test.df[0].decimals == 0 and test.name in ("", "t")
    ]
    right = sum(df.value == n.value - 1 for _, df, n in rows)
    odd = [(test, df, n) for test, df, n in rows if df.value not in (n.value - 1, n.value - 2)]
    if right < LEAST or len(odd) != 1:
        return
    test, df, n = odd[0]
    yield failed(
        CHECK,
        Severity.WARNING,
        df.place,
        test.words,
        expected=f"df {n.value - 1:g}, or n {df.value + 1:g}",
        how=f"df is n - 1 in {right} of {len(rows)} rows with a whole df; here df {df.text} stands beside "
        f"n {n.text}",
        suggestion="check df and n",
        numbers=(df, n),
    )


def _is_complete(test: Reported) -> bool:
    given = test.estimate is not None and test.interval and test.p is not None and not test.df
    return bool(given) and not test.says(RESAMPLED) and test.name not in ("r", "rho")


def _common_df(rows: Sequence[Reported]) -> Iterator[Looked]:
    """Find the df of t at which most intervals go with their p, and the rows that do not."""
    fits = {df: [_meets(test, df) for test in rows] for df in DFS}
    df = max(fits, key=lambda value: sum(fits[value]))
    right = sum(fits[df])
    if right < ENOUGH * len(rows):
        return
    for test, held in zip(rows, fits[df], strict=True):
        assert test.estimate is not None
        assert test.p is not None
        numbers = (test.estimate, *test.interval, test.p)
        if held or (df < SURE_DF and any(_meets(test, other) for other in DFS)):
            yield passed(CHECK, *numbers)
            continue
        span = _p_at(test, df)
        yield failed(
            CHECK,
            Severity.WARNING,
            test.p.place,
            test.words,
            expected=f"p from {p_words(span.low)} to {p_words(span.high)}",
            how=f"half the interval over the quantile of t with {df:g} df is the standard error, and gives "
            f"this p; so it does in {right} of {len(rows)} rows of the table",
            suggestion="check estimate, interval and p",
            numbers=numbers,
        )


def _meets(test: Reported, df: float) -> bool:
    assert test.p is not None
    printed, span = span_of(test.p), _p_at(test, df)
    return span.meets(printed.low, printed.high)


def _p_at(test: Reported, df: float) -> Span:
    """Find the p that estimate and interval give at this df, over all values that round to them."""
    assert test.estimate is not None
    low, high = test.interval
    upper = (1 + test.level) / 2
    quantile = float(ndtri(upper)) if math.isinf(df) else float(stdtrit(df, upper))
    half = ((high.low - low.high) / 2, (high.high - low.low) / 2)
    sizes = sorted((abs(test.estimate.low), abs(test.estimate.high)))
    if test.estimate.low <= 0 <= test.estimate.high:
        sizes[0] = 0.0
    if half[0] <= 0:
        return Span(0.0, 1.0)
    most, least = sizes[1] / half[0] * quantile, sizes[0] / half[1] * quantile
    return Span(*(2 * float(stdtr(min(df, 1e9), -t)) for t in (most, least)))


@dataclass(frozen=True, slots=True)
class _Pair:
    r: Printed
    p: Printed
    text: str


def _pairs(table: Table) -> Iterator[Looked]:
    """Look at cells such as ``-0.082, p 0.692`` of a table of correlations: all speak of about one n."""
    words = " ".join((table.caption, *table.heads))
    if not CORRELATIONS.search(words) or SEARCHED.search(words):
        return
    cells = [(row[0].text, cell) for row in table.rows for cell in row[1:]]
    every = [pair for name, cell in cells if (pair := _pair(name, cell)) is not None]
    beyond = [pair for pair in every if abs(pair.r.value) >= 1]
    pairs = [pair for pair in every if abs(pair.r.value) < 1]
    scales = [as_z(pair.p.value) / _z(pair) for pair in pairs if abs(pair.r.value) > 0.05]
    if len(scales) < LEAST or median(scales) ** 2 + 3 < LEAST_N:
        return
    scale = median(scales)
    gaps = [abs(as_z(pair.p.value) - _z(pair) * scale) for pair in pairs]
    if sum(gap <= MOST_Z for gap in gaps) < ENOUGH * len(pairs):
        return
    for pair in beyond:
        how = f"{pair.r.text} stands in a table of correlations"
        yield _wrong(pair, Severity.ERROR, "a correlation lies between -1 and 1", how)
    for pair, gap in zip(pairs, gaps, strict=True):
        if gap <= MOST_Z:
            yield passed(CHECK, pair.r, pair.p)
            continue
        p = p_words(2 * float(stdtr(1e9, -_z(pair) * scale)))
        how = (
            f"the other cells of the table go with n of about {scale**2 + 3:.0f}, at which {pair.r.text} "
            f"has p = {p}, not {pair.p.text}"
        )
        yield _wrong(pair, Severity.WARNING, f"p near {p}", how)


def _pair(name: str, cell: Cell) -> _Pair | None:
    """Read a cell that holds a value and its p."""
    if len(cell.quantities) != 2 or cell.quantities[1].label != "p":
        return None
    r, p = cell.quantities
    exact = p.first.relation == "=" and 0 < p.first.value <= 1
    return _Pair(r.first, p.first, f"{name}: {cell.text}") if exact and r.kind is Kind.VALUE else None


def _z(pair: _Pair) -> float:
    """Give the size of Fisher's z of a correlation."""
    return math.atanh(abs(pair.r.value))


def _wrong(pair: _Pair, severity: Severity, expected: str, how: str) -> Looked:
    return failed(
        CHECK,
        severity,
        pair.r.place,
        pair.text,
        expected=expected,
        how=how,
        suggestion="check the correlation and its p",
        numbers=(pair.r, pair.p),
    )
