"""Verbs around a report: build, list, trace, check, describe, new, doctor."""

from __future__ import annotations

from pathlib import Path

import click

from reporter.cli._here import ENGINES, choose, own_press, root_of, shown, steps, study_option
from reporter.errors import EXIT_REPORT_SAYS_NO


@click.command()
@study_option
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Spread large resampling jobs over processes, or over a running Ray or Dask cluster. Same numbers.",
)
@click.option("--address", help="Of the Dask scheduler or the Ray head.")
@click.option("--again", is_flag=True, help="Build even if the report is there and nothing has changed.")
@click.pass_obj
def build(root: Path | None, name: str | None, engine: str | None, address: str | None, again: bool) -> None:
    """Build a study's report from its frozen rows.

    Writes report.md, report.html, report.pdf, figures, tables, numbers.csv, findings.json and
    MANIFEST.sha256 to reports/NAME/. Needs no network; a failed build leaves the last report as it was.
    Where program, templates, rows and versions are those of the last build, byte for byte, and its files
    are as it wrote them, they stay.
    """
    root, name = choose(root, name)
    if not again and (files := _unchanged(root, name)):
        click.echo(f"{shown(root / 'reports' / name)}: unchanged, {files} files as they were built.")
        return
    with own_press() as press, steps() as step:
        step(f"Reading and answering {name}")
        from reporter import pipeline
        from reporter.bundle import write
        from reporter.cluster import attached

        with attached(engine, address) as spread:
            answered = pipeline.answer(root, name, engine=spread)
        step(f"Composing {len(answered.findings)} findings from {answered.dataset.n_rows} rows")
        report = pipeline.report(root, answered, press=press)
        step("Writing Markdown, HTML and PDF")
        bundle = write(report, root / "reports" / name, press=press)
    click.echo(f"{shown(bundle.folder)}: {len(bundle.files)} files, {len(report.quoted)} printed numbers.")


def _unchanged(root: Path, name: str) -> int:
    """Count the files of a report that a build would write just so; 0 where it would not."""
    from reporter.provenance import made_of
    from reporter.unchanged import BUILT_FROM, is_current, uses_other_code

    inputs, folder = root / "inputs" / name, root / "reports" / name
    if not (folder / BUILT_FROM).is_file() or uses_other_code(inputs):
        return 0
    return is_current(folder, made_of(root, name, inputs))


@click.command(name="list")
@click.pass_obj
def list_(root: Path | None) -> None:
    """List the studies of this project, and which of them are built."""
    from reporter.project import list_studies, load_study

    root = root_of(root)
    for name in list_studies(root):
        study = load_study(root, name)
        built = (root / "reports" / name / "MANIFEST.sha256").is_file()
        counts = f"{len(study.models)} models, {len(study.analyses)} analyses"
        click.echo(f"{name}  {study.about.title}  ({counts}, {'built' if built else 'not built'})")


@click.command()
@click.argument("address")
@study_option
@click.pass_obj
def trace(root: Path | None, name: str | None, address: str) -> None:
    """Print the way from a number back to its rows.

    ADDRESS stands in numbers.csv and behind each number of report.html, e.g. mean_change.estimate or
    change/gpt-4o.interval.low.
    """
    root, name = choose(root, name)
    from reporter import pipeline
    from reporter.numbers import Register
    from reporter.trace import trace as follow

    answered = pipeline.answer(root, name)
    for line in follow(address, Register(answered.study, answered.findings), answered.dataset):
        click.echo(line)


@click.command()
@study_option
@click.pass_obj
def check(root: Path | None, name: str | None) -> int:
    """Check a built report: its manifest, and every quoted number derived again from the rows."""
    root, name = choose(root, name)
    from reporter import pipeline
    from reporter.check import check as compare

    report = pipeline.report(root, pipeline.answer(root, name))
    checked = compare(report, root / "reports" / name)
    for problem in checked.problems:
        click.echo(problem)
    if checked.problems:
        click.echo(f"{len(checked.problems)} problems.", err=True)
        return EXIT_REPORT_SAYS_NO
    click.echo(f"Fine: {checked.files} files as built, {checked.numbers} numbers as the rows give them.")
    return 0


@click.command()
def doctor() -> int:
    """Look at this machine: is everything there that a report needs?"""
    from reporter.doctor import examine

    worst = 0
    for part in examine():
        mark = "ok  " if part.fine else ("MISS" if part.needed else "-   ")
        click.echo(f"{mark}  {part.part}: {part.words}")
        if part.needed and not part.fine:
            worst = EXIT_REPORT_SAYS_NO
    return worst


@click.command()
@study_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.pass_obj
def describe(root: Path | None, name: str | None, as_json: bool) -> None:
    """Print a study's codebook: each file's columns and measures, what they mean and what they hold."""
    root, name = choose(root, name)
    import json

    from reporter.describe import codebook, lines

    described = codebook(root, name)
    if as_json:
        click.echo(json.dumps(described, indent=1, ensure_ascii=False))
        return
    for line in lines(described):
        click.echo(line)


@click.command()
@click.argument("name")
@click.option("--like", default="token-scaling", show_default=True, help="The bundled study to start from.")
@click.pass_obj
def new(root: Path | None, name: str, like: str) -> None:
    """Start a study: inputs/NAME/ with a study.toml and rows to replace by your own."""
    from reporter.new import new_study

    target = new_study(name, like=like, root=root or Path.cwd())
    click.echo(f"{shown(target)}: edit study.toml, replace the rows, then `report build --study {name}`.")
