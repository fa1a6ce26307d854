"""The link for reviewers, read as a reviewer reads it: what OSF tells itself, and what we would have told."""

from __future__ import annotations

import traceback
from dataclasses import replace

import pytest

from reporter.collectors.keys import Key
from reporter.publish.deliver import Wishes, deliver
from reporter.publish.identity import Term
from reporter.publish.metadata import Funder, ItemMetadata
from reporter.publish.osf import Description, Osf
from reporter.publish.plan import Incomplete, PublishError, local_files
from reporter.publish.stranger import read_as_stranger
from reporter.publish.viewonly import view_only
from tests.publish import contract_server as contract
from tests.publish._contract_parts import Fault
from tests.publish.conftest import QUICK

WISHES = Wishes(
    description=Description(title="Test data: blind"), components={"data": "The data"}, blind=True
)
TERMS = (Term("family name", "Vasquez"), Term("OSF id", "7nw8t"))


@pytest.fixture
def files(deposit):
    return local_files(deposit("README.md", "data/a.csv", "report/report.md"))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("reporter.publish.stranger.PACE", 0.0)
    monkeypatch.setattr("tests.publish._contract_api.BURST", 10**6)
    monkeypatch.setattr("tests.publish._contract_api.LISTS", 10**6)


def sent(osf, node, files, **wishes):
    return deliver(osf, node, files, replace(WISHES, **wishes), terms=TERMS)


def read(server, done, nodes, terms=TERMS, limits=QUICK):
    return read_as_stranger(done.link, nodes, terms, api=server.api, limits=limits)


# --- the link


def test_the_link_is_anonymous_and_shows_the_components(osf, server, node, files):
    done = sent(osf, node, files)
    (link,) = server.links.values()
    assert link["anonymous"] is True
    assert link["nodes"] == {node.id, *done.receipt.components.values()}
    assert done.link.url == f"{node.url}?view_only={link['key']}"
    assert link["key"] not in repr(done.link)


def test_a_second_delivery_keeps_the_link(osf, server, node, files):
    assert sent(osf, node, files).link == sent(osf, node, files).link
    assert len(server.links) == 1


def test_a_link_that_is_not_anonymous_is_not_taken(osf, server, node, files):
    server.anonymous_links = False
    with pytest.raises(Incomplete, match="another link than was asked for"):
        sent(osf, node, files)


def test_what_is_public_is_not_linked_to(osf, server, node, files):
    osf.open(node.id)
    with pytest.raises(PublishError, match="names its contributors"):
        view_only(osf, osf.node(node.id), ())
    with pytest.raises(PublishError, match="names its contributors"):
        sent(osf, osf.node(node.id), files)
    assert not [seen for seen in server.seen if seen.method == "PUT"], "refused before the first byte"


def test_a_blind_publication_names_no_funder():
    paid = ItemMetadata(funders=(Funder(funder_name="A Foundation"),))
    with pytest.raises(PublishError, match="names no funder"):
        replace(WISHES, metadata=paid)


# --- what a stranger finds


def test_osfs_own_leak_is_found_and_is_not_ours(osf, node, files):
    done = sent(osf, node, files)
    assert {leak.ours for leak in done.read.leaks} == {False}
    assert len(done.read.leaks) == len(files)
    assert done.fine, "nothing that we could mend"
    (line,) = [line for line in done.read.lines() if line.startswith("OSF")]
    assert "the uploader's name" in line
    assert "Only OSF can mend that" in line
    assert (done.read.files, done.read.versions) == (3, 3)


def test_osfs_leak_is_found_by_its_form_whoever_uploaded(osf, server, node, files):
    """Not only where the account's name is one that we know to look for."""
    done = sent(osf, node, files)
    found = read(server, done, [node], terms=())
    assert {(leak.what, leak.ours) for leak in found.leaks} == {("the history names the uploader", False)}


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("README.md", b"by A. Vasquez", "README.md"),
        ("README.md", b"uploaded by Edith Uploader", "README.md"),  # whose account it is
        ("data/a.csv", b"n,source\n1,osf.io/7nw8t", "a.csv"),
        ("vasquez.txt", b"nothing", "vasquez.txt"),
        ("vasquez/b.txt", b"nothing", "vasquez"),
    ],
)
def test_our_own_leak_is_found_where_it_is(osf, node, deposit, name, content, place):
    folder = deposit("README.md", "data/a.csv", name)
    (folder / name).write_bytes(content)
    done = sent(osf, node, local_files(folder))
    ours = [leak for leak in done.read.leaks if leak.ours]
    assert {leak.place.split("/", 1)[1].split(",")[0] for leak in ours} >= {place}
    assert not done.fine
    assert next(done.read.lines()).startswith("leak  "), "our own first"


def test_an_old_version_is_read_as_well(osf, node, deposit):
    folder = deposit("README.md", "data/a.csv")
    (folder / "README.md").write_bytes(b"by A. Vasquez")
    sent(osf, node, local_files(folder))
    (folder / "README.md").write_bytes(b"by nobody")
    done = sent(osf, node, local_files(folder))
    ours = {leak.place for leak in done.read.leaks if leak.ours}
    assert ours == {f"{node.id}/README.md, version 1"}
    assert done.read.versions == 3


def test_what_lies_there_beside_ours_is_read_as_well(osf, server, node, files):
    server.put("old/notes.txt", b"Vasquez", node.id)
    server.wikis[node.id] = {"home": "Written by A. Vasquez"}
    done = sent(osf, node, files)
    assert {leak.place for leak in done.read.leaks if leak.ours} == {
        f"{node.id}/old/notes.txt", f"{node.id}/wiki home",
    }  # fmt: skip


