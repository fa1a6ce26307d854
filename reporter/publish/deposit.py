"""The deposit: one folder with everything that a stranger needs to read, check and repeat a report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reporter.describe import codebook
from reporter.errors import DataError, OutputError, ProjectError
from reporter.project import list_studies, load_study
from reporter.provenance import COLLECTING, digest_tree, templates_folder
from reporter.publish.citation import citation_cff
from reporter.publish.codebook import codebook_md
from reporter.publish.crate import crate_json
from reporter.publish.examined import AUDIT, Examined, examined
from reporter.publish.licence import licence_texts
from reporter.publish.lock import environment_lock
from reporter.publish.packages import check_installed
from reporter.publish.readme import readme
from reporter.publish.tabular import EXCLUSIONS, data_files, datapackage, exclusions_csv
from reporter.study import Study
from reporter.unchanged import BUILT_FROM, MANIFEST, digests, manifest_of
from reporter.whole import refuse_others, replacing

DEPOSIT_MANIFEST = "manifest-sha256.txt"
CRATE = "ro-crate-metadata.json"
PASSING = frozenset({"__pycache__", "bundled", *COLLECTING})  # of a study's folder, what no build reads


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit on disk: its folder, and the SHA-256 of each file by relative path."""

    folder: Path
    files: Mapping[str, str]


def deposit(report_folder: Path, inputs: Path, target: Path) -> Deposit:
    """Make a deposit of a built report and the study's folder, whole or not at all.

    Parameters
    ----------
    report_folder : Path
        ``reports/<study>/``, as it was built.
    inputs : Path
        ``inputs/<study>/``, from which it was built.
    target : Path
        Where the deposit goes; an older deposit there is replaced, any other folder is left alone.

    Returns
    -------
    Deposit
        The same files with the same bytes whenever report, inputs and versions are the same.

    Raises
    ------
    ProjectError
        There is no built report, or it is not the one of these inputs.
    NotPassed
        The report does not pass its examination.
    StudyError
        The study names no author.
    OutputError
        The deposit would hold a path of this machine, or cannot be written.
    DataError
        A file of the study must not be published: it is hidden, or a link.
    """
    inputs, report_folder = inputs.resolve(), report_folder.resolve()
    study = load_study(inputs.parent.parent, inputs.name)
    made = _made_of(report_folder, inputs)
    refuse_place(target, inputs, report_folder)
    check_installed("rocrate")
    citation = citation_cff(study)
    audit = examined(report_folder, study)
    audit.refuse_problems(report_folder)
    described = codebook(inputs.parent.parent, inputs.name)
    files = dict(_files(study, report_folder, made, described, audit))
    _refuse_paths(files, (report_folder, inputs.parent.parent, target.resolve(), Path.home()))
    with replacing(target, what="deposit") as place:  # from here on nothing is refused but by the system
        for name, content in files.items():
            _put(place, name, content)
        _put(place, "CITATION.cff", citation.encode())
        _put(place, "datapackage.json", _json(datapackage(study, place)))
        _put(place, CRATE, crate_json(study, place, digests(place)).encode())
        found = digests(place)
        _put(place, DEPOSIT_MANIFEST, manifest_of(found).encode())
    return Deposit(target, found)


def refuse_place(target: Path, inputs: Path, report_folder: Path) -> None:
    """Refuse a place where a deposit would be a part of what it is made of, or replace something else.

    Raises
    ------
    OutputError
        It is such a place.
    """
    if any(target.resolve().is_relative_to(folder) for folder in (inputs.parent, report_folder)):
        raise OutputError(
            "A deposit lies neither in inputs/ nor in the report.",
            where=target,
            remedy="Name another folder.",
        )
    refuse_others(target, DEPOSIT_MANIFEST)
    if (other := list_studies(target)) not in ((), (inputs.name,)):
        raise OutputError(
            f'The deposit of another study ("{", ".join(other)}") stands there.',
            where=target,
            remedy="Name a folder that does not exist yet.",
        )


