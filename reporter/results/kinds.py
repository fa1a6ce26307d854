"""What a number in a record is, and the parts that records share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeAlias

from numpy.typing import ArrayLike

# Shapes of what plays a role, where one number per unit is not enough; a signature names them, and rows
# are laid out as it says.
Columns: TypeAlias = ArrayLike  # (n, columns): a row per unit
Series: TypeAlias = ArrayLike  # (..., n): the units last
Labels: TypeAlias = ArrayLike  # (n,): a word per unit
SeriesOfLabels: TypeAlias = ArrayLike  # (series, n): a word per unit, in each series another
Flat: TypeAlias = ArrayLike  # (tokens,): the tokens of unit after unit
Offsets: TypeAlias = ArrayLike  # (n + 1,): unit i owns offsets[i]:offsets[i + 1] of what is flat


class Kind(StrEnum):
    """What a printed number is, hence how it is rounded."""

    DATUM = "datum"  # a value as it stands in the data, or a difference of two, in the unit of the record
    DATUM_CHANGE = "datum_change"  # the same, signed
    VALUE = "value"  # in the unit of the record
    CHANGE = "change"  # a signed difference in the unit of the record
    STATISTIC = "statistic"  # t, F, chi-square, V: no unit
    TALLY = "tally"  # a sum of ranks, a number of signs: whole, or nearly so
    DF = "df"
    COUNT = "count"
    P = "p"  # p value
    PROBABILITY = "probability"
    SHARE = "share"  # share of something, 0..1
    CORRELATION = "correlation"
    EFFECT = "effect"  # standardised effect size, no unit
    FACTOR = "factor"  # ratio, number of something that is not a count
    LEVEL = "level"  # level of an interval, 0..1
    SETTING = "setting"  # a declared number (a token limit, a bound) that is printed as declared


def quantity(kind: Kind) -> Any:
    """Declare a record's field that holds a number, or a tuple of numbers."""
    return field(metadata={"kind": kind})


def position_in(role: str) -> Any:
    """Declare a record's field that holds positions among the columns of a role, not among its units."""
    return field(metadata={"names": role})


def one_for_each(selection: str) -> Any:
    """Declare a record's field that holds an answer for each member of one of its selections, in order."""
    return field(metadata={"for": selection})


def names_of(record: Any, name: str) -> str | None:
    """Name the role among whose columns a record's field holds positions; None where it holds none."""
    return next((entry.metadata.get("names") for entry in fields(record) if entry.name == name), None)


def kind_of(record: Any, name: str) -> Kind | None:
    """Look up the kind of a record's field; None where the field is no number."""
    for entry in fields(record):
        if entry.name == name:
            return entry.metadata.get("kind")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Members of the input, by position; ``n`` is how many there were to select from."""

    indices: tuple[int, ...]
    n: int

    def __len__(self) -> int:
        return len(self.indices)

    def __iter__(self) -> Iterator[int]:
        return iter(self.indices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence, credible or prediction interval; ``method`` says which, and how it was made."""

    low: float = quantity(Kind.VALUE)
    high: float = quantity(Kind.VALUE)
    level: float = quantity(Kind.LEVEL)
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A published cell: n values known only by mean, sd, minimum and maximum.

    ``half_width`` is half a unit of the last printed digit (0.005 for two decimals). Which ddof the sd
    has is not part of the cell: the study declares it. An input of statistics, not an answer.
    """

    mean: float
    sd: float
    minimum: float
    maximum: float
    n: int
    half_width: float
