"""Do differences, distances, products and directions in sentences follow from the document's numbers?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from reporter.audit.checks._columns import Column, Names, columns, with_subjects
from reporter.audit.checks._multiples import multiples, parts_and_drops
from reporter.audit.checks._reported import with_offsets
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import SLACK, Kind, Printed, Quantity, Sentence
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "prose_arithmetic"
DISTANCE = re.compile(
    r"^\s*(?:nats?|bits?)?\s*(?P<side>below|above|under|over|short of)\b(?P<what>[^.;:()]{0,45})\(?$", re.I
)
CUT = re.compile(r"\b(?:threshold|cut|cut-?off|limit|bound|boundary|line|mark|zero)\b", re.I)
VERSUS = re.compile(
    r"^\s*(?:nats?|bits?)?\s*\((?P<pair>[^()]{3,60}?\b(?:vs\.?|versus|and|against)\b[^()]{2,60})\)"
)
WITHIN = re.compile(r"\bwithin\s*$|\bvar(?:y|ies) (?:by|within)\s*$", re.I)
CROSSED = re.compile(r"\bcross(?:ed|es|ing)?\b[^.;()]{0,30}$", re.I)
PEAK = re.compile(r"\bpeak:?\s*$", re.I)
UP = re.compile(r"\b(increas\w*|rose|grew|higher|up)\b", re.I)
DOWN = re.compile(r"\b(decreas\w*|fell|dropp\w*|lower|down|shrank)\b", re.I)
NOT = re.compile(r"\bnot?\b|\bnever\b|n't\b|\bno\b", re.I)
NOUN = r"(?:\s*(?!x\b)[a-z_]+)?"
PRODUCT = re.compile(
    rf"(?<![\d.,])(\d+)\s+[^\d=.;]{{0,30}}=\s*(\d+){NOUN}\s*[×x*]\s*(\d+){NOUN}(?:\s*[×x*]\s*(\d+)\b)?(?!\s*[×x*+/-])"
)
FRACTION = re.compile(r"\b1/(\d+)(?:th|rd|nd)?\s+(?:of\s+)?(?:the\s+)?(?P<noun>[a-z]+)", re.I)
RANGE_OF = re.compile(r"\brange(?:\s+of)?\s*$|\bspan(?:s|ning)?(?:\s+of)?\s*$", re.I)
CHANGE_OF = re.compile(r"\b(?:change|difference|delta)[ds]?(?:\s+of)?\s*$|Δ\s*=?\s*$|[(,]\s*$", re.I)


def prose_arithmetic(reading: Reading) -> Iterator[Looked]:
    """Redo the arithmetic of sentences whose numbers all stand in the document.

    Assumes that a threshold is exact as printed, that a difference between two named members is about one
    column (any that gives it will do), and that a sentence which names nobody goes on about the one before.
    """
    names = Names(reading)
    tables = columns(reading, names)
    heads = " ".join(head for table in reading.document.tables for head in table.heads).lower()
    for sentence, subjects in with_subjects(reading.document, names):
        if sentence.block == "heading":
            continue
        placed = with_offsets(sentence)
        yield from _distances(sentence, placed, subjects, tables)
        yield from _versus(sentence, placed, names, tables)
        yield from _plus_minus(sentence, placed, tables)
        yield from _crossed(sentence, placed, subjects, tables)
        yield from _moves(sentence, placed)
        yield from _spans(sentence, placed)
        yield from multiples(sentence, names, tables)
        yield from parts_and_drops(sentence)
        yield from _products(sentence)
        yield from _peak_of(sentence, placed, subjects, tables)
        yield from _fractions(sentence, heads)


Placed = Sequence[tuple[int, Quantity]]


def _between(sentence: Sentence, placed: Placed, index: int) -> str:
    """Give the text from the end of one quantity to the beginning of the next."""
    at, quantity = placed[index]
    end = at + len(quantity.text)
    return sentence.text[end : placed[index + 1][0]] if index + 1 < len(placed) else sentence.text[end:]


def _distances(
    sentence: Sentence, placed: Placed, subjects: Sequence[str], tables: Sequence[Column]
) -> Iterator[Looked]:
    """Check ``2.5 ... still 0.5 nats below the threshold (3.0)``."""
    for index in range(len(placed) - 1):
        stated, threshold = placed[index][1], placed[index + 1][1]
        side = DISTANCE.match(_between(sentence, placed, index))
        plain = stated.kind is Kind.VALUE and threshold.kind is Kind.VALUE
        cut = side and (threshold.label == "threshold" or CUT.search(side["what"]))
        if not side or not cut or not plain or stated.first.decimals == 0 or stated.first.percent:
            continue
        before = [
            q.numbers[-1] for _, q in placed[:index] if q.kind in (Kind.VALUE, Kind.MOVE, Kind.PLUS_MINUS)
        ]
        values = [n for n in before[-1:] if n.decimals == stated.first.decimals]
        if not values:
            values = [
                c.of[name] for name in subjects[:1] for c in tables if c.statistic == "mean" and name in c.of
            ]
        if not values:
            continue
        yield _distance(sentence, stated.first, threshold.first, values, side["side"].lower())


def _distance(
    sentence: Sentence, stated: Printed, threshold: Printed, values: Sequence[Printed], side: str
) -> Looked:
    sign = -1 if side in ("below", "under", "short of") else 1
    numbers = (stated, threshold, *values)
    for value in values:
        if (
            abs(sign * (value.value - threshold.value) - stated.value)
            <= stated.half_width + value.half_width + SLACK
        ):
            return passed(CHECK, *numbers)
    value = values[-1]
    right = sign * (value.value - threshold.value)
    return failed(
        CHECK,
        Severity.ERROR,
        stated.place,
        sentence.text,
        expected=f"{right:.{stated.decimals}f} {side}",
        how=f"{value.text} - {threshold.text} = {value.value - threshold.value:+.{value.decimals}f}, "
        f"printed {stated.text} {side}",
        numbers=numbers,
        suggestion=f"{abs(right):.{stated.decimals}f} "
        f"{'below' if value.value < threshold.value else 'above'} {threshold.text}",
    )


def _versus(sentence: Sentence, placed: Placed, names: Names, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check ``0.30 nats (A vs B)`` against every column that has both."""
    for at, quantity in placed:
        rest = sentence.text[at + len(quantity.text) :]
        match = VERSUS.match(rest)
        if not match or quantity.kind is not Kind.VALUE or quantity.first.decimals == 0:
            continue
        pair = names.within(match["pair"])
        having = [c for c in tables if len(pair) == 2 and all(name in c.of for name in pair)]
        stated = quantity.first
        having = [c for c in having if c.of[pair[0]].decimals >= stated.decimals]
        means = [c for c in having if c.statistic == "mean"] or having
        if not means:
            continue
        gaps = {c.head: abs(c.of[pair[0]].value - c.of[pair[1]].value) for c in means}
        numbers = (stated, *(c.of[name] for c in means for name in pair))
        room = stated.half_width + 2 * means[0].of[pair[0]].half_width + SLACK
        if any(abs(gap - abs(stated.value)) <= room / 1.5 + SLACK for gap in gaps.values()):
            yield from _no_variance(sentence, quantity, numbers)
            continue
        shown = ", ".join(f"{gap:.{stated.decimals}f} ({head})" for head, gap in gaps.items())
        yield failed(
            CHECK,
            Severity.ERROR,
            stated.place,
            sentence.text,
            expected=shown,
            how=f"{pair[0]} less {pair[1]} in each column of means: {shown}; printed {stated.text}",
            suggestion=f"{shown}",
            numbers=numbers,
        )


