"""Under what a number was measured: token limits, axes and what else a head or a caption says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from reporter.audit.document import Document, Table
from reporter.audit.naming import CONDITION_HEAD, SUMMARY, speaks_of_subjects
from reporter.audit.words import statistic_of

LIMIT = re.compile(
    r"(?<![\w.])(?P<limit>[0-9][0-9,]*)[ -][Tt]okens?\b|\((?P<paren>[0-9]+)\)\s*$|[,@]\s?(?P<last>[0-9]+)\s*$"
)
AT = re.compile(r"\bat (?:a limit of )?(?P<limit>[0-9][0-9,]*)(?!\.?[0-9%])(?! [a-su-z])")
MOVE = re.compile(r"(?<![\w.])([0-9][0-9,]*)(?: tokens?)?\s*(?:→|->)\s*([0-9][0-9,]*)(?![\w.])")
TWO_PARTS = re.compile(r"([^\W\d_]{3,})[_/]([^\W\d_]{3,})$")
MEASURES = re.compile(
    r"\b(next-token|token-level|character(?:-level)?|layer(?:-wise)?|activation|generation|calibration|spectral"
    r"|histogram|semantic|attention|pooled-text) entrop",
    re.I,
)
# What a head may say beside its statistic without making it another quantity.
NEUTRAL = re.compile(
    r"\b(h|entrop\w+|nats?|bits?|tokens?|mean|average|behaviou?ral|values?|overall|total|of|the|in|model'?s?|score|as"
    r"|printed|published|measured|estimate|coefficient|limit|per|at|over|100|\d+(?:st|nd|rd|th))\b",
    re.I,
)
STATISTIC_WORDS = re.compile(
    r"\b(std|sd|st\.? ?dev|standard deviation|min(?:imum)?|max(?:imum)?|median|range|change|difference|delta"
    r"|predict(?:ed|ion)|p[- ]?values?|p|r|rho|t|f|z|n|d|g|df|chi2|correlation|spearman|pearson"
    r"|eff\.? ?dim\w*|effective dim\w*|dead zones?|n_tokens|token count|hidden( dim\w*| size)?|layers?"
    r"|(?:pos|neg)(?:itive|ative)? pole|interval|ci|s\.?e\.?m?|standard error|peak|lowest|highest"
    r"|adjusted|adj|holm|bh|fdr|cohen'?s?|hedges'?)\b|[Δδρχ²σ→±%|()\[\]:]",
    re.I,
)


class Head(NamedTuple):
    """What a column of a table holds: its statistic, and the condition in its own words."""

    statistic: str
    limit: str
    rest: str


@cache
def limit_in(words: str) -> str:
    """Read the one token limit that a title, a head or a caption names; "" for none or several."""
    if MOVE.search(words):
        return ""
    found = {match[1] or match[2] or match[3] for match in LIMIT.finditer(words)}
    found |= {match["limit"] for match in AT.finditer(words)}
    return found.pop().replace(",", "") if len(found) == 1 else ""


@cache
def head_of(head: str) -> Head:
    """Read the head of a column."""
    limit = limit_in(head)
    statistic = statistic_of(head)
    plain = MOVE.sub(" ", head)
    plain = LIMIT.sub(" ", plain)
    rest = NEUTRAL.sub(" ", STATISTIC_WORDS.sub(" ", plain))
    rest = re.sub(r"\s+", " ", re.sub(r"[^\w\s.=/-]", " ", rest)).strip(" .-/").lower()
    return Head(statistic, limit, rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Names of axes with two poles as the document spells them: "warm/cold", "confid/cautious"."""

    whole: Mapping[str, str]  # every spelling -> the fullest, with an underscore
    poles: Mapping[str, str]  # a pole that belongs to one axis only -> the axis

    def named(self, words: str) -> str:
        """Name the axis that a cell or a head stands for; its own words in lower case where it is none."""
        lowered = words.strip().lower()
        return self.whole.get(lowered.replace("/", "_"), lowered)

    def within(self, text: str, end: int) -> str:
        """Name the axis that is mentioned last before an offset of a text; "" for none."""
        found = ""
        for match in re.finditer(r"[^\W\d_]{4,}(?:[_/][^\W\d_]{3,})?", text[:end].lower()):
            found = self.whole.get(match[0].replace("/", "_")) or self.poles.get(match[0]) or found
        return found


def axes_of(document: Document) -> Axes:
    """Gather the axes from the first columns and the heads of tables."""
    spelled: dict[tuple[str, str], None] = {}
    for table in document.tables:
        words = [*table.heads[1:], *(row[0].text for row in table.rows if not speaks_of_subjects(table))]
        for word in words:
            if match := TWO_PARTS.match(word.strip().lower()):
                spelled[match[1], match[2]] = None
    alike: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one, other in spelled:
        alike.setdefault((one[:3], other[:3]), []).append((one, other))
    fullest: dict[str, str] = {}
    for one, other in spelled:
        same = [(a, b) for a, b in alike[one[:3], other[:3]] if a.startswith(one) and b.startswith(other)]
        fullest[f"{one}_{other}"] = max((f"{a}_{b}" for a, b in same), key=len)
    owners: dict[str, set[str]] = {}
    for axis in set(fullest.values()):
        for pole in axis.split("_"):
            owners.setdefault(pole, set()).add(axis)
    poles = {pole: next(iter(found)) for pole, found in owners.items() if len(found) == 1}
    return Axes(whole=fullest, poles=poles)


@cache
def measure_in(words: str) -> str:
    """Read which kind of entropy is named; "" for none or several."""
    found = {match[1].lower() for match in MEASURES.finditer(words)}
    return found.pop() if len(found) == 1 else ""


def main_measure(document: Document) -> str:
    """Read the kind of entropy that a document names first: what it means where it names none."""
    found = (MEASURES.search(line) for line in document.lines)
    return next((match[1].lower() for match in found if match), "")


def only_move(document: Document) -> str:
    """Read from which limit to which limit changes are, where the document speaks of one such step only."""
    found: set[str] = set()
    for table in document.tables:
        limits = list(
            dict.fromkeys(h.limit for h in map(head_of, table.heads) if h.limit and h.statistic == "mean")
        )
        moves = [move for head in table.heads for move in moves_in(head)]
        found.update(moves)
        if len(limits) == 2 and not moves and any(statistic_of(head) == "change" for head in table.heads):
            found.add("→".join(limits))
    return found.pop() if len(found) == 1 else ""


def moves_in(words: str) -> list[str]:
    """Read every step from one limit to another."""
    return [f"{match[1]}→{match[2]}".replace(",", "") for match in MOVE.finditer(words)]


def lists_conditions(table: Table) -> bool:
    """Tell whether the first column of a table lists conditions, such as axes, of one subject."""
    return bool(table.heads) and not speaks_of_subjects(table) and bool(CONDITION_HEAD.search(table.heads[0]))


def is_summary(name: str) -> bool:
    """Tell a row that speaks of all: "Mean", "Total"."""
    return bool(SUMMARY.match(name.strip()))
