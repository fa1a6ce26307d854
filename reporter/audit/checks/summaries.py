"""Can mean, standard deviation, minimum, maximum and n of a cell stand together?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporter.audit.checks._series import Series, quoted, series_of
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Document, Place, Printed, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.errors import Degenerate

CHECK = "summaries"
NEEDED = ("mean", "sd", "min", "max")
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
COUNTED = re.compile(
    r"\b(?:n ?= ?(\d+)|(\d+|"
    + "|".join(WORDS)
    + r") (?:prompts?|runs?|replies|samples?|questions?|values?)\b)",
    re.I,
)
COUNT_HEAD = re.compile(
    r"^(number of )?(n|prompts|passages|questions|heads|runs|samples|replies|answers|items|trials|seeds"
    r"|documents|examples|participants|subjects|tasks|texts|values)$",
    re.I,
)
SECOND_HAND = re.compile(r"\bas (published|printed|reported)\b", re.I)
REGULAR = 3  # rows at least, and half of them, before regularity is remarked on


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one row that summarise the same values."""

    subject: str
    table: Table
    row: int
    mean: Printed
    sd: Printed
    minimum: Printed
    maximum: Printed
    n: int

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """All four."""
        return self.mean, self.sd, self.minimum, self.maximum

    @property
    def place(self) -> Place:
        """Where the sd stands."""
        return self.sd.place

    @property
    def words(self) -> str:
        """The row as it is printed."""
        return quoted(self.table.rows[self.row])

    @property
    def is_regular(self) -> bool:
        """Whether minimum and maximum are the mean less and plus the sd, to the printed digit."""
        slack = 0.1 * self.sd.half_width
        return (
            abs(self.mean.value - self.sd.value - self.minimum.value) < slack
            and abs(self.mean.value + self.sd.value - self.maximum.value) < slack
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """Under which divisors of the sd a row is possible; what its figures allow, or why nothing is."""

    figures: Figures
    population: bool
    sample: bool
    sd_low: float = 0.0
    sd_high: float = 0.0
    why: str = ""


def summaries(reading: Reading) -> Iterator[Looked]:
    """Test every row of a table that has mean, sd, minimum and maximum of n values.

    Assumes that the values are continuous, and that the four figures of a row describe the same n values.
    n stands in a column, or in the title, the caption or the sentence before the table; without it the row
    is not tested. Minimum, maximum and mean are rounded like the sd. Which divisor the sd has is asked of
    all rows together, and regularities that measured values seldom have are remarked on.
    """
    found = [
        figures
        for table in reading.document.tables
        for figures in _figures(table, _stated_n(reading.document, table))
    ]
    fits = [_fit(figures) for figures in found]
    for fit in fits:
        yield _possible(fit)
    yield from _divisors(fits)
    for table in dict.fromkeys(id(figures.table) for figures in found):
        yield from _regularity([figures for figures in found if id(figures.table) == table])
    yield from _repeats(found)


def _figures(table: Table, stated: int | None) -> Iterator[Figures]:
    by_word: dict[str, Series] = {}
    spreads: dict[int, Series] = {}
    for series in series_of(table):
        if COUNT_HEAD.search(series.head.strip()) and series.is_whole:
            by_word.setdefault("n", series)
        elif series.part == 0:
            by_word.setdefault(series.statistic, series)
        elif series.part == 1:
            spreads[series.column] = series
    if "mean" in by_word and "sd" not in by_word and by_word["mean"].column in spreads:
        by_word["sd"] = spreads[by_word["mean"].column]
    if not {*NEEDED} <= {*by_word}:
        return
    for row, cells in enumerate(table.rows):
        mean, sd, low, high = (by_word[word].numbers[row] for word in NEEDED)
        counted = by_word["n"].numbers[row] if "n" in by_word else None
        n = stated if counted is None else int(counted.value)
        if mean and sd and low and high and n and n > 1:
            yield Figures(
                subject=cells[0].text, table=table, row=row, mean=mean, sd=sd, minimum=low, maximum=high, n=n
            )


def _stated_n(document: Document, table: Table) -> int | None:
    """Find how many values a row summarises: in the nearest words that say so."""
    before = [s for s in document.inside(table.section) if s.place.line < table.place.line]
    texts = [table.caption, *reversed(table.section[-1:]), *(s.text for s in before[-1:])]
    for text in texts:
        if said := COUNTED.search(text):
            number = said[1] or said[2]
            return int(number) if number.isdigit() else WORDS[number.lower()]
    return None


def _fit(figures: Figures) -> Fit:
    from reporter.results import Summary
    from reporter.statistics.feasible_summary import feasible_summary

    half_width = max(number.half_width for number in figures.numbers)
    cell = Summary(
        mean=figures.mean.value,
        sd=figures.sd.value,
        minimum=figures.minimum.value,
        maximum=figures.maximum.value,
        n=figures.n,
        half_width=half_width,
    )
    try:
        answer = feasible_summary(cell, unit=figures.mean.unit or "1")
    except Degenerate as no:
        return Fit(figures, False, False, why=no.detail)
    return Fit(figures, answer.feasible_population, answer.feasible_sample, answer.sd_low, answer.sd_high)


def _possible(fit: Fit) -> Looked:
    figures, n = fit.figures, fit.figures.n
    if fit.population or fit.sample:
        return passed(CHECK, *figures.numbers)
    low, high = fit.sd_low, fit.sd_high * (n / (n - 1)) ** 0.5
    expected = fit.why or (
        f"a standard deviation from {low:.3f} (divisor n) to {high:.3f} (divisor n - 1), "
        f"for {n} values with this mean, minimum and maximum"
    )
    return failed(
        CHECK,
        Severity.ERROR,
        figures.place,
        figures.words,
        expected=expected,
        how=f"all sets of {n} values with minimum {figures.minimum.text}, maximum {figures.maximum.text} and "
        f"mean {figures.mean.text}, each within its rounding, against sd {figures.sd.text}",
        suggestion="Compute the row again from its values.",
        numbers=figures.numbers,
    )


def _divisors(fits: Sequence[Fit]) -> Iterator[Looked]:
    """Say which divisor fits how many rows, where the rows tell the two apart."""
    possible = [fit for fit in fits if fit.population or fit.sample]
    only_population = [fit for fit in possible if not fit.sample]
    only_sample = [fit for fit in possible if not fit.population]
    if not only_population and not only_sample:
        return
    mixed = bool(only_population and only_sample)
    first = min((only_sample, only_population) if mixed else (only_sample + only_population,), key=len)[0]
    warned = mixed and not _is_second_hand(first.figures.table)
    yield failed(
        CHECK,
        Severity.WARNING if warned else Severity.NOTE,
        first.figures.place,
        first.figures.words,
        expected="one divisor for all standard deviations"
        if mixed
        else "the divisor of the standard deviation",
        how="the standard deviations are possible with divisor n in "
        f"{sum(fit.population for fit in fits)} of {len(fits)} rows, with n - 1 in "
        f"{sum(fit.sample for fit in fits)} of {len(fits)}"
        + (": some rows allow only the one, some only the other" if mixed else ""),
        suggestion="Say whether a standard deviation is divided by n or by n - 1, and use one of them.",
        numbers=tuple(fit.figures.sd for fit in possible),
    )


def _is_second_hand(table: Table) -> bool:
    """Whether a document says that it prints somebody else's figures."""
    return SECOND_HAND.search(" ".join((table.caption, *table.section))) is not None


def _regularity(rows: Sequence[Figures]) -> Iterator[Looked]:
    """Remark on tables in which minimum and maximum lie one sd from the mean, row after row."""
    regular = [figures for figures in rows if figures.is_regular and figures.n > 2]
    if not regular:
        return
    numbers = tuple(number for figures in regular for number in figures.numbers)
    if len(regular) < REGULAR or 2 * len(regular) < len(rows):
        yield passed(CHECK, *numbers)
        return
    first = regular[0]
    names = ", ".join(figures.subject for figures in regular)
    yield failed(
        CHECK,
        Severity.NOTE if _is_second_hand(first.table) else Severity.WARNING,
        first.place,
        first.words,
        expected="minimum and maximum that do not follow from mean and standard deviation",
        how=f"minimum = mean - sd and maximum = mean + sd in {len(regular)} of {len(rows)} rows ({names})",
        suggestion="Check whether minimum and maximum were measured, or computed from mean and sd.",
        numbers=numbers,
    )


def _repeats(found: Sequence[Figures]) -> Iterator[Looked]:
    """Remark on two cells of one subject with the same minimum and maximum to the last digit."""
    for one, other in itertools.combinations(found, 2):
        if one.subject != other.subject or one.table is other.table:
            continue
        pairs = zip(one.numbers[1:], other.numbers[1:], strict=True)
        sd, *ends = [first.text == second.text for first, second in pairs]
        if not all(ends):
            continue
        words = "sd, minimum and maximum" if sd else "minimum and maximum"
        figures = ", ".join(number.text for number in other.numbers[1 if sd else 2 :])
        yield failed(
            CHECK,
            Severity.NOTE if _is_second_hand(other.table) else Severity.WARNING,
            other.minimum.place,
            other.words,
            expected=f"{words} of their own in each of two cells",
            how=f"{words} are {figures} in line {one.place.line} as well as in line {other.place.line}",
            suggestion="Check whether one of the two cells was copied from the other.",
            numbers=(*one.numbers[1:], *other.numbers[1:]),
        )
