"""Do columns and rows that are differences, ranges, sums or means of others follow from these?"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reporter.audit.checks._series import Series, quoted, room, rows_as_series, series_of, written
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Printed, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "table_differences"
DIFFERENCE = re.compile(
    r"δ|Δ|\bdelta\b|\bchange\b|\bdifference\b|\bdiff\b|\bgap\b|\brange\b|\bminus\b| [−-] ", re.I
)
TOTAL = re.compile(r"\b(total|sum|all|overall)\b", re.I)
MEAN = re.compile(r"\b(mean|average|avg)\b", re.I)
RANGE = re.compile(r"\brange\b", re.I)
MOST_N = 2000  # that one n for all rows is looked for among
FEWEST_OF_ONE_N = 4  # rows that one n fits
FEW = 5  # places, of which half need not follow a rule
MOST_SLIPS = 3  # of a long table, and one in ten rows
MOST_BY_CHANCE = 0.05  # expected rules that fit so well by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a series is made of others: ``work`` writes it out, ``value`` computes it, ``slack`` bounds it."""

    of: tuple[Series, ...]
    words: str  # what the printed number should be, as in "the difference"
    value: Callable[[Sequence[float]], float]
    work: Callable[[Sequence[Printed]], str]
    share: float = 1.0  # of the summed half widths that the result may be off by
    exact: tuple[int, ...] = ()  # operands that are counts, and not rounded
    defined: bool = False  # by the heads themselves, so that it needs no row that agrees


@dataclass(frozen=True, slots=True)
class Test:
    """One place of the target, the operands that stand there, and whether the rule holds."""

    index: int
    target: Printed
    operands: tuple[Printed, ...]
    holds: bool
    telling: bool  # the target is no zero, which would say nothing about the direction of a difference


def table_differences(reading: Reading) -> Iterator[Looked]:
    """Recompute columns and rows whose heads say that they are made of others.

    Assumes that a rule which most rows follow is meant for all of them. Which columns a difference is of,
    and in which direction, is taken from the rows: a rule is used only where most of them agree with it
    within their rounding, or where the heads leave no other (a range beside minimum and maximum).
    """
    for table in reading.document.tables:
        columns = series_of(table)
        wrong: set[int] = set()
        for target in columns:
            if target.part == 0:
                others = [series for series in columns if series.column != target.column]
                for looked in _tested(table, target, list(_rules(target, others)), by_rows=False):
                    wrong |= {id(number) for number in looked.numbers if looked.finding}
                    yield looked
        lines = rows_as_series(table)
        for target in lines[-3:] if len(lines) > 2 else ():
            others = [series for series in lines if series is not target]
            for looked in _tested(table, target, list(_rules(target, others)), by_rows=True):
                if looked.finding is None or not wrong & {id(number) for number in looked.numbers}:
                    yield looked  # else it follows from what was found already


def _rules(target: Series, others: Sequence[Series]) -> Iterator[Rule]:
    head = target.head
    if DIFFERENCE.search(head) and target.statistic not in ("p", "p_adjusted"):
        for more, less in _pairs(others):
            yield Rule(
                of=(more, less),
                words="the difference",
                value=lambda v: v[0] - v[1],
                work=lambda n: f"{n[0].text} \N{MINUS SIGN} {n[1].text}",
                defined=more.column == less.column
                or (RANGE.search(head) is not None and (more.statistic, less.statistic) == ("max", "min")),
            )
    firsts = tuple(series for series in others if series.part == 0)
    if target.statistic == "se":
        for spread, count in itertools.permutations(firsts, 2):
            if spread.statistic == "sd" and count.is_whole and min(n.value for n in count.present) > 1:
                yield Rule(
                    of=(spread, count),
                    words="the standard deviation over the root of n",
                    value=lambda v: v[0] / math.sqrt(v[1]),
                    work=lambda n: f"{n[0].text} / sqrt({n[1].text})",
                    exact=(1,),
                )
        yield from _standard_errors(target, firsts)
    if len(firsts) < 2:
        return
    if TOTAL.search(head):
        yield Rule(of=firsts, words="the sum", value=sum, work=_sum_in_words)
    if MEAN.search(head):
        yield Rule(
            of=firsts,
            words="the mean",
            value=lambda v: sum(v) / len(v),
            work=lambda n: f"({_sum_in_words(n)}) / {len(n)}",
            share=1 / len(firsts),
        )


def _standard_errors(target: Series, firsts: Sequence[Series]) -> Iterator[Rule]:
    """Where no column has n: the standard deviation over the root of one n, the same in all rows."""
    for spread in firsts:
        if spread.statistic != "sd":
            continue
        fits = {n: _rows_that_fit(target, spread, n) for n in range(2, MOST_N)}
        most = max(map(len, fits.values()))
        likely = [n for n, rows in fits.items() if len(rows) == most]
        if most >= FEWEST_OF_ONE_N and len({frozenset(fits[n]) for n in likely}) == 1:
            yield _over_root(spread, likely)


