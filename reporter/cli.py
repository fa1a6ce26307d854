"""Words into calls: one function per verb, and each imports what it needs when it runs."""

from __future__ import annotations

import gc
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reporter import __version__
from reporter.errors import EXIT_REPORT_SAYS_NO, ProjectError

if TYPE_CHECKING:
    from reporter.render.press import Press

EPILOG = """\b
Exit codes:
  0  fine
  1  the report says no (a failed check)
  2  bad input: the message says what, where, and what is allowed
  3  a bug of ours"""


ENGINES = ("processes", "ray", "dask")
DEVICES = ("cpu", "cuda", "mps")
DTYPES = ("float32", "bfloat16", "float16")
LINE_SHARE, LINE_SECONDS = 0.05, 60  # of progress or time, after which a pipe gets another line
OWN_PROCESS = "reporter.own_process"
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(epilog=EPILOG, context_settings=SETTINGS)
@click.version_option(__version__, prog_name="entropy-reporter")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    help="The project: a folder that holds inputs/. Default: the nearest one, upwards from here.",
)
@click.pass_context
def cli(context: click.Context, root: Path | None) -> None:
    """From language-model entropy measurements to a report that can be checked.

    \b
    A study is a folder inputs/NAME/ with a study.toml and its rows.
      report new NAME                 start a study of your own from a bundled one
      report collect --study NAME     ask its prompts of a model (--model), keep rows
      report describe --study NAME    print its codebook: what the rows mean and hold
      report build --study NAME       write reports/NAME/: Markdown, HTML, PDF, numbers
      report check --study NAME       compare a built report with its rows
      report trace ADDRESS            follow a printed number back to its rows
    """
    context.meta[OWN_PROCESS] = context.obj
    context.obj = root


_study_option = click.option(
    "--study", "name", metavar="NAME", help="The study. Default: the only one there is."
)


@cli.command()
@_study_option
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
    root, name = _choose(root, name)
    if not again and (files := _unchanged(root, name)):
        click.echo(f"{_shown(root / 'reports' / name)}: unchanged, {files} files as they were built.")
        return
    with _press() as press, _steps() as step:
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
    click.echo(f"{_shown(bundle.folder)}: {len(bundle.files)} files, {len(report.quoted)} printed numbers.")


def _unchanged(root: Path, name: str) -> int:
    """Count the files of a report that a build would write just so; 0 where it would not."""
    from reporter.provenance import made_of
    from reporter.unchanged import BUILT_FROM, is_current, uses_other_code

    inputs, folder = root / "inputs" / name, root / "reports" / name
    if not (folder / BUILT_FROM).is_file() or uses_other_code(inputs):
        return 0
    return is_current(folder, made_of(root, name, inputs))


@cli.command(name="list")
@click.pass_obj
def list_(root: Path | None) -> None:
    """List the studies of this project, and which of them are built."""
    from reporter.project import list_studies, load_study

    root = _root(root)
    for name in list_studies(root):
        study = load_study(root, name)
        built = (root / "reports" / name / "MANIFEST.sha256").is_file()
        counts = f"{len(study.models)} models, {len(study.analyses)} analyses"
        click.echo(f"{name}  {study.about.title}  ({counts}, {'built' if built else 'not built'})")


@cli.command()
@click.argument("address")
@_study_option
@click.pass_obj
def trace(root: Path | None, name: str | None, address: str) -> None:
    """Print the way from a number back to its rows.

    ADDRESS stands in numbers.csv and behind each number of report.html, e.g. mean_change.estimate or
    change/gpt-4o.interval.low.
    """
    root, name = _choose(root, name)
    from reporter import pipeline
    from reporter.numbers import Register
    from reporter.trace import trace as follow

    answered = pipeline.answer(root, name)
    for line in follow(address, Register(answered.study, answered.findings), answered.dataset):
        click.echo(line)


