"""Number, and the only rounding rules in the project.

A number has an address: the finding's, then the path into its record, as in
``change/gpt-4o.interval.low``. The register looks numbers up by address, so that prose, tables, figures
and JSON print one value in one way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from typing import Any

import numpy as np

from reporter.errors import StudyError
from reporter.findings import Finding, Findings, NotComputable
from reporter.names import did_you_mean
from reporter.results import Kind, Selection, kind_of, names_of
from reporter.study import Study

MINUS = "\N{MINUS SIGN}"
PLUS_MINUS = "\N{PLUS-MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
INFINITY = "\N{INFINITY}"

HAVE_UNIT = {Kind.DATUM, Kind.DATUM_CHANGE, Kind.VALUE, Kind.CHANGE}


@dataclass(frozen=True, slots=True)
class Number:
    """A value, and the one text that stands for it everywhere."""

    value: float | int
    text: str
    address: str
    unit: str
    kind: Kind
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A number that could not be computed, with the reason."""

    text: str
    address: str
    reason: NotComputable


@dataclass(frozen=True, slots=True)
class Members:
    """Some members by name, and how many they are of how many; layers have a number for a name."""

    keys: tuple[str, ...]
    count: Number
    names: tuple[Number | str, ...]
    whole: bool


def _fixed(value: float, decimals: int) -> str:
    """Round half to even on the shortest decimal that the float stands for, free of binary noise."""
    if math.isinf(value):
        return INFINITY
    exact = Decimal(f"{value:.12g}")
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN):f}"


def _is_seen(size: str) -> bool:
    """Whether a printed size differs from 0: a sign in front of 0.00 would claim what is not shown."""
    return size.strip("0.") != ""


def _value(value: float, decimals: int) -> str:
    size = _fixed(abs(value), decimals)
    return f"{MINUS}{size}" if value < 0 and _is_seen(size) else size


def _change(value: float, decimals: int) -> str:
    size = _fixed(abs(value), decimals)
    if not _is_seen(size):
        return f"{PLUS_MINUS}{size}"
    return f"{'+' if value > 0 else MINUS}{size}"


def _p(value: float, _decimals: int) -> str:
    """Print p exactly: three decimals, four below .1, and never 0."""
    if value < 0.0001:
        return "<0.0001"
    return _fixed(value, 3 if value >= 0.1 else 4)


def _probability(value: float, _decimals: int) -> str:
    """Print a probability so that neither 0 nor 1 is claimed by rounding."""
    if 0 < value < 0.01:
        return "<0.01"
    if 0.99 < value < 1:
        return ">0.99"
    return _fixed(value, 2)


def _count(value: float, _decimals: int) -> str:
    return f"{value:d}" if isinstance(value, int) else _fixed(value, 0)


def _df(value: float, _decimals: int) -> str:
    return _fixed(value, 0 if abs(value - round(value)) < 1e-9 else 1)


def _level(value: float, _decimals: int) -> str:
    return f"{100 * value:g}{NO_BREAK}%"


def _setting(value: float, _decimals: int) -> str:
    return f"{value}"


def _tally(value: float, _decimals: int) -> str:
    return _value(value, 0 if value == round(value) else 2)


ROUNDING = {
    Kind.DATUM: _value,
    Kind.DATUM_CHANGE: _change,
    Kind.TALLY: _tally,
    Kind.VALUE: _value,
    Kind.CHANGE: _change,
    Kind.STATISTIC: lambda value, _decimals: _value(value, 2),
    Kind.DF: _df,
    Kind.COUNT: _count,
    Kind.P: _p,
    Kind.PROBABILITY: _probability,
    Kind.SHARE: lambda value, _decimals: _fixed(value, 2),
    Kind.CORRELATION: lambda value, _decimals: _value(value, 3),
    Kind.EFFECT: lambda value, _decimals: _value(value, 2),
    Kind.FACTOR: lambda value, _decimals: _value(value, 2),
    Kind.LEVEL: _level,
    Kind.SETTING: _setting,
}


def write(value: float, kind: Kind, decimals: int) -> str:
    """Round a value and write it: the one place where that happens.

    Examples
    --------
    >>> write(0.054999999999999938, Kind.CHANGE, 3)
    '+0.055'
    >>> write(0.0, Kind.CHANGE, 2)
    '±0.00'
    """
    return ROUNDING[kind](value, decimals)


