"""The token: in no traceback, whatever goes wrong with whatever is asked, and with no host but OSF's own."""

from __future__ import annotations

import logging
import traceback

import pytest

from reporter.errors import Refusal
from reporter.publish.components import component
from reporter.publish.deliver import Wishes, deliver
from reporter.publish.doi import mint
from reporter.publish.metadata import ItemMetadata, set_metadata
from reporter.publish.osf import Description
from reporter.publish.plan import local_files
from reporter.publish.registration import Draft, Planned, draft, submit
from reporter.publish.viewonly import view_only
from tests.publish import contract_server as contract
from tests.publish._contract_parts import Fault

TOLD = Description(title="Test data: told", licence="MIT License", year="2026", copyright_holders=("A",))
PLANNED = Planned(title="Test data: a plan", responses={"summary": "x"}, subjects=("Psychology",))
WORK = {
    "create": lambda osf, node, files: osf.create(TOLD),
    "describe": lambda osf, node, files: osf.describe(node.id, TOLD),
    "open": lambda osf, node, files: osf.open(node.id),
    "component": lambda osf, node, files: component(osf, node.id, TOLD),
    "metadata": lambda osf, node, files: set_metadata(osf, node.id, ItemMetadata()),
    "doi": lambda osf, node, files: mint(osf, osf.open(node.id).id),
    "link": lambda osf, node, files: view_only(osf, node, ()),
    "draft": lambda osf, node, files: draft(osf, node.id, PLANNED),
    "submit": lambda osf, node, files: submit(osf, Draft(id="d1", node=node.id), confirmed=node.id),
    "deliver": lambda osf, node, files: deliver(osf, node, files, Wishes(description=TOLD)),
    "blind": lambda osf, node, files: deliver(osf, node, files, Wishes(description=TOLD, blind=True)),
}
ECHO = {"X-Echo": contract.TOKEN}  # some proxies send back what they got


@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("what", [401, 403, 500, "reset"])
def test_it_is_in_no_traceback_and_no_log(osf, server, node, deposit, work, what, caplog):
    caplog.set_level(logging.DEBUG)
    server.faults = [Fault(what, times=99, headers=ECHO)]
    with pytest.raises(Refusal) as caught:
        WORK[work](osf, node, local_files(deposit("a.txt")))
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert contract.TOKEN not in "".join(told.format()) + caplog.text + str(caught.value)


@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_it_is_sent_to_no_host_that_we_are_redirected_to(osf, server, node, deposit, work, status):
    with contract.contract_server() as other:
        server.faults = [Fault(status, times=99, headers={"Location": other.api})]
        with pytest.raises(Refusal, match="redirects"):
            WORK[work](osf, node, local_files(deposit("a.txt")))
        assert other.seen == []


def test_a_stranger_follows_to_no_unsafe_address(osf, server, node, deposit):
    server.stored_at, server.ignores_direct = "http://files.example.org/a", True
    with pytest.raises(Refusal, match=r"does not show a\.txt \(OSF answers 302\)"):
        deliver(osf, node, local_files(deposit("a.txt")), Wishes(description=TOLD, blind=True))


def test_a_stranger_who_is_redirected_again_and_again_stops(osf, server, node, deposit):
    """One step to where a file is stored is taken, without anything of ours; a second one is not."""
    done = deliver(osf, node, local_files(deposit("a.txt")), Wishes(description=TOLD, blind=True))
    with contract.contract_server() as other:
        other.faults = [Fault(302, times=99, headers={"Location": server.api})]
        server.stored_at, server.ignores_direct = other.api, True
        before = len(server.seen)
        with pytest.raises(Refusal, match=r"does not show a\.txt"):
            deliver(osf, node, local_files(deposit("a.txt")), Wishes(description=TOLD, blind=True))
        assert {seen.headers.get("Authorization") for seen in other.seen} == {None}
        assert done.link.key not in "".join(seen.path for seen in other.seen)
        assert len(server.seen) > before
