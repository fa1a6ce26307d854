"""Verbs around a report: build, list, trace, check, describe, new, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reporter.cli._here import ENGINES, choose, own_press, root_of, shown, steps, study_option
from reporter.cli._paper import check_works, paper_options, set_paper, wanted
from reporter.errors import EXIT_REPORT_SAYS_NO

if TYPE_CHECKING:
    from reporter.audit.audit import Audit
    from reporter.compose import Report

NAMED = 3  # findings that a build names


@click.command()
@study_option
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Spread large resampling jobs over processes, or over a running Ray or Dask cluster. Same numbers.",
)
@click.option("--address", help="Of the Dask scheduler or the Ray head.")
@click.option("--again", is_flag=True, help="Build even if the report is there and nothing has changed.")
@paper_options
@click.pass_obj
def build(
    root: Path | None,
    /,
    name: str | None,
    engine: str | None,
    address: str | None,
    again: bool,
    look: str | None,
    **wishes: Any,
) -> int:
    """Build a study's report from its frozen rows.

    Writes report.md, report.html, report.pdf, figures, tables, numbers.csv, findings.json and
    MANIFEST.sha256 to reports/NAME/. Needs no network; a failed build leaves the last report as it was.
    Where program, templates, rows and versions are those of the last build, byte for byte, and its files
    are as it wrote them, they stay. --look paper puts paper.pdf beside them, or paper-blind.pdf.
    """
    paper = wanted(look, wishes)
    root, name = choose(root, name)
    files = 0 if again else _unchanged(root, name)
    if files and (paper is None or paper.is_there(root / "reports" / name)):
        click.echo(f"{shown(root / 'reports' / name)}: unchanged, {files} files as they were built.")
        return 0
    if paper is not None:
        check_works(root, name)
    report, fine = (None, True) if files else _document(root, name, engine, address)
    if paper is not None:
        set_paper(root, name, paper, report)
    return 0 if fine else EXIT_REPORT_SAYS_NO


def _document(root: Path, name: str, engine: str | None, address: str | None) -> tuple[Report, bool]:
    """Build every file of a report but the paper; give the report, and whether its audit finds no error."""
    audits: list[Audit] = []
    with own_press() as press, steps() as step:
        step(f"Reading and answering {name}")
        from reporter import pipeline
        from reporter.bundle import write
        from reporter.cluster import attached

        with attached(engine, address) as spread:
            answered = pipeline.answer(root, name, engine=spread, share=press is not None)
        step(f"Composing {len(answered.findings)} findings from {answered.dataset.n_rows} rows")
        report = pipeline.report(root, answered, press=press)
        del answered  # a report needs its rows no more, and the press needs room
        step("Writing Markdown, HTML and PDF, and auditing what was written")

        def examine() -> None:
            from reporter.audit.audit import audit

            audits.append(audit(report.text, name="report.md", waivers=report.study.waivers))

        bundle = write(report, root / "reports" / name, press=press, meanwhile=examine)
    click.echo(f"{shown(bundle.folder)}: {len(bundle.files)} files, {len(report.quoted)} printed numbers.")
    return report, _say_audit(audits[0], name)


def _say_audit(audit: Audit, name: str) -> bool:
    """Say in a line what the audit of the report found; name what is an error or a warning."""
    from reporter.audit.finding import Severity
    from reporter.audit.saying import plural

    loud = [each for each in audit.findings if each.severity is not Severity.NOTE]
    counted = ", ".join(
        plural(audit.count(severity), severity.value) for severity in (Severity.ERROR, Severity.WARNING)
    )
    click.echo(f"Audit: {counted}; {audit.coverage.checked} of {audit.coverage.seen} numbers checked.")
    for finding in loud[:NAMED]:
        click.echo(f"  line {finding.place.line}, {finding.check}: {finding.quoted}", err=True)
    if loud:
        click.echo(f"See `report audit reports/{name}/report.md --study {name}`.", err=True)
    return not audit.count(Severity.ERROR)


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
    """List the studies of this project: which of them are built, and where they were published."""
    from reporter.project import list_studies, load_study

    root = root_of(root)
    for name in list_studies(root):
        study = load_study(root, name)
        built = (root / "reports" / name / "MANIFEST.sha256").is_file()
        counts = f"{len(study.models)} models, {len(study.analyses)} analyses"
        click.echo(f"{name}  {study.about.title}  ({counts}, {'built' if built else 'not built'})")
        if published := _published(root, name):
            click.echo(f"  {published}")


def _published(root: Path, name: str) -> str:
    """Say what the receipt of a study says; nothing if there is none."""
    from reporter.publish.plan import Incomplete
    from reporter.publish.receipt import place_of, read

    path = place_of(root, name)
    try:
        receipt = read(path)
    except Incomplete as damaged:
        return str(damaged)
    if receipt is None:
        return ""
    where = receipt.url or receipt.node
    if not receipt.complete:
        return f"publication begun and not finished: {where}"
    return f"published {receipt.time}: {where}, {len(receipt.files)} files, see {shown(path)}"


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
    from reporter.preregistration.following import follow
    from reporter.trace import trace as way_back

    answered = pipeline.answer(root, name)
    followed = follow(answered.study, answered.dataset, answered.findings)
    for line in way_back(address, Register(answered.study, followed.findings), answered.dataset):
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
