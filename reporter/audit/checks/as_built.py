"""Is every line of a built report the one that the study's rows give now?"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from reporter.audit.checks._lines import numbers_by_line, numerals, plain
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Place, Printed
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading

CHECK = "as_built"
ORIGIN = "## Provenance"  # digests, versions and the commit: they change without any number changing
LEAST_ALIKE = 0.5  # share of lines that must be the same for the file to be a build of the study
Pair = tuple[int, str, str]  # a line of the file (from 1), its words, and those that were built


def as_built(reading: Reading) -> Iterator[Looked]:
    """Compare a file with the report that is composed from the study's rows now, line by line.

    Assumes that the file is the Markdown of that study's report. Spaces do not count; every number, star,
    mark and word does. Digests and versions under "Provenance" may differ.
    """
    if not reading.built_lines:
        return
    lines = [" ".join(line.split()) for line in reading.document.lines]
    built = [" ".join(line.split()) for line in reading.built_lines]
    matcher = difflib.SequenceMatcher(None, lines, built, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        yield _another_report()
        return
    numbers = numbers_by_line(reading.document)
    origin = _under(lines, ORIGIN)
    for line, ours, theirs in _pairs(lines, built, matcher.get_opcodes()):
        held = numbers.get(line, ())
        if ours != theirs:
            yield _difference(line, ours, theirs, held, line in origin)
        elif held:
            yield passed(CHECK, *held)


def _under(lines: Sequence[str], heading: str) -> range:
    """The lines of a section, counted from 1."""
    if heading not in lines:
        return range(0)
    first = lines.index(heading)
    after = (i for i in range(first + 1, len(lines)) if lines[i].startswith("## "))
    return range(first + 1, next(after, len(lines)) + 1)


def _pairs(
    lines: Sequence[str], built: Sequence[str], steps: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[Pair]:
    """Put each line beside the one that it should be; "" stands beside what one of the two lacks."""
    for kind, i, i_end, j, j_end in steps:
        if kind == "equal":
            yield from ((k + 1, lines[k], lines[k]) for k in range(i, i_end))
            continue
        for step in range(max(i_end - i, j_end - j)):
            ours = lines[i + step] if i + step < i_end else ""
            theirs = built[j + step] if j + step < j_end else ""
            if ours or theirs:
                yield min(i + step, max(i_end - 1, 0)) + 1, ours, theirs


def _difference(line: int, ours: str, theirs: str, held: tuple[Printed, ...], is_origin: bool) -> Looked:
    printed, given = numerals(plain(ours)), numerals(plain(theirs))
    severity, place = Severity.ERROR, Place(line=line)
    if printed != given and len(printed) == len(given):
        wrong = [(a, b) for a, b in zip(printed, given, strict=True) if a != b]
        expected = ", ".join(b for _, b in wrong)
        how = "the rows give " + "; ".join(f"{b} where {a} is printed" for a, b in wrong)
        texts = {a.strip("*%") for a, _ in wrong}
        place = next((number.place for number in held if number.text.strip("*%") in texts), place)
    else:
        expected = theirs or "no such line"
        how = "the rows give other words here" if theirs else "the rows give no such line"
        severity = Severity.ERROR if printed != given else Severity.WARNING
    return failed(
        CHECK,
        Severity.NOTE if is_origin else severity,
        place,
        ours or "(a line is missing here)",
        expected=expected,
        how=f"{how}: build the report again and compare line {line}",
        suggestion=theirs,
        numbers=held,
    )


def _another_report() -> Looked:
    return failed(
        CHECK,
        Severity.NOTE,
        Place(line=1),
        "",
        expected="the Markdown of the study's own report",
        how="fewer than half of the lines are those that the study's rows give, so lines were not compared",
        suggestion="Audit report.md of the study, or leave out the study.",
    )
