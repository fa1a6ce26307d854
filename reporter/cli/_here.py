"""What the verbs share: which project and study is meant, and how progress is told."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reporter.errors import ProjectError

if TYPE_CHECKING:
    from reporter.render.press import Press

ENGINES = ("processes", "ray", "dask")
LINE_SHARE, LINE_SECONDS = 0.05, 60  # of progress or time, after which a pipe gets another line
OWN_PROCESS = "reporter.own_process"

study_option = click.option(
    "--study", "name", metavar="NAME", help="The study. Default: the only one there is."
)


def root_of(root: Path | None) -> Path:
    """Find the project: the folder that was named, or the nearest one upwards from here."""
    from reporter.project import find_root

    return find_root((root or Path.cwd()).resolve())


def choose(root: Path | None, name: str | None) -> tuple[Path, str]:
    """Find the project and the study; the only study of a project need not be named."""
    from reporter.project import list_studies

    found = root_of(root)
    names = list_studies(found)
    if name is None and len(names) > 1:
        raise ProjectError(f"Which study? There are {', '.join(names)}.", remedy="Name one with --study.")
    return found, names[0] if name is None else name


def shown(path: Path) -> str:
    """Write a path as seen from here where that is shorter."""
    here = Path.cwd().resolve()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@contextmanager
def own_press() -> Iterator[Press | None]:
    """Start the process that sets the PDF, if this command may start one and a second core is there."""
    if not click.get_current_context().meta.get(OWN_PROCESS) or os.cpu_count() == 1:
        yield None
        return
    from reporter.render.press import Press

    with Press() as press:
        yield press


@contextmanager
def counting(words: str) -> Iterator[Callable[[int, int], None]]:
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
def steps() -> Iterator[Callable[[str], None]]:
    """Say what is being done: a live line on a terminal, plain lines in a pipe."""
    if not sys.stderr.isatty():
        yield lambda words: click.echo(words, err=True)
        return
    from rich.console import Console
    from rich.live import Live

    # Without its thread: a process that answers questions makes a copy of itself, which threads forbid.
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as line:
        yield lambda words: line.update(f"{words} ...", refresh=True)
