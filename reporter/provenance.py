"""What a report was built from: code, commit, versions, seeds, and digests of everything that was read."""

from __future__ import annotations

import ctypes
import hashlib
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import reporter
from reporter.errors import ProjectError

if TYPE_CHECKING:  # to see whether anything changed, no row is read
    from reporter.dataset import Dataset
    from reporter.study import Study

PACKAGES = (
    "numpy", "scipy", "pandas", "pyarrow", "joblib", "pydantic", "jinja2", "markdown-it-py", "matplotlib",
    "weasyprint",
)  # fmt: skip
NOT_READ = ("__pycache__", "bundled")
# Of a study's folder: parts that a collection has not joined yet, and its cache of answers.
COLLECTING = ("parts", "answers")
PACKAGE = Path(reporter.__file__).parent


@dataclass(frozen=True, slots=True)
class Made:
    """What a report is made from: program, commit, versions, and every file that a build reads."""

    program: str
    commit: str
    dirty: bool
    versions: tuple[tuple[str, str], ...]
    trees: tuple[tuple[str, str], ...]  # (name, SHA-256 of the folder)


@dataclass(frozen=True, slots=True)
class Provenance:
    """The facts that a rebuild needs; none of them comes from the clock."""

    made: Made
    seed: str
    files: tuple[tuple[str, str], ...]  # (source file, SHA-256)


def templates_folder() -> Path:
    """Find the templates: beside the package in a checkout, inside it in an installed wheel."""
    for folder in (PACKAGE.parent / "templates", PACKAGE / "bundled" / "templates"):
        if (folder / "frame.md.jinja").is_file():
            return folder
    raise ProjectError(
        "The templates are missing from this installation.", remedy="Install entropy-reporter again."
    )


def bundled_studies() -> Path:
    """Find the studies that travel with the program."""
    inside = PACKAGE / "bundled" / "inputs"
    return inside if inside.is_dir() else PACKAGE.parent / "inputs"


def gather(study: Study, dataset: Dataset, root: Path) -> Provenance:
    """Collect what a report of this study is built from."""
    return Provenance(
        made=made_of(root, study.about.name, study.folder),
        seed=str(study.about.seed),
        files=tuple(sorted(dataset.digests.items())),
    )


def made_of(root: Path, name: str, folder: Path) -> Made:
    """Digest what a build of a study reads, before any of it is read as rows."""
    commit, dirty = _commit(root, name)
    trees = (("reporter", PACKAGE), ("templates", templates_folder()), (f"inputs/{name}", folder))
    return Made(
        program=f"entropy-reporter {reporter.__version__}",
        commit=commit,
        dirty=dirty,
        versions=(
            ("Python", platform.python_version()),
            *((name, version(name)) for name in PACKAGES),
            *_pango(),
        ),
        trees=tuple(
            (name, digest_tree(tree, without=COLLECTING if tree == folder else ())) for name, tree in trees
        ),
    )


def _pango() -> Iterator[tuple[str, str]]:
    """Ask the library that sets the PDF's lines for its version, which no Python package tells."""
    for name in ("libpango-1.0.so.0", "libpango-1.0.0.dylib"):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.pango_version_string.restype = ctypes.c_char_p
        yield "Pango", library.pango_version_string().decode()
        return


def digest_tree(folder: Path, *, without: tuple[str, ...] = ()) -> str:
    """SHA-256 over the relative paths and contents of a folder's files, in order of path.

    ``without`` names folders in it whose files are not read.
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        places = path.relative_to(folder).parts
        if path.is_file() and not {*NOT_READ, *without}.intersection(places):
            total.update(f"{'/'.join(places)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _commit(root: Path, study: str) -> tuple[str, bool]:
    """Ask git for the commit, and whether what the report reads differs from it."""
    head = _git(root, "rev-parse", "HEAD")
    if not head:
        return "not under version control", False
    changed = _git(root, "status", "--porcelain", "--", "reporter", "templates", f"inputs/{study}")
    return head, bool(changed)


def _git(root: Path, *words: str) -> str:
    """Run git; an absent git or repository is an empty answer."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, check=False, timeout=30
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
