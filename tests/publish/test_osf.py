"""The project: the token and where it goes, a private project made once, and a description that is read back."""

from __future__ import annotations

import logging
import time
import traceback
from dataclasses import replace

import pytest

from reporter.collectors.keys import EndpointError, Key, find_key
from reporter.publish._session import Limits, iso, link
from reporter.publish.osf import API, TOKEN, Description, Osf
from reporter.publish.plan import Incomplete, PublishError
from tests.publish import contract_server as contract
from tests.publish._contract_parts import Fault
from tests.publish.conftest import QUICK

LICENCE = "CC-By Attribution 4.0 International"
FULL = Description(
    title="Test data: a study", description="What it asks.\nAnd how.", category="data",
    tags=("entropy", "a tag", "Entropy"), licence="MIT License", year="2026", copyright_holders=("B, A.", "C"),
)  # fmt: skip


# --- the token


def test_the_token_is_checked_and_says_whose_it_is(osf):
    assert osf.me() == contract.ME


def test_a_wrong_token_is_refused_in_words_without_it(server):
    with Osf(Key("wrong-token-123"), api=server.api, limits=QUICK) as osf:
        with pytest.raises(PublishError, match=r"401 \(User provided an invalid OAuth2") as caught:
            osf.me()
        assert "wrong-token-123" not in "".join(traceback.format_exception(caught.value))
    assert len(server.seen) == 1, "asked once"


def test_a_token_that_may_only_read_is_refused(server):
    with Osf(Key(contract.READ_ONLY), api=server.api, limits=QUICK) as osf:
        assert osf.me()
        with pytest.raises(PublishError, match=r"403 .*osf\.full_write"):
            osf.create(FULL)


def test_the_token_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv(TOKEN, contract.TOKEN)
    assert find_key(TOKEN, needed=True).reveal() == contract.TOKEN
    monkeypatch.setenv(TOKEN, "two words here")
    with pytest.raises(EndpointError):
        find_key(TOKEN, needed=True)


@pytest.mark.parametrize(
    "api", ["http://api.osf.io/v2/", "https://me:secret@api.osf.io/v2/", "api.osf.io", "ftp://127.0.0.1/", ""]
)
def test_addresses_that_would_give_the_token_away_are_refused(api):
    with pytest.raises(PublishError):
        Osf(Key(contract.TOKEN), api=api)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://api.osf.io/v2/users/me/", True),
        ("https://files.osf.io/v1/resources/", True),
        ("https://files.de-1.osf.io/v1/", True),
        ("http://files.osf.io/v1/", False),
        ("https://osf.io.evil.example/", False),
        ("https://notosf.io/", False),
        ("https://storage.googleapis.com/signed", False),
        ("https://osf.io@evil.example/", False),
        ("https://me@files.osf.io/v1/", False),
        ("http://127.0.0.1:1/", False),
        ("/v1/resources/", False),
    ],
)
def test_links_are_followed_within_the_domain_alone(url, known, monkeypatch):
    asked = []
    with Osf(Key(contract.TOKEN), api=API) as osf:
        monkeypatch.setattr(osf.session._client, "send", lambda request, **_: asked.append(request))
        monkeypatch.setattr(osf.session, "_read", lambda response: None)
        if known:
            osf.session.ask_once("GET", url)
        else:
            with pytest.raises(PublishError, match="not sent there"):
                osf.session.ask_once("GET", url)
    assert bool(asked) == known


def test_a_link_to_another_host_gets_no_token(server, osf, node):
    server.links_to = "https://files.example.org"
    with pytest.raises(PublishError, match=r'"files\.example\.org", and the token is not sent'):
        osf.listing(node.id)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(server, osf, status):
    with contract.contract_server() as other:
        server.faults = [Fault(status, headers={"Location": f"{other.api}users/me/"})]
        with pytest.raises(PublishError, match="redirects"):
            osf.me()
        assert other.seen == []


def test_the_token_is_in_no_log_and_no_error(server, osf, caplog):
    caplog.set_level(logging.DEBUG)
    server.faults = [Fault(503, times=9, headers={"X-Echo": contract.TOKEN})]
    with pytest.raises(Incomplete, match="503") as caught:
        osf.me()
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert contract.TOKEN not in shown + caplog.text
    assert "x-echo" in caplog.text.lower(), "the log does hold what the server sent"


def test_cookies_are_not_kept(server, osf):
    server.faults = [Fault(200, headers={"Set-Cookie": "session=1; Path=/"})]
    with pytest.raises(PublishError):
        osf.me()
    osf.me()
    assert "Cookie" not in server.seen[-1].headers


def test_the_version_is_pinned_in_the_header_that_counts(server, osf):
    osf.me()
    assert server.seen[-1].headers["Accept"] == "application/vnd.api+json;version=2.20"


# --- trying again


@pytest.mark.parametrize("what", [408, 429, 500, 502, 503, 504, "reset", "lost"])
def test_what_may_pass_is_asked_again(server, osf, what):
    server.faults = [Fault(what, times=3)]
    assert osf.me() == contract.ME
    assert len(server.seen) == 4


def test_it_is_not_asked_for_ever(server, osf):
    server.faults = [Fault(502, times=99)]
    with pytest.raises(Incomplete, match="502"):
        osf.me()
    assert len(server.seen) == QUICK.attempts


def test_a_wait_that_is_asked_for_is_kept(server, osf):
    server.faults = [Fault(429, headers={"Retry-After": "1"})]
    began = time.monotonic()
    osf.me()
    assert time.monotonic() - began >= 1.0


