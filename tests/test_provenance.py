"""What a report was built from: digests that change with a byte, the commit, and whether it is all of it."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from reporter import provenance
from reporter.errors import ProjectError
from reporter.provenance import digest_tree, gather

GIT = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


def git(root: Path, *words: str) -> str:
    done = subprocess.run([*GIT, "-C", str(root), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(project) -> Path:
    """A project under version control, with one commit."""
    git(project.root, "init", "--quiet")
    git(project.root, "add", ".")
    git(project.root, "commit", "--quiet", "-m", "Start")
    return project.root


def facts(project) -> provenance.Provenance:
    answered = project.answer()
    return gather(answered.study, answered.dataset, project.root)


def test_a_tree_has_one_digest_by_names_and_bytes(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_bytes(b"2")
    (tmp_path / "one.txt").write_bytes(b"1")
    lines = "".join(
        f"{name}\0{hashlib.sha256(text).hexdigest()}\n"
        for name, text in (("b/two.txt", b"2"), ("one.txt", b"1"))
    )
    first = digest_tree(tmp_path)
    assert first == hashlib.sha256(lines.encode()).hexdigest()
    (tmp_path / "one.txt").write_bytes(b"I")
    second = digest_tree(tmp_path)
    (tmp_path / "one.txt").rename(tmp_path / "uno.txt")
    third = digest_tree(tmp_path)
    (tmp_path / "new.txt").write_bytes(b"")
    assert len({first, second, third, digest_tree(tmp_path)}) == 4


def test_what_python_leaves_behind_is_not_counted(tmp_path):
    (tmp_path / "one.py").write_bytes(b"1")
    before = digest_tree(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.pyc").write_bytes(b"x")
    assert digest_tree(tmp_path) == before


def test_a_changed_byte_of_the_study_changes_its_digest_alone(project):
    before = facts(project)
    project.edit("# The token-scaling study", "# the token-scaling study")
    after = facts(project)
    assert dict(before.made.trees)["inputs/token-scaling"] != dict(after.made.trees)["inputs/token-scaling"]
    assert before.made.trees[:2] == after.made.trees[:2]
    assert before.files == after.files
    project.change_cell("gpt-4o", 200, sd="0.03")
    assert facts(project).files != before.files


def test_rows_have_the_digest_of_their_file(project):
    digest = hashlib.sha256((project.folder / "published.csv").read_bytes()).hexdigest()
    assert facts(project).files == (("published.csv", digest),)


def test_no_project_under_git_is_said_so(project):
    found = facts(project)
    assert (found.made.commit, found.made.dirty) == ("not under version control", False)


def test_no_git_is_no_mistake(repository, project, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert facts(project).made.commit == "not under version control"


def test_the_commit_and_whether_something_differs_from_it(repository, project):
    head = git(repository, "rev-parse", "HEAD")
    clean = facts(project)
    assert (clean.made.commit, clean.made.dirty) == (head, False)
    (repository / "notes.txt").write_text("of no effect on the report")
    (repository / "reports").mkdir()
    (repository / "reports" / "x").write_text("built")
    assert not facts(project).made.dirty
    project.edit("seed = 20260104", "seed = 20260105")
    assert facts(project).made.dirty
    git(repository, "commit", "--quiet", "-am", "Another seed")
    assert not facts(project).made.dirty
    (project.folder / "more.csv").write_text("a new file counts")
    assert facts(project).made.dirty


def test_a_repository_without_a_commit_is_as_none(project):
    git(project.root, "init", "--quiet")
    assert facts(project).made.commit == "not under version control"


def test_versions_and_seed(project):
    found = facts(project)
    names = [name for name, _ in found.made.versions]
    assert names == ["Python", *provenance.PACKAGES, "Pango"]
    assert all(number[0].isdigit() for _, number in found.made.versions)
    assert found.seed == "20260104"
    assert found.made.program.startswith("entropy-reporter ")


def test_missing_templates_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path / "reporter")
    with pytest.raises(ProjectError, match="templates are missing from this installation"):
        provenance.templates_folder()
    assert provenance.bundled_studies() == tmp_path / "inputs"
