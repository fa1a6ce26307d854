"""Studies on disk: where a project is, which studies it has, and reading one with refusals in words."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from reporter.about import SLUG
from reporter.errors import ProjectError, StudyError
from reporter.names import did_you_mean
from reporter.study import PRIVATE_USE, Study

HEAD = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")  # of a table in TOML
KEY = re.compile(r"\s*([\w.-]+)\s*=")
INSTANCE = re.compile(r"dictionary( or instance of \w+)?")
SCALARS = ("str", "int", "float")  # what pydantic appends to a key that may have several types


def find_root(start: Path) -> Path:
    """Find the nearest folder, upwards from ``start``, that holds ``inputs/*/study.toml``."""
    for folder in (start, *start.parents):
        if any(folder.glob("inputs/*/study.toml")):
            return folder
    raise ProjectError(
        f"No project found: neither {start} nor a folder above it holds inputs/*/study.toml.",
        remedy="Go to a project's folder, name one with --root, or start one with `report new NAME`.",
    )


def check_name(name: str) -> None:
    """Refuse a study name that is no plain folder name: it must not lead out of its place."""
    if not re.fullmatch(SLUG, name):
        raise ProjectError(
            f'"{name}" cannot name a study.',
            remedy="Allowed: lower-case letters, digits, dots and dashes, with a letter or digit first.",
        )


def list_studies(root: Path) -> tuple[str, ...]:
    """Name the studies of a project."""
    return tuple(sorted(path.parent.name for path in root.glob("inputs/*/study.toml")))


def load_study(root: Path, name: str) -> Study:
    """Read and check ``inputs/<name>/study.toml``.

    Raises
    ------
    ProjectError
        There is no study of that name.
    StudyError
        The file is not TOML, or has an unknown, missing or wrong key.
    """
    check_name(name)
    studies = list_studies(root)
    if name not in studies:
        raise ProjectError(
            f'There is no study "{name}" in {root / "inputs"}.', remedy=did_you_mean(name, studies)
        )
    path = root / "inputs" / name / "study.toml"
    try:
        text = path.read_text(encoding="utf-8-sig")
        declared = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise StudyError(f"The file is not UTF-8 (byte {error.start}).", where=path) from error
    except OSError as error:
        raise StudyError(f"The file cannot be read ({error.strerror}).", where=path) from error
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"This is not TOML: {error}.", where=path) from error
    if mark := PRIVATE_USE.search(text):
        raise StudyError(f"Private-use character U+{ord(mark.group()):04X} is not allowed.", where=path)
    try:
        study = Study(**declared, folder=path.parent)
    except ValidationError as error:
        raise _refusal(error, path, text) from error
    if study.about.name != name:
        raise StudyError(
            f'study.name is "{study.about.name}", but the folder is "{name}".',
            where=path,
            remedy="Make them equal.",
        )
    return study


def _refusal(error: ValidationError, path: Path, text: str) -> StudyError:
    """Turn one of pydantic's complaints into our words, with the line where the key stands."""
    complaints = error.errors()
    # A key that is misspelt is also missing: the spelling is what the reader can see.
    first = next((each for each in complaints if each["type"] == "extra_forbidden"), complaints[0])
    keys, said = [str(key) for key in first["loc"]], [first["msg"]]
    if keys and keys[-1] in SCALARS:  # one complaint for each type that the value might have had
        keys = keys[:-1]
        said = [each["msg"] for each in complaints if [*map(str, each["loc"])][: len(keys)] == keys]
    place = ".".join(keys)
    line = _line_of(keys, text)
    where = f"{path}, line {line}" if line else f"{path}"
    remedy = None
    if first["type"] == "extra_forbidden":
        what = f'Unknown key "{place}".'
        remedy = did_you_mean(keys[-1], _allowed(keys[:-1]))
    elif first["type"] == "missing":
        what = f'The key "{place}" is missing.'
    else:
        words = " or ".join(dict.fromkeys(said)).replace(" or Input should be", " or")
        words = INSTANCE.sub("table", words.removeprefix("Value error, ").removesuffix("."))
        words = words.replace("a valid tuple", "a valid list")
        value = f'"{first["input"]}"' if isinstance(first["input"], str) else f"{first['input']}"
        what = f'The key "{place}" has the value {value}: {words}.' if keys else f"{words}."
    return StudyError(what, where=where, remedy=remedy)


def _line_of(keys: list[str], text: str) -> int | None:
    """Find the line of a key, or of the nearest table around it that has a line."""
    arrays: dict[str, int] = {}  # how many [[tables]] of each name came so far
    table: list[str] = []
    depth, found = 0, None
    for number, line in enumerate(text.splitlines(), 1):
        if head := HEAD.match(line):
            brackets, name = head.groups()
            table = name.split(".")
            if brackets == "[[":
                arrays[name] = arrays.get(name, 0) + 1
                table = [*table, str(arrays[name] - 1)]
            path = table
        elif key := KEY.match(line):
            path = [*table, *key[1].split(".")]
        else:
            continue
        shared = min(len(path), len(keys))
        if path[:shared] == keys[:shared] and shared > depth:
            depth, found = shared, number
    return found


def _allowed(keys: list[str]) -> set[str]:
    """Name the keys that are allowed at a place, by walking the models' fields."""
    part: Any = Study
    for key in keys:
        if _is_part(part):
            entries = part.model_fields.items()
            part = next(entry.annotation for name, entry in entries if key == (entry.alias or name))
        else:  # a position in a tuple, or a name in a dictionary: the members are what comes last
            part = [kind for kind in get_args(part) if kind is not Ellipsis][-1]
        if isinstance(part, UnionType):
            part = next(filter(_is_part, get_args(part)), part)
    return {entry.alias or name for name, entry in part.model_fields.items()} - {"folder"}


def _is_part(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)
