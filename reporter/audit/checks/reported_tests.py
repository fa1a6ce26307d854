"""Do p, statistic, degrees of freedom, interval and estimate of one test agree with each other?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from reporter.audit.checks._alike import alike
from reporter.audit.checks._intervals import intervals
from reporter.audit.checks._p_values import TWO_SIDED, Span, as_z, df_span, p_span, size_span, span_of
from reporter.audit.checks._possible import possible
from reporter.audit.checks._reported import Reported, reported
from reporter.audit.checks._untested import untested
from reporter.audit.checks._verdict import failed, p_words, passed
from reporter.audit.document import Printed
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "reported_tests"
APPROXIMATE = r"spearman|\brho\b|\brank|permut|exact|bootstrap|resampl|kendall|\btau\b"
SEARCHED = r"over (?:the |all )?layers|max(?:imum)? statistic|step-down|largest of"
OTHER_NULL = r"equivalen|tost|non-?inferior|bayes"
ONE_SIDED = r"one[- ](sided|tailed)|directional|1-tailed"
MOST_Z = 0.75  # by which z of a permutation, of ranks with ties and of Student's t may differ at small n
BOUNDED = ("r", "rho")


def reported_tests(reading: Reading) -> Iterator[Looked]:
    """Recompute what a test prints from the rest of what it prints, over all values that round to it.

    Assumes that a row of a table, or the bracket after a statistic, speaks of one test; that p has two
    sides unless one side fits and the text says so; that whole degrees of freedom may be rounded ones of
    Welch. Where p may be that of a permutation or of ranks, only a large disagreement is a warning.
    """
    yield from possible(reading.document)
    yield from intervals(reading.document)
    yield from alike(reading.document)
    yield from untested(reading)
    for test in reported(reading.document):
        if test.p is not None and test.statistic is not None:
            yield from _p_of_statistic(test, test.p, test.statistic)
        if test.p is not None and test.adjusted is not None:
            yield _adjusted(test, test.p, test.adjusted)
        if test.name in ("", "t") and len(test.df) == 1 and test.n is not None:
            yield _df_of_n(test, test.df[0], test.n)


def _p_of_statistic(test: Reported, p: Printed, statistic: Printed) -> Iterator[Looked]:
    """Compare the printed p with all that the statistic can give; F needs two df, t and chi2 one, z none."""
    if test.says(OTHER_NULL) or (p.relation == "=" and p.value == 0) or not 0 <= p.value <= 1:
        return
    if test.name in BOUNDED:
        yield from _p_of_correlation(test, p, statistic)
        return
    names = [test.name] if test.name else ["t", "chi2"]
    found = [(name, span) for name in names if (span := _spans(name, test, statistic))]
    spans = [span for _, span in found]
    if not spans:
        return
    numbers = (statistic, *test.df, p)
    printed = span_of(p)
    if any(span.meets(printed.low, printed.high) for span in spans):
        yield passed(CHECK, *numbers)
        return
    half = [span.halved() for name, span in found if name in TWO_SIDED]
    if any(span.meets(printed.low, printed.high) for span in half):
        if test.says(ONE_SIDED):
            yield passed(CHECK, *numbers)
            return
        yield _wrong_p(test, numbers, spans[0], Severity.WARNING, "it fits one side only, which is not said")
        return
    yield _wrong_p(test, numbers, spans[0], Severity.ERROR, "")


def _spans(name: str, test: Reported, statistic: Printed) -> Span | None:
    """Give every p that the statistic can have, or None where its degrees of freedom are not printed."""
    needed = {"t": 1, "chi2": 1, "F": 2, "z": 0}[name]
    if len(test.df) < needed or any(df.value <= 0 for df in test.df):
        return None
    if name in ("F", "chi2") and statistic.value < 0:
        return None
    rounded = name == "t" and test.df[0].decimals == 0 and test.n is None
    return p_span(name, size_span(statistic), [df_span(df, rounded=rounded) for df in test.df[:needed]])


def _wrong_p(
    test: Reported, numbers: tuple[Printed, ...], span: Span, severity: Severity, why: str
) -> Looked:
    statistic, *df, p = numbers
    name = test.name or "t"
    given = (
        f"{name}({', '.join(d.text for d in df)}) = {statistic.text}" if df else f"{name} = {statistic.text}"
    )
    sides = "two-sided p" if name in TWO_SIDED else "p"
    expected = f"p from {p_words(span.low)} to {p_words(span.high)}"
    if p_words(span.low) == p_words(span.high):
        expected = f"p {'' if span.low < 0.0001 else '= '}{p_words(span.low)}"
    other_side = (span.low > 0.05 or span.high < 0.05) and (p.value < 0.05) != (span.high < 0.05)
    turned = "; this changes what is below .05" if other_side and p.relation == "=" else ""
    return failed(
        CHECK,
        severity,
        p.place,
        test.words,
        expected=expected,
        how=f"{sides} of {given} is {p_words(span.low)} to {p_words(span.high)}, printed {p.relation} "
        f"{p.text}" + (f": {why}" if why else "") + turned,
        suggestion=expected,
        numbers=numbers,
    )


def _p_of_correlation(test: Reported, p: Printed, r: Printed) -> Iterator[Looked]:
    """Compare p with Student's t of r; of ranks and permutations it is an approximation only."""
    df = test.df[0].value if test.df else test.n.value - 2 if test.n is not None else 0
    if df < 1 or abs(r.value) >= 1 or test.says(SEARCHED):
        return
    size = size_span(r)
    at = Span(max(size.low, -1.0), min(size.high, 1.0))
    span = p_span("r", at, [Span(df, df)])
    printed = span_of(p)
    numbers = tuple(number for number in (r, *test.df, test.n, p) if number is not None)
    exact = test.name == "r" and bool(test.df) and not test.says(APPROXIMATE)
    if span.meets(printed.low, printed.high) or (not exact and _near(span, printed)):
        yield passed(CHECK, *numbers)
        return
    if exact:
        yield from _one_side_or_wrong(test, numbers, span, printed)
        return
    yield failed(
        CHECK,
        Severity.WARNING,
        p.place,
        test.words,
        expected=f"p near {p_words(span.low)} to {p_words(span.high)}",
        how=f"r = {r.text} with {df:g} df gives p = {p_words((span.low + span.high) / 2)} by Student's t; "
        f"ties and permutations do not explain {p.relation} {p.text}",
        suggestion="say by which method p was found",
        numbers=numbers,
    )


