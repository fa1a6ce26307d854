"""The terms that a deposit is published on: the texts that we carry, and what each archive calls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from reporter.about import About
from reporter.errors import ProjectError
from reporter.provenance import PACKAGE
from reporter.publish.lock import PROGRAM

TEXTS = Path(__file__).parent / "licenses"
OF_PROGRAM = "GPL-3.0-or-later"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence for data: its SPDX identifier, its name, its address, and its name in OSF's list."""

    spdx: str
    title: str
    url: str
    osf: str


FOR_DATA = {
    each.spdx: each
    for each in (
        Licence(
            "CC-BY-4.0",
            "Creative Commons Attribution 4.0 International",
            "https://creativecommons.org/licenses/by/4.0/",
            "CC-By Attribution 4.0 International",
        ),
        Licence(
            "CC-BY-SA-4.0",
            "Creative Commons Attribution-ShareAlike 4.0 International",
            "https://creativecommons.org/licenses/by-sa/4.0/",
            "CC-By Attribution-ShareAlike 4.0 International",
        ),
        Licence(
            "CC0-1.0",
            "Creative Commons Zero v1.0 Universal",
            "https://creativecommons.org/publicdomain/zero/1.0/",
            "CC0 1.0 Universal",
        ),
    )
}


def of_data(about: About) -> Licence:
    """Say on what terms data, report, tables and figures are published."""
    return FOR_DATA[about.licence.data]


def licence_texts(about: About) -> dict[str, bytes]:
    """Give the texts by file name: of the data, of the study's own code, and of the program if it differs.

    Raises
    ------
    ProjectError
        The program's licence is missing from this installation.
    """
    program = _of_program().read_bytes()
    texts = {"LICENSE-data.txt": (TEXTS / f"{about.licence.data}.txt").read_bytes()}
    if about.licence.code == OF_PROGRAM:
        return texts | {"LICENSE-code.txt": program}
    holders = _and([author.name for author in about.authors])
    text = (TEXTS / f"{about.licence.code}.txt").read_text(encoding="utf-8")
    text = text.replace("{year}", str(about.date.year)).replace("{holders}", holders)
    return texts | {"LICENSE-code.txt": text.encode(), "LICENSE-program.txt": program}


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _of_program() -> Path:
    """Find the program's licence: beside the package in a checkout, in its metadata once installed."""
    if (PACKAGE.parent / "pyproject.toml").is_file():
        return PACKAGE.parent / "LICENSE"
    try:
        installed = [Path(str(each.locate())) for each in files(PROGRAM) or () if each.name == "LICENSE"]
    except PackageNotFoundError:
        installed = []
    if not installed:
        raise ProjectError(
            "The program's licence is missing from this installation.", remedy=f"Install {PROGRAM} again."
        )
    return installed[0]
