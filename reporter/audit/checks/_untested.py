"""Changes of a spread, and crossings of a cut, that are told without the test that printed cells allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scipy.special import fdtrc

from reporter.audit.checks._columns import Names, with_subjects
from reporter.audit.checks._printed_cells import CellPairs, cell_pairs, n_each
from reporter.audit.checks._reported import with_offsets
from reporter.audit.checks._verdict import failed, p_words
from reporter.audit.document import Kind, Quantity, Sentence
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.errors import Degenerate
from reporter.statistics.zone_crossing import zone_crossing

CHECK = "reported_tests"
ALPHA = 0.05
SPREAD = re.compile(r"\b(?:standard deviation|sd|std|spread|variance|variability)\b", re.I)
MOVED = re.compile(r"\b(?:decreas|increas|fell|rose|shrank|grew|dropp|narrow|widen|halv|doubl)\w*", re.I)
CROSSED = re.compile(r"\bcross(?:ed|es|ing)?\b[^.;()]{0,30}$", re.I)
PAIR = (Kind.MOVE, Kind.INTERVAL, Kind.RANGE)


def untested(reading: Reading) -> Iterator[Looked]:
    """Note changes of a spread, and crossings of a cut, that so few values do not establish.

    Assumes normal values within a cell, and that the document states one number of values for all cells.
    """
    names = Names(reading)
    n, cells = n_each(reading.document), cell_pairs(reading, names)
    if n is None:  # without it there are no cells either
        return
    for sentence, subjects in with_subjects(reading.document, names):
        if sentence.block in ("heading", "caption"):
            continue
        if SPREAD.search(sentence.text) and MOVED.search(sentence.text):
            yield from _spread(sentence, n)
        if cells is not None and len(subjects) == 1 and subjects[0] in cells.first:
            yield from _crossing(sentence, cells, subjects[0])


def _spread(sentence: Sentence, n: int) -> Iterator[Looked]:
    """Test the ratio of two printed standard deviations of n values each."""
    for quantity in sentence.quantities:
        if quantity.kind not in PAIR or len(quantity.numbers) != 2:
            continue
        one, two = sorted(number.value for number in quantity.numbers)
        if one <= 0:
            continue
        ratio = (two / one) ** 2
        p = min(1.0, 2 * float(fdtrc(n - 1, n - 1, ratio)))
        if p >= ALPHA:
            yield failed(
                CHECK,
                Severity.NOTE,
                quantity.place,
                sentence.text,
                expected="no change that can be told",
                how=f"F = ({two:g}/{one:g})^2 = {ratio:.2f} on {n - 1} and {n - 1} df has two-sided p "
                f"= {p_words(p)}",
                suggestion="The two standard deviations cannot be told apart.",
                numbers=quantity.numbers,
            )


def _crossing(sentence: Sentence, cells: CellPairs, name: str) -> Iterator[Looked]:
    """Bound the probability that both means lie on the sides of a cut that their point values have."""
    for at, quantity in with_offsets(sentence):
        cut = quantity.kind is Kind.VALUE and quantity.first.decimals > 0
        if cut and CROSSED.search(sentence.text[:at]):
            yield from _established(sentence, quantity, cells, name)


def _established(sentence: Sentence, quantity: Quantity, cells: CellPairs, name: str) -> Iterator[Looked]:
    cut = quantity.first
    try:
        found = zone_crossing(cells.first[name], cells.second[name], cuts=[cut.value], ddof=0)
    except Degenerate:
        return
    if found.crossed and not found.established:
        yield failed(
            CHECK,
            Severity.NOTE,
            quantity.place,
            sentence.text,
            expected="crossed by its point value",
            how=f"t distribution of both means, n = {cells.first[name].n}, sd over n: the probability "
            "that they lie on "
            f"these sides of {cut.text} is between {found.low:.2f} and {found.high:.2f}",
            suggestion=f"{name} crossed {cut.text} by its point values; this is not established.",
            numbers=(cut,),
        )
