"""Which rows play a role of a statistic, in the shape that its signature asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporter.dataset import Dataset
from reporter.errors import DataError, Degenerate, StudyError
from reporter.groups import Unit, conditions_of, lacking, members_of, refuse_no_column
from reporter.names import did_you_mean
from reporter.results import Summary
from reporter.rows import Chosen, Rows
from reporter.study import Role, Scalar, Study

CELL = "cell"
LISTS = {"states", "tokens"}  # kinds whose cells hold many numbers


@dataclass(frozen=True, slots=True)
class Bound:
    """What plays a role: its values, the rows they were made of, and the names of their entries.

    ``units`` are values of the columns ``over``; ``columns`` name the columns of a matrix, dimension by
    dimension, which are values of the columns ``by``. ``argument`` has the units first. ``partial`` are units
    that lack some column of the matrix, and are not in it.
    """

    argument: Any
    chosen: Chosen
    units: tuple[Unit, ...] = ()
    over: tuple[str, ...] = ()
    columns: tuple[tuple[Any, ...], ...] = ()
    by: tuple[str, ...] = ()
    partial: tuple[Unit, ...] = ()


def bind(
    role: Role, annotation: str, group: Mapping[str, Scalar], study: Study, dataset: Dataset, place: str
) -> Bound:
    """Select a role's rows and shape them as the statistic's signature asks.

    Raises
    ------
    DataError, StudyError
        The rows are not there, are ambiguous, or a column does not exist.
    Degenerate
        ``no_rows`` where rows may be lacking, and are.
    """
    if role.optional and role.kind not in dataset.rows:
        raise Degenerate("no_rows", f"the study has no {role.kind}")
    rows = dataset.of_kind(role.kind, place=place)
    where = conditions_of(role, study, rows, place)
    chosen = dataset.select({**group, **where}, place=place, kind=role.kind, runs=role.runs)
    _refuse_columns(role, rows, place)
    if role.order:
        chosen = chosen.sorted_by(role.order)
    if role.of == CELL:
        return _cells(annotation, chosen, study, place)
    if len(chosen) == 0 and group:
        return Bound(None, chosen)  # one member lacks what others have: it has no answer
    if len(chosen) == 0:
        if role.optional:
            raise Degenerate("no_rows", f"no row has {lacking(where, rows)}")
        words = ", ".join(f"{name} = {value}" for name, value in where.items())
        raise DataError("No row meets the conditions.", where=place, remedy=f"They are {words or 'none'}.")
    return _shape(role, annotation, chosen, study, place)


def _refuse_columns(role: Role, rows: Rows, place: str) -> None:
    """Refuse a role that names a column which its rows do not have."""
    of = () if role.of == CELL else role.words
    order = (role.order,) if role.order else ()
    for key, names in (("order", order), ("of", of), ("over", role.units), ("by", role.columns)):
        for name in names:
            refuse_no_column(key, name, rows, place)
    held = [value for name in role.columns for value in rows.distinct(name)]
    for value in role.without:
        if value not in held and not role.optional:
            raise StudyError(f"without = {value!r} is no column of the matrix.", where=place,
                             remedy=did_you_mean(str(value), map(str, held)))  # fmt: skip


def _shape(role: Role, annotation: str, chosen: Chosen, study: Study, place: str) -> Bound:
    """Lay the chosen rows out."""
    if "Mapping" in annotation:
        return Bound(_by_model(role, chosen), chosen)
    if "Labels" in annotation:
        return _labels(role, annotation, chosen, study, place)
    if role.kind in LISTS and annotation.startswith(("Columns", "Flat", "Offsets")):
        return _lists(role, chosen, place)
    values = _values(role, chosen, place)
    if annotation == "Summary":
        return Bound(_summary_of(_vector(role, values, chosen).argument), chosen)
    if role.columns and not role.units:
        raise StudyError("A matrix (`by`) needs `over`: what its rows are.", where=place)
    if role.columns:
        return _matrix(role, values, chosen, study)
    return _vector(role, values, chosen)


def _vector(role: Role, values: NDArray[np.float64], chosen: Chosen) -> Bound:
    """Give one number per unit: the mean of its rows, or each row as it is where no unit is named."""
    if not role.units:
        names = chosen.column("model")
        units = names if len(set(names)) == len(names) else chosen.column("address")
        return Bound(values, chosen, tuple((name,) for name in units))
    members: dict[Unit, list[float]] = {}
    for *unit, value in zip(*map(chosen.column, role.units), values.tolist(), strict=True):
        members.setdefault(tuple(unit), []).append(value)
    return Bound(np.array([_mean(part) for part in members.values()]), chosen, tuple(members), role.units)


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _cells(annotation: str, chosen: Chosen, study: Study, place: str) -> Bound:
    cells = [_summary(row, study) for row in chosen.records()]
    if annotation == "Summary":
        _refuse_two(chosen, place)
        return Bound(cells[0] if cells else None, chosen)
    return Bound(cells, chosen, tuple((model,) for model in chosen.column("model")))


def _summary_of(values: NDArray[np.float64]) -> Summary:
    """Summarise single values as a published cell would, with the sample sd; nothing was rounded."""
    return Summary(
        mean=_mean(values.tolist()),
        sd=float(values.std(ddof=1)) if values.size > 1 else 0.0,
        minimum=float(values.min()),
        maximum=float(values.max()),
        n=values.size,
        half_width=0.0,
    )


def _values(role: Role, chosen: Chosen, place: str) -> NDArray[np.float64]:
    """Read a role's numbers: a column of them, or whether a column of text has the word that is asked."""
    if len(role.words) != 1:
        raise StudyError("`of` names several columns, which only labels can have.", where=place)
    name = role.words[0]
    values = chosen.column(name)
    if role.is_:
        return np.array([value == role.is_ for value in values], dtype=float)
    if not chosen.rows.is_numeric(name):
        held = "lists" if isinstance(values[0], np.ndarray) else "text"
        raise DataError(f'of = "{name}" is a column of {held}.', where=place, remedy="Name one of numbers.")
    if None in values and role.optional:
        raise Degenerate("not_said", f"the rows do not say their {name.replace('_', ' ')}")
    if None in values:
        address = chosen.column("address")[values.index(None)]
        raise DataError(f'"{name}" is empty in {address}.', where=place, remedy="Choose other rows.")
    return np.array(values, dtype=float)


