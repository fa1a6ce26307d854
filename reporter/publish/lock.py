"""environment.txt: the versions of everything that the report was made with, as pip reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution, version

from reporter.errors import OutputError

PROGRAM = "entropy-reporter"


def environment_lock(built_with: Mapping[str, str]) -> str:
    """Write name and version of each package that the program needs, those of its needs, and so on.

    Parameters
    ----------
    built_with : mapping of str to str
        The versions that the report says it was built with; Python and Pango among them.

    Raises
    ------
    OutputError
        Another version is installed than the report was built with: the lock would be wrong.
    """
    here = {name: version(name) for name in sorted(_needs(PROGRAM, *built_with)) if name != PROGRAM}
    for name, number in built_with.items():
        if name in here and here[name] != number:
            raise OutputError(
                f"The report was built with {name} {number}, and {here[name]} is installed.",
                remedy="Build the report again, and then make the deposit.",
            )
    others = [f"# {name} {number}\n" for name, number in built_with.items() if name not in here]
    return "".join([*others, *(f"{name}=={number}\n" for name, number in here.items())])


def _needs(*names: str) -> set[str]:
    """Collect packages and what they require, and so on, without what is optional or not installed."""
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            try:
                waiting += _required(name)
            except PackageNotFoundError:  # for another system or Python
                continue
            found.add(name)
    return found


def _required(name: str) -> Iterator[str]:
    from packaging.requirements import Requirement

    for line in distribution(name).requires or ():
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            yield re.sub(r"[-_.]+", "-", needed.name).lower()
