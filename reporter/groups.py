"""Whom a question is asked for: the members that rows name, and the conditions that select each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reporter.dataset import Dataset
from reporter.errors import DataError, Degenerate, StudyError
from reporter.names import did_you_mean
from reporter.rows import Chosen, Rows
from reporter.study import Analysis, Role, Scalar, Study

FIRST, SECOND = "first", "second"  # how the roles of a pair's members are called, or begin
NARROWING = {"model", "model_kind", "family", "vendor", "origin"}  # conditions that ask for some models only
Unit = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One member that a question is asked for: its name, and the conditions that each role gets from it."""

    label: str
    conditions: Mapping[str, Mapping[str, Scalar]]


def groups_of(analysis: Analysis, study: Study, dataset: Dataset, place: str) -> list[Group]:
    """List the members that a question is asked for: one without a name where it is asked once.

    Members are those that rows meet the conditions of, and every other model that was measured: it has
    no answer, which a report must say. Models that are known from a publication only are none of them.
    """
    if not analysis.groups and not analysis.pairs:
        return [Group("", {})]
    known = {
        name: _known(role, study, dataset, f"{place}.roles.{name}") for name, role in analysis.roles.items()
    }
    for name in (*analysis.groups, *((analysis.pairs,) if analysis.pairs else ())):
        if all(name not in chosen.rows.names for chosen in known.values()):
            refuse_no_column("each" if name in analysis.groups else "pairs", name,
                              next(iter(known.values())).rows, place)  # fmt: skip
    if analysis.pairs:
        return _pairs(analysis, study, known)
    said = {name: _said(chosen, analysis.groups) for name, chosen in known.items()}
    lead = max(said, key=lambda name: len(said[name]))  # the first that says most
    members = members_of(known[lead], analysis.groups, study)
    if not members:
        raise Degenerate("no_rows", f"no row has {lacking(analysis.roles[lead].where, known[lead].rows)}")
    members += _without(analysis, known[lead], {unit[0] for unit in members}, study)
    return [
        Group(
            "/".join(map(str, unit)),
            {
                name: {
                    column: value
                    for column, value in zip(analysis.groups, unit, strict=False)
                    if column in said[name]
                }
                for name in analysis.roles
            },
        )
        for unit in members
    ]


def _known(role: Role, study: Study, dataset: Dataset, place: str) -> Chosen:
    """Choose the rows that meet a role's own conditions, whoever they are of."""
    if role.optional and role.kind not in dataset.rows:
        raise Degenerate("no_rows", f"the study has no {role.kind}")
    rows = dataset.of_kind(role.kind, place=place)
    return Chosen(rows, rows.where(conditions_of(role, study, rows, place)))


def _said(chosen: Chosen, names: tuple[str, ...]) -> set[str]:
    """Name the columns that these rows have values in; a projection of a baseline reply has no pole."""
    return {name for name in names if name in chosen.rows.names and chosen.rows.distinct(name, chosen.at)}


def _without(analysis: Analysis, lead: Chosen, there: set[Any], study: Study) -> list[Unit]:
    """List the measured models that have no row of the question."""
    narrowed = any(NARROWING & set(role.where) for role in analysis.roles.values())
    if analysis.groups[0] != "model" or narrowed or "origin" not in lead.rows.names:
        return []
    published = {source.file for source in study.sources if source.origin == "published"}
    if set(lead.rows.distinct("source", lead.at)) <= published:
        return []
    every = members_of(Chosen(lead.rows, np.arange(len(lead.rows))), ("model", "source"), study)
    measured = dict.fromkeys((model,) for model, file in every if file not in published)
    return [unit for unit in measured if unit[0] not in there]


