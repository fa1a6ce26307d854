"""How many of the tests that a document flags would chance alone flag, and which survive an adjustment?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reporter.audit.checks._columns import Names
from reporter.audit.checks._p_values import span_of
from reporter.audit.checks._printed_cells import cell_pairs
from reporter.audit.checks._reported import only_number
from reporter.audit.checks._verdict import failed, p_words, passed
from reporter.audit.checks.stars import ADJUSTED, CORRELATIONS, LISTED, n_of_table
from reporter.audit.document import Document, Kind, Place, Printed, Quantity, Table
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.audit.words import statistic_of
from reporter.errors import Degenerate
from reporter.families import benjamini_hochberg, benjamini_yekutieli, holm
from reporter.statistics.printed_correlations import printed_correlations
from reporter.statistics.printed_peaks import printed_peaks
from reporter.statistics.welch_summary import welch_summary

CHECK = "multiplicity"
ALPHA = 0.05
SAID = (
    rf"{ADJUSTED}|\bpermut|\bmultiplicity|\bmultiple (?:test|compar)|by (?:itself|themselves)\b"
    r"|each test alone|\bsingly\b|\bfamily[- ]?wise"
)
COUNTED = re.compile(
    r"\b(?P<tests>\d{1,4}) (?:[\w-]+ ){0,2}(?:tests|correlations"
    r"|comparisons)\b[^.]{0,40}?\b(?P<flagged>\d{1,4}) "
    r"(?:of them )?(?:are |were |lie |reach |have )?(?:below|significant|p <)",
    re.I,
)
METHODS_TITLE = re.compile(r"\bmethods?\b|\bmultiplicity\b", re.I)
METHODS = {"Holm": holm, "Benjamini-Hochberg": benjamini_hochberg, "Benjamini-Yekutieli": benjamini_yekutieli}
ENOUGH = 0.7  # of a family's rows must follow a method before the others are held against it


def multiplicity(reading: Reading) -> Iterator[Looked]:
    """Count tests and flags, adjust printed p and r for their number, and recompute printed adjusted p.

    Assumes that a list of significant correlations comes from as many tests as its axis has members
    times the members of the other axis, where the document states both; that a table of peaks over layers
    searched all layers which the document's own table of layers prints. Layers and tests are taken to be
    independent, which is strict rather than lenient.
    """
    document = reading.document
    methods = " ".join(s.text for s in document.sentences if METHODS_TITLE.search(" ".join(s.section)))
    said_once = re.search(SAID, methods, re.I) is not None
    yield from _untested(reading)
    if not said_once:
        yield from _told(document)
    for table in document.tables:
        yield from _adjusted_column(table)
        if said_once or re.search(SAID, _around(document, table), re.I):
            continue
        yield from _list(reading, table)
        yield from _peaks(reading, table)
        yield from _p_column(table)
        yield from _starred(reading, table)


def _starred(reading: Reading, table: Table) -> Iterator[Looked]:
    """Adjust starred correlations of a table, that are no peaks of a search, for their own number."""
    words = " ".join((table.caption, *table.heads, *table.section[-2:]))
    cells = [cell.quantities[0] for row in table.rows for cell in row[1:] if len(cell.quantities) == 1]
    r = [q for q in cells if q.kind is Kind.VALUE and abs(q.first.value) < 1 and q.first.decimals >= 2]
    n = n_of_table(reading, table)
    starred = sum(q.stars > 0 for q in r)
    if (
        not CORRELATIONS.search(words)
        or n is None
        or n < 4
        or starred < 2
        or len(r) < 6
        or len(r) < len(cells)
    ):
        return
    numbers = tuple(q.first for q in r)
    found = printed_correlations([x.value for x in numbers], [n] * len(r), tests=len(r), alpha=ALPHA)
    single, kept, hochberg = (len(x.indices) for x in (found.singly, found.holm, found.benjamini_hochberg))
    if starred <= kept or abs(single - starred) > max(2, len(r) // 10):
        yield passed(CHECK, *numbers)
    else:
        yield _too_many(table.place, f"{starred} stars of {len(r)}", len(r), single, hochberg, kept, numbers)


def _told(document: Document) -> Iterator[Looked]:
    """A sentence that counts its tests and those below .05, and says no word on chance."""
    for sentence in document.sentences:
        counted = COUNTED.search(sentence.text)
        if not counted or re.search(rf"{SAID}|\bchance\b|\bexpected\b", sentence.text, re.I):
            continue
        tests, flagged = int(counted["tests"]), int(counted["flagged"])
        if not 0 < flagged <= tests or tests < 5:
            continue
        yield failed(
            CHECK,
            Severity.WARNING,
            sentence.place,
            sentence.text,
            expected=f"{tests * ALPHA:.1f} of {tests} by chance",
            how=f"{tests} tests at {ALPHA:g} flag {tests} x {ALPHA:g} = {tests * ALPHA:.1f} by "
            f"chance; {flagged} are "
            "told, without an adjustment",
            suggestion=f"{flagged} of {tests} tests are below {ALPHA:g} singly ({tests * ALPHA:.1f} "
            "expected by "
            "chance); say what an adjustment leaves",
        )


def _around(document: Document, table: Table) -> str:
    """Join the words that could say that an adjustment was made: of the table and of its section."""
    inside = [s.text for s in document.inside(table.section)]
    return " ".join((table.caption, *table.heads, *inside))


def _untested(reading: Reading) -> Iterator[Looked]:
    """Look at a table of changes of which the largest are told, in a document that prints no test."""
    document = reading.document
    cells = cell_pairs(reading, Names(reading))
    tested = any(q.label in ("p", "p_adjusted") for q in document.quantities())
    tested = tested or any(statistic_of(head) == "p" for table in document.tables for head in table.heads)
    if cells is None or tested or len(cells.first) < 3:
        return
    by_ddof = {}
    for ddof in (0, 1):
        try:
            by_ddof[ddof] = [welch_summary(cells.first[n], cells.second[n], ddof=ddof).p for n in cells.first]
        except Degenerate:
            return
    k, least = len(cells.first), {ddof: min(p) for ddof, p in by_ddof.items()}
    kept = max(int((holm(p) < ALPHA).sum()) for p in by_ddof.values())
    if kept == k:
        return
    yield failed(
        CHECK,
        Severity.NOTE,
        cells.table.place,
        " | ".join(cells.table.heads),
        expected="tests, adjusted for their number",
        how=f"Welch's t of {k} changes from mean, sd and n = {next(iter(cells.first.values())).n}: "
        "the smallest p is "
        f"{p_words(least[0])} (sd over n) or {p_words(least[1])} (over n - 1); times {k}, {kept} stay "
        f"below {ALPHA:g}",
        suggestion=f"No test is printed; of {k} changes {kept} can be told from zero after Holm's "
        "adjustment.",
    )


def _p_column(table: Table) -> Iterator[Looked]:
    """A column of p without any word on their number: what is flagged, and what an adjustment leaves."""
    for index in [i for i, head in enumerate(table.heads) if statistic_of(head) == "p" and i > 0]:
        printed = [p for row in table.rows if (p := only_number(row[index]))]
        values = [min(span_of(p).high, p.value if p.value > 0 else p.high, 1.0) for p in printed]
        if len(values) < 3 or not all(0 <= p <= 1 for p in values):
            continue
        flagged = [p for p in values if p < ALPHA]
        kept = int((holm(values) < ALPHA).sum())
        found = int((benjamini_hochberg(values) < ALPHA).sum())
        if len(flagged) == kept:
            yield passed(CHECK, *printed)
        else:
            yield _too_many(
                table.place, table.heads[index], len(values), len(flagged), found, kept, tuple(printed)
            )


def _too_many(
    place: Place,
    quoted: str,
    tests: int,
    flagged: int,
    hochberg: int,
    kept: int,
    numbers: tuple[Printed, ...],
) -> Looked:
    return failed(
        CHECK,
        Severity.WARNING,
        place,
        quoted,
        expected=f"{kept} of {tests} after Holm, {hochberg} after Benjamini-Hochberg",
        how=f"{flagged} of {tests} tests are below {ALPHA:g}; {tests} x {ALPHA:g} = "
        f"{tests * ALPHA:.1f} would be "
        "by chance; p.adjust in R over all of them, tests that are not printed counted as p = 1",
        suggestion=f"{flagged} of {tests} tests have p < {ALPHA:g} singly ({tests * ALPHA:.1f} "
        "expected by chance); "
        f"{kept} after Holm's adjustment, {hochberg} after that of Benjamini and Hochberg.",
        numbers=numbers,
    )


def _list(reading: Reading, table: Table) -> Iterator[Looked]:
    """A list of those correlations only that were significant, out of more tests than it shows."""
    for index, head in enumerate(table.heads):
        n = n_of_table(reading, table)
        if not LISTED.search(head) or n is None or n < 4:
            continue
        listed = [q for row in table.rows for q in row[index].quantities if q.label in ("r", "rho")]
        r = [q.first for q in listed if abs(q.first.value) < 1]
        tests = max(_tests_made(reading.document, table), len(r))
        if len(r) < 3:
            continue
        found = printed_correlations([x.value for x in r], [n] * len(r), tests=tests, alpha=ALPHA)
        single, kept = len(found.singly.indices), len(found.holm.indices)
        if single == kept:
            yield passed(CHECK, *r)
            continue
        hochberg = len(found.benjamini_hochberg.indices)
        yield _too_many(table.place, head, tests, single, hochberg, kept, tuple(r))


def _tests_made(document: Document, table: Table) -> int:
    """Multiply how many members the row's kind and the kind after ``per`` have, as the document says."""
    kinds = [table.heads[0], *re.findall(r"\bper ([a-z]+)", " ".join(table.section[-1:]))]
    sizes = [_members(document, kind) for kind in kinds if kind]
    return (
        int(np.prod([size for size in sizes if size])) if len(sizes) > 1 and all(sizes) else len(table.rows)
    )


