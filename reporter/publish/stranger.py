"""Read a view-only link as a reviewer does, without a token, and look for who made the study."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from reporter.collectors.keys import Key
from reporter.publish._session import PASSING, Answer, Limits, link, refuse
from reporter.publish.identity import Search, Term, words
from reporter.publish.osf import Node, Osf
from reporter.publish.plan import PublishError, RemoteFile
from reporter.publish.viewonly import ViewOnly

PER_HOUR = 100  # requests to the API that OSF grants a stranger
PACE = 0.35  # seconds; lists of files are refused above 3 a second
PAGES = ("contributors/", "logs/", "identifiers/", "citation/", "children/", "wikis/")
REVISIONS = "The history of each file tells the uploader's name and id to whoever has the link."
MEND = "Only OSF can mend that; until then, upload from an account that has no name of yours."


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """Something that tells who made the study."""

    place: str  # node, and file or page
    what: str
    ours: bool  # False: OSF tells it, whatever we upload


@dataclass(frozen=True, slots=True)
class Read:
    """What a stranger read, and what it told."""

    files: int
    versions: int
    requests: int  # to the API
    leaks: tuple[Leak, ...]

    @property
    def blind(self) -> bool:
        """Is there nothing that we could mend?"""
        return not any(leak.ours for leak in self.leaks)

    def lines(self) -> Iterator[str]:
        """Say it, our own leaks first."""
        for leak in sorted(self.leaks, key=lambda leak: (not leak.ours, leak)):
            if leak.ours:
                yield f"leak  {leak.place}: {leak.what}"
        theirs = [leak for leak in self.leaks if not leak.ours]
        if theirs:
            yield f"OSF   {REVISIONS} ({len(theirs)} files.) {MEND}"
        yield f"Read as a stranger: {self.files} files in {self.versions} versions, {self.requests} requests."


def read_as_stranger(
    made: ViewOnly, nodes: Sequence[Node], terms: Sequence[Term], *, api: str, limits: Limits
) -> Read:
    """Fetch all that a view-only link shows, files in all their versions, and search it.

    Parameters
    ----------
    nodes : sequence of Node
        The project and its components.
    terms : sequence of Term
        What must not be there.

    Raises
    ------
    Incomplete
        OSF does not answer, or the requests that it grants a stranger are used up.
    """
    slowly = replace(limits, per_hour=PER_HOUR, pace=PACE)
    with Osf(Key(), api=api, limits=slowly, view_only=made.key) as osf:
        reader = _Reader(osf, Search(terms))
        for node in nodes:
            reader.read(node)
        leaks = {*reader.leaks, *_open_to_all(nodes, api, limits)}
        return Read(reader.files, reader.versions, osf.session.asked, tuple(sorted(leaks)))


class _Reader:
    """Reads node by node, and keeps what it finds."""

    def __init__(self, osf: Osf, search: Search) -> None:
        self.osf, self.search = osf, search
        self.leaks: set[Leak] = set()
        self.files = self.versions = 0
        self.place = ""

    def read(self, node: Node) -> None:
        self.place = node.id
        url = self.osf.url(node.id)
        answer = self._ask(url, "the project", allowed={200})
        if (answer.content.get("meta") or {}).get("anonymous") is not True:
            self._found("the project", "the link is not anonymous", ours=True)
        for page in PAGES:
            following: str | None = f"{url}{page}"
            while following:
                answer = self._ask(following, page.rstrip("/"), allowed={200, 401, 403, 404})
                for each in answer.data if page == "wikis/" and answer.fine else ():
                    wiki = f"{self.osf.session.api}wikis/{each['id']}/content/"
                    self._body(wiki, f"wiki {each['attributes']['name']}")
                following = (answer.content.get("links") or {}).get("next")
        listing = self.osf.listing(node.id)
        for folder in listing.folders:
            if found := self.search.in_text(folder):
                self._found(folder, words(found), ours=True)
        for file in listing.files.values():
            self._file(file)

    def _file(self, file: RemoteFile) -> None:
        self.files += 1
        url = urlsplit(file.upload)._replace(query="").geturl()
        self._ask(link(url, meta=""), file.name, allowed={200})
        self._revisions(link(url, revisions=""), file.name)
        for version in range(1, (file.version or 1) + 1):
            self.versions += 1
            older = "" if version == file.version else f", version {version}"
            self._body(link(url, version=str(version), direct=""), f"{file.name}{older}")

    def _revisions(self, url: str, name: str) -> None:
        """Read the history; who uploaded each version is OSF's own leak, anything else in it is ours."""
        answer = self._ask(url, name, allowed={200}, look=False)
        for each in answer.data if isinstance(answer.data, list) else []:
            extra = (each.get("attributes") or {}).get("extra") or {}
            user = extra.pop("user", None)
            if user and any((user if isinstance(user, dict) else {"": user}).values()):
                self._found(name, "the history names the uploader", ours=False)
        self._look(answer, f"{name}, history")

    def _body(self, url: str, name: str) -> None:
        with tempfile.TemporaryDirectory(prefix="stranger-") as place:
            path = Path(place) / "file"
            answer = self._fetch(url, path)
            if not answer.fine:
                raise self._refused(answer, name)
            if found := self.search.in_file(path, name):
                self._found(name, words(found), ours=True)

    def _fetch(self, url: str, path: Path) -> Answer:
        answer = Answer(status=0)
        for attempt in range(self.osf.limits.attempts):
            with path.open("wb") as target:
                answer = self.osf.session.download(url, target)
            if answer.status not in PASSING:
                break
            self.osf.session.pause(attempt, answer)
        return answer

    def _ask(self, url: str, what: str, *, allowed: set[int], look: bool = True) -> Answer:
        answer = self.osf.session.ask("GET", url)
        if answer.status not in allowed:
            raise self._refused(answer, what)
        if look:
            self._look(answer, what)
        return answer

    def _refused(self, answer: Answer, what: str) -> PublishError:
        if answer.status in PASSING:
            return refuse(answer, f"{what} cannot be read through the link.", where=self.place)
        told = f"The link does not show {what} (OSF answers {answer.status})."
        return PublishError(told, where=self.place, remedy="Publish again: it is then made to show all.")

    def _look(self, answer: Answer, what: str) -> None:
        if found := self.search.in_text(json.dumps(answer.content, ensure_ascii=False)):
            self._found(what, words(found), ours=True)

    def _found(self, what: str, told: str, *, ours: bool) -> None:
        self.leaks.add(Leak(f"{self.place}/{what}", told, ours))


def _open_to_all(nodes: Sequence[Node], api: str, limits: Limits) -> Iterator[Leak]:
    """Ask without the link as well: what answers then is no secret."""
    with Osf(Key(), api=api, limits=limits) as osf:
        for node in nodes:
            if osf.session.ask("GET", osf.url(node.id)).fine:
                yield Leak(f"{node.id}/the project", "everybody can read it, without the link", ours=True)
