"""Numbers as claims: values with their labels, intervals, shares, moves; names and dates are set apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from reporter.audit.document import Kind, Place, Printed, Quantity, Relation
from reporter.audit.labels import HAS_DF, degrees_behind, label_before, unit_behind
from reporter.audit.numerals import (
    ADDRESS,
    COMMA_NUMBER,
    HANGING,
    IDENTIFIER,
    LAYER,
    MAY_BE_ADDRESS,
    MAY_HANG,
    MAY_NAME,
    OUTLINE,
    SIMPLE,
    WORD,
    Numeral,
    numerals,
)

At = Callable[[int, int], Place]  # start and end in the text -> where that stands in the document
Span = tuple[int, int]

LEVEL = re.compile(r"\s*-?\s?(?:[\w'-]+ ){0,3}?(?:CIs?|CrI|HDI|confidence|credible|prediction|intervals?)\b")
CI_BEFORE = re.compile(r"(?:CIs?|CrI|HDI|intervals?)(?:\s*(?:95)?\s*(?:of|is|was|from|[:=,(]))?\s*[\[(]?$")
PLUS_MINUS = re.compile(r"\s*(?:±|\+/-|\+-)?\s*$")
MOVE = re.compile(r"\s*(?:→|->|=>|⟶|➔|⇒)\s*$")
TIGHT = re.compile(r"(?:[–—‒-]|\s[–—‒]\s|\s?(?:…|\.\.\.?)\s?)$")
TO = re.compile(r"\s+to\s+(?:about\s+)?$")
AND = re.compile(r"\s+and\s+$")
COMMA = re.compile(r"\s*[,;]\s*$")
OF = re.compile(r"(?:\s*/\s*|\s+(?:out\s+)?of\s+(?:(?:the|all|its|these|those|our)\s+)*)$")
STARS = re.compile(r"(\*{1,3})(?![\w*])")
MARK = re.compile(r"\s*\((?:the )?(min|max|minimum|maximum|lowest|highest)\b[^()]{0,20}\)")
ORDINAL = re.compile(r"(?:st|nd|rd|th)s?\b")
NOT_SIGNIFICANT = re.compile(r"(?<![\w.])n\.\s?s\.(?!\w)|(?<=[(,=\s])ns(?=[\s,;).]|$)")
LETTER = re.compile(r"[^\W\d_]")
ODD = re.compile(r"\d[\d.,]*")
DIGIT_OR_WORD = re.compile(rf"\d|[⁰¹²³⁴-⁹]|\bn\.\s?s\.|\b(?:{WORD})\b")


class Read(NamedTuple):
    """What was read in one text: its quantities in order, and the digits that are none."""

    quantities: tuple[Quantity, ...] = ()
    unread: tuple[Printed, ...] = ()


def read_quantities(
    text: str,
    at: At,
    *,
    bold: tuple[Span, ...] = (),
    names: re.Pattern[str] | None = None,
    outline: bool = False,
) -> Read:
    """Find what numbers a text states, and how they stand together.

    Parameters
    ----------
    text : str
        Plain text: a cell, a sentence, a line.
    at : callable
        Turns a start and an end in this text into a place in the document.
    bold : tuple of (int, int)
        The spans that are set in bold.
    names : pattern, optional
        Names with digits in them that the document uses for its subjects.
    outline : bool
        Whether the text may begin with a number of an outline: a heading, a line of code.
    """
    if not DIGIT_OR_WORD.search(text):
        return Read()
    if simple := SIMPLE.fullmatch(text):
        return Read(_simple(text, simple, at, bold))
    return _Reader(text, at, bold).read(names, outline)


def _simple(text: str, match: re.Match[str], at: At, bold: tuple[Span, ...]) -> tuple[Quantity, ...]:
    """Read a text that is one number and nothing else, as most cells are."""
    sign, digits = match["sign"] or "", match["digits"]
    value = float(digits) if sign in ("", "+") else -float(digits)
    place = at(0, len(text))
    number = Printed(
        text=text,
        value=value,
        decimals=len(digits.partition(".")[2]),
        place=place,
        signed=bool(sign),
    )
    return (Quantity(text=text, kind=Kind.VALUE, numbers=(number,), place=place, bold=bool(bold)),)


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, at: At, bold: tuple[Span, ...]) -> None:
        self.text, self.at, self.bold = text, at, bold
        self.found: list[tuple[int, Quantity]] = []
        self.level: Numeral | None = None
        self.level_end = 0

    def read(self, names: re.Pattern[str] | None, outline: bool) -> Read:
        """Set names apart, then put the numbers that are left together."""
        taken = self._names(names, outline)
        degrees = list(HAS_DF.finditer(self.text)) if "(" in self.text else []
        taken = sorted([*taken, *((match.start("df") - 1, match.end() - 1) for match in degrees)])
        odd = [match.span() for match in COMMA_NUMBER.finditer(self.text)]
        numbers = list(numerals(self.text, sorted([*taken, *odd])))
        index = 0
        while index < len(numbers):
            index += self._one(numbers, index)
        for match in NOT_SIGNIFICANT.finditer(self.text):
            number = self._printed(Numeral(*match.span(), match[0], 0.05, 2), ">")
            self._add(Kind.VALUE, (number,), *match.span(), label="n.s.")
        self.found.sort(key=lambda pair: pair[0])
        return Read(tuple(quantity for _, quantity in self.found), self._unread(taken, numbers))

    def _names(self, names: re.Pattern[str] | None, outline: bool) -> list[Span]:
        """Find the spans whose digits are no numbers: identifiers and layers, which are kept as such."""
        spans: list[tuple[int, int, re.Match[str] | None]] = []
        if outline and (match := OUTLINE.match(self.text)):
            spans.append((*match.span(), None))
        if names and LETTER.search(self.text):
            spans += [(*match.span(), None) for match in names.finditer(self.text)]
        text = self.text
        if MAY_BE_ADDRESS.search(text):
            spans += [(*match.span(), None) for match in ADDRESS.finditer(text)]
        if MAY_HANG.search(text):
            spans += [(*m.span(), None) for m in HANGING.finditer(text) if not self._is_label(m)]
        if "L" in text or "ayer" in text:
            spans += [(*match.span(), match) for match in LAYER.finditer(text)]
        if MAY_NAME.search(text):
            spans += [(*match.span(), None) for match in IDENTIFIER.finditer(text)]
        taken: list[Span] = []
        for start, end, layer in sorted(spans, key=lambda span: (span[0], -span[1], span[2] is None)):
            if taken and start < taken[-1][1]:
                continue
            taken.append((start, end))
            if layer:
                self._layer(layer)
            elif re.search(r"\d", self.text[start:end]):
                self._identifier(start, end)
        return taken

    def _is_label(self, match: re.Match[str]) -> bool:
        """Tell ``R2 = 0.53`` and ``CI95`` from names with digits."""
        after = self.text[match.end() : match.end() + 3].lstrip()
        return match[0] in ("R2", "chi2", "CI95", "ci95", "BF10", "eta2") and after[:1] in "=<>:[("

    def _layer(self, match: re.Match[str]) -> None:
        parts = [name for name in ("one", "other", "from", "to") if match[name]]
        numbers = tuple(
            self._printed(Numeral(*match.span(part), match[part], float(match[part]), 0)) for part in parts
        )
        self._add(Kind.LAYER, numbers, *match.span())

    def _identifier(self, start: int, end: int) -> None:
        words = self.text[start:end].strip()
        digits = re.search(r"[0-9]+(?:\.[0-9]+)?", words)
        value = float(digits[0]) if digits else 0.0
        decimals = len(digits[0].partition(".")[2]) if digits else 0
        self._add(Kind.IDENTIFIER, (self._printed(Numeral(start, end, words, value, decimals)),), start, end)

    def _one(self, numbers: list[Numeral], index: int) -> int:
        """Read the quantity that begins with this number, and say how many numbers it took."""
        number = numbers[index]
        if number.percent and LEVEL.match(self.text, number.end):
            self.level, self.level_end = number, number.end
            self._value(number, label="level")
            return 1
        if index + 1 < len(numbers) and (pair := self._pair(number, numbers[index + 1])):
            self._two(pair, number, numbers[index + 1])
            return 2
        if number.word and number.text.lower() == "one":
            return 1
        self._value(number)
        return 1

    def _pair(self, first: Numeral, second: Numeral) -> Kind | None:
        """Tell how two numbers that follow each other belong together, from what stands between them."""
        unit = unit_behind(self.text, first)
        gap = self.text[first.end : second.start]
        bare = gap[len(unit[1]) :] if unit[1] and gap.startswith(unit[1]) else gap
        if second.sign == "±" and PLUS_MINUS.match(bare):
            return Kind.PLUS_MINUS
        if MOVE.match(bare):
            return Kind.MOVE
        whole = not (first.decimals or second.decimals or first.sign or second.sign)
        if whole and not first.percent and OF.match(gap):
            return Kind.SHARE
        if COMMA.match(bare):
            return self._bracketed(first, second)
        return self._span(first, second, bare)

    def _bracketed(self, first: Numeral, second: Numeral) -> Kind | None:
        """Tell an interval in brackets from a list: two numbers, and round brackets only after "CI"."""
        before, after = self.text[: first.start].rstrip()[-1:], self.text[second.end :].lstrip()[:1]
        if before == "[" and after == "]":
            return Kind.INTERVAL
        named = CI_BEFORE.search(self.text[max(0, first.start - 24) : first.start]) or self._has_level(first)
        return Kind.INTERVAL if named else None

    def _span(self, first: Numeral, second: Numeral, gap: str) -> Kind | None:
        """Tell a range, or an interval that is written like one."""
        left = self.text[max(0, first.start - 28) : first.start]
        joined = bool(TIGHT.match(gap)) and second.sign != "-"
        joined = (
            joined
            or bool(TO.match(gap))
            or (bool(AND.match(gap)) and bool(re.search(r"[Bb]etween\s$", left)))
        )
        if not joined or first.word or second.word:
            return None
        if self._has_level(first) or CI_BEFORE.search(left):
            return Kind.INTERVAL
        after = self.text[second.end :].lstrip()[:1]
        return Kind.INTERVAL if left.endswith("[") and after == "]" else Kind.RANGE

    def _has_level(self, number: Numeral) -> bool:
        gap = self.text[self.level_end : number.start]
        return self.level is not None and len(gap) <= 32 and not re.search(r"[.;]\s", gap)

    def _two(self, kind: Kind, first: Numeral, second: Numeral) -> None:
        unit, written = unit_behind(self.text, second)
        own = unit_behind(self.text, first)[0] or unit
        label, start, relation = label_before(self.text, first)
        percent = second.percent and kind is not Kind.SHARE
        if kind is Kind.SHARE and ORDINAL.match(self.text, second.end):
            label = "ratio"
        digits = second.text.lstrip("±+/- ")
        plain = second
        if kind is Kind.PLUS_MINUS:
            plain = second._replace(sign="", text=digits, start=second.end - len(digits))
        numbers = (
            self._printed(first._replace(percent=first.percent or percent), relation, unit=own),
            self._printed(plain, unit=unit),
        )
        level = None
        if kind is Kind.INTERVAL:
            if self._has_level(first) and self.level:
                label, level = "interval", self._printed(self.level)
                self.level = None
            elif CI_BEFORE.search(self.text[max(0, first.start - 24) : first.start]):
                label = "interval"
            start, end = first.start, second.end + len(written)
            if self.text[: first.start].endswith("[") and self.text[second.end : second.end + 1] == "]":
                start, end = first.start - 1, second.end + 1
            self._add(kind, numbers, start, end, label=label, level=level)
            return
        self._add(kind, numbers, start, second.end + len(written), label=label)

    def _value(self, number: Numeral, *, label: str = "") -> None:
        unit, written = unit_behind(self.text, number)
        said, start, relation = label_before(self.text, number)
        if number.word:
            said = "word"
        if unit in ("x", "times") and not label:
            said = said or "ratio"
        degrees, n = degrees_behind(self.text, start) if said else ((), None)
        if n:
            self._add(Kind.VALUE, (self._printed(n),), n.start, n.end, label="n")
        df = tuple(self._printed(degree) for degree in degrees)
        printed = self._printed(number, relation, unit=unit)
        self._add(Kind.VALUE, (printed,), start, number.end + len(written), label=label or said, df=df)

    def _printed(self, number: Numeral, relation: Relation = "=", *, unit: str = "") -> Printed:
        return Printed(
            text=number.text,
            value=number.value,
            decimals=number.decimals,
            place=self.at(number.start, number.end),
            relation=relation,
            signed=bool(number.sign),
            percent=number.percent,
            unit=unit,
        )

    def _add(
        self,
        kind: Kind,
        numbers: tuple[Printed, ...],
        start: int,
        end: int,
        *,
        label: str = "",
        df: tuple[Printed, ...] = (),
        level: Printed | None = None,
    ) -> None:
        stars = STARS.match(self.text, end) if kind is not Kind.IDENTIFIER else None
        end = stars.end() if stars else end
        mark = MARK.match(self.text, end) if kind is not Kind.IDENTIFIER else None
        end = mark.end() if mark else end
        if self.text[end : end + 1] == ")" and "(" in self.text[start:end].rpartition(")")[2]:
            end += 1
        words = self.text[start:end]
        if words.count("(") > words.count(")") and kind is not Kind.IDENTIFIER:
            start += words.rindex("(") + 1
        which: Literal["", "min", "max"] = ""
        if mark:
            which = "min" if mark[1].startswith(("min", "low")) else "max"
        quantity = Quantity(
            text=self.text[start:end].strip(),
            kind=kind,
            numbers=numbers,
            place=self.at(start, end),
            label=label,
            df=df,
            stars=len(stars[1]) if stars else 0,
            bold=any(begin < end and start < stop for begin, stop in self.bold),
            mark=which,
            level=level,
        )
        self.found.append((start, quantity))

    def _unread(self, taken: list[Span], numbers: list[Numeral]) -> tuple[Printed, ...]:
        """List digits that belong to no quantity: nobody guesses what they mean."""
        spans = sorted([*taken, *((number.start, number.end) for number in numbers)])
        left, index = [], 0
        for match in ODD.finditer(self.text):
            while index < len(spans) and spans[index][1] <= match.start():
                index += 1
            if index < len(spans) and spans[index][0] < match.end():
                continue
            digits = re.match(r"\d+", match[0])
            value = float(digits[0]) if digits else 0.0
            left.append(self._printed(Numeral(*match.span(), match[0], value, 0)))
        return tuple(left)
