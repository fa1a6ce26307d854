"""Every member below a cut; so many members of a class: claims about a whole column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from reporter.audit.checks._columns import CONDITION, Column
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Kind, Printed, Quantity, Sentence, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "counting"
EVERY = re.compile(
    r"\b(?:every|each|all|no|none of the)\b(?P<who>[^.;,]{0,40}?)\b(?P<side>below|under|above|over)\s*$", re.I
)
STEADY = re.compile(
    r"\b(?P<way>fell|falls|decreas\w+|shrinks?|shrank|drops?|dropped|rose|rises|increas\w+|grows?|grew)\b"
    r"[^.;,]{0,30}\b(?:at|with|in) (?:every|each) (?P<what>[a-z]+)|\bmonoton",
    re.I,
)
RISING = ("rose", "rise", "incr", "grow", "grew")
NONE = re.compile(r"\b(?:no|none)\b", re.I)


def all_beyond(sentence: Sentence, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check ``every model stays below 2.5 at 1.0`` on the columns of means of that condition."""
    at = 0
    for quantity in sentence.quantities:
        found = sentence.text.find(quantity.text, at)
        if found < 0:
            continue
        claim = EVERY.search(sentence.text[:found])
        at = found + len(quantity.text)
        cut = quantity.first
        if not claim or quantity.kind is not Kind.VALUE or cut.decimals == 0 or cut.percent:
            continue
        asked = frozenset(CONDITION.findall(sentence.text)) - {cut.text}
        means = [c for c in tables if c.statistic == "mean" and len(c.of) >= 3]
        meant = [c for c in means if asked & c.conditions] or ([] if asked else means)
        for column in meant:
            yield _beyond(sentence, quantity, column, claim["side"].lower(), bool(NONE.search(claim[0])))


def _beyond(sentence: Sentence, quantity: Quantity, column: Column, side: str, none: bool) -> Looked:
    below = (side in ("below", "under")) != none
    cut = quantity.first.value
    against = [name for name, x in column.of.items() if (x.value >= cut if below else x.value <= cut)]
    numbers = (quantity.first, *column.of.values())
    if not against:
        return passed(CHECK, *numbers)
    shown = ", ".join(f"{name} {column.of[name].text}" for name in against)
    return failed(
        CHECK,
        Severity.ERROR,
        quantity.place,
        sentence.text,
        expected=f"{len(column.of) - len(against)} of {len(column.of)}",
        how=f"the column {column.head!r} (line {column.line}) has {shown}",
        suggestion=f"{len(column.of) - len(against)} of {len(column.of)} lie there.",
        numbers=numbers,
    )


def members(sentence: Sentence, reading: Reading) -> Iterator[Looked]:
    """Check ``3/6 are lively at 0.5`` on a column of classes."""
    shares = [q for q in sentence.quantities if q.kind is Kind.SHARE and len(q.numbers) == 2]
    if len(shares) != 1:
        return
    count, total = (int(number.value) for number in shares[0].numbers)
    asked = frozenset(CONDITION.findall(sentence.text))
    for table in reading.document.tables:
        if len(table.rows) != total or total < 3:
            continue
        for index, head in enumerate(table.heads[1:], start=1):
            own = frozenset(CONDITION.findall(head))
            if own and not own & asked:
                continue
            yield from _of_class(sentence, shares[0].numbers, table, index, count)


def _of_class(
    sentence: Sentence, numbers: tuple[Printed, ...], table: Table, index: int, count: int
) -> Iterator[Looked]:
    texts = [row[index].text.strip().lower() for row in table.rows]
    classes = {text for text in texts if re.fullmatch(r"[a-z][a-z -]{2,20}", text)}
    if not 2 <= len(classes) < len(texts) or len(classes) > 4:
        return
    said = [
        name
        for name in classes
        if re.search(rf"\b(?:are|is|were|in) (?:the )?{re.escape(name)}\b", sentence.text, re.I)
    ]
    if len(said) != 1:
        return
    true = texts.count(said[0])
    if true == count:
        yield passed(CHECK, *numbers)
        return
    yield failed(
        CHECK,
        Severity.ERROR,
        numbers[0].place,
        sentence.text,
        expected=f"{true} of {len(texts)}",
        how=f"the column {table.heads[index]!r} (line {table.place.line}) has {said[0]!r} {true} times",
        suggestion=f"{true} of {len(texts)} are {said[0]}.",
        numbers=numbers,
    )


def steady(sentence: Sentence, tables: Sequence[Column]) -> Iterator[Looked]:
    """Check ``fell at every step`` on the columns of a table whose rows are the steps."""
    claim = STEADY.search(sentence.text)
    if not claim or not claim["way"]:
        return
    rising, what = claim["way"].lower().startswith(RISING), claim["what"].lower()
    said = re.findall(r"[a-z]{4,}", sentence.text.lower())
    by_row = [c for c in tables if c.table.heads[0].lower().startswith(what) and len(c.of) >= 3]
    meant = [c for c in by_row if any(w.startswith(head) for head in _words(c.head) for w in said)]
    meant = meant or [c for c in by_row if c.statistic == "mean"]
    for column in meant[:1]:
        values = list(column.of.items())
        pairs = list(pairwise(values))
        wrong = [
            (a, b) for a, b in pairs if (b[1].value <= a[1].value if rising else b[1].value >= a[1].value)
        ]
        numbers = tuple(column.of.values())
        if not wrong:
            yield passed(CHECK, *numbers)
            continue
        (one, x), (two, y) = wrong[0]
        yield failed(
            CHECK,
            Severity.ERROR,
            sentence.place,
            sentence.text,
            expected=f"{len(pairs) - len(wrong)} of {len(pairs)} steps",
            how=f"the column {column.head!r} (line {column.line}) goes from {x.text} ({one}) to "
            f"{y.text} ({two})",
            suggestion=f"in {len(pairs) - len(wrong)} of {len(pairs)} steps",
            numbers=numbers,
        )


def _words(head: str) -> list[str]:
    return [word[:5] for word in re.findall(r"[a-z]{4,}", head.lower())]