def _members(document: Document, kind: str) -> int:
    """Find the largest number that the document puts before the plural of a kind: ``7 axes``."""
    word = kind.strip().lower()
    plural = word[:-2] + "es" if word.endswith("is") else word + "s"
    text = " ".join(sentence.text for sentence in document.sentences)
    found = [int(n) for n in re.findall(rf"\b(\d{{1,3}})\s+{re.escape(plural)}\b", text.lower())]
    return max(found, default=0)


@dataclass(frozen=True, slots=True)
class _Peak:
    r: Printed
    layers: int
    stars: int


def _peaks(reading: Reading, table: Table) -> Iterator[Looked]:
    """Cells such as ``L12 -0.45*``: each is the largest of as many correlations as there are layers."""
    n = n_of_table(reading, table)
    names = Names(reading)
    layers = _layers(reading, names)
    peaks = [
        _Peak(r=value.first, layers=layers[name], stars=value.stars)
        for row in table.rows
        if (name := names.full(row[0].text)) in layers
        for cell in row[1:]
        if (value := _peak_in(cell.quantities)) is not None and abs(value.first.value) < 1
    ]
    if len(peaks) < 3 or n is None or n < 4:
        return
    yield from _searched(table, peaks, n)
    for peak in peaks:
        if peak.r.value == 0:
            yield failed(
                CHECK,
                Severity.WARNING,
                peak.r.place,
                f"peak of {peak.r.text}",
                expected="no peak",
                how="the largest of all correlations is 0, so that none could be computed or all are 0: a "
                "series that does not vary has no correlation, and its first layer is no place",
                suggestion="not computable",
                numbers=(peak.r,),
            )