def _one_side_or_wrong(
    test: Reported, numbers: tuple[Printed, ...], span: Span, printed: Span
) -> Iterator[Looked]:
    named = Reported(place=test.place, words=test.words, source=test.source, name="r")
    shown = (numbers[0], *test.df, numbers[-1])
    if not span.halved().meets(printed.low, printed.high):
        yield _wrong_p(named, shown, span, Severity.ERROR, "")
    elif test.says(ONE_SIDED):
        yield passed(CHECK, *numbers)
    else:
        yield _wrong_p(named, shown, span, Severity.WARNING, "it fits one side only, which is not said")


def _near(span: Span, printed: Span) -> bool:
    """Tell whether two spans of p come within what methods of ranks can differ by, on the scale of z."""
    low, high = as_z(min(printed.high, 1.0)), as_z(max(printed.low, 1e-12))
    if math.isinf(printed.low):
        high = math.inf
    return as_z(span.high) - MOST_Z <= high and low <= as_z(span.low) + MOST_Z


def _adjusted(test: Reported, p: Printed, adjusted: Printed) -> Looked:
    """Look whether an adjusted p is at least the single one."""
    if p.relation == ">" or adjusted.relation == "<" or adjusted.high >= min(p.low, 1.0):
        return passed(CHECK, p, adjusted)
    return failed(
        CHECK,
        Severity.ERROR,
        adjusted.place,
        test.words,
        expected=f"at least {p.text}",
        how=f"no adjustment makes p smaller: {adjusted.text} is below {p.text}",
        suggestion="check both p values",
        numbers=(p, adjusted),
    )


def _df_of_n(test: Reported, df: Printed, n: Printed) -> Looked:
    """Look whether df is below n, as that of every test of means is."""
    if n.value <= 1 or df.low < n.value:
        return passed(CHECK, df, n)
    return failed(
        CHECK,
        Severity.ERROR,
        df.place,
        test.words,
        expected=f"df of at most {n.value - 1:g}",
        how=f"n = {n.text} values leave at most {n.value - 1:g} degrees of freedom, printed {df.text}",
        suggestion="check df and n",
        numbers=(df, n),
    )
