"""publish --public, --doi, --blind, --register: what they say, what they do, and what they never do by accident."""

from __future__ import annotations

import shutil

import pytest

from reporter import pipeline
from reporter.cli._osf import Asked, _packed
from reporter.preregistration.frozen import FOLDER, clock, freeze
from reporter.publish.osf import TOKEN
from reporter.publish.receipt import place_of, read
from tests.conftest import Project
from tests.publish import contract_server as contract
from tests.publish.conftest import QUICK

STUDY = "token-scaling"
OSF = ("publish", "--to", "osf")
REGISTER = ("--register", "--subject", "Psychology")


@pytest.fixture(scope="module")
def built(published, tmp_path_factory):
    """The published part of the study with its report, made once; its files are in two components."""
    pytest.importorskip("rocrate")
    root = tmp_path_factory.mktemp("built").resolve()
    published(root)
    path = root / "inputs" / STUDY / "study.toml"
    text = path.read_text("utf-8")
    text = text.replace(
        "\n[declared]\n",
        '\n[study.components]\ndata = "The data"\n\n[[study.funding]]\nfunder = "A Fund"\n\n[declared]\n',
        1,
    )
    path.write_text(text, "utf-8")
    freeze(root, STUDY, now=clock())
    pipeline.build(root, STUDY)
    return root


@pytest.fixture(scope="module")
def packed(built):
    """Its deposit, and its blind one: made once by the command, since each takes seconds."""
    return {
        blind: _packed(built, STUDY, Asked(blind=blind)) for blind in (False, True)
    }  # fmt: skip


@pytest.fixture
def quick(packed, monkeypatch):
    """Take what was packed before, to look at what comes after it."""
    monkeypatch.setattr("reporter.cli._osf._packed", lambda root, name, asked: packed[asked.blind])


