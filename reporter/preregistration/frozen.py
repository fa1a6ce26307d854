"""A frozen plan on disk: written once, read with its digest, and never replaced."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import reporter
from reporter.dataset import LEDGER_FILE
from reporter.errors import Refusal
from reporter.preregistration.declared import answers_of, content_of
from reporter.preregistration.deviations import deviations
from reporter.preregistration.document import document
from reporter.preregistration.plan import FORMAT, Plan, RowsThere
from reporter.preregistration.predictions import predict
from reporter.project import load_study
from reporter.study import Study
from reporter.whole import replacing

FOLDER = "plan"
RESERVED = ("preregistration", "frozen_predictions")  # what a report calls its answers about a plan
PARTS_FOLDER = "parts"  # of a collection
PARTS = ("json", "md", "sha256")  # of each version: for programs, for people, and the digests of both


class PlanError(Refusal):
    """A plan cannot be frozen, or is not what was frozen."""


def freeze(root: Path, name: str, *, now: datetime, again: bool = False, write: bool = True) -> Plan:
    """Freeze the plan of a study: ``inputs/<name>/plan/version-1.json``, ``.md`` and ``.sha256``.

    Parameters
    ----------
    now : datetime
        In UTC. What a machine says of the time proves nothing, and the document says so.
    again : bool
        Freeze another version beside those that are frozen, which stay.
    write : bool
        Without it the plan is made and refused like any other, and not kept.

    Raises
    ------
    PlanError
        A plan is frozen already, or does not differ from the last one.
    StudyError, DataError
        The study cannot be read, or rows that are there cannot.
    """
    study = load_study(root, name)
    refuse_reserved(study)
    earlier = read_plans(study)
    content = content_of(study)
    if earlier and not again:
        raise PlanError(
            f"Version {earlier[-1].version} of the plan was frozen at {earlier[-1].frozen}, and stays.",
            where=study.folder / FOLDER,
            remedy="A report lists what differs from it. To freeze another version beside it: --again.",
        )
    if earlier and not deviations(earlier[-1].content, content):
        raise PlanError(
            f"Nothing differs from version {earlier[-1].version} of the plan.", where=study.folder / FOLDER
        )
    plan = Plan(
        study=name,
        title=study.about.title,
        version=len(earlier) + 1,
        frozen=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        program=f"entropy-reporter {reporter.__version__}",
        follows=earlier[-1].sha256 if earlier else "",
        rows=tuple(rows_there(study)),
        answers=answers_of(study),
        predictions=predict(study),
        content=content,
    )
    body = plan.body()
    plan = replace(plan, sha256=_sha256(body))
    if write:
        _write(study.folder / FOLDER, plan, body)
    return plan


def clock() -> datetime:
    """The time that a plan bears: SOURCE_DATE_EPOCH where it is set, else this machine's clock."""
    declared = os.environ.get("SOURCE_DATE_EPOCH")
    if declared is None:
        return datetime.now(UTC)
    if not (declared.isascii() and declared.isdigit()):
        raise PlanError(f'SOURCE_DATE_EPOCH is "{declared}"; it must be a whole number of seconds.')
    return datetime.fromtimestamp(int(declared), UTC)


def refuse_reserved(study: Study) -> None:
    """Refuse an analysis under a name that a report with a plan needs."""
    for key in RESERVED:
        if key in study.analyses:
            raise PlanError(
                f'An analysis is called "{key}", as what a report says of its plan.',
                where=study.folder / "study.toml",
                remedy="Call it otherwise.",
            )


def rows_there(study: Study) -> Iterator[RowsThere]:
    """Count the rows in every file of the study's folder that holds some, declared or not.

    Parts of a collection count until they are joined: then the same rows stand in the files beside them.
    """
    declared = {source.file for source in study.sources}
    for path in sorted(study.folder.rglob("*")):
        file = path.relative_to(study.folder).as_posix()
        if path.suffix not in (".csv", ".parquet") or path.name == LEDGER_FILE or not path.is_file():
            continue
        if any(place.name == PARTS_FOLDER and _is_joined(place) for place in path.parents):
            continue
        raw = path.read_bytes()
        if (rows := _count(path, raw)) or file in declared:
            yield RowsThere(file=file, rows=rows, sha256=_sha256(raw), declared=file in declared)


