"""Public, then a DOI, then nothing that takes either back; words come before both."""

from __future__ import annotations

import pytest

from reporter.publish.deliver import Wishes, deliver
from reporter.publish.doi import find_doi, mint
from reporter.publish.metadata import ItemMetadata
from reporter.publish.osf import Description
from reporter.publish.plan import Incomplete, PublishError, local_files
from tests.publish._contract_parts import Fault

ALL = Wishes(
    description=Description(title="Test data: a study"), metadata=ItemMetadata(resource_type_general="Dataset"),
    components={"data": "The data"}, public=True, doi=True,
)  # fmt: skip


def posts(server, path):
    return [seen for seen in server.seen if seen.method == "POST" and path in seen.path]


def test_a_private_project_gets_none(osf, server, node):
    with pytest.raises(PublishError, match="private project gets no DOI"):
        mint(osf, node.id)
    assert posts(server, "identifiers") == []


def test_a_doi_is_made_once(osf, server, node):
    osf.open(node.id)
    assert find_doi(osf, node.id) is None
    doi = mint(osf, node.id)
    assert mint(osf, node.id) == doi == server.dois[node.id]
    assert len(posts(server, "identifiers")) == 1


def test_a_doi_whose_answer_is_lost_is_found(osf, server, node):
    osf.open(node.id)
    server.faults = [Fault("lost", method="POST", path="identifiers")]
    assert mint(osf, node.id) == server.dois[node.id]


def test_a_doi_that_may_have_been_made_is_not_asked_for_again(osf, server, node):
    osf.open(node.id)
    server.faults = [Fault(503, method="POST", path="identifiers", times=9)]
    with pytest.raises(Incomplete, match="not known whether OSF made the DOI"):
        mint(osf, node.id)
    assert len(posts(server, "identifiers")) == 1


def test_public_is_read_back(osf, server, node):
    server.keeps = tuple(name for name in server.keeps if name != "public")
    with pytest.raises(Incomplete, match="did not make the project public"):
        osf.open(node.id)


def test_what_is_public_is_not_asked_for_again(osf, server, node):
    assert osf.open(node.id).public
    before = len(server.seen)
    assert osf.open(node.id).public
    assert {seen.method for seen in server.seen[before:]} == {"GET"}


def test_the_order_is_words_files_public_doi(osf, server, node, deposit):
    before = len(server.seen)
    done = deliver(osf, node, local_files(deposit("a.txt", "data/b.txt")), ALL)
    asked = [(seen.method, seen.path, seen.json) for seen in server.seen[before:] if seen.method != "GET"]
    described = asked.index(next(each for each in asked if "custom_item_metadata" in each[1]))
    sent = [i for i, each in enumerate(asked) if each[0] == "PUT"]
    opened = [
        i for i, each in enumerate(asked) if each[2] and each[2]["data"].get("attributes") == {"public": True}
    ]
    (minted,) = [i for i, each in enumerate(asked) if "identifiers" in each[1]]
    assert described < min(sent) <= max(sent) < min(opened)
    assert max(opened) < minted
    assert len(opened) == 2, "the component as well"
    assert asked[opened[-1]][1].endswith(f"/{node.id}/"), "the project last"
    assert done.doi == done.receipt.doi == server.dois[node.id]
    assert server.minted[node.id]["resource_type_general"] == "Dataset"


def test_nothing_is_ever_taken_back(osf, server, node, deposit):
    files = local_files(deposit("a.txt", "data/b.txt"))
    deliver(osf, node, files, ALL)
    deliver(osf, node, files, Wishes(description=ALL.description))
    assert "DELETE" not in {seen.method for seen in server.seen}
    assert server.nodes[node.id]["attributes"]["public"] is True
    said = [seen.json["data"]["attributes"] for seen in server.seen if seen.method == "PATCH" and seen.json]
    assert not [each for each in said if each.get("public") is False]


def test_a_second_delivery_keeps_the_doi_and_sends_nothing(osf, server, node, deposit):
    files = local_files(deposit("a.txt", "data/b.txt"))
    first = deliver(osf, node, files, ALL)
    before = len(server.seen)
    assert deliver(osf, osf.node(node.id), files, ALL).doi == first.doi
    assert {seen.method for seen in server.seen[before:]} == {"GET"}


@pytest.mark.parametrize("wish", ["public", "doi"])
def test_blind_and_public_exclude_each_other(wish):
    with pytest.raises(PublishError, match="private and has no DOI"):
        Wishes(description=ALL.description, blind=True, **{wish: True})