def _searched(table: Table, peaks: Sequence[_Peak], n: int) -> Iterator[Looked]:
    """Adjust the p of peaks for the layers that were searched, and then for their own number."""
    numbers, k = tuple(peak.r for peak in peaks), len(peaks)
    found = printed_peaks([p.r.value for p in peaks], [p.layers for p in peaks], [n] * k, alpha=ALPHA)
    single, over_layers, kept = (len(x.indices) for x in (found.singly, found.sidak, found.holm))
    starred = sum(peak.stars > 0 for peak in peaks)
    if starred <= over_layers:
        yield passed(CHECK, *numbers)
        return
    fewest, most = min(peak.layers for peak in peaks), max(peak.layers for peak in peaks)
    yield failed(
        CHECK,
        Severity.WARNING,
        table.place,
        f"{starred} starred peaks of {k}",
        expected=f"{over_layers} of {k} after Sidak over the layers",
        how=f"each peak is the largest of {fewest} to {most} correlations: p of r at n = {n} by Student's t "
        f"({single} below {ALPHA:g}), then 1 - (1 - p)^layers",
        suggestion=f"Of {k} peaks, {single} are below {ALPHA:g} as if their layer had been named beforehand, "
        f"{over_layers} after adjustment for the layers searched, {kept} after that for all peaks.",
        numbers=numbers,
    )
    if kept < over_layers:
        yield failed(
            CHECK,
            Severity.NOTE,
            table.place,
            f"{k} peaks",
            expected=f"{kept} of {k} after Holm over all peaks",
            how=f"the {k} p values, adjusted for layers, are one family: Holm leaves {kept}",
            suggestion=f"{kept} of {k} peaks survive when all are taken together.",
            numbers=numbers,
        )


