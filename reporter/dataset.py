"""Tidy rows with addresses, read once, checked at the boundary, and fingerprinted."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from reporter.columns import CELL, KINDS, UNITS, Column
from reporter.errors import DataError
from reporter.estimand import Estimand
from reporter.names import did_you_mean
from reporter.study import PRIVATE_USE, Scalar, Source, Study


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows that were left out, and the rule that left them out."""

    what: str
    rule: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """The rows of a study: one table per kind, never changed after reading.

    Every table has the columns of its kind in :mod:`reporter.columns`, those of the study's models
    (vendor, family, size), and ``source``, ``line``. ``digests`` has the SHA-256 of each file.
    """

    tables: Mapping[str, pd.DataFrame]
    exclusions: tuple[Exclusion, ...]
    digests: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the files' names and digests, in order of name."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def n_rows(self) -> int:
        """How many rows there are in all."""
        return sum(len(table) for table in self.tables.values())

    def select(self, where: Mapping[str, Scalar], *, place: str, kind: str = "summaries") -> pd.DataFrame:
        """Copy the rows that meet every condition.

        Parameters
        ----------
        where : mapping of column to value
        place : str
            The key of study.toml that asks, for the refusal.

        Raises
        ------
        DataError
            A condition names no column.
        """
        table = self.tables[kind]
        keep = pd.Series(True, index=table.index)
        for name, value in where.items():
            if name not in table.columns:
                raise DataError(
                    f'"{name}" is no column.', where=place, remedy=did_you_mean(name, table.columns)
                )
            keep &= table[name] == value
        return table.loc[keep].copy()


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn rows into dictionaries by column."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def estimands(rows: pd.DataFrame) -> Iterator[tuple[str, Estimand]]:
    """Say of each row which entropy it holds."""
    for row in records(rows):
        yield row["address"], Estimand(**{entry.name: row[entry.name] for entry in fields(Estimand)})


def load_dataset(study: Study) -> Dataset:
    """Read every source of a study.

    Raises
    ------
    DataError
        A file is missing or empty; a column is missing or unknown; a cell is not what its column
        says; two rows describe one cell; a row names an unknown model.
    """
    digests: dict[str, str] = {}
    frames: dict[str, list[pd.DataFrame]] = {}
    for source in study.sources:
        path = _inside(study.folder, source.file)
        try:
            raw = path.read_bytes()
        except FileNotFoundError as error:
            raise DataError(f'The file of source "{source.file}" does not exist.', where=path) from error
        digests[source.file] = hashlib.sha256(raw).hexdigest()
        frames.setdefault(source.kind, []).append(_read(path, raw, source))
    tables = {}
    for kind, parts in frames.items():
        table = pd.concat(parts, ignore_index=True)
        _check_cells(table, kind)
        tables[kind] = _with_models(table, study)
    return Dataset(tables=tables, exclusions=(), digests=digests)


def _inside(folder: Path, name: str) -> Path:
    """Refuse a file name that leaves the study's folder."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError(
            f'"{name}" lies outside the study.', where=folder / "study.toml", remedy="Copy it inside."
        )
    return path


def _read(path: Path, raw: bytes, source: Source) -> pd.DataFrame:
    try:
        lines = raw.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"The file is not UTF-8 (byte {error.start}).", where=path) from error
    columns = KINDS[source.kind]
    reader = csv.reader(lines)
    head = next(reader, [])
    _check_head(path, head, columns)
    by_name = {column.name: column for column in columns}
    rows = []
    for cells in reader:
        where = f"{path}, line {reader.line_num}"
        if len(cells) != len(head):
            raise DataError(f"The row has {len(cells)} cells, the head has {len(head)}.", where=where)
        row = {name: _value(by_name[name], cell, where) for name, cell in zip(head, cells, strict=True)}
        rows.append(row | {"source": source.file, "origin": source.origin, "line": reader.line_num})
    if not rows:
        raise DataError(
            "The file has a head but no rows.", where=path, remedy="Collect or import rows first."
        )
    return pd.DataFrame(rows)


def _check_head(path: Path, head: list[str], columns: tuple[Column, ...]) -> None:
    names = [column.name for column in columns]
    for name in head:
        if name not in names:
            raise DataError(
                f'Unknown column "{name}".', where=f"{path}, line 1", remedy=did_you_mean(name, names)
            )
        if head.count(name) > 1:
            raise DataError(f'The column "{name}" stands there twice.', where=f"{path}, line 1")
    for column in columns:
        if column.name not in head:
            raise DataError(
                f'The column "{column.name}" is missing.',
                where=f"{path}, line 1",
                remedy=f"It holds {column.meaning}.",
            )


def _value(column: Column, cell: str, where: str) -> Scalar:
    """Read one cell as its column's type."""
    text = cell.strip()
    if column.type == "text":
        if not text or PRIVATE_USE.search(text):
            raise DataError(f'"{column.name}" is empty or holds a private-use character.', where=where)
        if column.name == "unit" and text not in UNITS:
            raise DataError(f'Unknown unit "{text}".', where=where, remedy=did_you_mean(text, UNITS))
        return text
    try:
        number = int(text) if column.type == "integer" else float(text)
    except ValueError as error:
        kind = "a whole number" if column.type == "integer" else "a number"
        raise DataError(f'"{column.name}" is {text!r} where {kind} belongs.', where=where) from error
    if not math.isfinite(number):
        raise DataError(f'"{column.name}" is {text}.', where=where, remedy="Leave the row out.")
    if column.least is not None and number < column.least:
        raise DataError(f'"{column.name}" is {text}, it cannot be below {column.least:g}.', where=where)
    return number


def _check_cells(table: pd.DataFrame, kind: str) -> None:
    """Refuse cells that contradict themselves or each other."""
    for row in records(table):
        where = f"{row['source']}, line {row['line']}"
        low, mean, high = row["minimum"], row["mean"], row["maximum"]
        if high < low:
            raise DataError(f'"maximum" is {high}, below "minimum" {low}.', where=where)
        if not low <= mean <= high:
            raise DataError(f'"mean" is {mean}, outside "minimum" {low} to "maximum" {high}.', where=where)
    for names, words in (([*CELL[kind]], "describes a cell"), (["address"], "has an address")):
        twice = table[table.duplicated(names, keep=False)]
        if len(twice):
            first, second = twice.iloc[0], twice.iloc[-1]
            raise DataError(
                f"The row {words} that line {first.line} has already ({first.address}).",
                where=f"{second.source}, line {second.line}",
                remedy="Two runs of one cell are two runs: give each its prompt set, or leave one out.",
            )


def _with_models(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Add what the study declares of each model; rows follow the study's order of models."""
    order = {model.key: position for position, model in enumerate(study.models)}
    unknown = table[~table["model"].isin(list(order))]
    if len(unknown):
        row = unknown.iloc[0]
        raise DataError(
            f'"{row.model}" is no model of the study.',
            where=f"{row.source}, line {row.line}",
            remedy=did_you_mean(str(row.model), order),
        )
    known = pd.DataFrame(
        [{"model": m.key, "vendor": m.vendor, "family": m.family, "size": m.size} for m in study.models]
    )
    wide = table.merge(known, on="model", how="left")
    position = wide["model"].map(order)
    return (
        wide.assign(_position=position)
        .sort_values(["_position", "token_limit"], kind="stable")
        .drop(columns="_position")
        .reset_index(drop=True)
    )
