"""A project on OSF: who we are, the project, what it says of itself, and what lies in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from reporter.collectors.keys import Key
from reporter.names import did_you_mean
from reporter.publish._session import Answer, Limits, Session, link, refuse
from reporter.publish.plan import Incomplete, Listing, PublishError, RemoteFile, RemoteFolder

API = "https://api.osf.io/v2/"
TOKEN = "OSF_TOKEN"  # the variable, or the keyring's name for it
STORAGE = "osfstorage"
ID_FORM = re.compile(r"[A-Za-z0-9]+")
NAMES = ("full_name", "family_name", "given_name", "middle_names")
LONGEST_TITLE = 512  # characters
CATEGORIES = (
    "analysis", "communication", "data", "hypothesis", "instrumentation", "methods and measures", "procedure",
    "project", "software", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a project says of itself. ``licence`` is a name of OSF's list; some name a year and people."""

    title: str
    description: str = ""
    category: str = "project"
    tags: tuple[str, ...] = ()
    licence: str | None = None
    year: str | None = None
    copyright_holders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.title.strip() or len(self.title) > LONGEST_TITLE:
            raise PublishError(f"A title has 1 to {LONGEST_TITLE} characters.", where="title")
        if self.category not in CATEGORIES:
            raise PublishError(
                f'"{self.category}" is no category of OSF.',
                where="category",
                remedy=did_you_mean(self.category, CATEGORIES),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A project or component."""

    id: str
    title: str
    public: bool
    url: str  # for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose token it is."""

    id: str
    names: tuple[str, ...]


class Osf:
    """One installation of OSF, asked with one token.

    Parameters
    ----------
    token : Key
        A personal token, e.g. ``find_key(TOKEN, needed=True)``.
    api : str
        Where its API is.
    workers : int, optional
        How many files are sent at once.
    view_only : str
        The key of a view-only link, with which a stranger reads what is private.
    """

    def __init__(
        self,
        token: Key,
        *,
        api: str = API,
        limits: Limits | None = None,
        workers: int | None = None,
        view_only: str = "",
    ) -> None:
        limits = limits or Limits()
        self.limits = limits if workers is None else replace(limits, workers=workers)
        self.session = Session(api, token, self.limits, view_only=view_only)

    def __enter__(self) -> Osf:
        return self

    def __exit__(self, *raised: object) -> None:
        self.session.close()

    def me(self) -> str:
        """Check the token, once, and say whose it is.

        Raises
        ------
        PublishError
            The token is not accepted, or OSF cannot be reached.
        """
        return self.account().id

    def account(self) -> Account:
        """Say who holds the token, by id and by every name that the account has."""
        found = self.get(f"{self.session.api}users/me/", "The token cannot be checked.")
        names = [str((found.get("attributes") or {}).get(name) or "") for name in NAMES]
        return Account(id=str(found["id"]), names=tuple(filter(None, names)))

    def node(self, node: str) -> Node:
        """Find a project that exists.

        Raises
        ------
        PublishError
            There is none, it was deleted, or the token may not see it.
        """
        return node_of(self.get(self.url(node), "The project cannot be read.", where=node))

    def create(self, description: Description, *, inside: str | None = None) -> Node:
        """Make a private project, or a component inside one.

        Raises
        ------
        Incomplete
            It is not known whether it was made: it is not asked for again, there would be two.
        """
        attributes = {"title": description.title, "category": description.category, "public": False}
        url = f"{self.session.api}nodes/" if inside is None else f"{self.url(inside)}children/"
        what = "project" if inside is None else "component"
        node = node_of(self.make(url, {"type": "nodes", "attributes": attributes}, what, where=inside))
        if node.public:
            raise PublishError(f"OSF made the {what} public.", where=node.id)
        return node

    def open(self, node: str) -> Node:
        """Make a project public, for good: we never take it back.

        Raises
        ------
        PublishError
            OSF refuses it.
        Incomplete
            OSF took it, and the project is not public.
        """
        found = self.node(node)
        if not found.public:
            body = {"data": {"type": "nodes", "id": node, "attributes": {"public": True}}}
            self.change(self.url(node), body, "The project cannot be made public.", where=node)
            found = self.node(node)
        if not found.public:
            raise Incomplete("OSF did not make the project public.", where=node)
        return found

    def describe(self, node: str, description: Description) -> tuple[str, ...]:
        """Let a project say of itself what it should, and read it back: OSF may ignore some of it in silence.

        Returns
        -------
        tuple of str
            The fields that were changed; none if it said so already.

        Raises
        ------
        Incomplete
            OSF took it, and says something else.
        """
        licence = None if description.licence is None else self.licence(description.licence)
        before = self.get(self.url(node), "The project cannot be read.", where=node)
        wrong = _differences(before, description, licence)
        if not wrong:
            return ()
        body = {"data": _patch(node, description, licence)}
        self.change(self.url(node), body, "The description is not taken.", where=node)
        after = self.get(self.url(node), "The project cannot be read.", where=node)
        left = _differences(after, description, licence)
        if left:
            raise Incomplete(f"OSF did not keep: {', '.join(left)}.", where=node)
        return wrong

    def licence(self, name: str) -> str:
        """Find the id of a licence: each server has its own.

        Raises
        ------
        PublishError
            There is no licence of this name; the message lists those that there are.
        """
        url = link(f"{self.session.api}licenses/", **{"page[size]": "100"})
        ids = {str(each["attributes"]["name"]): str(each["id"]) for each in self.pages(url)}
        if name not in ids:
            raise PublishError(
                f'"{name}" is no licence of OSF.', where="licence", remedy=did_you_mean(name, ids)
            )
        return ids[name]

    def pages(self, url: str) -> Iterator[Mapping[str, Any]]:
        """Read a list of the API to its last page."""
        seen: set[str] = set()
        following: str | None = url
        while following and following not in seen:
            seen.add(following)
            answer = self.session.ask("GET", following)
            if not answer.fine:
                raise refuse(answer, "A list cannot be read.")
            if not isinstance(answer.data, list):
                raise Incomplete("OSF answers with no list.", where=urlsplit(following).path)
            yield from answer.data
            following = (answer.content.get("links") or {}).get("next")

    def listing(self, node: str) -> Listing:
        """List all files and folders of a project, with their digests."""
        providers = self.pages(f"{self.url(node)}files/")
        upload = [each["links"] for each in providers if each["attributes"]["name"] == STORAGE]
        if not upload:
            raise PublishError("The project has no storage of OSF's own.", where=node)
        root = RemoteFolder(name="", upload=upload[0]["upload"], new_folder=upload[0]["new_folder"])
        files: dict[str, RemoteFile] = {}
        folders, waiting, date = {"": root}, [root], ""
        while waiting:
            inside = self.look_into(waiting.pop())
            files |= inside.files
            folders |= inside.folders
            waiting += inside.folders.values()
            date = inside.date
        return Listing(files=files, folders=folders, date=date)

    def look_into(self, folder: RemoteFolder) -> Listing:
        """List one folder, without what lies in its folders. The file server gives it in one piece."""
        url = urlsplit(folder.upload)._replace(query="").geturl()
        answer = self.session.ask("GET", url)
        if not answer.fine:
            raise refuse(answer, "A folder cannot be listed.", where=folder.name or None)
        if not isinstance(answer.data, list):
            raise Incomplete("OSF answers with no list.", where=folder.name or None)
        found = [remote(each, folder.name) for each in answer.data]
        if len({each.name for each in found}) < len(found):
            raise PublishError("OSF lists two things of one name.", where=folder.name or None)
        return Listing(
            files={each.name: each for each in found if isinstance(each, RemoteFile)},
            folders={each.name: each for each in found if isinstance(each, RemoteFolder)},
            date=answer.date,
        )

    def url(self, node: str) -> str:
        """Give the address of a project in the API."""
        if not ID_FORM.fullmatch(node):
            raise PublishError(f'"{node}" is no id of a project.', remedy="An id is the end of its address.")
        return f"{self.session.api}nodes/{node}/"

    def get(self, url: str, what: str, *, where: str | None = None) -> Mapping[str, Any]:
        """Read one thing; ``what`` says what is the matter if it cannot be read."""
        answer = self.session.ask("GET", url)
        if not answer.fine or not isinstance(answer.data, dict):
            raise refuse(answer, what, where=where)
        return answer.data

    def change(self, url: str, body: Any, what: str, *, where: str, method: str = "PATCH") -> Answer:
        """Ask for a change that does no harm if it is asked for twice."""
        answer = self.session.ask(method, url, body)
        if not answer.fine:
            raise refuse(answer, what, where=where)
        return answer

    def make(self, url: str, data: Any, what: str, *, where: str | None = None) -> Mapping[str, Any]:
        """Ask once for a thing of which there would be two if it were asked for twice.

        Raises
        ------
        Incomplete
            It is not known whether it was made.
        """
        answer = self.session.ask_once("POST", url, json={"data": data})
        for attempt in range(self.limits.attempts - 1):
            if answer.status != 429:  # only this says for certain that nothing was made
                break
            self.session.pause(attempt, answer)
            answer = self.session.ask_once("POST", url, json={"data": data})
        if answer.status == 0 or answer.status >= 500 or (answer.fine and not isinstance(answer.data, dict)):
            raise Incomplete(
                f"It is not known whether OSF made the {what}.",
                where=where,
                remedy="Look at OSF whether it is there, and publish again; a project is given with --node.",
            )
        if not answer.fine:
            raise refuse(answer, f"The {what} cannot be made.", where=where)
        made: Mapping[str, Any] = answer.data
        return made


def remote(entity: Mapping[str, Any], folder: str) -> RemoteFile | RemoteFolder:
    """Read what the file server says of a file or folder."""
    try:
        return _remote(entity, folder)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Incomplete("OSF says something else of a file than we know.", where=folder or None) from None


def _remote(entity: Mapping[str, Any], folder: str) -> RemoteFile | RemoteFolder:
    attributes, links = entity["attributes"], entity["links"]
    name = f"{folder}/{attributes['name']}" if folder else str(attributes["name"])
    if attributes["kind"] == "folder":
        return RemoteFolder(name=name, upload=links["upload"], new_folder=links["new_folder"])
    extra = attributes.get("extra") or {}
    version = extra.get("version")
    return RemoteFile(
        name=name,
        id=str(entity["id"]).rpartition("/")[2],
        size=attributes.get("size"),
        sha256=(extra.get("hashes") or {}).get("sha256"),
        version=None if version is None else int(version),
        upload=links["upload"],
    )


def node_of(data: Mapping[str, Any]) -> Node:
    """Read what the API says of a project or component."""
    attributes = data["attributes"]
    url = str((data.get("links") or {}).get("html") or "")
    return Node(id=data["id"], title=attributes["title"], public=attributes["public"] is True, url=url)


def _patch(node: str, description: Description, licence: str | None) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "title": description.title,
        "description": description.description,
        "category": description.category,
        "tags": list(description.tags),
    }
    data: dict[str, Any] = {"type": "nodes", "id": node, "attributes": attributes}
    if licence is not None:
        data["relationships"] = {"license": {"data": {"type": "licenses", "id": licence}}}
        if description.year is not None:
            holders = list(description.copyright_holders)
            attributes["node_license"] = {"year": description.year, "copyright_holders": holders}
    return data


def _differences(data: Mapping[str, Any], wanted: Description, licence: str | None) -> tuple[str, ...]:
    """Name the fields in which a project does not say what it should. OSF sorts tags."""
    attributes = data["attributes"]
    relationship = ((data.get("relationships") or {}).get("license") or {}).get("data") or {}
    terms = attributes.get("node_license") or {}
    found = {
        "title": attributes["title"] == wanted.title,
        "description": (attributes["description"] or "") == wanted.description,
        "category": attributes["category"] == wanted.category,
        "tags": sorted(attributes["tags"]) == sorted(set(wanted.tags)),
        "licence": licence is None or relationship.get("id") == licence,
        "year": wanted.year is None or terms.get("year") == wanted.year,
        "copyright_holders": wanted.year is None
        or tuple(terms.get("copyright_holders") or ()) == wanted.copyright_holders,
    }
    return tuple(each.name for each in fields(wanted) if not found[each.name])
