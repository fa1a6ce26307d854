"""A preregistration on OSF: a draft that can be changed, and its submission, which cannot be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporter.names import did_you_mean
from reporter.publish._session import link
from reporter.publish.osf import Osf
from reporter.publish.plan import Incomplete, PublishError

SCHEMA = "Open-Ended Registration"
DRAFTS = "draft-registrations"
PAGE = {"page[size]": "100"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be registered.

    ``responses`` answer the questions of the schema by their keys; the open-ended one asks for a ``summary``.
    ``subjects`` are names of OSF's taxonomy.
    """

    title: str
    responses: Mapping[str, Any]
    subjects: tuple[str, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        if not self.subjects:
            raise PublishError(
                "A registration has at least one subject.",
                where="subjects",
                remedy="Name one of OSF's taxonomy, e.g. Psychology.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft that is on OSF; nobody but its authors sees it."""

    id: str
    node: str  # the project that it would freeze


def draft(osf: Osf, node: str, planned: Planned, *, known: str | None = None) -> Draft:
    """Write a draft registration of a project, and read it back.

    Parameters
    ----------
    known : str, optional
        The id of a draft that was made before; it is changed, and no second one is made.

    Raises
    ------
    PublishError
        OSF has no such schema or subject, or a question is not answered.
    Incomplete
        It is not known whether the draft was made, or OSF did not keep what it was told.
    """
    schema = _schema(osf, planned.schema)
    _check_responses(osf, schema, planned.responses)
    subjects = [_subject(osf, name) for name in planned.subjects]
    if known is None:
        known = _make_draft(osf, node, schema)
    url = f"{osf.session.api}draft_registrations/{known}/"
    attributes = {  # a draft takes these from its project, and ignores them when it is made
        "title": planned.title,
        "description": planned.description,
        "tags": list(planned.tags),
        "registration_responses": dict(planned.responses),
    }
    body = {"data": {"type": DRAFTS, "id": known, "attributes": attributes}}
    osf.change(url, body, "The draft is not taken.", where=known)
    members = {"data": [{"type": "subjects", "id": each} for each in subjects]}
    osf.change(f"{url}relationships/subjects/", members, "The subjects are not taken.", where=known)
    _check_kept(osf.get(url, "The draft cannot be read.", where=known), planned)
    return Draft(id=known, node=node)


def submit(osf: Osf, made: Draft, *, confirmed: str, components: Sequence[str] = ()) -> str:
    """Register a project as a draft says, for good, and give the registration's id.

    OSF freezes a copy of the project. Its admins approve it, or 48 hours do; afterwards it can be withdrawn,
    but a mark of it stays.

    Parameters
    ----------
    confirmed : str
        The project's id, typed by a person.

    Raises
    ------
    PublishError
        It was not confirmed, or OSF refuses it.
    Incomplete
        It is not known whether it was registered: it is not asked for again.
    """
    if confirmed != made.node:
        raise PublishError(
            "The registration was not confirmed, and nothing was registered.",
            where=made.node,
            remedy="A registration cannot be undone. Give the id of the project: --confirm.",
        )
    attributes: dict[str, Any] = {"draft_registration_id": made.id}
    if components:
        attributes["included_node_ids"] = [made.node, *components]
    data = {"type": "registrations", "attributes": attributes}
    found = osf.make(f"{osf.session.api}registrations/", data, "registration", where=made.node)
    return str(found["id"])


def _make_draft(osf: Osf, node: str, schema: str) -> str:
    data = {
        "type": DRAFTS,
        "attributes": {},
        "relationships": {
            "registration_schema": {"data": {"type": "registration-schemas", "id": schema}},
            "branched_from": {"data": {"type": "nodes", "id": node}},
            "provider": {"data": {"type": "registration-providers", "id": "osf"}},
        },
    }
    return str(osf.make(f"{osf.session.api}draft_registrations/", data, "draft", where=node)["id"])


def _schema(osf: Osf, name: str) -> str:
    """Find the newest version of a schema: each server has its own ids."""
    found: dict[str, list[tuple[int, str]]] = {}
    for each in osf.pages(link(f"{osf.session.api}schemas/registrations/", **PAGE)):
        said = each["attributes"]
        found.setdefault(said["name"], []).append((int(said["schema_version"]), str(each["id"])))
    if name not in found:
        raise PublishError(f'OSF has no schema "{name}".', where="schema", remedy=did_you_mean(name, found))
    return max(found[name])[1]


def _check_responses(osf: Osf, schema: str, responses: Mapping[str, Any]) -> None:
    url = link(f"{osf.session.api}schemas/registrations/{schema}/schema_blocks/", **PAGE)
    asked = [each["attributes"] for each in osf.pages(url)]
    keys = {each["registration_response_key"]: each["required"] for each in asked}
    keys.pop(None, None)  # a heading asks nothing
    for key in responses:
        if key not in keys:
            raise PublishError(
                f'The schema does not ask for "{key}".', where="responses", remedy=did_you_mean(key, keys)
            )
    missing = [key for key, needed in keys.items() if needed and not responses.get(key)]
    if missing:
        raise PublishError(f"The schema asks for {', '.join(missing)}.", where="responses")


def _subject(osf: Osf, name: str) -> str:
    """Find the id of a subject by its name; the search also gives names that only contain it."""
    url = link(f"{osf.session.api}subjects/", **PAGE, **{"filter[text]": name})
    found = {str(each["attributes"]["text"]): str(each["id"]) for each in osf.pages(url)}
    if name not in found:
        near = did_you_mean(name, found) if found else "Write it as OSF's list of subjects does."
        raise PublishError(f'OSF has no subject "{name}".', where="subjects", remedy=near)
    return found[name]


def _check_kept(data: Mapping[str, Any], planned: Planned) -> None:
    said = data["attributes"]
    kept = {
        "title": said["title"] == planned.title,
        "description": (said["description"] or "") == planned.description,
        "tags": sorted(said["tags"]) == sorted(set(planned.tags)),
        **{key: said["registration_responses"].get(key) == value for key, value in planned.responses.items()},
    }
    lost = [name for name, fine in kept.items() if not fine]
    if lost:
        raise Incomplete(f"OSF did not keep: {', '.join(lost)}.", where=data["id"])
