"""bundle, publish, rebuild and list as a user meets them: words, exit codes, and what is left on disk and on OSF."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reporter.project import load_study
from reporter.publish.deposit import DEPOSIT_MANIFEST
from reporter.publish.examined import Examined, NotPassed, examined
from reporter.publish.osf import TOKEN
from reporter.publish.receipt import read
from tests.architecture.test_imports import HEAVY, SLOW, asked_for
from tests.conftest import Project
from tests.publish import contract_server as contract
from tests.publish.conftest import QUICK

STUDY = "token-scaling"
STEP = f"Checking the report of {STUDY} against its rows, and packing it\n"
OSF = ("publish", "--to", "osf")
LICENCE = "CC-By Attribution 4.0 International"


@pytest.fixture(scope="module")
def built(built_published):
    """The published part of the study with its report, where a deposit can be packed."""
    pytest.importorskip("rocrate")
    return built_published


@pytest.fixture
def project(built, tmp_path, capsys, monkeypatch):
    """A copy of it to spoil, in a world without a token and with a short temper."""
    monkeypatch.delenv(TOKEN, raising=False)
    monkeypatch.delenv("OSF_API_URL", raising=False)
    monkeypatch.setattr("reporter.collectors.keys._from_keyring", lambda name: "")
    monkeypatch.setattr("reporter.publish.osf.Limits", lambda: QUICK)
    return Project(shutil.copytree(built, tmp_path.resolve() / "project"), capsys)


@pytest.fixture
def online(project, server, monkeypatch):
    """The same with a token and an OSF to send it to."""
    monkeypatch.setenv(TOKEN, contract.TOKEN)
    monkeypatch.setenv("OSF_API_URL", server.api)
    return project


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def deposits(project) -> Path:
    return project.root / "deposits"


def receipt_of(project) -> Path:
    return deposits(project) / f"{STUDY}.receipt.json"


def forge(project) -> None:
    """Change a number of the report, and its manifest so that it fits."""
    folder = project.root / "reports" / STUDY
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "+0.055" in text
    (folder / "report.md").write_text(text.replace("+0.055", "+0.065"), encoding="utf-8")
    manifest = (folder / "MANIFEST.sha256").read_text(encoding="utf-8")
    old = next(line for line in manifest.splitlines() if line.endswith("  report.md"))
    digest = hashlib.sha256((folder / "report.md").read_bytes()).hexdigest()
    (folder / "MANIFEST.sha256").write_text(manifest.replace(old, f"{digest}  report.md"), encoding="utf-8")


def stale(project) -> None:
    project.edit("# The token-scaling study", "# The token-scaling study, changed")


def unbuilt(project) -> None:
    shutil.rmtree(project.root / "reports")


def changed(project) -> None:
    path = project.root / "reports" / STUDY / "report.html"
    path.write_text(path.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")


SPOILS = {
    unbuilt: (2, "There is no built report. Run `report build --study token-scaling` first."),
    changed: (2, "The report was changed after it was built."),
    stale: (2, "The report was built from another inputs/token-scaling."),
    forge: (1, "The report does not pass its check and audit: report.md, line "),
}


@pytest.mark.parametrize("verb", ["bundle", "rebuild", "publish"])
def test_a_verb_explains_itself_and_loads_nothing_heavy(project, verb):
    ran = project.run(verb, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: report {verb}")
    assert asked_for(verb, "--help") & (SLOW | HEAVY | {"httpx", "httpcore", "rocrate", "keyring"}) == set()


def test_list_needs_no_network_library(project):
    receipt_of(project).parent.mkdir()
    begun = {"node": "abcde", "title": "T", "url": "", "files": [], "remote_only": []}
    receipt_of(project).write_text(json.dumps(begun), encoding="utf-8")
    assert "begun and not finished: abcde" in project.run("list").out
    asked = asked_for("--root", str(project.root), "list")
    assert asked & {"httpx", "httpcore", "rocrate"} == set()
    assert "pydantic" in asked


# --- bundle


def test_bundle_makes_a_deposit_beside_the_reports(project):
    ran = project.run("bundle")
    assert (ran.code, ran.err) == (0, STEP)
    folder = deposits(project) / STUDY
    size = (
        sum(len(content) for content in contents(folder).values())
        - (folder / DEPOSIT_MANIFEST).stat().st_size
    )
    assert ran.out.splitlines() == [
        f"{folder}: {len(contents(folder))} files, {size / 1e6:,.1f} MB.",
        "As study.toml says: by A. J. Vasquez Sr.; data CC-BY-4.0, code GPL-3.0-or-later.",
    ]
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", DEPOSIT_MANIFEST], cwd=folder, check=False
    )
    assert checked.returncode == 0
    assert [path.name for path in deposits(project).iterdir()] == [STUDY]


def test_the_deposit_says_that_the_report_passed(project):
    assert project.run("bundle").code == 0
    audit = json.loads((deposits(project) / STUDY / "audit.json").read_text(encoding="utf-8"))
    with (project.root / "reports" / STUDY / "numbers.csv").open(encoding="utf-8", newline="") as file:
        numbers = len(list(csv.DictReader(file)))
    assert (audit["passed"], audit["problems"]) == (True, [])
    assert audit["numbers_derived_again"] == numbers
    assert audit["files_as_built"] == len(contents(project.root / "reports" / STUDY)) - 1


def test_an_examination_that_is_not_passed_says_so(project):
    forge(project)
    found = examined(project.root / "reports" / STUDY, load_study(project.root, STUDY))
    said = json.loads(found.document)
    assert (said["passed"], said["problems"]) == (False, list(found.problems))
    assert found.problems[0] == "report.md, line 15: mean_change.estimate should read '+0.055'"
    with pytest.raises(NotPassed, match=r"does not pass its check and audit: report\.md, line 15"):
        found.refuse_problems(project.root)


def test_many_problems_are_counted_and_the_first_are_named():
    found = Examined(tuple(f"problem {i}" for i in range(7)), "{}")
    with pytest.raises(NotPassed, match=r"problem 0; .*problem 2; and 4 more\."):
        found.refuse_problems(Path("reports"))


def test_bundle_goes_where_it_is_told_and_gives_the_same_bytes(project, tmp_path):
    assert project.run("bundle").code == 0
    assert project.run("bundle", "--to", str(tmp_path / "aside" / "mine")).code == 0
    assert contents(tmp_path / "aside" / "mine") == contents(deposits(project) / STUDY)


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize(
    "words",
    [("bundle",), ("publish", "--to", "folder", "out"), ("publish", "--to", "zenodo-json"), (*OSF, "--yes")],
    ids=" ".join,
)
def test_what_is_not_fine_goes_nowhere(online, server, monkeypatch, spoil, words):
    spoil(online)
    monkeypatch.chdir(online.root)
    before = contents(online.root)
    ran = online.run(*words)
    code, told = SPOILS[spoil]
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert ran.err.removeprefix(STEP).count("\n") == 1
    assert contents(online.root) == before
    assert not (online.root / "out").exists()
    assert (server.nodes, server.files()) == ({}, {})


def test_a_place_that_is_taken_is_left_alone(project, tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("years of work", encoding="utf-8")
    for words in (("bundle", "--to", str(taken)), ("publish", "--to", "folder", str(taken))):
        ran = project.run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert "What stands there has no manifest-sha256.txt, and is left alone." in ran.err
    assert contents(taken) == {"thesis.txt": b"years of work"}
    assert not deposits(project).exists()


def test_a_missing_package_is_told_before_anything_is_written(project, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = project.run("bundle")
    assert (ran.code, ran.out) == (2, "")
    assert "rocrate is not installed. Install it: pip install 'entropy-reporter[publish]'.\n" in ran.err
    assert not deposits(project).exists()


WITHOUT_CLIENT = """
import sys
sys.modules["httpx"] = None  # as if it were not installed
import reporter.publish.blind, reporter.publish.identity  # a blind paper needs no network
from reporter.__main__ import run
sys.exit(run(sys.argv[1:]))
"""


def test_a_missing_client_is_told_as_well(project):
    words = ("--root", str(project.root), "publish", "--to", "osf")
    command = [sys.executable, "-c", WITHOUT_CLIENT, *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert (
        ran.stderr == "report: httpx is not installed. Install it: pip install 'entropy-reporter[publish]'.\n"
    )
    assert not deposits(project).exists()


def test_the_deposit_of_another_study_is_left_alone(project, tmp_path):
    other = tmp_path / "other"
    (other / "inputs" / "mine").mkdir(parents=True)
    (other / "inputs" / "mine" / "study.toml").write_text("", encoding="utf-8")
    (other / DEPOSIT_MANIFEST).write_text("", encoding="utf-8")
    ran = project.run("bundle", "--to", str(other))
    assert ran.code == 2
    assert 'The deposit of another study ("mine") stands there.' in ran.err
    assert len(contents(other)) == 2


@pytest.mark.parametrize("place", ["inputs", "inputs/token-scaling/deposit", "reports/token-scaling/deposit"])
def test_a_deposit_never_becomes_a_part_of_what_it_is_made_of(project, place):
    before = contents(project.root)
    ran = project.run("bundle", "--to", str(project.root / place))
    assert ran.code == 2
    assert "neither in inputs/ nor in the report" in ran.err
    assert contents(project.root) == before


# --- a folder, and Zenodo


def test_a_folder_gets_a_copy_with_the_same_bytes(project, tmp_path):
    ran = project.run("publish", "--to", "folder", str(tmp_path / "usb" / "study"))
    assert ran.code == 0
    assert "read again and the same." in ran.out
    assert contents(tmp_path / "usb" / "study") == contents(deposits(project) / STUDY)
    assert project.run("publish", "--to", "folder", str(tmp_path / "usb" / "study")).code == 0  # again


def test_a_copy_with_other_bytes_is_not_kept(project, tmp_path, monkeypatch):
    from reporter.publish import deposit as module

    put = module._put
    assert project.run("bundle").code == 0
    made = module.Deposit(
        deposits(project) / STUDY,
        {name: hashlib.sha256(content).hexdigest() for name, content in contents(deposits(project) / STUDY).items()
         if name != DEPOSIT_MANIFEST},
    )  # fmt: skip
    assert module.copy_of(made, tmp_path / "good").files == made.files

    def rotten(place, name, content):
        put(place, name, content[:-1] + b"?" if name == "numbers.csv" else content)

    monkeypatch.setattr(module, "_put", rotten)
    with pytest.raises(module.OutputError, match="other bytes"):
        module.copy_of(made, tmp_path / "bad")
    assert not (tmp_path / "bad").exists()


def test_a_dry_run_copies_nothing(project, tmp_path):
    ran = project.run("publish", "--to", "folder", str(tmp_path / "usb"), "--dry-run")
    assert ran.code == 0
    assert ran.out.startswith(f"Would be copied to {tmp_path / 'usb'}: ")
    assert not (tmp_path / "usb").exists()


def test_zenodo_gets_a_file_that_says_it_was_not_sent(project, tmp_path):
    ran = project.run("publish", "--to", "zenodo-json")
    path = deposits(project) / f"{STUDY}.zenodo.json"
    assert ran.code == 0
    assert "Nothing was sent." in ran.out
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["upload_type"] == "dataset"
    shown = project.run("publish", "--to", "zenodo-json", "--dry-run")
    assert shown.out == path.read_text(encoding="utf-8")
    assert project.run("publish", "--to", "zenodo-json").code == 0  # again: that file is ours
    (tmp_path / "other.json").write_text('{"metadata": {}, "mine": 1}', encoding="utf-8")
    ran = project.run("publish", "--to", "zenodo-json", str(tmp_path / "other.json"))
    assert ran.code == 2
    assert "Something else stands there" in ran.err
    assert json.loads((tmp_path / "other.json").read_text(encoding="utf-8")) == {"metadata": {}, "mine": 1}


@pytest.mark.parametrize(
    "words",
    [
        ("publish",),
        ("publish", "--to", "ftp"),
        ("publish", "--to", "folder"),
        ("publish", "--to", "osf", "somewhere"),
        ("publish", "--to", "folder", "out", "--yes"),
        ("publish", "--to", "zenodo-json", "--node", "abcde"),
        ("publish", "--to", "osf", "--yes", "--dry-run"),
        ("rebuild",),
    ],
)
def test_wrong_words_are_bad_input(project, words):
    ran = project.run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err
    assert not deposits(project).exists()


# --- OSF: the dry run


def test_without_a_token_the_first_plan_is_shown_all_the_same(project):
    ran = project.run(*OSF)
    assert (ran.code, ran.err) == (0, STEP)
    files = contents(deposits(project) / STUDY)
    *planned, counted, _, last = ran.out.splitlines()
    assert [line.split() for line in planned] == [
        ["create", str(len(content)), name] for name, content in sorted(files.items())
    ]
    assert counted.startswith(f"For a new private project: {len(files)} to create; ")
    assert last == "Nothing was sent. To do it, set OSF_TOKEN and say --yes."
    assert not receipt_of(project).exists()


def test_a_dry_run_changes_nothing_on_osf(online, server):
    ran = online.run(*OSF)
    assert ran.code == 0
    assert ran.out.endswith("\nNothing was sent. Do it with --yes.\n")
    assert (server.nodes, server.files()) == ({}, {})
    assert {seen.method for seen in server.seen} == {"GET"}
    assert not receipt_of(online).exists()


def test_the_plan_says_create_update_keep_and_what_only_osf_has(online, server):
    assert online.run(*OSF, "--yes").code == 0
    (node,) = server.nodes
    server.put("data/theirs.csv", b"1,2\n", node)
    server.files()["report.md"].versions.append(b"somebody else's")
    server.entities.pop(server.files()["numbers.csv"].id)
    server.nodes[node]["attributes"]["title"] = "A better title"
    ran = online.run(*OSF, "--dry-run")
    words = {line.split()[-1]: line.split()[0] for line in ran.out.splitlines() if "  " in line}
    assert (words["numbers.csv"], words["report.md"], words["report.pdf"]) == ("create", "update", "keep")
    assert words["data/theirs.csv"] == "remote-only"
    assert "describe    title, now 'A better title'\n" in ran.out
    total = len(contents(deposits(online) / STUDY))
    assert f"1 to create, 1 to update, {total - 2} to keep, 1 to leave alone; " in ran.out
    assert server.files()["report.md"].versions[-1] == b"somebody else's"


# --- OSF: doing it


def test_yes_makes_a_private_project_that_holds_the_deposit(online, server):
    ran = online.run(*OSF, "--yes")
    assert ran.code == 0, ran.err
    ((node, found),) = server.nodes.items()
    assert server.contents() == contents(deposits(online) / STUDY)
    said = found["attributes"]
    assert (said["title"], said["public"]) == ("Comprehensive token scaling analysis", False)
    assert said["description"].startswith("Doubling the token limit")
    assert said["tags"] == ["character entropy", "entropy", "language models", "token limit"]
    name = list(contract.LICENCES)[int(found["relationships"]["license"]["data"]["id"].removeprefix("lic"))]
    assert name == LICENCE
    url = f"{server.url}/{node}/"
    assert ran.out.splitlines()[-3:] == [
        f"Made {url}, private.",
        f"{url}: {len(server.files())} files as they are here.",
        f"Receipt: {receipt_of(online)}",
    ]
    assert contract.TOKEN not in ran.out + ran.err


def test_the_receipt_says_what_the_server_holds_and_is_no_part_of_the_deposit(online, server):
    assert online.run(*OSF, "--yes").code == 0
    receipt = read(receipt_of(online))
    assert (receipt.complete, receipt.time_from, receipt.api) == (True, "server", server.api)
    there = server.files()
    assert {file.name: (file.id, file.version) for file in receipt.files} == {
        name: (entity.id, len(entity.versions)) for name, entity in there.items()
    }
    assert {file.sha256 for file in receipt.files} == {
        hashlib.sha256(content).hexdigest() for content in contents(deposits(online) / STUDY).values()
    }
    assert "receipt" not in " ".join(there)
    assert contract.TOKEN not in receipt_of(online).read_text(encoding="utf-8")
    listed = online.run("list").out.splitlines()
    assert listed[1] == (
        f"  published {receipt.time}: {receipt.url}, {len(there)} files, see {receipt_of(online)}"
    )


def test_a_second_time_sends_no_byte(online, server):
    assert online.run(*OSF, "--yes").code == 0
    server.seen.clear()
    ran = online.run(*OSF, "--yes")
    assert ran.code == 0
    assert {seen.method for seen in server.seen} == {"GET"}
    count = len(server.files())
    assert f"{count} to keep; 0 bytes to send." in ran.out
    assert f"{count} files as they are here, {count} of them were there." in ran.out
    assert {len(entity.versions) for entity in server.files().values()} == {1}


def test_a_project_that_is_named_is_used_and_nothing_in_it_is_lost(online, server, osf, node):
    server.put("notes.txt", b"mine", node.id)
    ran = online.run(*OSF, "--node", f"https://osf.io/{node.id}/", "--yes")
    assert ran.code == 0, ran.err
    assert list(server.nodes) == [node.id]
    assert server.contents() == {**contents(deposits(online) / STUDY), "notes.txt": b"mine"}
    assert read(receipt_of(online)).remote_only == ("notes.txt",)


def test_the_receipt_of_another_project_is_kept(online, server, osf, node):
    assert online.run(*OSF, "--yes").code == 0
    before = receipt_of(online).read_bytes()
    past = read(receipt_of(online)).node
    assert online.run(*OSF, "--node", node.id, "--yes").code == 0
    assert read(receipt_of(online)).node == node.id
    assert (deposits(online) / f"{STUDY}.{past}.receipt.json").read_bytes() == before
    receipt_of(online).write_text("{", encoding="utf-8")
    assert online.run(*OSF, "--node", node.id, "--yes").code == 0
    assert (deposits(online) / f"{STUDY}.receipt.json.damaged").read_text(encoding="utf-8") == "{"
    assert read(receipt_of(online)).complete


def test_a_public_project_is_said_to_be_read_by_everybody(online, server, osf, node):
    server.nodes[node.id]["attributes"]["public"] = True
    assert "/, everybody can read it): " in online.run(*OSF, "--node", node.id).out
    server.nodes[node.id]["attributes"]["public"] = False
    assert "/, private): " in online.run(*OSF, "--node", node.id).out


def test_what_osf_ignores_ends_with_exit_code_one(online, server):
    server.keeps = tuple(name for name in server.keeps if name != "tags")
    ran = online.run(*OSF, "--yes")
    assert ran.code == 1
    assert "OSF did not keep: tags." in ran.err
    assert server.files() == {}
    assert read(receipt_of(online)).complete is False


def test_a_last_listing_that_is_not_the_deposit_ends_with_exit_code_one(online, server, monkeypatch):
    from reporter.publish.osf import Osf

    listing = Osf.listing

    def forgetful(self, node):
        if "report.md" in server.files():
            del server.entities[server.files()["report.md"].id]
        return listing(self, node)

    monkeypatch.setattr(Osf, "listing", forgetful)
    ran = online.run(*OSF, "--yes")
    assert ran.code == 1
    assert "files 1 are not there as they are here: report.md. Publish again." in ran.err
    assert "as they are here." not in ran.out
    assert "  publication begun and not finished: " in online.run("list").out


# --- OSF: refusals


def test_without_a_token_nothing_is_done(project, server):
    for words in (("--yes",), ("--node", "abcde")):
        ran = project.run(*OSF, *words, "--api", server.api)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("report: There is no token for OSF. Make one at osf.io/settings/tokens")
    assert server.seen == []
    assert not deposits(project).exists()


def test_a_wrong_token_is_refused_before_anything_is_made(online, server, monkeypatch):
    monkeypatch.setenv(TOKEN, "wrong-token-123")
    ran = online.run(*OSF, "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert "The token cannot be checked. OSF answers 401" in ran.err
    assert "wrong-token-123" not in ran.err
    assert len(server.seen) == 1
    assert not deposits(online).exists()


def test_a_token_that_may_only_read_ends_before_a_receipt(online, server, monkeypatch):
    monkeypatch.setenv(TOKEN, contract.READ_ONLY)
    ran = online.run(*OSF, "--yes")
    assert ran.code == 2
    assert "The project cannot be made. OSF answers 403" in ran.err
    assert "osf.full_write" in ran.err
    assert not receipt_of(online).exists()


@pytest.mark.parametrize(("gone", "said"), [(False, "answers 404"), (True, "answers 410")])
def test_a_project_that_is_not_there_is_refused(online, server, osf, node, gone, said):
    if gone:
        server.deleted.add(node.id)
    ran = online.run(*OSF, "--node", node.id if gone else "zzzzz", "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not deposits(online).exists()


@pytest.mark.parametrize(
    "api", ["http://api.osf.io/v2/", "https://me:secret@api.osf.io/v2/", "ftp://127.0.0.1/"]
)
def test_the_token_goes_to_no_unsafe_address(online, api):
    ran = online.run(*OSF, "--api", api)
    assert (ran.code, ran.out) == (2, "")
    assert contract.TOKEN not in ran.err


def test_a_receipt_of_another_osf_is_not_followed(online, server):
    assert online.run(*OSF, "--yes").code == 0
    before = receipt_of(online).read_bytes()
    ran = online.run(*OSF, "--api", "https://api.osf.io/v2/")
    assert (ran.code, ran.out) == (2, "")
    assert f"The last time the study went to {server.api}, and now to https://api.osf.io/v2/." in ran.err
    assert receipt_of(online).read_bytes() == before


def test_a_damaged_receipt_is_refused_and_listed(online, server):
    receipt_of(online).parent.mkdir()
    receipt_of(online).write_text("{", encoding="utf-8")
    ran = online.run(*OSF, "--yes")
    assert ran.code == 1
    assert "This is no receipt of ours." in ran.err
    assert server.seen == []
    listed = online.run("list")
    assert listed.code == 0
    assert "This is no receipt of ours." in listed.out


# --- OSF: killed, and gone on with


def test_a_killed_publication_is_gone_on_with_by_the_same_words(project, server):
    """Killed in the middle; the receipt leads the second run to the same project, which gets each file once."""
    server.latency = 0.02
    told = {**os.environ, TOKEN: contract.TOKEN, "OSF_API_URL": server.api}
    words = [sys.executable, "-m", "reporter", "--root", str(project.root), *OSF, "--yes"]
    with subprocess.Popen(words, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while len(server.files()) < 5 and process.poll() is None:
            time.sleep(0.002)
        process.kill()
    assert process.returncode == -signal.SIGKILL, "it had ended before it was killed"
    assert 0 < len(server.files()) < 40
    receipt = read(receipt_of(project))
    assert (receipt.complete, [receipt.node]) == (False, list(server.nodes))
    again = subprocess.run(words, env=told, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert " of them were there." in again.stdout
    assert " MB sent\n" in again.stderr  # plain lines in a pipe
    assert len(server.nodes) == 1
    assert server.contents() == contents(deposits(project) / STUDY)
    assert {len(entity.versions) for entity in server.files().values()} == {1}
    assert read(receipt_of(project)).complete is True


# --- rebuild


@pytest.fixture(scope="module")
def bundled(built, tmp_path_factory):
    from reporter.publish.deposit import deposit

    return deposit(
        built / "reports" / STUDY, built / "inputs" / STUDY, tmp_path_factory.mktemp("d") / "it"
    ).folder


def test_a_deposit_comes_out_again(bundled, project, tmp_path):
    before = contents(bundled)
    ran = project.run("rebuild", str(bundled), "--to", str(tmp_path / "again"))
    assert ran.code == 0, ran.out
    assert ran.out.startswith("The same: ")
    assert contents(bundled) == before
    assert (tmp_path / "again" / "numbers.csv").read_bytes() == before["numbers.csv"]


def test_a_changed_deposit_is_not_the_same(bundled, project, tmp_path):
    folder = shutil.copytree(bundled, tmp_path / "changed")
    text = (folder / "report.md").read_text(encoding="utf-8")
    (folder / "report.md").write_text(text.replace("+0.055", "+0.065", 1), encoding="utf-8")
    ran = project.run("rebuild", str(folder))
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "report.md: the file was changed after it was deposited"
    assert "+0.065" in ran.out
    assert ran.err.endswith("Not the same: 2 differences.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["changed", "project"]


@pytest.mark.parametrize("missing", [DEPOSIT_MANIFEST, "built_from.json", "inputs", "everything"])
def test_what_is_no_deposit_is_bad_input(bundled, project, tmp_path, missing):
    folder = tmp_path / "deposit"
    if missing != "everything":
        shutil.copytree(bundled, folder)
        path = folder / missing
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    ran = project.run("rebuild", str(folder))
    assert (ran.code, ran.out) == (2, "")
    assert "no deposit" in ran.err or "The deposit is damaged" in ran.err


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"program": 1}'])
def test_a_deposit_whose_facts_are_no_facts_is_bad_input(bundled, project, tmp_path, text):
    folder = shutil.copytree(bundled, tmp_path / "deposit")
    (folder / "built_from.json").write_text(text, encoding="utf-8")
    ran = project.run("rebuild", str(folder))
    assert (ran.code, ran.out) == (2, "")
    assert "built_from.json" in ran.err


def test_somebody_else_rebuilds_it_in_an_empty_folder(bundled, tmp_path):
    """No checkout in sight: isolated mode sees neither the current folder nor the user's environment."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(bundled, home / "download")
    done = subprocess.run(
        [sys.executable, "-I", "-m", "reporter", "rebuild", "download"],
        cwd=home, env={"PATH": os.defpath, "HOME": str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("The same: ")
    assert contents(home / "download") == contents(bundled)
