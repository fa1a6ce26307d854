"""The deposit: complete, true to its inputs, readable by other programs, and the same bytes each time."""

from __future__ import annotations

import csv
import getpass
import json
import platform
import shutil
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from reporter import pipeline
from reporter.describe import codebook
from reporter.errors import DataError, OutputError, ProjectError, StudyError
from reporter.observations import frame, write_parquet
from reporter.project import load_study
from reporter.publish.deposit import CRATE, DEPOSIT_MANIFEST, deposit
from reporter.publish.lock import environment_lock
from reporter.publish.readme import readme
from reporter.unchanged import BUILT_FROM

ROOT = Path(__file__).resolve().parents[2]
STUDY = "token-scaling"
PROMISED = {
    "README.md", "report.pdf", "report.html", "report.md", "data/published.csv", "data/published.parquet",
    "codebook.md", "datapackage.json", "numbers.csv", "findings.json", "study.toml", "exclusions.csv",
    "environment.txt", "LICENSE-data.txt", "LICENSE-code.txt", "CITATION.cff", "templates/frame.md.jinja", "audit.json",
    "templates/parts/sentences.md.jinja", f"templates/{STUDY}/report.md.jinja", "tables/tests.csv",
    "figures/slope.svg", BUILT_FROM, CRATE,
}  # fmt: skip


@pytest.fixture(scope="module")
def built(built_published):
    """A project of the published part of the study, with its report."""
    pytest.importorskip("rocrate")
    return built_published


@pytest.fixture(scope="module")
def made(built, tmp_path_factory):
    return of(built, tmp_path_factory.mktemp("made") / "deposit")


@pytest.fixture
def root(built, tmp_path):
    return shutil.copytree(built, tmp_path.resolve() / "project")


def of(root: Path, target: Path):
    return deposit(root / "reports" / STUDY, root / "inputs" / STUDY, target)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_everything_promised_is_there(made):
    there = set(contents(made.folder))
    assert PROMISED - there == set()
    assert there == {*made.files, DEPOSIT_MANIFEST}


def test_sha256sum_agrees_with_the_manifest(made):
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", DEPOSIT_MANIFEST],
        cwd=made.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": OK\n") == len(made.files)


def test_the_same_input_gives_the_same_bytes(root, made, tmp_path):
    assert contents(of(root, tmp_path / "elsewhere" / "again").folder) == contents(made.folder)


def test_the_report_is_that_which_was_built(built, made):
    report = contents(built / "reports" / STUDY)
    there = contents(made.folder)
    assert {name: there[name] for name in report if name != "MANIFEST.sha256"} == {
        name: content for name, content in report.items() if name != "MANIFEST.sha256"
    }
    assert "MANIFEST.sha256" not in there


def test_no_file_names_this_machine_or_its_user(built, made):
    words = [str(built), str(ROOT), str(made.folder), str(Path.home() / "."), platform.node()]
    if getpass.getuser() != "root":  # which is a word of many files
        words.append(getpass.getuser())
    for name, content in contents(made.folder).items():
        assert [word for word in words if len(word) > 5 and word.encode() in content] == [], name


