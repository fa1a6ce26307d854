"""The bundled study, built twice under different circumstances: once for all tests here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EPOCH = "1767484800"  # 2026-01-04, the date that the study declares

# Runs the command line and says which packages it tried to load, installed or not.
BUILD = """
import os, sys
class Listen:
    def find_spec(self, name, path=None, target=None):
        asked.add(name.partition(".")[0])
asked = set()
sys.meta_path.insert(0, Listen())
from reporter.__main__ import run
code = run(sys.argv[1:], own_process="SEVERAL" in os.environ)
print("asked for", *sorted(asked))
sys.exit(code)
"""


@dataclass(frozen=True)
class Built:
    """A built report: its project, its folder, and the packages that the build tried to load."""

    root: Path
    asked: frozenset[str]

    @property
    def folder(self) -> Path:
        return self.root / "reports" / "token-scaling"

    def files(self) -> dict[str, bytes]:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}


def build(root: Path, **variables: str) -> Built:
    """Build in a copy of the project that is under no version control, as a process of its own."""
    shutil.copytree(ROOT / "inputs", root / "inputs", ignore=shutil.ignore_patterns("parts", "answers"))
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    words = [sys.executable, "-c", BUILD, "--root", str(root), "build", "--study", "token-scaling"]
    done = subprocess.run(
        words, env=environment | variables, cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return Built(root, frozenset(done.stdout.rpartition("asked for")[2].split()))


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Built:
    return build(tmp_path_factory.mktemp("first") / "project", PYTHONHASHSEED="0")


@pytest.fixture(scope="session")
def built_again(tmp_path_factory) -> Built:
    """The same in several processes, in a longer folder, with other hashes, another clock and a given date."""
    return build(
        tmp_path_factory.mktemp("second") / "another project" / "deeper",
        PYTHONHASHSEED="4242",
        SOURCE_DATE_EPOCH=EPOCH,
        TZ="Pacific/Kiritimati",
        LC_ALL="C",
        SEVERAL="yes",
    )
