"""How far an upload is: a bar on a terminal, lines in a pipe."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from reporter.cli._here import LINE_SECONDS, LINE_SHARE
from reporter.cli._packing import size_of

if TYPE_CHECKING:
    from reporter.publish.plan import LocalFile, Plan


@contextmanager
def sending(plan: Plan) -> Iterator[Callable[[LocalFile, int], None]]:
    """Count bytes: a bar on a terminal, a plain line now and then in a pipe; several threads report."""
    total = sum(file.size for file in (*plan.create, *plan.update))
    lock, sent = threading.Lock(), dict[str, int]()
    if not sys.stderr.isatty():
        said = [(time.monotonic(), 0)]

        def line(file: LocalFile, count: int) -> None:
            with lock:
                sent[file.name] = count
                done, now = sum(sent.values()), time.monotonic()
                when, then = said[-1]
                if done < min(total, then + LINE_SHARE * total) and now < when + LINE_SECONDS:
                    return
                said.append((now, done))
            click.echo(f"{size_of(done)} of {size_of(total)} sent", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Sending", total=total)

        def advance(file: LocalFile, count: int) -> None:
            with lock:
                sent[file.name] = count
                bar.update(task, completed=sum(sent.values()))

        yield advance
