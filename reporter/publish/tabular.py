"""The rows of a study for other programs: each source as CSV and as Parquet, and the schema of each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from reporter.about import Author
from reporter.columns import KINDS, LEDGER, Column, Type
from reporter.errors import DataError
from reporter.publish.licence import of_data
from reporter.study import Source, Study

EXCLUSIONS = "exclusions.csv"
TYPES: dict[Type, str] = {"text": "string", "number": "number", "integer": "integer", "numbers": "array"}


def data_files(study: Study) -> dict[str, bytes]:
    """Give each source of a study twice, by path: ``data/NAME.csv`` and ``data/NAME.parquet``.

    The form that the study has is given byte for byte, without a byte order mark; the other is made of it.
    In CSV an empty cell is a missing value, and a list of numbers is a JSON array.

    Raises
    ------
    DataError
        Two sources would have the same name.
    """
    files: dict[str, bytes] = {}
    for source in study.sources:
        path = data_path(source, "csv")
        if path in files:
            raise DataError(
                f'Two sources would be "{path}".', where=study.folder / "study.toml", remedy="Rename one."
            )
        raw = (study.folder / source.file).read_bytes()
        if source.file.endswith(".parquet"):
            files[path], files[data_path(source, "parquet")] = _csv_of(raw), raw
        else:
            text = raw.decode("utf-8-sig")
            files[path] = text.encode()
            files[data_path(source, "parquet")] = _parquet_of(text, KINDS[source.kind])
    return files


def data_path(source: Source, ending: str) -> str:
    """Say where a source's rows stand in a deposit."""
    return f"data/{PurePosixPath(source.file).with_suffix(f'.{ending}')}"


def _csv_of(raw: bytes) -> bytes:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(raw))
    return _csv(table.column_names, zip(*map(_cells, table.columns), strict=True))


def _csv(head: Sequence[str], rows: Any) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")  # RFC 4180; it also has line ends in cells quoted
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _cells(column: Any) -> list[str]:
    """Write the cells of a column of Parquet: every digit that it takes to read the same number again."""
    import pyarrow as pa

    if pa.types.is_list(column.type):  # as arrays, since a number of 32 bits knows its own digits
        arrays = column.to_numpy()
        return ["" if cell is None else f"[{', '.join(cell.astype(str))}]" for cell in arrays]
    missing = column.is_null(nan_is_null=True).to_pylist()
    return ["" if no else str(value) for no, value in zip(missing, column.to_pylist(), strict=True)]


def _parquet_of(text: str, columns: Sequence[Column]) -> bytes:
    """Write rows of CSV with the types of their columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from reporter.observations import ARROW

    kinds = {column.name: column.type for column in columns}
    read: dict[Type, Any] = {"text": str, "integer": int, "number": float, "numbers": json.loads}
    head, *rows = csv.reader(text.splitlines())
    made = {}
    for name, cells in zip(head, zip(*rows, strict=True), strict=True):
        values = [read[kinds[name]](cell.strip()) if cell.strip() else None for cell in cells]
        made[name] = pa.array(values, ARROW[kinds[name]])
    buffer = io.BytesIO()
    pq.write_table(pa.table(made), buffer)
    return buffer.getvalue()


def exclusions_csv(exclusions: Sequence[Mapping[str, Any]]) -> bytes:
    """Write the ledger of what was left out; it has a head even if nothing was."""
    names = [column.name for column in LEDGER]
    return _csv(names, ([entry[name] for name in names] for entry in exclusions))


def datapackage(study: Study, place: Path) -> dict[str, Any]:
    """Describe the data files in ``place`` as a Frictionless data package.

    Each CSV file has a Table Schema made of the glossary in :mod:`reporter.columns`.
    """
    about, licence = study.about, of_data(study.about)
    return {
        "name": about.name,
        "title": about.title,
        "description": about.hypothesis,
        "licenses": [{"name": licence.spdx, "path": licence.url, "title": licence.title}],
        "contributors": [_contributor(author) for author in about.authors],
        **({"keywords": list(about.keywords)} if about.keywords else {}),
        "sources": [{"title": source.citation} for source in study.sources],
        "resources": [
            *(_resource(source, place) for source in study.sources),
            _described("exclusions", EXCLUSIONS, "What was left out, and why.", LEDGER, place),
        ],
    }


def _contributor(author: Author) -> dict[str, str]:
    told = {
        "title": author.name,
        "role": "author",
        "path": f"https://orcid.org/{author.orcid}" if author.orcid else "",
        "organization": "; ".join(author.affiliations),
    }
    return {name: value for name, value in told.items() if value}


def _resource(source: Source, place: Path) -> dict[str, Any]:
    path = data_path(source, "csv")
    name = path.removeprefix("data/").removesuffix(".csv").replace("/", "-").lower()
    said = f"{source.kind.capitalize()}, {source.origin}. {source.citation}"
    described = _described(name, path, said, KINDS[source.kind], place)
    return described | {"parquet": data_path(source, "parquet")}


def _described(
    name: str, path: str, description: str, columns: Sequence[Column], place: Path
) -> dict[str, Any]:
    with (place / path).open(encoding="utf-8", newline="") as file:
        head = next(csv.reader(file))
    by_name = {column.name: column for column in columns}
    return {
        "name": name,
        "path": path,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [_field(by_name[entry]) for entry in head], "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    bounds = {"minimum": column.least, "maximum": column.most}
    constraints: dict[str, Any] = {name: bound for name, bound in bounds.items() if bound is not None}
    if column.required:
        constraints["required"] = True
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    unit = "as the row says" if column.unit == "unit" else column.unit
    return {
        "name": column.name,
        "type": TYPES[column.type],
        "description": column.meaning,
        **({"unit": unit} if unit else {}),
        **({"constraints": constraints} if constraints else {}),
    }
