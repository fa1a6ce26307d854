"""The verb that reads reports and says what in them cannot be true."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reporter.cli._here import choose
from reporter.errors import EXIT_REPORT_SAYS_NO, OutputError, ProjectError

if TYPE_CHECKING:
    from reporter.audit.audit import Audit

SEVERITIES = ("error", "warning", "note")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--study", "name", metavar="NAME", help="Check against the rows of this study.")
@click.option(
    "--rows", type=click.Path(path_type=Path), metavar="FOLDER", help="Check against the raw files there."
)
@click.option("--json", "as_json", type=click.Path(path_type=Path), metavar="OUT", help="Write JSON.")
@click.option("--html", "as_html", type=click.Path(path_type=Path), metavar="OUT", help="Write a page.")
@click.option(
    "--markdown", "as_markdown", type=click.Path(path_type=Path), metavar="OUT", help="Write Markdown."
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.pass_obj
def audit(
    root: Path | None,
    files: tuple[Path, ...],
    name: str | None,
    rows: Path | None,
    as_json: Path | None,
    as_html: Path | None,
    as_markdown: Path | None,
    fail_on: str,
) -> int:
    """Read written reports, anybody's, and say what in them cannot be true.

    Each FILE is Markdown, plain text, HTML or PDF. It is checked against itself, against arithmetic and
    statistics, and with --study or --rows against the raw rows. Findings name line, words, what was
    expected and how to see it; what was not checked is listed. Exit code 1: a finding at or above
    --fail-on stands.
    """
    if name is not None and rows is not None:
        raise ProjectError("Raw rows are given twice.", remedy="Give --study or --rows, not both.")
    audits = _audits(root, files, name, rows)
    _write(audits, as_json, as_html, as_markdown)
    from reporter.audit.finding import Severity
    from reporter.audit.terminal import show

    show(audits)
    least = Severity(fail_on).rank
    found = any(finding.severity.rank <= least for each in audits for finding in each.findings)
    return EXIT_REPORT_SAYS_NO if found else 0


def _audits(root: Path | None, files: tuple[Path, ...], name: str | None, rows: Path | None) -> list[Audit]:
    from reporter.audit.audit import audit as examine

    if name is None:
        from reporter.audit.rows import rows_of_folder

        given = () if rows is None else rows_of_folder(rows)
        return [examine(file, rows=given) for file in files]
    from reporter import pipeline
    from reporter.audit.rows import rows_of_study

    root, name = choose(root, name)
    answered = pipeline.answer(root, name)
    built = pipeline.report(root, answered).text
    values = rows_of_study(answered.study, answered.dataset)
    own = root / "reports" / name
    return [
        examine(
            file,
            rows=values,
            built=built if file.resolve().parent == own and file.suffix == ".md" else "",
            waivers=answered.study.waivers,
        )
        for file in files
    ]


def _write(audits: list[Audit], as_json: Path | None, as_html: Path | None, as_markdown: Path | None) -> None:
    """Write the forms that were asked for."""
    import json

    if as_json:
        from reporter.audit.to_json import to_json

        _put(as_json, json.dumps(to_json(audits), indent=1, ensure_ascii=False) + "\n")
    if as_html:
        from reporter.audit.page import page

        _put(as_html, page(audits))
    if as_markdown:
        from reporter.audit.to_markdown import to_markdown

        _put(as_markdown, to_markdown(audits))


def _put(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"The audit cannot be written: {error.strerror}.", where=path) from error
