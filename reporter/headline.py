"""The headline numbers of a study: single ones by address, those of every member, those of the largest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reporter.errors import StudyError
from reporter.names import did_you_mean
from reporter.numbers import Members, Missing, Number, Register
from reporter.tables import Cell, Labels, Table, members_of, of_member

WHERE = "study.headline"
PATHS = r"([\w.]+(?:, *[\w.]+)*)"
EVERY = re.compile(rf"(\w+)/\*\.{PATHS}")
LARGEST = re.compile(rf"largest (\w+)\.{PATHS}")
PICKED = "picked as the largest"
TIE = 1e-12  # numbers that agree within this are equally large
HEADS = ("Address", "Number", "Unit", "Question")


def headline(register: Register, wanted: Iterable[str], labels: Labels) -> Table:
    """Lay out the headline numbers with their addresses.

    ``entropy/*.mean, interval.low`` are numbers of every member of a question, however many there are.
    ``largest pole.estimate, adjusted_p`` are those of the member whose first number is farthest from 0:
    in each model, where members are parts of models. Ties are all named.

    Raises
    ------
    StudyError
        An address does not exist, or no number stands there.
    """
    rows = [row for each in wanted for row in _rows(each, register, labels)]
    return Table("headline", tuple((head,) for head in HEADS), tuple(rows))


def _rows(wanted: str, register: Register, labels: Labels) -> Iterator[tuple[Cell, ...]]:
    """Lay out what one entry means; what a member does not have, such as an interval, is left out."""
    if found := EVERY.fullmatch(wanted) or LARGEST.fullmatch(wanted):
        key, paths = found[1], re.split(", *", found[2])
        members = _members(key, register)
        largest = found.re is LARGEST
        for member in _largest(members, f"{key}.{paths[0]}", register) if largest else members:
            yield from _of_member(member, key, paths, PICKED if largest else "", register, labels)
        return
    number = _number(register, wanted)
    if number is None:
        raise StudyError(f'"{wanted}" is no number.', where=WHERE)
    yield _row(number, wanted, "", labels)


def _members(key: str, register: Register) -> list[str]:
    if key not in register.study.analyses:
        raise StudyError(f'There is no analysis "{key}".', where=WHERE,
                         remedy=did_you_mean(key, register.study.analyses))  # fmt: skip
    return members_of(key, register)


def _of_member(
    member: str, key: str, paths: list[str], picked: str, register: Register, labels: Labels
) -> Iterator[tuple[Cell, ...]]:
    for path in paths:
        address = of_member(f"{key}.{path}", member)
        number = _number(register, address)
        if number is not None:
            yield _row(number, address, picked, labels)
        if isinstance(number, Missing):  # and so are its other numbers
            return


def _largest(members: list[str], address: str, register: Register) -> Iterator[str]:
    """Name the members with the largest number, of those that share all but the last part of their names."""
    groups: dict[str, dict[str, float]] = {}
    for member in members:
        number = _number(register, of_member(address, member))
        if isinstance(number, Number):
            groups.setdefault(member.rpartition("/")[0], {})[member] = abs(number.value)
    for sizes in groups.values():
        yield from (member for member, size in sizes.items() if size >= max(sizes.values()) - TIE)


def _number(register: Register, address: str) -> Number | Missing | None:
    found = register.look_up(address)
    number = found.count if isinstance(found, Members) else found
    if number is not None and not isinstance(number, (Number, Missing)):
        raise StudyError(f'"{address}" is no number.', where=WHERE)
    return number


def _row(number: Number | Missing, address: str, picked: str, labels: Labels) -> tuple[Cell, ...]:
    finding = number.finding if isinstance(number, Number) else None
    if finding is None:
        return ((address,), (number,), (getattr(number, "unit", ""),), ("",))
    said = [labels.of(finding.label)["label"]] * bool(finding.label) + [picked] * bool(picked)
    words = f"{finding.question} ({'; '.join(said)})" if said else finding.question
    return ((address,), (number,), (getattr(number, "unit", ""),), (words,))
