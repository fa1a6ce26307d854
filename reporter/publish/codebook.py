"""codebook.md: what each column and each measure of a deposit's data means, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reporter.numbers import write
from reporter.publish.tabular import data_path
from reporter.results import Kind
from reporter.study import RAW_DECIMALS, Study

COLUMN = ("Column", "Type", "Unit", "Missing", "Distinct", "Holds", "Meaning")
MEASURE = ("Measure", "Of", "Rows", "Models", "From", "To", "Unit", "Meaning")
TOLD = ("measure", "unit", "meaning", "rows", "models", "least", "most")


def codebook_md(study: Study, described: Mapping[str, Any]) -> str:
    """Write the codebook as Markdown.

    Parameters
    ----------
    described : mapping
        What :func:`reporter.describe.codebook` says of the study.
    """
    return "\n".join(_lines(study, described)) + "\n"


def _lines(study: Study, described: Mapping[str, Any]) -> Iterator[str]:
    yield f"# Codebook: {described['title']}"
    yield ""
    yield "Each file is there twice, as CSV (UTF-8, comma, empty cell: missing) and as Parquet."
    yield "`datapackage.json` says the same for programs. Numbers in lists have 32 bits."
    for file in described["files"]:
        source = study.source(file["file"])
        yield from ("", f"## {data_path(source, 'csv')}", "")
        yield f"{file['rows']} {file['kind']}, {file['origin']}. In the study's folder: `{file['file']}`."
        yield f"Source: {file['citation']}"
        yield ""
        decimals = RAW_DECIMALS if file["decimals"] is None else file["decimals"]
        yield from table(COLUMN, [_column(column, decimals) for column in file["columns"]])
        if file["measures"]:
            yield ""
            yield from table(MEASURE, [_measure(measure, decimals) for measure in file["measures"]])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Write a pipe table, in which a bar is no end of a cell."""
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"


def _column(column: Mapping[str, Any], decimals: int) -> list[str]:
    counts = (str(column["missing"]), str(column["distinct"]))
    return [
        column["name"],
        column["type"],
        column["unit"],
        *counts,
        _holds(column, decimals),
        column["meaning"],
    ]


def _holds(column: Mapping[str, Any], decimals: int) -> str:
    if not column["filled"]:
        return "nothing"
    if "values" in column:
        return ", ".join(column["values"])
    if "least" not in column:
        return str(column["type"])
    kind = Kind.VALUE if column["unit"] == "as the row says" else Kind.SETTING
    ends = [write(column[end], kind, decimals) for end in ("least", "most")]
    return " to ".join(dict.fromkeys(ends))


def _measure(measure: Mapping[str, Any], decimals: int) -> list[str]:
    of = ", ".join(f"{name} {value}" for name, value in measure.items() if name not in TOLD)
    ends = [write(measure[end], Kind.VALUE, decimals) for end in ("least", "most")]
    counts = (str(measure["rows"]), str(measure["models"]))
    return [measure["measure"], of, *counts, *ends, measure["unit"], measure["meaning"]]
