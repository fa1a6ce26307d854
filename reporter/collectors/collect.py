"""Collect a study with one model: generate what is missing, join the rows, sign the record."""

from __future__ import annotations

import csv
import json
import platform
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.compute as pc

from reporter.collectors._part import TABLES
from reporter.collectors.axes import axis_projection, axis_scale, calibrate
from reporter.collectors.models import LocalModel
from reporter.collectors.plan import Plan
from reporter.collectors.run import Done, Engine, Shard, collect, cut, here
from reporter.collectors.store import Store, jobs_in
from reporter.columns import LEDGER
from reporter.dataset import LEDGER_FILE
from reporter.errors import OutputError

PACKAGES = ("entropy-reporter", "torch", "transformers", "gguf", "numpy", "pyarrow")
RECORD = "collection.json"


class Interrupted(OutputError):
    """The user stopped the collection; what is complete is kept."""


def collect_study(
    plans: Sequence[Plan],
    model: LocalModel,
    folder: Path,
    *,
    engine: Engine | None = None,
    runs: Sequence[str] = (),
    resume: bool = False,
    report: Callable[[int, int], None] = lambda *_: None,
    notes: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, int]:
    """Run the plans of a study and write their rows.

    Parameters
    ----------
    plans : sequence of Plan
    model : LocalModel
        Without weights where an ``engine`` is given, whose workers load their own.
    folder : Path
        Gets ``observations.parquet``, ``responses.parquet``, ``ledger.csv`` of what was left out,
        ``states.parquet`` and ``tokens.parquet`` where a run keeps them, the record ``collection.json``, and
        ``parts/``, from which a stopped collection goes on.
    engine : Engine, optional
        Default: this process.
    runs : sequence of str
        Collect these alone; the files get what is there of all runs.
    resume : bool
        Go on with the parts that are there.
    report : function of (answers there, answers in all), optional
    notes : mapping, optional
        What the record shall say beside what it says of itself.

    Returns
    -------
    dict
        How many rows each table has.

    Raises
    ------
    OutputError
        The folder cannot be written, or has parts already and ``resume`` is not set, or they were made in
        another way; ``Interrupted`` after Ctrl-C, once the batches under way are written.
    """
    refuse_begun(folder, resume=resume)
    store = Store(folder)
    shards = [shard for plan in plans for shard in cut(plan, model)]
    chosen = [shard for shard in shards if not runs or shard.plan.name in runs]
    _refuse_other_settings(chosen, store)
    session = Session()
    with _until_interrupted() as stopping:
        for done in collect(chosen, store, engine or here(model), stopping=stopping, report=report):
            session.add(done)
    if not all(store.has(shard.key) for shard in chosen):
        raise Interrupted(
            f"Stopped after {session.batches} batches.", where=folder, remedy="Go on with --resume."
        )
    there = [shard for shard in shards if store.has(shard.key)]
    rows = join(store, [shard.key for shard in there], folder)
    if session.batches or not (folder / RECORD).is_file():
        counts = {"answers": sum(len(shard.plan.jobs) for shard in there), "rows": rows}
        record = _record(model) | session.record() | counts | dict(notes)
        (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return rows


def refuse_begun(folder: Path, *, resume: bool) -> None:
    """Refuse a folder with answers, unless to go on; asked before a model is loaded, it saves a minute.

    Raises
    ------
    OutputError
        There are parts already and ``resume`` is not set.
    """
    if jobs_in(folder) and not resume:
        raise OutputError(
            "A collection was begun here.",
            where=folder,
            remedy="Go on with --resume, or move the folder away.",
        )


def _refuse_other_settings(shards: Sequence[Shard], store: Store) -> None:
    """Refuse to generate answers again that are there, but in other parts: they would be there twice."""
    there = store.jobs()
    again = [shard for shard in shards if not store.has(shard.key) and not there.isdisjoint(shard.digests)]
    if again:
        raise OutputError(
            "These answers were made in another way: with another --batch, --dtype or --device, another file "
            "of the model, or other measures.",
            where=store.folder,
            remedy="Go on as it was begun, or move the folder away.",
        )


@dataclass(slots=True)
class Session:
    """What was done since the command began, and by which processes."""

    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    answers: int = 0
    tokens: int = 0
    batches_of: Counter[int] = field(default_factory=Counter)

    @property
    def batches(self) -> int:
        """How many batches were worked through."""
        return self.batches_of.total()

    def add(self, done: Done) -> None:
        """Count one batch."""
        self.answers += len(done.shard.plan.jobs)
        self.tokens += pc.sum(done.tables["responses"]["tokens"]).as_py()
        self.batches_of[done.process] += 1

    def record(self) -> dict[str, Any]:
        """Say how much was generated how fast; from it the time of a later collection is estimated."""
        now = datetime.now(UTC)
        return {
            "start": self.begun.isoformat(timespec="seconds"),
            "end": now.isoformat(timespec="seconds"),
            "this_session": {
                "answers": self.answers,
                "tokens": self.tokens,
                "seconds": (now - self.begun).total_seconds(),
                "batches_by_process": {str(process): n for process, n in sorted(self.batches_of.items())},
            },
        }


def join(store: Store, keys: Sequence[str], folder: Path) -> dict[str, int]:
    """Write the parts of a collection to one file per table, with what only all of them give: the axes."""
    states = store.rows(keys, "states")
    axes, ledger = calibrate(states)
    further = [row for state in states for row in axis_projection(axes, state)]
    if axes:
        further += axis_scale(axes, next(state for state in states if state["pole"]))
    rows = {}
    for name in TABLES:
        if name != "exclusions":
            added = further if name == "observations" else ()
            rows[name] = store.join(keys, name, folder / f"{name}.parquet", added)
    return rows | {"exclusions": _write_ledger([*store.rows(keys, "exclusions"), *ledger], folder)}


def _write_ledger(entries: Sequence[dict[str, Any]], folder: Path) -> int:
    """Write what was left out, if anything was."""
    path, partial = folder / LEDGER_FILE, folder / f".{LEDGER_FILE}.part"
    if not entries:
        path.unlink(missing_ok=True)
        return 0
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [column.name for column in LEDGER], lineterminator="\n")
        writer.writeheader()
        writer.writerows(entries)
    partial.replace(path)
    return len(entries)


def _record(model: LocalModel) -> dict[str, Any]:
    """Say what collected the rows, and on what machine. No host name, no user, no path."""
    return {
        "model": model.word,
        "revision": model.revision,
        "quantisation": model.quantisation,
        "dtype": model.dtype,
        "device": model.device,
        "tokenizer": model.tokenizer_name,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


@contextmanager
def _until_interrupted() -> Iterator[Callable[[], bool]]:
    """Let the current batch end at the first Ctrl-C; the second one stops at once."""
    seen: list[int] = []

    def note(number: int, _: object) -> None:
        seen.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(seen)
    finally:
        signal.signal(signal.SIGINT, before)
