"""Reading files that somebody else wrote: a limit to their size, a digest as name, no surprise as crash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reporter.dataset import Exclusion
from reporter.errors import DataError
from reporter.importers._result import Imported, Part, combine, printable

MOST_BYTES = 1 << 30  # of a file that is read at once

REASONS = {"missing": "missing_key", "finite_number": "not_finite", "json_invalid": "not_json"}


@dataclass(frozen=True, slots=True)
class File:
    """A file to import. ``run`` is the start of its SHA-256, which names the run."""

    path: Path
    run: str

    @property
    def name(self) -> str:
        """Its name without the folder, fit to print."""
        return printable(self.path.name) or self.run

    def address(self, word: str, place: str) -> str:
        """Name a place in it: the same file has the same addresses under any name, in any folder."""
        return f"{word}:{self.run}#{place}"

    def read(self) -> bytes:
        """Read it whole; Damage ``too_large`` if it is larger than what is read at once."""
        if self.path.stat().st_size > MOST_BYTES:
            raise Damage("too_large", f"at most {MOST_BYTES} bytes are read at once")
        return self.path.read_bytes()


class Damage(Exception):
    """A part of a file cannot be used; caught where that part is left out."""

    def __init__(self, reason: str, rule: str) -> None:
        self.reason = reason
        self.rule = rule
        super().__init__(f"{reason}: {rule}")


def import_each(paths: Iterable[Path | str], read: Callable[[File], Part], *, study: str) -> Imported:
    """Read every file with one function; a file that is there twice counts once.

    Raises
    ------
    DataError
        There is no path, or a path is no file that can be read.
    """
    seen: set[str] = set()
    parts: list[Part] = []
    for path in map(Path, paths):
        try:
            with path.open("rb") as opened:
                run = hashlib.file_digest(opened, "sha256").hexdigest()[:12]
            file = File(path=path, run=run)
            parts.append(_read_once(file, read, seen))
        except OSError as error:
            raise DataError(f"The file cannot be read ({error.strerror}).", where=path) from error
    if not parts:
        raise DataError("There is no file to import.", remedy="Name one or more files.")
    return combine(parts, study=study, files=len(seen))


def _read_once(file: File, read: Callable[[File], Part], seen: set[str]) -> Part:
    if file.run in seen:
        return lost(file, "same_file_again", "a file is imported once", 1)
    seen.add(file.run)
    try:
        return read(file)
    except Damage as damage:
        return lost(file, damage.reason, damage.rule, 1)


def lost(file: File, reason: str, rule: str, count: int) -> Part:
    """Make the part of a file that gave nothing."""
    return Part(ledger=[Exclusion(file.name, rule, reason, count)])


def read_json(raw: bytes | str) -> Any:
    """Read JSON.

    Raises
    ------
    Damage
        ``not_json``.
    """
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:  # decoding errors are ValueErrors, too
        raise Damage("not_json", "a file or line must be JSON in UTF-8") from error


def read_lines(file: File) -> Iterator[tuple[int, Any]]:
    """Read JSON lines: (line number, value or the Damage that took its place); empty lines do not count."""
    for number, line in enumerate(file.read().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, read_json(line)
        except Damage as damage:
            yield number, damage


def as_damage(error: ValidationError) -> Damage:
    """Turn pydantic's first complaint about a part into a reason."""
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(map(str, first["loc"])) or "the top"
    return Damage(REASONS.get(first["type"], "wrong_type"), f"{printable(key)}: {first['msg'].lower()}")
