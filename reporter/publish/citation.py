"""CITATION.cff: how the deposit is to be cited, in the Citation File Format 1.2.0."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from reporter.about import About, Author
from reporter.errors import StudyError
from reporter.study import Study

MESSAGE = (
    "If you use these data or this report, please cite it as below, and the sources that README.md names."
)

Entry = str | Sequence[str] | Sequence[Mapping[str, str]]


def citation_cff(study: Study) -> str:
    """Write the citation of a study.

    A person whose family name study.toml does not tell is an entity with a name, as a group is. The DOI that
    study.toml declares is that of the study, so it is an identifier and not the deposit's own.

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
    lines: dict[str, Entry] = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": about.title,
        "abstract": about.hypothesis,
        "authors": [_author(author) for author in about.authors],
        "date-released": about.date.isoformat(),
        "license": about.licence.data,
        "keywords": list(dict.fromkeys(about.keywords)),
        "url": about.osf,
        "identifiers": _identifiers(about),
    }
    return "".join(_entry(key, value) for key, value in lines.items() if value)


def _author(author: Author) -> dict[str, str]:
    given, family, suffix = author.parts
    names = {"family-names": family, "given-names": given, "name-suffix": suffix}
    told = {
        **(names | {"affiliation": "; ".join(author.affiliations)} if family else {"name": author.name}),
        "orcid": f"https://orcid.org/{author.orcid}" if author.orcid else "",
    }
    return {name: value for name, value in told.items() if value}


def _identifiers(about: About) -> list[dict[str, str]]:
    found = (
        {"type": "doi", "value": about.doi, "description": "The study"},
        {"type": "url", "value": about.preregistration, "description": "The preregistration"},
    )
    return [each for each in found if each["value"]]


def _entry(key: str, value: Entry) -> str:
    """Write one key in YAML, of which JSON's strings are a part."""
    if isinstance(value, str):
        return f"{key}: {_text(value)}\n"
    members = "".join(f"  - {_text(each) if isinstance(each, str) else _braces(each)}\n" for each in value)
    return f"{key}:\n{members}"


def _braces(member: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {_text(value)}" for name, value in member.items()) + "}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