@pytest.mark.parametrize("field", ["title", "description", "tags"])
def test_the_projects_own_words_are_read(osf, node, files, field):
    said = {"tags": ("Vasquez",)} if field == "tags" else {field: "Test data of Vasquez"}
    done = sent(osf, node, files, description=replace(WISHES.description, **said))
    assert f"{node.id}/the project" in {leak.place for leak in done.read.leaks if leak.ours}


def test_the_account_is_looked_for_in_all_that_the_api_says(osf, server, node, files, monkeypatch):
    """If OSF showed contributors through an anonymous link, we should say so."""
    done = sent(osf, node, files)
    monkeypatch.setattr(contract.Api, "_link", lambda self, key: {})
    found = read(server, done, [node], terms=(Term("account", "Edith Uploader"),))
    ours = {leak.place.split("/", 1)[1] for leak in found.leaks if leak.ours}
    assert {"contributors", "citation", "the project"} <= ours


def test_a_component_that_the_link_does_not_show_is_an_error(osf, server, node, files):
    done = sent(osf, node, files)
    (link,) = server.links.values()
    link["nodes"] = {node.id}
    components = [osf.node(each) for each in done.receipt.components.values()]
    with pytest.raises(PublishError, match="does not show the project"):
        read(server, done, [node, *components])


def test_what_everybody_can_read_is_no_secret(osf, server, node, files):
    done = sent(osf, node, files)
    server.nodes[node.id]["attributes"]["public"] = True
    found = read(server, done, [node])
    assert "everybody can read it, without the link" in {leak.what for leak in found.leaks if leak.ours}


# --- how a stranger asks


def test_a_stranger_has_the_key_and_no_token(osf, server, node, files):
    done = sent(osf, node, files)
    before = len(server.seen)
    found = read(server, done, [node])
    asked = server.seen[before:]
    assert not [seen for seen in asked if "Authorization" in seen.headers]
    assert {seen.method for seen in asked} == {"GET"}
    key = f"view_only={done.link.key}"
    assert [seen.path for seen in asked if key not in seen.path] == [f"/v2/nodes/{node.id}/"], (
        "one without it"
    )
    api = [seen for seen in asked if seen.path.startswith("/v2/") and key in seen.path]
    assert found.requests == len(api)


def test_what_osf_grants_a_stranger_is_kept_to(osf, server, node, files, monkeypatch):
    done = sent(osf, node, files)
    monkeypatch.setattr("reporter.publish.stranger.PER_HOUR", 5)
    before = len(server.seen)
    with pytest.raises(Incomplete, match=r"5 requests an hour, and they are used up\. Go on in an hour"):
        read(server, done, [node])
    assert len(server.seen) - before == 5


def test_the_usual_pace_is_never_refused(osf, server, node, files, monkeypatch):
    monkeypatch.undo()
    done = sent(osf, node, files)
    refused = [each for each in server.statuses if each == 429]
    assert refused == []
    assert done.read.requests <= 30


def test_429_is_waited_out(osf, server, node, files):
    done = sent(osf, node, files)
    server.faults = [Fault(429, path="view_only", times=2, headers={"Retry-After": "1"})]
    assert read(server, done, [node]).files == 2


def test_an_hour_is_not_waited_for(osf, server, node, files):
    done = sent(osf, node, files)
    server.hourly = 0
    with pytest.raises(Incomplete, match="asks to wait 3600 seconds"):
        read(server, done, [node])


@pytest.mark.parametrize("what", ["reset", "lost", 502])
def test_a_download_that_breaks_off_is_fetched_again(osf, server, node, files, what):
    done = sent(osf, node, files)
    server.faults = [Fault(what, path="direct", times=2)]
    assert read(server, done, [node]).files == 2


def test_a_file_that_is_stored_elsewhere_is_fetched_there_without_anything_of_ours(osf, server, node, files):
    done = sent(osf, node, files)
    with contract.contract_server() as store:
        store.nodes["kept"] = {"attributes": {"public": True}}
        kept = store.put("a.txt", b"by A. Vasquez", "kept")
        server.stored_at = f"{store.url}/v1/resources/kept/providers/osfstorage/{kept.id}?direct="
        found = read(server, done, [node], terms=TERMS)
        assert found.blind, "with ?direct nothing is redirected"
        server.ignores_direct = True
        found = read(server, done, [node])
        assert not found.blind, "what came from there was searched"
        assert store.seen
        assert not [
            seen for seen in store.seen if "Authorization" in seen.headers or "view_only" in seen.path
        ]


def test_a_download_with_a_token_is_not_redirected(osf, server, node, files, tmp_path):
    sent(osf, node, files)
    with contract.contract_server() as store:
        server.stored_at, server.ignores_direct = f"{store.url}/v1/", True
        there = osf.listing(node.id).files["README.md"]
        with (tmp_path / "a").open("wb") as target:
            assert osf.session.download(there.upload.partition("?")[0], target).status == 302
        assert store.seen == []


def test_the_token_is_in_no_traceback_of_a_stranger(server, node, osf, files):
    done = sent(osf, node, files)
    server.faults = [Fault(403, path="view_only", times=99)]
    with pytest.raises(PublishError) as caught:
        read(server, done, [node])
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert contract.TOKEN not in shown
    with Osf(Key(contract.TOKEN), api=server.api, limits=QUICK) as again:
        assert again.me()
