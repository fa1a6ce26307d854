"""Tables that somebody else wrote, CSV or Parquet: a mapping says which column is which."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reporter.columns import MEASURES, OBSERVATIONS, RESPONSES, Column
from reporter.dataset import Exclusion
from reporter.errors import DataError
from reporter.importers._files import Damage, File, import_each
from reporter.importers._measures import text_rows
from reporter.importers._result import Imported, Part, Row, printable, sha256
from reporter.names import did_you_mean

WORD = "csv_mapping"
COLUMNS = {column.name: column for column in OBSERVATIONS}
OURS = ("study", "source", "origin", "address", "run")  # not for the caller to say
TEXT = "text"  # a reply, which is measured
PROMPT_TEXT = "prompt_text"  # a prompt, of which the digest is kept


def csv_mapping(
    paths: Iterable[Path | str],
    *,
    study: str,
    mapping: Mapping[str, str],
    constants: Mapping[str, Any] | None = None,
) -> Imported:
    """Read a table whose rows are values, or replies to measure.

    Parameters
    ----------
    paths : iterable of path
        Parquet if so named, else CSV with a head.
    study : str
    mapping : mapping
        From our columns to theirs. ``text`` is a reply, measured by its character entropy; ``prompt_text``
        a prompt, kept as digest.
    constants : mapping, optional
        From our columns to a value that all rows have.

    Returns
    -------
    Imported

    Raises
    ------
    DataError
        The mapping names a column that we or a file do not have, or lacks one that every row needs.
    """
    _check_words(mapping, constants or {})
    return import_each(paths, lambda file: _read(file, mapping, dict(constants or {})), study=study)


def _check_words(mapping: Mapping[str, str], constants: Mapping[str, Any]) -> None:
    allowed = {*COLUMNS, TEXT, PROMPT_TEXT} - set(OURS)
    for word in (*mapping, *constants):
        if word not in allowed:
            raise DataError(f'"{word}" is no column to import.', remedy=did_you_mean(word, allowed))
    known = {*mapping, *constants}
    needed = {"model", "prompt_set"} | (set() if TEXT in mapping else {"measure", "unit", "value"})
    for word in sorted(needed - known):
        raise DataError(f'The mapping lacks "{word}".', remedy=f"It holds {COLUMNS[word].meaning}.")


def _read(file: File, mapping: Mapping[str, str], constants: Row) -> Part:
    head, lines = _table(file)
    for theirs in mapping.values():
        if theirs not in head:
            raise DataError(
                f'There is no column "{theirs}".', where=file.path, remedy=did_you_mean(theirs, head)
            )
    part = Part()
    answers = kept = 0
    for number, cells in lines:
        answers += 1
        try:
            if isinstance(cells, Damage):
                raise cells
            row, response = _row(file, number, cells, mapping, constants)
        except Damage as damage:
            part.ledger.append(Exclusion(f"{file.name}, line {number}", damage.rule, damage.reason, 1))
            continue
        kept += 1
        part.rows.append(row)
        part.responses.extend(response)
    return Part(part.rows, part.responses, part.ledger, answers, kept)


def _table(file: File) -> tuple[list[str], Iterator[tuple[int, Row | Damage]]]:
    """Read a head, and each row by column or the Damage that took its place."""
    raw = file.read()
    if file.path.suffix == ".parquet":
        try:
            found = pq.read_table(io.BytesIO(raw))
            return found.column_names, iter(enumerate(found.to_pylist(), 1))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise Damage("not_parquet", "a file named .parquet must be Parquet, whole") from error
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        head = next(reader, [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Damage("not_csv", "a file must be CSV in UTF-8") from error
    return head, _lines(reader, head)


def _lines(reader: Any, head: list[str]) -> Iterator[tuple[int, Row | Damage]]:
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield reader.line_num, Damage("not_csv", "a row must be CSV")
            continue
        if cells is None:
            return
        if not cells:
            continue
        if len(cells) != len(head):
            yield reader.line_num, Damage("ragged_row", "a row must have as many cells as the head")
        else:
            yield reader.line_num, dict(zip(head, cells, strict=True))


def _row(
    file: File, number: int, cells: Row, mapping: Mapping[str, str], constants: Row
) -> tuple[Row, list[Row]]:
    said = constants | {ours: cells[theirs] for ours, theirs in mapping.items()}
    text, prompt = said.pop(TEXT, None), said.pop(PROMPT_TEXT, None)
    row = {name: _cell(COLUMNS[name], value) for name, value in said.items()}
    row |= {"source": file.name, "address": file.address(WORD, f"line/{number}"), "run": file.run}
    if prompt:
        row["prompt_sha256"] = sha256(str(prompt))
    row.setdefault("replicate", number if "prompt" not in row else None)
    if TEXT in mapping:
        return _reply(row, str(text or ""))
    _check_measure(row)
    return row, []


def _reply(row: Row, text: str) -> tuple[Row, list[Row]]:
    measured, response = text_rows(row, text)
    known = {column.name for column in RESPONSES}
    return measured, [{name: value for name, value in response.items() if name in known}]


def _cell(column: Column, value: Any) -> Any:
    """Read a cell as its column's type; Damage with a reason where it is not."""
    if value is None or value == "":
        if column.required:
            raise Damage("empty_value", f"{column.name} must not be empty")
        return None
    if column.type == "text":
        word = printable(str(value))
        if column.allowed and word not in column.allowed:
            raise Damage("unknown_word", f"{column.name} must be {', '.join(column.allowed)}")
        return word
    try:
        number = float(value)
        whole = int(value) if str(value).strip().lstrip("+-").isdecimal() else int(number)
    except OverflowError as error:
        raise Damage("not_finite", f"{column.name} must be finite") from error
    except (TypeError, ValueError) as error:
        reason = "not_finite" if str(value).strip().lower() in ("nan", "inf", "-inf") else "not_a_number"
        raise Damage(reason, f"{column.name} must be a finite number") from error
    if not math.isfinite(number):
        raise Damage("not_finite", f"{column.name} must be finite")
    low = -math.inf if column.least is None else column.least
    high = math.inf if column.most is None else column.most
    if not low <= number <= high or abs(number) >= 1 << 63 or (column.type == "integer" and whole != number):
        raise Damage("out_of_range", f"{column.name} must be in its bounds")
    return whole if column.type == "integer" else number


def _check_measure(row: Row) -> None:
    measure = MEASURES[row["measure"]]
    if row["unit"] not in measure.units:
        raise Damage("wrong_unit", f"{row['measure']} must be in {' or '.join(measure.units)}")
    for name in measure.needs:
        if row.get(name) in (None, ""):
            raise Damage("empty_value", f"{name} must not be empty, {row['measure']} needs it")
    low = -math.inf if measure.least is None else measure.least
    high = math.inf if measure.most is None else measure.most
    if not low <= row["value"] <= high:
        raise Damage("out_of_range", f"value must be in the bounds of {row['measure']}")
