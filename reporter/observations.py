"""Rows of single values as tables: typed, checked, read from and written to Parquet, merged by address."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from reporter.columns import CELL, KINDS, MEASURES, Column
from reporter.errors import DataError
from reporter.names import did_you_mean

ARROW = {
    "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "numbers": pa.list_(pa.float32()),
}  # fmt: skip
HOLDS = {"text": "text", "integer": "whole numbers", "number": "numbers", "numbers": "lists of numbers"}
ANY_CHARACTER = ("text",)  # a reply may hold what no other column may


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of new rows beside those that were there: nothing stands there twice."""

    table: pd.DataFrame
    added: int
    same: int
    replaced: int


def frame(rows: Iterable[Mapping[str, Any]], kind: str = "observations") -> pd.DataFrame:
    """Make a table of rows: every column of the kind, in order, with its type; what is not said is empty.

    Parameters
    ----------
    rows : iterable of mapping
        From column names to values.
    kind : {"observations", "responses", "summaries"}

    Raises
    ------
    DataError
        A row has an unknown column, or a value that is not of its column's type.
    """
    listed = list(rows)
    names = [column.name for column in KINDS[kind]]
    unknown = sorted({name for row in listed for name in row} - set(names))
    if unknown:
        raise DataError(f'Unknown column "{unknown[0]}".', remedy=did_you_mean(unknown[0], names))
    return typed(pd.DataFrame(listed, columns=pd.Index(names), dtype=object), KINDS[kind])


