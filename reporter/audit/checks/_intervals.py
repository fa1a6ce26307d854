"""Do intervals hold their estimates, have them in the middle, and go with t and p?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from reporter.audit.checks._p_values import Span, as_z, df_span, quantile_span, span_of
from reporter.audit.checks._reported import Reported, in_sentence, in_table
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Document, Printed
from reporter.audit.finding import Looked, Severity

CHECK = "reported_tests"
BOUNDED = ("r", "rho")
RESAMPLED = r"bootstrap|bca|percentile|resampl|posterior|credible"
RATIO = r"\bratios?\b|\b(?:OR|HR|RR|IRR)\b\s*="  # whose intervals are even on logarithms
OTHER_NULL = r"equivalen|tost|non-?inferior|bayes"
SEARCHED = r"over (?:the |all )?layers|max(?:imum)? statistic|step-down|largest of"
MOST_Z = 0.75  # by which z of an interval and of its p may differ: methods, ties, few df
LEAST = 5  # rows: where all but one have their estimate in the middle, that one should as well
APART = 4.5  # units of the last digit by which two intervals of one test differ more than two of two tests


def intervals(document: Document) -> Iterator[Looked]:
    """Look at every estimate that stands before an interval."""
    tests: list[Reported] = []
    for table in document.tables:
        rows = [test for test in in_table(table) if test.interval and test.estimate is not None]
        heads = dict.fromkeys(test.estimate.place.head for test in rows if test.estimate is not None)
        for head in heads:
            yield from _middles([t for t in rows if t.estimate is not None and t.estimate.place.head == head])
        tests += rows
    for sentence in document.sentences:
        told = in_sentence(sentence)
        tests += [test for test in told if test.interval and test.estimate is not None]
    for test in tests:
        if test.estimate is not None:
            yield from _interval(test, test.estimate)
    yield from _twice(tests)


def _middles(rows: Sequence[Reported]) -> Iterator[Looked]:
    """Look in a table for the one row whose estimate is not in the middle, where that of all others is.

    The middle may be one of Fisher's z, as of most intervals of correlations, or of logarithms.
    """
    judged = [(test, _is_middle(test)) for test in rows if not test.df and not test.says(RESAMPLED)]
    right = sum(middle for _, middle in judged)
    if len(judged) < LEAST or right < len(judged) - 1:
        return
    for test, middle in judged:
        if not middle and test.estimate is not None:
            low, high = test.interval
            yield failed(
                CHECK,
                Severity.WARNING,
                test.estimate.place,
                test.words,
                expected="an estimate in the middle of its interval",
                how=f"in {right} of {len(judged)} rows the estimate is in the middle of the interval (of "
                f"values, or of Fisher's z); {test.estimate.text} in [{low.text}, {high.text}] is not",
                suggestion="check the estimate and both ends",
                numbers=(test.estimate, low, high),
            )


def _is_middle(test: Reported) -> bool:
    """Tell whether the estimate is in the middle: of values, of logarithms of ratios, or of Fisher's z."""
    assert test.estimate is not None
    numbers = (*test.interval, test.estimate)
    scales: list[Callable[[float], float]] = [float]
    if min(number.low for number in numbers) > 0:
        scales.append(math.log)
    if max(max(abs(number.low), abs(number.high)) for number in numbers) < 1:
        scales.append(math.atanh)
    for scale in scales:
        low, high, estimate = ((scale(number.low), scale(number.high)) for number in numbers)
        if Span((low[0] + high[0]) / 2, (low[1] + high[1]) / 2).meets(*estimate):
            return True
    return False