def _is_joined(parts: Path) -> bool:
    return (parts.parent / "observations.parquet").is_file()


def _count(path: Path, raw: bytes) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if path.suffix == ".parquet":
            return int(pq.read_metadata(pa.BufferReader(raw)).num_rows)
        return max(sum(1 for row in csv.reader(raw.decode("utf-8-sig").splitlines()) if row) - 1, 0)
    except (pa.ArrowException, UnicodeDecodeError, csv.Error) as error:
        raise PlanError(
            "The rows of this file cannot be counted, and a plan says how many there were.",
            where=path,
            remedy="Mend it or move it away.",
        ) from error


def _write(folder: Path, plan: Plan, body: bytes) -> None:
    """Write a version beside the earlier ones, whole or not at all."""
    text = document(plan).encode()
    stem = f"version-{plan.version}"
    with replacing(folder, what="plan") as place:
        if folder.is_dir():
            shutil.copytree(folder, place, dirs_exist_ok=True)
        (place / f"{stem}.json").write_bytes(body)
        (place / f"{stem}.md").write_bytes(text)
        listed = f"{_sha256(body)}  {stem}.json\n{_sha256(text)}  {stem}.md\n"
        (place / f"{stem}.sha256").write_text(listed, encoding="utf-8")


def read_plans(study: Study) -> tuple[Plan, ...]:
    """Read the frozen plans of a study, the first one first; none where none was frozen.

    Raises
    ------
    PlanError
        A file of a plan is missing, was changed after it was frozen, or is of another program.
    """
    folder = study.folder / FOLDER
    names = {path.name for path in folder.glob("version-*")} if folder.is_dir() else set()
    plans: list[Plan] = []
    while any(f"version-{len(plans) + 1}.{part}" in names for part in PARTS):
        stem = f"version-{len(plans) + 1}"
        plans.append(_read(folder, stem, plans[-1].sha256 if plans else "", study.about.name))
        names -= {f"{stem}.{part}" for part in PARTS}
    if names:
        raise PlanError(
            f"{min(names)} belongs to no version of the plan, or one before it is missing.",
            where=folder,
            remedy="Versions count from 1, and each has a .json, a .md and a .sha256.",
        )
    return tuple(plans)


def _read(folder: Path, stem: str, follows: str, name: str) -> Plan:
    raw: dict[str, bytes] = {}
    for part in PARTS:
        try:
            raw[part] = (folder / f"{stem}.{part}").read_bytes()
        except OSError as error:
            raise PlanError(
                f"The file cannot be read ({error.strerror}).",
                where=folder / f"{stem}.{part}",
                remedy="A frozen plan stays whole: take it back from where it was kept.",
            ) from error
    listed = "".join(f"{_sha256(raw[part])}  {stem}.{part}\n" for part in ("json", "md"))
    if raw["sha256"].decode("utf-8", "replace").replace("\r\n", "\n") != listed:
        raise PlanError(
            "The plan was changed after it was frozen: its digest is another.",
            where=folder / f"{stem}.sha256",
            remedy="Take it back from where it was kept; a plan that changes is another version (--again).",
        )
    where = folder / f"{stem}.json"
    try:
        said: Mapping[str, Any] = json.loads(raw["json"])
        if said["format"] != FORMAT:
            raise ValueError(f"its format is {said['format']}, this program reads {FORMAT}")
        plan = Plan.of(said, sha256=_sha256(raw["json"]))
    except KeyError as error:
        raise PlanError(f'The key "{error.args[0]}" of the plan is missing.', where=where) from error
    except (ValueError, TypeError) as error:
        raise PlanError(f"This is no plan of this program ({error}).", where=where) from error
    if (plan.study, plan.follows, f"version-{plan.version}") != (name, follows, stem):
        raise PlanError(
            "The plan is one of another study, or does not follow the version before it.",
            where=where,
        )
    return plan


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
