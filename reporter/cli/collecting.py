"""Verbs that bring rows: collect them from a model, import those of others."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from reporter.cli._here import ENGINES, counting, root_of, shown

DEVICES = ("cpu", "cuda", "mps")
DTYPES = ("float32", "bfloat16", "float16")


@click.command()
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

    root = root_of(root)
    order = collecting.Order(**options)
    task = collecting.task_of(order, root)
    if dry_run:
        for line in collecting.outline(order, task, root):
            click.echo(line)
        return
    with counting(f"{order.study}, {task.folder.name}") as report:
        gc.enable()  # main() switched it off for short commands; a collection runs for hours
        rows = collecting.carry_out(order, task, report)
    counts = ", ".join(f"{count} {name}" for name, count in rows.items() if count)
    click.echo(f"{shown(task.folder)}: {counts}.")
    if blocks := collecting.to_declare(root, task):
        click.echo(f"\n{blocks}")


@click.command(name="import")
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
    imported, merged = import_runs(format_, paths, options, study=name, root=root_of(root))
    click.echo(imported.summary)
    click.echo(f"{merged.added} rows added, {merged.replaced} replaced.")