@cli.command()
@_study_option
@click.pass_obj
def check(root: Path | None, name: str | None) -> int:
    """Check a built report: its manifest, and every quoted number derived again from the rows."""
    root, name = _choose(root, name)
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


@cli.command()
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


@cli.command()
@click.option("--study", metavar="NAME", required=True, help="The study whose prompts are asked.")
@click.option(
    "--model",
    metavar="WORD",
    required=True,
    help="smollm2, gemma3-270m, an id of the hub, a folder, a GGUF file; with --provider what it calls it.",
)
@click.option(
    "--run", "runs", metavar="NAME", multiple=True, help="Only this run of prompts.toml; repeat it."
)
@click.option("--batch", type=click.IntRange(1), default=32, show_default=True, help="Answers made together.")
@click.option("--resume", is_flag=True, help="Go on with what a stopped collection has.")
@click.option("--dry-run", is_flag=True, help="Print the plan and load nothing.")
@click.option("--device", type=click.Choice(DEVICES), default="cpu", show_default=True)
@click.option("--dtype", type=click.Choice(DTYPES), default="float32", show_default=True)
@click.option(
    "--threads",
    type=click.IntRange(1),
    help="Of one model on a CPU; decides the last bits of the rows. Default: all cores; 1 with --engine.",
)
@click.option("--engine", type=click.Choice(ENGINES), help="Spread the batches. Same rows, sooner.")
@click.option("--workers", type=click.IntRange(1), help="How many. Default: as many as there is room for.")
@click.option("--address", help="Of the Dask scheduler or the Ray head.")
@click.option("--gpus-per-worker", "gpus", type=click.FloatRange(0), default=0, help="Asked of Ray or Dask.")
@click.option(
    "--provider", metavar="WORD", help="Ask an API: openai, openrouter, deepseek, xai, ... or local."
)
@click.option("--base-url", default="", help="Of another server than the provider's own.")
@click.option("--max-requests", type=click.IntRange(1), help="Stop an API collection after so many.")
@click.option("--max-cost", type=click.FloatRange(0), help="Stop before it costs more; needs both prices.")
@click.option("--price-in", type=click.FloatRange(0), help="Of a million prompt tokens.")
@click.option("--price-out", type=click.FloatRange(0), help="Of a million generated tokens.")
@click.pass_obj
def collect(root: Path | None, /, dry_run: bool, **options: Any) -> None:
    """Ask a study's prompts of a model, and keep answers and measures as rows.

    Reads inputs/NAME/prompts.toml, writes inputs/NAME/MODEL/: observations, responses, what was left out,
    and a record of the collection. What is complete is kept whatever happens: go on with --resume.
    """
    from reporter import collecting

    root = _root(root)
    order = collecting.Order(**options)
    task = collecting.task_of(order, root)
    if dry_run:
        for line in collecting.outline(order, task, root):
            click.echo(line)
        return
    with _counting(f"{order.study}, {task.folder.name}") as report:
        gc.enable()  # main() switched it off for short commands; a collection runs for hours
        rows = collecting.carry_out(order, task, report)
    counts = ", ".join(f"{count} {name}" for name, count in rows.items() if count)
    click.echo(f"{_shown(task.folder)}: {counts}.")
    if blocks := collecting.to_declare(root, task):
        click.echo(f"\n{blocks}")


@cli.command()
@_study_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.pass_obj
def describe(root: Path | None, name: str | None, as_json: bool) -> None:
    """Print a study's codebook: each file's columns and measures, what they mean and what they hold."""
    root, name = _choose(root, name)
    import json

    from reporter.describe import codebook, lines

    described = codebook(root, name)
    if as_json:
        click.echo(json.dumps(described, indent=1, ensure_ascii=False))
        return
    for line in lines(described):
        click.echo(line)


