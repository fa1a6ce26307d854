"""What the publisher rests on, asked of an OSF: our contract server, or the one that the environment names."""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reporter.collectors.keys import Key
from reporter.publish._session import link
from reporter.publish.components import component
from reporter.publish.deliver import Wishes, deliver
from reporter.publish.doi import find_doi, mint
from reporter.publish.identity import Term
from reporter.publish.metadata import Funder, ItemMetadata, set_metadata
from reporter.publish.osf import Description, Osf
from reporter.publish.plan import PublishError, local_files
from reporter.publish.registration import Planned, draft
from reporter.publish.upload import publish
from reporter.publish.viewonly import view_only
from tests.publish.conformance.conftest import TITLE

LARGE = 6_000_000  # bytes; enough that a conflict without asking leave would end in a reset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small deposit: an empty file, names that need quoting, a folder in a folder."""
    for name, content in {
        "README.md": b"Test data.\n", "empty.txt": b"", "data/raw/a b+c&d.csv": b"n\n1\n",
        unicodedata.normalize("NFC", "data/é.csv"): b"n\n2\n",
    }.items():  # fmt: skip
        path = tmp_path / "deposit" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "deposit"


def root(osf, node):
    return osf.listing(node.id).folders[""]


def put(osf, url, content):
    pieces = [content] if content else None
    return osf.session.ask_once("PUT", url, content=pieces, length=len(content))


# --- the token


def test_the_token_says_whose_it_is(osf):
    assert osf.me()
    assert osf.account().names


def test_a_wrong_token_is_refused(target):
    with (
        Osf(Key("no-such-token-000"), api=target.api, limits=target.limits) as wrong,
        pytest.raises(PublishError, match="401"),
    ):
        wrong.me()


def test_a_token_that_may_only_read_makes_nothing(read_only):
    assert read_only.me()
    with pytest.raises(PublishError, match="403"):
        read_only.create(Description(title=TITLE))


def test_a_private_project_is_hidden_from_strangers(target, node):
    with Osf(Key(), api=target.api, limits=target.limits) as stranger:
        assert stranger.session.ask("GET", stranger.url(node.id)).status == 401


# --- projects


def test_a_project_says_what_it_is_told(osf, node):
    told = Description(
        title=f"{TITLE}, told", description="Two\nlines.", category="data", tags=("b", "a", "a b"),
        licence="MIT License", year="2026", copyright_holders=("A. Tester",),
    )  # fmt: skip
    assert osf.describe(node.id, told)
    assert osf.describe(node.id, told) == ()


def test_tags_come_back_sorted(osf, node):
    osf.describe(node.id, Description(title=TITLE, tags=("b", "a")))
    assert osf.get(osf.url(node.id), "")["attributes"]["tags"] == ["a", "b"]


def test_a_licence_that_wants_a_year_is_refused_without(osf, node):
    with pytest.raises(PublishError, match="year must be specified"):
        osf.describe(node.id, Description(title=TITLE, licence="MIT License"))


def test_a_body_without_its_envelope_is_refused(osf):
    url = f"{osf.session.api}nodes/"
    answer = osf.session.ask_once("POST", url, json={"type": "nodes", "attributes": {"title": TITLE}})
    assert answer.status == 400


def test_without_a_slash_at_its_end_an_address_redirects(osf, node):
    assert osf.session.ask("GET", osf.url(node.id).rstrip("/")).status == 301


def test_lists_have_pages_of_a_hundred_at_most(osf):
    url = link(f"{osf.session.api}licenses/", **{"page[size]": "2"})
    answer = osf.session.ask("GET", url)
    assert len(answer.data) == 2
    assert answer.content["links"]["next"]
    assert len([*osf.pages(url)]) == answer.content["meta"]["total"]


def test_the_catalogue_entry_keeps_what_it_is_told(osf, node):
    funder = Funder(funder_name="A Foundation", award_number="AB-12")
    told = ItemMetadata(language="eng", resource_type_general="Dataset", funders=(funder,))
    assert set_metadata(osf, node.id, told)
    assert set_metadata(osf, node.id, told) == ()


def test_storage_gets_a_status_in_the_end(osf, node):
    for _ in range(20):
        answer = osf.session.ask("GET", f"{osf.url(node.id)}storage/")
        status = answer.data["attributes"]["storage_limit_status"]
        assert (answer.status == 202) == (status == "NOT_CALCULATED")
        if answer.status == 200:
            break
        time.sleep(osf.limits.first_wait)
    assert status == "DEFAULT"