def typed(table: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Give every column its type; empty is "" in text, NA in whole numbers, NaN in numbers.

    Raises
    ------
    DataError
        A value is not of its column's type.
    """
    made: dict[str, pd.Series[Any]] = {}
    for column in columns:
        values = table.get(column.name, pd.Series([None] * len(table), index=table.index, dtype=object))
        try:
            if column.type == "text":
                made[column.name] = values.astype(object).where(values.notna(), "").astype("str")
            elif column.type == "integer":
                made[column.name] = values.replace("", None).astype("Int64")
            elif column.type == "numbers":
                made[column.name] = values.astype(object)
            else:
                made[column.name] = values.replace("", None).astype("float64")
        except (TypeError, ValueError) as error:
            raise DataError(f'"{column.name}" holds {HOLDS[column.type]} only: {error}.') from error
    rest = [str(name) for name in table.columns if name not in made]
    return pd.DataFrame(made, index=table.index).join(table[rest])


def read_parquet(path: Path, raw: bytes, columns: Sequence[Column]) -> pd.DataFrame:
    """Read a Parquet file of rows and check every cell; ``line`` counts rows from 1.

    Raises
    ------
    DataError
        The file is no Parquet; a column is missing, unknown, or of another type; a cell is empty where
        it may not be, out of bounds, or outside a closed set.
    """
    import pyarrow.parquet as pq  # studies of CSV files alone need not wait for it

    try:  # threads read small files no faster, and a process that has some should not be copied
        found = pq.read_table(io.BytesIO(raw), use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"This is not Parquet: {str(error).splitlines()[0]}", where=path) from error
    check_head(found.column_names, columns, str(path))
    by_name = {column.name: column for column in columns}
    for entry in found.schema:
        if not _fits(entry.type, by_name[entry.name]):
            belongs = HOLDS[by_name[entry.name].type]
            raise DataError(f'"{entry.name}" holds {entry.type} where {belongs} belongs.', where=path)
    types = {pa.int64(): pd.Int64Dtype()}
    table: pd.DataFrame = _complete(found, columns).to_pandas(types_mapper=types.get, use_threads=False)
    if not len(table):
        raise DataError(
            "The file has columns but no rows.", where=path, remedy="Collect or import rows first."
        )
    table["line"] = range(1, len(table) + 1)
    for column in columns:
        _check_column(table, column, path)
    return table


def _complete(found: pa.Table, columns: Sequence[Column]) -> pa.Table:
    """Give a table every column in its type, as :func:`typed` does, without a Python object per cell."""
    import pyarrow.compute as pc

    made = {}
    for column in columns:
        kind = ARROW[column.type]
        there = column.name in found.column_names
        cells = found[column.name].cast(kind) if there else pa.nulls(found.num_rows, kind)
        made[column.name] = pc.fill_null(cells, "") if column.type == "text" else cells
    return pa.table(made)


def _fits(found: pa.DataType, column: Column) -> bool:
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_null(found):
        return not column.required
    if column.type == "numbers":
        return bool(pa.types.is_list(found) and pa.types.is_floating(found.value_type))
    if column.type == "text":
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found))
    if column.type == "integer":
        return bool(pa.types.is_integer(found))
    return bool(pa.types.is_integer(found) or pa.types.is_floating(found))


def check_head(head: Sequence[str], columns: Sequence[Column], where: str) -> None:
    """Refuse a head that has an unknown column, one twice, or lacks a required one."""
    names = [column.name for column in columns]
    for name in head:
        if name not in names:
            raise DataError(f'Unknown column "{name}".', where=where, remedy=did_you_mean(name, names))
        if list(head).count(name) > 1:
            raise DataError(f'The column "{name}" stands there twice.', where=where)
    for column in columns:
        if column.required and column.name not in head:
            raise DataError(
                f'The column "{column.name}" is missing.', where=where, remedy=f"It holds {column.meaning}."
            )


def _check_column(table: pd.DataFrame, column: Column, path: Path) -> None:
    values, name = table[column.name], column.name
    empty = values.eq("") if column.type == "text" else values.isna()
    if column.required:
        _refuse_first(table, empty, path, name, f'"{name}" is empty.', f"It holds {column.meaning}.")
    if column.type == "text":
        if name not in ANY_CHARACTER:
            odd = [value for value in values.unique() if not value.isprintable()]
            if odd:
                words = f'"{name}" holds a character that cannot be printed.'
                _refuse_first(table, values.isin(odd), path, name, words)
        if column.allowed:
            unknown = ~empty & ~values.isin(column.allowed)
            remedy = did_you_mean(str(values[unknown].iloc[0]), column.allowed) if unknown.any() else None
            _refuse_first(table, unknown, path, name, f'Unknown {name} "{{}}".', remedy)
        return
    if column.type == "numbers":
        odd_lists = pd.Series([not np.isfinite(cell).all() for cell in values])
        _refuse_first(
            table, odd_lists, path, name, f'"{name}" holds what is not finite.', "Leave the row out."
        )
        return
    infinite = values.abs().eq(float("inf"))
    _refuse_first(table, infinite, path, name, f'"{name}" is {{}}.', "Leave the row out.")
    if column.least is not None:
        words = f'"{name}" is {{:g}}, it cannot be below {column.least:g}.'
        _refuse_first(table, values.lt(column.least), path, name, words)
    if column.most is not None:
        words = f'"{name}" is {{:g}}, it cannot be above {column.most:g}.'
        _refuse_first(table, values.gt(column.most), path, name, words)


def _refuse_first(
    table: pd.DataFrame, bad: pd.Series[bool], path: Path, name: str, words: str, remedy: str | None = None
) -> None:
    """Refuse the first of the bad rows; braces in the words stand for its value in the column."""
    wrong = bad.fillna(False).astype(bool).to_numpy()
    if wrong.any():
        row = table.iloc[int(wrong.argmax())]
        where = f"{path}, {place_in(path, int(row['line']))}"
        raise DataError(words.format(row[name]), where=where, remedy=remedy)


def place_in(path: Path | str, line: int) -> str:
    """Name a row of a file: its line in CSV, its number in Parquet."""
    return f"row {line}" if str(path).endswith(".parquet") else f"line {line}"


def check_measures(table: pd.DataFrame, folder: Path) -> None:
    """Refuse values that their measure does not allow: unit, bounds, and columns it cannot do without.

    Parameters
    ----------
    table : DataFrame
        Observations with ``source`` and ``line``.
    """
    needs = {name for measure in MEASURES.values() for name in measure.needs}
    asked = table[list(dict.fromkeys(("measure", "source", "line", "unit", "value", *sorted(needs))))]
    for (name, source), part in asked.groupby(["measure", "source"], sort=False):
        measure, path = MEASURES[str(name)], folder / str(source)
        allowed = f"{name} is in {' or '.join(measure.units)}."
        _refuse_first(part, ~part["unit"].isin(measure.units), path, "unit", '"unit" is {}.', allowed)
        for needed in measure.needs:
            empty = part[needed].isna() | part[needed].astype(object).eq("")
            _refuse_first(part, empty, path, needed, f'"{needed}" is empty, {name} cannot do without it.')
        if measure.least is not None:
            words = f'"value" is {{:g}}, {name} cannot be below {measure.least:g}.'
            _refuse_first(part, part["value"].lt(measure.least), path, "value", words)
        if measure.most is not None:
            words = f'"value" is {{:g}}, {name} cannot be above {measure.most:g}.'
            _refuse_first(part, part["value"].gt(measure.most), path, "value", words)


def condition_of(kind: str) -> tuple[str, ...]:
    """Name the columns in which two runs of one cell agree: all of a cell's but run, replicate and seed.

    Parameters
    ----------
    kind : {"observations", "responses"}
    """
    return tuple(name for name in CELL[kind] if name not in ("run", "replicate", "seed"))


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Give the Arrow types of the glossary's columns."""
    return pa.schema([(column.name, ARROW[column.type]) for column in columns])


def merge(old: pd.DataFrame | None, new: pd.DataFrame) -> Merged:
    """Add rows to those that are there; a row whose address is there already takes its place.

    Addresses are made of the imported file's digest, so that importing a file again adds nothing.
    """
    if old is None or not len(old):
        return Merged(table=new.reset_index(drop=True), added=len(new), same=0, replaced=0)
    before = old.set_index("address", drop=False)
    after = new.set_index("address", drop=False)
    known = after.index.isin(before.index)
    again = after[known]
    there = before.loc[again.index, list(after.columns)]
    equal = ((again == there) | (again.isna() & there.isna())).fillna(False).all(axis=1)
    kept = before.loc[~before.index.isin(again.index[~equal])]
    table = pd.concat([kept, again[~equal], after[~known]], ignore_index=True)
    order = {address: position for position, address in enumerate([*before.index, *after.index[~known]])}
    table = table.sort_values("address", key=lambda names: names.map(order), ignore_index=True)
    return Merged(table=table, added=int((~known).sum()), same=int(equal.sum()), replaced=int((~equal).sum()))


def write_parquet(table: pd.DataFrame, path: Path, kind: str = "observations") -> None:
    """Write a table of rows; the file is there whole or not at all.

    Raises
    ------
    DataError
        A cell cannot be written as its column's type.
    """
    import pyarrow.parquet as pq

    columns = KINDS[kind]
    schema = arrow_schema(columns)
    written = typed(table, columns)[[column.name for column in columns]]
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        rows = pa.Table.from_pandas(written, schema=schema, preserve_index=False)
        pq.write_table(rows.replace_schema_metadata(None), partial, compression="zstd")
        partial.replace(path)
    except (pa.ArrowException, UnicodeEncodeError) as error:
        raise DataError(f"The rows cannot be written: {error}.", where=path) from error
    finally:
        partial.unlink(missing_ok=True)