def _pairs(analysis: Analysis, study: Study, known: Mapping[str, Chosen]) -> list[Group]:
    """List every two members of a column, the first of the first roles, and what else they are asked for."""
    names = (*analysis.groups, analysis.pairs)
    said = {name: _said(chosen, names) for name, chosen in known.items()}
    found = {
        name: members_of(chosen, tuple(column for column in names if column in said[name]), study)
        for name, chosen in known.items()
        if analysis.pairs in said[name]
    }
    firsts = {unit[-1] for name, units in found.items() if name.startswith(FIRST) for unit in units}
    seconds = {unit[-1] for name, units in found.items() if name.startswith(SECOND) for unit in units}
    declared = _declared(analysis.pairs, study)
    ordered = sorted(firsts | seconds, key=lambda value: _rank(value, declared))
    both = [
        (one, two)
        for one, two in itertools.product(ordered, ordered)
        if one in firsts and two in seconds and one != two
    ]
    asked = [
        pair for pair in both if pair[::-1] not in both or ordered.index(pair[0]) < ordered.index(pair[1])
    ]
    if not asked:
        raise Degenerate("no_pair", f"no two {analysis.pairs}s have the rows that it takes")
    others = dict.fromkeys(
        unit[:-1] for units in found.values() for unit in units if len(unit) == len(names)
    ) or {(): None}
    return [
        Group(
            "/".join(map(str, (*pair, *other))),
            {
                name: {
                    column: value
                    for column, value in (*zip(analysis.groups, other, strict=False),
                                          (analysis.pairs, pair[name.startswith(SECOND)]))
                    if column in said[name]
                }
                for name in analysis.roles
            },
        )
        for pair in asked
        for other in others
    ]  # fmt: skip


def members_of(chosen: Chosen, names: tuple[str, ...], study: Study) -> list[Unit]:
    """List the different values of some columns, in the study's order."""
    if any(name not in chosen.rows.names for name in names):
        return []
    columns = [chosen.rows.values(name) for name in names]
    found = [tuple(column[at] for column in columns) for at in chosen.rows.firsts(names, chosen.at)]
    units = [unit for unit in found if all(value not in (None, "") for value in unit)]
    declared = [_declared(name, study) for name in names]
    return sorted(units, key=lambda unit: [*map(_rank, unit, declared)])


def _declared(name: str, study: Study) -> dict[str, int]:
    """Give the places of models and axes in the study's order; other columns have none."""
    listed = {"model": [model.key for model in study.models], "axis": [axis.key for axis in study.axes]}
    return {key: place for place, key in enumerate(listed.get(name, []))}


def _rank(value: Any, declared: Mapping[str, int]) -> tuple[int, Any]:
    """Order models and axes as declared, numbers by size, and leave other words in the order of the rows."""
    if declared:
        return (0, declared[value]) if value in declared else (1, 0)
    return (0, value) if isinstance(value, (int, float)) else (0, 0)


def lacking(conditions: Mapping[str, Scalar], rows: Rows) -> str:
    """Say which conditions no row meets: the first that none meets by itself, else all together."""
    alone = [name for name, value in conditions.items() if not len(rows.where({name: value}))]
    said = {name: conditions[name] for name in alone[:1]} or conditions
    return ", ".join(f"{name} = {value}" for name, value in said.items()) or "any value"


def conditions_of(role: Role, study: Study, rows: Rows, place: str) -> dict[str, Scalar]:
    """Read a role's conditions, with declared constants as their numbers."""
    return {
        name: _condition(name, value, study, rows, place, role.optional) for name, value in role.where.items()
    }


def _condition(name: str, value: Scalar, study: Study, rows: Rows, place: str, optional: bool) -> Scalar:
    """Read a condition's value: a word on a column of numbers names a declared constant."""
    if name not in rows.names:
        return value  # the selection refuses it
    numeric = rows.is_numeric(name)
    meant = study.constant(value) if numeric and value in study.declared else value
    if not optional and not len(rows.where({name: meant})):
        words = [
            *map(str, rows.distinct(name)),
            *(study.declared if numeric and isinstance(value, str) else ()),
        ]
        raise DataError(
            f'No row has the {name} "{value}".', where=place, remedy=did_you_mean(str(value), words)
        )
    return meant


def refuse_no_column(key: str, name: str, rows: Rows, place: str) -> None:
    """Refuse a key of study.toml that names a column which its rows do not have."""
    if name not in rows.names:
        raise StudyError(f'{key} = "{name}" is no column.', where=place,
                         remedy=did_you_mean(name, rows.names))  # fmt: skip
