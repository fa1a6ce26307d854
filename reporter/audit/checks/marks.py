"""Are marks, ranks, orders and percentages those that the numbers beside them give?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from reporter.audit.checks._series import NO_CLAIM, Series, quoted, series_of
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Kind, Printed, Quantity, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "marks"
ORDERED = re.compile(
    r"\b(rows|sorted|ordered|ranked|ranking|listed|arranged) (\w+ ){0,2}by\b|\bby (the )?size\b", re.I
)
RANK = re.compile(r"^(rank|place|position|#|no\.?)$", re.I)
SHARED = re.compile(r"^(share|proportion|fraction|rate|percent(age)?|%)\b|%|\bpercent(age)?\b", re.I)
LEAST_ORDERED = 4  # rows of a column that is called ordered


def marks(reading: Reading) -> Iterator[Looked]:
    """Compare marks with the numbers that they are about.

    Assumes that ``(min)`` and ``(max)`` speak of the column that they stand in (ties may each be marked);
    that a column of ranks counts from 1 along some other column; that a caption which names an order means
    a column that is in order but for one row; and that a percentage or share beside counts is theirs.
    """
    for table in reading.document.tables:
        columns = [series for series in series_of(table) if series.part == 0 and len(series.present) > 1]
        for series in columns:
            yield from _extremes(table, series)
        yield from _ranks(table, columns)
        yield from _order(table, columns)
        yield from _shares(table, columns)
    for sentence in reading.document.sentences:
        yield from _percentages(sentence.quantities, sentence.text)
    for table in reading.document.tables:
        for row in table.rows:
            for cell in row:
                yield from _percentages(cell.quantities, cell.text)


def _extremes(table: Table, series: Series) -> Iterator[Looked]:
    for index, row in enumerate(table.rows):
        number = series.numbers[index]
        mark = next((q.mark for q in row[series.column].quantities if q.mark and number in q.numbers), "")
        if number is None or not mark:
            continue
        pick = min if mark == "min" else max
        true = pick(series.present, key=lambda each: each.value)
        if true.value == number.value:
            yield passed(CHECK, *series.present)
            continue
        yield failed(
            CHECK,
            Severity.ERROR,
            number.place,
            quoted(row),
            expected=f"the mark ({mark}) at {true.text} ({true.place.row})",
            how=f"{mark} of the column is {true.text} in line {true.place.line}, not {number.text}",
            suggestion=f"Move the mark to {true.place.row or true.text}.",
            numbers=series.present,
        )


def _ranks(table: Table, columns: Sequence[Series]) -> Iterator[Looked]:
    """Find the column that a column of ranks follows in all rows but few, and test the others."""
    for ranks in columns:
        values = [int(number.value) for number in ranks.present if number.decimals == 0]
        if not RANK.search(ranks.head) or len(values) < len(table.rows) or min(values, default=0) != 1:
            continue
        departing = [
            (off, series)
            for series in columns
            if series is not ranks and len(series.present) == len(values)
            for sign in (1, -1)
            for off in [_out_of_rank(values, [sign * number.value for number in series.present])]
        ]
        off, series = min(departing, key=lambda pair: len(pair[0]), default=([], None))
        if series is None or len(off) > max(2, len(values) // 3):
            continue
        if not off:
            yield passed(CHECK, *ranks.present)
        for index, rank in off:
            number = ranks.present[index]
            yield failed(
                CHECK,
                Severity.ERROR,
                number.place,
                quoted(table.rows[index]),
                expected=f"rank {rank}",
                how=f'the rows in order of "{series.head}" put {series.present[index].text} at {rank}, '
                f"printed {number.text}",
                suggestion=f"Give it rank {rank}, or correct the number.",
                numbers=(number, series.present[index]),
            )


def _out_of_rank(ranks: Sequence[int], values: Sequence[float]) -> list[tuple[int, int]]:
    """List the places whose rank no order of equal values gives, with the first that one gives."""
    found = []
    for index, value in enumerate(values):
        first = 1 + sum(other < value for other in values)
        last = sum(other <= value for other in values)
        if not first <= ranks[index] <= last:
            found.append((index, first))
    return found


def _order(table: Table, columns: Sequence[Series]) -> Iterator[Looked]:
    """Where the caption names an order: the one column that is in order but for one row."""
    if not ORDERED.search(table.caption):
        return
    whole = [
        series
        for series in columns
        if len(series.present) == len(table.rows) >= LEAST_ORDERED
        and len({number.value for number in series.present}) >= LEAST_ORDERED - 1
    ]
    signed = {id(s): [[sign * n.value for n in s.present] for sign in (1, -1)] for s in whole}
    if any(values == sorted(values) for both in signed.values() for values in both):
        first = next(s for s in whole if any(values == sorted(values) for values in signed[id(s)]))
        yield passed(CHECK, *first.present)
        return
    nearly = [
        (s, out) for s in whole for values in signed[id(s)] for out in [_one_out(values)] if out is not None
    ]
    if len(nearly) != 1:
        return
    series, index = nearly[0]
    number = series.present[index]
    yield failed(
        CHECK,
        Severity.WARNING,
        number.place,
        quoted(table.rows[index]),
        expected=f'rows in order of "{series.head}", as the caption says',
        how=f"all rows but this are in order; {number.text} does not stand between its neighbours",
        suggestion="Correct the number, or the order of the rows.",
        numbers=series.present,
    )


def _one_out(values: Sequence[float]) -> int | None:
    """The first value without which all others are in rising order; None where it takes more than one."""
    out = [i for i in range(len(values)) if (rest := [*values[:i], *values[i + 1 :]]) == sorted(rest)]
    return out[0] if out else None


def _shares(table: Table, columns: Sequence[Series]) -> Iterator[Looked]:
    """Find the two counts that a column of shares divides in most rows, and test the others."""
    counts = [series for series in columns if series.is_whole and not SHARED.search(series.head)]
    for target in columns:
        percent = any(number.percent for number in target.present)
        if not SHARED.search(target.head) or (target.is_whole and not percent):
            continue
        pairs = [
            (part, whole)
            for part in counts
            for whole in counts
            if part is not whole and target not in (part, whole)
        ]
        tests = [[*_share_tests(target, part, whole)] for part, whole in pairs]
        best = max(tests, key=lambda each: sum(holds for _, _, holds in each), default=[])
        holding = sum(holds for _, _, holds in best)
        if not holding or 2 * holding < len(best):
            continue
        for index, numbers, holds in best:
            yield passed(CHECK, *numbers) if holds else _no_share(numbers, quoted(table.rows[index]))


def _share_tests(
    target: Series, part: Series, whole: Series
) -> Iterator[tuple[int, tuple[Printed, ...], bool]]:
    for index, (share, a, b) in enumerate(zip(target.numbers, part.numbers, whole.numbers, strict=True)):
        if share is not None and a is not None and b is not None and 0 <= a.value <= b.value > 0:
            yield index, (share, a, b), _is_share(share, a, b)


def _is_share(share: Printed, part: Printed, whole: Printed) -> bool:
    """Whether a share, or a percentage, is that of two counts; it may have been cut off."""
    scale = 100.0 if share.percent or share.value > 1 else 1.0
    value = scale * part.value / whole.value
    return share.holds(value) or (share.holds(value, truncated=True) and share.value <= value + SLACK)


def _percentages(quantities: Sequence[Quantity], words: str) -> Iterator[Looked]:
    """Test ``6/8 (75 %)``: a percentage right behind a count of so many."""
    listed = [quantity for quantity in quantities if quantity.kind not in NO_CLAIM]
    for share, behind in itertools.pairwise(listed):
        between = words.partition(share.text)[2].partition(behind.text)
        tight = between[1] and re.fullmatch(r"[\s\w]{0,16}[(,=]\s*(i\.e\. |about )?", between[0])
        if (
            share.kind is not Kind.SHARE
            or not behind.first.percent
            or behind.kind is not Kind.VALUE
            or not tight
        ):
            continue
        part, whole = share.numbers[:2]
        numbers = (behind.first, part, whole)
        holds = whole.value > 0 and _is_share(*numbers)
        yield passed(CHECK, *numbers) if holds else _no_share(numbers, words)


def _no_share(numbers: tuple[Printed, ...], words: str) -> Looked:
    share, part, whole = numbers
    scale = 100.0 if share.percent or share.value > 1 else 1.0
    value = scale * part.value / whole.value if whole.value else 0.0
    text = f"{value:.{share.decimals}f}{' %' if share.percent else ''}"
    return failed(
        CHECK,
        Severity.ERROR,
        share.place,
        words,
        expected=text,
        how=f"{part.text} / {whole.text} = {text}, printed {share.text}",
        suggestion=f"Print {text}, or correct the counts.",
        numbers=numbers,
    )
