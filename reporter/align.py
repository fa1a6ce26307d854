"""The same units in the same order for every role, and what their rows have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from reporter.bind import Bound
from reporter.dataset import estimands_of
from reporter.errors import DataError, Degenerate
from reporter.estimand import common
from reporter.groups import Unit
from reporter.study import Source, Study

MATCHED = ("model", "axis")  # columns of matrices that mean the same in every role; layers are a model's own


def unit_of(bound: Iterable[Bound], place: str, *, apart: bool, across: tuple[str, ...]) -> str:
    """Find the unit of all rows that meet in a question; they must hold the same entropy.

    Parameters
    ----------
    apart : bool
        Whether roles may hold different entropies: a rank correlation has no unit, and compares none.
    across : tuple of str
        In which fields of the estimand the rows of one role may differ.
    """
    held = [list(estimands_of(member.chosen)) for member in bound if "measure" in member.chosen.rows.names]
    if apart:
        for found in filter(None, held):
            common(found, where=place, across=across)
        return "1"
    together = [entry for found in held for entry in found]
    unit = common(together, where=place, across=across).unit if together else ""
    return unit or "nats"


def sources_of(bound: Iterable[Bound], study: Study) -> list[Source]:
    """List the sources of all rows that meet in a question."""
    files = dict.fromkeys(file for member in bound for file in member.chosen.column("source"))
    return [study.source(file) for file in files]


def digest_of(bound: Iterable[Bound]) -> str:
    """SHA-256 over the digests of the rows that play each role."""
    digests = (member.chosen.digest for member in bound)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def align(
    bound: Mapping[str, Bound], place: str
) -> tuple[dict[str, Bound], tuple[Unit, ...], tuple[Unit, ...]]:
    """Give roles with many values the same units in the same order.

    A role whose units are coarser (one value per model beside one per model and axis) is spread over
    those of the others.

    Returns
    -------
    roles, units, dropped
        ``dropped`` are units, and columns of matrices, that some role lacks; they are left out of all.

    Raises
    ------
    DataError
        Roles that name no column for their units speak of different members.
    Degenerate
        ``no_common_unit`` where roles have no unit, or no column of their matrices, in common.
    """
    bound, without = _matched(bound)
    partial = dict.fromkeys(unit for member in bound.values() for unit in member.partial)
    named = {name: member for name, member in bound.items() if member.units or member.partial}
    if not named:
        return dict(bound), (), ()
    lead = max(named.values(), key=lambda member: len(member.over))
    spread = {name: _spread(member, lead) for name, member in named.items()}
    everywhere = set(lead.units).intersection(*(member.units for member in spread.values()))
    shared = [unit for unit in lead.units if unit in everywhere]
    every = dict.fromkeys([*(unit for member in spread.values() for unit in member.units), *partial])
    dropped = tuple(unit for unit in every if unit not in everywhere)
    if dropped and not shared and lead.over:
        raise Degenerate("no_common_unit", "no unit has every value that is asked for")
    if dropped and not lead.over:
        name = next(name for name, member in named.items() if member.units != lead.units)
        odd = sorted({str(unit[0]) for unit in set(named[name].units) ^ set(lead.units)})
        raise DataError(f'The role "{name}" has other members: {", ".join(odd)}.', where=place,
                        remedy="Every member needs a row in every role.")  # fmt: skip
    aligned = {name: _ordered(member, shared) for name, member in spread.items()}
    return {**bound, **aligned}, tuple(shared), (*without, *dropped)


def _matched(bound: Mapping[str, Bound]) -> tuple[dict[str, Bound], tuple[Unit, ...]]:
    """Keep the models and axes that every matrix has, in one order, and name the others."""
    matched, dropped = dict(bound), []
    for name in MATCHED:
        at = {role: member.by.index(name) for role, member in matched.items() if name in member.by}
        columns = {role: matched[role].columns[place] for role, place in at.items()}
        every = list(dict.fromkeys(value for values in columns.values() for value in values))
        shared = tuple(value for value in every if all(value in values for values in columns.values()))
        if every and not shared:
            raise Degenerate("no_common_unit", f"no {name} has a row in every role")
        dropped += [(value,) for value in every if value not in shared]
        for role, place in at.items():
            matched[role] = _of_columns(matched[role], place, shared)
    return matched, tuple(dropped)


def _of_columns(member: Bound, place: int, columns: tuple[Any, ...]) -> Bound:
    """Take some columns of a matrix along one of its dimensions, by name."""
    positions = [member.columns[place].index(name) for name in columns]
    return replace(
        member,
        argument=np.take(member.argument, positions, axis=place + 1),
        columns=(*member.columns[:place], columns, *member.columns[place + 1 :]),
    )


def _spread(member: Bound, lead: Bound) -> Bound:
    """Repeat a role's values for the finer units of another."""
    if member.over == lead.over or not set(member.over) <= set(lead.over):
        return member
    at = [lead.over.index(name) for name in member.over]
    place = {unit: position for position, unit in enumerate(member.units)}
    coarse = {unit: tuple(unit[i] for i in at) for unit in lead.units}
    kept = [unit for unit in lead.units if coarse[unit] in place]
    taken = np.asarray(member.argument)[[place[coarse[unit]] for unit in kept]]
    return replace(member, argument=taken, units=tuple(kept), over=lead.over)


def _ordered(member: Bound, units: list[Unit]) -> Bound:
    if list(member.units) == units:
        return member
    place = {unit: position for position, unit in enumerate(member.units)}
    at = [place[unit] for unit in units]
    argument = [member.argument[i] for i in at] if isinstance(member.argument, list) else member.argument[at]
    return replace(member, argument=argument, units=tuple(units))


def shaped(member: Bound, annotation: str) -> Any:
    """Hand over what plays a role as its signature has it."""
    if annotation.startswith("Flat"):
        return np.concatenate(member.argument)
    if annotation.startswith("Offsets"):
        return np.cumsum([0, *map(len, member.argument)])
    if annotation.startswith("Series"):
        return np.moveaxis(member.argument, 0, -1)
    if annotation.startswith("Columns") and isinstance(member.argument, list):
        lengths = sorted({len(row) for row in member.argument})
        if len(lengths) > 1:
            raise DataError(
                f"States of {' and of '.join(map(str, lengths))} components cannot stand in one matrix.",
                where=f"rows {member.chosen.addresses[0]} to {member.chosen.addresses[-1]}",
                remedy='Ask for each model by itself: each = "model".',
            )
        return np.array([np.asarray(row, dtype=float) for row in member.argument])
    return member.argument
