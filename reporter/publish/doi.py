"""A DOI for a project: asked for once, and never before the project is public."""

from __future__ import annotations

from reporter.publish.osf import Osf
from reporter.publish.plan import Incomplete, PublishError


def find_doi(osf: Osf, node: str) -> str | None:
    """Find the DOI that a project has."""
    for each in osf.pages(f"{osf.url(node)}identifiers/"):
        if each["attributes"]["category"] == "doi":
            return str(each["attributes"]["value"])
    return None


def mint(osf: Osf, node: str) -> str:
    """Give a public project a DOI; one that it has is kept.

    Raises
    ------
    PublishError
        The project is private.
    Incomplete
        It is not known whether OSF made one, and it shows none.
    """
    found = find_doi(osf, node)
    if found is not None:
        return found
    if not osf.node(node).public:
        raise PublishError("A private project gets no DOI.", where=node, remedy="Add --public.")
    data = {"type": "identifiers", "attributes": {"category": "doi"}}
    try:
        return str(osf.make(f"{osf.url(node)}identifiers/", data, "DOI", where=node)["attributes"]["value"])
    except Incomplete:
        found = find_doi(osf, node)
        if found is None:
            raise
        return found
