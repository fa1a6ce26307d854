"""The paper that `build --look paper` puts beside a report: its options, and setting it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reporter.cli._here import shown, steps
from reporter.errors import OutputError, ProjectError

if TYPE_CHECKING:
    from reporter.compose import Report
    from reporter.looks import Paper
    from reporter.publish.identity import Search

Verb = Callable[..., Any]
OPTIONS = (
    click.option(
        "--look",
        type=click.Choice(("document", "paper")),
        help="paper: set a PDF for reviewers besides, paper.pdf.",
    ),
    click.option("--spacing", type=click.Choice(("single", "double")), help="Paper: room between lines."),
    click.option("--lines/--no-lines", default=None, help="Paper: number the lines (default), or not."),
    click.option(
        "--references", type=click.Choice(("author-date", "numbered")), help="Paper: how works are cited."
    ),
    click.option("--blind", is_flag=True, default=None, help="Paper: tell nowhere who wrote it."),
    click.option(
        "--attach-data",
        is_flag=True,
        default=None,
        help="Paper: PDF/A-3 with all tables and numbers as files inside.",
    ),
)


def paper_options(verb: Verb) -> Verb:
    """Give a verb the options of a paper."""
    for option in reversed(OPTIONS):
        verb = option(verb)
    return verb


def wanted(look: str | None, wishes: dict[str, Any]) -> Paper | None:
    """Read what is wished of a paper; None where none is wanted.

    Raises
    ------
    ProjectError
        Something is wished of a paper that is not wanted.
    """
    said = {name: wish for name, wish in wishes.items() if wish is not None}
    if look == "paper":
        from reporter.looks import Paper

        return Paper(**said)
    if said:
        words = ", ".join(f"--{name.replace('_', '-')}" for name in said)
        raise ProjectError(f"{words}: only a paper has that.", remedy="Add --look paper.")
    return None


def check_works(root: Path, name: str) -> None:
    """Read a study's own list of works before anything is built."""
    from reporter.citations import own_works

    own_works(root / "inputs" / name)


def set_paper(root: Path, name: str, look: Paper, report: Report | None) -> None:
    """Set the paper of a report that is built; a blind one from a copy of the study without its authors.

    ``report`` is the one that was just built, if it was: its study need not be answered again.
    """
    folder = root / "reports" / name
    with steps() as step, tempfile.TemporaryDirectory() as place:
        step(f"Setting {look.file}")
        from reporter import pipeline
        from reporter.paper import write

        inspect: Callable[[Path], None] = lambda _: None  # noqa: E731
        if look.blind:
            from reporter.publish.blind import blind_project
            from reporter.publish.identity import Search

            copied = Path(place).resolve()
            inspect = _refusing(Search(blind_project(root, name, copied)))
            root, report = copied, None
        report = report or pipeline.report(root, pipeline.answer(root, name))
        write(report, folder, look, inspect=inspect)
    size = (folder / look.file).stat().st_size // 1024
    click.echo(f"{shown(folder / look.file)}: {size} kB.")


def _refusing(search: Search) -> Callable[[Path], None]:
    """Make what refuses a PDF that tells who wrote it."""

    def refuse(path: Path) -> None:
        from reporter.publish.identity import words

        if found := search.in_file(path):
            raise OutputError(
                f"The blind paper tells who wrote it ({words(found)}).",
                remedy="Take it out of the study's own files or templates.",
            )

    return refuse