@pytest.fixture
def online(built, server, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(TOKEN, contract.TOKEN)
    monkeypatch.setenv("OSF_API_URL", server.api)
    monkeypatch.setattr("reporter.publish.osf.Limits", lambda: QUICK)
    monkeypatch.setattr("reporter.publish.stranger.PACE", 0.0)
    monkeypatch.setattr("tests.publish._contract_api.BURST", 10**6)
    monkeypatch.setattr("tests.publish._contract_api.LISTS", 10**6)
    return Project(shutil.copytree(built, tmp_path.resolve() / "project"), capsys)


def receipt(project, name=STUDY):
    return read(place_of(project.root, name))


def writes(server):
    return [seen for seen in server.seen if seen.method != "GET"]


@pytest.mark.parametrize(
    "words",
    [
        ("--blind", "--public"), ("--blind", "--doi"), ("--blind", *REGISTER), ("--submit-registration",),
        ("--register",), ("--subject", "Psychology"), (*REGISTER, "--confirm", "n0001"), ("--workers", "0"),
        ("--workers", "17"),
    ],
)  # fmt: skip
def test_wrong_words_are_bad_input_and_ask_nothing(online, server, words):
    ran = online.run(*OSF, *words, "--yes")
    assert ran.code == 2
    assert server.seen == []


@pytest.mark.parametrize("words", [("--public",), ("--blind",), ("--doi",), ("--workers", "2"), REGISTER])
def test_they_are_for_osf_alone(online, tmp_path, words):
    ran = online.run("publish", "--to", "folder", str(tmp_path / "out"), *words)
    assert (ran.code, "is for --to osf" in ran.err) == (2, True)


def test_a_dry_run_says_what_would_follow_and_does_nothing(online, quick, server):
    ran = online.run(*OSF, "--public", "--doi")
    assert ran.code == 0
    assert 'component   "The data"' in ran.out
    assert (
        "then        make the project public, for good\nthen        ask for a DOI, which stays\n" in ran.out
    )
    assert writes(server) == []


def test_public_and_doi_come_last_and_stay(online, quick, server):
    ran = online.run(*OSF, "--public", "--doi", "--yes")
    assert ran.code == 0, ran.err
    found = receipt(online)
    assert server.dois == {found.node: found.doi}
    assert f"DOI: {found.doi}." in ran.out
    assert server.minted[found.node]["funders"][0]["funder_name"] == "A Fund"
    assert {name.split("/")[0] for name in server.files(found.components["data"])} == {
        "published.csv",
        "published.parquet",
    }
    before = len(writes(server))
    again = online.run(*OSF, "--yes")
    assert again.code == 0, again.err
    assert len(writes(server)) == before, "a second time without them takes nothing back, and sends nothing"
    assert receipt(online).doi == found.doi


def test_a_doi_of_a_private_project_is_refused_before_a_byte(online, server):
    ran = online.run(*OSF, "--doi", "--yes")
    assert (ran.code, ran.err) == (
        2, "report: A private project gets no DOI. Add --public, which is for good.\n"
    )  # fmt: skip
    assert writes(server) == []


# --- blind


def test_a_blind_publication_tells_nobody(online, server):
    ran = online.run(*OSF, "--blind", "--yes")
    assert ran.code == 0, ran.err + ran.out
    assert "Only OSF can mend that" in ran.out
    assert "leak  " not in ran.out
    found = receipt(online, f"{STUDY}-blind")
    (link,) = server.links.values()
    assert f"Link for reviewers: {found.url}?view_only={link['key']}\n" in ran.out
    assert link["nodes"] == {found.node, *found.components.values()}
    sent = b"".join(each for each in server.contents().values()).lower()
    for told in (b"vasquez", b"t65vs", b"7nw8t", b"a fund"):
        assert told not in sent, told
    assert server.items[found.node]["funders"] == []
    assert "vasquez" not in str(server.nodes).lower()
    assert receipt(online) is None, "the study's own receipt is another one"


def test_a_blind_publication_goes_to_a_project_of_its_own(online, quick, server):
    assert online.run(*OSF, "--yes").code == 0
    assert online.run(*OSF, "--blind", "--yes").code == 0
    assert receipt(online).node != receipt(online, f"{STUDY}-blind").node


def test_our_own_leak_ends_with_exit_code_one_and_no_link(online, quick, server):
    assert online.run(*OSF, "--blind", "--yes").code == 0
    node = receipt(online, f"{STUDY}-blind").node
    server.put("from-before.txt", b"by A. J. Vasquez Sr.", node)
    ran = online.run(*OSF, "--blind", "--yes")
    assert ran.code == 1
    assert f"leak  {node}/from-before.txt: family name, name\n" in ran.out
    assert "Give no link away" in ran.err
    assert "Link for reviewers" not in ran.out


def test_a_public_project_is_no_place_for_a_blind_publication(online, server, osf, node):
    osf.open(node.id)
    before = len(writes(server))
    ran = online.run(*OSF, "--blind", "--node", node.id, "--yes")
    assert (ran.code, "names its contributors to everybody" in ran.err) == (2, True)
    assert len(writes(server)) == before


# --- registration


def test_without_a_frozen_plan_nothing_is_sent(online, server):
    shutil.rmtree(online.folder / FOLDER)
    ran = online.run(*OSF, *REGISTER, "--yes")
    assert (ran.code, "No plan is frozen" in ran.err, "report freeze" in ran.err) == (2, True, True)
    assert writes(server) == []


def test_a_draft_is_a_draft_and_the_second_time_the_same(online, quick, server):
    ran = online.run(*OSF, *REGISTER, "--yes")
    assert ran.code == 0, ran.err
    assert online.run(*OSF, *REGISTER, "--yes").code == 0
    assert [*server.drafts] == [receipt(online).draft]
    (draft,) = server.drafts.values()
    plan = (online.folder / FOLDER / "version-1.md").read_text("utf-8")
    # plain text: OSF shows no Markdown
    assert draft["attributes"]["registration_responses"]["summary"] == plan.replace("`", "")
    assert server.registrations == {}


def test_a_registration_needs_the_typed_id(online, quick, server):
    ran = online.run(*OSF, *REGISTER, "--submit-registration", "--yes")
    assert (ran.code, "was not confirmed, and nothing was registered" in ran.err) == (2, True)
    assert server.registrations == {}
    node = receipt(online).node
    assert online.run(*OSF, *REGISTER, "--submit-registration", "--confirm", "wrong", "--yes").code == 2
    assert server.registrations == {}
    ran = online.run(*OSF, *REGISTER, "--submit-registration", "--confirm", node, "--yes")
    assert ran.code == 0, ran.err
    assert [*server.registrations] == [receipt(online).registration]
    ran = online.run(*OSF, *REGISTER, "--submit-registration", "--confirm", node, "--yes")
    assert (ran.code, "registered already" in ran.err) == (2, True)
    assert len(server.registrations) == 1


def test_on_a_terminal_the_id_is_asked_for(online, quick, server, monkeypatch):
    asked = []
    monkeypatch.setattr("reporter.cli._osf.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("reporter.cli._osf.click.prompt", lambda words, **_: asked.append(words) or "no")
    ran = online.run(*OSF, *REGISTER, "--submit-registration", "--yes")
    assert (ran.code, len(asked)) == (2, 1)
    assert receipt(online).node in asked[0]
    assert server.registrations == {}


def test_a_dry_run_registers_nothing(online, quick, server):
    ran = online.run(*OSF, *REGISTER, "--submit-registration", "--confirm", "n0001")
    assert (ran.code, "submit it, which cannot be undone" in ran.out) == (0, True)
    assert writes(server) == []
