"""CITATION.cff: how the deposit is to be cited, in the Citation File Format 1.2.0."""

from __future__ import annotations

import json
from typing import Any

from reporter.errors import StudyError
from reporter.study import Study

MESSAGE = (
    "If you use these data or this report, please cite it as below, and the sources that README.md names."
)


def citation_cff(study: Study) -> str:
    """Write the citation of a study.

    An author is an entity with a name: which part of it is the family name, study.toml does not say. The
    DOI that study.toml declares is that of the study, so it is an identifier and not the deposit's own.

    Raises
    ------
    StudyError
        The study names no author, without whom nothing can be cited.
    """
    about = study.about
    if not about.authors:
        raise StudyError(
            "The study names no author, and a deposit must be citable.",
            where=study.folder / "study.toml",
            remedy="Add [[study.authors]] with a name.",
        )
    lines: dict[str, str | list[dict[str, str]]] = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": about.title,
        "abstract": about.hypothesis,
        "authors": [{"name": author.name} for author in about.authors],
        "date-released": about.date.isoformat(),
        "license": "CC-BY-4.0",
        "url": about.osf,
        "identifiers": [{"type": "doi", "value": about.doi, "description": "The study"}] if about.doi else [],
    }
    return "".join(_entry(key, value) for key, value in lines.items() if value)


def _entry(key: str, value: str | list[dict[str, str]]) -> str:
    """Write one key in YAML, of which JSON's strings are a part."""
    if isinstance(value, str):
        return f"{key}: {_text(value)}\n"
    members = "".join(f"  - {_braces(member)}\n" for member in value)
    return f"{key}:\n{members}"


def _braces(member: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {_text(value)}" for name, value in member.items()) + "}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
