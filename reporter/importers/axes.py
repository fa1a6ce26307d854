"""Axis vectors of the entropy analysis: one NPZ file per model, a vector and a scale per axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporter.dataset import Exclusion
from reporter.importers._archive import Archive, open_archive
from reporter.importers._arrays import read_array
from reporter.importers._files import Damage, File, import_each
from reporter.importers._measures import HUGE, histogram_row
from reporter.importers._result import Imported, Part, Row, printable

WORD = "axes"


@dataclass(frozen=True, slots=True)
class Axes:
    """Vectors and scales by name, and what of the file could not be used."""

    vectors: dict[str, NDArray[np.float64]]
    scales: dict[str, float]
    ledger: list[Exclusion]
    declared: int


def axes(paths: Iterable[Path | str], *, study: str, model: str) -> Imported:
    """Read how evenly axis vectors spread over their components, and what projections are divided by.

    Parameters
    ----------
    paths : iterable of path
    study : str
    model : str
        Key of the model, which is in no file.

    Returns
    -------
    Imported
        Its answers are axes.

    Raises
    ------
    DataError
        A file cannot be read.
    """
    return import_each(paths, lambda file: _read(file, model), study=study)


def _read(file: File, model: str) -> Part:
    found = load_axes(file)
    rows: list[Row] = []
    ledger = list(found.ledger)
    for name, vector in found.vectors.items():
        base = {
            "source": file.name,
            "address": file.address(WORD, name),
            "model": model,
            "prompt_set": "calibration",
            "run": file.run,
            "axis": name,
        }
        scale = {"measure": "axis_scale", "unit": "activation", "value": found.scales[name]}
        rows.append(base | scale | {"address": f"{base['address']}/axis_scale"})
        try:
            rows.append(
                histogram_row(base, vector, measure="axis_entropy", symbol="component", place="axis_entropy")
            )
        except Damage as damage:
            ledger.append(Exclusion(f"{file.name}, axis {name}, entropy", damage.rule, damage.reason, 1))
    return Part(rows=rows, ledger=ledger, answers=found.declared, kept=len(found.vectors))


def load_axes(file: File) -> Axes:
    """Read the vectors and scales that are sound.

    Raises
    ------
    Damage
        There is no list of axes, so that nothing can be said of any.
    """
    archive = open_archive(file.path)
    try:
        words = read_array(archive, "_axes", ndim=1, kinds="U").values.tolist()
    except ValueError as error:  # a damaged name is no Unicode
        raise Damage("not_text", "names of axes must be text") from error
    names = list(dict.fromkeys(map(printable, words)))
    found = Axes({}, {}, [], len(names))
    for name in names:
        try:
            vector, scale = _axis(archive, name)
        except Damage as damage:
            found.ledger.append(Exclusion(f"{file.name}, axis {name}", damage.rule, damage.reason, 1))
        else:
            found.vectors[name], found.scales[name] = vector, scale
    return found


def _axis(archive: Archive, name: str) -> tuple[NDArray[np.float64], float]:
    array = read_array(archive, name, ndim=1, kinds="f")
    if array.truncated or not array.declared:
        raise Damage("truncated_zip", "an axis vector must be whole")
    with np.errstate(invalid="ignore"):  # a damaged file may hold any bits
        vector: NDArray[Any] = array.values.astype(np.float64)
    if not (np.abs(vector) < HUGE).all():
        raise Damage("not_finite", "an axis vector must hold finite numbers")
    if np.ptp(vector) == 0:
        raise Damage("constant_axis", "an axis vector must have a direction")
    scales = read_array(archive, f"{name}_scale", ndim=0, kinds="f").values
    if scales.size != 1 or not np.isfinite(scales).all() or not (scales > 0).all():
        raise Damage("not_finite", "an axis scale must be a finite number above 0")
    return vector, float(scales[()])
