"""Early, final, everywhere: do the layers of printed peaks lie where the text says that the signal is?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reporter.audit.checks._columns import Names, with_subjects
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Kind, Printed, Sentence
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.audit.words import statistic_of

CHECK = "counting"
FADES = re.compile(r"\bfades? (?:after|beyond|in|past)\s*(?P<share>\d+)?\s*%?\s*(?:later|deep)?", re.I)
LATE = re.compile(r"\b(?:final|last|late) layers\b|\bend of the network\b", re.I)
MOSTLY = re.compile(r"\bconcentrat|\balmost all\b|\bonly\b|\bfades?\b|\bresolves\b", re.I)
WEAK = re.compile(r"\bweak (?:signal )?(?:everywhere|throughout)\b|\bno signal (?:except|outside)", re.I)
ALMOST = re.compile(r"\balmost all\b|\bnearly all\b", re.I)
WEAKEST = re.compile(r"\bweakest (?:signal|correlation)", re.I)
SIGNS = re.compile(r"\b(?P<where>early|late) (?P<colour>red|blue)\b", re.I)
SPLIT = re.compile(r"\bclear split\b|\bclearly split\b", re.I)
THIRD = 1 / 3


@dataclass(frozen=True, slots=True)
class _Peak:
    axis: str
    layer: Printed
    r: Printed
    depth: float
    starred: bool


def depths(reading: Reading, names: Names) -> Iterator[Looked]:
    """Compare words for depth with the peaks of the model that they are about.

    A depth is the layer over the last layer's number; early is the first third, late the last.
    """
    peaks = _peaks(reading, names)
    if not peaks:
        return
    late_line = 0
    for sentence, subjects in with_subjects(reading.document, names):
        spoken = [name for name in subjects if name in peaks]
        if not spoken or sentence.block == "caption":
            continue
        of, text = peaks[spoken[0]], sentence.text
        if fades := FADES.search(text):
            limit = float(fades["share"]) / 100 if fades["share"] else THIRD
            beyond = [peak for peak in of if peak.depth > limit]
            yield _mostly(sentence, spoken[0], beyond, of, f"beyond {limit:.0%} of the depth")
        elif WEAK.search(text):
            yield from _weak(sentence, spoken[0], of)
            yield from _named_layers(sentence, of)
        elif WEAKEST.search(text):
            yield _weakest(sentence, spoken[0], peaks)
        elif SIGNS.search(text):
            yield from _colours(sentence, spoken[0], of)
        elif SPLIT.search(text):
            yield from _between(sentence, spoken[0], of)
        elif LATE.search(text) and MOSTLY.search(text):
            late_line = sentence.place.line
            before = [peak for peak in of if peak.depth < 1 - THIRD]
            share = 1 / 5 if ALMOST.search(text) else 1 / 2
            yield _mostly(sentence, spoken[0], before, of, "before the last third", share=share)
        elif sentence.place.line == late_line:
            yield from _listed_late(sentence, spoken[0], of)


def _listed_late(sentence: Sentence, name: str, of: list[_Peak]) -> Iterator[Looked]:
    """Look at the layers that are given as examples of a signal at the end."""
    given = {q.first.value for q in sentence.quantities if q.kind is Kind.LAYER}
    listed = [peak for peak in of if peak.layer.value in given]
    if listed:
        early = [peak for peak in listed if peak.depth < 1 - THIRD]
        yield _mostly(sentence, name, early, listed, "before the last third", share=0.0)


def _named_layers(sentence: Sentence, of: list[_Peak]) -> Iterator[Looked]:
    """Look whether layers that are given for some axes are those of their peaks."""
    text = sentence.text.lower()
    meant = [peak for peak in of if any(part in text for part in _parts(peak.axis))]
    stated = [number for q in sentence.quantities if q.kind is Kind.LAYER for number in q.numbers]
    wrong = [number for number in stated if number.value not in {peak.layer.value for peak in meant}]
    if not meant or not stated:
        return
    if not wrong:
        yield passed(CHECK, *stated)
        return
    shown = ", ".join(f"{peak.axis} L{peak.layer.value:g}" for peak in meant)
    yield failed(
        CHECK,
        Severity.NOTE,
        sentence.place,
        sentence.text,
        expected=shown,
        how=f"L{wrong[0].value:g} is the peak of none of the axes that are named: {shown}",
        suggestion=shown,
        numbers=tuple(stated),
    )


def _weakest(sentence: Sentence, name: str, peaks: dict[str, list[_Peak]]) -> Looked:
    """Look whether the weakest has the smallest largest correlation, or the smallest mean of them."""
    most = {who: max(abs(p.r.value) for p in of) for who, of in peaks.items()}
    mean = {who: sum(abs(p.r.value) for p in of) / len(of) for who, of in peaks.items()}
    numbers = tuple(peak.r for peak in peaks[name])
    lowest, low_mean = min(most, key=lambda who: most[who]), min(mean, key=lambda who: mean[who])
    if name == lowest == low_mean:
        return passed(CHECK, *numbers)
    severity = Severity.NOTE if name in (lowest, low_mean) else Severity.WARNING
    return failed(
        CHECK,
        severity,
        sentence.place,
        sentence.text,
        expected=f"{lowest} (largest |r| {most[lowest]:.2f})",
        how="largest |r| of each: "
        + ", ".join(f"{w} {most[w]:.2f}" for w in sorted(most, key=lambda w: most[w]))
        + f"; smallest mean |r|: {low_mean} {mean[low_mean]:.2f}",
        suggestion=f"{lowest} has the smallest largest correlation.",
        numbers=numbers,
    )


def _colours(sentence: Sentence, name: str, of: list[_Peak]) -> Iterator[Looked]:
    """Look whether most early and late peaks have the sign of the colour that is named: red is above zero."""
    for match in SIGNS.finditer(sentence.text):
        early = match["where"].lower() == "early"
        found = [p for p in of if (p.depth < THIRD if early else p.depth > 1 - THIRD)]
        against = [p for p in found if (p.r.value < 0) == (match["colour"].lower() == "red")]
        numbers = tuple(p.r for p in found)
        if 2 * len(against) <= len(found):
            yield passed(CHECK, *numbers)
            continue
        shown = ", ".join(f"{p.axis} L{p.layer.value:g} {p.r.text}" for p in found)
        yield failed(
            CHECK,
            Severity.WARNING,
            sentence.place,
            sentence.text,
            expected=f"{len(against)} of {len(found)} {match['where'].lower()} peaks have the other sign",
            how=f"with red above zero, {name}: {shown}",
            suggestion="name the sign that most of these peaks have",
            numbers=numbers,
        )


def _between(sentence: Sentence, name: str, of: list[_Peak]) -> Iterator[Looked]:
    """Look for a starred peak in the middle of what is called a clear split."""
    middle = [p for p in of if p.starred and THIRD < p.depth < 1 - THIRD]
    if middle:
        shown = ", ".join(f"{p.axis} L{p.layer.value:g} {p.r.text} ({p.depth:.2f})" for p in middle)
        yield failed(
            CHECK,
            Severity.NOTE,
            sentence.place,
            sentence.text,
            expected=f"also starred, in the middle: {shown}",
            how=f"layer over the last layer's number, {name}: {shown}",
            suggestion=f"name {shown} as well",
            numbers=tuple(p.r for p in middle),
        )


def _peaks(reading: Reading, names: Names) -> dict[str, list[_Peak]]:
    """Read the peaks of every model that has a number of layers in the document's own table."""
    layers: dict[str, int] = {}
    for table in reading.document.tables:
        for index in (i for i, head in enumerate(table.heads) if statistic_of(head) == "layers"):
            for row in table.rows:
                if row[index].quantities and row[index].quantities[0].first.value > 1:
                    layers[names.full(row[0].text)] = int(row[index].quantities[0].first.value)
    found: dict[str, list[_Peak]] = {}
    for table in reading.document.tables:
        for row in table.rows:
            name = names.full(row[0].text)
            for head, cell in zip(table.heads[1:], row[1:], strict=True):
                q = cell.quantities
                if name in layers and len(q) == 2 and q[0].kind is Kind.LAYER and abs(q[1].first.value) <= 1:
                    depth = q[0].first.value / (layers[name] - 1)
                    if q[1].first.value != 0:
                        found.setdefault(name, []).append(
                            _Peak(head, q[0].first, q[1].first, depth, q[1].stars > 0)
                        )
    return found


