"""Do stars, bold print and words of significance agree with the numbers that they stand beside?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from reporter.audit.checks._p_values import Span, p_span
from reporter.audit.checks._reported import Reported, n_of, reported
from reporter.audit.checks._verdict import failed, p_words, passed
from reporter.audit.document import Cell, Kind, Printed, Quantity, Sentence, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "stars"
LEVELS = (0.05, 0.01, 0.001)  # of one, two and three stars, where no legend says otherwise
ADJUSTED = r"\badjust|holm|bonferroni|[sš]id[aá]k|benjamini|\bfdr\b|threshold of|corrected|correction"
LISTED = re.compile(r"\bp\s*<\s*(0?\.\d+)|\bsignificant (?:models|pairs|axes|results)", re.I)
NOT_SIGNIFICANT = re.compile(
    r"\bn\.?s\.(?!\w)|\bns\b|\b(?:not|non-?|in)[ -]?significant|\bnot separable", re.I
)
SIGNIFICANT = re.compile(r"(?<!not )(?<!non-)(?<!in)\bsignificant(?:ly)?\b|^different\b", re.I)
CORRELATIONS = re.compile(r"correlat|\bspearman|\bpearson|\brho\b|\bpeak", re.I)
HEDGED = re.compile(
    r"\bno(?:t|ne|r)?\b|n't\b|\bnon|\bmarginal|\btrend|\bborderline|\bwhether\b|\bif\b|\btoo few\b"
    r"|\bneither\b",
    re.I,
)


def stars(reading: Reading) -> Iterator[Looked]:
    """Compare marks and words of significance with p, or with r and n.

    Assumes one star for .05, two for .01 and three for .001 unless words nearby speak of an adjustment,
    and that the numbers of one row rest on equally many values. A correlation is tested by the most
    lenient of Student's t, Fisher's z and the normal approximation.
    """
    for table in reading.document.tables:
        yield from _in_rows(table)
        yield from _bold_p(table)
        yield from _listed(table)
        yield from _starred_correlations(reading, table)
    for test in reported(reading.document):
        if test.source == "cell":
            yield from _verdict(test)
    for sentence in reading.document.sentences:
        yield from _in_words(sentence)


def _in_rows(table: Table) -> Iterator[Looked]:
    """Within a row: whatever has more stars is at least as large, since all rest on the same n."""
    if not CORRELATIONS.search(" ".join((table.caption, *table.heads, *table.section[-2:]))):
        return
    for row in table.rows:
        marked = [q for cell in row[1:] for q in _correlations_of(cell)]
        for few, many in pairwise(sorted({q.stars for q in marked})):
            largest = max((q for q in marked if q.stars == few), key=lambda q: abs(q.first.value))
            for quantity in (q for q in marked if q.stars == many):
                numbers = (quantity.first, largest.first)
                if abs(quantity.first.value) >= abs(largest.first.value):
                    yield passed(CHECK, *numbers)
                    continue
                yield failed(
                    CHECK,
                    Severity.WARNING,
                    largest.place,
                    f"{largest.text} beside {quantity.text}",
                    expected=f"at least as many stars for {largest.text} as for {quantity.text}",
                    how=f"in one row, at one n, |{largest.first.text}| is larger than "
                    f"|{quantity.first.text}| "
                    f"and has {few} stars to {many}",
                    suggestion="check the stars and the numbers of this row",
                    numbers=numbers,
                )


def _correlations_of(cell: Cell) -> list[Quantity]:
    """Give the values of a cell that can be correlations: inside -1..1, with decimals, not p."""
    return [
        q
        for q in cell.quantities
        if q.kind is Kind.VALUE
        and q.first.decimals > 0
        and abs(q.first.value) < 1
        and q.label in ("", "r", "rho")
        and q.first.relation == "="
    ]


def _bold_p(table: Table) -> Iterator[Looked]:
    """In a column of p: if some are bold, these are the smallest; stars keep their levels."""
    for index in [
        i for i, head in enumerate(table.heads) if re.fullmatch(r"p|p[- ]values?", head.strip(), re.I)
    ]:
        cells = [row[index] for row in table.rows if len(row[index].quantities) == 1]
        bold = [c for c in cells if c.bold or c.quantities[0].bold]
        plain = [c for c in cells if c not in bold]
        if bold and plain:
            yield _least(bold, plain)
        adjusted = re.search(ADJUSTED, " ".join((table.caption, *table.heads)), re.I)
        if any(c.quantities[0].stars for c in cells) and not adjusted:
            for cell in cells:
                yield _starred_p(cell)


def _least(bold: Sequence[Cell], plain: Sequence[Cell]) -> Looked:
    most = max(bold, key=lambda c: c.quantities[0].first.value).quantities[0].first
    least = min(plain, key=lambda c: c.quantities[0].first.value).quantities[0].first
    numbers = (most, least)
    if most.value <= least.value:
        return passed(CHECK, *numbers)
    return failed(
        CHECK,
        Severity.WARNING,
        most.place,
        most.text,
        expected="bold print for the smallest p",
        how=f"p = {most.text} is bold, p = {least.text} is smaller and is not",
        numbers=numbers,
        suggestion="say what bold print means, and use it for every p below that level",
    )


def _starred_p(cell: Cell) -> Looked:
    quantity = cell.quantities[0]
    p, count = quantity.first, quantity.stars
    low = 0.0 if p.relation in ("<", "<=") else p.low
    if count and low >= LEVELS[min(count, 3) - 1]:
        wrong = f"{count} stars stand for p < {LEVELS[min(count, 3) - 1]:g}"
    elif not count and p.high < LEVELS[0]:
        wrong = "other p values of this column that are below .05 have stars"
    else:
        return passed(CHECK, p)
    return failed(
        CHECK,
        Severity.WARNING,
        p.place,
        cell.text,
        expected=wrong,
        how=f"{cell.text}: {wrong}",
        numbers=(p,),
        suggestion="check the stars, or say what they stand for",
    )


def least_p(r: Printed, n: int) -> float:
    """Find the smallest p that the usual tests of a correlation give for any value that rounds to r."""
    size = min(max(abs(r.low), abs(r.high)), 1.0)
    return p_span("r", Span(size, size), [Span(n - 2, n - 2)]).low


def largest_p(r: Printed, n: int) -> float:
    """Find the largest p that the usual tests of a correlation give for any value that rounds to r."""
    size = 0.0 if r.low <= 0 <= r.high else min(abs(r.low), abs(r.high))
    normal = p_span("z", Span(size * (n - 1) ** 0.5, size * (n - 1) ** 0.5))
    return max(normal.high, p_span("r", Span(size, size), [Span(n - 2, n - 2)]).high)


def _listed(table: Table) -> Iterator[Looked]:
    """Under a head such as ``Models with p < 0.05``: every r of the list reaches that p at its n."""
    for index, head in enumerate(table.heads):
        listed = LISTED.search(head)
        n = n_of(" ".join((head, table.caption, *table.section[-1:])))
        if not listed or n is None or n < 4:
            continue
        alpha = float(listed.group(1) or 0.05)
        for row in table.rows:
            for quantity in (q for q in row[index].quantities if q.label in ("r", "rho")):
                yield _reaches(quantity, n, alpha, f"listed under {head!r}")


def _reaches(quantity: Quantity, n: int, alpha: float, mark: str) -> Looked:
    r = quantity.first
    if abs(r.value) > 1 or least_p(r, n) < alpha:
        return passed(CHECK, r)
    p = p_span("r", Span(abs(r.value), abs(r.value)), [Span(n - 2, n - 2)]).low
    return failed(
        CHECK,
        Severity.ERROR,
        quantity.place,
        quantity.text,
        expected=f"p = {p_words(p)}, not below {alpha:g}",
        how=f"r = {r.text} with n = {n}: t = r sqrt((n - 2)/(1 - r^2)) gives p = {p_words(p)}; it is {mark}",
        suggestion="take it off the list, or correct r",
        numbers=(r,),
    )


def _starred_correlations(reading: Reading, table: Table) -> Iterator[Looked]:
    """Compare single stars of a table of correlations with p from r and the n of its section."""
    cells = [q for row in table.rows for cell in row[1:] for q in _correlations_of(cell)]
    starred = [q for q in cells if q.stars]
    told = CORRELATIONS.search(" ".join((table.caption, *table.heads, *table.section[-2:])))
    if len(starred) < 3 or not told or re.search(ADJUSTED, " ".join((table.caption, *table.heads)), re.I):
        return
    n = n_of_table(reading, table)
    if n is None:
        return
    wrong = [q for q in starred if least_p(q.first, n) >= LEVELS[min(q.stars, 3) - 1]]
    unmarked = [q for q in cells if not q.stars and largest_p(q.first, n) < LEVELS[0]]
    if len(wrong) + len(unmarked) > len(cells) / 5:  # then these stars are of another kind
        return
    for quantity in cells:
        if quantity in wrong:
            yield _reaches(quantity, n, LEVELS[min(quantity.stars, 3) - 1], "starred")
        elif quantity in unmarked:
            p = largest_p(quantity.first, n)
            yield failed(
                CHECK,
                Severity.WARNING,
                quantity.place,
                quantity.text,
                expected="a star",
                how=f"r = {quantity.first.text} with n = {n} has p at most {p_words(p)}; others like "
                "it are starred",
                suggestion="check r and its star",
                numbers=(quantity.first,),
            )
        else:
            yield passed(CHECK, quantity.first)


def n_of_table(reading: Reading, table: Table) -> int | None:
    """Find the n that a table's caption, its title, its section, or the part around it states."""
    words = " ".join((table.caption, *table.heads))
    near = [s.text for s in reading.document.inside(table.section)]
    part = [s.text for s in reading.document.sentences if s.section[:2] == table.section[:2]]
    for text in (words, " ".join(table.section[-1:]), " ".join(near), " ".join((*table.section, *part))):
        n = n_of(text)
        if n is not None:
            return n
    return None


