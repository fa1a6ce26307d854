"""Is a built report still what its rows say? The manifest, and every quoted number derived again."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reporter.bundle import quoted_rows
from reporter.compose import Report
from reporter.errors import ProjectError
from reporter.unchanged import MANIFEST, digests

DERIVED = (
    "text", "value", "unit", "n", "statistic", "method", "level", "family", "family_size", "adjusted_p",
    "seed", "rows", "rows_sha256",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; ``numbers`` counts the quoted numbers that were derived again."""

    problems: tuple[str, ...]
    files: int
    numbers: int


def check(report: Report, folder: Path) -> Checked:
    """Compare a report on disk with its manifest and with what its rows give now.

    Parameters
    ----------
    report : Report
        Composed afresh from the study's rows.
    folder : Path
        The built report.

    Raises
    ------
    ProjectError
        The report was never built.
    """
    if not (folder / MANIFEST).is_file():
        raise ProjectError(f"There is no built report in {folder}.",
                           remedy=f"Run `report build --study {report.study.about.name}` first.")  # fmt: skip
    rows = _read(folder / "numbers.csv")
    files = _listed(folder)
    problems = (*_manifest(folder, files), *_numbers(report, rows), *_lines(folder, rows))
    return Checked(problems, len(files), len(rows))


def _listed(folder: Path) -> dict[str, str]:
    lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _manifest(folder: Path, listed: dict[str, str]) -> Iterator[str]:
    there = digests(folder)
    for name in sorted({*listed, *there}):
        if name not in there:
            yield f"{name}: the file is listed in {MANIFEST}, but missing"
        elif name not in listed:
            yield f"{name}: the file is not listed in {MANIFEST}"
        elif listed[name] != there[name]:
            yield f"{name}: the file was changed after it was built"


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _numbers(report: Report, rows: list[dict[str, str]]) -> Iterator[str]:
    """Compare each number with what the rows give now."""
    now = {row["address"]: row for row in quoted_rows(report)}
    then = {row.get("address", ""): row for row in rows}
    for address in sorted({*now, *then}):
        if address not in now:
            yield f"{address}: the report quotes it, but the study no longer asks for it"
        elif address not in then:
            yield f"{address}: the report should quote it, and does not"
        else:
            for name in DERIVED:
                printed, derived = then[address].get(name), now[address][name]
                if printed != derived:
                    yield f"{address}: {name} is {printed!r}, the rows give {derived!r}"


def _lines(folder: Path, rows: list[dict[str, str]]) -> Iterator[str]:
    """Check that report.md has each number's text on the lines where it should stand."""
    path = folder / "report.md"
    if not path.is_file():
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    for row in rows:
        for position in map(int, (row.get("lines") or "").split()):
            line = lines[position - 1] if 0 < position <= len(lines) else ""
            if not re.search(rf"(?<![0-9.]){re.escape(row['text'])}(?!\.?[0-9])", line):
                yield f"report.md, line {position}: {row['address']} should read {row['text']!r}"
