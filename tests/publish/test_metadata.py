"""What the catalogue entry of a project says: set, read back, and there before a DOI is made."""

from __future__ import annotations

import pytest

from reporter.publish.metadata import Funder, ItemMetadata, set_metadata
from reporter.publish.plan import Incomplete, PublishError
from tests.publish._contract_parts import Fault

PAID = Funder(
    funder_name="A Foundation", funder_identifier="https://ror.org/00k4n6c32", funder_identifier_type="ROR",
    award_number="AB-12", award_title="On entropy",
)  # fmt: skip
WANTED = ItemMetadata(language="eng", resource_type_general="Dataset", funders=(PAID,))


def test_it_is_written_and_read_back(osf, server, node):
    assert set_metadata(osf, node.id, WANTED) == ("language", "resource_type_general", "funders")
    said = server.items[node.id]
    assert (said["language"], said["resource_type_general"]) == ("eng", "Dataset")
    assert said["funders"][0]["award_number"] == "AB-12"


def test_what_is_said_already_is_not_written_again(osf, server, node):
    set_metadata(osf, node.id, WANTED)
    before = len(server.seen)
    assert set_metadata(osf, node.id, WANTED) == ()
    assert {seen.method for seen in server.seen[before:]} == {"GET"}


def test_funders_can_be_taken_away(osf, server, node):
    set_metadata(osf, node.id, WANTED)
    assert set_metadata(osf, node.id, ItemMetadata()) == ("funders",)
    assert server.items[node.id]["funders"] == []


@pytest.mark.parametrize("lost", ["language", "resource_type_general", "funders"])
def test_what_osf_ignores_in_silence_is_found(osf, server, node, lost):
    server.keeps_item = tuple(name for name in server.keeps_item if name != lost)
    with pytest.raises(Incomplete, match=f"did not keep: {lost}"):
        set_metadata(osf, node.id, WANTED)


def test_a_value_that_osf_refuses_is_said_so(osf, node):
    with pytest.raises(PublishError, match=r"catalogue entry is not taken.*language: Not a valid choice"):
        set_metadata(osf, node.id, ItemMetadata(language="xxx"))


def test_a_kind_is_checked_before_it_is_sent():
    with pytest.raises(PublishError, match='Did you mean "Dataset"'):
        ItemMetadata(resource_type_general="Datasett")
    with pytest.raises(PublishError, match="A funder has a name"):
        Funder(funder_name=" ")


def test_what_may_pass_is_asked_again(osf, server, node):
    server.faults = [Fault("reset", method="PATCH"), Fault(502, method="PATCH")]
    set_metadata(osf, node.id, WANTED)
    assert server.items[node.id]["language"] == "eng"
