"""Facts in prose: a number is bound to the name before it or to its section's subject, if that is clear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reporter.audit.cell_facts import LEVELS, Setting
from reporter.audit.conditions import measure_in
from reporter.audit.document import Document, Kind, Printed, Quantity, Sentence
from reporter.audit.fact import Fact
from reporter.audit.naming import Mention
from reporter.audit.words import statistic_of

KNOWN = {"mean", "sd", "median", "min", "max", "change", "effective_dimension", "p", "r", "rho", "g", "d"}
COMPARED = re.compile(
    r"\)?\s*(?:nats?\s|bits?\s)?(?:below|above|higher|lower|more|less|smaller|larger|greater|under|over|apart|away|threshold"
    r"|cut\b|attractor|convergence|boundary|level\b|beyond|from\b)",
)
OF_ALL = re.compile(
    r"\b(all|models|both|every|each|average|overall|across|families|providers|others?|published|replies"
    r"|two[- ]sided|mean change|compared to)\b",
    re.I,
)
SPREAD = re.compile(
    r"\b(variance|spread|range|ranges|difference|differs?|distance|gap|half width|bound|threshold|cuts?|width"
    r"|standard deviations?|std|beyond|expect\w*|probability|interval|envelope|predict\w*|extrapol\w*)\b",
    re.I,
)
CHANGE = re.compile(
    r"\b(change|increase|rise|rose|decrease|fell|drop|exploration|stability|shift)\w*|Δ", re.I
)
MEAN_CHANGE = re.compile(
    r"\bmean (?:entropy )?(?:change|increase|difference)|average (?:change|increase)", re.I
)
LIMIT = re.compile(
    r"(?<![\w.])(?:at )?(?P<limit>[0-9][0-9,]*)[ -][Tt]okens?\b|\bat (?P<bare>[0-9][0-9,]*)(?![\w.,%]*[0-9%])"
)
PAIR = re.compile(r"(?:→|->)|\bfrom [0-9,]+ (?:tokens )?to [0-9,]+ tokens")
PART = re.compile(r"\b(?:per|excluding|without|among|only|alone|largest|smallest)\b", re.I)
TESTS = {"p", "p_adjusted", "r", "rho", "g", "d"}
COMPARED_TO = re.compile(
    r"\b(?:resembles|like|similar to|than|unlike|versus|vs\.?|compared (?:to|with)|beside|as in)\s$"
)
OPENING = re.compile(r"[^()]*\([^()]*$")


class Bound(NamedTuple):
    """What a number is a number of."""

    subject: str
    statistic: str
    condition: str
    number: Printed


def prose_facts(setting: Setting, told: Mapping[str, set[str]], limits: frozenset[str]) -> Iterator[Fact]:
    """Bind numbers in sentences.

    Parameters
    ----------
    setting : Setting
        Names, axes and steps of the document.
    told : mapping of str to set of str
        The statistics that tables give for each subject: what a bare number beside a name may be.
    limits : frozenset of str
        The token limits that heads of tables name.
    """
    binder = _Binder(setting, told, limits)
    for sentence in setting.document.sentences:
        if sentence.quantities and sentence.block not in ("heading", "caption"):
            for quantity in sentence.quantities:
                for bound in binder.bind(sentence, quantity):
                    yield Fact(
                        subject=bound.subject,
                        statistic=bound.statistic,
                        condition=bound.condition,
                        number=bound.number,
                        quantity=quantity,
                        source="sentence",
                        place=bound.number.place,
                        words=sentence.text,
                    )


def stated_limits(document: Document, heads: set[str]) -> frozenset[str]:
    """Gather the token limits: those in heads, and those that open a line, "100 tokens: ..."."""
    opening = re.compile(r"([0-9][0-9,]*) tokens?:")
    opened = {match[1] for s in document.sentences if (match := opening.match(s.text))}
    return frozenset(heads | {limit.replace(",", "") for limit in opened})


class _Binder:
    """Binds the numbers of one sentence after the other."""

    def __init__(self, setting: Setting, told: Mapping[str, set[str]], limits: frozenset[str]) -> None:
        self.setting, self.told, self.limits = setting, told, limits
        self.sentence: Sentence | None = None
        self.mentions: list[Mention] = []
        self.home = self.lead = self.block = ""
        self.known: dict[str, str] = {}

    def bind(self, sentence: Sentence, quantity: Quantity) -> Iterator[Bound]:
        """Say what each number of a quantity is, as far as that is clear."""
        if sentence is not self.sentence:
            self.sentence = sentence
            self.mentions = self.setting.names.mentions(sentence.text)
            self._settle(sentence)
        at = self._offset(sentence, quantity)
        if at < 0 or quantity.first.relation not in ("=", "<"):
            return
        subject = self._subject(sentence, at)
        if quantity.kind is Kind.VALUE:
            statistic = self._statistic(sentence, quantity, at, subject)
            if statistic and (subject or statistic == "mean_change"):
                subject = "" if statistic == "mean_change" else subject
                condition = self._condition(sentence, at, statistic)
                if condition or statistic not in TESTS:  # which test, otherwise?
                    yield Bound(subject, statistic, condition, quantity.first)
        elif quantity.kind is Kind.LAYER and subject and len(quantity.numbers) == 1:
            yield from self._peak(sentence, quantity, at, subject)
        elif quantity.kind in (Kind.INTERVAL, Kind.RANGE) and subject:
            yield from self._ends(sentence, quantity, at, subject)
        elif quantity.kind is Kind.PLUS_MINUS and subject and not self._compared(sentence, quantity, at):
            change = quantity.first.signed
            for statistic, number in zip(
                ("change", "change_sd") if change else ("mean", "sd"), quantity.numbers, strict=True
            ):
                limit = "" if change else self._step(sentence, quantity, at)
                yield Bound(subject, statistic, limit or self._condition(sentence, at, statistic), number)
        elif quantity.kind is Kind.SHARE and subject and quantity.first.unit == "dead zones":
            yield Bound(subject, "dead_zones", "", quantity.first)
        elif quantity.kind is Kind.MOVE and subject and self.setting.move:
            yield from self._moved(sentence, quantity, at, subject)

    def _offset(self, sentence: Sentence, quantity: Quantity) -> int:
        """Find a quantity in its sentence; repeated words are told apart by their columns."""
        at = -1
        for other in sentence.quantities:
            at = sentence.text.find(other.text, at + 1)
            if at < 0 or other is quantity:
                return at
        return -1

    def _settle(self, sentence: Sentence) -> None:
        """Find the subject of the block, the item or the section that a sentence stands in."""
        if sentence.opens:
            self.lead, self.block = self._lead(self.mentions, sentence.text), ""
        self.block += " " + sentence.text
        around = (self._only(words) for words in (sentence.under, *sentence.section[-1:]))
        self.home = self.lead or next((subject for subject in around if subject), "")

    def _only(self, words: str) -> str:
        """Name the one subject of a title or of an outer item."""
        if words not in self.known:
            found = {mention.subject for mention in self.setting.names.mentions(words)}
            self.known[words] = found.pop() if len(found) == 1 else ""
        return self.known[words]

    def _lead(self, mentions: list[Mention], text: str) -> str:
        """Name whom a block is about: the one subject of its first sentence, or that compared to others."""
        plain = {m.subject for m in mentions if not COMPARED_TO.search(text[: m.start])}
        return plain.pop() if len(plain) == 1 else ""

    def _subject(self, sentence: Sentence, at: int) -> str:
        """Name whom a number is about: the last name before it in its clause, or the section's."""
        text = sentence.text
        inside = OPENING.match(text[:at].rpartition(")")[2]) is not None
        for mention in reversed(self.mentions):
            if mention.start >= at:
                continue
            between = text[mention.end : at]
            if COMPARED_TO.search(text[: mention.start]) and not between.startswith(" ("):
                continue
            if "(" in text[: mention.start].rpartition(")")[2] and ")" in between:
                continue  # named in brackets that are closed again
            listed = (
                re.search(r"(?:,|\band|\bor|\bvs\.?|\bthan|\bto)\s$", text[: mention.start]) and not inside
            )
            if (
                listed
                and len({m.subject for m in self.mentions if m.start < at}) > 1
                and not between.startswith(" (")
            ):
                return ""
            return "" if ";" in between else self.lead if re.search(r"\.\s", between) else mention.subject
        if any(mention.start < at for mention in self.mentions) or OF_ALL.search(text[:at]):
            return ""
        return self.home

    def _compared(self, sentence: Sentence, quantity: Quantity, at: int) -> bool:
        return bool(COMPARED.match(sentence.text[at + len(quantity.text) :]))

    def _statistic(self, sentence: Sentence, quantity: Quantity, at: int, subject: str) -> str:
        """Name the statistic of a value: by its label, its unit, its sign and the words before it."""
        number, label, text = quantity.first, quantity.label, sentence.text
        before = re.split(r"[;(]|,\s(?=[a-z]+\s)", text[max(0, at - 60) : at].rstrip("( "))[-1]
        if number.percent or (number.value and quantity.text.startswith("±")):
            return ""
        if label == "r" and self._layer_before(sentence, quantity):
            return "peak_r"
        if label == "p" and re.match(
            r"\s*after\b.{0,24}?(?:Holm|adjust|Bonf|BH|correct)", text[at + len(quantity.text) :]
        ):
            label = "p_adjusted"
        if label == "mean_change" or (number.signed and (label == "mean" or MEAN_CHANGE.search(before))):
            return "" if PART.search(text[:at]) else "mean_change"
        if label in ("mean", "change", "") and self._compared(sentence, quantity, at):
            return ""
        if number.unit == "dead zones":
            return "dead_zones"
        if label in KNOWN:
            return "" if label == "mean" and SPREAD.search(before) else label
        if label or number.unit not in ("", "nats", "bits") or number.relation != "=":
            return ""
        end = at + len(quantity.text)
        return self._unlabelled(quantity, before, text[end : end + 12], subject)

    def _unlabelled(self, quantity: Quantity, before: str, after: str, subject: str) -> str:
        """Name the statistic of a value without a label."""
        number, told = quantity.first, self.told.get(subject, set())
        if number.signed:
            is_change = "change" in told and "r" not in told and not SPREAD.search(before)
            return "change" if is_change and CHANGE.search(before + after) else ""
        if SPREAD.search(before) or CHANGE.search(before):
            return "sd" if statistic_of(before) == "sd" and number.unit else ""
        if number.unit in ("nats", "bits"):
            return "mean"
        bracketed = f"({number.text}" in self.block and number.decimals >= 2
        if bracketed and "mean" in told and re.search(r"entropy|baseline", self.block, re.I):
            return "mean"
        return ""

    def _layer_before(self, sentence: Sentence, quantity: Quantity) -> bool:
        """Tell a correlation at a layer: "(L28, r=−0.77)"."""
        index = sentence.quantities.index(quantity)
        return any(other.kind is Kind.LAYER for other in sentence.quantities[max(0, index - 1) : index])

    def _moved(self, sentence: Sentence, quantity: Quantity, at: int, subject: str) -> Iterator[Bound]:
        """Bind "2.86 → 2.96 nats" to the two limits of the document's one step."""
        before = sentence.text[max(0, at - 60) : at]
        sd = quantity.label == "sd" or re.search(r"[Ss]tandard deviation|\bstd\b", before)
        if not sd and not quantity.numbers[0].decimals:
            return
        for limit, number in zip(self.setting.move.split("→"), quantity.numbers, strict=False):
            yield Bound(subject, "sd" if sd else "mean", limit, number)

    def _peak(self, sentence: Sentence, quantity: Quantity, at: int, subject: str) -> Iterator[Bound]:
        """Bind a layer at which a correlation on an axis is said to peak."""
        behind = sentence.quantities[sentence.quantities.index(quantity) + 1 :]
        axis = self.setting.axes.within(sentence.text, at)
        if axis and behind and behind[0].label == "r" and "peak_layer" in self.told.get(subject, set()):
            yield Bound(subject, "peak_layer", axis, quantity.first)

    def _ends(self, sentence: Sentence, quantity: Quantity, at: int, subject: str) -> Iterator[Bound]:
        """Bind the ends of a range that a table gives for this subject."""
        if "range_low" in self.told.get(subject, set()) and re.search(r"\brange", self.block, re.I):
            for statistic, number in zip(("range_low", "range_high"), quantity.numbers, strict=True):
                yield Bound(subject, statistic, self._condition(sentence, at, statistic), number)

    def _step(self, sentence: Sentence, quantity: Quantity, at: int) -> str:
        """Tell on which side of an arrow a value stands, "3.13 ± 0.04 → 3.13 ± 0.02": at which limit."""
        first, _, second = self.setting.move.partition("→")
        if re.match(r"\s*(?:→|->)", sentence.text[at + len(quantity.text) :]):
            return first
        return second if re.search(r"(?:→|->)\s*$", sentence.text[:at]) else ""

    def _condition(self, sentence: Sentence, at: int, statistic: str) -> str:
        """Say under what: the limit or the axis named before the number, or after it ("at 200 tokens")."""
        text = sentence.text
        parts = []
        if statistic in ("r", "peak_r", "p", "rho") or (statistic == "change" and self.setting.axes.whole):
            axis = self.setting.axes.within(text, at)
            parts.append(axis)
        if statistic in ("change", "mean_change", "change_sd"):
            parts.append(self.setting.move if not self.setting.axes.whole else "")
        elif not PAIR.search(text):
            parts.append(self._limit(text, at))
        told = (measure_in(words) for words in (text, *reversed(sentence.section)))
        measured = next((measure for measure in told if measure), "")
        if (
            statistic.partition("_")[0] in LEVELS
            and not any(parts)
            and measured
            and measured != self.setting.measure
        ):
            parts.append(f"{measured} entropy")
        return ", ".join(part for part in parts if part)

    def _limit(self, text: str, at: int) -> str:
        found = [
            (match.start(), limit)
            for match in LIMIT.finditer(text)
            if (limit := (match["limit"] or match["bare"]).replace(",", "")) in self.limits
        ]
        before = [limit for start, limit in found if start <= at]
        if before:
            return before[-1]
        return found[0][1] if len(found) == 1 else ""