def test_a_wait_that_is_too_long_ends_it(server, osf):
    server.faults = [Fault(429, headers={"Retry-After": "3600"})]
    with pytest.raises(Incomplete, match="wait 3600 seconds"):
        osf.me()
    assert len(server.seen) == 1


def test_a_silent_server_is_not_waited_for_for_ever(server):
    server.faults = [Fault("slow", times=9, seconds=2.0)]
    with (
        Osf(Key(contract.TOKEN), api=server.api, limits=replace(QUICK, timeout=0.1, attempts=2)) as osf,
        pytest.raises(Incomplete, match="does not answer"),
    ):
        osf.me()


def test_no_server_is_said_so():
    with (
        Osf(Key(contract.TOKEN), api="http://127.0.0.1:9/v2/", limits=replace(QUICK, attempts=2)) as osf,
        pytest.raises(Incomplete, match="does not answer"),
    ):
        osf.me()


def test_limits_allow_at_least_one_attempt():
    with pytest.raises(PublishError):
        Limits(attempts=0)
    with pytest.raises(PublishError):
        Limits(workers=0)


# --- a project


def test_a_project_is_private(osf, server):
    node = osf.create(FULL)
    assert server.nodes[node.id]["attributes"]["public"] is False
    assert osf.node(node.id) == node
    assert node.url.endswith(f"/{node.id}/")


@pytest.mark.parametrize("what", ["lost", "reset", 502])
def test_a_project_that_may_have_been_made_is_not_made_again(osf, server, what):
    server.faults = [Fault(what, method="POST", times=9)]
    with pytest.raises(Incomplete, match="not known whether"):
        osf.create(FULL)
    assert len([seen for seen in server.seen if seen.method == "POST"]) == 1
    assert len(server.nodes) <= 1


def test_a_throttled_project_is_asked_for_again(osf, server):
    server.faults = [Fault(429, method="POST")]
    assert osf.create(FULL).id in server.nodes


def test_no_project_and_a_deleted_one_are_refused(osf, server, node):
    with pytest.raises(PublishError, match="404"):
        osf.node("zzzzz")
    server.deleted.add(node.id)
    with pytest.raises(PublishError, match=r"410 .*It was deleted\."):
        osf.node(node.id)


@pytest.mark.parametrize("name", ["", "ab/../cd", "ab cd", "abcde?x=1", "https://osf.io/abcde"])
def test_what_is_no_id_is_not_asked_for(osf, server, name):
    with pytest.raises(PublishError, match="no id"):
        osf.node(name)
    assert server.seen == []


# --- what it says of itself


def test_a_description_is_written_and_read_back(osf, server, node):
    changed = osf.describe(node.id, FULL)
    assert set(changed) == {
        "title", "description", "category", "tags", "licence", "year", "copyright_holders"
    }  # fmt: skip
    said = server.nodes[node.id]["attributes"]
    assert said["tags"] == sorted(FULL.tags)
    assert said["node_license"] == {"year": "2026", "copyright_holders": ["B, A.", "C"]}


def test_what_is_said_already_is_not_written_again(osf, server, node):
    osf.describe(node.id, FULL)
    before = len(server.seen)
    assert osf.describe(node.id, FULL) == ()
    assert {seen.method for seen in server.seen[before:]} == {"GET"}


@pytest.mark.parametrize("lost", ["title", "description", "category", "tags", "node_license"])
def test_what_osf_ignores_in_silence_is_found(osf, server, node, lost):
    server.keeps = tuple(name for name in server.keeps if name != lost)
    fields = "year, copyright_holders" if lost == "node_license" else lost
    with pytest.raises(Incomplete, match=f"did not keep: {fields}"):
        osf.describe(node.id, FULL)


def test_a_licence_is_found_on_the_last_page(osf, server, node):
    server.clamp = 1
    osf.describe(node.id, replace(FULL, licence='BSD 2-Clause "Simplified" License'))
    assert server.nodes[node.id]["relationships"]["license"]["data"]["id"] == "lic05"
    assert len([seen for seen in server.seen if "licenses" in seen.path]) == 6


def test_an_unknown_licence_is_refused_with_those_that_there_are(osf, node):
    with pytest.raises(PublishError, match='Did you mean "MIT License"'):
        osf.describe(node.id, replace(FULL, licence="MIT Licence"))


def test_a_licence_that_wants_a_year_says_so(osf, node):
    with pytest.raises(PublishError, match="year must be specified"):
        osf.describe(node.id, replace(FULL, year=None, copyright_holders=()))
    osf.describe(node.id, replace(FULL, licence=LICENCE, year=None, copyright_holders=()))


def test_a_description_is_checked_before_it_is_sent():
    with pytest.raises(PublishError, match='Did you mean "software"'):
        Description(title="t", category="sofware")
    for title in ("", "  ", "t" * 513):
        with pytest.raises(PublishError, match="512 characters"):
            Description(title=title)


# --- small things


def test_a_link_keeps_its_query_and_names_are_quoted():
    assert (
        link("https://h/p/?kind=file", name="é b+c&d.csv")
        == "https://h/p/?kind=file&name=%C3%A9%20b%2Bc%26d.csv"
    )
    assert link("https://h/p/", kind="file") == "https://h/p/?kind=file"
    assert link("https://h/p/?kind=file", kind="file") == "https://h/p/?kind=file"


def test_dates_of_heads_are_read():
    assert iso("Sun, 06 Nov 1994 08:49:37 GMT") == "1994-11-06T08:49:37+00:00"  # RFC 9110
    assert iso("") is None
    assert iso("tomorrow") is None
