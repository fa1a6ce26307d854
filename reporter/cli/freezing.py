"""The verb that fixes a plan: freeze."""

from __future__ import annotations

from pathlib import Path

import click

from reporter.cli._here import choose, shown, study_option


@click.command()
@study_option
@click.option("--again", is_flag=True, help="Freeze another version beside those that are frozen.")
@click.option("--dry-run", is_flag=True, help="Print the plan and write nothing.")
@click.pass_obj
def freeze(root: Path | None, name: str | None, again: bool, dry_run: bool) -> None:
    """Freeze a study's plan, before its data.

    Writes inputs/NAME/plan/: what is asked of which rows, by which statistic with which options, families,
    smallest effects, constants, models, prompts and predictions, for people and for programs, with a digest.
    A report that is built later says which analyses were planned and lists every field that differs.
    """
    root, name = choose(root, name)
    from reporter.preregistration.document import document
    from reporter.preregistration.frozen import FOLDER, clock
    from reporter.preregistration.frozen import freeze as freeze_plan

    plan = freeze_plan(root, name, now=clock(), again=again, write=not dry_run)
    if dry_run:
        click.echo(document(plan), nl=False)
        return
    analyses = len(plan.content["analyses"])
    click.echo(
        f"{shown(root / 'inputs' / name / FOLDER)}: version {plan.version}, {analyses} analyses, {plan.time}."
    )
    click.echo(f"sha256 {plan.sha256}")
    if plan.n_rows:
        click.echo(f"{plan.n_rows} rows existed already; the plan and every report say so.")
    click.echo(
        "Commit the folder. When it was frozen is shown by a registration of the digest, not by a clock."
    )
