"""Answers that were paid for are kept: one file per request, found again by the request's digest."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reporter.collectors._completion import Completion
from reporter.collectors._requests import Reply
from reporter.errors import OutputError

Request = Mapping[str, Any]
PLACE = "answers"


class Answers:
    """A folder of answers. Threads may share it: no two of them ask the same.

    Parameters
    ----------
    folder : Path
        The collection's; answers lie in ``answers/`` in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / PLACE

    def get(self, request: Request) -> Reply | None:
        """Find the answer to a request; one whose file is damaged counts as not there."""
        try:
            entry = json.loads(gzip.decompress(self._file(request).read_bytes()))
            if entry["request"] != request:
                return None
            Completion.model_validate(entry["body"])
            return Reply(body=entry["body"], received=entry["received"], attempts=entry["attempts"])
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, ValidationError):
            return None

    def put(self, request: Request, reply: Reply) -> None:
        """Write an answer whole or not at all.

        Raises
        ------
        OutputError
            The disk is full, or the folder cannot be written.
        """
        file = self._file(request)
        room = file.with_name(f".{file.name}")
        entry = {
            "request": request,
            "received": reply.received,
            "attempts": reply.attempts,
            "body": reply.body,
        }
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with room.open("wb") as stream:
                stream.write(gzip.compress(json.dumps(entry).encode(), mtime=0))
                stream.flush()
                os.fsync(stream.fileno())
            room.replace(file)
        except OSError as error:
            room.unlink(missing_ok=True)
            raise OutputError(
                f"Answers cannot be written ({error.strerror or error}).",
                where=self.folder,
                remedy="What was written is kept: make room, and go on with --resume.",
            ) from error

    def _file(self, request: Request) -> Path:
        name = digest(request)
        return self.folder / name[:2] / f"{name}.json.gz"


def digest(request: Request) -> str:
    """Name a request by all that decides its answer.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})
    True
    """
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
