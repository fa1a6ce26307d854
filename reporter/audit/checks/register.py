"""Does every number of the register stand in the report where the register says?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from reporter.audit.checks._lines import numbers_by_line, numerals, plain
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Place, Printed
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "register"


def register(reading: Reading) -> Iterator[Looked]:
    """Compare a built report with the ``numbers.csv`` that lies beside it.

    Assumes that the register belongs to this report: it lists every number with the lines that it stands
    in. A line must hold each of its numbers as often as the register names it. Where the study itself is
    at hand the report is compared with what its rows give now, and this check is left out.
    """
    if reading.built_lines:
        return
    due: defaultdict[int, Counter[str]] = defaultdict(Counter)
    addresses: dict[tuple[int, str], list[str]] = {}
    for entry in reading.register:
        text = plain(entry.text)
        for line in entry.lines:
            due[line][text] += 1
            addresses.setdefault((line, text), []).append(entry.address)
    numbers = numbers_by_line(reading.document)
    for line, texts in sorted(due.items()):
        in_range = line <= len(reading.document.lines)
        words = plain(reading.document.lines[line - 1]) if in_range else ""
        there = Counter(text.strip("*%") for text in numerals(words))
        lacking = [text for text, times in texts.items() if _times(text, words, there) < times]
        held = numbers.get(line, ())
        if not lacking:
            yield passed(CHECK, *held)
        for text in lacking:
            yield _lacking(line, words, text, addresses[line, text], held)


def _times(text: str, words: str, there: Counter[str]) -> int:
    """How often a line holds a number; what is no plain number (a word, a fraction) is looked for as text.

    A bound of either kind (``<`` or a plus-minus sign) may stand before it.
    """
    if numerals(text) != [text]:
        return words.count(text)
    return sum(there[before + text] for before in ("", "<", ">", "\N{PLUS-MINUS SIGN}"))


def _lacking(line: int, words: str, text: str, addresses: list[str], held: tuple[Printed, ...]) -> Looked:
    named = ", ".join(dict.fromkeys(addresses))
    return failed(
        CHECK,
        Severity.ERROR,
        Place(line=line),
        words,
        expected=f"{text} ({named})",
        how=f"numbers.csv beside the report lists {text} ({named}) in line {line}, "
        "which does not hold it so often",
        suggestion=f"Print {text}, or build the report again.",
        numbers=held,
    )
