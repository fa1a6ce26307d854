"""The report folder: every file of a report, written beside its place and then moved into it."""

from __future__ import annotations

import csv
import gc
import io
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from reporter.compose import Figure, Report
from reporter.errors import OutputError
from reporter.findings import Finding, NotComputable
from reporter.numbers import Missing, Number, as_row
from reporter.render import html, marks
from reporter.render.press import Job, Mark, Picture, Press
from reporter.tables import to_csv
from reporter.unchanged import BUILT_FROM, MANIFEST, built_from, digests, manifest_of
from reporter.whole import replacing


@dataclass(frozen=True, slots=True)
class Bundle:
    """A report on disk: its folder, and the SHA-256 of each file by relative path."""

    folder: Path
    files: Mapping[str, str]


def write(
    report: Report,
    folder: Path,
    *,
    press: Press | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Bundle:
    """Write a report's folder, whole or not at all.

    Parameters
    ----------
    press : Press, optional
        The process that sets the PDF meanwhile; without it everything happens here.
    meanwhile : callable
        What else is to be done while the press sets the PDF.

    Raises
    ------
    OutputError
        The folder cannot be written.
    SystemPartMissing
        Pango or the fonts are not there.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(
            "A file stands where the report's folder goes.", where=folder, remedy="Move it away."
        )
    with replacing(folder, what="report") as place:
        job = _pdf_job(report, place)
        if press is not None:
            _start(press, job)
        for name, content in _files(report):
            path = _inside(place, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        meanwhile()
        if press is None:
            job.do()
        else:
            gc.collect()  # figures and templates refer to themselves; there is time, and the press needs room
            press.finish()
        files = digests(place)
        (place / MANIFEST).write_text(manifest_of(files), encoding="utf-8")
    return Bundle(folder, files)


def _files(report: Report) -> Iterator[tuple[str, bytes]]:
    """Make every file but the PDF and the manifest."""
    from reporter.figures import draw

    pictures: dict[str, bytes] = {}
    for figure in report.figures:
        drawing = draw(figure.draw, figure.rows, options=figure.options)
        pictures[f"figures/{figure.key}.svg"] = drawing.svg
        yield f"figures/{figure.key}.svg", drawing.svg
        yield f"figures/{figure.key}.png", drawing.png
    yield "report.md", report.text.encode()
    yield "report.html", _page(report, pictures).encode()
    yield from data_files(report)
    yield "findings.json", findings_json(report)
    yield BUILT_FROM, built_from(report.made).encode()


def data_files(report: Report) -> Iterator[tuple[str, bytes]]:
    """Write down every number, table and figure of a report as CSV."""
    for figure in report.figures:
        yield f"figures/{figure.key}.csv", _figure_csv(figure).encode()
    for table in report.tables:
        yield f"tables/{table.key}.csv", to_csv(table).encode()
    yield "numbers.csv", _rows_csv(quoted_rows(report)).encode()


def _inside(place: Path, name: str) -> Path:
    """Refuse a file name that leaves the report's folder: the study names its tables and figures."""
    path = place / name
    if not path.resolve().is_relative_to(place.resolve()):
        raise OutputError(f'"{name}" lies outside the report.', remedy="Name tables and figures plainly.")
    return path


def quoted_rows(report: Report) -> list[dict[str, str]]:
    """One row per number that the report prints, with the lines of report.md where it stands."""
    lines: dict[str, list[int]] = {}
    text = report.text
    for index, _, offset in marks.spans(report.marked):
        address = report.quoted[index].address
        lines.setdefault(address, []).append(text.count("\n", 0, offset) + 1)
    quoted = {number.address: number for number in report.quoted if isinstance(number, Number)}
    drawn = {number.address: number for number in _drawn(report)}
    return [
        {**as_row(number), "lines": " ".join(map(str, lines.get(address, [])))}
        for address, number in (quoted | {a: n for a, n in drawn.items() if a not in quoted}).items()
    ]


def _drawn(report: Report) -> Iterator[Number]:
    for figure in report.figures:
        for row in figure.rows:
            yield from (piece for piece in row.values() if isinstance(piece, Number))


def _rows_csv(rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]) if rows else ["address"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _figure_csv(figure: Figure) -> str:
    """The rows that a figure draws, as values."""
    columns = list(dict.fromkeys(name for row in figure.rows for name in row))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_plain(row.get(name)) for name in columns] for row in figure.rows)
    return buffer.getvalue()


def _plain(piece: Number | str | None) -> str:
    if piece is None:
        return ""
    return repr(piece.value) if isinstance(piece, Number) else piece


