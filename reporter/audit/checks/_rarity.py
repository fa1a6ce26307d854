"""How much it says that two places print one number: little for 1.000 everywhere, much for 0.0156 twice."""

from __future__ import annotations

import math
import re
from collections import Counter

from reporter.audit.document import SLACK, Document, Printed

NUMBERED = re.compile(r"^\W*(table|tab\.|figure) \d+[.:]?\W*", re.I)
USUAL = 2500  # numbers of a long report
FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)")


def figures_in(*titles: str) -> frozenset[str]:
    """The numbers in heads and titles, but for that of the table: "100" of "at 100 tokens"."""
    return frozenset(figure for title in titles for figure in FIGURE.findall(NUMBERED.sub("", title)))


def key_of(number: Printed) -> str:
    """Write a number as it is told apart from others: its value with the printed digits."""
    return f"{number.value:.{max(number.decimals, 0)}f}"  # 3e5 has fewer than none


def agree(one: Printed, other: Printed) -> bool:
    """Tell whether two numbers can be roundings of one value, the coarser of the finer."""
    if one.decimals == other.decimals:
        return abs(one.value - other.value) <= SLACK
    return abs(one.value - other.value) <= max(one.half_width, other.half_width) + SLACK


def is_slip(one: Printed, other: Printed) -> bool:
    """Tell whether two numbers of as many digits differ by one digit, by two turned round, or by the sign."""
    a, b = (key_of(number).lstrip("-") for number in (one, other))
    if one.decimals != other.decimals or len(a) != len(b):
        return False
    if "+" in {one.text[:1], other.text[:1]} and not (one.signed and other.signed):
        return False  # one of them is a change
    flipped = (one.value < 0) != (other.value < 0)
    wrong = [index for index, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if flipped:
        return not wrong
    if len(wrong) == 2:
        first, second = wrong
        return a[first] == b[second] and a[second] == b[first]
    return len(wrong) == 1 and len(a.replace(".", "")) > 1


class Rarity:
    """Weighs the numbers of a document in digits: the power of ten by which chance would not repeat them.

    A number with three decimals is one of a thousand. One that the document prints in many more than two
    places is as common as that, whatever its digits. ``crowd`` is what has to be asked for besides, in
    digits, where a document prints more numbers than usual: ten times as many make a hundred times as many
    pairs.
    """

    def __init__(self, document: Document) -> None:
        numbers = [
            number for quantity in document.quantities() for number in (*quantity.numbers, *quantity.df)
        ]
        self.times = Counter(map(key_of, numbers))
        self.total = len(numbers)
        self.crowd = max(0.0, 2 * math.log10(max(self.total, 1) / USUAL))
        self._weights: dict[tuple[float, int], float] = {}

    def of(self, number: Printed) -> float:
        """Give the weight of a number, in digits."""
        key = number.value, number.decimals
        if key not in self._weights:  # the same few numbers are asked for in every pair of tables
            self._weights[key] = self._weigh(number)
        return self._weights[key]

    def _weigh(self, number: Printed) -> float:
        digits = max(number.decimals, 0) + len(str(int(abs(number.value)))) - 1
        further = self.times[key_of(number)] - 2
        return min(digits, math.log10(self.total / further)) if further > 0 else digits