def _labels(role: Role, annotation: str, chosen: Chosen, study: Study, place: str) -> Bound:
    """Give every unit its words, or those that it has in each series; a unit that lacks some is left out."""
    if not role.units:
        raise StudyError("Labels need `over`: whose words they are.", where=place)
    if len(role.columns) != annotation.startswith("Series"):
        told = "one column: whose series they are" if annotation.startswith("Series") else "no column"
        raise StudyError(f"As `by`, these labels need {told}.", where=place)
    found = _agreed(role, chosen, place)
    units = tuple(dict.fromkeys(unit for unit, _ in found))
    if not role.columns:
        return Bound(np.array(list(found.values())), chosen, units, role.units)
    series = [one for one in members_of(chosen, role.columns, study) if one[0] not in role.without]
    kept = tuple(unit for unit in units if all((unit, one) in found for one in series))
    words = np.array([[found[unit, one] for one in series] for unit in kept]).reshape(len(kept), len(series))
    names = (tuple(one[0] for one in series),)
    partial = tuple(unit for unit in units if unit not in set(kept))
    return Bound(words, chosen, kept, role.units, names, role.columns, partial)


def _agreed(role: Role, chosen: Chosen, place: str) -> dict[tuple[Unit, Unit], str]:
    """Read the words of each unit, and of each column that is named; their rows must agree in them."""
    units, columns, words = (
        zip(*map(chosen.column, names), strict=True) if names else [()] * len(chosen)
        for names in (role.units, role.columns, role.words)
    )
    found: dict[tuple[Unit, Unit], str] = {}
    for unit, column, parts in zip(units, columns, words, strict=True):
        label = " / ".join("" if part is None else str(part) for part in parts)
        if found.setdefault((unit, column), label) != label:
            who = "/".join(map(str, (*unit, *column)))
            raise DataError(
                f'"{who}" has the label "{found[unit, column]}" and the label "{label}".',
                where=place,
                remedy="Add a condition that selects rows of one label.",
            )
    return found


def _lists(role: Role, chosen: Chosen, place: str) -> Bound:
    """Give the lists of numbers that cells hold, one for each row."""
    name = role.words[0]
    lists = chosen.column(name)
    if not isinstance(lists[0], np.ndarray):
        raise DataError(f'of = "{name}" holds no lists of numbers.', where=place,
                        remedy="Name a column whose cells do.")  # fmt: skip
    over = role.units or ("address",)
    return Bound(lists, chosen, tuple(zip(*map(chosen.column, over), strict=True)), over)


def _matrix(role: Role, values: NDArray[np.float64], chosen: Chosen, study: Study) -> Bound:
    """Lay values out by unit and by columns; a unit that lacks some value is left out.

    Where columns are combinations (model and axis), one that no row has is filled with zeros: it is
    constant, which statistics of several models leave out model by model.
    """
    names = tuple(
        tuple(unit[0] for unit in members_of(chosen, (name,), study) if unit[0] not in role.without)
        for name in role.columns
    )
    at = [{value: place for place, value in enumerate(column)} for column in names]
    units = list(dict.fromkeys(zip(*map(chosen.column, role.units), strict=True)))
    row = {unit: place for place, unit in enumerate(units)}
    total = np.zeros((len(units), *map(len, names)))
    count = np.zeros(total.shape)
    columns = list(zip(*map(chosen.column, role.columns), strict=True))
    for unit, column, value in zip(
        zip(*map(chosen.column, role.units), strict=True), columns, values, strict=True
    ):
        if any(name not in places for places, name in zip(at, column, strict=True)):
            continue
        cell = (row[unit], *(places[name] for places, name in zip(at, column, strict=True)))
        total[cell] += value
        count[cell] += 1
    absent = ~count.any(axis=0)
    whole = np.all((count.astype(bool) | absent).reshape(len(units), -1), axis=1)
    matrix = total[whole] / np.maximum(count[whole], 1)
    kept = tuple(unit for unit, there in zip(units, whole.tolist(), strict=True) if there)
    partial = tuple(unit for unit in units if unit not in set(kept))
    return Bound(matrix, chosen, kept, role.units, names, role.columns, partial)


def _by_model(role: Role, chosen: Chosen) -> dict[str, list[Any]]:
    """Gather a column's values by model, for statistics that keep sources apart."""
    found: dict[str, list[Any]] = {}
    for model, value in zip(chosen.column("model"), chosen.column(role.words[0]), strict=True):
        found.setdefault(model, []).append(value)
    return found


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
