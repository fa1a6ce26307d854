"""ro-crate-metadata.json: what each file of a deposit is, for machines (RO-Crate 1.3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reporter.about import About, Author
from reporter.publish.licence import of_data
from reporter.publish.packages import check_installed
from reporter.publish.readme import CONTENTS
from reporter.study import Study

VERSION = "1.3"
MEDIA = {  # a table of our own: that of the system differs from machine to machine
    ".cff": "application/yaml", ".csv": "text/csv", ".html": "text/html", ".jinja": "text/plain",
    ".json": "application/json", ".md": "text/markdown", ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf", ".png": "image/png", ".svg": "image/svg+xml", ".toml": "application/toml",
    ".txt": "text/plain", ".css": "text/css",
}  # fmt: skip
KINDS = {"person": "Person", "group": "Organization"}
Entity = dict[str, Any]


def crate_json(study: Study, place: Path, files: Mapping[str, str]) -> str:
    """Describe a deposit as an RO-Crate; nothing in it comes from the clock or from chance.

    Parameters
    ----------
    place : Path
        Where the files stand.
    files : mapping of str to str
        SHA-256 of each file by its path.

    Raises
    ------
    ProjectError
        The package rocrate is not installed.
    """
    check_installed("rocrate")
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=VERSION)
    for name, value in _root(study.about).items():
        crate.root_dataset[name] = value
    for entity in _entities(study.about):
        said = {name: value for name, value in entity.items() if value and name != "@id"}
        crate.add(ContextEntity(crate, entity["@id"], properties=said))
    for name, digest in files.items():
        crate.add_file(place / name, dest_path=name, properties=_file(place, name, digest))
    described = crate.metadata.generate()
    return json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _root(about: About) -> Entity:
    """Say what the whole deposit is."""
    grants = [{"@id": f"#grant-{number}"} for number, _ in enumerate(about.funding, 1)]
    told = {
        "name": about.title,
        "description": about.hypothesis,
        "datePublished": about.date.isoformat(),
        "license": {"@id": of_data(about).url},
        "keywords": ", ".join(about.keywords),
        "author": _one_or_all([{"@id": author["@id"]} for author in _authors(about)]),
        "funding": _one_or_all(grants),
        "isBasedOn": f"https://doi.org/{about.doi}" if about.doi else "",
        "subjectOf": {"@id": about.preregistration} if about.preregistration else "",
    }
    return {name: value for name, value in told.items() if value}


def _entities(about: About) -> Iterator[Entity]:
    """Give whatever the deposit refers to: licence, authors, where they work, grants, the preregistration."""
    licence = of_data(about)
    yield {
        "@id": licence.url, "@type": "CreativeWork", "name": licence.title, "identifier": licence.spdx,
    }  # fmt: skip
    yield from _authors(about)
    for name, identifier in _affiliations(about).items():
        yield {"@id": identifier, "@type": "Organization", "name": name}
    for number, funding in enumerate(about.funding, 1):
        yield {"@id": f"#funder-{number}", "@type": "Organization", "name": funding.funder}
        yield {
            "@id": f"#grant-{number}", "@type": "Grant", "name": funding.words, "identifier": funding.award,
            "funder": {"@id": f"#funder-{number}"},
        }  # fmt: skip
    if about.preregistration:
        yield {"@id": about.preregistration, "@type": "CreativeWork", "name": "Preregistration"}


def _authors(about: About) -> Iterator[Entity]:
    places = _affiliations(about)
    for number, author in enumerate(about.authors, 1):
        given, family, _ = author.parts
        yield {
            "@id": _identifier(author, number), "@type": KINDS[author.kind], "name": author.name,
            "givenName": given, "familyName": family, "description": author.role,
            "affiliation": _one_or_all([{"@id": places[name]} for name in author.affiliations]),
        }  # fmt: skip


def _identifier(author: Author, number: int) -> str:
    return f"https://orcid.org/{author.orcid}" if author.orcid else f"#author-{number}"


def _affiliations(about: About) -> dict[str, str]:
    names = dict.fromkeys(name for author in about.authors for name in author.affiliations)
    return {name: f"#affiliation-{number}" for number, name in enumerate(names, 1)}


def _one_or_all(members: list[Entity]) -> Any:
    return members[0] if len(members) == 1 else members


def _file(place: Path, name: str, digest: str) -> dict[str, str]:
    path = place / name
    return {
        "name": path.name,
        "description": next(what for names, what in CONTENTS if name.startswith(names)),
        "encodingFormat": MEDIA.get(path.suffix, "application/octet-stream"),
        "contentSize": str(path.stat().st_size),
        "sha256": digest,
    }
