"""Words into calls: one function per verb, and each imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path

import click

from reporter import __version__
from reporter.cli import auditing, building, collecting, freezing, publishing
from reporter.cli._here import OWN_PROCESS

EPILOG = """\b
Exit codes:
  0  fine
  1  the report says no (a failed check)
  2  bad input: the message says what, where, and what is allowed
  3  a bug of ours"""

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
      report freeze --study NAME      fix what is planned, before the data
      report collect --study NAME     ask its prompts of a model (--model), keep rows
      report describe --study NAME    print its codebook: what the rows mean and hold
      report build --study NAME       write reports/NAME/: Markdown, HTML, PDF, numbers
      report check --study NAME       compare a built report with its rows
      report audit FILE...            read any written report: what in it cannot be true
      report trace ADDRESS            follow a printed number back to its rows
      report bundle --study NAME      pack a report with its rows for others: deposits/NAME/
      report rebuild FOLDER           make the report of somebody's deposit again, and compare
      report publish --study NAME     put it on OSF: first prints what would change
    """
    context.meta[OWN_PROCESS] = context.obj
    context.obj = root


for verb in (
    building.build,
    building.list_,
    building.trace,
    building.check,
    auditing.audit,
    building.doctor,
    collecting.collect,
    building.describe,
    collecting.import_,
    building.new,
    freezing.freeze,
    publishing.bundle,
    publishing.rebuild,
    publishing.publish,
):
    cli.add_command(verb)