@cli.command(name="import")
@click.argument("format_", metavar="FORMAT")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--study", "name", metavar="NAME", required=True, help="The study to add rows to.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="An option of the format.")
@click.pass_obj
def import_(
    root: Path | None, format_: str, paths: tuple[Path, ...], name: str, settings: tuple[str, ...]
) -> None:
    """Add other people's runs to a study's rows.

    FORMAT is nat_challenge, mood_axis, hidden_states, axes, csv_mapping, inspect_log, lm_eval or
    openai_batch. A damaged file loses only what is damaged; what is left out stands in ledger.csv with its
    reason. Importing again adds nothing twice.
    """
    from reporter.importing import import_runs

    pairs = [setting.partition("=") for setting in settings]
    if any(not equals for _, equals, _ in pairs):
        raise click.UsageError("--set takes KEY=VALUE.")
    options = {key: value for key, _, value in pairs}
    imported, merged = import_runs(format_, paths, options, study=name, root=_root(root))
    click.echo(imported.summary)
    click.echo(f"{merged.added} rows added, {merged.replaced} replaced.")


@cli.command()
@click.argument("name")
@click.option("--like", default="token-scaling", show_default=True, help="The bundled study to start from.")
@click.pass_obj
def new(root: Path | None, name: str, like: str) -> None:
    """Start a study: inputs/NAME/ with a study.toml and rows to replace by your own."""
    from reporter.new import new_study

    target = new_study(name, like=like, root=root or Path.cwd())
    click.echo(f"{_shown(target)}: edit study.toml, replace the rows, then `report build --study {name}`.")


def _root(root: Path | None) -> Path:
    from reporter.project import find_root

    return find_root((root or Path.cwd()).resolve())


def _choose(root: Path | None, name: str | None) -> tuple[Path, str]:
    """Find the project and the study; the only study of a project need not be named."""
    from reporter.project import list_studies

    found = _root(root)
    names = list_studies(found)
    if name is None and len(names) > 1:
        raise ProjectError(f"Which study? There are {', '.join(names)}.", remedy="Name one with --study.")
    return found, names[0] if name is None else name


def _shown(path: Path) -> str:
    """Write a path as seen from here where that is shorter."""
    here = Path.cwd().resolve()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@contextmanager
def _press() -> Iterator[Press | None]:
    """Start the process that sets the PDF, if this command may start one and a second core is there."""
    if not click.get_current_context().meta.get(OWN_PROCESS) or os.cpu_count() == 1:
        yield None
        return
    from reporter.render.press import Press

    with Press() as press:
        yield press


@contextmanager
def _counting(words: str) -> Iterator[Callable[[int, int], None]]:
    """Count answers: a bar with rate and time left on a terminal, a plain line now and then in a pipe."""
    counted: list[tuple[float, int]] = []

    def pace(done: int, total: int) -> str:
        counted.append((time.monotonic(), done))
        seconds, made = counted[-1][0] - counted[0][0], done - counted[0][1]
        if not made:
            return ""
        left = timedelta(seconds=math.ceil((total - done) * seconds / made))
        return f"{60 * made / seconds:.1f} answers a minute, {left} left"

    if not sys.stderr.isatty():
        click.echo(f"Collecting {words}", err=True)
        said: list[tuple[float, int]] = []

        def line(done: int, total: int) -> None:
            words, now = pace(done, total), time.monotonic()
            when, then = said[-1] if said else (-math.inf, -total)
            if done < min(total, then + LINE_SHARE * total) and now < when + LINE_SECONDS:
                return
            said.append((now, done))
            click.echo(", ".join(filter(None, [f"{done} of {total} answers", words])), err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[pace]}"), console=Console(stderr=True)) as progress:
        bar = progress.add_task(words, total=None, pace="")
        yield lambda done, total: progress.update(
            bar, completed=done, total=total, pace=pace(done, total), refresh=True
        )


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """Say what is being done: a live line on a terminal, plain lines in a pipe."""
    if not sys.stderr.isatty():
        yield lambda words: click.echo(words, err=True)
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("") as status:
        yield status.update
