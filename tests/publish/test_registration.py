"""A registration: a draft that is read back, and a submission that nobody makes by accident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporter.publish.plan import Incomplete, PublishError
from reporter.publish.registration import Planned, draft, submit
from tests.publish._contract_parts import Fault

PLANNED = Planned(
    title="Test data: a plan", responses={"summary": "What we will ask."}, subjects=("Psychology",),
    description="Before the data.", tags=("entropy",),
)  # fmt: skip


def posts(server, path):
    return [seen for seen in server.seen if seen.method == "POST" and seen.path.startswith(f"/v2/{path}")]


def test_a_draft_has_the_newest_schema_and_says_what_was_planned(osf, server, node):
    made = draft(osf, node.id, PLANNED)
    there = server.drafts[made.id]
    assert (there["schema"], there["node"], there["subjects"]) == ("sch2", node.id, ["sub1"])
    assert there["attributes"]["title"] == "Test data: a plan", "not the project's, which a new draft takes"
    assert there["attributes"]["registration_responses"] == PLANNED.responses
    assert server.registrations == {}, "a draft registers nothing"


def test_a_known_draft_is_changed_and_no_second_one_made(osf, server, node):
    made = draft(osf, node.id, PLANNED)
    again = draft(osf, node.id, replace(PLANNED, responses={"summary": "Better."}), known=made.id)
    assert again == made
    assert len(server.drafts) == 1
    assert server.drafts[made.id]["attributes"]["registration_responses"] == {"summary": "Better."}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "Open Ended Registration"}, 'Did you mean "Open-Ended Registration"'),
        ({"subjects": ("Psycholog",)}, 'Did you mean "Psychology"'),
        ({"responses": {"sumary": "x"}}, 'Did you mean "summary"'),
        ({"responses": {}}, "asks for summary"),
        ({"schema": "OSF Preregistration", "responses": {"q1": "x"}}, "asks for q2"),
    ],
)
def test_what_osf_would_refuse_is_refused_before_a_draft_is_made(osf, server, node, change, said):
    with pytest.raises(PublishError, match=said):
        draft(osf, node.id, replace(PLANNED, **change))
    assert server.drafts == {}


def test_a_subject_is_needed():
    with pytest.raises(PublishError, match="at least one subject"):
        replace(PLANNED, subjects=())


@pytest.mark.parametrize("lost", ["title", "description", "tags", "registration_responses"])
def test_what_osf_ignores_in_silence_is_found(osf, server, node, lost):
    server.keeps_draft = tuple(name for name in server.keeps_draft if name != lost)
    said = "summary" if lost == "registration_responses" else lost
    with pytest.raises(Incomplete, match=f"did not keep: {said}"):
        draft(osf, node.id, PLANNED)


@pytest.mark.parametrize("what", ["lost", 502])
def test_a_draft_that_may_have_been_made_is_not_made_again(osf, server, node, what):
    server.faults = [Fault(what, method="POST", times=9)]
    with pytest.raises(Incomplete, match="not known whether OSF made the draft"):
        draft(osf, node.id, PLANNED)
    assert len(posts(server, "draft_registrations")) == 1


@pytest.mark.parametrize("typed", ["", "yes", "n9999"])
def test_without_the_projects_id_nothing_is_registered(osf, server, node, typed):
    made = draft(osf, node.id, PLANNED)
    before = len(server.seen)
    with pytest.raises(PublishError, match="nothing was registered"):
        submit(osf, made, confirmed=typed)
    assert len(server.seen) == before, "nothing was asked"
    assert server.registrations == {}


def test_a_confirmed_draft_is_registered_once(osf, server, node):
    made = draft(osf, node.id, PLANNED)
    registered = submit(osf, made, confirmed=node.id)
    assert [*server.registrations] == [registered]
    assert server.registrations[registered]["of"] == node.id
    with pytest.raises(PublishError, match="already been registered"):
        submit(osf, made, confirmed=node.id)
    assert len(server.registrations) == 1


@pytest.mark.parametrize("what", ["lost", "reset", 500])
def test_a_registration_that_may_have_been_made_is_not_asked_for_again(osf, server, node, what):
    made = draft(osf, node.id, PLANNED)
    server.faults = [Fault(what, method="POST", times=9)]
    with pytest.raises(Incomplete, match="not known whether OSF made the registration"):
        submit(osf, made, confirmed=node.id)
    assert len(posts(server, "registrations")) == 1


def test_components_are_named(osf, server, node):
    made = draft(osf, node.id, PLANNED)
    registered = submit(osf, made, confirmed=node.id, components=["n0099"])
    assert server.registrations[registered]["included_node_ids"] == [node.id, "n0099"]
