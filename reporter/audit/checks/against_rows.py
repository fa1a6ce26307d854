"""Do the numbers of a document come out of the raw values that it is about?"""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from reporter.audit.checks._series import written
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Printed
from reporter.audit.facts import Fact, Facts
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import CellValues, Reading

CHECK = "against_rows"
MOVE = "\N{RIGHTWARDS ARROW}"
WORD = re.compile(r"[^\W_]+")
FELL = re.compile(r"\b(decreas\w*|fell|falls|drop\w*|declin\w*|shrank|shrinks|reduced|lower(ed)?)\b", re.I)
ROSE = re.compile(r"\b(increas\w*|rose|rises|grew|grows|climb\w*|higher|raised)\b", re.I)

# How each statistic comes out of raw values: the usual form first, then others that documents use.
FORMS: Mapping[str, tuple[tuple[str, Callable[[Sequence[float]], float]], ...]] = {
    "mean": (("mean", statistics.fmean), ("median", statistics.median)),
    "median": (("median", statistics.median), ("mean", statistics.fmean)),
    "sd": (("divisor n", statistics.pstdev), ("divisor n - 1", statistics.stdev)),
    "min": (("minimum", min),),
    "max": (("maximum", max),),
    "range": (("maximum - minimum", lambda values: max(values) - min(values)),),
    "n": (("number of values", len),),
    "n_tokens": (("sum", sum),),
}
OF_MEASURE = {"n_tokens": ("token_count",)}  # statistics of one measure only; the others are of all but these
FEWEST = {"sd": 2}


def against_rows(reading: Reading) -> Iterator[Looked]:
    """Recompute every number that is bound to a subject, a condition and a statistic from the raw values.

    Assumes that the raw values are of what the document speaks of, in its unit: a subject and condition of
    the document is that of the rows whose name has all its words. A number that fits any run of its cell is
    right; one that fits another run, another divisor or digits cut off is said to do so; one that fits none
    is an error. Where the report is built from a study, its lines are compared instead.
    """
    if not reading.rows or reading.built_lines:
        return
    cells = _Cells(reading)
    rounds = _rounds(reading, cells)
    for fact in reading.facts.facts:
        yield from _fact(fact, reading, cells, rounds)
    yield from _divisors(reading, cells)
    for fact in reading.facts.facts:
        yield from _change(fact, cells)
    yield from _directions(reading, cells)
    yield from _dimensions(reading, cells)


class _Cells:
    """The raw values by the subjects and conditions of the document."""

    def __init__(self, reading: Reading) -> None:
        named = {fact.subject for fact in reading.facts.facts if fact.subject}
        rows = sorted({cell.subject for cell in reading.rows})
        self.subjects = {name: found for name in named if (found := _same_subject(name, rows))}
        self.rows: defaultdict[tuple[str, str], list[CellValues]] = defaultdict(list)
        for cell in reading.rows:
            self.rows[cell.subject, cell.condition].append(cell)

    def of(self, subject: str, condition: str, statistic: str) -> list[CellValues]:
        """Give the runs of a cell that can have this statistic."""
        name, wanted = self.subjects.get(subject, ""), OF_MEASURE.get(statistic, ())
        runs = self.rows.get((name, condition), [])
        if wanted and not condition:  # of one measure only, so that nothing else can be meant
            runs = [run for (other, _), found in self.rows.items() if other == name for run in found]
        others = {measure for measures in OF_MEASURE.values() for measure in measures}
        least = FEWEST.get(statistic, 1)
        fitting = [run for run in runs if (run.measure in wanted if wanted else run.measure not in others)]
        return [run for run in fitting if len(run.values) >= least]

    def main_run(self, facts: Facts, fact: Fact) -> CellValues:
        """Give the run of a fact's cell that most numbers of this cell come out of."""
        runs = self.of(fact.subject, fact.condition, fact.statistic)
        if len(runs) == 1:
            return runs[0]
        told = [*facts.of(subject=fact.subject, condition=fact.condition)]
        return max(
            runs,
            key=lambda run: sum(
                any(one.number.holds(form(run.values)) for _, form in FORMS.get(one.statistic, ()))
                for one in told
                if len(run.values) >= FEWEST.get(one.statistic, 1)
            ),
        )


def _same_subject(name: str, rows: Sequence[str]) -> str:
    """The one subject of the rows that has all words of a name, or whose words the name has; the nearest."""
    ours = frozenset(WORD.findall(name.lower()))
    fitting = [
        (len(theirs ^ ours), row)
        for row in rows
        for theirs in [frozenset(WORD.findall(row.lower()))]
        if ours <= theirs or theirs <= ours
    ]
    nearest = sorted(fitting)[:2]
    return nearest[0][1] if nearest and (len(nearest) == 1 or nearest[0][0] < nearest[1][0]) else ""


