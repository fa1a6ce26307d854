"""Tidy rows with addresses, read once, checked at the boundary, and fingerprinted."""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reporter.columns import CELL, KINDS, LEDGER, Column
from reporter.errors import DataError
from reporter.estimand import Estimand
from reporter.names import did_you_mean
from reporter.observations import (
    check_head,
    check_measures,
    condition_of,
    place_in,
    read_parquet,
    typed,
)
from reporter.rows import Chosen, Rows, codes_of, number_rows
from reporter.study import Scalar, Source, Study

LEDGER_FILE = "ledger.csv"
APART = {"summaries": "prompt set"}  # what tells two runs of a cell apart, where it is no run or replicate
IN_PARQUET = ("responses", "states", "tokens")  # every character and number as it is


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
    (vendor, family, size), and ``source``, ``line``: where it stands in the study's files. An
    observation's own word for where it was read from is ``original``. ``digests`` has the SHA-256 of each
    file. ``responses`` has the replies, which are no values; None if the study has none. ``rows`` has
    every table to choose from.
    """

    tables: Mapping[str, pd.DataFrame]
    exclusions: tuple[Exclusion, ...]
    digests: Mapping[str, str]
    responses: pd.DataFrame | None = None
    rows: Mapping[str, Rows] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        given = {**self.tables} if self.responses is None else {**self.tables, "responses": self.responses}
        object.__setattr__(self, "rows", {kind: Rows(table) for kind, table in given.items()})

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the files' names and digests, in order of name."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def n_rows(self) -> int:
        """How many rows there are in all."""
        return sum(len(table) for table in self.tables.values())

    def of_kind(self, kind: str, *, place: str) -> Rows:
        """Give all rows of a kind.

        Raises
        ------
        DataError
            There are none.
        """
        if kind not in self.rows:
            raise DataError(f"The study has no {kind}.", where=place, remedy=did_you_mean(kind, self.rows))
        return self.rows[kind]

    def select(
        self,
        where: Mapping[str, Scalar],
        *,
        place: str,
        kind: str = "summaries",
        runs: Literal["one", "all"] = "one",
    ) -> Chosen:
        """Choose the rows that meet every condition.

        Parameters
        ----------
        where : mapping of column to value
        place : str
            The key of study.toml that asks, for the refusal.
        kind : {"summaries", "observations", "responses"}
        runs : {"one", "all"}
            Two runs of one cell are refused, unless the caller says how they combine and takes all.

        Raises
        ------
        DataError
            A condition names no column; there are no rows of that kind; a cell was run twice.
        """
        rows = self.of_kind(kind, place=place)
        for name in where:
            if name not in rows.names:
                raise DataError(f'"{name}" is no column.', where=place, remedy=did_you_mean(name, rows.names))
        chosen = Chosen(rows, rows.where(where))
        if runs == "one" and kind != "summaries":
            _refuse_repeated(chosen, kind, place)
        return chosen


def estimands_of(chosen: Chosen) -> Iterator[tuple[str, Estimand]]:
    """List the different entropies that rows hold, each with the address of the first that holds it."""
    names = [entry.name for entry in fields(Estimand) if entry.name in chosen.rows.names]
    columns = [(name, chosen.rows.values(name)) for name in names]
    addresses = chosen.rows.values("address")
    for at in chosen.rows.firsts(tuple(names), chosen.at):
        yield addresses[at], Estimand(**{name: column[at] for name, column in columns})


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
            rows = _read(path, raw, source)
        except FileNotFoundError as error:
            raise DataError(f'The file of source "{source.file}" does not exist.', where=path) from error
        except OSError as error:
            raise DataError(f"The file cannot be read ({error.strerror}).", where=path) from error
        except csv.Error as error:
            raise DataError(f"This is not CSV: {error}.", where=path) from error
        digests[source.file] = hashlib.sha256(raw).hexdigest()
        frames.setdefault(source.kind, []).append(rows)
    tables = {}
    for kind, parts in frames.items():
        table = pd.concat(parts, ignore_index=True)
        if kind == "tokens":
            table = _by_reply(table, frames.get("responses", []), study.folder)
        _check_cells(table, kind, study.folder)
        tables[kind] = _with_models(table, kind, study)
    folders = dict.fromkeys(Path(source.file).parent for source in study.sources)
    exclusions = tuple(
        entry for folder in {Path(): None} | folders for entry in _ledger(study.folder, folder, digests)
    )
    responses = tables.pop("responses", None)
    return Dataset(tables=tables, exclusions=exclusions, digests=digests, responses=responses)


def _refuse_repeated(chosen: Chosen, kind: str, place: str) -> None:
    """Refuse a choice of rows in which a cell was run more than once."""
    cell = condition_of(kind)
    if len(chosen.rows.firsts(cell, chosen.at)) == len(chosen.rows.firsts((*cell, "run"), chosen.at)):
        return
    first: dict[int, int] = {}  # of each cell, the position of its first row
    runs, cells = chosen.rows.values("run"), chosen.rows.numbers(cell).tolist()
    for position in chosen.at.tolist():
        other = first.setdefault(cells[position], position)
        if runs[other] != runs[position]:
            addresses = chosen.rows.values("address")
            raise DataError(
                f"A cell was run more than once, as in {addresses[other]} and {addresses[position]}.",
                where=place,
                remedy=f'Add a condition that selects one run, such as run = "{runs[other]}".',
            )


def _inside(folder: Path, name: str) -> Path:
    """Refuse a file name that leaves the study's folder."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError(
            f'"{name}" lies outside the study.', where=folder / "study.toml", remedy="Copy it inside."
        )
    return path