def copy_of(made: Deposit, target: Path) -> Deposit:
    """Copy a deposit, whole or not at all, and read the copy again.

    Raises
    ------
    OutputError
        The copy cannot be written, or does not have the same bytes.
    """
    with replacing(target, what="copy") as place:
        for name in (*made.files, DEPOSIT_MANIFEST):
            _put(place, name, (made.folder / name).read_bytes())
        found = digests(place)
        manifest = found.pop(DEPOSIT_MANIFEST)
        if found != made.files or manifest != digests(made.folder).get(DEPOSIT_MANIFEST):
            raise OutputError("The copy has other bytes than the deposit.", where=target)
    return Deposit(target, made.files)


def _made_of(report_folder: Path, inputs: Path) -> dict[str, Any]:
    """Read what the report was built from, and refuse a report that is not that of these inputs."""
    again = f"Run `report build --study {inputs.name}` first."
    try:
        listed = (report_folder / MANIFEST).read_text(encoding="utf-8")
        built_from = (report_folder / BUILT_FROM).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ProjectError("There is no built report.", where=report_folder, remedy=again) from error
    if listed != manifest_of(digests(report_folder)):
        raise ProjectError("The report was changed after it was built.", where=report_folder, remedy=again)
    made: dict[str, Any] = json.loads(built_from)
    trees = ((f"inputs/{inputs.name}", inputs, COLLECTING), ("templates", templates_folder(), ()))
    for name, folder, without in trees:
        if made["sha256"].get(name) != digest_tree(folder, without=without):
            raise ProjectError(f"The report was built from another {name}.", where=folder, remedy=again)
    return made


def _files(
    study: Study, report_folder: Path, made: Mapping[str, Any], described: Mapping[str, Any], audit: Examined
) -> Iterator[tuple[str, bytes]]:
    """Give every file but those that describe the others."""
    name = study.about.name
    built = {path: content for path, content in _tree(report_folder) if path != MANIFEST}
    yield from built.items()
    for path, content in _tree(study.folder, passing=PASSING):
        yield f"inputs/{name}/{path}", content
    yield "study.toml", (study.folder / "study.toml").read_bytes()
    yield from data_files(study).items()
    yield EXCLUSIONS, exclusions_csv(described["exclusions"])
    yield "codebook.md", codebook_md(study, described).encode()
    for path, content in _tree(templates_folder()):
        folder, _, below = path.partition("/")
        if not below or folder in ("parts", name):
            yield f"templates/{path}", content
    yield "environment.txt", environment_lock(made["versions"]).encode()
    yield from licence_texts(study.about).items()
    yield AUDIT, audit.document.encode()
    yield "README.md", readme(study, described, made, tuple(built)).encode()


def _tree(folder: Path, *, passing: frozenset[str] = frozenset()) -> Iterator[tuple[str, bytes]]:
    """Give the files of a folder in order of path; what was not meant to be seen is refused."""
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if passing.intersection(below.parts):
            continue
        if path.is_symlink() or path.name.startswith(".") or not path.name.isprintable():
            raise DataError(
                f'"{below.as_posix()}" is hidden, a link, or has an odd name, and would be published.',
                where=folder,
                remedy="Move it away, and build the report again.",
            )
        if path.is_file():
            yield below.as_posix(), path.read_bytes()


def _put(place: Path, name: str, content: bytes) -> None:
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _refuse_paths(files: Mapping[str, bytes], private: tuple[Path, ...]) -> None:
    """Refuse to publish where something lies on this machine; "/" and "/root" are on every machine."""
    needles = {f"{path}/".encode(): path for path in private if path not in (Path("/"), Path("/root"))}
    for name, content in sorted(files.items()):
        for needle, found in needles.items():
            if needle in content:
                raise OutputError(
                    f'"{name}" names a folder of this machine ({found}).',
                    remedy="Take it out of the study's files, and build the report again.",
                )