def _peak_in(quantities: Sequence[Quantity]) -> Quantity | None:
    """Give the correlation of a cell that begins with a layer."""
    if len(quantities) != 2 or quantities[0].kind is not Kind.LAYER or quantities[1].kind is not Kind.VALUE:
        return None
    return quantities[1] if abs(quantities[1].first.value) <= 1 else None


def _layers(reading: Reading, names: Names) -> dict[str, int]:
    """Find how many layers each subject has, by the document's own table."""
    found = {}
    for table in reading.document.tables:
        for index, head in enumerate(table.heads):
            if statistic_of(head) == "layers":
                for row in table.rows:
                    number = only_number(row[index])
                    if number is not None and number.decimals == 0 and number.value >= 1:
                        found[names.full(row[0].text)] = int(number.value)
    return found


@dataclass(frozen=True, slots=True)
class _Member:
    p: Printed
    adjusted: Printed


def _adjusted_column(table: Table) -> Iterator[Looked]:
    """Families whose members all stand in a table: which method gives the adjusted p, and who departs."""
    names = [statistic_of(head) for head in table.heads]
    tests = [i for i, head in enumerate(table.heads) if head.strip().lower() in ("tests", "comparisons")]
    if names.count("p") != 1 or names.count("p_adjusted") != 1 or len(tests) > 1:
        return
    families: dict[int, list[_Member]] = {}
    for row in table.rows:
        p, adjusted = only_number(row[names.index("p")]), only_number(row[names.index("p_adjusted")])
        of = only_number(row[tests[0]]) if tests else None
        if p is not None and adjusted is not None and 0 <= p.value <= 1:
            families.setdefault(int(of.value) if of else 0, []).append(_Member(p, adjusted))
    for size, members in families.items():
        if len(members) >= 3 and (size == len(members) if tests else len(members) == len(table.rows)):
            yield from _family(members)


def _family(members: Sequence[_Member]) -> Iterator[Looked]:
    low = [max(0.0, 0.0 if m.p.relation == "<" else m.p.low) for m in members]
    high = [min(1.0, m.p.high) for m in members]
    ranges = {name: (adjust(low), adjust(high)) for name, adjust in METHODS.items()}
    ranges["Bonferroni"] = tuple(np.minimum(len(members) * np.array(p), 1.0) for p in (low, high))
    fits = {
        name: [
            bool(bounds[0][i] <= span_of(m.adjusted).high and span_of(m.adjusted).low <= bounds[1][i])
            for i, m in enumerate(members)
        ]
        for name, bounds in ranges.items()
    }
    method = max(fits, key=lambda name: sum(fits[name]))
    # An adjusted p of 1 fits nearly every method and every family.
    telling = any(fit and m.adjusted.value < 1 for fit, m in zip(fits[method], members, strict=True))
    if sum(fits[method]) < ENOUGH * len(members) or not telling:
        return
    for i, member in enumerate(members):
        numbers = (member.p, member.adjusted)
        if fits[method][i]:
            yield passed(CHECK, *numbers)
            continue
        at = f"{ranges[method][0][i]:.3f} to {ranges[method][1][i]:.3f}"
        yield failed(
            CHECK,
            Severity.ERROR,
            member.adjusted.place,
            f"p {member.p.text}, adjusted {member.adjusted.text}",
            expected=at,
            how=f"{method} over the {len(members)} p of the family gives {at}, as it does for "
            f"{sum(fits[method])} of its members",
            suggestion="check p and adjusted p",
            numbers=numbers,
        )