def findings_json(report: Report) -> bytes:
    """Every finding, its trace, and each of its numbers with value and text.

    Rows stand once, by the digest that the traces name: many answers are made of the same rows.
    """
    by_finding: dict[str, dict[str, Any]] = {}
    for number in report.register.numbers():
        if number.finding is not None:
            entry = {
                "value": number.value if math.isfinite(number.value) else None,
                "text": number.text,
                "unit": number.unit,
                "kind": number.kind.value,
            }
            by_finding.setdefault(number.finding.address, {})[number.address] = entry
    findings = [_finding(f, by_finding.get(f.address, {})) for f in report.register.findings]
    used = {used.digest: used.addresses for f in report.register.findings for used in f.trace.roles.values()}
    body = {"study": report.study.about.name, "findings": findings, "rows": used}
    written = io.BytesIO()  # piece by piece: all pieces at once take ten times the room of the whole
    for piece in json.JSONEncoder(ensure_ascii=False, indent=1, allow_nan=False).iterencode(body):
        written.write(piece.encode())
    written.write(b"\n")
    return written.getvalue()


def _finding(finding: Finding, numbers: Mapping[str, Any]) -> dict[str, Any]:
    record = finding.record
    missing = isinstance(record, NotComputable)
    return {
        "address": finding.address,
        "question": finding.question,
        "answer": None if missing else type(record).__name__,
        "method": None if missing else getattr(record, "method", None),
        "not_computable": {"reason": record.reason, "detail": record.detail} if missing else None,
        "population": finding.population or None,
        "family": finding.family or None,
        "verdict": finding.verdict.value if finding.verdict else None,
        "numbers": dict(numbers),
        "trace": {
            "statistic": finding.trace.statistic,
            "options": {name: _json(value) for name, value in finding.trace.options.items()},
            "seed": finding.trace.seed,
            "rows": {role: used.digest for role, used in finding.trace.roles.items()},
            "rows_sha256": finding.trace.digest,
        },
    }


def _json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _notes(report: Report) -> list[marks.NumberNote]:
    """Say of each quoted number, in one line, where it comes from."""
    return [marks.NumberNote(address=n.address, origin=origin(n)) for n in report.quoted]


def origin(number: Number | Missing) -> str:
    """Describe a number's origin in one line."""
    if isinstance(number, Missing):
        return number.reason.detail
    finding = number.finding
    if finding is None:
        return "declared in study.toml"
    count = len(finding.trace.addresses)
    rows = f"{count} row{'s' if count != 1 else ''}"
    n = getattr(finding.record, "n", None)
    sample = f", n = {n}" if n is not None else ""
    return (
        f"{finding.question} {finding.trace.statistic} on {rows}{sample}, sha256 {finding.trace.digest[:12]}"
    )


def _page(report: Report, pictures: Mapping[str, bytes]) -> str:
    about = report.study.about
    rows = quoted_rows(report)
    return html.page(
        html.body(report.marked, _notes(report), contents=True),
        title=about.title,
        language=about.language,
        header=about.short_title,
        register_html=html.register(rows),
        css=html.stylesheet(),
        figures=pictures,
    )


def _pdf_job(report: Report, place: Path) -> Job:
    about = report.study.about
    return Job(
        body=html.body(report.marked),
        target=place / "report.pdf",
        pictures=tuple(map(picture_of, report.figures)),
        settings={
            "title": about.title,
            "language": about.language,
            "header": about.short_title,
            "css": html.stylesheet(),
            "epoch": epoch(report),
            "authors": [author.name for author in about.authors],
        },
    )


def picture_of(figure: Figure) -> Picture:
    """Say what a figure draws, without the way back of its numbers."""
    return Picture(
        name=f"figures/{figure.key}.svg",
        word=figure.draw,
        rows=[{name: _mark(cell) for name, cell in row.items()} for row in figure.rows],
        options={name: _mark(value) for name, value in figure.options.items()},
    )


def draw_ahead(press: Press | None, figures: Sequence[Figure]) -> None:
    """Let the press draw figures for the PDF while the text is written."""
    if press is not None:
        press.draw([picture_of(figure) for figure in figures[: _while_writing(len(figures))]])


def _start(press: Press, job: Job) -> None:
    """Start the PDF, and draw the figures that were not drawn meanwhile."""
    others = job.pictures[_while_writing(len(job.pictures)) :]
    press.start(replace(job, given=frozenset(picture.name for picture in others)))
    from reporter.figures import draw_svg  # a fifth of a second, for which the press need not wait

    for picture in others:
        press.give(picture.name, draw_svg(picture.word, picture.rows, options=picture.options))


def _while_writing(figures: int) -> int:
    """Say how many of so many figures can be drawn in the time in which the text is written: most."""
    return figures - figures // 4


def _mark(cell: Any) -> Any:
    """Leave a number's way back behind: a figure needs its value and text only."""
    return Mark(cell.value, cell.text) if isinstance(cell, Number) else cell


def epoch(report: Report) -> int:
    """The report's date in seconds: SOURCE_DATE_EPOCH if it is set, else the study's; never the clock."""
    declared = os.environ.get("SOURCE_DATE_EPOCH")
    if declared is not None:
        if not (declared.isascii() and declared.isdigit()):
            raise OutputError(f'SOURCE_DATE_EPOCH is "{declared}"; it must be a whole number of seconds.')
        return int(declared)
    return int(datetime.combine(report.study.about.date, time(), UTC).timestamp())
