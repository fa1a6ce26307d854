"""What a reviewer wants to see whole: every test in the reporting order of APA 7, every printed number.

APA 7 reports statistic(df) = value, p, effect size, interval, in this order. A p keeps its leading zero and
its decimals here: a number has one text everywhere in this project.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reporter.findings import Finding
from reporter.numbers import NO_BREAK, Missing, Number, Register
from reporter.results import EffectSize
from reporter.tables import Cell, Table

TEST_HEADS = ("Test", "n", "Statistic", "p", "Adjusted p", "Effect size", "Interval")
NUMBER_HEADS = ("Address", "As printed", "Unit", "n", "Statistic")

# How the value is called that a test without t, F or rho is made of.
SYMBOLS = {"wilcoxon": "V", "sign_test": "rises", "ordering": "pairs in order", "page_l": "L",
           "paired_permutation": "mean", "two_sample_permutation": "difference"}  # fmt: skip


def all_tests(register: Register, plan: Sequence[Cell] = ()) -> Table:
    """Lay out every finding with a p value: what was tested, n, statistic(df), p, effect size, interval.

    ``plan`` has a cell for each of them that says how far it was planned, where a plan was frozen.
    """
    effects = _effects(register)
    rows = [_row(finding, register, effects) for finding in with_p(register)]
    heads: tuple[str, ...] = TEST_HEADS
    if plan:
        heads = (*heads, "Plan")
        rows = [(*row, cell) for row, cell in zip(rows, plan, strict=True)]
    return Table("all-tests", tuple((head,) for head in heads), tuple(rows))


def with_p(register: Register) -> Iterator[Finding]:
    """List the findings that have a p value of their own."""
    for finding in register.findings:
        if finding.computable and isinstance(getattr(finding.record, "p", None), float):
            yield finding


def _effects(register: Register) -> Mapping[tuple[str, str], Finding]:
    """Find the standardised effect sizes, by member and by the rows that they were computed from."""
    return {
        (finding.label, finding.trace.digest): finding
        for finding in register.findings
        if isinstance(finding.record, EffectSize)
    }


def _row(
    finding: Finding, register: Register, effects: Mapping[tuple[str, str], Finding]
) -> tuple[Cell, ...]:
    return (
        (_name(finding, register),),
        _number(finding, "n", register),
        _statistic(finding, register),
        _number(finding, "p", register),
        _adjusted(finding, register),
        _effect(finding, register, effects.get((finding.label, finding.trace.digest))),
        _interval(finding, register),
    )


def _name(finding: Finding, register: Register) -> str:
    """Name the analysis and the member; the axes of a member are called as the study calls them."""
    words = {model.key: model.label for model in register.study.models}
    words |= {axis.key: axis.label for axis in register.study.axes}
    parts = [words.get(part, part) for part in finding.label.split("/") if part]
    return ", ".join([finding.key.replace("_", " "), *parts])


def _number(finding: Finding, path: str, register: Register) -> Cell:
    """Read a number of a finding; an empty cell where the record has no such part."""
    record: Any = finding.record
    for name in path.split("."):
        record = getattr(record, name, None)
    if record is None and path not in ("adjusted_p", "family_size"):
        return ()
    found = register.look_up(f"{finding.address}.{path}")
    return (found,) if isinstance(found, (Number, Missing)) else ()


def _statistic(finding: Finding, register: Register) -> Cell:
    """Write statistic(df) = value."""
    record, equals = finding.record, f"{NO_BREAK}={NO_BREAK}"
    df = _number(finding, "df", register)
    if getattr(record, "t", None) is not None:
        return ("t(", *df, f"){equals}", *_number(finding, "t", register))
    if getattr(record, "f", None) is not None:
        freedom = _number(finding, "df_model", register) or ("1",)
        freedom = (*freedom, ", ", *(_number(finding, "df_residual", register) or df))
        return ("F(", *freedom, f"){equals}", *_number(finding, "f", register))
    for field, symbol in (("r", "rho"), ("cosine", "cosine")):
        if found := _number(finding, field, register):
            return (f"{symbol}{equals}", *found)
    if found := _number(finding, "statistic", register):
        return (f"{SYMBOLS.get(finding.trace.statistic, 'statistic')}{equals}", *found)
    return ("two one-sided t(", *df, ")") if df else ()


def _adjusted(finding: Finding, register: Register) -> Cell:
    """Write the adjusted p and of how many tests."""
    p, size = _number(finding, "adjusted_p", register), _number(finding, "family_size", register)
    return (*p, f"{NO_BREAK}of{NO_BREAK}", *size) if p and size else p


def _effect(finding: Finding, register: Register, standardised: Finding | None) -> Cell:
    """Write the effect in the unit of the data, and in standard deviations where the study asked for that."""
    raw = _number(finding, "estimate", register) or _number(finding, "r", register)
    unit = raw[0].unit if raw and isinstance(raw[0], Number) else ""
    cell: Cell = (*raw, f"{NO_BREAK}{unit}") if unit else raw
    if standardised is None:
        return cell
    g = (f"g{NO_BREAK}={NO_BREAK}", *_number(standardised, "value", register))
    return (*cell, "; ", *g) if cell else g


def _interval(finding: Finding, register: Register) -> Cell:
    low, high = (_number(finding, f"interval.{end}", register) for end in ("low", "high"))
    if not low or not high:
        return ()
    cell: Cell = ("[", *low, f",{NO_BREAK}", *high, "]")
    record: Any = finding.record
    if record.interval.level == register.study.about.level:
        return cell
    return (*cell, f" at{NO_BREAK}", *_number(finding, "interval.level", register))


def all_numbers(quoted: Iterable[Number | Missing]) -> Table:
    """Lay out every number that the text and the tables print, once, in the order of the text."""
    once = {number.address: number for number in quoted if isinstance(number, Number)}
    rows = tuple(_number_row(number) for number in once.values())
    return Table("all-numbers", tuple((head,) for head in NUMBER_HEADS), rows)


def _number_row(number: Number) -> tuple[Cell, ...]:
    finding = number.finding
    n = getattr(finding.record, "n", None) if finding else None
    statistic = finding.trace.statistic.replace("_", " ") if finding else "declared"
    return (
        (number.address,),
        (number,),
        (number.unit,) if number.unit else (),
        (f"{n}",) if n is not None else (),
        (statistic,),
    )
