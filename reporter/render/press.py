"""A second process that sets the PDF while the first one draws and writes everything else.

Importing WeasyPrint and laying out pages is half of a build. The press starts with the command, imports
while rows are read and questions answered, draws figures while the text is composed, gets the text, and is
given the other figures when it comes to need them. What it writes is what
:func:`reporter.render.pdf.write` writes in one process; what it refuses is refused in the same words.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any

from reporter import errors
from reporter.errors import Refusal


@dataclass(frozen=True, slots=True)
class Mark:
    """A number as a figure needs it, without the way back that it has in the register."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure to be drawn: its name in the Markdown, its word, its rows and options."""

    name: str
    word: str
    rows: Sequence[Mapping[str, Any]]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """One PDF: the arguments of :func:`reporter.render.pdf.write`, with pictures instead of bytes."""

    body: str
    target: Path
    pictures: tuple[Picture, ...]
    settings: Mapping[str, Any]

    given: frozenset[str] = frozenset()

    def do(self, drawn: Mapping[str, bytes] | None = None) -> None:
        """Draw the figures that are neither drawn nor given, and write the PDF."""
        from reporter.render import pdf

        there = dict(drawn or {})
        for picture in self.pictures:
            if picture.name not in there and picture.name not in self.given:
                there[picture.name] = _drawn(picture)
        names = [picture.name for picture in self.pictures]
        pdf.write(self.body, target=self.target, figures=_Figures(names, there), **self.settings)


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that the first process has drawn."""

    name: str
    svg: bytes


class _Figures(Mapping[str, bytes]):
    """Figures by name; one that is not there yet is waited for."""

    def __init__(self, names: Sequence[str], there: dict[str, bytes]) -> None:
        self._names, self._there = names, there

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        while name not in self._there:
            task = _wait()
            if not isinstance(task, Given):
                raise EOFError(f"the figure {name} was promised and not given")
            self._there[task.name] = task.svg
        return self._there[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Press:
    """The second process; use it as a context, so that it never outlives the command."""

    def __init__(self) -> None:
        # Not as the main module: what is pickled here must be of the same classes there.
        code = "from reporter.render.press import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._tasks: SimpleQueue[bytes | None] = SimpleQueue()
        self._sender: Thread | None = None

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._process.returncode is None:  # nobody waited for it
            self._process.kill()
            self._close()
            self._process.communicate()

    def draw(self, pictures: Sequence[Picture]) -> None:
        """Hand over figures that the text may show; one that cannot be drawn is refused with the text."""
        self._send(tuple(pictures))

    def start(self, job: Job) -> None:
        """Hand over the job; the figures that it calls given must follow."""
        self._send(job)

    def give(self, name: str, svg: bytes) -> None:
        """Hand over a figure that the job calls given."""
        self._send(Given(name, svg))

    def _send(self, task: Task) -> None:
        """Send a task from a thread, since the press may draw on before it reads."""
        if self._sender is None:  # no earlier: a process with threads must not be copied
            self._sender = Thread(target=self._send_all, daemon=True)
            self._sender.start()
        self._tasks.put(pickle.dumps(task))

    def _send_all(self) -> None:
        assert self._process.stdin is not None  # it is a pipe
        with suppress(BrokenPipeError):  # the press has ended, and its answer says why
            while (task := self._tasks.get()) is not None:
                self._process.stdin.write(task)
                self._process.stdin.flush()

    def _close(self) -> None:
        """Send what is left, and nothing more."""
        self._tasks.put(None)
        if self._sender is not None:
            self._sender.join()
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.stdin = None  # so that communicate() does not flush it again

    def finish(self) -> None:
        """Wait for the PDF, and raise here what was refused there.

        Raises
        ------
        Refusal
            As :func:`reporter.render.pdf.write`.
        """
        self._close()
        answer, _ = self._process.communicate()
        if self._process.returncode != 0:
            raise RuntimeError(f"the process that sets the PDF ended with code {self._process.returncode}")
        refused = pickle.loads(answer)
        if refused is not None:
            name, what, where, remedy = refused
            raise getattr(errors, name)(what, where=where, remedy=remedy)


def main() -> None:
    """Import what a PDF needs, wait for the job, do it, and answer with the refusal or None."""
    gc.disable()
    answer = None
    try:
        _import_ahead()
        drawn: dict[str, bytes] = {}
        while (task := _wait()) is not None:
            if isinstance(task, tuple):
                drawn |= _ahead(task)
            elif isinstance(task, Job):
                task.do(drawn)
    except Refusal as refusal:
        answer = (type(refusal).__name__, refusal.what, refusal.where, refusal.remedy)
    pickle.dump(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    os._exit(0)  # taking the libraries down would keep the first process waiting for a tenth of a second


Task = Job | Given | tuple[Picture, ...]


def _wait() -> Task | None:
    """Read what is to be done next; nothing more comes where the pipe was closed."""
    try:
        task: Task = pickle.load(sys.stdin.buffer)
    except EOFError:
        return None
    return task


def _ahead(pictures: Sequence[Picture]) -> Iterator[tuple[str, bytes]]:
    """Draw what can be drawn."""
    for picture in pictures:
        with suppress(Refusal):
            yield picture.name, _drawn(picture)


def _drawn(picture: Picture) -> bytes:
    from reporter.figures import draw_svg

    return draw_svg(picture.word, picture.rows, options=picture.options)


def _import_ahead() -> None:
    """Import, and set one line: fonts and style sheets are read while the other process still analyses."""
    from reporter.render import html, pdf

    pdf.load_weasyprint()
    import reporter.figures  # noqa: F401

    with tempfile.TemporaryDirectory() as place:
        pdf.write(
            '<h1 id="ready">Ready</h1>',
            target=Path(place) / "ready.pdf",
            figures={},
            title="Ready",
            language="en",
            header="",
            css=html.stylesheet(),
            epoch=0,
        )
