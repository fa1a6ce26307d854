"""Every refusal of the OSF publisher, word for word; publish_refusals.txt holds them under the names of the cases.

A project's id is written as NODE, and a temporary folder as PLACE.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reporter.collectors.keys import Key
from reporter.errors import Refusal
from reporter.publish._session import Limits
from reporter.publish.blind import blind_deposit, blind_project
from reporter.publish.components import component, split
from reporter.publish.deliver import Wishes, deliver
from reporter.publish.doi import mint
from reporter.publish.identity import Term
from reporter.publish.metadata import Funder, ItemMetadata, set_metadata
from reporter.publish.osf import Description, Osf
from reporter.publish.plan import Listing, LocalFile, compare, local_files
from reporter.publish.registration import Draft, Planned, draft, submit
from reporter.publish.storage import check_room
from reporter.publish.stranger import read_as_stranger
from reporter.publish.viewonly import view_only
from tests.publish import contract_server as contract
from tests.publish._contract_parts import Fault

TEXT = Path(__file__).with_name("publish_refusals.txt")
EXPECTED = dict(re.findall(r"^## (.+)\n(.+)\n", TEXT.read_text("utf-8"), re.MULTILINE))
QUICK = Limits(attempts=2, timeout=5.0, first_wait=0.01, longest_wait=2.0, leave_wait=1.0)
TOLD = Description(title="Test data: a study")
PLANNED = Planned(title="Test data: a plan", responses={"summary": "x"}, subjects=("Psychology",))


class World:
    """An OSF, a project on it, and a folder to send."""

    def __init__(self, server, osf, folder, study):
        self.server, self.osf, self.folder, self.study = server, osf, folder, study
        self.node = osf.create(TOLD)
        folder.mkdir()
        (folder / "a.txt").write_text("a")

    @property
    def id(self):
        return self.node.id

    @property
    def files(self):
        return local_files(self.folder)

    def fault(self, what, path="", **more):
        self.server.faults = [Fault(what, path=path, times=99, **more)]

    def public(self):
        self.node = self.osf.open(self.id)
        return self.node

    def room(self, size, **usage):
        self.server.usage |= {self.id: usage.get("used", 0)}
        file = LocalFile(name="a", path=Path("a"), size=size, sha256="0")
        nothing = Listing(files={}, folders={})
        return check_room(self.osf, self.id, public=False, plan=compare([file], nothing), there=nothing)

    def deliver(self, **wishes):
        return deliver(self.osf, self.node, self.files, Wishes(description=TOLD, **wishes))

    def stranger(self, **limits):
        link = view_only(self.osf, self.node, ())
        return link, replace(QUICK, **limits)


def no_catalogue_field(w):
    w.server.keeps_item = ("language",)
    set_metadata(w.osf, w.id, ItemMetadata())


def not_public(w):
    w.server.keeps = ("title",)
    w.osf.open(w.id)


def two_components(w):
    for _ in range(2):
        w.osf.create(TOLD, inside=w.id)
    component(w.osf, w.id, TOLD)


def component_unknown(w):
    w.fault(502, "children", method="POST")
    component(w.osf, w.id, TOLD)


def doi_unknown(w):
    w.public()
    w.fault("lost", "identifiers", method="POST")
    w.server.dois = {}
    w.fault(502, "identifiers", method="POST")
    mint(w.osf, w.id)


def link_not_anonymous(w):
    w.server.anonymous_links = False
    view_only(w.osf, w.node, ())


def registered_twice(w):
    made = draft(w.osf, w.id, PLANNED)
    for _ in range(2):
        submit(w.osf, made, confirmed=w.id)


def draft_not_kept(w):
    w.server.keeps_draft = ("title",)
    draft(w.osf, w.id, PLANNED)


def stranger_used_up(w):
    link, limits = w.stranger()
    read_as_stranger(link, [w.node] * 20, (), api=w.server.api, limits=limits)


def stranger_shut_out(w):
    link, limits = w.stranger()
    w.server.links.clear()
    read_as_stranger(link, [w.node], (), api=w.server.api, limits=limits)


def stranger_without_file(w):
    w.deliver()
    link, limits = w.stranger()
    w.fault(404, "direct")
    read_as_stranger(link, [w.node], (), api=w.server.api, limits=limits)


def picture_of_the_author(w):
    (w.study / "inputs" / "token-scaling" / "photo.bin").write_bytes(b"\xff Vasquez")
    blind_project(w.study, "token-scaling", w.study / "place")


def comes_back_in(w):
    def make(project, target):
        target.mkdir()
        (target / "report.md").write_text("by A. J. Vasquez Sr., 10.17605/OSF.IO/T65VS")

    blind_deposit(w.study, "token-scaling", w.study / "blind", make)


CASES = {
    "component: no such folder": lambda w: split(w.files, {"data": "The data"}),
    "component: one title twice": lambda w: split(
        [replace(w.files[0], name=f"{folder}/a") for folder in "ab"], {"a": "Same", "b": "Same"}
    ),
    "component: two there": two_components,
    "component: unknown whether made": component_unknown,
    "catalogue: unknown kind": lambda w: ItemMetadata(resource_type_general="Data set"),
    "catalogue: funder without name": lambda w: Funder(funder_name=""),
    "catalogue: refused": lambda w: set_metadata(w.osf, w.id, ItemMetadata(language="xx")),
    "catalogue: not kept": no_catalogue_field,
    "storage: too much": lambda w: w.room(6 * 10**9),
    "storage: full": lambda w: w.room(1, used=5 * 10**9),
    "public: not taken": not_public,
    "doi: private": lambda w: mint(w.osf, w.id),
    "doi: unknown whether made": doi_unknown,
    "blind: and public": lambda w: Wishes(description=TOLD, blind=True, public=True),
    "blind: and funders": lambda w: Wishes(
        description=TOLD, blind=True, metadata=ItemMetadata(funders=(Funder(funder_name="F"),))
    ),
    "blind: public project": lambda w: (w.public(), w.deliver(blind=True)),
    "blind: link is not anonymous": link_not_anonymous,
    "blind: requests used up": stranger_used_up,
    "blind: link shows nothing": stranger_shut_out,
    "blind: file not shown": stranger_without_file,
    "blind: picture": picture_of_the_author,
    "blind: comes back in": comes_back_in,
    "registration: no subject": lambda w: replace(PLANNED, subjects=()),
    "registration: unknown subject": lambda w: draft(
        w.osf, w.id, replace(PLANNED, subjects=("Psychologie",))
    ),
    "registration: unknown schema": lambda w: draft(w.osf, w.id, replace(PLANNED, schema="Open-Ended")),
    "registration: unknown question": lambda w: draft(w.osf, w.id, replace(PLANNED, responses={"q": "x"})),
    "registration: question not answered": lambda w: draft(w.osf, w.id, replace(PLANNED, responses={})),
    "registration: not kept": draft_not_kept,
    "registration: not confirmed": lambda w: submit(w.osf, Draft(id="d1", node=w.id), confirmed="yes"),
    "registration: twice": registered_twice,
}


@pytest.fixture
def world(tmp_path, published, monkeypatch):
    monkeypatch.setattr("reporter.publish.stranger.PACE", 0.0)
    monkeypatch.setattr("tests.publish._contract_api.BURST", 10**6)
    monkeypatch.setattr("tests.publish._contract_api.LISTS", 10**6)
    published(tmp_path / "study")
    with (
        contract.contract_server() as server,
        Osf(Key(contract.TOKEN), api=server.api, limits=QUICK) as osf,
    ):
        yield World(server, osf, tmp_path / "deposit", tmp_path / "study")


@pytest.mark.parametrize("case", CASES)
def test_a_publication_refuses(case, world, tmp_path):
    with pytest.raises(Refusal) as caught:
        CASES[case](world)
    said = re.sub(r"\b[nd]\d{4}\b", "NODE", str(caught.value)).replace(str(tmp_path), "PLACE")
    assert said == EXPECTED[case]


def test_no_words_are_kept_for_a_case_that_is_gone():
    assert [*EXPECTED] == [*CASES]


def test_terms_are_not_said_again(world):
    with pytest.raises(Refusal) as caught:
        comes_back_in(world)
    assert Term("family name", "Vasquez").text not in str(caught.value)