@dataclass(frozen=True, slots=True)
class Register:
    """Every number that a report may print, by address."""

    study: Study
    findings: Findings
    _known: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def look_up(self, address: str) -> Any:
        """Find what stands at an address.

        Returns
        -------
        Number, Missing, Members, str, bool or a record
            A record where the address stops above a number.

        Raises
        ------
        StudyError
            Nothing stands there; the message names the nearest address.
        """
        place, path = self._split(address)
        if place == "declared":
            return self.declared(".".join(path), address)
        try:
            finding = self.findings.get(place)
        except KeyError as error:
            if (whole := self._refused_for_all(address)) is not None:
                return self._missing(whole, address)
            raise StudyError(str(error.args[0]), where=address) from error
        return self.within(finding, tuple(path))

    def _split(self, address: str) -> tuple[str, list[str]]:
        """Cut an address into finding and path; labels may hold dots (``gpt-4.5``)."""
        place = address
        while place:
            if place in self.findings.by_address:
                rest = address[len(place) + 1 :]
                return place, rest.split(".") if rest else []
            place = place.rpartition(".")[0]
        place, _, rest = address.partition(".")
        return place, rest.split(".") if rest else []

    def declared(self, name: str, address: str) -> Number:
        """Find a declared constant as a number."""
        name, _, position = name.partition(".")
        if name not in self.study.declared:
            raise StudyError(f'"{name}" is not declared.', where=address,
                             remedy=did_you_mean(name, self.study.declared))  # fmt: skip
        value = self.study.declared[name]
        if isinstance(value, tuple):
            value = value[self._position(position, len(value), address)]
        elif position:
            raise StudyError(f'Nothing called "{position}" lies below.', where=address)
        exact = value if isinstance(value, int) else float(value)
        return Number(exact, f"{value}", address, "", Kind.SETTING)

    @staticmethod
    def _position(position: str, size: int, address: str) -> int:
        """Read a place in a declared list; the first one where none is named."""
        allowed = [str(place) for place in range(size)]
        if position and position not in allowed:
            raise StudyError(f'There is no "{position}".', where=address,
                             remedy=did_you_mean(position, allowed))  # fmt: skip
        return int(position or 0)

    def within(self, finding: Finding, path: tuple[str, ...]) -> Any:
        """Follow a path from a finding's record to a number."""
        if isinstance(finding.record, NotComputable):
            if path == ("detail",):
                return finding.record.detail
            return self._missing(finding, ".".join((finding.address, *path)))
        if path and path[0] in ("adjusted_p", "family_size", "verdict"):
            return self._beside(finding, path[0])
        part: Any = finding.record
        for depth, name in enumerate(path):
            if part is None:  # an answer without an interval has no ends of one
                return None
            part = self._step(finding, part, name, ".".join((finding.address, *path[: depth + 1])))
        return part

    def _refused_for_all(self, address: str) -> Finding | None:
        """Find the answer that was refused to all members at once, where an address asks for one of them."""
        key, _, member = address.partition("/")
        found = [finding for finding in self.findings.of(key) if not finding.label and not finding.computable]
        return found[0] if found and member else None

    @staticmethod
    def _missing(finding: Finding, address: str) -> Missing:
        words = f"not computable ({finding.record.reason.replace('_', ' ')})"
        return Missing(words, address, finding.record)

    def _beside(self, finding: Finding, name: str) -> Any:
        """Read what a finding has beside its record."""
        value = getattr(finding, name)
        kinds = {"adjusted_p": Kind.P, "family_size": Kind.COUNT}
        if name not in kinds or value is None:
            return value
        return self._number(finding, value, kinds[name], f"{finding.address}.{name}")

    def _step(self, finding: Finding, part: Any, name: str, address: str) -> Any:
        if isinstance(part, tuple) and name.isdecimal() and int(name) < len(part):
            return part[int(name)]
        if isinstance(part, Members) and name.isdecimal() and int(name) < len(part.names):
            return part.names[int(name)]
        if isinstance(part, Number) or not is_dataclass(part) or isinstance(part, Members):
            raise StudyError(f'Nothing called "{name}" lies below.', where=address)
        names = [entry.name for entry in fields(part)]
        if name not in names:
            raise StudyError(f'There is no "{name}".', where=address, remedy=did_you_mean(name, names))
        if address not in self._known:  # a curve is asked for once for each of its points
            self._known[address] = self._read(finding, part, name, address)
        return self._known[address]

    def _read(self, finding: Finding, record: Any, name: str, address: str) -> Any:
        value, kind = getattr(record, name), kind_of(record, name)
        if isinstance(value, np.ndarray):
            value = tuple(value.tolist())
        about = names_of(record, name)
        names = finding.names.get(about, finding.units) if about else finding.units
        if isinstance(value, Selection):
            count = self._number(finding, len(value), Kind.COUNT, address)
            chosen = [names[i] for i in value]
            named = tuple(self._name(finding, one, f"{address}.{i}") for i, one in enumerate(chosen))
            return Members(tuple(map(str, chosen)), count, named, len(value) == value.n)
        if about and isinstance(value, int):
            return self._name(finding, names[value], address)
        if about and isinstance(value, tuple):
            return tuple(self._name(finding, names[at], f"{address}.{i}") for i, at in enumerate(value))
        if name.endswith("zone") and self.study.zones:
            return self.study.zones.names[value]
        if isinstance(value, Enum):
            return value.value
        if kind is None or value is None:
            return value
        if isinstance(value, tuple):
            return tuple(
                None if entry is None else self._number(finding, entry, kind, f"{address}.{i}")
                for i, entry in enumerate(value)
            )
        if kind is Kind.SETTING and (word := self._declared_as(finding, name)):
            return Number(value, f"{self.study.declared[word]}", address, "", kind, finding)
        return self._number(finding, value, kind, address)

    @staticmethod
    def _name(finding: Finding, name: Any, address: str) -> Number | str:
        """Give the name of a column: a layer's is a number, which prints as it is."""
        if not isinstance(name, (int, float)):
            return str(name)
        return Number(int(name), f"{name:g}", address, "", Kind.SETTING, finding)

    def _declared_as(self, finding: Finding, name: str) -> str:
        """Name the declared constant that an option was set to, so that both print alike."""
        analysis = self.study.analyses[finding.key]
        word = name if name in analysis.declared else analysis.options.get(name, "")
        return word if isinstance(word, str) else ""

    def _number(self, finding: Finding, value: float, kind: Kind, address: str) -> Number:
        unit = getattr(finding.record, "unit", "") if kind in HAVE_UNIT else ""
        exact = kind in (Kind.DATUM, Kind.DATUM_CHANGE)
        decimals = finding.data_decimals if exact else finding.decimals
        return Number(value, write(value, kind, decimals), address, unit, kind, finding)

    def numbers(self) -> Iterator[Number]:
        """Every number of every finding, in the order of the study's questions."""
        for finding in self.findings:
            if finding.computable:
                yield from self._below(finding, finding.record, finding.address)
            if finding.adjusted_p is not None:
                yield self._beside(finding, "adjusted_p")
                yield self._beside(finding, "family_size")

    def _below(self, finding: Finding, record: Any, address: str) -> Iterator[Number]:
        for entry in fields(record):
            if entry.name == "members" or isinstance(getattr(record, entry.name), np.ndarray):
                continue  # findings of their own; series too long to print
            found = self._read(finding, record, entry.name, f"{address}.{entry.name}")
            if isinstance(found, Members):
                yield found.count
            elif isinstance(found, tuple):
                for i, each in enumerate(found):
                    yield from self._part(finding, each, f"{address}.{entry.name}.{i}")
            else:
                yield from self._part(finding, found, f"{address}.{entry.name}")

    def _part(self, finding: Finding, part: Any, address: str) -> Iterator[Number]:
        """Every number of one part of a record."""
        if isinstance(part, Number):
            yield part
        elif is_dataclass(part):
            yield from self._below(finding, part, address)


def as_row(number: Number) -> Mapping[str, str]:
    """One line of numbers.csv."""
    finding = number.finding
    record: Any = finding.record if finding else None
    interval = getattr(record, "interval", None)
    options = finding.trace if finding else None
    return {
        "address": number.address,
        "text": number.text,
        "value": repr(number.value),
        "unit": number.unit,
        "kind": number.kind.value,
        "n": str(getattr(record, "n", "")),
        "statistic": options.statistic if options else "declared",
        "method": str(getattr(record, "method", "")),
        "level": str(getattr(interval, "level", "")) if interval else "",
        "family": finding.family if finding else "",
        "family_size": "" if finding is None or finding.family_size is None else str(finding.family_size),
        "adjusted_p": "" if finding is None or finding.adjusted_p is None else repr(finding.adjusted_p),
        "seed": "" if options is None or options.seed is None else str(options.seed),
        "rows": str(len(options.addresses)) if options else "",
        "rows_sha256": options.digest if options else "",
    }
