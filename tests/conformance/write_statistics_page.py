"""Write docs/statistics.md from the docstrings, so that the page says what the code does.

Run: python tests/conformance/write_statistics_page.py. A test compares the page with what this prints.
"""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

from reporter.names import words_in

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"
INTRODUCTION = """# The statistics

Every heading is a word of study.toml, a file and a function of that name. A function takes arrays and returns
one frozen record, or refuses with a reason code (`Degenerate`). This page is written from the docstrings by
`tests/conformance/write_statistics_page.py`; how each function was validated stands in
[validation.md](validation.md).
"""
PACKAGES = {"reporter.statistics": "Inference", "reporter.entropy": "Entropy"}


def page() -> str:
    """Compose the page."""
    parts = [INTRODUCTION]
    for package, title in PACKAGES.items():
        parts.append(f"## {title}\n")
        parts += [_entry(package, word) for word in words_in(package)]
    return "\n".join(parts)


def _entry(package: str, word: str) -> str:
    module = importlib.import_module(f"{package}.{word}")
    question = (module.__doc__ or "").strip().splitlines()[0]
    function = getattr(module, word, None)
    if function is None:
        names = [name for name in vars(module) if _is_own(module, name)]
        return f"### {word}\n\n{question}\n\nFunctions: {', '.join(f'`{name}`' for name in names)}.\n"
    document = inspect.getdoc(function) or ""
    call = f"    {word}{_signature(function)}"
    lines = [f"### {word}\n", f"{question}\n", f"{call}\n", f"{_summary(document)}\n"]
    for title in ("Raises", "References"):
        if text := _section(document, title):
            lines.append(f"{title}: {text}\n")
    return "\n".join(lines)


def _is_own(module: object, name: str) -> bool:
    found = getattr(module, name)
    public = inspect.isfunction(found) and not name.startswith("_")
    return public and found.__module__ == module.__name__  # type: ignore[attr-defined]


def _signature(function: object) -> str:
    """Names and defaults without annotations, which the docstring has in words."""
    parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    shown, starred = [], False
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        value = parameter.default
        words = value.__name__.lstrip("_") if inspect.isfunction(value) else repr(value)
        shown.append(parameter.name if value is parameter.empty else f"{parameter.name}={words}")
    return f"({', '.join(shown)})"


def _summary(document: str) -> str:
    """What stands before the first section of a docstring."""
    head = re.split(r"\n\w+\n-{3,}", document)[0]
    return head.strip()


def _section(document: str, title: str) -> str:
    found = re.search(rf"\n{title}\n-+\n(.*?)(?=\n\n\w+\n-{{3,}}|\Z)", document, re.DOTALL)
    if not found:
        return ""
    return " ".join(found.group(1).replace("\n\n", " ").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
