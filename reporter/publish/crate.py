"""ro-crate-metadata.json: what each file of a deposit is, for machines (RO-Crate 1.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from reporter.errors import ProjectError
from reporter.publish.readme import CONTENTS
from reporter.publish.tabular import LICENSE
from reporter.study import Study

VERSION = "1.3"
MEDIA = {  # a table of our own: that of the system differs from machine to machine
    ".cff": "application/yaml", ".csv": "text/csv", ".html": "text/html", ".jinja": "text/plain",
    ".json": "application/json", ".md": "text/markdown", ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf", ".png": "image/png", ".svg": "image/svg+xml", ".toml": "application/toml",
    ".txt": "text/plain", ".css": "text/css",
}  # fmt: skip


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
    try:
        from rocrate.model import ContextEntity, Person
        from rocrate.rocrate import ROCrate
    except ModuleNotFoundError as error:
        raise ProjectError(
            f"{error.name} is not installed.", remedy="Install it: pip install 'entropy-reporter[publish]'."
        ) from error
    about = study.about
    crate = ROCrate(version=VERSION)
    root = crate.root_dataset
    root["name"] = about.title
    root["description"] = about.hypothesis
    root["datePublished"] = about.date.isoformat()
    said = {"@type": "CreativeWork", "name": LICENSE["title"], "identifier": LICENSE["name"]}
    root["license"] = crate.add(ContextEntity(crate, LICENSE["path"], properties=said))
    for number, author in enumerate(about.authors, 1):
        person = crate.add(Person(crate, f"#author-{number}", properties={"name": author.name}))
        if author.role:
            person["description"] = author.role
        if author.affiliation:
            said = {"@type": "Organization", "name": author.affiliation}
            person["affiliation"] = crate.add(ContextEntity(crate, f"#affiliation-{number}", properties=said))
        root.append_to("author", person, compact=True)
    if about.doi:
        root["isBasedOn"] = f"https://doi.org/{about.doi}"
    for name, digest in files.items():
        crate.add_file(place / name, dest_path=name, properties=_file(place, name, digest))
    described = crate.metadata.generate()
    return json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _file(place: Path, name: str, digest: str) -> dict[str, str]:
    path = place / name
    return {
        "name": path.name,
        "description": next(what for names, what in CONTENTS if name.startswith(names)),
        "encodingFormat": MEDIA.get(path.suffix, "application/octet-stream"),
        "contentSize": str(path.stat().st_size),
        "sha256": digest,
    }