def test_csv_and_parquet_hold_the_rows_of_the_study(built, made):
    with (built / "inputs" / STUDY / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(made.folder / "data" / "published.parquet").to_pylist()
    assert (made.folder / "data" / "published.csv").read_bytes() == (
        built / "inputs" / STUDY / "published.csv"
    ).read_bytes()
    assert [row["model"] for row in table] == [row["model"] for row in rows]
    assert [row["mean"] for row in table] == [float(row["mean"]) for row in rows]
    assert [row["token_limit"] for row in table] == [int(row["token_limit"]) for row in rows]


def test_the_readme_leads_from_tables_to_answers_that_are_there(made):
    readme = (made.folder / "README.md").read_text(encoding="utf-8")
    findings = json.loads((made.folder / "findings.json").read_text(encoding="utf-8"))["findings"]
    answers = {finding["address"].partition("/")[0] for finding in findings}
    shown = readme.partition("## Which answers")[2]
    lines = [line for line in shown.splitlines() if line.startswith(("| `tables/", "| `figures/"))]
    files = [
        name for name in made.files if name.startswith(("tables/", "figures/")) and name.endswith(".csv")
    ]
    assert [line.split("`")[1] for line in lines] == files
    for line in lines:
        named = line.split("|")[2].split("`")[1::2]
        assert named or "every answer with a p value" in line
        assert set(named) <= answers
    assert "`mean_change`" in next(line for line in lines if "figures/forest.csv" in line)


def test_the_readme_says_what_it_was_made_of_and_with(built, made):
    readme = (made.folder / "README.md").read_text(encoding="utf-8")
    facts = json.loads((made.folder / BUILT_FROM).read_text(encoding="utf-8"))
    about = tomllib.loads((made.folder / "study.toml").read_text(encoding="utf-8"))
    said = [about["source"][0]["citation"], about["source"][0]["note"], str(about["study"]["seed"])]
    said += [facts["program"], facts["sha256"]["reporter"]]
    said += [f"{name} {n}" for name, n in facts["versions"].items()]
    assert facts["commit"] == "not under version control"  # this copy is in no repository, and README says so
    assert f"{facts['program']}, from no repository; " in readme
    assert "commit above" not in readme
    digest = subprocess.run(
        ["sha256sum", built / "inputs" / STUDY / "published.csv"], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    assert [each for each in (*said, digest) if each not in readme] == []


def test_the_lock_has_the_versions_of_the_report_and_of_what_they_need(made):
    lock = (made.folder / "environment.txt").read_text(encoding="utf-8").splitlines()
    facts = json.loads((made.folder / BUILT_FROM).read_text(encoding="utf-8"))["versions"]
    for name, number in facts.items():
        assert f"{name}=={number}" in lock or f"# {name} {number}" in lock
    assert any(line.startswith("contourpy==") for line in lock)  # needed by matplotlib
    assert not any(line.startswith(("entropy-reporter", "torch==", "pytest==")) for line in lock)


def test_a_checkout_that_is_not_installed_has_a_lock_all_the_same(monkeypatch):
    whole = environment_lock({"Python": "3", "matplotlib": version("matplotlib")})
    monkeypatch.setattr("reporter.publish.lock.PROGRAM", "not-installed-here")
    lock = environment_lock({"Python": "3", "matplotlib": version("matplotlib")})
    assert lock.startswith("# Python 3\n")
    assert set(lock.splitlines()) < set(whole.splitlines())
    assert f"contourpy=={version('contourpy')}" in lock.splitlines()


def test_the_licences_are_whole(made):
    data = (made.folder / "LICENSE-data.txt").read_text(encoding="utf-8")
    assert data.startswith("Creative Commons Attribution 4.0 International")
    assert "Section 8 – Interpretation" in data
    assert (made.folder / "LICENSE-code.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_readme_names_the_commit_where_there_is_one(made):
    study = load_study(made.folder, STUDY)
    facts = json.loads((made.folder / BUILT_FROM).read_text(encoding="utf-8"))
    facts |= {"commit": "0123456789abcdef0123456789abcdef01234567", "uncommitted_changes": True}
    text = readme(study, codebook(made.folder, STUDY), facts, ())
    assert f", commit {facts['commit']}, with uncommitted changes; " in text
    assert "as in its repository at the commit above:" in text


def test_the_readme_tells_how_long_collections_took(root, tmp_path):
    readme_of = lambda: (of(root, tmp_path / "deposit").folder / "README.md").read_text(encoding="utf-8")  # noqa: E731
    assert "No rows were collected by the program" in readme_of()
    folder = root / "inputs" / STUDY / "tiny"
    folder.mkdir()
    record = {
        "answers": 7, "start": "2026-01-01T10:00:00+00:00", "end": "2026-01-01T10:00:09+00:00",
        "this_session": {"answers": 7, "tokens": 123, "seconds": 8.6}, "machine": "Linux x86_64",
    }  # fmt: skip
    (folder / "collection.json").write_text(json.dumps(record), encoding="utf-8")
    pipeline.build(root, STUDY)
    assert (
        "- `inputs/token-scaling/tiny`: 7 answers, 123 tokens, 9 s in its last session, "
        "from 2026-01-01T10:00:00+00:00 to 2026-01-01T10:00:09+00:00, Linux x86_64\n"
    ) in readme_of()


def test_an_installed_program_has_its_licence_in_its_metadata(root, tmp_path, monkeypatch):
    monkeypatch.setattr("reporter.publish.licence.PACKAGE", tmp_path / "site-packages" / "reporter")
    place = of(root, tmp_path / "deposit").folder
    assert (place / "LICENSE-code.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_replies_and_states_are_the_same_in_both_forms(root, tmp_path):
    """Line ends, commas and quotes in replies, and lists of 32-bit numbers, come back from CSV."""
    reply = 'one, "two"\r\nthree\n| four | ümlaut \u2028 \r end'
    given = {
        "study": STUDY, "source": "us", "origin": "imported", "model": "gpt-4o", "prompt_set": "own",
        "prompt": "a", "run": "1", "replicate": 1, "token_limit": 10, "temperature": 0.1,
    }  # fmt: skip
    state = np.array([0.1, -1e-7, 3.0], dtype=np.float32)
    folder = root / "inputs" / STUDY / "own"
    folder.mkdir()
    replies = frame(
        [given | {"address": "a", "text": reply, "characters": len(reply), "text_sha256": "0"}], "responses"
    )
    states = frame([given | {"address": "b", "measure": "", "state": state}], "states")
    write_parquet(replies, folder / "responses.parquet", "responses")
    write_parquet(states, folder / "states.parquet", "states")
    toml = root / "inputs" / STUDY / "study.toml"
    sources = "".join(
        f'[[source]]\nfile = "own/{kind}.parquet"\nkind = "{kind}"\norigin = "imported"\ncitation = "us"\n\n'
        for kind in ("responses", "states")
    )
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[[model]]", f"{sources}[[model]]", 1), encoding="utf-8")
    pipeline.build(root, STUDY)
    place = of(root, tmp_path / "deposit").folder
    with (place / "data/own/responses.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["text"], row["temperature"], row["seed"]) == (reply, "0.1", "")
    with (place / "data/own/states.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert np.array_equal(np.array(json.loads(row["state"]), dtype=np.float32), state)
    assert (place / "data/own/states.parquet").read_bytes() == (folder / "states.parquet").read_bytes()
    codebook = (place / "codebook.md").read_text(encoding="utf-8")
    assert "## data/own/states.csv" in codebook
    assert '| text | text |  | 0 | 1 | one, "two" three \\| four \\| ümlaut end | the reply' in codebook
    frictionless = pytest.importorskip("frictionless")
    assert frictionless.validate(str(place / "datapackage.json")).valid


# --- whole or not at all ---------------------------------------------------------------------------------


def test_an_older_deposit_is_replaced_and_nothing_else(root, tmp_path):
    target = tmp_path / "deposit"
    of(root, target)
    (target / "left over.txt").write_text("old", encoding="utf-8")
    of(root, target)
    assert not (target / "left over.txt").exists()
    (target / DEPOSIT_MANIFEST).unlink()
    before = contents(target)
    with pytest.raises(OutputError, match="is left alone"):
        of(root, target)
    assert contents(target) == before


def test_a_failed_deposit_leaves_the_old_one(root, tmp_path, monkeypatch):
    target = tmp_path / "deposit"
    of(root, target)
    before = contents(tmp_path / "deposit")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reporter.publish.deposit.crate_json", full)
    with pytest.raises(OutputError, match="No space left"):
        of(root, target)
    assert contents(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deposit", "project"]


def test_a_report_that_is_not_of_these_inputs_is_refused(root, tmp_path):
    path = root / "inputs" / STUDY / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=f"another inputs/{STUDY}"):
        of(root, tmp_path / "deposit")
    assert not (tmp_path / "deposit").exists()


def test_a_report_that_was_changed_or_never_built_is_refused(root, tmp_path):
    path = root / "reports" / STUDY / "report.md"
    path.write_text(path.read_text(encoding="utf-8") + "!", encoding="utf-8")
    with pytest.raises(ProjectError, match="changed after it was built"):
        of(root, tmp_path / "deposit")
    shutil.rmtree(root / "reports")
    with pytest.raises(ProjectError, match="no built report"):
        of(root, tmp_path / "deposit")


def test_other_versions_than_those_of_the_report_are_refused(root, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "reporter.publish.lock.version", lambda name: "0.0" if name == "scipy" else version(name)
    )
    with pytest.raises(OutputError, match=r"built with scipy .*, and 0\.0 is installed"):
        of(root, tmp_path / "deposit")


@pytest.mark.parametrize("odd", ["hidden", "link"])
def test_what_was_not_meant_to_be_published_is_refused(root, tmp_path, odd):
    folder = root / "inputs" / STUDY
    secret = tmp_path / "secret"
    secret.write_text("token", encoding="utf-8")
    if odd == "hidden":
        (folder / ".env").write_text("token", encoding="utf-8")
    else:
        (folder / "notes.txt").symlink_to(secret)
    pipeline.build(root, STUDY)
    with pytest.raises(DataError, match="would be published"):
        of(root, tmp_path / "deposit")


def test_a_path_of_this_machine_is_refused(root, tmp_path):
    (root / "inputs" / STUDY / "notes.txt").write_text(f"see {root}/inputs", encoding="utf-8")
    pipeline.build(root, STUDY)
    with pytest.raises(OutputError, match=r'notes\.txt" names a folder of this machine'):
        of(root, tmp_path / "deposit")
    assert not (tmp_path / "deposit").exists()


def test_a_study_without_authors_cannot_be_cited(root, tmp_path):
    path = root / "inputs" / STUDY / "study.toml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[[study.authors]]"), text.index("\n[declared]")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    pipeline.build(root, STUDY)
    with pytest.raises(StudyError, match="names no author"):
        of(root, tmp_path / "deposit")
