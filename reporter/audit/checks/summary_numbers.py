"""Does a number of a summary stand anywhere in the document that it sums up?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from reporter.audit.checks._rarity import is_slip
from reporter.audit.checks._series import NO_CLAIM
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Document, Printed
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "summary_numbers"
SUMMARY = re.compile(
    r"\b(summary|conclusions?|abstract|highlights|key (findings|observations|results)|headline|register)\b",
    re.I,
)
DATA = re.compile(r"\bdata\b", re.I)  # "Raw data summary" holds data
LEAST_DECIMALS = 2
FEWEST = 4  # numbers of a summary that stand elsewhere
SHARE = 0.8  # of all its numbers

Said = tuple[Printed, str]  # a number, and the words or the row that it stands in


def summary_numbers(reading: Reading) -> Iterator[Looked]:
    """Look for the numbers of summaries in the rest of the document.

    Assumes that a section called summary, conclusion, key findings or the like repeats numbers, where most of
    its numbers with two decimals or more stand elsewhere. One that stands nowhere else, while a number
    elsewhere is one slip away from it, is a warning. A number elsewhere may have more digits.
    """
    sections = _numbers(reading.document)
    of_value: defaultdict[str, list[Printed]] = defaultdict(list)
    for held in sections.values():
        for number, _ in held:
            for decimals in range(LEAST_DECIMALS, number.decimals + 1):
                of_value[f"{abs(number.value):.{decimals}f}"].append(number)
    for titles, held in sections.items():
        title = titles[-1] if titles else ""
        told = [(n, words) for n, words in held if n.decimals >= LEAST_DECIMALS]
        if not SUMMARY.search(title) or DATA.search(title):
            continue
        lonely = [(number, words) for number, words in told if not _elsewhere(number, of_value)]
        n_found = len(told) - len(lonely)
        if n_found < FEWEST or n_found < SHARE * len(told):
            continue
        yield passed(CHECK, *(said[0] for said in told if said not in lonely))
        for number, words in lonely:
            yield from _unknown(number, words, sections)


def _numbers(document: Document) -> dict[tuple[str, ...], list[Said]]:
    """Give the numbers of each section, of sentences and of tables."""
    found: defaultdict[tuple[str, ...], list[Said]] = defaultdict(list)
    for sentence in document.sentences:
        for quantity in sentence.quantities:
            if quantity.kind not in NO_CLAIM:
                found[sentence.section] += [(number, sentence.text) for number in quantity.numbers]
    for table in document.tables:
        for row in table.rows:
            words = " | ".join(cell.text for cell in row)
            for cell in row:
                for quantity in cell.quantities:
                    if quantity.kind not in NO_CLAIM:
                        found[table.section] += [(number, words) for number in quantity.numbers]
    return found


def _elsewhere(number: Printed, of_value: dict[str, list[Printed]]) -> bool:
    """Whether a number stands in another line, there perhaps with more digits; signs may differ."""
    others = of_value.get(f"{abs(number.value):.{number.decimals}f}", ())
    return any(other.place.line != number.place.line for other in others)


def _unknown(number: Printed, words: str, sections: dict[tuple[str, ...], list[Said]]) -> Iterator[Looked]:
    """Report a number that stands nowhere else, where another is one slip away from it."""
    near = [
        other
        for held in sections.values()
        for other, _ in held
        if other.place.line != number.place.line and is_slip(number, other)
    ]
    if not near:
        return
    yield failed(
        CHECK,
        Severity.WARNING,
        number.place,
        words,
        expected=f"a number of the document, such as {near[0].text} (line {near[0].place.line})",
        how=f"{number.text} stands nowhere else; the other numbers of this summary do",
        suggestion="Take the number from the part that it sums up.",
        numbers=(number, near[0]),
    )
