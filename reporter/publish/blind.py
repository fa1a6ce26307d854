"""A deposit for blind review: the study without its authors, built again, and searched for them.

Nothing is replaced in the PDF, where a name may be cut up, encoded or compressed: the study is copied without
its authors, and the copy goes through the whole line. What then still names them is refused.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from reporter.errors import OutputError
from reporter.project import load_study
from reporter.provenance import COLLECTING, NOT_READ
from reporter.publish.identity import Search, Term, of_machine, of_study, words

FROZEN = "plan"  # a folder whose files have a digest that is known elsewhere
REMOVED = "[removed]"
AUTHOR = {"name": "Anonymous", "kind": "group"}
GONE = ("doi", "osf", "preregistration", "funding", "competing_interests")  # keys of [study]
NOTE = "# A copy for blind review: authors, identifiers and comments are left out.\n"
Made = TypeVar("Made")
BARE = re.compile(r"[A-Za-z0-9_-]+")


def blind_project(root: Path, name: str, place: Path) -> tuple[Term, ...]:
    """Copy a study into a project of its own, without what tells who made it.

    Parameters
    ----------
    root : Path
        The project.
    place : Path
        An empty folder, in which ``inputs/NAME/`` is made.

    Returns
    -------
    tuple of Term
        What was taken out, and what must not come back in.

    Raises
    ------
    OutputError
        A file that is no text names an author, and cannot be changed.
    """
    study = load_study(root, name)
    terms = (*of_study(study), *of_machine(root.resolve()))
    search = Search(terms)
    target = place / "inputs" / name
    passing = shutil.ignore_patterns(*NOT_READ, *COLLECTING)
    shutil.copytree(study.folder, target, symlinks=True, ignore=passing)  # a link is refused later
    for path in sorted(each for each in target.rglob("*") if each.is_file() and not each.is_symlink()):
        below = path.relative_to(target).as_posix()
        if below == "study.toml":
            path.write_text(NOTE + _blinded(path.read_text(encoding="utf-8-sig"), search), encoding="utf-8")
        elif any(term.hidden for term in search.in_file(path, below)):
            if below.startswith(f"{FROZEN}/"):
                raise _unchangeable(path, below, search)
            _rewrite(path, below, search)
    return terms


def blind_deposit(
    root: Path, name: str, target: Path, make: Callable[[Path, Path], Made]
) -> tuple[Made, tuple[Term, ...]]:
    """Make a deposit that does not tell who made the study.

    Parameters
    ----------
    target : Path
        Where the deposit goes.
    make : callable
        Builds the report of a project and makes its deposit: told the project and ``target``.

    Returns
    -------
    tuple
        What ``make`` gave, and what the deposit was searched for.

    Raises
    ------
    OutputError
        The deposit names an author, an identifier, or this machine.
    """
    with tempfile.TemporaryDirectory(prefix="blind-") as place:
        project = Path(place).resolve()
        terms = blind_project(root, name, project)
        made = make(project, target)
    terms += (Term("folder", str(project), hidden=False),)
    search = Search(terms)
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        below = path.relative_to(target).as_posix()
        if found := search.in_file(path, below):
            shutil.rmtree(target)
            raise OutputError(
                f'"{below}" of the blind deposit tells who made it ({words(found)}).',
                remedy="Take it out of the study's own files or templates; nothing was published.",
            )
    return made, terms


def _rewrite(path: Path, below: str, search: Search) -> None:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise _unchangeable(path, below, search) from None
    path.write_bytes(search.hide(text, REMOVED).encode())
    if any(term.hidden for term in search.in_file(path, below)):
        raise _unchangeable(path, below, search)


def _unchangeable(path: Path, below: str, search: Search) -> OutputError:
    found = [term for term in search.in_file(path, below) if term.hidden]
    return OutputError(
        f'"{below}" tells who made the study ({words(found)}), and cannot be changed by us.',
        remedy="Replace it by a file that does not, or move it away.",
    )


def _blinded(text: str, search: Search) -> str:
    """Write study.toml again without authors; comments are lost with them."""
    declared: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    about = {key: value for key, value in declared["study"].items() if key not in GONE}
    declared["study"] = about | {"authors": [AUTHOR]}
    return "\n".join(_tables("", _without(declared, search))).lstrip("\n") + "\n"


def _without(value: Any, search: Search) -> Any:
    if isinstance(value, str):
        return search.hide(value, REMOVED)
    if isinstance(value, dict):
        return {key: _without(each, search) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, search) for each in value]
    return value


def _tables(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Write a table in TOML: its values first, then the tables in it."""
    inner = {key: value for key, value in table.items() if isinstance(value, dict) or _is_tables(value)}
    own = {key: value for key, value in table.items() if key not in inner}
    if name and (own or not inner):
        yield f"\n[{name}]"
    yield from (f"{_key(key)} = {_value(value)}" for key, value in own.items())
    for key, value in inner.items():
        if isinstance(value, dict):
            yield from _tables(_dotted(name, key), value)
            continue
        for member in value:
            yield f"\n[[{_dotted(name, key)}]]"
            yield from (f"{_key(below)} = {_value(each)}" for below, each in member.items())


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _dotted(name: str, key: str) -> str:
    return f"{name}.{_key(key)}" if name else _key(key)


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, str):  # TOML's strings are JSON's, but for one control character
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())} }}"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