def _twice(tests: Sequence[Reported]) -> Iterator[Looked]:
    """Look for one estimate that is printed with two intervals of which one end is the same."""
    seen: dict[tuple[str, float], list[Reported]] = {}
    for test in tests:
        if test.estimate is not None and test.estimate.decimals >= 2:
            seen.setdefault((test.estimate.text.lstrip("+"), test.level), []).append(test)
    for group in seen.values():
        ends = Counter(_ends(test) for test in group)
        for test in group:
            mine = _ends(test)
            for other, count in ends.items():
                one_end = (other[0] == mine[0]) != (other[1] == mine[1])
                last = max(i for i, t in enumerate(group) if _ends(t) == mine)
                first = min(i for i, t in enumerate(group) if _ends(t) == other)
                rarer = ends[mine] < count or (ends[mine] == count and last > first)
                if one_end and rarer and _far(mine, other):
                    yield _two_ends(test, other)


def _far(mine: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether the ends that differ do so by more than a few units of their last digit."""
    one, two = next(pair for pair in zip(mine, other, strict=True) if pair[0] != pair[1])
    values = [float(text.replace("−", "-")) for text in (one, two)]
    return abs(values[0] - values[1]) > APART * 10.0 ** -len(one.partition(".")[2])


def _ends(test: Reported) -> tuple[str, str]:
    return test.interval[0].text, test.interval[1].text


def _two_ends(test: Reported, other: tuple[str, str]) -> Looked:
    assert test.estimate is not None
    low, high = test.interval
    return failed(
        CHECK,
        Severity.WARNING,
        low.place,
        test.words,
        expected=f"[{other[0]}, {other[1]}]",
        how=f"{test.estimate.text} stands with [{low.text}, {high.text}] here and with "
        f"[{other[0]}, {other[1]}] elsewhere in the document",
        suggestion="print one interval for one estimate",
        numbers=(test.estimate, low, high),
    )


def _interval(test: Reported, estimate: Printed) -> Iterator[Looked]:
    """Look whether an interval holds its estimate, and follows from t or goes with p."""
    low, high = test.interval
    numbers = (estimate, low, high)
    if low.low > high.high:  # which is said of the interval itself
        return
    if estimate.high < low.low or estimate.low > high.high:
        severity = Severity.WARNING if test.says(RESAMPLED) else Severity.ERROR
        yield failed(
            CHECK,
            severity,
            estimate.place,
            test.words,
            expected=f"an estimate from {low.text} to {high.text}",
            how=f"{estimate.text} lies outside [{low.text}, {high.text}]",
            numbers=numbers,
            suggestion="print the interval of this estimate",
        )
        return
    yield passed(CHECK, *numbers)
    if test.df and test.name in ("", "t") and not test.says(f"{RESAMPLED}|{RATIO}"):
        yield _symmetric(test, estimate)
        if test.statistic is not None:
            yield _interval_of_t(test, estimate, test.statistic)
    elif test.p is not None and math.isclose(test.level, 0.95):
        yield from _interval_and_p(test, estimate, test.p)


def _symmetric(test: Reported, estimate: Printed) -> Looked:
    """Look whether the estimate is in the middle, as that of every t interval is."""
    low, high = test.interval
    numbers = (estimate, low, high)
    middle = Span((low.low + high.low) / 2, (low.high + high.high) / 2)
    if middle.meets(estimate.low, estimate.high):
        return passed(CHECK, *numbers)
    return failed(
        CHECK,
        Severity.ERROR,
        estimate.place,
        test.words,
        expected=f"an estimate of {(low.value + high.value) / 2:g}",
        how=f"a t interval has its estimate in the middle: ({low.text} + {high.text})/2 = "
        f"{(low.value + high.value) / 2:g}, printed {estimate.text}",
        suggestion="check the estimate and both ends",
        numbers=numbers,
    )


def _interval_of_t(test: Reported, estimate: Printed, t: Printed) -> Looked:
    """Look whether half the interval is the quantile of t times estimate / t, the standard error."""
    low, high = test.interval
    numbers = (estimate, low, high, t, *test.df)
    half = Span(max((high.low - low.high) / 2, 0.0), (high.high - low.low) / 2)
    quantile = quantile_span(df_span(test.df[0], rounded=test.n is None), level=test.level)
    size = sorted((abs(t.low), abs(t.high)))
    if t.low <= 0 <= t.high:
        size[0] = 0.0
    implied = Span(size[0] * half.low / quantile.high, size[1] * half.high / quantile.low)
    least = 0.0 if estimate.low <= 0 <= estimate.high else min(abs(estimate.low), abs(estimate.high))
    if implied.meets(least, max(abs(estimate.low), abs(estimate.high))) and _same_sign(estimate, t):
        return passed(CHECK, *numbers)
    se = (high.value - low.value) / 2 / ((quantile.low + quantile.high) / 2)
    return failed(
        CHECK,
        Severity.ERROR,
        t.place,
        test.words,
        expected=f"t = {estimate.value / se:.2f}" if se else "another t",
        how=f"the interval's half width {(high.value - low.value) / 2:.4g} over the t quantile "
        f"{(quantile.low + quantile.high) / 2:.3f} is the standard error {se:.4g}; {estimate.text} "
        f"over it is not {t.text}",
        suggestion="check estimate, interval, t and df",
        numbers=numbers,
    )


def _same_sign(estimate: Printed, t: Printed) -> bool:
    """Tell whether estimate and t can have one sign; t without any sign may be printed as a size."""
    return estimate.high >= 0 if t.low > 0 and t.signed else estimate.low <= 0 if t.high < 0 else True


def _interval_and_p(test: Reported, estimate: Printed, p: Printed) -> Iterator[Looked]:
    """Look whether the interval excludes 0 where p is below .05, as far as methods can differ."""
    if test.says(f"{OTHER_NULL}|{SEARCHED}") or not 0 < p.value <= 1:
        return
    low, high = test.interval
    if test.name in BOUNDED or (test.source == "cell" and max(abs(low.value), abs(high.value)) < 1):
        candidates = [_z_of(estimate, low, high, math.atanh), _z_of(estimate, low, high, float)]
    else:
        candidates = [_z_of(estimate, low, high, float)]
    if low.low > 0:  # a ratio, whose null is 1
        candidates.append(_z_of(estimate, low, high, math.log))
    spans = [span for span in candidates if span is not None]
    printed = span_of(p)
    near, far = as_z(min(printed.high, 1.0)), as_z(max(printed.low, 1e-12))
    if math.isinf(printed.low):
        far = math.inf
    if not spans:
        return
    numbers = (estimate, low, high, p)
    if any(span.low - MOST_Z <= far and near <= span.high + MOST_Z for span in spans) or min(near, far) > 6:
        yield passed(CHECK, *numbers)
        return
    excludes = low.value > 0 or high.value < 0
    yield failed(
        CHECK,
        Severity.WARNING,
        p.place,
        test.words,
        expected=f"p {'below' if excludes else 'above'} .05",
        how=f"an interval of 95 % that {'excludes' if excludes else 'holds'} 0 and p {p.relation} "
        f"{p.text} disagree: "
        f"the interval puts {estimate.text} {spans[0].low:.1f} to {spans[0].high:.1f} standard errors from 0",
        suggestion="check p and interval, or say that they come from different methods",
        numbers=numbers,
    )


def _z_of(estimate: Printed, low: Printed, high: Printed, scale: Callable[[float], float]) -> Span | None:
    """Find how many standard errors from 0 the estimate is, if the interval is normal on this scale.

    For few df the quantile is larger than 1.96, which the upper end allows for down to 2 df.
    """
    try:
        ends = [(scale(low.low), scale(low.high)), (scale(high.low), scale(high.high))]
        sizes = (abs(scale(estimate.low)), abs(scale(estimate.high)))
    except ValueError:
        return None
    least, most = (ends[1][0] - ends[0][1]) / 2, (ends[1][1] - ends[0][0]) / 2
    if least <= 0:
        return None
    smallest = 0.0 if estimate.low <= 0 <= estimate.high else min(sizes)
    return Span(1.96 * smallest / most, 1.96 * max(sizes) / least)
