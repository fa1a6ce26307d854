"""Verbs that carry a report out of the house: bundle, rebuild, publish."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from reporter.cli._here import choose, shown, steps, study_option
from reporter.cli._osf import Asked, to_osf
from reporter.cli._packing import counted, pack, signed
from reporter.errors import EXIT_FINE, EXIT_REPORT_SAYS_NO

WHERE = ("osf", "folder", "zenodo-json")


@click.command()
@study_option
@click.option("--to", "target", type=click.Path(path_type=Path), help="Default: deposits/NAME.")
@click.pass_obj
def bundle(root: Path | None, name: str | None, target: Path | None) -> None:
    """Pack a built report into one folder with all that a stranger needs.

    Report, rows as CSV and Parquet, codebook, questions, texts, versions, licences, how to cite it, and a
    checksum of each file. The report is checked against its rows first. The same report gives the same bytes.
    """
    root, name = choose(root, name)
    study, made = pack(root, name, target)
    click.echo(f"{shown(made.folder)}: {counted(made)}.")
    click.echo(signed(study))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path), help="Keep the new report there.")
def rebuild(folder: Path, target: Path | None) -> int:
    """Make the report of a deposit again from its rows, and compare.

    FOLDER is a deposit, as `report bundle` makes it and as it was downloaded. Numbers, tables and texts are
    compared always; pages and drawings where they were made with the versions that are installed here.
    """
    from reporter.publish.rebuild import rebuild as make_again

    with tempfile.TemporaryDirectory(prefix="rebuild-") as aside, steps() as step:
        step(f"Making the report of {shown(folder.resolve())} again")
        again = make_again(folder, target or Path(aside) / "report")
    for difference in again.differences:
        click.echo(difference)
    for other in again.made_otherwise:
        click.echo(f"Made with another {other}.", err=True)
    if again.made_otherwise:
        click.echo(f"For that reason not compared: {', '.join(again.not_compared)}.", err=True)
    if again.differences:
        click.echo(f"Not the same: {len(again.differences)} differences.", err=True)
        return EXIT_REPORT_SAYS_NO
    click.echo(f"The same: {len(again.same)} files come out of the rows as they were deposited.")
    return 0


@click.command()
@study_option
@click.option("--to", "where", type=click.Choice(WHERE), required=True, help="Where it goes.")
@click.option(
    "--node", metavar="ID", help="The project on OSF. Default: that of the last time, or a new one."
)
@click.option("--yes", is_flag=True, help="OSF: do it. Without it, only what would be done is printed.")
@click.option("--dry-run", is_flag=True, help="Send and copy nothing. What OSF gets without --yes.")
@click.option(
    "--api", metavar="URL", envvar="OSF_API_URL", help="Of another OSF. Default: https://api.osf.io/v2/."
)
@click.option("--public", is_flag=True, help="OSF: make the project public once all is there. It stays so.")
@click.option(
    "--doi", is_flag=True, help="OSF: ask for a DOI of the public project; one that it has is kept."
)
@click.option("--blind", is_flag=True, help="OSF: a project without authors, and an anonymous link to it.")
@click.option("--register", is_flag=True, help="OSF: write the frozen plan into a draft registration.")
@click.option(
    "--subject", "subjects", metavar="NAME", multiple=True, help="Of the registration, e.g. Psychology."
)
@click.option(
    "--submit-registration", "submit", is_flag=True, help="Register, for good: asks for the project's id."
)
@click.option(
    "--confirm", metavar="ID", help="The project's id, for --submit-registration without a terminal."
)
@click.option("--workers", type=click.IntRange(1, 16), help="Files sent at once. Default: 4.")
@click.argument("place", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def publish(
    root: Path | None, /, name: str | None, where: str, place: Path | None, dry_run: bool, **of_osf: Any
) -> int:
    """Bring a study's deposit to OSF, or to a folder (PLACE), or describe it for Zenodo.

    The deposit is made first, as by `report bundle`. On OSF a private project is made, or the one of the
    last time or of --node gets what is new or has changed; nothing there is ever deleted. The token is read
    from OSF_TOKEN or the keyring. An interrupted publication is gone on with by the same words.

    With --blind the report is built again without its authors, sent to a private project of its own, and
    read through the link for reviewers as a stranger: what still tells who made it is listed.
    """
    _refuse_words(where, place, of_osf, dry_run)
    root, name = choose(root, name)
    if where == "osf":
        node = of_osf.pop("node")
        return to_osf(root, name, Asked(node=node and node.rstrip("/").rpartition("/")[2], **of_osf))
    if where == "folder":
        assert place is not None
        _to_folder(root, name, place, dry_run)
    else:
        _to_zenodo_json(root, name, place, dry_run)
    return EXIT_FINE


def _refuse_words(where: str, place: Path | None, of_osf: dict[str, Any], dry_run: bool) -> None:
    if of_osf["yes"] and dry_run:
        raise click.UsageError("--yes does it, and --dry-run does not: choose one.")
    if where == "folder" and place is None:
        raise click.UsageError("--to folder needs the folder: report publish --to folder PLACE.")
    if where == "osf" and place is not None:
        raise click.UsageError("--to osf takes no PLACE; name a project with --node.")
    names = {"subjects": "--subject", "submit": "--submit-registration"}
    given = [names.get(each, f"--{each}") for each, value in of_osf.items() if value and each != "api"]
    if where != "osf" and given:
        raise click.UsageError(f"{' and '.join(given)} is for --to osf.")
    if where == "osf":
        Asked(**of_osf).refuse()


# --- a folder, and Zenodo ---------------------------------------------------------------------------------


def _to_folder(root: Path, name: str, place: Path, dry_run: bool) -> None:
    from reporter.publish.deposit import copy_of, refuse_place

    refuse_place(place, root / "inputs" / name, root / "reports" / name)
    study, made = pack(root, name)
    if dry_run:
        click.echo(f"Would be copied to {shown(place.resolve())}: {counted(made)}.")
    else:
        copied = copy_of(made, place)
        click.echo(f"{shown(copied.folder.resolve())}: {counted(copied)}, read again and the same.")
    click.echo(signed(study))


def _to_zenodo_json(root: Path, name: str, place: Path | None, dry_run: bool) -> None:
    from reporter.publish.receipt import DEPOSITS
    from reporter.publish.zenodo import write, zenodo_json

    study, made = pack(root, name)
    text = zenodo_json(study.about)
    if dry_run:
        click.echo(text, nl=False)
        return
    path = place or root / DEPOSITS / f"{name}.zenodo.json"
    write(path, text)
    click.echo(f"{shown(path.resolve())}: what Zenodo's deposit API is to be told of {shown(made.folder)}.")
    click.echo("Nothing was sent. Zenodo keeps no folders: upload the deposit as one archive.")
