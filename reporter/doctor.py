"""What this machine has of what a report needs."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from reporter.errors import SystemPartMissing

NEEDED = (
    "click", "ftfy", "jinja2", "joblib", "markdown-it-py", "matplotlib", "numpy", "pandas", "pyarrow",
    "pydantic", "pypdf", "rich", "scipy",
)  # fmt: skip
OPTIONAL = (("torch", "collecting from local models"), ("transformers", "collecting from local models"),
            ("openai", "collecting from APIs"), ("citeproc-py", "papers for reviewers"),
            ("rocrate", "packing reports for others"), ("httpx", "publishing"))  # fmt: skip
LEAST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Examined:
    """One part of the machine: fine, missing but not needed for building, or missing."""

    part: str
    fine: bool
    needed: bool
    words: str


def examine() -> Iterator[Examined]:
    """Look at everything that building a report needs, and at what collecting needs besides."""
    python = sys.version_info[:2] >= LEAST_PYTHON
    yield Examined("Python", python, True, platform.python_version())
    for name in NEEDED:
        yield _package(name)
    yield _pdf()
    yield _fonts()
    git = shutil.which("git")
    yield Examined("git", git is not None, False, git or "without it a report cannot name its commit")
    for name, use in OPTIONAL:
        try:
            yield Examined(name, True, False, version(name))
        except PackageNotFoundError:
            yield Examined(name, False, False, f"only needed for {use}")


def _package(name: str) -> Examined:
    try:
        return Examined(name, True, True, version(name))
    except PackageNotFoundError:
        return Examined(name, False, True, "not installed; install entropy-reporter again")


def _pdf() -> Examined:
    from reporter.render.pdf import load_weasyprint

    try:
        return Examined("WeasyPrint and Pango", True, True, str(load_weasyprint().__version__))
    except SystemPartMissing as missing:
        return Examined("WeasyPrint and Pango", False, True, str(missing))


def _fonts() -> Examined:
    from reporter.render import fonts

    try:
        emoji = fonts.emoji_file()
        words = "emoji in the PDF" if emoji else "no emoji font: PDF without emoji"
        return Examined("fonts", True, True, f"{len(fonts.files())} files, {words}")
    except SystemPartMissing as missing:
        return Examined("fonts", False, True, str(missing))
