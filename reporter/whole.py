"""Whole or not at all: a folder is written beside its place, and moved into it when it is complete."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reporter.errors import OutputError


@contextmanager
def replacing(folder: Path, *, what: str = "folder") -> Iterator[Path]:
    """Hand out an empty folder that takes the place of ``folder`` if all goes well.

    Parameters
    ----------
    folder : Path
        Where the files will stand. What stands there now is replaced.
    what : str
        What is written, for the refusal.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    old = folder.with_name(f".{folder.name}.old")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise OutputError(f"The folder cannot be written ({error.strerror}).", where=folder.parent) from error
    try:
        yield place
        place.chmod(0o755)
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        place.rename(folder)
    except OSError as error:
        raise OutputError(f"The {what} cannot be written ({error.strerror}).", where=folder) from error
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def refuse_others(folder: Path, mark: str) -> None:
    """Refuse a place where something stands that is not empty and has no ``mark``: it would be lost."""
    ours = folder.is_dir() and ((folder / mark).is_file() or not any(folder.iterdir()))
    if folder.is_symlink() or (folder.exists() and not ours):
        raise OutputError(
            f"What stands there has no {mark}, and is left alone.",
            where=folder,
            remedy="Name a folder that does not exist yet.",
        )
