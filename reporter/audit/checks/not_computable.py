"""What a document says could not be computed, though its own tables hold the numbers for it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import numpy as np

from reporter.audit.checks._columns import Column, Names, columns
from reporter.audit.checks._reported import reported
from reporter.audit.checks._verdict import failed, p_words, passed
from reporter.audit.document import Kind, Printed, Sentence
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.errors import Degenerate
from reporter.results import Correlation
from reporter.statistics.spearman import spearman

CHECK = "not_computable"
NOT = re.compile(
    r"\b(?:could|can|cannot|was|were|is)\s?(?:not|n't)?\s*(?:be )?(?:computed|calculated|computable"
    r"|estimated)\b",
    re.I,
)
NEGATED = re.compile(r"\bnot\b|n't\b|\bcannot\b|\bunable\b|\bimpossible\b", re.I)
MISSING = re.compile(r"\bNaN\b|\bnan values\b|\bno values?\b|\bN/A\b", re.I)
EVERYWHERE = re.compile(r"\b(?:both|all|every|each|any|either)\b", re.I)
CORRELATION = re.compile(r"\bcorrelat|\bspearman\b|\brho\b|\bpearson\b", re.I)
CONDITIONAL = re.compile(r"\bwithin (?:strata|blocks|groups)|\bpartial\b|\bcontrolled for\b", re.I)
RELATED = re.compile(
    r"\btends? (?:to|toward)|\bsuggests? (?:an? )?(?:positive|negative|strong|clear)|\b(?:posi|nega)tively\b",
    re.I,
)
HEDGED = re.compile(
    r"\?|\bnot?\b|\bnor\b|n't\b|\bcannot\b|\bwhether\b|\btest\b|\bcompute\b|\bif\b|\bexception\b|\bbreaks\b",
    re.I,
)
SIDES = re.compile(
    r"\b(?:correlation|relation|rho) (?:of|between) (?P<one>[^.,;]{2,40}?) (?:and|with"
    r"|vs\.?) (?P<two>[^.,;]{2,40}?)"
    r"(?= could| cannot| was| is|[.,;(])",
    re.I,
)
TOO_FEW = re.compile(r"\btoo few (?:points|models|cases|values|data)\b", re.I)
CAPTIONED = {"correlation", "correlations", "published", "within", "without"}  # of no column in particular
COMMON = {"mean", "std", "the", "nats", "median", "tokens", "per", "model", "range", "and", "for"}
OF_MEMBERS = (
    "mean",
    "effective_dimension",
    "dead_zones",
    "n_tokens",
    "hidden_size",
    "layers",
    "change",
    "sd",
)
ALPHA = 0.05
STEM = 5  # letters that two forms of a word share
SEED = 0  # of random orders, which only matter above nine members


def not_computable(reading: Reading) -> Iterator[Looked]:
    """Compute what is said to have no value, from columns that the same table prints.

    Assumes that the two sides of a correlation are named in the sentence or in its title, and that rows
    without one of the two values are left out. Where the document prints a correlation of these columns
    elsewhere, the sentence is about something else.
    """
    names = Names(reading)
    tables = columns(reading, names)
    for sentence in reading.document.sentences:
        yield from _too_few(sentence)
        if RELATED.search(sentence.text) and not HEDGED.search(sentence.text) and sentence.block != "heading":
            yield from _relation(reading, sentence, tables)
        plain = CORRELATION.search(sentence.text) and not CONDITIONAL.search(sentence.text)
        if plain and NOT.search(sentence.text) and NEGATED.search(sentence.text):
            yield from _correlation(reading, sentence, tables)
        if MISSING.search(sentence.text) and EVERYWHERE.search(sentence.text):
            yield from _missing(reading, sentence, names)


def _correlation(reading: Reading, sentence: Sentence, tables: Sequence[Column]) -> Iterator[Looked]:
    pair = _two_columns(sentence, tables, title=True)
    if pair is None:
        return
    first, second = pair
    found = _spearman(pair)
    if found is None:
        return
    both = [name for name in first.of if name in second.of]
    numbers = tuple(column.of[name] for column in pair for name in both)
    if _printed_anyway(reading, found.r):
        yield passed(CHECK, *numbers)
        return
    left = len(first.table.rows) - len(both)
    yield failed(
        CHECK,
        Severity.ERROR,
        sentence.place,
        sentence.text,
        expected=f"rho = {found.r:.4f}, p = {p_words(found.p)}, n = {len(both)}",
        how=f"Spearman's rho of {first.head!r} and {second.head!r} (line {first.line}), "
        f"{len(both)} rows{f', {left} without a value left out' if left else ''}: cor.test(x, y, "
        "method = 'spearman') in R",
        suggestion=f"rho = {found.r:.3f} (permutation p = {p_words(found.p)}, n = {len(both)}).",
        numbers=numbers,
    )


def _relation(reading: Reading, sentence: Sentence, tables: Sequence[Column]) -> Iterator[Looked]:
    """Test a relation that is told between two columns of one table, without a coefficient."""
    if any(q.label in ("r", "rho", "p") for q in sentence.quantities):
        return
    pair = _two_columns(sentence, [c for c in tables if c.table.section[:2] == sentence.section[:2]])
    pair = pair or _two_columns(sentence, tables)
    found = _spearman(pair) if pair else None
    if pair is None or found is None or _printed_anyway(reading, found.r):
        return
    both = [name for name in pair[0].of if name in pair[1].of]
    numbers = tuple(column.of[name] for column in pair for name in both)
    if found.p < ALPHA:
        yield passed(CHECK, *numbers)
        return
    yield failed(
        CHECK,
        Severity.WARNING,
        sentence.place,
        sentence.text,
        expected=f"rho = {found.r:.3f}, p = {p_words(found.p)}, n = {found.n}",
        how=f"Spearman's rho of {pair[0].head!r} and {pair[1].head!r} (line {pair[0].line}), "
        f"{found.n} rows that have "
        "both: cor.test(x, y, method = 'spearman') in R",
        suggestion=f"rho = {found.r:.3f} (permutation p = {p_words(found.p)}): cannot be told from no "
        "relation.",
        numbers=numbers,
    )


def _too_few(sentence: Sentence) -> Iterator[Looked]:
    """Note ``too few points for significance`` where an exact test of ranks could reach it."""
    if not TOO_FEW.search(sentence.text):
        return
    stated = [q.first.value for q in sentence.quantities if q.label == "n"]
    n = int(stated[0]) if stated else 0
    floor = (
        f"2/{n}! = {2 / math.factorial(n):.2g}"
        if 2 < n < 30
        else "2/n!, which is .0167 for 5 and .0028 for 6"
    )
    if n == 0 or n >= 5:
        yield failed(
            CHECK,
            Severity.NOTE,
            sentence.place,
            sentence.text,
            expected="the p that these points have",
            how=f"the smallest exact two-sided p of a rank correlation of n points is {floor}",
            suggestion="give rho, its exact p and n",
            numbers=(),
        )


def _spearman(pair: tuple[Column, Column]) -> Correlation | None:
    both = [name for name in pair[0].of if name in pair[1].of]
    x, y = ([column.of[name].value for name in both] for column in pair)
    try:
        return spearman(x, y, rng=np.random.default_rng(SEED))
    except Degenerate:
        return None


def _two_columns(
    sentence: Sentence, tables: Sequence[Column], *, title: bool = False
) -> tuple[Column, Column] | None:
    """Find the two columns of one table that the sentence, or its title, names."""
    for words in (sentence.text, *sentence.section[-1:]) if title else (sentence.text,):
        for table in {id(c.table): c.table for c in tables}.values():
            own = [
                c
                for c in tables
                if c.table is table and c.of and c.statistic in (*OF_MEMBERS, *(("",) if title else ()))
            ]
            named = [c for c in own if _names(words, c)]
            apart = len({column.statistic for column in named}) == 2
            if len(named) == 2 and apart and len(set(named[0].of) & set(named[1].of)) >= 4:
                return named[0], named[1]
    return _named_apart(sentence.text, tables) if title else None


def _named_apart(text: str, tables: Sequence[Column]) -> tuple[Column, Column] | None:
    """Find the columns of ``a correlation of size and entropy``: one for each side, in one table."""
    sides = SIDES.search(text)
    if not sides:
        return None
    one, two = ([c for c in tables if c.of and _names(sides[side], c)] for side in ("one", "two"))
    return next(
        (
            (a, b)
            for a in one
            for b in two
            if a.table is b.table and a.head != b.head and len(set(a.of) & set(b.of)) >= 4
        ),
        None,
    )


def _names(words: str, column: Column) -> bool:
    """Tell whether words name a column: by a word of its head, or the beginning of one."""
    said = re.findall(r"[a-z]{3,}", words.lower())
    heads = [word for word in re.findall(r"[a-z]{3,}", column.head.lower()) if word not in COMMON]
    if column.statistic == "mean":  # of what the caption says, where the head is a condition only
        others = re.findall(r"[a-z]{5,}", " ".join(column.table.heads).lower())
        known = COMMON | CAPTIONED | {word for word in others if word not in column.head.lower()}
        heads += [
            word for word in re.findall(r"[a-z]{5,}", column.table.caption.lower()) if word not in known
        ]
    return any(word.startswith(head[:STEM]) for head in heads for word in said)


def _printed_anyway(reading: Reading, r: float) -> bool:
    """Tell whether the document prints this correlation somewhere."""
    return any(
        test.name in ("r", "rho") and test.statistic is not None and test.statistic.holds(r)
        for test in reported(reading.document)
    )


def _missing(reading: Reading, sentence: Sentence, names: Names) -> Iterator[Looked]:
    """Check ``X and Y returned NaN for both models`` against the rows of the same part of the document."""
    rows = {
        name for table in reading.document.tables for row in table.rows if (name := names.full(row[0].text))
    }
    for name in (n for n in names.within(sentence.text) if n in rows):
        printed: list[Printed] = []
        for table in reading.document.tables:
            if table.section[:2] != sentence.section[:2]:
                continue
            for row in (row for row in table.rows if names.full(row[0].text) == name):
                values = [q.first for cell in row[1:] for q in cell.quantities if q.kind is Kind.VALUE]
                if len(values) >= len(row) - 1:
                    printed += values
        if not printed:
            continue
        where = sorted({number.place.line for number in printed})
        yield failed(
            CHECK,
            Severity.ERROR,
            sentence.place,
            sentence.text,
            expected=f"values of {name}",
            how=f"line {', '.join(map(str, where))} prints {', '.join(n.text for n in printed)} for {name}",
            suggestion=f"Say for which {name} has no value; the table has one.",
            numbers=tuple(printed),
        )