def _over_root(spread: Series, likely: Sequence[int]) -> Rule:
    n = likely[len(likely) // 2]
    return Rule(
        of=(spread,),
        words=f"the standard deviation over the root of one n (from {likely[0]} to {likely[-1]})",
        value=lambda v: v[0] / math.sqrt(n),
        work=lambda numbers: f"{numbers[0].text} / sqrt({n})",
        share=1 / math.sqrt(n),
    )


def _rows_that_fit(target: Series, spread: Series, n: int) -> set[int]:
    return {
        row
        for row, (se, sd) in enumerate(zip(target.numbers, spread.numbers, strict=True))
        if se is not None and sd is not None
        if abs(sd.value / math.sqrt(n) - se.value) <= se.half_width + sd.half_width / math.sqrt(n) + SLACK
    }


def _pairs(others: Sequence[Series]) -> Iterator[tuple[Series, Series]]:
    """What a difference may be of: two columns, or the two ends of a range that one column holds."""
    yield from itertools.permutations([series for series in others if series.part == 0], 2)
    for low, high in itertools.pairwise(others):
        if low.column == high.column and (low.part, high.part) == (0, 1) and RANGE.search(low.head):
            yield high, low


def _sum_in_words(numbers: Sequence[Printed]) -> str:
    return " + ".join(number.text for number in numbers)


def _tests(target: Series, rule: Rule) -> Iterator[Test]:
    for index, printed in enumerate(target.numbers):
        at_index = [series.numbers[index] for series in rule.of]
        operands = tuple(number for number in at_index if number is not None)
        if printed is not None and len(operands) == len(at_index):
            slack = _slack(rule, printed, operands)
            yield Test(index, printed, operands, _holds(rule, printed, operands), abs(printed.value) > slack)


def _slack(rule: Rule, printed: Printed, operands: Sequence[Printed]) -> float:
    rounded = [operand for index, operand in enumerate(operands) if index not in rule.exact]
    return printed.half_width + rule.share * room(rounded) + SLACK


def _holds(rule: Rule, printed: Printed, operands: Sequence[Printed]) -> bool:
    expected = rule.value([number.value for number in operands])
    return abs(expected - printed.value) <= _slack(rule, printed, operands)


def _plausible(tests: Sequence[Test], rule: Rule, n_rivals: int) -> bool:
    """Tell whether so many places follow a rule that the others are held to it.

    Among many rival rules one may fit by chance: how often it fits where numbers of different places are
    put together says how likely that is.
    """
    n, holding = len(tests), sum(test.holds for test in tests)
    telling = sum(test.holds and test.telling for test in tests)
    if rule.defined:
        return n <= 2 or 2 * holding >= n
    if n - holding > MOST_SLIPS + n // 10:
        return False
    if n <= 2 or n_rivals <= 2:
        return n_rivals <= 2 and telling >= 1 and (2 if n < FEW else 1.5) * holding >= n
    if telling < 2 or 3 * holding < 2 * n:
        return False
    crossed = [_holds(rule, one.target, other.operands) for one, other in itertools.permutations(tests, 2)]
    rate = (1 + sum(crossed)) / (2 + len(crossed))
    by_chance = sum(math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(holding, n + 1))
    return n_rivals * by_chance <= MOST_BY_CHANCE


def _tested(table: Table, target: Series, rules: Sequence[Rule], *, by_rows: bool) -> Iterator[Looked]:
    """Test a series by the rule that most of its places follow."""
    tried = [(rule, [*_tests(target, rule)]) for rule in rules]
    tried = [(rule, tests) for rule, tests in tried if tests]
    if not tried:
        return
    rule, tests = max(tried, key=lambda pair: (sum(t.holds for t in pair[1]), pair[0].defined, -len(pair[1])))
    if not _plausible(tests, rule, len(tried)):
        return
    for test in tests:
        row = table.rows[target.column if by_rows else test.index]
        numbers = (test.target, *test.operands)
        yield passed(CHECK, *numbers) if test.holds else _departure(test, rule, quoted(row), len(tests))


def _departure(test: Test, rule: Rule, words: str, n_tests: int) -> Looked:
    value = rule.value([number.value for number in test.operands])
    expected = written(value, test.target)
    heads = " and ".join(f'"{series.head}"' for series in rule.of[:2])
    others = f"; {heads} make it so elsewhere in the table" if n_tests > 1 else ""
    return failed(
        CHECK,
        Severity.ERROR,
        test.target.place,
        words,
        expected=f"{expected}, {rule.words} of the numbers beside it, give or take their rounding",
        how=f"{rule.work(test.operands)} = {expected}, printed {test.target.text}{others}",
        suggestion=f"Print {expected}, or correct the numbers that it is made of.",
        numbers=(test.target, *test.operands),
    )
