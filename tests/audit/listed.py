"""The list of checks in docs/audit.md, written from their docstrings: python tests/audit/listed.py."""

from __future__ import annotations

import inspect
from pathlib import Path

from reporter.audit.checks import CHECKS
from reporter.audit.coverage import ARITHMETIC, ITSELF, ROWS, WAYS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "audit.md"
START, END = "<!-- checks -->\n", "<!-- end of checks -->\n"


def listed() -> str:
    """List every check under the way of checking that it goes, with what it does."""
    lines = []
    for way in (ITSELF, ARITHMETIC, ROWS):
        lines += ["", f"### {way.capitalize()}", ""]
        for check in CHECKS:
            if WAYS.get(check.__name__, ARITHMETIC) == way:
                lines.append(f"* `{check.__name__}`: {(inspect.getdoc(check) or '').splitlines()[0]}")
    return "\n".join([*lines[1:], ""])


def within(text: str) -> str:
    """The part of the page that this file writes."""
    return text.partition(START)[2].partition(END)[0]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(START + within(page), START + listed()), encoding="utf-8")
