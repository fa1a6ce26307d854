"""Which rows play a role of a statistic, in the shape that its signature asks for."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporter.dataset import Dataset, estimands_of
from reporter.errors import DataError, StudyError
from reporter.estimand import common
from reporter.names import did_you_mean
from reporter.results import Summary
from reporter.rows import Chosen, Rows
from reporter.study import Analysis, Role, Scalar, Source, Study

CELL = "cell"


@dataclass(frozen=True, slots=True)
class Bound:
    """What plays a role: the argument itself, the rows it was made of, and the names of its entries."""

    argument: Any
    chosen: Chosen
    units: tuple[str, ...]


def groups_of(analysis: Analysis, dataset: Dataset, place: str) -> list[dict[str, Scalar]]:
    """List the conditions that select each member: none at all where the question is asked once."""
    if not analysis.each:
        return [{}]
    role = next(iter(analysis.roles.values()))
    rows = dataset.of_kind(role.kind, place=place)
    _refuse_no_column("each", analysis.each, rows, place)
    return [{analysis.each: value} for value in rows.distinct(analysis.each)]


def bind(
    role: Role, annotation: str, group: Mapping[str, Scalar], study: Study, dataset: Dataset, place: str
) -> Bound:
    """Select a role's rows and shape them as the statistic's signature asks."""
    rows = dataset.of_kind(role.kind, place=place)
    where = {name: _condition(name, value, study, rows, place) for name, value in role.where.items()}
    chosen = dataset.select({**group, **where}, place=place, kind=role.kind, runs=role.runs)
    if role.order:
        _refuse_no_column("order", role.order, rows, place)
        chosen = chosen.sorted_by(role.order)
    if role.of == CELL:
        cells = [_summary(row, study) for row in chosen.records()]
        if annotation == "Summary":
            _refuse_two(chosen, place)
            return Bound(cells[0] if cells else None, chosen, ())
        return Bound(cells, chosen, tuple(chosen.column("model")))
    _refuse_no_column("of", role.of, rows, place)
    if len(chosen) == 0 and group:
        return Bound(None, chosen, ())  # one member lacks what others have: it has no answer
    if len(chosen) == 0:
        words = ", ".join(f"{name} = {value}" for name, value in where.items())
        raise DataError("No row meets the conditions.", where=place, remedy=f"They are {words or 'none'}.")
    if "Mapping" in annotation:
        return Bound(_by_model(role, chosen), chosen, ())
    values = _values(role, chosen, place)
    if not role.units:
        names = chosen.column("model")
        return Bound(
            values, chosen, tuple(names if len(set(names)) == len(names) else chosen.column("address"))
        )
    for name in role.units:
        _refuse_no_column("over", name, rows, place)
    members: dict[str, list[float]] = {}
    for *names, value in zip(*map(chosen.column, role.units), values.tolist(), strict=True):
        members.setdefault("/".join(map(str, names)), []).append(value)
    means = np.array([math.fsum(part) / len(part) for part in members.values()])
    return Bound(means, chosen, tuple(members))


def _values(role: Role, chosen: Chosen, place: str) -> NDArray[np.float64]:
    """Read a role's numbers: a column of them, or whether a column of text has the word that is asked."""
    values = chosen.column(role.of)
    if role.is_:
        return np.array([value == role.is_ for value in values], dtype=float)
    if not chosen.rows.is_numeric(role.of):
        raise DataError(f'of = "{role.of}" is a column of text.', where=place, remedy="Name one of numbers.")
    if None in values:
        address = chosen.column("address")[values.index(None)]
        raise DataError(f'"{role.of}" is empty in {address}.', where=place, remedy="Choose other rows.")
    return np.array(values, dtype=float)


def _by_model(role: Role, chosen: Chosen) -> dict[str, list[Any]]:
    """Gather a column's values by model, for statistics that keep sources apart."""
    found: dict[str, list[Any]] = {}
    for model, value in zip(chosen.column("model"), chosen.column(role.of), strict=True):
        found.setdefault(model, []).append(value)
    return found


def _condition(name: str, value: Scalar, study: Study, rows: Rows, place: str) -> Scalar:
    """Read a condition's value: a word on a column of numbers names a declared constant."""
    if name not in rows.names:
        return value  # the selection refuses it
    numeric = rows.is_numeric(name)
    meant = study.constant(value) if numeric and value in study.declared else value
    if not len(rows.where({name: meant})):
        words = [
            *map(str, rows.distinct(name)),
            *(study.declared if numeric and isinstance(value, str) else ()),
        ]
        raise DataError(
            f'No row has the {name} "{value}".', where=place, remedy=did_you_mean(str(value), words)
        )
    return meant


def _refuse_no_column(key: str, name: str, rows: Rows, place: str) -> None:
    if name not in rows.names:
        raise StudyError(f'{key} = "{name}" is no column.', where=place,
                         remedy=did_you_mean(name, rows.names))  # fmt: skip


def _summary(row: Mapping[str, Any], study: Study) -> Summary:
    names = ("mean", "sd", "minimum", "maximum", "n")
    return Summary(**{name: row[name] for name in names}, half_width=study.source(row["source"]).half_width)


def _refuse_two(chosen: Chosen, place: str) -> None:
    if len(chosen) > 1:
        raise DataError(
            f"{len(chosen)} rows are candidates for one cell: {', '.join(chosen.column('address'))}.",
            where=place,
            remedy="Add a condition that singles one out.",
        )


def unit_of(bound: Iterable[Bound], place: str) -> str:
    """Find the unit of all rows that meet in a question; they must hold the same entropy."""
    measured = (member.chosen for member in bound if "measure" in member.chosen.rows.names)
    found = [entry for chosen in measured for entry in estimands_of(chosen)]
    return common(found, where=place).unit if found else "nats"


def sources_of(bound: Iterable[Bound], study: Study) -> list[Source]:
    """List the sources of all rows that meet in a question."""
    files = dict.fromkeys(file for member in bound for file in member.chosen.column("source"))
    return [study.source(file) for file in files]


def digest_of(bound: Iterable[Bound]) -> str:
    """SHA-256 over the digests of the rows that play each role."""
    digests = (member.chosen.rows.digest(member.chosen.at) for member in bound)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def units_of(bound: Mapping[str, Bound], place: str) -> tuple[str, ...]:
    """Check that roles with many values speak of the same members in the same order."""
    named = {name: member.units for name, member in bound.items() if member.units}
    first = next(iter(named.values()), ())
    for name, units in named.items():
        if units != first:
            odd = sorted(set(units) ^ set(first))
            raise DataError(f'The role "{name}" has other members: {", ".join(odd)}.', where=place,
                            remedy="Every member needs a row in every role.")  # fmt: skip
    return first
