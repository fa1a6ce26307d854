"""Collect a study with one model: generate what is missing, join the rows, sign the record."""

from __future__ import annotations

import csv
import json
import platform
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reporter.collectors.axes import axis_projection, axis_scale, calibrate
from reporter.collectors.models import LocalModel
from reporter.collectors.plan import Plan
from reporter.collectors.run import TABLES, collect
from reporter.collectors.store import Store
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
    resume: bool = False,
    report: Callable[[int, int], None] = lambda *_: None,
) -> dict[str, int]:
    """Run all plans of a study and write their rows.

    Parameters
    ----------
    plans : sequence of Plan
    model : LocalModel
    folder : Path
        Gets ``observations.parquet``, ``responses.parquet``, ``ledger.csv`` of what was left out,
        ``states.parquet`` and ``tokens.parquet`` where a run keeps them, the record ``collection.json``, and
        ``parts/``, from which a stopped collection goes on.
    resume : bool
        Go on with the parts that are there.
    report : function of (answers done, answers in all), optional

    Returns
    -------
    dict
        How many rows each table has.

    Raises
    ------
    OutputError
        The folder cannot be written, or has parts already and ``resume`` is not set; ``Interrupted`` after
        Ctrl-C, once the current batch is written.
    """
    store = Store(folder)
    if store.jobs() and not resume:
        raise OutputError(
            "A collection was begun here.",
            where=folder,
            remedy="Go on with --resume, or name another folder.",
        )
    start = _now()
    total = sum(len(plan.jobs) for plan in plans)
    keys: list[str] = []
    with _until_interrupted() as stopping:
        begun = 0
        for plan in plans:
            for key in collect(plan, model, store, report=partial(_shifted, report, begun, total)):
                keys.append(key)
                if stopping():
                    raise Interrupted(
                        f"Stopped after {len(keys)} batches.", where=folder, remedy="Go on with --resume."
                    )
            begun += len(plan.jobs)
    rows = join(store, keys, folder)
    record = _record(model, start) | {"answers": total, "rows": rows}
    (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return rows


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


def _shifted(report: Callable[[int, int], None], begun: int, total: int, done: int, _: int) -> None:
    """Report one plan's answers as answers of all plans."""
    report(begun + done, total)


def _record(model: LocalModel, start: str) -> dict[str, Any]:
    """Say what collected the rows, on which machine, and when. No host name, no user, no path."""
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
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "start": start,
        "end": _now(),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


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
