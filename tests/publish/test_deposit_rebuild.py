"""Making the report of a deposit again: equal where nothing changed, and said in words where something did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reporter import pipeline
from reporter.errors import OutputError, ProjectError
from reporter.publish.deposit import deposit
from reporter.publish.rebuild import VALUES, rebuild
from reporter.unchanged import BUILT_FROM

ROOT = Path(__file__).resolve().parents[2]
STUDY = "token-scaling"


@pytest.fixture(scope="module", autouse=True)
def still(tmp_path_factory):
    """A copy of program and templates to digest: who edits them while tests run changes nothing here."""
    place = tmp_path_factory.mktemp("still")
    for name in ("reporter", "templates"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reporter.provenance.PACKAGE", place / "reporter")
        yield


@pytest.fixture(scope="module")
def made(published, tmp_path_factory):
    """A deposit far from the project that it was made of, which is gone."""
    pytest.importorskip("rocrate")
    root = tmp_path_factory.mktemp("rebuild")
    published(root / "project")
    pipeline.build(root / "project", STUDY)
    reports, inputs = root / "project" / "reports" / STUDY, root / "project" / "inputs" / STUDY
    found = deposit(reports, inputs, root / "deposit").folder
    shutil.rmtree(root / "project")
    return found


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "deposit")


def edit(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_report_comes_out_again(folder, tmp_path):
    facts = json.loads((folder / BUILT_FROM).read_text(encoding="utf-8"))
    again = rebuild(folder, tmp_path / "again")
    assert again.differences == ()
    assert {*VALUES, "tables/tests.csv", "tables/comparison.csv", "figures/fan.csv"} <= set(again.same)
    # where nothing was edited meanwhile, pages and drawings are compared as well
    assert again.made_otherwise == ()
    assert facts["versions"]
    assert {"report.pdf", "report.html", "figures/fan.svg", "figures/fan.png"} <= set(again.same)
    assert again.not_compared == (BUILT_FROM,)
    assert (tmp_path / "again" / "report.pdf").read_bytes() == (folder / "report.pdf").read_bytes()


def test_changed_rows_are_seen_in_the_deposit_and_in_the_report(folder, tmp_path):
    edit(folder / "inputs" / STUDY / "published.csv", ",2.86,", ",2.87,")
    again = rebuild(folder, tmp_path / "again")
    assert f"inputs/{STUDY}/published.csv: the file was changed after it was deposited" in again.differences
    assert any(each.startswith("numbers.csv, line ") for each in again.differences)
    assert any(each.startswith("report.md, line ") for each in again.differences)
    assert any(each.startswith(f"inputs/{STUDY}: ") for each in again.made_otherwise)
    assert "report.pdf" in again.not_compared


def test_a_forged_number_is_seen(folder, tmp_path):
    edit(folder / "report.md", "+0.055", "+0.065")
    again = rebuild(folder, tmp_path / "again")
    changed, line = again.differences
    assert changed == "report.md: the file was changed after it was deposited"
    assert line.startswith("report.md, line ")
    assert "+0.065" in line
    assert "+0.055" in line
    assert "numbers.csv" in again.same


def test_other_versions_are_said_and_are_no_difference(folder, tmp_path):
    """As if the deposit were made with an older scipy: its bytes are not compared, its numbers are."""
    facts = json.loads((folder / BUILT_FROM).read_text(encoding="utf-8"))
    now = facts["versions"]["scipy"]
    for name in (BUILT_FROM, "report.md"):
        edit(folder / name, f'"scipy": "{now}"' if name == BUILT_FROM else f"scipy {now}",
             '"scipy": "1.0.0"' if name == BUILT_FROM else "scipy 1.0.0")  # fmt: skip
    again = rebuild(folder, tmp_path / "again")
    assert again.made_otherwise == (f"scipy: 1.0.0 then, {now} now",)
    assert "report.md" in again.same
    assert {"report.pdf", "report.html", "figures/fan.png"} <= set(again.not_compared)
    assert [each for each in again.differences if "changed after it was deposited" not in each] == []


def test_uncommitted_changes_are_said_and_are_no_difference(folder, tmp_path):
    """As if it were deposited from a repository with changes: this folder is in none."""
    for name in (BUILT_FROM, "report.md"):
        new = "0123456789abcdef0123456789abcdef01234567"
        edit(
            folder / name,
            "not under version control",
            new if name == BUILT_FROM else f"{new} (with uncommitted changes)",
        )
    edit(folder / BUILT_FROM, '"uncommitted_changes": false', '"uncommitted_changes": true')
    facts = json.loads((folder / BUILT_FROM).read_text(encoding="utf-8"))
    edit(folder / BUILT_FROM, facts["sha256"]["reporter"], "0" * 64)
    again = rebuild(folder, tmp_path / "again")
    assert again.made_otherwise[0].startswith("commit: 0123456789abcdef")
    assert " with uncommitted changes then, not under version control now" in again.made_otherwise[0]
    assert [each for each in again.differences if "changed after it was deposited" not in each] == []
    assert "report.md" in again.same


def test_a_file_that_is_missing_is_named(folder, tmp_path):
    (folder / "tables" / "power.csv").unlink()
    again = rebuild(folder, tmp_path / "again")
    assert again.differences == (
        "tables/power.csv: the file is missing from the deposit",
        "tables/power.csv: only the new report has it",
    )


def test_what_is_no_deposit_and_what_would_be_lost_is_refused(folder, tmp_path):
    with pytest.raises(ProjectError, match="no deposit"):
        rebuild(tmp_path, tmp_path / "again")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match="is left alone"):
        rebuild(folder, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").is_file()
