"""What stands behind a document: raw values from a study or a folder of files, and a report's register."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reporter.audit.reading import CellValues, Registered
from reporter.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from reporter.dataset import Dataset
    from reporter.importers import Imported
    from reporter.study import Study

REGISTER = "numbers.csv"
TABLES = (".csv", ".parquet")
NEEDED = ("model", "value")
CONDITIONS = ("token_limit", "axis", "pole")  # in the order in which they are named
APART = ("run", "measure", "estimator", "logprob_mode", "symbol", "prompt_set", "layer", "temperature")
FEW_WORDS = "A folder of rows holds JSON runs (one folder per token limit), or CSV or Parquet observations."


def rows_of_study(study: Study, dataset: Dataset) -> tuple[CellValues, ...]:
    """Give the single values of a study, by model, condition and run.

    Published summaries hold no single values and give none. Values of different measures, estimators or
    log-probability modes are never put together: each has its own run.
    """
    table = dataset.tables.get("observations")
    if table is None:
        return ()
    return tuple(_cells(_listed(table), {model.key: model.label for model in study.models}))


def rows_of_folder(folder: Path) -> tuple[CellValues, ...]:
    """Read a folder of raw files: runs in JSON, or tables of observations with ``model`` and ``value``.

    Raises
    ------
    DataError
        The folder is none, holds no such file, or a table lacks a column.
    """
    if not folder.is_dir():
        raise DataError("There is no such folder.", where=folder, remedy=FEW_WORDS)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = [cell for path in files if path.suffix in TABLES for cell in _cells(_read(path), {})]
    found += _runs([path for path in files if path.suffix == ".json"])
    if not found:
        raise DataError("No file in this folder holds raw values.", where=folder, remedy=FEW_WORDS)
    return tuple(found)


def _runs(paths: Iterable[Path]) -> Iterator[CellValues]:
    """Read runs in JSON by the importer that knows their keys; other JSON is no run."""
    from reporter.importers.mood_axis import mood_axis
    from reporter.importers.nat_challenge import nat_challenge

    importers: dict[str, Callable[..., Imported]] = {"prompt_results": nat_challenge, "axes": mood_axis}
    of_kind: defaultdict[str, list[Path]] = defaultdict(list)
    for path in paths:
        keys = _keys(path)
        for key in importers:
            if key in keys:
                of_kind[key].append(path)
    for key, listed in of_kind.items():
        imported = importers[key](listed, study="audit")
        yield from _cells(_listed(imported.rows), {})
        replies = [row for row in _listed(imported.responses) if _is_said(row["tokens"])]
        yield from _cells([row | {"value": row["tokens"], "measure": "token_count"} for row in replies], {})


def _keys(path: Path) -> frozenset[str]:
    """The keys at the top of a JSON file; none where it holds something else."""
    try:
        held = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(held) if isinstance(held, dict) else frozenset()


def _read(path: Path) -> list[dict[str, Any]]:
    """Read a table of observations."""
    import pandas as pd

    table: pd.DataFrame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    lacking = [name for name in NEEDED if name not in table.columns]
    if lacking:
        raise DataError(f'There is no column "{lacking[0]}".', where=path, remedy=FEW_WORDS)
    return _listed(table)


def _listed(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table, each by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _cells(rows: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> Iterator[CellValues]:
    """Group single values; what tells them apart beside the condition is the name of their run."""
    groups: defaultdict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for row in rows:
        model, measure = str(row["model"]), _word(row.get("measure") or "")
        groups[labels.get(model, model), _condition(row), _run(row), measure].append(float(row["value"]))
    for (subject, condition, run, measure), values in groups.items():
        yield CellValues(subject=subject, condition=condition, run=run, measure=measure, values=tuple(values))


def _condition(row: Mapping[str, Any]) -> str:
    said = (row.get(name) for name in CONDITIONS)
    return " ".join(_word(value) for value in said if _is_said(value)).lower()


def _run(row: Mapping[str, Any]) -> str:
    return " ".join(_word(row[name]) for name in APART if _is_said(row.get(name)))


def _is_said(value: object) -> bool:
    return value is not None and str(value) not in ("", "nan", "<NA>")


def _word(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def register_beside(report: Path) -> tuple[Registered, ...]:
    """Read the register of a built report, if one lies beside it.

    Raises
    ------
    DataError
        It lacks a column, or names a line that is no number.
    """
    path = report.parent / REGISTER
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    try:
        return tuple(
            Registered(
                address=row["address"],
                text=row["text"],
                lines=tuple(int(line) for line in row["lines"].split()),
            )
            for row in rows
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise DataError(
            "The register of numbers cannot be read.", where=path, remedy="Build the report again."
        ) from error
