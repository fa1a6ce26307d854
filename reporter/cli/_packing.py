"""What the verbs that give a report away share: its deposit, and how that is counted and signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reporter.cli._here import steps

if TYPE_CHECKING:
    from reporter.publish.deposit import Deposit
    from reporter.study import Study

MEGABYTE = 1_000_000


def pack(root: Path, name: str, target: Path | None = None) -> tuple[Study, Deposit]:
    """Make the deposit of a built report."""
    from reporter.project import load_study
    from reporter.publish.deposit import deposit
    from reporter.publish.receipt import DEPOSITS

    study = load_study(root, name)
    with steps() as step:
        step(f"Checking the report of {name} against its rows, and packing it")
        made = deposit(root / "reports" / name, root / "inputs" / name, target or root / DEPOSITS / name)
    return study, made


def counted(made: Deposit) -> str:
    """Count the files of a deposit, its manifest included."""
    size = sum((made.folder / name).stat().st_size for name in made.files)
    return f"{len(made.files) + 1} files, {size_of(size)}"


def signed(study: Study) -> str:
    """Say whose name and which terms are about to go out: a study copied from another has its author's."""
    names = "; ".join(author.name for author in study.about.authors)
    return (
        f"As study.toml says: by {names}; data {study.about.licence.data}, code {study.about.licence.code}."
    )


def size_of(count: int) -> str:
    """Write a number of bytes."""
    return f"{count / MEGABYTE:,.1f} MB" if count >= MEGABYTE / 10 else f"{count:,} bytes"