def _ledger(study: Path, folder: Path, digests: dict[str, str]) -> tuple[Exclusion, ...]:
    """Read what was left out, where that was written down beside a source."""
    path = study / folder / LEDGER_FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise DataError(f"The file cannot be read ({error.strerror}).", where=path) from error
    digests[(folder / LEDGER_FILE).as_posix()] = hashlib.sha256(raw).hexdigest()
    try:
        rows = _cells(path, raw, LEDGER)
    except csv.Error as error:
        raise DataError(f"This is not CSV: {error}.", where=path) from error
    return tuple(
        Exclusion(**{name: row[name] for name in ("what", "rule", "reason", "count")}) for row in rows
    )


def _read(path: Path, raw: bytes, source: Source) -> pd.DataFrame:
    columns = KINDS[source.kind]
    if path.suffix == ".parquet":
        table = read_parquet(path, raw, columns)
    elif source.kind in IN_PARQUET:
        raise DataError(f"{source.kind.capitalize()} are kept as Parquet.", where=path)
    else:
        rows = _cells(path, raw, columns)
        if not rows:
            raise DataError(
                "The file has a head but no rows.", where=path, remedy="Collect or import rows first."
            )
        table = (
            pd.DataFrame(rows)
            if source.kind == "summaries"
            else typed(pd.DataFrame(rows, dtype=object), columns)
        )
    if source.kind == "summaries":
        lines = table.pop("line")
        return table.assign(source=source.file, origin=source.origin, line=lines)
    if source.kind == "tokens":
        return table.assign(source=source.file)
    odd = (table["origin"] != source.origin).to_numpy()
    if odd.any():
        row = table.iloc[int(odd.argmax())]
        raise DataError(
            f'"origin" is {row.origin}, but the study declares {source.origin}.',
            where=f"{path}, {place_in(path, row.line)}",
        )
    return table.rename(columns={"source": "original"}).assign(source=source.file)