def _mostly(
    sentence: Sentence, name: str, against: list[_Peak], of: list[_Peak], where: str, *, share: float = 0.5
) -> Looked:
    """Let the claim pass unless more than a share of the peaks is against it."""
    numbers = tuple(number for peak in of for number in (peak.layer, peak.r))
    if len(against) <= share * len(of):
        return passed(CHECK, *numbers)
    shown = ", ".join(f"{p.axis} L{p.layer.value:g} ({p.depth:.2f})" for p in against)
    return failed(
        CHECK,
        Severity.WARNING,
        sentence.place,
        sentence.text,
        expected=f"{len(against)} of {len(of)} peaks of {name} lie {where}",
        how=f"layer over the last layer's number: {shown}",
        suggestion=f"{len(of) - len(against)} of {len(of)} peaks of {name} lie where the text says.",
        numbers=numbers,
    )


def _weak(sentence: Sentence, name: str, of: list[_Peak]) -> Iterator[Looked]:
    """Look for starred peaks of axes that a claim of weakness does not except."""
    text = sentence.text.lower()
    left = [p for p in of if p.starred and not any(part in text for part in _parts(p.axis))]
    if not left:
        yield passed(CHECK, *(p.r for p in of))
        return
    shown = ", ".join(f"{p.axis} L{p.layer.value:g} {p.r.text}" for p in left)
    yield failed(
        CHECK,
        Severity.WARNING,
        sentence.place,
        sentence.text,
        expected=f"also starred: {shown}",
        how=f"the table of peaks stars these of {name} as well: {shown}",
        suggestion=f"Name all starred peaks of {name}, or none.",
        numbers=tuple(p.r for p in left),
    )


def _parts(axis: str) -> list[str]:
    """Give the first five letters of an axis's two poles."""
    return [part[:5].lower() for part in re.findall(r"[A-Za-z]{4,}", axis)]
