"""What publishing needs beside what a report needs."""

from __future__ import annotations

import importlib.util

from reporter.errors import ProjectError


def check_installed(*packages: str) -> None:
    """Refuse before anything is written if a package is not there.

    Raises
    ------
    ProjectError
        The first one that is not.
    """
    for package in packages:
        if importlib.util.find_spec(package) is None:
            raise ProjectError(
                f"{package} is not installed.", remedy="Install it: pip install 'entropy-reporter[publish]'."
            )
