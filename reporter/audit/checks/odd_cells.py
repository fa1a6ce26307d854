"""Is there one cell that is unlike all others of its column, in a way that a slip of one digit explains?"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from reporter.audit.checks._rarity import is_slip
from reporter.audit.checks._series import Series, parted, quoted, rows_as_series, series_of
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Kind, Printed, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "odd_cells"
TESTS = re.compile(r"^(number of )?(tests|comparisons)$", re.I)  # of one family, so the same in all rows
OF_N = re.compile(r"^(n|answers|replies|prompts|questions|models|runs|samples)$", re.I)
# Lies between thousandths and thousands, or between thousandths and one.
WIDE = re.compile(r"\bBayes factor|\bBF\s?[01]*\b|^(?:adjusted )?p\b", re.I)
HALF = 0.5
FEWEST = 5  # numbers that agree, before one that does not is remarked on
FEWEST_FAR = 4
FEWEST_WHOLES = 3
FEWEST_SIGNED = 4
VERY_FAR = 5.0  # times the one value of a column with decimals
WIDELY = 3.0  # times the smallest number, from which on numbers differ by factors, not by amounts
FAR = 3.0  # times the range of the others that an odd number lies outside it
MANY_TABLES = 5  # without a bold number, before a single one is remarked on


def odd_cells(reading: Reading) -> Iterator[Looked]:
    """Look for the one number of a column that does not go with the others.

    Assumes nothing about what a column holds, and so warns only where a slip would explain it: a column that
    is constant but for one larger number; a number far outside all others that one other digit would bring
    among them; one number without a sign where all others have one; one share of another whole; and the
    only bold number of a document with many tables; one value with its uncertainty before it.
    """
    for table in reading.document.tables:
        for series in parted(table):
            yield from _constant(table, series)
            yield from _far_out(table, series.present, series)
        for series in series_of(table):
            yield from _signs(table, series)
        for series in (*rows_as_series(table), *rows_as_series(table, part=1)):
            yield from _far_out(table, series.present, None)
        yield from _wholes(table)
        yield from _uncertain(table)
        yield from _far_out(table, [sd for _, sd in _with_uncertainty(table)], None)
    yield from _bold(reading)


def _warned(number: Printed, table: Table, expected: str, how: str, others: Sequence[Printed]) -> Looked:
    row = next((row for row in table.rows if row[0].place.line == number.place.line), table.rows[0])
    return failed(
        CHECK,
        Severity.WARNING,
        number.place,
        quoted(row),
        expected=expected,
        how=how,
        suggestion="Check the number, or say why it differs.",
        numbers=(number, *others),
    )


def _constant(table: Table, series: Series) -> Iterator[Looked]:
    """A column of one value, but for one: a count that is larger by a slip, or a number far off by one."""
    counts = Counter(number.text for number in series.present)
    if len(counts) > 2 or len(series.present) <= FEWEST:
        return
    (usual, times), *rest = counts.most_common()
    if not rest:
        yield passed(CHECK, *series.present)
        return
    odd = next(number for number in series.present if number.text == rest[0][0])
    one = next(number for number in series.present if number.text == usual)
    if rest[0][1] > 1 or not _is_odd(one, odd, series.head):
        return
    yield _warned(odd, table, usual, f'"{series.head}" is {usual} in all {times} other rows', [one])


def _is_odd(usual: Printed, odd: Printed, head: str) -> bool:
    """Whether a cell is a slip: in a column of n a larger number, or one not half as large, as well.

    Fewer than usual may have been left out, so that a count which is merely smaller is none.
    """
    ratio = abs(odd.value / usual.value) if usual.value else math.inf
    if TESTS.search(head):
        return True
    if usual.decimals:
        return is_slip(usual, odd) and not 1 / VERY_FAR < ratio < VERY_FAR
    return (ratio > 1 and is_slip(usual, odd)) or (OF_N.search(head) is not None and not HALF < ratio <= 1)


def _signs(table: Table, series: Series) -> Iterator[Looked]:
    """A column of signed numbers, plus signs among them, and one without."""
    bare = [number for number in series.present if not number.signed]
    others = [number for number in series.present if number.signed]
    if len(others) < FEWEST_SIGNED or not any(number.text.startswith("+") for number in others):
        return
    if not bare:
        yield passed(CHECK, *others)
    elif len(bare) == 1 and 0 < bare[0].value <= 2 * max(abs(number.value) for number in others):
        how = f'all {len(others)} other numbers of "{series.head}" have a sign'
        yield _warned(bare[0], table, f"+{bare[0].text} or \N{MINUS SIGN}{bare[0].text}", how, others)


def _with_uncertainty(table: Table) -> list[tuple[Printed, Printed]]:
    return [
        (quantity.numbers[0], quantity.numbers[1])
        for row in table.rows
        for cell in row[1:]
        for quantity in cell.quantities
        if quantity.kind is Kind.PLUS_MINUS and len(quantity.numbers) == 2
    ]


def _uncertain(table: Table) -> Iterator[Looked]:
    """A cell whose uncertainty is larger than its value, in a table where all others are far smaller."""
    pairs = _with_uncertainty(table)
    odd = [(value, sd) for value, sd in pairs if sd.value > abs(value.value)]
    small = all(2 * sd.value < abs(value.value) for value, sd in pairs if (value, sd) not in odd)
    if len(odd) == 1 and len(pairs) > FEWEST and small:
        value, sd = odd[0]
        how = f"in all {len(pairs) - 1} other cells of the table the second number is the smaller one"
        yield _warned(value, table, f"{sd.text} \N{PLUS-MINUS SIGN} {value.text}", how, [sd])


def _far_out(table: Table, numbers: Sequence[Printed], column: Series | None) -> Iterator[Looked]:
    """A number far outside the others that one other digit would bring among them."""
    if column and WIDE.search(column.head):
        return
    if (
        len(numbers) <= FEWEST_FAR
        or len({number.decimals for number in numbers}) > 1
        or not numbers[0].decimals
    ):
        return
    if len({number.text for number in numbers}) <= 2:
        return  # a constant column: see above
    for number in numbers:
        others = [other for other in numbers if other is not number]
        low, high = min(other.value for other in others), max(other.value for other in others)
        out = max(low - number.value, number.value - high)
        if out <= FAR * (high - low) or out <= FAR * abs(statistics.median(other.value for other in others)):
            continue
        if 0 < WIDELY * low < high and 0 < number.value < high * (high / low) ** 2:
            continue  # numbers of several magnitudes, as p values are: two more steps of the same size
        if any(low <= value <= high for value in _one_digit_off(number)):
            name = f'"{column.head}"' if column else "the row"
            span = f"{low:.{number.decimals}f} to {high:.{number.decimals}f}"
            yield _warned(
                number, table, f"a number like {span}", f"all others of {name} lie from {span}", others
            )


def _one_digit_off(number: Printed) -> Iterator[float]:
    """All values that differ from a number in one printed digit, or in its sign."""
    text = f"{abs(number.value):.{number.decimals}f}"
    sign = -1.0 if number.value < 0 else 1.0
    yield -number.value
    for place, letter in enumerate(text):
        if letter.isdigit():
            for digit in "0123456789":
                yield sign * float(text[:place] + digit + text[place + 1 :])


def _wholes(table: Table) -> Iterator[Looked]:
    """Shares of one whole in the whole table, but for one."""
    shares = [
        quantity
        for row in table.rows
        for cell in row[1:]
        for quantity in cell.quantities
        if quantity.kind is Kind.SHARE and len(quantity.numbers) == 2
    ]
    counts = Counter(quantity.numbers[1].text for quantity in shares)
    if len(shares) <= FEWEST_WHOLES or len(counts) > 2:
        return
    (usual, times), *rest = counts.most_common()
    if rest and rest[0][1] == 1:
        odd = next(quantity for quantity in shares if quantity.numbers[1].text != usual)
        how = f"all {times} other shares of the table are of {usual}"
        yield _warned(odd.numbers[1], table, f"{odd.numbers[0].text} of {usual}", how, ())
    elif not rest:
        yield passed(CHECK, *(quantity.numbers[1] for quantity in shares))


def _bold(reading: Reading) -> Iterator[Looked]:
    """The only bold number in all tables, where nothing says what bold means."""
    tables = reading.document.tables
    bold = [
        (table, quantity)
        for table in tables
        for row in table.rows
        for cell in row[1:]
        for quantity in cell.quantities
        if (quantity.bold or cell.bold) and quantity.first.decimals > 0
    ]
    explained = any("bold" in sentence.text.lower() for sentence in reading.document.sentences)
    if len(bold) == 1 and len(tables) > MANY_TABLES and not explained:
        table, quantity = bold[0]
        how = f"no other number in {len(tables)} tables is bold, and nothing says what bold means"
        yield _warned(quantity.first, table, quantity.first.text, how, ())
