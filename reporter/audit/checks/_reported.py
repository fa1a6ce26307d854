"""What a row of a table, or a bracket in a sentence, reports of one test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reporter.audit.document import Cell, Document, Kind, Place, Printed, Quantity, Sentence, Table
from reporter.audit.words import statistic_of

NAMED = ("t", "F", "z", "chi2", "r", "rho")
LEVEL = re.compile(r"(\d+(?:\.\d+)?)\s*%")
N_IN_WORDS = re.compile(r"\b[nN]\s*=\s*(\d+)\b")
EACH_OF = re.compile(
    r"\b(?:each of|over|across) (?:the )?(\d+) (?:[\w-]+ ){0,2}(?:questions|prompts|items|answers"
    r"|participants|subjects)"
)
BREAK = re.compile(r"[.!?]\s+[A-Z]|[)\]]\s*[,;.]|\n")  # between two claims of one sentence
INTERVAL_HEAD = re.compile(r"\binterval\b|\bci\b|\bconfidence (?:interval|limits)\b", re.I)
VERDICT_HEAD = re.compile(r"\bverdict\b|\binterpretation\b|\bsignifican|\bresult\b|\bsig\.?$", re.I)
NO_ESTIMATE = (
    "n",
    "level",
    "p",
    "p_adjusted",
    "df",
    "interval",
    "t",
    "F",
    "z",
    "chi2",
    "se",
    "sd",
    "bayes_factor",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What is printed of one test; what is not printed, or could belong to another test, is None.

    ``name`` is that of the statistic, "" where it stands under a head such as ``Statistic``.
    ``around`` is the text whose words say how the test was made: caption, heads, titles.
    """

    place: Place
    words: str
    source: Literal["cell", "sentence"]
    around: str = ""
    name: str = ""
    statistic: Printed | None = None
    df: tuple[Printed, ...] = ()
    estimate: Printed | None = None
    interval: tuple[Printed, ...] = ()
    level: float = 0.95
    p: Printed | None = None
    adjusted: Printed | None = None
    tests: Printed | None = None
    n: Printed | None = None
    verdict: str = ""

    def says(self, pattern: str) -> bool:
        """Tell whether the words of the test, or those around it, match."""
        return re.search(pattern, f"{self.words} {self.around}", re.I) is not None


def reported(document: Document) -> Iterator[Reported]:
    """Give every test that a table or a sentence reports, as far as it can be told apart from others."""
    for table in document.tables:
        yield from in_table(table)
    for sentence in document.sentences:
        yield from in_sentence(sentence)


@dataclass(slots=True)
class _Columns:
    """Which column of a table plays which role."""

    interval: int | None = None
    estimate: int | None = None
    named: dict[str, int] = field(default_factory=dict)
    statistic: int | None = None
    verdict: int | None = None


def in_table(table: Table) -> Iterator[Reported]:
    """Read the rows of a table whose columns have roles: at most one column for each."""
    columns = _columns(table)
    around = " ".join((table.caption, *table.heads, *table.section))
    for row in table.rows:
        words = " | ".join(cell.text for cell in row)
        for found in _of_row(columns, row):
            yield Reported(place=row[0].place, words=words, source="cell", around=around, **found)


def _columns(table: Table) -> _Columns:
    roles = _Columns()
    heads = [head.strip() for head in table.heads]
    names = [statistic_of(head) for head in heads]
    for wanted in ("p", "p_adjusted", "df", "n", *NAMED):
        where = [i for i, name in enumerate(names) if name == wanted and i > 0]
        if len(where) == 1:
            roles.named[wanted] = where[0]
    where = [i for i, head in enumerate(heads) if re.fullmatch(r"tests|comparisons", head, re.I)]
    if len(where) == 1:
        roles.named["tests"] = where[0]
    where = [i for i, head in enumerate(heads) if re.fullmatch(r"(test )?statistic", head, re.I)]
    roles.statistic = where[0] if len(where) == 1 else None
    where = [i for i, head in enumerate(heads) if VERDICT_HEAD.search(head)]
    roles.verdict = where[0] if len(where) == 1 else None
    where = [i for i, head in enumerate(heads) if INTERVAL_HEAD.search(head) and i > 1]
    if len(where) == 1:
        before = where[0] - 1
        while before > 1 and names[before] in ("se", "sd"):
            before -= 1
        if names[before] not in NO_ESTIMATE:
            roles.interval, roles.estimate = where[0], before
    return roles


def _of_row(columns: _Columns, row: Sequence[Cell]) -> Iterator[dict[str, Any]]:
    """Give what a row reports: one test, and its interval apart where that is of another estimate."""
    test: dict[str, Any] = {}
    for role, key in (("p", "p"), ("p_adjusted", "adjusted"), ("n", "n"), ("tests", "tests")):
        if role in columns.named:
            test[key] = only_number(row[columns.named[role]])
    if "df" in columns.named and (df := only_number(row[columns.named["df"]])):
        test["df"] = (df,)
    _add_statistic(columns, row, test)
    if columns.verdict is not None:
        test["verdict"] = row[columns.verdict].text
    spread: dict[str, Any] = {}
    if columns.interval is not None and columns.estimate is not None:
        spread["estimate"] = only_number(row[columns.estimate])
        spread |= _interval_in(row[columns.interval].quantities, row[columns.interval].text)
    inline = _inline(row) if columns.interval is None else []
    if len(inline) == 1:
        spread |= inline.pop()
    correlation = next((columns.named[name] for name in ("r", "rho") if name in columns.named), None)
    apart = correlation is not None and correlation != columns.estimate
    for found in (*((test, spread) if apart else (test | spread,)), *inline):
        present = {key: value for key, value in found.items() if value not in (None, "", ())}
        if present:
            yield present