def _rounds(reading: Reading, cells: _Cells) -> bool:
    """Tell whether the document rounds: of the numbers that tell the two apart, no more are cut off."""
    rounded = cut = 0
    for fact in reading.facts.facts:
        for run in cells.of(fact.subject, fact.condition, fact.statistic)[:1]:
            for _, form in FORMS.get(fact.statistic, ())[:1]:
                value = form(run.values)
                fits, truncated = fact.number.holds(value), _is_cut_off(fact.number, value)
                rounded += fits and not truncated
                cut += truncated and not fits
    return rounded >= cut


def _fact(fact: Fact, reading: Reading, cells: _Cells, rounds: bool) -> Iterator[Looked]:
    """Compare one number with its cell."""
    runs = cells.of(fact.subject, fact.condition, fact.statistic)
    forms = FORMS.get(fact.statistic, ())
    if not runs or not forms or fact.number.relation != "=":
        return
    number = fact.number
    fitting = [(run, name) for run in runs for name, form in forms if number.holds(form(run.values))]
    if fitting:
        main = cells.main_run(reading.facts, fact)
        run, name = next((each for each in fitting if each[0] is main), fitting[0])
        if run is not main:
            yield _another_run(fact, run, main)
        elif fact.statistic == "sd" or name == forms[0][0]:
            yield passed(CHECK, number)
        else:
            yield _other_form(fact, run, name)
        return
    values = [form(run.values) for run in runs for _, form in forms]
    if fact.statistic == "range" and any(
        abs(value - number.value) <= 3 * number.half_width for value in values
    ):
        yield _nearly(fact, runs[0], "the difference of two rounded numbers", Severity.NOTE)
    elif any(_is_cut_off(number, value) for value in values):
        also = ", where other numbers are rounded" if rounds else ""
        severity = Severity.WARNING if rounds else Severity.NOTE
        yield _nearly(fact, runs[0], f"cut off instead of rounded{also}", severity)
    else:
        yield _mismatch(fact, runs, cells)


def _is_cut_off(number: Printed, value: float) -> bool:
    return number.holds(value, truncated=True) and abs(number.value) <= abs(value)


def _values(run: CellValues) -> str:
    shown = ", ".join(f"{value:.4f}" for value in run.values[:6])
    return f"{shown}{', ...' if len(run.values) > 6 else ''}"


def _another_run(fact: Fact, run: CellValues, main: CellValues) -> Looked:
    return failed(
        CHECK,
        Severity.NOTE,
        fact.place,
        fact.words,
        expected=f"{written(FORMS[fact.statistic][0][1](main.values), fact.number)}, from run {main.run}",
        how=f"{fact.number.text} is the {fact.statistic} of another run of this cell, {run.run}; the other "
        f"numbers of the cell are of run {main.run}",
        suggestion="Take all numbers of a cell from one run, or name the runs.",
        numbers=(fact.number,),
    )


def _other_form(fact: Fact, run: CellValues, name: str) -> Looked:
    value = dict(FORMS[fact.statistic])[FORMS[fact.statistic][0][0]](run.values)
    return failed(
        CHECK,
        Severity.WARNING,
        fact.place,
        fact.words,
        expected=f"{written(value, fact.number)}, the {fact.statistic}",
        how=f"{fact.number.text} is the {name} of {_values(run)}; the {fact.statistic} is {value:.5g}",
        suggestion=f"Call it the {name}, or print {written(value, fact.number)}.",
        numbers=(fact.number,),
    )


def _nearly(fact: Fact, run: CellValues, why: str, severity: Severity) -> Looked:
    value = FORMS[fact.statistic][0][1](run.values)
    return failed(
        CHECK,
        severity,
        fact.place,
        fact.words,
        expected=written(value, fact.number),
        how=f"the {fact.statistic} of {_values(run)} is {value:.5g}; {fact.number.text} is {why}",
        suggestion=f"Print {written(value, fact.number)}.",
        numbers=(fact.number,),
    )


def _mismatch(fact: Fact, runs: Sequence[CellValues], cells: _Cells) -> Looked:
    """Say what the rows give instead, and whether the number is that of another condition."""
    number = fact.number
    found = [f"{name} {form(runs[0].values):.5g}" for name, form in FORMS[fact.statistic]]
    if fact.statistic != "sd":
        found = found[:1]
    elsewhere = [
        condition
        for (subject, condition), others in cells.rows.items()
        if subject == runs[0].subject and condition != fact.condition
        for run in others
        if run.measure == runs[0].measure and len(run.values) >= FEWEST.get(fact.statistic, 1)
        if number.holds(FORMS[fact.statistic][0][1](run.values))
    ]
    of_another = f"; {number.text} is that at {elsewhere[0]}" if elsewhere else ""
    value = FORMS[fact.statistic][0][1](runs[0].values)
    of_runs = f" (the first of {len(runs)} runs; none gives it)" if len(runs) > 1 else ""
    return failed(
        CHECK,
        Severity.ERROR,
        fact.place,
        fact.words,
        expected=f"{written(value, number)}, from the rows",
        how=f"{fact.statistic} of {_values(runs[0])} at {fact.condition or 'all conditions'}{of_runs}: "
        f"{', '.join(found)}, printed {number.text}{of_another}",
        suggestion=f"Print {written(value, number)}, or say which other run the number is of.",
        numbers=(number,),
    )


