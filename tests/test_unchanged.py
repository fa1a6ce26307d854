"""A report that is there is left alone only if a build would write exactly the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reporter import pipeline, provenance
from reporter.__main__ import run
from reporter.provenance import made_of
from reporter.unchanged import BUILT_FROM, MANIFEST, is_current, uses_other_code

ROOT = Path(__file__).resolve().parents[1]
STUDY = "token-scaling"


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A project of the bundled study, with its report."""
    root = tmp_path_factory.mktemp("once")
    shutil.copytree(ROOT / "inputs" / STUDY, root / "inputs" / STUDY, ignore=shutil.ignore_patterns("parts"))
    pipeline.build(root, STUDY)
    return root


@pytest.fixture
def root(once, tmp_path):
    return shutil.copytree(once, tmp_path / "project")


def is_kept(root) -> bool:
    """Whether a build would leave the report as it is."""
    inputs = root / "inputs" / STUDY
    return is_current(root / "reports" / STUDY, made_of(root, STUDY, inputs)) and not uses_other_code(inputs)


def test_a_second_build_writes_nothing_unless_it_is_asked_to(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    built = root / "reports" / STUDY
    times = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    assert run(["build", "--study", STUDY]) == 0
    files = sum(path.is_file() for path in times) - 1  # the manifest does not count itself
    assert capsys.readouterr().out == f"reports/{STUDY}: unchanged, {files} files as they were built.\n"
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == times
    before = (built / MANIFEST).read_bytes()
    assert run(["build", "--study", STUDY, "--again"]) == 0
    assert "unchanged" not in capsys.readouterr().out
    assert (built / MANIFEST).read_bytes() == before


def test_a_change_of_the_rows_is_built_and_then_kept(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    path = root / "inputs" / STUDY / "published.csv"
    path.write_text(last_digit(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert not is_kept(root)
    assert run(["build", "--study", STUDY]) == 0
    assert "printed numbers" in capsys.readouterr().out
    assert is_kept(root)


def last_digit(text: str) -> str:
    """Change one digit of the last row."""
    return text[:-2] + str((int(text[-2]) + 1) % 10) + text[-1]


@pytest.mark.parametrize("file", ["published.csv", "study.toml", "smollm2/observations.parquet"])
def test_one_more_byte_in_what_is_read_is_a_change(root, file):
    assert is_kept(root)
    with (root / "inputs" / STUDY / file).open("ab") as opened:
        opened.write(b" ")
    assert not is_kept(root)


@pytest.mark.parametrize("file", ["report.md", "figures/slope.svg", MANIFEST, BUILT_FROM])
def test_a_report_that_was_touched_is_not_kept(root, file):
    with (root / "reports" / STUDY / file).open("ab") as opened:
        opened.write(b" ")
    assert not is_kept(root)


def test_nor_is_one_with_a_file_too_few_or_too_many(root):
    built = root / "reports" / STUDY
    (built / "notes.txt").write_text("mine", encoding="utf-8")
    assert not is_kept(root)
    (built / "notes.txt").unlink()
    assert is_kept(root)
    (built / "numbers.csv").unlink()
    assert not is_kept(root)


@pytest.mark.parametrize("tree", ["reporter", "templates"])
def test_other_code_and_other_templates_are_a_change(root, tree, monkeypatch):
    digest = provenance.digest_tree
    monkeypatch.setattr(
        provenance,
        "digest_tree",
        lambda folder, without=(): "0" * 64 if folder.name == tree else digest(folder, without=without),
    )
    assert not is_kept(root)


def test_one_byte_of_a_sentence_pattern_is_a_change(root, monkeypatch, tmp_path):
    ours = shutil.copytree(provenance.templates_folder(), tmp_path / "templates")
    monkeypatch.setattr(provenance, "templates_folder", lambda: ours)
    assert is_kept(root)
    with (ours / "parts" / "sentences.md.jinja").open("a", encoding="utf-8") as opened:
        opened.write(" ")
    assert not is_kept(root)


def test_what_a_collection_has_not_joined_yet_is_no_change(root):
    for name in ("parts", "answers"):
        (root / "inputs" / STUDY / "smollm2" / name).mkdir(exist_ok=True)
        (root / "inputs" / STUDY / "smollm2" / name / "some.parquet").write_bytes(b"not joined")
    assert is_kept(root)


def test_another_version_is_a_change(root, monkeypatch):
    known = provenance.version
    monkeypatch.setattr(provenance, "version", lambda name: "9.9" if name == "numpy" else known(name))
    assert not is_kept(root)


def test_the_record_names_everything_and_no_place(root):
    text = (root / "reports" / STUDY / BUILT_FROM).read_text(encoding="utf-8")
    record = json.loads(text)
    assert list(record["sha256"]) == ["reporter", "templates", f"inputs/{STUDY}"]
    assert record["versions"]["Pango"]
    assert str(root.parent) not in text


def test_code_from_outside_is_in_no_digest(root):
    toml = root / "inputs" / STUDY / "study.toml"
    text = toml.read_text(encoding="utf-8")
    assert not uses_other_code(toml.parent)
    toml.write_text(text.replace('"spearman"', '"mylab.stats:kendall"'), encoding="utf-8")
    assert uses_other_code(toml.parent)
    toml.write_text("not = [toml", encoding="utf-8")
    assert uses_other_code(toml.parent)


def test_without_a_report_there_is_nothing_to_keep(root, tmp_path):
    assert not is_current(tmp_path / "nothing", made_of(root, STUDY, root / "inputs" / STUDY))