def _cells(path: Path, raw: bytes, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """Read CSV: each row by column, with its line."""
    try:
        lines = raw.decode("utf-8-sig").splitlines()  # spreadsheets write a byte order mark
    except UnicodeDecodeError as error:
        raise DataError(f"The file is not UTF-8 (byte {error.start}).", where=path) from error
    reader = csv.reader(lines)
    head = next(reader, [])
    check_head(head, columns, f"{path}, line 1")
    by_name = {column.name: column for column in columns}
    rows = []
    for cells in reader:
        where = f"{path}, line {reader.line_num}"
        if len(cells) != len(head):
            raise DataError(f"The row has {len(cells)} cells, the head has {len(head)}.", where=where)
        row = {name: _value(by_name[name], cell, where) for name, cell in zip(head, cells, strict=True)}
        rows.append(row | {"line": reader.line_num})
    return rows


def _value(column: Column, cell: str, where: str) -> Scalar | None:
    """Read one cell as its column's type; None where it may be empty and is."""
    text = cell.strip()
    if not text and not column.required:
        return None
    if column.type == "text":
        if not text or not text.isprintable():
            raise DataError(
                f'"{column.name}" is empty or holds a character that cannot be printed.', where=where
            )
        if column.allowed and text not in column.allowed:
            raise DataError(
                f'Unknown {column.name} "{text}".', where=where, remedy=did_you_mean(text, column.allowed)
            )
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
    if column.most is not None and number > column.most:
        raise DataError(f'"{column.name}" is {text}, it cannot be above {column.most:g}.', where=where)
    return number


def _by_reply(steps: pd.DataFrame, replies: list[pd.DataFrame], folder: Path) -> pd.DataFrame:
    """Put each reply's steps into one row beside what its response says; cells become arrays (tokens,)."""
    steps = steps.sort_values(["source", "address", "step"], kind="stable")
    starts = np.flatnonzero(~steps["address"].duplicated())
    _check_steps(steps, np.arange(len(steps)) - np.repeat(starts, np.diff([*starts, len(steps)])), folder)
    first = steps.iloc[starts][["address", "source", "line"]].reset_index(drop=True)
    for name in ("raw_entropy", "warped_entropy"):
        parts = np.split(steps[name].to_numpy(dtype=float), starts[1:])
        first[name] = pd.Series(parts, dtype=object)
    known = pd.concat(replies, ignore_index=True) if replies else pd.DataFrame({"address": []})
    alone = first[~first["address"].isin(known["address"])]
    if len(alone):
        row = alone.iloc[0]
        raise DataError(
            f"The tokens of {row.address} have no response that says whose they are.",
            where=f"{folder / row.source}, {place_in(row.source, row.line)}",
            remedy="Name the file of responses as a source, too.",
        )
    said = known.drop(columns=["source", "line", "text"], errors="ignore")
    return first.merge(said, on="address", how="left")


def _check_steps(steps: pd.DataFrame, due: NDArray[np.intp], folder: Path) -> None:
    """Refuse replies whose steps are not each there once: positions would be wrong."""
    wrong = np.flatnonzero(steps["step"].to_numpy(dtype=np.intp) != due)
    if wrong.size:
        row = steps.iloc[wrong[0]]
        raise DataError(
            f"The tokens of {row.address} have step {row.step} where step {due[wrong[0]]} belongs.",
            where=f"{folder / row.source}, {place_in(row.source, row.line)}",
            remedy="The steps of a reply count from 0, each stands there once, and in one file.",
        )


def _check_cells(table: pd.DataFrame, kind: str, folder: Path) -> None:
    """Refuse cells that contradict themselves or each other."""
    if kind == "observations":
        check_measures(table, folder)
    everything = Rows(table)
    for row in Chosen(everything, everything.where({})).records() if kind == "summaries" else ():
        where = f"{folder / row['source']}, line {row['line']}"
        low, mean, high = row["minimum"], row["mean"], row["maximum"]
        if high < low:
            raise DataError(f'"maximum" is {high}, below "minimum" {low}.', where=where)
        if not low <= mean <= high:
            raise DataError(f'"mean" is {mean}, outside "minimum" {low} to "maximum" {high}.', where=where)
    for names, words, remedy in (
        (
            [*CELL[kind]],
            "describes a cell",
            f"Two runs of one cell are two runs: give each its {APART.get(kind, 'run or replicate')}.",
        ),
        (["address"], "has an address", "Each row needs an address of its own."),
    ):
        numbers = number_rows(table, names)
        if len(np.unique(numbers)) < len(table):
            twice = table[pd.Series(numbers).duplicated(keep=False).to_numpy()]
            first, second = twice.iloc[0], twice.iloc[-1]
            raise DataError(
                f"The row {words} that {place_in(first.source, first.line)} of {first.source} has already "
                f"({first.address}).",
                where=f"{folder / second.source}, {place_in(second.source, second.line)}",
                remedy=remedy,
            )


def _with_models(table: pd.DataFrame, kind: str, study: Study) -> pd.DataFrame:
    """Add what the study declares of each model; rows follow its order of models, not that of the file."""
    order = {model.key: position for position, model in enumerate(study.models)}
    unknown = ~table["model"].isin(list(order)).to_numpy()
    if unknown.any():
        row = table.iloc[int(unknown.argmax())]
        raise DataError(
            f'"{row.model}" is no model of the study.',
            where=f"{study.folder / row.source}, {place_in(row.source, row.line)}",
            remedy=did_you_mean(str(row.model), order),
        )
    table = table.copy()
    for name in ("vendor", "family", "size"):
        words = table["model"].map({model.key: getattr(model, name) for model in study.models})
        if name in table:  # the study's word comes first
            words = words.where(words != "", table[name])
        table[name] = words
    names = CELL[kind][1:]
    keys = [table["model"].map(order).to_numpy(), *codes_of(table, names)]
    return table.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)
