"""A second process that sets the PDF while the first one draws and writes everything else.

Importing WeasyPrint and laying out pages is half of a build. The press starts with the command, imports
while rows are read and questions answered, draws the figures while the text is composed, and then gets the
text. What it writes is what :func:`reporter.render.pdf.write` writes in one process; what it refuses is
refused in the same words.
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
from types import MappingProxyType, TracebackType
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

    def do(self, drawn: Mapping[str, bytes] = MappingProxyType({})) -> None:
        """Draw the figures that are not drawn yet, and write the PDF."""
        from reporter.render import pdf

        figures = {p.name: drawn[p.name] if p.name in drawn else _drawn(p) for p in self.pictures}
        pdf.write(self.body, target=self.target, figures=figures, **self.settings)


class Press:
    """The second process; use it as a context, so that it never outlives the command."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "reporter.render.press"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._process.returncode is None:  # nobody waited for it
            self._process.kill()
            self._process.communicate()

    def draw(self, pictures: Sequence[Picture]) -> None:
        """Hand over figures that the text may show; one that cannot be drawn is refused with the text."""
        assert self._process.stdin is not None  # it is a pipe
        pickle.dump(tuple(pictures), self._process.stdin)
        self._process.stdin.flush()

    def start(self, job: Job) -> None:
        """Hand over the job."""
        assert self._process.stdin is not None
        pickle.dump(job, self._process.stdin)
        self._process.stdin.close()
        self._process.stdin = None  # so that communicate() does not flush it again

    def finish(self) -> None:
        """Wait for the PDF, and raise here what was refused there.

        Raises
        ------
        Refusal
            As :func:`reporter.render.pdf.write`.
        """
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
            if isinstance(task, tuple):  # Job has another name here than where it was pickled
                drawn |= _ahead(task)
            else:
                task.do(drawn)
    except Refusal as refusal:
        answer = (type(refusal).__name__, refusal.what, refusal.where, refusal.remedy)
    pickle.dump(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    os._exit(0)  # taking the libraries down would keep the first process waiting for a tenth of a second


def _wait() -> Job | tuple[Picture, ...] | None:
    """Read what is to be done next; nothing more comes where the pipe was closed."""
    try:
        task: Job | tuple[Picture, ...] = pickle.load(sys.stdin.buffer)
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


if __name__ == "__main__":
    main()
