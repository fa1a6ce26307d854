"""Rows that are written once: parts appear whole or not at all, and what is there is never done again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reporter.errors import OutputError

UNFINISHED = ".unfinished-"
MANIFEST = "manifest.json"

Tables = Mapping[str, pa.Table]


class Store:
    """A folder of parts, each the tables of one batch of jobs.

    A part is written into a hidden folder, forced to the disk, and then renamed, which happens at once or
    not at all. So the parts that can be seen are the ones that are complete, at whatever moment the process
    was killed; the manifest in each part lists its jobs and the digest of each file.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Only one process may write to it at a time.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = folder / "parts"
        with _refusing(folder):
            self.parts.mkdir(parents=True, exist_ok=True)
            for left_over in self.parts.glob(f"{UNFINISHED}*"):
                shutil.rmtree(left_over)

    def has(self, key: str) -> bool:
        """Say whether a part is complete."""
        return (self.parts / key).is_dir()

    def add(self, key: str, tables: Tables, *, jobs: Sequence[str]) -> None:
        """Write one part; on a full disk nothing of it remains.

        Parameters
        ----------
        key : str
            See :func:`part_key`.
        tables : mapping of name to table
        jobs : sequence of str
            Digests of the jobs that the part holds.

        Raises
        ------
        OutputError
            The disk is full, or the folder cannot be written.
        """
        room = self.parts / f"{UNFINISHED}{key}"
        with _refusing(self.folder):
            try:
                room.mkdir()
                digests = {name: _write(table, room / f"{name}.parquet") for name, table in tables.items()}
                manifest = {"jobs": list(jobs), "files": digests}
                _force(room / MANIFEST, json.dumps(manifest, indent=1).encode())
                _sync(room)
                room.rename(self.parts / key)
                _sync(self.parts)
            except OSError:
                shutil.rmtree(room, ignore_errors=True)
                raise

    def jobs(self) -> set[str]:
        """List the digests of all jobs that are done."""
        return jobs_in(self.folder)

    def join(
        self, keys: Sequence[str], name: str, target: Path, further: Sequence[Mapping[str, Any]] = ()
    ) -> int:
        """Write the rows of one table of all parts, in the order of ``keys``, to one file.

        One part is in memory at a time; ``further`` rows come last. Without any row there is no file.
        Returns the number of rows.
        """
        room = target.with_name(f"{UNFINISHED}{target.name}")
        rows = 0
        with _refusing(target):
            try:
                schema = self._schema(keys, name)
                with pq.ParquetWriter(room, schema, compression="zstd") as writer:
                    for table in self._tables(keys, name):
                        writer.write_table(table)
                        rows += table.num_rows
                    if further:
                        writer.write_table(pa.Table.from_pylist(list(further), schema=schema))
                rows += len(further)
                if rows:
                    room.rename(target)
                else:
                    room.unlink()
                    target.unlink(missing_ok=True)
            except OSError:
                room.unlink(missing_ok=True)
                raise
        return rows

    def rows(self, keys: Sequence[str], name: str) -> list[dict[str, Any]]:
        """Read one table of all parts, in the order of ``keys``."""
        return [row for table in self._tables(keys, name) for row in table.to_pylist()]

    def _tables(self, keys: Sequence[str], name: str) -> Iterator[pa.Table]:
        for key in keys:
            yield pq.read_table(self.parts / key / f"{name}.parquet")

    def _schema(self, keys: Sequence[str], name: str) -> pa.Schema:
        return pq.read_schema(self.parts / keys[0] / f"{name}.parquet")


def jobs_in(folder: Path) -> set[str]:
    """List the digests of the jobs that are done in a store's folder, which need not be there."""
    manifests = (folder / "parts").glob(f"[!.]*/{MANIFEST}")
    return {job for path in manifests for job in json.loads(path.read_bytes())["jobs"]}


def part_key(jobs: Sequence[str], **settings: str) -> str:
    """Name a part by all that decides its rows: its jobs in order, and the settings that they share.

    Examples
    --------
    >>> part_key(["a", "b"], model="m") != part_key(["b", "a"], model="m")
    True
    """
    text = json.dumps([list(jobs), settings], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _write(table: Any, path: Path) -> str:
    """Write one table, force it to the disk, and return its SHA-256."""
    pq.write_table(table, path, compression="zstd")
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _force(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """Force a folder's entries to the disk; where folders cannot be opened (Windows) there is no need."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _refusing(place: Path) -> Iterator[None]:
    """Turn a failure of the disk into words; what was complete before stays."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"Rows cannot be written ({error.strerror or error}).",
            where=place,
            remedy="Complete parts are kept: make room or name another folder, and go on with --resume.",
        ) from error
