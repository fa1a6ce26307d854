"""The contract server answers as our description of OSF says, and our client asks as it says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from reporter.publish.deliver import Wishes, deliver
from reporter.publish.metadata import Funder, ItemMetadata
from reporter.publish.osf import Description
from reporter.publish.plan import local_files
from reporter.publish.registration import Planned, draft, submit
from tests.publish import contract_server as contract
from tests.publish._contract_parts import Seen
from tests.publish._description import description, problems

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
from hypothesis import HealthCheck, settings  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
JSON = {"Content-Type": "application/json", "Content-Length": "2"}
DESCRIBED = schemathesis.openapi.from_dict(description())


@pytest.fixture(scope="module")
def running() -> Iterator[contract.Contract]:
    """A server with one of everything, so that half of the requests are about something that is there."""
    with contract.contract_server() as server:
        yield server


def known(server: contract.Contract) -> dict[str, str]:
    """Ids of things that are there, made anew if a request deleted them."""
    there = [each for each in server.nodes if each not in server.deleted]
    if not there:
        server.nodes["n1"] = {
            "id": "n1", "type": "nodes", "links": {}, "relationships": {},
            "attributes": {"title": "T", "description": "", "category": "data", "public": True, "tags": []},
        }  # fmt: skip
        server.deleted.discard("n1")
        server.parents["n1"] = ""
        there = ["n1"]
    node = there[0]
    server.dois.clear()
    server.nodes[node]["attributes"]["public"] = bool(next(TURN) % 3)
    folder = server.find(node, "", "folder") or server.add("folder", "folder", "", node)
    file = server.find(node, "", "file") or server.add("file", "file", "", node, b"x")
    server.drafts.setdefault("d1", {
        "node": node, "schema": "sch2", "subjects": ["sub1"], "registered": False,
        "attributes": {"title": "", "description": "", "tags": [], "registration_responses": {}},
    })  # fmt: skip
    server.links.setdefault("vol1", {
        "id": "vol1", "key": "0" * 32, "name": "x", "anonymous": True, "made_of": node, "nodes": {node},
    })  # fmt: skip
    return {
        "node": node, "folder": folder.id, "file": file.id, "draft": "d1", "link": "vol1", "schema": "sch2",
    }  # fmt: skip


def answers_as_described(case, running):
    ids = known(running)
    for name in case.path_parameters:
        if next(TURN) % 2:
            case.path_parameters[name] = ids[name]
    if (
        case.body
        and isinstance(case.body, dict)
        and isinstance(case.body.get("data"), dict)
        and next(TURN) % 2
    ):
        case.body["data"] |= {
            "id": case.path_parameters.get("node") or case.path_parameters.get("draft") or "n1"
        }
    headers = {"Authorization": f"Bearer {contract.TOKEN}"}
    answer = case.call(base_url=running.url, headers=headers, allow_redirects=False)
    case.validate_response(answer, checks=CHECKS)


TURN = itertools.count()


def asking(operation: str) -> Callable[..., None]:
    """Ask the server one operation in many ways."""

    @DESCRIBED.include(operation_id=operation).parametrize()
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def test(case, running):
        answers_as_described(case, running)

    return test


# A name for each: schemathesis gives all tests of one function the same id, and of those xdist runs only one.
for path in DESCRIBED.raw_schema["paths"].values():
    for operation in (each["operationId"] for each in path.values() if "operationId" in each):
        globals()[f"test_the_server_answers_as_described_{operation}"] = asking(operation)


# --- our client


def test_every_request_of_ours_is_described(osf, server, node, deposit):
    """All that the publisher can do, once; the fixture holds each request of every test against it as well."""
    folder = deposit("README.md", "data/raw/a.csv")
    wishes = Wishes(
        description=Description(
            title="Test data: all",
            tags=("b", "a"),
            licence="MIT License",
            year="2026",
            copyright_holders=("A",),
        ),
        metadata=ItemMetadata(funders=(Funder(funder_name="F"),)),
        components={"data": "The data"},
    )
    deliver(osf, node, local_files(folder), wishes)
    (folder / "README.md").write_bytes(b"other")
    blind = Wishes(description=wishes.description, components=wishes.components, blind=True)
    deliver(osf, node, local_files(folder), blind)
    deliver(
        osf, node, local_files(folder),
        Wishes(description=wishes.description, components=wishes.components, public=True, doi=True),
    )  # fmt: skip
    planned = Planned(title="Test data: plan", responses={"summary": "x"}, subjects=("Psychology",))
    submit(osf, draft(osf, node.id, planned), confirmed=node.id)
    asked = {(seen.method, seen.path.partition("?")[0]) for seen in server.seen}
    assert [told for seen in server.seen for told in problems(seen)] == []
    assert len(asked) > 40


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Seen("GET", "/v2/nodes/ab/nothing/", {}), "no such operation"),
        (Seen("PUT", "/v2/nodes/ab/", {}), "no such operation"),
        (Seen("GET", "/v2/licenses/?size=3", {}), "size is not declared"),
        (Seen("GET", "/v2/licenses/?page[size]=101", {}), "101 is greater than the maximum"),
        (Seen("POST", "/v2/nodes/", JSON, 2, {"type": "nodes"}), "'data' is a required property"),
        (Seen("POST", "/v2/nodes/", JSON, 2, {"data": {"type": "nodes", "attributes": {"title": "T"}}}), "'category'"),
        (Seen("PATCH", "/v2/nodes/ab/", JSON, 2, {"data": {"type": "nodes"}}), "'id' is a required property"),
        (
            Seen("PATCH", "/v2/nodes/ab/", JSON, 2, {"data": {"type": "nodes", "id": "ab", "attributes": {"licence": 1}}}),
            "'licence' was unexpected",
        ),
        (Seen("PUT", "/v1/resources/ab/providers/osfstorage/?kind=file", {}), "name is missing"),
        (Seen("PUT", "/v1/resources/ab/providers/osfstorage/?kind=blob&name=a", {}), "kind: : 'blob'"),
        (Seen("PUT", "/v1/resources/ab/providers/osfstorage/?kind=file&name=%20a", {}), "does not match"),
        (
            Seen("PUT", f"/v1/resources/ab/providers/osfstorage/{'0' * 24}?kind=file&name=a", {}),
            "name is not declared",
        ),
        (
            Seen("PUT", "/v1/resources/ab/providers/osfstorage/?kind=file&name=a", {"Content-Type": "application/octet-stream"}),
            "no Content-Length",
        ),
    ],
)  # fmt: skip
def test_what_is_not_described_is_found(seen, said):
    assert any(said in told for told in problems(seen)), [*problems(seen)]