def test_a_component_is_made_once(osf, node, made):
    first = component(osf, node.id, Description(title=f"{TITLE}, component", category="data"))
    made.append(first)
    assert component(osf, node.id, Description(title=first.title, category="data")) == first
    assert first.public is False


# --- files


def test_a_deposit_arrives_and_a_second_time_nothing_is_sent(osf, node, folder):
    files = local_files(folder)
    first = publish(osf, node, files)
    assert {file.name: file.sha256 for file in first.files} == {
        file.name: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in files
    }
    assert publish(osf, node, files).files == first.files


def test_a_changed_file_is_version_two_and_equal_bytes_are_none(osf, node, folder):
    publish(osf, node, local_files(folder))
    (folder / "README.md").write_bytes(b"Other test data.\n")
    publish(osf, node, local_files(folder))
    there = osf.listing(node.id).files["README.md"]
    assert there.version == 2
    again = put(osf, link(there.upload, kind="file"), b"Other test data.\n")
    assert (again.status, again.data["attributes"]["extra"]["version"]) == (200, 2)


@pytest.mark.parametrize("size", [10, LARGE])
def test_a_name_that_is_taken_is_said_so_before_the_body(osf, node, size):
    url = link(root(osf, node).upload, kind="file", name="taken.bin")
    content = os.urandom(size)
    assert put(osf, url, content).status == 201
    answer = put(osf, url, content)
    assert (answer.status, answer.data["attributes"]["name"]) == (409, "taken.bin")


def test_a_folder_that_is_there_is_refused_without_its_id(osf, node):
    url = link(root(osf, node).new_folder, kind="folder", name="data")
    assert put(osf, url, b"").status == 201
    answer = put(osf, url, b"")
    assert (answer.status, answer.data) == (409, {})


def test_two_spellings_are_two_files(osf, node):
    """Which is why we refuse the second."""
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "é.csv")
        assert put(osf, link(root(osf, node).upload, kind="file", name=name), b"x").status == 201
    assert len(osf.listing(node.id).files) == 2


def test_old_versions_and_history_stay(osf, node, folder, tmp_path):
    publish(osf, node, local_files(folder))
    (folder / "README.md").write_bytes(b"Other test data.\n")
    publish(osf, node, local_files(folder))
    there = osf.listing(node.id).files["README.md"]
    url = urlsplit(there.upload)._replace(query="").geturl()
    with (tmp_path / "old").open("wb") as target:
        assert osf.session.download(link(url, version="1", direct=""), target).fine
    assert (tmp_path / "old").read_bytes() == b"Test data.\n"
    assert len(osf.session.ask("GET", link(url, revisions="")).data) == 2


# --- links for reviewers


def test_a_link_shows_components_and_hides_contributors(osf, target, node, made, folder):
    done = deliver(
        osf, node, local_files(folder), Wishes(
            description=Description(title=TITLE), components={"data": f"{TITLE}, component"}, blind=True
        ),
        terms=[Term("name", "no such name in it")],
    )  # fmt: skip
    made += [osf.node(each) for each in done.receipt.components.values()]
    assert [leak for leak in done.read.leaks if leak.ours] == []
    assert done.read.files == len(local_files(folder))
    assert view_only(osf, node, made[1:]) == done.link


def test_the_history_tells_the_uploader_to_whoever_has_the_link(osf, node, folder):
    """OSF's own leak. The day this fails, the warning can go."""
    done = deliver(
        osf, node, local_files(folder), Wishes(description=Description(title=TITLE), blind=True)
    )  # fmt: skip
    assert {leak.ours for leak in done.read.leaks} == {False}


# --- what stays


def test_a_private_project_gets_no_doi(osf, node):
    answer = osf.session.ask_once(
        "POST", f"{osf.url(node.id)}identifiers/",
        json={"data": {"type": "identifiers", "attributes": {"category": "doi"}}},
    )  # fmt: skip
    assert answer.status == 403
    assert find_doi(osf, node.id) is None


def test_a_draft_says_what_was_planned(osf, node, stays):
    """Drafts cannot be taken back by the publisher, though nobody sees them."""
    planned = Planned(title=TITLE, responses={"summary": "Test data."}, subjects=("Psychology",))
    made = draft(osf, node.id, planned)
    assert draft(osf, node.id, planned, known=made.id) == made


def test_a_public_project_gets_one_doi(osf, node, stays):
    osf.open(node.id)
    assert mint(osf, node.id) == mint(osf, node.id) == find_doi(osf, node.id)