def _add_statistic(columns: _Columns, row: Sequence[Cell], found: dict[str, Any]) -> None:
    """Take the one column that holds a test statistic, with its name, unless there are several."""
    named = [name for name in NAMED if name in columns.named and only_number(row[columns.named[name]])]
    if len(named) == 1:
        cell = row[columns.named[named[0]]]
        found["name"], found["statistic"] = named[0], only_number(cell)
        if len(cell.quantities) == 1 and cell.quantities[0].df:
            found["df"] = cell.quantities[0].df
    elif not named and columns.statistic is not None:
        found["statistic"] = only_number(row[columns.statistic])


def _inline(row: Sequence[Cell]) -> list[dict[str, Any]]:
    """Read every estimate that stands before its interval in one cell."""
    cells = [cell for cell in row if len(cell.quantities) == 2 and cell.quantities[1].kind is Kind.INTERVAL]
    return [
        {"estimate": cell.quantities[0].first, **_interval_in(cell.quantities[1:], cell.text)}
        for cell in cells
        if cell.quantities[0].kind is Kind.VALUE
    ]


def _interval_in(quantities: Sequence[Quantity], text: str) -> dict[str, Any]:
    pairs = [q for q in quantities if q.kind in (Kind.INTERVAL, Kind.RANGE) and len(q.numbers) == 2]
    if len(pairs) != 1:
        return {}
    return {"interval": pairs[0].numbers, **_level(pairs[0], text)}


def _level(quantity: Quantity, text: str) -> dict[str, Any]:
    """Read the level of an interval where the text beside it says so."""
    if quantity.level is not None:
        return {"level": quantity.level.value / (100 if quantity.level.value > 1 else 1)}
    stated = LEVEL.search(text)
    return {"level": float(stated.group(1)) / 100} if stated else {}


def only_number(cell: Cell) -> Printed | None:
    """Give the number of a cell that holds one and no more."""
    claims = [q for q in cell.quantities if q.kind is Kind.VALUE]
    if len(claims) != 1 or len(cell.quantities) != 1 or len(claims[0].numbers) != 1:
        return None
    return claims[0].first


def in_sentence(sentence: Sentence) -> Iterator[Reported]:
    """Read the tests of a sentence: a statistic or an interval, and the p and n that follow it."""
    around = " ".join(sentence.section)
    for group in _groups(sentence):
        found = _of_group(group)
        if found:
            words = sentence.text
            yield Reported(place=group[0].place, words=words, source="sentence", around=around, **found)


def with_offsets(sentence: Sentence) -> list[tuple[int, Quantity]]:
    """Give where in the sentence's text each quantity begins; those that are not found are left out."""
    placed, cursor = [], 0
    for quantity in sentence.quantities:
        at = sentence.text.find(quantity.text, cursor)
        if at >= 0:
            placed.append((at, quantity))
            cursor = at + (0 if quantity.kind is Kind.IDENTIFIER else len(quantity.text))
    return placed


def _groups(sentence: Sentence) -> list[list[Quantity]]:
    """Split the quantities of a sentence where a new claim begins: after a break, or at another statistic."""
    groups: list[list[Quantity]] = []
    end = 0
    for at, quantity in with_offsets(sentence):
        if quantity.label == "level" or quantity.kind is Kind.IDENTIFIER:  # the interval knows its level
            continue
        between = sentence.text[end:at]
        starts = quantity.label in NAMED and any(q.label in NAMED for q in groups[-1]) if groups else True
        again = groups and quantity.label in ("p", "n") and any(q.label == quantity.label for q in groups[-1])
        if starts or again or BREAK.search(between):
            groups.append([])
        groups[-1].append(quantity)
        end = at + len(quantity.text)
    return groups


def _of_group(group: Sequence[Quantity]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for before, quantity in zip((None, *group), group, strict=False):
        if quantity.label in NAMED and quantity.kind is Kind.VALUE:
            found["name"], found["statistic"], found["df"] = quantity.label, quantity.first, quantity.df
        elif quantity.label == "p":
            found["p"] = quantity.first
        elif quantity.label == "p_adjusted":
            found["adjusted"] = quantity.first
        elif quantity.label == "n" and quantity.first.value > 0:
            found["n"] = quantity.first
        elif quantity.label == "interval" and len(quantity.numbers) == 2:
            found["interval"] = quantity.numbers
            if before is not None and _is_estimate(before, quantity):
                found["estimate"] = before.first
            found |= _level(quantity, quantity.text)
    return {key: value for key, value in found.items() if value not in (None, "", ())}


def _is_estimate(before: Quantity, interval: Quantity) -> bool:
    """Tell whether the number before an interval is what it is of: a value with about as many decimals."""
    if re.match(r"BF", before.text):
        return False
    alike = abs(before.first.decimals - interval.first.decimals) <= 1
    return before.kind is Kind.VALUE and before.label not in NO_ESTIMATE and alike


def n_of(words: str) -> int | None:
    """Give the n that a heading, a caption or a section states, if it states one and no other."""
    stated = {int(n) for n in N_IN_WORDS.findall(words)}
    if not stated:
        stated = {int(n) for n in EACH_OF.findall(words)}
    return stated.pop() if len(stated) == 1 else None
