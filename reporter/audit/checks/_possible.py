"""Numbers that cannot be, or cannot stand where they stand: p above 1, a lone star, an odd level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Document, Kind, Place, Printed, Quantity, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.words import statistic_of

CHECK = "reported_tests"
SHARE = re.compile(r"\bshare\b|\bproportion\b", re.I)
STARS = re.compile(r"\bstar|\*|\bsignifican", re.I)
STATED = re.compile(
    r"(?<![\d.])(\d{2}(?:\.\d+)?)\s?%\s(?:CIs?|confidence|intervals?|prediction intervals?)\b"
)
USUAL = {"50", "67", "68", "80", "90", "95", "98", "99"}
BOUNDED = ("r", "rho")
POSITIVE = ("sd", "se", "F", "chi2", "df", "n")
P_LABELS = ("p", "p_adjusted")


def possible(document: Document) -> Iterator[Looked]:
    """Look at every labelled number, and at columns whose head says what stands below it."""
    for quantity in document.quantities():
        if quantity.kind is Kind.VALUE and quantity.label in (*P_LABELS, *BOUNDED, *POSITIVE):
            yield _labelled(quantity.first, quantity.label, quantity.text)
    for sentence in document.sentences:
        shares = [q for q in sentence.quantities if q.kind is Kind.SHARE and len(q.numbers) == 2]
        yield from _totals(shares, least=3, where="sentence")
    for table in document.tables:
        yield from _columns(table)
        yield from _peaks(table)
        yield from _named_rows(table)
        yield from _named_ends(table)
        cells = [cell for row in table.rows for cell in row]
        shares = [
            q for cell in cells for q in cell.quantities if q.kind is Kind.SHARE and len(q.numbers) == 2
        ]
        yield from _totals(shares, least=5, where="table")
        yield from _lone_star(table)
        yield from _lone_bold(table)
    yield from _levels(document)


def _labelled(number: Printed, label: str, text: str) -> Looked:
    """Look whether a number can be what its label says."""
    wrong, below = "", number.relation == "<"
    if label in P_LABELS:
        if number.value > 1 or number.value < 0 or (below and number.value == 0):
            wrong = "p lies between 0 and 1"
        elif number.value == 0 and number.relation == "=" and number.decimals:
            return _zero(number, text)
    elif label in BOUNDED and abs(number.value) > 1:
        wrong = "a correlation lies between -1 and 1"
    elif label in POSITIVE and number.value < 0:
        wrong = f"{label} cannot be negative"
    elif label == "n" and number.decimals and number.value != int(number.value):
        wrong = "n is a whole number"
    return _impossible(number, text, wrong) if wrong else passed(CHECK, number)


def _zero(number: Printed, text: str) -> Looked:
    bound = f"p < {10.0**-number.decimals:.{number.decimals}f}"
    return failed(
        CHECK,
        Severity.WARNING,
        number.place,
        text,
        expected=bound,
        how="no test gives p = 0; rounding to so few digits only shows that p is below the last one",
        suggestion=bound,
        numbers=(number,),
    )


def _impossible(number: Printed, text: str, wrong: str, *, place: Place | None = None) -> Looked:
    return failed(
        CHECK,
        Severity.ERROR,
        place or number.place,
        text,
        expected=wrong,
        how=f"{text}: {wrong}",
        suggestion="print the number that was computed",
        numbers=(number,),
    )


def _columns(table: Table) -> Iterator[Looked]:
    """Look at plain numbers under heads such as sd, df, share; p and rho are looked at by bounds."""
    for index, head in enumerate(table.heads[1:], start=1):
        label = statistic_of(head)
        for row in table.rows:
            for quantity in row[index].quantities:
                if quantity.label or quantity.kind is not Kind.VALUE or len(row[index].quantities) != 1:
                    continue
                if SHARE.search(head):
                    yield from _share(quantity.first, head)
                elif (
                    label in (*POSITIVE, *(() if statistic_of(head) else P_LABELS))
                    and not quantity.first.percent
                ):
                    yield _labelled(quantity.first, label, f"{head}: {quantity.text}")


def _named_rows(table: Table) -> Iterator[Looked]:
    """Look at rows whose own name ends in p, as those of a register: ``signed_rank.p``."""
    for row in table.rows:
        if re.search(r"[._ ]p$", row[0].text.strip()):
            for quantity in (q for cell in row[1:] for q in cell.quantities[:1]):
                if quantity.kind is Kind.VALUE and not quantity.label:
                    yield _labelled(quantity.first, "p", f"{row[0].text}: {quantity.text}")
                    break


def _named_ends(table: Table) -> Iterator[Looked]:
    """Look at pairs of rows such as ``change.low`` and ``change.high``: the first is not above the second."""
    found: dict[str, dict[str, Printed]] = {}
    for row in table.rows:
        end = re.fullmatch(r"(.+)[._](low|high|minimum|maximum)", row[0].text.strip())
        numbers = [q.first for q in row[1].quantities if q.kind is Kind.VALUE] if len(row) > 1 else []
        if end and len(numbers) == 1:
            side = "low" if end[2] in ("low", "minimum") else "high"
            found.setdefault(end[1], {})[side] = numbers[0]
    for name, ends in found.items():
        if len(ends) == 2 and ends["low"].low > ends["high"].high:
            text = f"{name}: {ends['low'].text} to {ends['high'].text}"
            yield _impossible(ends["high"], text, "the lower end is not above the upper one")


def _share(number: Printed, head: str) -> Iterator[Looked]:
    top = 100 if number.percent or "%" in head else 1
    if 0 <= number.value <= top:
        yield passed(CHECK, number)
    elif number.value < 0 or number.decimals > 0:
        yield _impossible(number, f"{head}: {number.text}", f"between 0 and {top}")


def _peaks(table: Table) -> Iterator[Looked]:
    """Look for a peak beyond -1..1 in a column whose others are correlations."""
    for index in range(1, len(table.heads)):
        cells = [row[index].quantities for row in table.rows]
        peaks = [q[1] for q in cells if len(q) == 2 and q[0].kind is Kind.LAYER and q[1].kind is Kind.VALUE]
        beyond = [q for q in peaks if abs(q.first.value) > 1]
        if len(beyond) == 1 and len(peaks) > 1:
            yield _impossible(beyond[0].first, beyond[0].text, "a correlation lies between -1 and 1")


def _totals(shares: list[Quantity], *, least: int, where: str) -> Iterator[Looked]:
    """Look for one share whose total is not that of all others beside it."""
    totals = Counter(q.numbers[1].text for q in shares)
    if len(shares) < least or len(totals) != 2 or min(totals.values()) != 1:
        return
    usual = totals.most_common(1)[0][0]
    for odd in (q for q in shares if q.numbers[1].text != usual):
        yield failed(
            CHECK,
            Severity.WARNING,
            odd.place,
            odd.text,
            expected=f"out of {usual}",
            how=f"{len(shares) - 1} other shares of this {where} are out of {usual}",
            suggestion=f"check {odd.text}",
            numbers=odd.numbers,
        )


def _lone_star(table: Table) -> Iterator[Looked]:
    """Look for the only star of a table that nothing explains."""
    numbers = [q for row in table.rows for cell in row[1:] for q in cell.quantities]
    starred = [q for q in numbers if q.stars]
    around = " ".join((table.caption, *table.heads))
    if len(starred) == 1 and len(numbers) > 5 and not STARS.search(around):
        yield failed(
            CHECK,
            Severity.WARNING,
            starred[0].place,
            starred[0].text,
            expected="a legend, or no star",
            how=f"one of {len(numbers)} numbers of the table has a star, and nothing says what it means",
            suggestion="say what the star stands for",
            numbers=(starred[0].first,),
        )


def _lone_bold(table: Table) -> Iterator[Looked]:
    """Look for the only bold number of a table, which is neither the least nor the largest of its column."""
    cells = [
        (index, cell) for row in table.rows for index, cell in enumerate(row) if index and cell.quantities
    ]
    bold = [(index, cell) for index, cell in cells if cell.bold or any(q.bold for q in cell.quantities)]
    words = " ".join((table.caption, *table.heads))
    if len(bold) != 1 or len(cells) < 8 or re.search(r"\bbold|\bmarked", words, re.I):
        return
    index, cell = bold[0]
    quantity = next((q for q in cell.quantities if q.bold), cell.quantities[0])
    column = [q.first.value for row in table.rows for q in row[index].quantities[:1]]
    if quantity is cell.quantities[0] and quantity.first.value in (min(column), max(column)):
        return
    yield failed(
        CHECK,
        Severity.WARNING,
        quantity.place,
        cell.text,
        expected="a word on what bold print means",
        how=f"one of {len(cells)} cells is bold; it is neither the least nor the largest of its column, and "
        "nothing says why",
        suggestion="say what bold print means, or take it off",
        numbers=(quantity.first,),
    )


def _levels(document: Document) -> Iterator[Looked]:
    """Look for one interval at a level that nobody uses, in a document that uses another."""
    found = [(level, s) for s in document.sentences for level in STATED.findall(s.text)]
    counts = Counter(level for level, _ in found)
    if not counts or counts.most_common(1)[0][1] < 5:
        return
    usual = counts.most_common(1)[0][0]
    for level, sentence in found:
        if counts[level] == 1 and level not in USUAL:
            numbers = tuple(q.first for q in sentence.quantities if q.first.text == level)
            yield failed(
                CHECK,
                Severity.WARNING,
                sentence.place,
                sentence.text,
                expected=f"{usual} %",
                how=f"{counts[usual]} intervals are stated at {usual} %, this one at {level} %",
                suggestion=f"say why this interval is at {level} %",
                numbers=numbers,
            )
