"""What tests share: reference values that other programs printed, and the sample files where they are."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "tests" / "reference"
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def reference() -> Callable[[str], dict[tuple[str, str], float]]:
    """Read tests/reference/<name>.csv: what an R script printed, by (case, field)."""

    def read(name: str) -> dict[tuple[str, str], float]:
        lines = (REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# script:"), f"{name}.csv does not say how it was made"
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {(row["case"], row["field"]): float(row["value"]) for row in rows}

    return read


@pytest.fixture(scope="session")
def shared() -> Path:
    """Find the folder of sample files and documents, which are not part of this repository."""
    if not SHARED.is_dir():
        pytest.skip("the sample files (../shared) are not on this machine")
    return SHARED
