"""The metadata of a deposit as Zenodo's deposit API takes them: written to a file, never sent."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reporter.about import About, Author
from reporter.errors import OutputError
from reporter.publish.licence import of_data

LANGUAGES = {"de": "deu", "en": "eng", "es": "spa", "fr": "fra", "it": "ita", "nl": "nld", "pt": "por"}


def zenodo_json(about: About) -> str:
    """Write the body of the request that describes an upload to Zenodo.

    The DOI that study.toml declares is that of the study, not of this upload, which gets one of its own.

    References
    ----------
    https://developers.zenodo.org/#representation
    """
    return json.dumps({"metadata": _metadata(about)}, indent=1, ensure_ascii=False) + "\n"


def _metadata(about: About) -> dict[str, Any]:
    told = {
        "upload_type": "dataset",
        "publication_date": about.date.isoformat(),
        "title": about.title,
        "creators": [_creator(author) for author in about.authors],
        "description": "".join(_paragraphs(about.subtitle, about.hypothesis, about.data_availability)),
        "access_right": "open",
        "license": of_data(about).spdx.lower(),
        "keywords": list(about.keywords),
        "notes": "".join(_paragraphs(*_notes(about))),
        "related_identifiers": list(_related(about)),
        "version": f"{about.date.year}.{about.date.month}.{about.date.day}",
        "language": LANGUAGES.get(about.language, ""),
    }
    return {name: value for name, value in told.items() if value}


def _creator(author: Author) -> dict[str, str]:
    """Name the family first, where study.toml says which part of a name that is."""
    given, family, suffix = author.parts
    others = " ".join(filter(None, (given, suffix)))
    told = {
        "name": ", ".join(filter(None, (family, others))) or author.name,
        "affiliation": "; ".join(author.affiliations),
        "orcid": author.orcid,
    }
    return {name: value for name, value in told.items() if value}


def _notes(about: About) -> Iterator[str]:
    for funding in about.funding:
        yield f"Funding: {funding.words}"
    if about.competing_interests:
        yield f"Competing interests: {about.competing_interests}"


def _related(about: About) -> Iterator[dict[str, str]]:
    if about.doi:
        yield {"identifier": about.doi, "relation": "isDerivedFrom"}
    if about.osf:
        yield {"identifier": about.osf, "relation": "isDerivedFrom"}
    if about.preregistration:
        link = about.preregistration.removeprefix("https://doi.org/")
        yield {"identifier": link, "relation": "isDocumentedBy"}


def _paragraphs(*texts: str) -> Iterator[str]:
    for text in texts:
        if text.strip():
            yield f"<p>{html.escape(' '.join(text.split()), quote=False)}</p>"


def write(path: Path, text: str) -> None:
    """Write the metadata where nothing else is lost by it.

    Raises
    ------
    OutputError
        Another file stands there, or the system refuses.
    """
    try:
        if path.exists() and not _is_ours(path):
            raise OutputError(
                "Something else stands there, and is left alone.", where=path, remedy="Name another file."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"The metadata cannot be written ({error.strerror}).", where=path) from error


def _is_ours(path: Path) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(found, dict) and found.keys() == {"metadata"}