def _verdict(test: Reported) -> Iterator[Looked]:
    """In a row: a word that says significant goes with p below .05, one that says not, with p above."""
    p = test.adjusted if test.adjusted is not None else test.p
    if p is None or not test.verdict or (test.adjusted is None and test.says(r"equivalen|\btost\b")):
        return
    says_not, says = bool(NOT_SIGNIFICANT.search(test.verdict)), bool(SIGNIFICANT.search(test.verdict))
    if says_not == says:
        return
    low = 0.0 if p.relation in ("<", "<=") else p.low
    if (says and low < LEVELS[0]) or (says_not and p.high >= LEVELS[0]):
        yield passed(CHECK, p)
        return
    yield failed(
        CHECK,
        Severity.ERROR,
        p.place,
        test.words,
        expected=f"p {'below' if says else 'at least'} .05",
        how=f"p {p.relation} {p.text} stands beside {test.verdict!r}",
        numbers=(p,),
        suggestion="check p and the word beside it",
    )


def _in_words(sentence: Sentence) -> Iterator[Looked]:
    """In a sentence with one p: ``significant`` goes with p below .05, ``n.s.`` with p above."""
    p_values = [q for q in sentence.quantities if q.label in ("p", "p_adjusted")]
    if len(p_values) != 1 or sentence.block == "heading":
        return
    p = p_values[0].first
    low = 0.0 if p.relation in ("<", "<=") else p.low
    high = 1.0 if p.relation in (">", ">=") else p.high
    if NOT_SIGNIFICANT.search(sentence.text) and high < LEVELS[0]:
        wrong = "p of at least .05, or no word of non-significance"
    elif SIGNIFICANT.search(sentence.text) and not HEDGED.search(sentence.text) and low > LEVELS[0]:
        wrong = "p below .05, or no word of significance"
    else:
        return
    yield failed(
        CHECK,
        Severity.WARNING,
        p.place,
        sentence.text,
        expected=wrong,
        numbers=(p,),
        how=f"the sentence and its p {p.relation} {p.text} disagree at the level of .05",
        suggestion="say what the p value shows at the declared level",
    )