def _no_variance(sentence: Sentence, quantity: Quantity, numbers: tuple[Printed, ...]) -> Iterator[Looked]:
    """Pass a difference that is right, unless it is called a variance."""
    if not re.search(r"\bvariance\b", sentence.text, re.I):
        yield passed(CHECK, *numbers)
        return
    yield failed(
        CHECK,
        Severity.NOTE,
        quantity.place,
        sentence.text,
        expected="a difference, or a range",
        how=f"{quantity.text} is the difference of two members; a variance is the mean of squared deviations",
        suggestion="difference",
        numbers=numbers,
    )


def _peak_of(
    sentence: Sentence, placed: Placed, subjects: Sequence[str], tables: Sequence[Column]
) -> Iterator[Looked]:
    """Note a number that is called a peak where the document prints a larger maximum of the same member."""
    for at, quantity in placed:
        if quantity.kind is not Kind.VALUE or not PEAK.search(sentence.text[:at]) or len(subjects) != 1:
            continue
        most = [c.of[subjects[0]] for c in tables if c.statistic == "max" and subjects[0] in c.of]
        if most and max(n.value for n in most) > quantity.first.high:
            top = max(most, key=lambda n: n.value)
            yield failed(
                CHECK,
                Severity.NOTE,
                quantity.place,
                sentence.text,
                expected=top.text,
                how=f"line {top.place.line} prints a maximum of {top.text} for {subjects[0]}",
                suggestion="call a mean a mean",
                numbers=(quantity.first, top),
            )


