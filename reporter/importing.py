"""`report import`: the word of a format, its options as the caller wrote them, and the study to add to."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reporter.errors import ProjectError, StudyError
from reporter.importers import Imported, save
from reporter.names import did_you_mean, find
from reporter.observations import Merged
from reporter.project import check_name


def import_runs(
    word: str, paths: Sequence[Path], settings: Mapping[str, str], *, study: str, root: Path
) -> tuple[Imported, Merged]:
    """Read runs in a format, and add their rows to a study's folder.

    Parameters
    ----------
    word : str
        A file of reporter/importers, e.g. ``"mood_axis"``.
    settings : mapping
        Options of that importer, by name; values as in TOML, a bare word is text.

    Raises
    ------
    StudyError
        There is no such format or option, or an option is missing.
    ProjectError
        There is no folder for the study.
    DataError
        A file cannot be read at all.
    """
    check_name(study)
    folder = root / "inputs" / study
    if not folder.is_dir():
        raise ProjectError(f"There is no folder {folder}.", remedy=f"Start it: report new {study}.")
    where = f"report import {word}"
    importer = find(word, packages=("reporter.importers",), where=where)
    options = {name: _value(text) for name, text in settings.items()}
    _check(importer, options, where)
    imported: Imported = importer(paths, study=study, **options)
    return imported, save(imported, folder)


def _value(text: str) -> Any:
    """Read a setting as a TOML value; what is none is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _check(importer: Any, options: Mapping[str, Any], where: str) -> None:
    parameters = inspect.signature(importer).parameters.values()
    known = {p.name: p for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "study"}
    for name in options:
        if name not in known:
            raise StudyError(f'There is no option "{name}".', where=where, remedy=did_you_mean(name, known))
    for name, parameter in known.items():
        if parameter.default is parameter.empty and name not in options:
            raise StudyError(
                f'The option "{name}" is missing.', where=where, remedy=f"Say --set {name}=VALUE."
            )
