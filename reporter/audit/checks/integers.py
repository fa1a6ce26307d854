"""Can means and standard deviations be those of whole numbers, or of zeros and ones, as the document says?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from reporter.audit.checks._series import quoted, series_of
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Document, Printed, Sentence, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "integers"
WHOLE = re.compile(
    r"\blikert\b|\b\d+-point scale\b|\bwhole numbers?\b|\binteger(s|-valued)?\b"
    r"|\bratings? (from|of) \d+ to \d+\b",
    re.I,
)
BINARY = re.compile(r"\bbinary\b|\bdichotomous\b|\b0/1\b|\b(0 or 1|zeros? and ones?)\b|\byes[/ ]no\b", re.I)
MEANS = ("mean", "M", "m", "average")
SPREADS = ("sd", "SD")


def integers(reading: Reading) -> Iterator[Looked]:
    """Test means and standard deviations of data that the document says are whole numbers, or binary.

    Assumes one item for each of the n values, and that the words which say so (a Likert scale, whole
    numbers, binary answers) are about the table under them or the sentence that they stand in. A mean must
    be a whole sum over n (GRIM: Brown & Heathers 2017, doi:10.1177/1948550616673876); with it the squares
    must add up to a whole number that is odd where the sum is (GRIMMER: Allard 2018); of zeros and ones the
    mean fixes the standard deviation (DEBIT: Heathers & Brown 2019). Either divisor of the sd will do.
    """
    for table in reading.document.tables:
        if kind := _kind(_words_about(reading.document, table)):
            yield from _table(table, kind)
    for sentence in reading.document.sentences:
        if kind := _kind(sentence.text):
            yield from _sentence(sentence, kind)


def _kind(words: str) -> str:
    return "binary" if BINARY.search(words) else "whole" if WHOLE.search(words) else ""


def _words_about(document: Document, table: Table) -> str:
    """What is said of a table: caption, heads, innermost title, and the sentence right before it."""
    before = [s for s in document.inside(table.section) if s.place.line < table.place.line]
    return " ".join((table.caption, *table.heads, *table.section[-1:], *(s.text for s in before[-1:])))


def _table(table: Table, kind: str) -> Iterator[Looked]:
    found = series_of(table)
    firsts = {series.statistic: series for series in reversed(found) if series.part == 0}
    mean, count = firsts.get("mean"), firsts.get("n")
    if mean is None or count is None:
        return
    paired = [series for series in found if series.column == mean.column and series.part == 1]
    sd = firsts.get("sd", paired[0] if paired else None)
    for index, row in enumerate(table.rows):
        average, n = mean.numbers[index], count.numbers[index]
        if average is not None and n is not None:
            yield _tested(average, sd.numbers[index] if sd else None, n, kind, quoted(row))


def _sentence(sentence: Sentence, kind: str) -> Iterator[Looked]:
    """Test ``M = 3.47, SD = 1.20, n = 25``, where each stands once."""

    def of(labels: Sequence[str]) -> list[Printed]:
        return [q.first for q in sentence.quantities if q.label in labels]

    means, spreads, counts = of(MEANS), of(SPREADS), of(("n", "N"))
    if len(means) == 1 and len(counts) == 1 and len(spreads) <= 1:
        yield _tested(means[0], spreads[0] if spreads else None, counts[0], kind, sentence.text)


def _tested(mean: Printed, sd: Printed | None, count: Printed, kind: str, words: str) -> Looked:
    numbers = (mean, count) if sd is None else (mean, sd, count)
    n = int(count.value)
    if n < 1 or count.decimals:
        return passed(CHECK, *numbers)
    sums = whole_sums(mean, n)
    if not sums or (kind == "binary" and not 0 <= sums[0] <= n):
        nearest = round(mean.value * n)
        return failed(
            CHECK,
            Severity.ERROR,
            mean.place,
            words,
            expected=f"a mean of {n} {kind if kind == 'binary' else 'whole'} values, such as {nearest}/{n}",
            how=f"{nearest - 1}/{n}, {nearest}/{n}, {nearest + 1}/{n} = "
            + ", ".join(f"{(nearest + step) / n:.{mean.decimals + 2}f}" for step in (-1, 0, 1))
            + f": none is rounded to {mean.text}",
            suggestion="Check the mean and n, or say that values are not whole numbers.",
            numbers=numbers,
        )
    possible = sd is None or n < 2 or any(_sd_fits(total, sd, n, kind) for total in sums)
    return passed(CHECK, *numbers) if possible else _no_such_sd(mean, sd, n, sums, kind, words, numbers)


def whole_sums(mean: Printed, n: int) -> list[int]:
    """List the whole sums that n values can have whose mean is rounded to this one (GRIM)."""
    low, high = math.ceil(mean.low * n), math.floor(mean.high * n)
    return [*range(low, high + 1)]


def _sd_fits(total: int, sd: Printed, n: int, kind: str) -> bool:
    """Tell whether values with this sum can have this sd, with either divisor (GRIMMER and DEBIT)."""
    for divisor in (n - 1, n):
        if kind == "binary":
            if sd.holds(math.sqrt(max(total * (n - total) / n / divisor, 0.0))):
                return True
            continue
        least, most = (divisor * max(end, 0.0) ** 2 + total**2 / n for end in (sd.low, sd.high))
        squares = range(math.ceil(least - SLACK), math.floor(most + SLACK) + 1)
        if any((square - total) % 2 == 0 and square >= _least_squares(total, n) for square in squares):
            return True
    return False


def _least_squares(total: int, n: int) -> int:
    """The least sum of squares of n whole numbers with this sum: all as equal as they can be."""
    each, more = divmod(total, n)
    return (n - more) * each**2 + more * (each + 1) ** 2


def _no_such_sd(
    mean: Printed,
    sd: Printed | None,
    n: int,
    sums: Sequence[int],
    kind: str,
    words: str,
    numbers: tuple[Printed, ...],
) -> Looked:
    assert sd is not None
    total = sums[0]
    if kind == "binary":
        sizes = [math.sqrt(max(total * (n - total), 0) / n / divisor) for divisor in (n - 1, n)]
        expected = f"an sd of {sizes[0]:.{sd.decimals}f} (or {sizes[1]:.{sd.decimals}f} with divisor n)"
        how = (
            f"sqrt({total} x {n - total} / {n} / {n - 1}) = {sizes[0]:.{sd.decimals + 2}f}, printed {sd.text}"
        )
    else:
        expected = f"an sd that {n} whole numbers with mean {mean.text} can have"
        how = (
            f"the squares of {n} whole numbers with sum {total} add up to {n - 1} x sd^2 + {total}^2 / {n}, "
            f"no {'odd' if total % 2 else 'even'} whole number for any sd that is rounded to {sd.text}"
        )
    return failed(
        CHECK,
        Severity.ERROR,
        sd.place,
        words,
        expected=expected,
        how=how,
        suggestion="Compute mean and standard deviation again from the values.",
        numbers=numbers,
    )
