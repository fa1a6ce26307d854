"""Imported rows become part of a study's folder: added to those that are there, never twice."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple
from pathlib import Path

import pandas as pd

from reporter.columns import KINDS, LEDGER
from reporter.dataset import Exclusion
from reporter.errors import DataError
from reporter.importers._result import Imported
from reporter.observations import Merged, merge, read_parquet, write_parquet

ROWS = "imported.parquet"
RESPONSES = "imported-responses.parquet"
LEDGER_NAME = "ledger.csv"


def save(imported: Imported, folder: Path) -> Merged:
    """Add what was imported to a study's folder: rows, responses, ledger.

    Parameters
    ----------
    imported : Imported
    folder : Path
        The study's folder, which must be there.

    Returns
    -------
    Merged
        What became of the rows.

    Raises
    ------
    DataError
        A file that is there cannot be read, or one cannot be written.
    """
    try:
        merged = _add(imported.rows, folder / ROWS, "observations")
        _add(imported.responses, folder / RESPONSES, "responses")
        _add_ledger(imported.ledger, folder / LEDGER_NAME)
    except OSError as error:
        raise DataError(f"The rows cannot be written ({error.strerror}).", where=folder) from error
    return merged


def _add(rows: pd.DataFrame, path: Path, kind: str) -> Merged:
    columns = KINDS[kind]
    old = read_parquet(path, path.read_bytes(), columns) if path.exists() else None
    merged = merge(None if old is None else old.drop(columns="line"), rows)
    if merged.added or merged.replaced:
        write_parquet(merged.table, path, kind)
    return merged


def _add_ledger(entries: tuple[Exclusion, ...], path: Path) -> None:
    """Add entries; what was left out of a file before is not counted again."""
    head = [column.name for column in LEDGER]
    known: dict[tuple[str, str, str], int] = {}
    if path.exists():
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        known = {(row["what"], row["rule"], row["reason"]): int(row["count"]) for row in rows}
    known |= {(entry.what, entry.rule, entry.reason): entry.count for entry in entries}
    if not known:
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(astuple(Exclusion(*key, count)) for key, count in known.items())
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(text.getvalue(), encoding="utf-8")
    partial.replace(path)
