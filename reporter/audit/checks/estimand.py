"""Are entropies of different kinds, units or modes held against each other, and is length allowed for?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from reporter.audit.checks._columns import Column, Names, columns
from reporter.audit.checks._verdict import failed, passed
from reporter.audit.document import Document, Kind, Quantity, Sentence
from reporter.audit.finding import Looked, Severity
from reporter.audit.reading import Reading
from reporter.audit.words import statistic_of
from reporter.entropy.english import PASSAGES
from reporter.entropy.length_matched_null import length_matched_null
from reporter.entropy.reference_levels import reference_levels
from reporter.errors import Degenerate

CHECK = "estimand"
KINDS = {
    "characters": re.compile(r"\bcharacter(?:s|[- ]level| entropy| frequenc)|\bplug-in entropy of", re.I),
    "next tokens": re.compile(
        r"\bnext-token\b|\btoken[- ]level entropy\b|\blog-?prob|\btop[-_ ]?(?:k|\d+)\b", re.I
    ),
    "activations": re.compile(r"\bactivation entropy\b|\bhistogram\b|\bactivation values\b", re.I),
}
APART = re.compile(
    r"\b(?:different|another|other|two) quantit|\bnot the (?:same )?entropy\b"
    r"|\bnot (?:be )?compar(?:ed|able)\b|\bno common scale\b|\bmean the same thing",
    re.I,
)
CUT = re.compile(r"\bthreshold\b|\bcut-?off\b|\b(?:the|first|nearest) cut\b|\bzone boundar|\d\+\)", re.I)
TOP = re.compile(r"\btop[-_ ]?(\d{1,4})\b[^.]{0,60}\b(?:distribution|probabilit|logprob|entropy)", re.I)
BOUNDED = re.compile(r"\bmass\b|\blower bound\b|\brenormal|\bbounds?\b", re.I)
LENGTH = re.compile(
    r"\blength[- ]matched\b|\blength (?:alone|itself)\b|\beffect of length\b|\bby length\b", re.I
)
COMPARED = re.compile(
    r"\b(?:varies|narrow\w*|wide\w*|largest|smallest|highest|lowest|anomaly|higher|lower)\b", re.I
)
CONVERTED = re.compile(r"\bln\s?\(?2|\blog\s?2\b|\bconver|\b1 (?:bit|nat)\b|\b0\.69\d|\b1\.44\d", re.I)
CHARACTERS_PER_TOKEN = 4.5  # of English prose under the tokenizers in use; between 4 and 5
NEAR = 0.15  # nats; replies have more marks and digits than prose
SEED = 0


def estimand(reading: Reading) -> Iterator[Looked]:
    """Look what kind of entropy the numbers and the cuts are of, as far as the document names it.

    Assumes about 4.5 characters to a token where limits are in tokens, and plain English prose as the
    yardstick of character entropy. At most a warning: the rows could tell, the document alone cannot.
    """
    document = reading.document
    text = " ".join((*(s.text for s in document.sentences), *(t.caption for t in document.tables)))
    kinds = [kind for kind, pattern in KINDS.items() if pattern.search(text)]
    yield from _units(document)
    yield from _first_layer(document, text)
    yield from _rule_unstated(document, text)
    yield from _base_and_instruct(document)
    yield from _truncated(document, text)
    yield from _histograms(document, text)
    if APART.search(text):
        return
    levels = _levels(columns(reading, Names(reading)))
    yield from _cuts(document, kinds)
    if levels and "next tokens" not in kinds and "activations" not in kinds:
        yield from _english(levels, kinds)
        if not LENGTH.search(text):
            yield from _rise(document, levels)


def _levels(tables: Sequence[Column]) -> list[Column]:
    """Find the columns of means at two limits in tokens, in one table."""
    means = [
        c
        for c in tables
        if c.statistic == "mean" and len(c.conditions) == 1 and re.search(r"\btokens?\b", c.head, re.I)
    ]
    pairs = [
        [a, b]
        for a in means
        for b in means
        if a.table is b.table and set(a.of) == set(b.of) and _limit(a) < _limit(b)
    ]
    plausible = [pair for pair in pairs if all(1 < x < 5 for c in pair for x in c.values().values())]
    return plausible[0] if plausible else []


def _limit(column: Column) -> float:
    return float(next(iter(column.conditions)))


def _cuts(document: Document, kinds: Sequence[str]) -> Iterator[Looked]:
    """Look for a cut in nats whose kind of entropy is not that of the values, or is not named."""
    about = any(re.search(r"\bentrop", s.text, re.I) for s in document.sentences)
    if len(kinds) == 1 or not about:
        return
    for sentence in document.sentences:
        cuts = [q for q in sentence.quantities if _is_cut(q)]
        in_unit = any(q.first.unit.rstrip("s") in ("nat", "bit") for q in cuts)
        if not CUT.search(sentence.text) or not in_unit or sentence.block == "heading":
            continue
        why = (
            f"the document speaks of entropies of {' and of '.join(kinds)}, and does not say which "
            "the cut is for"
            if kinds
            else "the document never says what the entropy is of: characters, next tokens or activations"
        )
        yield failed(
            CHECK,
            Severity.WARNING,
            sentence.place,
            sentence.text,
            expected="one kind of entropy, named",
            how=why,
            suggestion="say of what the entropy is, and for which kind the cut was drawn",
            numbers=tuple(q.first for q in cuts),
        )
        return


def _is_cut(quantity: Quantity) -> bool:
    number = quantity.first
    return (
        quantity.kind is Kind.VALUE
        and 0 < number.value < 10
        and number.unit in ("", "nats", "nat", "bits", "bit")
    )


def _english(levels: Sequence[Column], kinds: Sequence[str]) -> Iterator[Looked]:
    """Hold the levels against character entropies of plain English of that length."""
    if "characters" in kinds:
        return
    for column in levels[-1:]:
        length = round(_limit(column) * CHARACTERS_PER_TOKEN)
        try:
            english = reference_levels(length)
        except Degenerate:
            return
        numbers = tuple(column.of.values())
        mean = sum(n.value for n in numbers) / len(numbers)
        if not english.english_low - NEAR <= mean <= english.english_high + NEAR:
            yield passed(CHECK, *numbers)
            continue
        yield failed(
            CHECK,
            Severity.WARNING,
            column.table.place,
            column.head,
            expected="the kind of entropy, named",
            how=f"the mean of {column.head!r} is {mean:.2f} nats; characters of plain English of "
            f"{length} characters "
            f"have {english.english_low:.2f} to {english.english_high:.2f} (plug-in, four authors): "
            "such levels tell "
            "nothing of a model's uncertainty unless the entropy is of another kind",
            suggestion="Say which entropy was measured; if that of characters, set English prose beside it.",
            numbers=numbers,
        )


def _rise(document: Document, levels: Sequence[Column]) -> Iterator[Looked]:
    """Hold the mean change against what longer texts of the same kind bring by themselves."""
    first, second = levels
    lengths = [round(_limit(c) * CHARACTERS_PER_TOKEN) for c in levels]
    count = len(first.of)
    try:
        null = length_matched_null(
            [lengths[0]] * count,
            [lengths[1]] * count,
            {"English prose": list(PASSAGES.values())},
            rng=np.random.default_rng(SEED),
        )
    except Degenerate:
        return
    change = sum(second.of[name].value - first.of[name].value for name in first.of) / count
    numbers = (*first.of.values(), *second.of.values())
    if not null.interval.low <= change <= null.interval.high:
        yield passed(CHECK, *numbers)
        return
    sentence = _about_change(document)
    yield failed(
        CHECK,
        Severity.WARNING,
        sentence.place if sentence else second.table.place,
        sentence.text if sentence else f"{first.head} to {second.head}",
        expected=f"{null.expected:+.3f} nats by length alone",
        how=f"plug-in entropy of English prose cut at {lengths[0]} and at {lengths[1]} characters rises by "
        f"{null.expected:.3f} on average (95 % of {count} such changes in the mean: "
        f"{null.interval.low:.3f} to "
        f"{null.interval.high:.3f}); the document's mean change is {change:+.3f}",
        suggestion="If the entropy is that of characters, a rise of this size is what length alone brings.",
        numbers=numbers,
    )


def _about_change(document: Document) -> Sentence | None:
    """Find the sentence that states the mean change."""
    stated = (
        s
        for s in document.sentences
        if s.block not in ("heading", "caption")
        and re.search(r"\bmean (?:entropy )?change\b|\bincreas", s.text, re.I)
        and any(q.first.decimals >= 2 for q in s.quantities if q.kind is Kind.VALUE)
    )
    return next(stated, None)


def _truncated(document: Document, text: str) -> Iterator[Looked]:
    """Look for an entropy of the k likeliest tokens whose missing mass nobody states."""
    for sentence in document.sentences:
        top = TOP.search(sentence.text)
        if top and re.search(r"\bentrop", sentence.text, re.I) and not BOUNDED.search(text):
            yield failed(
                CHECK,
                Severity.WARNING,
                sentence.place,
                sentence.text,
                expected="the mass of what is left out",
                how=f"the sum of -p log p over the {top[1]} likeliest tokens leaves out 1 - sum p: it "
                "is a lower bound, "
                "or, renormalised, another quantity; before or after temperature and nucleus is not "
                "said either",
                suggestion=f"entropy of the {top[1]} likeliest tokens, with the mass left out and "
                "both bounds, and "
                "whether probabilities are raw or warped",
            )
            return


def _histograms(document: Document, text: str) -> Iterator[Looked]:
    """Look for histogram entropies that are compared over states of different sizes."""
    if (
        not re.search(r"\bhistogram", text, re.I)
        or APART.search(text)
        or re.search(r"not compared", text, re.I)
    ):
        return
    for table in document.tables:
        where = [i for i, head in enumerate(table.heads) if statistic_of(head) == "hidden_size"]
        sizes = {q.first.value for i in where for row in table.rows for q in row[i].quantities}
        inside = [s for s in document.sentences if s.section[:2] == table.section[:2]]
        compares = next(
            (s for s in inside if COMPARED.search(s.text) and s.block not in ("heading", "caption")), None
        )
        if len(sizes) > 1 and compares is not None:
            yield failed(
                CHECK,
                Severity.WARNING,
                table.place,
                " | ".join(table.heads),
                expected="comparisons at one number of components",
                how="a histogram entropy depends on how many components fill the bins: "
                f"{table.heads[where[0]]!r} "
                f"(line {table.place.line}) has {', '.join(f'{size:g}' for size in sorted(sizes))}",
                suggestion="Levels of models with different hidden sizes are not compared.",
            )
            return


def _first_layer(document: Document, text: str) -> Iterator[Looked]:
    """Note peaks at layer 0, which is the embedding of one token, where nobody says so."""
    if re.search(r"\bembedding\b", text, re.I):
        return
    for table in document.tables:
        for row in table.rows:
            pairs = [cell.quantities for cell in row[1:] if len(cell.quantities) == 2]
            first = [
                q for q in pairs if q[0].kind is Kind.LAYER and q[0].first.value == 0 and q[1].first.value
            ]
            if first:
                yield failed(
                    CHECK,
                    Severity.NOTE,
                    row[0].place,
                    ", ".join(f"{a.text} {b.text}" for a, b in first),
                    expected="a word on layer 0",
                    how="where layers are counted from 0, the first state is a look-up of the token "
                    "itself: a "
                    f"correlation there is about which token it is; {len(first)} of {len(pairs)} "
                    "peaks of this row",
                    suggestion="leave layer 0 out, or say what it is",
                    numbers=tuple(b.first for _, b in first),
                )


def _rule_unstated(document: Document, text: str) -> Iterator[Looked]:
    """Note counts of dead zones in a document that does not say what makes a zone dead."""
    if re.search(
        r"\bdead\b[^.]{0,80}(?:<|\bbelow\b|\bless than\b|\bnearer\b|\brule\b|\bif\b|\bwhere\b)", text, re.I
    ):
        return
    for table in document.tables:
        for head in table.heads:
            if statistic_of(head) == "dead_zones":
                yield failed(
                    CHECK,
                    Severity.NOTE,
                    table.place,
                    head,
                    expected="the rule",
                    how="several rules are in use (mean near zero and small sd; small interquartile "
                    "range), and they "
                    "count differently",
                    suggestion="say by which rule a zone is dead",
                )


def _base_and_instruct(document: Document) -> Iterator[Looked]:
    """Note both models where one is a base model and the other is not."""
    for sentence in document.sentences:
        if not re.search(r"\bboth models\b|\bboth of the models\b", sentence.text, re.I):
            continue
        titles = {
            t.section[-1]
            for t in document.tables
            if t.section[:2] == sentence.section[:2] and len(t.section) > 2
        }
        base = [title for title in titles if re.search(r"\bbase\b", title, re.I)]
        if base and len(base) < len(titles) and sentence.block != "heading":
            yield failed(
                CHECK,
                Severity.NOTE,
                sentence.place,
                sentence.text,
                expected="one base model and one other",
                how=f"{', '.join(sorted(base))} is a base model, "
                f"{', '.join(sorted(titles - set(base)))} is not: a "
                "system prompt does not mean the same to both",
                suggestion="one base and one instruct model, each for itself",
            )


def _units(document: Document) -> Iterator[Looked]:
    """Look for nats in a document of bits, or bits in one of nats, without a conversion."""
    text = " ".join(sentence.text for sentence in document.sentences)
    by_unit: dict[str, list[Sentence]] = {"nat": [], "bit": []}
    for sentence in document.sentences:
        for unit in {
            n.unit.lower().rstrip("s") for q in sentence.quantities for n in q.numbers if n.decimals
        }:
            if unit in by_unit:
                by_unit[unit].append(sentence)
    rare, usual = sorted(by_unit, key=lambda unit: len(by_unit[unit]))
    if not by_unit[rare] or CONVERTED.search(text):
        return
    sentence = by_unit[rare][0]
    yield failed(
        CHECK,
        Severity.WARNING,
        sentence.place,
        sentence.text,
        expected="one unit",
        how=f"1 bit = ln 2 = 0.693 nats; {len(by_unit[usual])} sentences are in {usual}s, this one is in "
        f"{rare}s, and nothing is converted",
        suggestion=f"give the number in {usual}s",
        numbers=tuple(q.first for q in sentence.quantities),
    )
