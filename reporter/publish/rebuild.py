"""A third party's check: make the report of a deposit again, and compare it file by file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reporter.analyse import analyse
from reporter.bundle import write
from reporter.compose import compose
from reporter.dataset import load_dataset
from reporter.errors import ProjectError
from reporter.project import list_studies, load_study
from reporter.provenance import Made, Provenance, gather
from reporter.publish.deposit import DEPOSIT_MANIFEST
from reporter.unchanged import BUILT_FROM, MANIFEST, digests
from reporter.whole import refuse_others

VALUES = ("report.md", "numbers.csv", "findings.json")  # and every CSV file of a table or figure
FACTS = {"program", "commit", "uncommitted_changes", "versions", "sha256"}
UNCOMMITTED = re.compile(r" \(?with uncommitted changes\)?")  # behind a commit, which is compared apart
SHORT = 12  # characters of a digest
SHOWN_LINES = 3  # of a file that differs


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of making a report again.

    Attributes
    ----------
    folder : Path
        The report made now.
    same : tuple of str
        Files with the same content.
    differences : tuple of str
        What differs, in words; empty if the report was reproduced.
    made_otherwise : tuple of str
        Program, versions and digests that are not those of the deposit's report.
    not_compared : tuple of str
        Pages and drawings, whose bytes are those of the deposit only with the same versions.
    """

    folder: Path
    same: tuple[str, ...]
    differences: tuple[str, ...]
    made_otherwise: tuple[str, ...]
    not_compared: tuple[str, ...]


def rebuild(folder: Path, target: Path) -> Rebuilt:
    """Make the report of a deposit again from its rows, in ``target``, and compare.

    Where ``report.md`` prints the versions and digests that it was made with, those of now are expected; the
    commit is taken from the deposit if the program is the same, since a deposit is no repository.

    Raises
    ------
    ProjectError
        The folder is no deposit.
    OutputError
        Something that is no report stands in ``target``.
    DataError, StudyError
        Its rows or its study cannot be read.
    """
    then = _made_then(folder)
    refuse_others(target, MANIFEST)
    study = load_study(folder, *list_studies(folder))
    dataset = load_dataset(study)
    provenance = _with_commit(gather(study, dataset, folder), then)
    write(compose(study, dataset, analyse(study, dataset), provenance), target)
    return _compared(folder, target, then, provenance.made)


def _made_then(folder: Path) -> dict[str, Any]:
    """Read what the report of a deposit was made from, and refuse a folder that is none."""
    remedy = "Name the folder that holds its README.md."
    if len(list_studies(folder)) != 1 or not (folder / DEPOSIT_MANIFEST).is_file():
        raise ProjectError("This is no deposit.", where=folder, remedy=remedy)
    try:
        then: dict[str, Any] = json.loads((folder / BUILT_FROM).read_text(encoding="utf-8"))
        (folder / DEPOSIT_MANIFEST).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ProjectError(
            f"The deposit is damaged: {BUILT_FROM} or {DEPOSIT_MANIFEST} cannot be read.", where=folder,
            remedy="Download it again.",
        ) from error  # fmt: skip
    if not isinstance(then, dict) or FACTS - then.keys():
        raise ProjectError(f"{BUILT_FROM} of the deposit is not as we write it.", where=folder)
    return then


def _with_commit(provenance: Provenance, then: Mapping[str, Any]) -> Provenance:
    """Say the deposit's commit if the program is that of the deposit, byte for byte."""
    made = provenance.made
    if dict(made.trees)["reporter"] != then["sha256"].get("reporter"):
        return provenance
    return replace(provenance, made=replace(made, commit=then["commit"], dirty=then["uncommitted_changes"]))


def _compared(folder: Path, target: Path, then: Mapping[str, Any], made: Made) -> Rebuilt:
    listed = _listed(folder)
    otherwise = tuple(_otherwise(then, made))
    differences = list(_tampered(folder, listed))
    same, not_compared = [], []
    made_now = digests(target)
    for name in sorted(name for name in {*listed, *made_now} if _of_report(name)):
        if not _is_value(name) and (otherwise or name == BUILT_FROM):
            not_compared.append(name)
        elif (there := (folder / name).is_file()) is not (name in made_now):
            differences.append(f"{name}: only the {'deposit' if there else 'new report'} has it")
        elif found := list(_differs(folder / name, target / name, _expected(then, made))):
            differences += found
        else:
            same.append(name)
    return Rebuilt(target, tuple(same), tuple(differences), otherwise, tuple(not_compared))


def _listed(folder: Path) -> dict[str, str]:
    lines = (folder / DEPOSIT_MANIFEST).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _tampered(folder: Path, listed: Mapping[str, str]) -> Iterator[str]:
    """Say which files are not those that were deposited; files beside them are nobody's concern."""
    there = digests(folder)
    for name, digest in listed.items():
        if name not in there:
            yield f"{name}: the file is missing from the deposit"
        elif there[name] != digest:
            yield f"{name}: the file was changed after it was deposited"


def _of_report(name: str) -> bool:
    return name.startswith(("tables/", "figures/", "report.")) or name in (*VALUES, BUILT_FROM)


def _is_value(name: str) -> bool:
    return name in VALUES or (name.startswith(("tables/", "figures/")) and name.endswith(".csv"))


def _otherwise(then: Mapping[str, Any], made: Made) -> Iterator[str]:
    """List what the report is made with now, where it was made with something else."""
    for what, old, new in (
        ("program", then["program"], made.program),
        ("commit", _commit(then["commit"], then["uncommitted_changes"]), _commit(made.commit, made.dirty)),
        *((name, then["versions"].get(name, "none"), number) for name, number in made.versions),
        *((name, _short(then["sha256"].get(name, "none")), _short(digest)) for name, digest in made.trees),
    ):
        if old != new:
            yield f"{what}: {old} then, {new} now"


def _commit(commit: str, dirty: bool) -> str:
    return f"{commit} with uncommitted changes" if dirty else commit


def _short(digest: str) -> str:
    return digest[:SHORT]


def _expected(then: Mapping[str, Any], made: Made) -> dict[str, str]:
    """Map each statement of report.md about how it was made to the one that a report of now makes."""
    versions = {f"{name} {then['versions'].get(name)}": f"{name} {new}" for name, new in made.versions}
    trees = {then["sha256"][name]: new for name, new in made.trees if name in then["sha256"]}
    return {then["program"]: made.program, then["commit"]: made.commit} | versions | trees


def _differs(old: Path, new: Path, expected: Mapping[str, str]) -> Iterator[str]:
    """Say where two files differ, by their first lines that do."""
    then, now = old.read_bytes(), new.read_bytes()
    if then == now:
        return
    if not _is_value(old.name) and old.suffix != ".csv":
        yield f"{new.name}: the bytes differ"
        return
    text, other = then.decode(), now.decode()
    if old.name == "report.md":
        text, other = UNCOMMITTED.sub("", text), UNCOMMITTED.sub("", other)
        for said, says in expected.items():
            text = text.replace(said, says)
    lines, others = text.splitlines(), other.splitlines()
    pairs = [(i, a, b) for i, (a, b) in enumerate(zip(lines, others, strict=False), 1) if a != b]
    for i, a, b in pairs[:SHOWN_LINES]:
        yield f"{new.name}, line {i}: {a!r} in the deposit, {b!r} now"
    if len(pairs) > SHOWN_LINES:
        yield f"{new.name}: {len(pairs) - SHOWN_LINES} more lines differ"
    if len(lines) != len(others):
        yield f"{new.name}: {len(lines)} lines in the deposit, {len(others)} now"