def _plus_minus(sentence: Sentence, placed: Placed, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check ``within +-0.3 of baseline``: the largest change, or half of the range, should be that large."""
    for at, quantity in placed:
        before = sentence.text[:at].rstrip("±+/-−( ")
        signed = re.match(r"(?:±|\+/-|\+-)", quantity.text) or sentence.text[:at].rstrip().endswith(
            ("±", "+/-")
        )
        if not signed or not WITHIN.search(before) or len(quantity.numbers) != 1:
            continue
        stated = quantity.first
        changes = [c for c in tables if c.statistic == "change" and len(c.of) >= 4]
        means = [c for c in tables if c.statistic == "mean" and len(c.of) >= 4 and c.conditions]
        if not means and not changes:
            continue
        largest = max((abs(n.value) for c in changes for n in c.of.values()), default=0.0)
        ranges = [max(c.values().values()) - min(c.values().values()) for c in means]
        half = [r / 2 for r in ranges]
        if any(stated.holds(x) for x in (largest, *half)):
            yield passed(CHECK, stated)
            continue
        whole = next((c for c, r in zip(means, ranges, strict=True) if stated.holds(r)), None)
        why = (
            f"; it is the whole range of the column {whole.head!r}, so +-{stated.value / 2:.3g} about "
            "its middle"
            if whole
            else ""
        )
        yield failed(
            CHECK,
            Severity.WARNING,
            quantity.place,
            sentence.text,
            expected=f"largest change {largest:.{stated.decimals}f}",
            how=f"no change is larger than {largest:.{stated.decimals}f}, printed {quantity.text}{why}",
            suggestion=f"say what the baseline is; the largest change is {largest:.{stated.decimals}f}",
            numbers=(stated,),
        )


def _crossed(
    sentence: Sentence,
    placed: Placed,
    subjects: Sequence[str],
    tables: Sequence[Column],
) -> Iterator[Looked]:
    """Check that who crossed a threshold has means on both sides of it."""
    for at, quantity in placed:
        if quantity.kind is not Kind.VALUE or not CROSSED.search(sentence.text[:at]) or len(subjects) != 1:
            continue
        means = [
            c.of[subjects[0]]
            for c in tables
            if c.statistic == "mean" and c.conditions and subjects[0] in c.of
        ]
        cut = quantity.first.value
        if len(means) < 2 or quantity.first.decimals == 0:
            continue
        sides = {n.value >= cut for n in means}
        if len(sides) == 2:
            yield passed(CHECK, quantity.first, *means)
        else:
            yield failed(
                CHECK,
                Severity.ERROR,
                quantity.place,
                sentence.text,
                expected="values on both sides of the cut",
                how=f"{subjects[0]} has {', '.join(n.text for n in means)}, all on one side of "
                f"{quantity.first.text}",
                suggestion=f"{subjects[0]} stayed {'above' if sides == {True} else 'below'} "
                f"{quantity.first.text}",
                numbers=(quantity.first, *means),
            )


def _moves(sentence: Sentence, placed: Placed) -> Iterator[Looked]:
    """Check ``1.20 -> 1.30, change +0.10`` and ``decreased (0.5 -> 0.3)``."""
    for index, (at, quantity) in enumerate(placed):
        if quantity.kind is not Kind.MOVE or quantity.first.decimals == 0 or len(quantity.numbers) != 2:
            continue
        start, end = quantity.numbers
        before = sentence.text[max(0, at - 60) : at]
        up, down = bool(UP.search(before)), bool(DOWN.search(before))
        if up != down and not NOT.search(before):
            right = (end.value >= start.value) if up else (end.value <= start.value)
            if right:
                yield passed(CHECK, start, end)
            else:
                yield failed(
                    CHECK,
                    Severity.ERROR,
                    quantity.place,
                    sentence.text,
                    numbers=(start, end),
                    expected="decreased" if up else "increased",
                    how=f"{start.text} to {end.text} is {'a fall' if up else 'a rise'}",
                    suggestion=f"{'decreased' if up else 'increased'} from {start.text} to {end.text}",
                )
        if index + 1 < len(placed):
            yield from _change_after(sentence, placed, index)


def _change_after(sentence: Sentence, placed: Placed, index: int) -> Iterator[Looked]:
    start, end = placed[index][1].numbers
    change = placed[index + 1][1]
    said = CHANGE_OF.search(_between(sentence, placed, index)) or change.label == "change"
    single = change.kind is Kind.VALUE and len(change.numbers) == 1
    if not said or not single or not (change.first.signed or change.label == "change"):
        return
    if change.first.decimals != end.decimals or change.label not in ("", "change"):
        return
    yield difference(sentence, change.first, start, end)


def difference(sentence: Sentence, stated: Printed, start: Printed, end: Printed) -> Looked:
    """Compare a printed change with the difference of two printed numbers, each rounded."""
    room = stated.half_width + start.half_width + end.half_width + SLACK
    gap = end.value - start.value
    if abs(gap - stated.value) <= room / 1.5 + SLACK:  # one unit of the last digit
        return passed(CHECK, stated, start, end)
    return failed(
        CHECK,
        Severity.ERROR,
        stated.place,
        sentence.text,
        expected=f"{gap:+.{stated.decimals}f}",
        how=f"{end.text} - {start.text} = {gap:+.{stated.decimals}f}, printed {stated.text}",
        suggestion=f"{gap:+.{stated.decimals}f}",
        numbers=(stated, start, end),
    )


def _spans(sentence: Sentence, placed: Placed) -> Iterator[Looked]:
    """Check ``between 2.1 and 2.4, a range of 0.3``."""
    for index in range(len(placed) - 1):
        ends, stated = placed[index][1], placed[index + 1][1]
        if (
            ends.kind not in (Kind.RANGE, Kind.INTERVAL)
            or len(ends.numbers) != 2
            or stated.kind is not Kind.VALUE
        ):
            continue
        gap = _between(sentence, placed, index)
        said = RANGE_OF.search(gap) or (stated.label == "range" and len(gap) < 20)
        if said and stated.first.decimals == ends.first.decimals > 0:
            yield difference(sentence, stated.first, *ends.numbers)


def _products(sentence: Sentence) -> Iterator[Looked]:
    """Check ``60 replies = 3 axes x 2 poles x 10 questions``."""
    for match in PRODUCT.finditer(sentence.text):
        total, *factors = (int(group) for group in match.groups() if group)
        numbers = tuple(
            q.first
            for q in sentence.quantities
            if q.kind is Kind.VALUE and q.first.value in (total, *factors)
        )
        if math.prod(factors) == total:
            yield passed(CHECK, *numbers)
        else:
            yield failed(
                CHECK,
                Severity.ERROR,
                sentence.place,
                sentence.text,
                expected=str(math.prod(factors)),
                how=f"{' x '.join(map(str, factors))} = {math.prod(factors)}, printed {total}",
                suggestion=str(math.prod(factors)),
                numbers=numbers,
            )


def _fractions(sentence: Sentence, heads: str) -> Iterator[Looked]:
    """Note ``1/10th the cost`` where no table has anything of that name."""
    for match in FRACTION.finditer(sentence.text):
        if match["noun"].lower() not in heads and int(match[1]) > 1:
            yield failed(
                CHECK,
                Severity.NOTE,
                sentence.place,
                sentence.text,
                expected=f"figures of {match['noun']}",
                how=f"no table of the document has a column of {match['noun']}, so {match[0]!r} "
                "cannot be redone",
                suggestion=f"print the two figures of {match['noun']} with their source, or leave the "
                "sentence out",
            )
