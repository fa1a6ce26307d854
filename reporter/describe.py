"""`report describe`: the codebook of a study. What each column and measure means, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from reporter.columns import KINDS, MEASURES, Column
from reporter.dataset import Dataset, load_dataset
from reporter.errors import ProjectError
from reporter.estimand import Estimand
from reporter.numbers import write
from reporter.project import check_name, load_study
from reporter.results import Kind
from reporter.study import RAW_DECIMALS, Source

FEW = 6  # different texts up to which all are listed
IN_DATASET = {"source": "original"}  # the dataset's name for a column, where another
VALUES = {"summaries": ("mean", "minimum", "maximum"), "observations": ("value",)}
Part = dict[str, Any]


def codebook(root: Path, name: str) -> Part:
    """Describe the rows of a study, file by file.

    Returns
    -------
    dict
        Plain values only: ``study``, ``title``, ``sha256`` of all rows, ``files`` (each with ``columns`` and
        ``measures``), and ``exclusions``, which is what was left out.

    Raises
    ------
    ProjectError
        There is no such study, or rows without a study.toml.
    StudyError, DataError
        The study or its rows cannot be read.
    """
    check_name(name)
    folder = root / "inputs" / name
    if folder.is_dir() and not (folder / "study.toml").is_file():
        raise ProjectError(
            f'"{name}" has no study.toml, which says what its files are.',
            where=folder,
            remedy="Declare each file there as a [[source]].",
        )
    study = load_study(root, name)
    dataset = load_dataset(study)
    return {
        "study": name,
        "title": study.about.title,
        "sha256": dataset.fingerprint,
        "files": [_file(source, dataset) for source in study.sources],
        "exclusions": [
            {"what": one.what, "rule": one.rule, "reason": one.reason, "count": one.count}
            for one in dataset.exclusions
        ],
    }


def _file(source: Source, dataset: Dataset) -> Part:
    table = dataset.rows[source.kind]
    at = table.where({"source": source.file})
    columns = {
        column.name: [table.values(IN_DATASET.get(column.name, column.name))[i] for i in at]
        for column in KINDS[source.kind]
        if column.name in table.names
    }
    return {
        "file": source.file,
        "kind": source.kind,
        "origin": source.origin,
        "citation": source.citation,
        "sha256": dataset.digests[source.file],
        "decimals": source.decimals,
        "rows": len(at),
        "columns": [
            _column(column, columns[column.name]) for column in KINDS[source.kind] if column.name in columns
        ],
        "measures": _measures(columns, VALUES.get(source.kind, ())),
    }


def _column(column: Column, cells: Sequence[Any]) -> Part:
    """Say what a column means, and sum up its cells."""
    lists = any(isinstance(cell, np.ndarray) for cell in cells)  # one per row, which is not summed up
    if lists:
        cells = [f"{len(cell)} numbers" for cell in cells]
    filled = [cell for cell in cells if cell is not None and cell != ""]
    found: Part = {
        "name": column.name,
        "type": column.type,
        "unit": "as the row says" if column.unit == "unit" else column.unit,
        "meaning": column.meaning,
        "filled": len(filled),
        "missing": len(cells) - len(filled),
        "distinct": len(set(filled)),
    }
    if not filled:
        return found
    if column.type != "text" and not lists:
        return found | {"least": min(filled), "most": max(filled)}
    words = sorted(set(filled))
    return found | ({"values": words} if len(words) <= FEW else {})


def _measures(columns: Mapping[str, Sequence[Any]], values: Sequence[str]) -> list[Part]:
    """List what was measured, by everything that must be equal for values to be compared."""
    if not values:
        return []
    names = ["measure", *(entry.name for entry in fields(Estimand) if entry.name != "measure")]
    names = [name for name in names if name in columns]
    places: dict[tuple[Any, ...], list[int]] = {}
    for i, key in enumerate(zip(*(columns[name] for name in names), strict=True)):
        places.setdefault(key, []).append(i)
    return [
        {name: value for name, value in zip(names, key, strict=True) if value not in (None, "")}
        | {
            "meaning": MEASURES[key[0]].meaning if key[0] in MEASURES else "",
            "rows": len(at),
            "models": len({columns["model"][i] for i in at}),
            "least": min(columns[name][i] for i in at for name in values),
            "most": max(columns[name][i] for i in at for name in values),
        }
        for key, at in places.items()
    ]


# --- as lines --------------------------------------------------------------------------------------------


def lines(described: Part) -> Iterator[str]:
    """Write a codebook as plain text."""
    yield f"{described['study']}: {described['title']}"
    yield f"SHA-256 of all rows: {described['sha256']}"
    for file in described["files"]:
        yield ""
        yield f"{file['file']}: {file['rows']} {file['kind']}, {file['origin']}"
        yield f"  {file['citation']}"
        yield from _aligned(
            ("column", "type", "unit", "missing", "distinct", "holds", "meaning"),
            [_cells(column, _shown(file)) for column in file["columns"] if column["filled"]],
        )
        empty = [column["name"] for column in file["columns"] if not column["filled"]]
        if empty:
            yield f"  empty: {', '.join(empty)}"
        if file["measures"]:
            yield ""
            yield from _aligned(
                ("measure", "of", "rows", "models", "from", "to", "unit", "meaning"),
                [_measure(measure, _shown(file)) for measure in file["measures"]],
            )
    if described["exclusions"]:
        yield ""
        yield "Left out:"
        yield from _aligned(
            ("what", "rule", "reason", "count"),
            [[str(cell) for cell in one.values()] for one in described["exclusions"]],
        )


def _shown(file: Part) -> int:
    return RAW_DECIMALS if file["decimals"] is None else int(file["decimals"])


def _cells(column: Part, decimals: int) -> list[str]:
    if "values" in column:
        holds = ", ".join(column["values"])
    elif "least" in column:
        kind = Kind.VALUE if column["unit"] == "as the row says" else Kind.SETTING
        ends = [write(column[end], kind, decimals) for end in ("least", "most")]
        holds = " to ".join(dict.fromkeys(ends))
    else:
        holds = "text"
    counts = (str(column["missing"]), str(column["distinct"]))
    return [column["name"], column["type"], column["unit"], *counts, holds, column["meaning"]]


def _measure(measure: Part, decimals: int) -> list[str]:
    told = ("measure", "unit", "meaning", "rows", "models", "least", "most")
    of = ", ".join(
        f"k = {value}" if name == "k" else value for name, value in measure.items() if name not in told
    )
    ends = [write(measure[end], Kind.VALUE, decimals) for end in ("least", "most")]
    counts = (str(measure["rows"]), str(measure["models"]))
    return [measure["measure"], of, *counts, *ends, measure["unit"], measure["meaning"]]


def _aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set rows in columns, two blanks apart."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
