"""Baseline runs of the entropy analysis: one JSON file per model, projections and replies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from reporter.dataset import Exclusion
from reporter.importers._files import Damage, File, as_damage, import_each, read_json
from reporter.importers._measures import text_rows
from reporter.importers._result import Imported, Part, Row, key_of, printable, sha256

WORD = "mood_axis"
CONSTANT = ("constant_axis", "an axis that does not vary over the answers answers no question")


class Response(BaseModel):
    """One reply."""

    model_config = ConfigDict(strict=True)

    question: str
    response: str
    n_tokens: Annotated[int, Field(ge=1)]
    generation_time_s: Annotated[FiniteFloat, Field(ge=0)] | None = None


class Axis(BaseModel):
    """The projections of all replies on one axis."""

    model_config = ConfigDict(strict=True)

    values: list[Any]


class Run(BaseModel):
    """What a file says of all its replies; older files have no replies."""

    model_config = ConfigDict(strict=True)

    model: str
    model_id: str = ""
    n_questions: Annotated[int, Field(ge=0, le=100_000)]
    axes: dict[str, Any]
    responses: list[Any] = []


def mood_axis(
    paths: Iterable[Path | str],
    *,
    study: str,
    token_limit: int = 384,
    temperature: float = 0.7,
    top_p: float = 0.9,
    keep_constant: bool = False,
    models: Mapping[str, str] | None = None,
) -> Imported:
    """Read projections, and measure the character entropy of the replies again.

    Parameters
    ----------
    paths : iterable of path
    study : str
    token_limit, temperature, top_p
        How these runs were sampled, which is in no file. A reply of ``token_limit`` tokens was cut.
    keep_constant : bool
        Keep the rows of an axis that does not vary; they are left out otherwise.
    models : mapping, optional
        From a file's model name to a key of the study.

    Returns
    -------
    Imported

    Raises
    ------
    DataError
        A file cannot be read.
    """
    sampling = {"token_limit": token_limit, "temperature": temperature, "top_p": top_p}
    return import_each(paths, lambda file: _read(file, sampling, keep_constant, models), study=study)


def _read(file: File, sampling: Row, keep_constant: bool, models: Mapping[str, str] | None) -> Part:
    try:
        run = Run.model_validate(read_json(file.read()))
    except ValidationError as error:
        raise as_damage(error) from error
    common = sampling | {
        "source": file.name,
        "model": key_of(run.model, models),
        "revision": printable(run.model_id),
        "prompt_set": "baseline",
        "run": file.run,
        "replicate": 1,
    }
    ledger: list[Exclusion] = []
    replies: dict[int, Response] = {}
    for place, entry in enumerate(run.responses):
        try:
            replies[place] = Response.model_validate(entry)
        except ValidationError as error:
            damage = as_damage(error)
            ledger.append(Exclusion(f"{file.name}, answer {place}", damage.rule, damage.reason, 1))
    bases = [
        _base(file, place, common, replies.get(place))
        for place in range(max(run.n_questions, len(run.responses)))
    ]
    rows, responses = _texts(file, bases, replies, ledger)
    for axis, entry in run.axes.items():
        try:
            rows += _projections(file, axis, entry, bases, replies, keep_constant, ledger)
        except Damage as damage:
            ledger.append(
                Exclusion(f"{file.name}, axis {printable(axis)}", damage.rule, damage.reason, len(bases))
            )
    kept = len({row["prompt"] for row in rows})
    return Part(rows=rows, responses=responses, ledger=ledger, answers=len(bases), kept=kept)


def _base(file: File, place: int, common: Row, reply: Response | None) -> Row:
    base = common | {"address": file.address(WORD, f"answer/{place}"), "prompt": f"q{place + 1:02}"}
    if reply is not None:
        cut = reply.n_tokens >= common["token_limit"]
        base |= {"prompt_sha256": sha256(reply.question), "finish_reason": "length" if cut else "stop"}
    return base


def _texts(
    file: File, bases: list[Row], replies: Mapping[int, Response], ledger: list[Exclusion]
) -> tuple[list[Row], list[Row]]:
    rows: list[Row] = []
    responses: list[Row] = []
    for place, reply in replies.items():
        base = bases[place]
        try:
            row, response = text_rows(base, reply.response)
        except Damage as damage:
            ledger.append(Exclusion(f"{file.name}, answer {place}", damage.rule, damage.reason, 1))
        else:
            rows.append(row)
            responses.append(response | {"tokens": reply.n_tokens})
        if reply.generation_time_s is not None:
            rows.append(
                base
                | {
                    "address": f"{base['address']}/generation_time",
                    "measure": "generation_time",
                    "unit": "s",
                    "value": reply.generation_time_s,
                    "n": reply.n_tokens,
                }
            )
    return rows, responses


def _projections(
    file: File,
    axis: str,
    entry: Any,
    bases: list[Row],
    replies: Mapping[int, Response],
    keep_constant: bool,
    ledger: list[Exclusion],
) -> list[Row]:
    try:
        values = Axis.model_validate(entry).values
    except ValidationError as error:
        raise as_damage(error) from error
    if len(values) != len(bases):
        raise Damage("wrong_length", "an axis must have a value for every answer")
    name = printable(axis)
    rows = []
    for place, value in enumerate(values):
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            what = f"{file.name}, axis {name}, answer {place}"
            ledger.append(Exclusion(what, "a projection must be a finite number", "not_finite", 1))
        elif abs(value) > 1:
            what = f"{file.name}, axis {name}, answer {place}"
            ledger.append(Exclusion(what, "a projection lies in [-1, 1]", "out_of_range", 1))
        else:
            rows.append(projection_row(bases[place], name, float(value)))
            if place in replies:
                rows[-1]["n"] = replies[place].n_tokens
    if len(rows) > 1 and not keep_constant and np.ptp([row["value"] for row in rows]) == 0:
        raise Damage(*CONSTANT)
    return rows


def projection_row(base: Row, axis: str, value: float) -> Row:
    """Make the row of a reply's place on an axis."""
    return base | {
        "address": f"{base['address']}/axis_projection/{axis}",
        "axis": axis,
        "measure": "axis_projection",
        "unit": "projection",
        "value": value,
    }