def _divisors(reading: Reading, cells: _Cells) -> Iterator[Looked]:
    """Say which divisor the standard deviations that come out of the rows have."""
    counts: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in reading.facts.of(statistic="sd"):
        runs = cells.of(fact.subject, fact.condition, "sd")
        fits = {name for run in runs for name, form in FORMS["sd"] if fact.number.holds(form(run.values))}
        if len(fits) == 1:
            counts[fits.pop()].append(fact)
    if not counts:
        return
    name, most = max(counts.items(), key=lambda item: len(item[1]))
    told = "; ".join(f"{len(facts)} with {other}" for other, facts in counts.items())
    mixed = len(counts) > 1
    yield failed(
        CHECK,
        Severity.WARNING if mixed else Severity.NOTE,
        most[0].place,
        most[0].words,
        expected="one divisor for all standard deviations" if mixed else f"the words: {name}",
        how=f"of the standard deviations that the raw values tell apart, {told}",
        suggestion=f"Say that standard deviations have {name}.",
        numbers=tuple(fact.number for facts in counts.values() for fact in facts),
    )


def _change(fact: Fact, cells: _Cells) -> Iterator[Looked]:
    """Compare a change with the difference of the raw means."""
    first, move, second = fact.condition.partition(MOVE)
    before, after = cells.of(fact.subject, first, "mean"), cells.of(fact.subject, second, "mean")
    if fact.statistic != "change" or not move or not before or not after:
        return
    values = [
        statistics.fmean(b.values) - statistics.fmean(a.values)
        for a in before
        for b in after
        if a.measure == b.measure
    ]
    number = fact.number
    if any(number.holds(value) for value in values):
        yield passed(CHECK, number)
        return
    value = min(values, key=lambda each: abs(each - number.value), default=0.0)
    near = abs(value - number.value) <= 3 * number.half_width
    expected = written(value, number)
    yield failed(
        CHECK,
        Severity.NOTE if near else Severity.ERROR,
        fact.place,
        fact.words,
        expected=f"{expected}, from the rows",
        how=f"mean at {second} less mean at {first} is {value:+.5f} in the raw values, printed {number.text}"
        + (": the difference of rounded means" if near else ""),
        suggestion=f"Print {expected}.",
        numbers=(number,),
    )


def _directions(reading: Reading, cells: _Cells) -> Iterator[Looked]:
    """Compare "fell" and "rose" with the raw values, where a sentence names both ends."""
    spoken: defaultdict[tuple[str, int, str, str], list[Fact]] = defaultdict(list)
    for fact in reading.facts.facts:
        if fact.source == "sentence" and fact.statistic in FORMS:
            spoken[fact.words, fact.place.line, fact.subject, fact.statistic].append(fact)
    for (words, _, subject, statistic), facts in spoken.items():
        down, up = FELL.search(words) is not None, ROSE.search(words) is not None
        if len(facts) != 2 or down == up or facts[0].condition == facts[1].condition:
            continue
        runs = [cells.of(subject, fact.condition, statistic) for fact in facts]
        if not all(runs):
            continue
        form = FORMS[statistic][0][1]
        old, new = form(runs[0][0].values), form(runs[1][0].values)
        numbers = tuple(fact.number for fact in facts)
        if (new < old) == down:
            yield passed(CHECK, *numbers)
            continue
        said, true = ("fell", "rose") if down else ("rose", "fell")
        yield failed(
            CHECK,
            Severity.ERROR,
            facts[0].place,
            words,
            expected=f"{true}: {old:.4f} to {new:.4f}",
            how=f"the {statistic} ({FORMS[statistic][0][0]}) of {subject} is {old:.4f} at "
            f"{facts[0].condition} "
            f"and {new:.4f} at {facts[1].condition} in the raw values; the sentence says that it {said}",
            suggestion="Leave the sentence out: the raw values do not show it.",
            numbers=numbers,
        )


def _dimensions(reading: Reading, cells: _Cells) -> Iterator[Looked]:
    """Compare effective dimensions with the participation ratio of the raw projections."""
    import numpy as np

    for fact in reading.facts.of(statistic="effective_dimension"):
        subject = cells.subjects.get(fact.subject, "")
        axes = [
            run.values
            for (name, _), runs in cells.rows.items()
            if name == subject
            for run in runs
            if run.measure == "axis_projection"
        ]
        if len(axes) < 2 or len({len(values) for values in axes}) != 1:
            continue
        spread = np.cov(np.array(axes))
        value = float(np.trace(spread) ** 2 / np.sum(spread**2))
        if fact.number.holds(value):
            yield passed(CHECK, fact.number)
            continue
        yield failed(
            CHECK,
            Severity.ERROR,
            fact.place,
            fact.words,
            expected=written(value, fact.number),
            how=f"(sum of eigenvalues)^2 / sum of their squares, of the covariance of {len(axes)} axes over "
            f"{len(axes[0])} answers, is {value:.5g}, printed {fact.number.text}",
            suggestion=f"Print {written(value, fact.number)}.",
            numbers=(fact.number,),
        )
