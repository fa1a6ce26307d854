"""What would publishing change? Files here against files there, by content; nothing is ever deleted."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reporter.errors import EXIT_REPORT_SAYS_NO, Refusal

LARGEST = 5 * 10**9  # bytes; OSF says 5 GB, and its server breaks off a little above that


class PublishError(Refusal):
    """This cannot be published there, or not by us."""


class Incomplete(PublishError):
    """What is there is not, or not certainly, what should be there."""

    exit_code = EXIT_REPORT_SAYS_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file to be published."""

    name: str  # from the folder, with slashes
    path: Path
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file that is there."""

    name: str
    id: str
    size: int | None  # bytes; None if the server does not say
    sha256: str | None
    version: int | None
    upload: str  # the link that takes a new version


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFolder:
    """A folder that is there; its name is empty for the outermost one."""

    name: str
    upload: str  # the link that lists it, and takes a new file
    new_folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All that is there, by name, and the server's clock."""

    files: Mapping[str, RemoteFile]
    folders: Mapping[str, RemoteFolder]
    date: str = ""  # as the server wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would change."""

    create: tuple[LocalFile, ...]
    update: tuple[LocalFile, ...]
    keep: tuple[LocalFile, ...]
    remote_only: tuple[RemoteFile, ...]
    folders: tuple[str, ...]  # to be made, outer ones first

    def lines(self) -> list[str]:
        """Say it, one file a line, with sizes in bytes."""
        ours = {"create": self.create, "update": self.update, "keep": self.keep}
        parts: dict[str, Sequence[LocalFile | RemoteFile]] = {**ours, "remote-only": self.remote_only}
        return [
            f"{word:<11} {'?' if file.size is None else file.size:>13}  {file.name}"
            for word, files in parts.items()
            for file in files
        ]


def local_files(folder: Path) -> tuple[LocalFile, ...]:
    """Read what is to be published, by name; each file is read once, in pieces.

    Raises
    ------
    PublishError
        The folder is empty or none, or holds a link, something that is no file, a file that is too large,
        or a name that OSF would change.
    """
    if not folder.is_dir():
        raise PublishError("There is no such folder.", where=folder)
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    if not paths:
        raise PublishError("There is nothing to publish.", where=folder)
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    check_names(names)
    for path in paths:
        _check_file(path)
    return tuple(
        LocalFile(name=name, path=path, size=path.stat().st_size, sha256=_digest(path))
        for name, path in names.items()
    )


def compare(files: Sequence[LocalFile], there: Listing) -> Plan:
    """Plan what makes a listing hold these files.

    Raises
    ------
    PublishError
        A file stands where a folder is needed, a folder where a file is, or a name is there already in
        another spelling of the same letters.
    """
    names = {file.name for file in files}
    check_names(names, there=[*there.files, *there.folders])
    needed = {outer for name in names for outer in outer_folders(name)}
    for name in sorted((names & there.folders.keys()) | (needed & there.files.keys())):
        raise PublishError("A file and a folder want the same name.", where=name, remedy="Rename one.")
    new = [file for file in files if file.name not in there.files]
    old = [file for file in files if file.name in there.files]
    return Plan(
        create=tuple(new),
        update=tuple(file for file in old if not same(file, there.files[file.name])),
        keep=tuple(file for file in old if same(file, there.files[file.name])),
        remote_only=tuple(file for name, file in sorted(there.files.items()) if name not in names),
        folders=tuple(sorted(needed - there.folders.keys())),
    )


def same(file: LocalFile, there: RemoteFile | None) -> bool:
    """Say whether a file is there with these bytes. What has no digest there is not known to be the same."""
    return there is not None and there.sha256 == file.sha256 and there.size in (None, file.size)


def outer_folders(name: str) -> list[str]:
    """Name the folders that a file lies in, the outermost first."""
    return [str(outer) for outer in reversed(PurePosixPath(name).parents)][1:]


def check_names(names: Iterable[str], *, there: Iterable[str] = ()) -> None:
    """Refuse names that would not arrive as they are.

    Raises
    ------
    PublishError
        A name begins or ends with a blank, is no Unicode, or differs from another one in nothing that can
        be seen: OSF keeps both spellings of a letter with an accent, as two files.
    """
    spelled: dict[str, set[str]] = {}
    ours = sorted(names)
    for name in (*ours, *there):
        for part in (*outer_folders(name), name):
            spelled.setdefault(unicodedata.normalize("NFC", part), set()).add(part)
    for name in ours:
        for part in (*outer_folders(name), name):
            check_part(PurePosixPath(part).name, where=name)
            if len(spelled[unicodedata.normalize("NFC", part)]) > 1:
                raise PublishError(
                    "The same letters are there in another spelling (NFC and NFD).",
                    where=name,
                    remedy="OSF would make two of them; keep one spelling.",
                )


def check_part(part: str, *, where: str) -> None:
    """Refuse the name of one file or folder that OSF would change.

    Raises
    ------
    PublishError
        It is empty, holds a slash, begins or ends with a blank, or is no Unicode.
    """
    try:
        part.encode()
    except UnicodeEncodeError:
        raise PublishError("The name is no Unicode.", where=repr(where), remedy="Rename it.") from None
    if not part or "/" in part or part != part.strip():
        raise PublishError(
            f"OSF would not keep the name {part!r}.",
            where=where,
            remedy="Allowed: names without slash, that neither begin nor end with a blank.",
        )


def _check_file(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise PublishError("Only files and folders are published, no links.", where=path)
    size = path.stat().st_size
    if size > LARGEST:
        raise PublishError(
            f"The file has {size:,} bytes.", where=path, remedy=f"OSF takes up to {LARGEST:,} bytes a file."
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
