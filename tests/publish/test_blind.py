"""The blind deposit: a study without its authors, built again, and nothing in any of its files tells who they are."""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal

import pypdf
import pytest

from reporter import pipeline
from reporter.errors import OutputError
from reporter.project import load_study
from reporter.publish.blind import REMOVED, _tables, blind_deposit, blind_project
from reporter.publish.deposit import deposit
from reporter.publish.identity import Search, of_study
from reporter.publish.rebuild import rebuild

STUDY = "token-scaling"
AUTHOR = 'name = "A. J. Vasquez Sr."'
TOLD = f"""{AUTHOR}
orcid = "0000-0002-1825-0097"
affiliation = "University of Somewhere"
"""
FUNDED = '\n[[study.funding]]\nfunder = "A Foundation"\naward = "AB-1234"\n\n[declared]\n'


def told_of(published, root):
    """A project whose study names its author wherever it can."""
    published(root)
    path = root / "inputs" / STUDY / "study.toml"
    text = path.read_text(encoding="utf-8").replace(AUTHOR, TOLD).replace("\n[declared]\n", FUNDED, 1)
    path.write_text(f"# by Vasquez\n{text}", encoding="utf-8")
    (path.parent / "notes.md").write_text("Vasquez wrote this; see osf.io/7nw8t and award AB-1234.\n")
    return root


@pytest.fixture
def root(published, tmp_path):
    return told_of(published, tmp_path.resolve() / "project")


@pytest.fixture(scope="module")
def blind(published, tmp_path_factory):
    """The project, its blind deposit, and what the deposit was searched for."""
    pytest.importorskip("rocrate")
    root = told_of(published, tmp_path_factory.mktemp("told").resolve() / "project")
    target = tmp_path_factory.mktemp("blind") / "deposit"
    return root, target, blind_deposit(root, STUDY, target, make)[1]


def make(project, target):
    pipeline.build(project, STUDY)
    return deposit(project / "reports" / STUDY, project / "inputs" / STUDY, target)


def test_nothing_in_it_tells_who_made_it(blind):
    root, target, terms = blind
    search = Search(of_study(load_study(root, STUDY)))
    files = [path for path in target.rglob("*") if path.is_file()]
    assert len(files) > 40
    assert {path.name: search.in_file(path) for path in files if search.in_file(path)} == {}
    assert {"name", "family name", "ORCID iD", "affiliation", "award", "DOI", "OSF id"} <= {
        t.kind for t in terms
    }
    raw = b"".join(path.read_bytes() for path in files).lower()  # once more, by other means
    for told in (b"vasquez", b"0000-0002-1825-0097", b"of somewhere", b"ab-1234", b"t65vs", b"7nw8t"):
        assert told not in raw, told
    found = pypdf.PdfReader(target / "report.pdf")
    assert found.metadata is not None
    assert found.metadata.author == "Anonymous"
    assert "Vasquez" not in "".join(page.extract_text() for page in found.pages)
    assert "Anonymous" in (target / "CITATION.cff").read_text(encoding="utf-8")
    assert (target / "inputs" / STUDY / "notes.md").read_text().startswith(f"{REMOVED} wrote this")


def numbers(folder):
    """Every printed number; the lines that they stand on move, where a line about the authors is missing."""
    with (folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
        return [{name: cell for name, cell in row.items() if name != "lines"} for row in csv.DictReader(file)]


def test_it_has_the_same_numbers_and_can_be_made_again(blind, tmp_path):
    root, target, _ = blind
    pipeline.build(root, STUDY)
    assert numbers(target) == numbers(root / "reports" / STUDY)
    again = rebuild(target, tmp_path / "again")
    assert again.differences == ()
    assert again.same


def test_the_study_itself_stays_as_it_is(root, tmp_path):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    (tmp_path / "place").mkdir()
    blind_project(root, STUDY, tmp_path / "place")
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_the_questions_stay_as_they_are(root, tmp_path):
    (tmp_path / "place").mkdir()
    blind_project(root, STUDY, tmp_path / "place")
    told, blind = load_study(root, STUDY), load_study(tmp_path / "place", STUDY)
    gone = {"folder", "about", "sources"}
    assert blind.model_dump(exclude=gone) == told.model_dump(exclude=gone)
    kept = blind.about.model_dump() | {
        "authors": (),
        "funding": (),
        "doi": "",
        "osf": "",
        "preregistration": "",
    }
    assert kept == told.about.model_dump() | {
        "authors": (), "funding": (), "doi": "", "osf": "", "preregistration": "", "competing_interests": "",
    }  # fmt: skip
    assert [author.name for author in blind.about.authors] == ["Anonymous"]
    assert (
        "#" not in (tmp_path / "place" / "inputs" / STUDY / "study.toml").read_text("utf-8").split("\n", 1)[1]
    )


def test_a_file_that_is_no_text_and_names_an_author_is_refused(root, tmp_path):
    from PIL import Image, PngImagePlugin

    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "A. J. Vasquez Sr.", zip=True)
    Image.new("L", (2, 2)).save(root / "inputs" / STUDY / "photo.png", pnginfo=notes)
    (tmp_path / "place").mkdir()
    with pytest.raises(
        OutputError, match=r'"photo\.png" tells who made the study .*family name, name'
    ) as caught:
        blind_project(root, STUDY, tmp_path / "place")
    assert "Vasquez" not in str(caught.value)


def test_a_frozen_plan_that_names_an_author_is_refused(root, tmp_path):
    """Its digest is known elsewhere, and would be another one."""
    (root / "inputs" / STUDY / "plan").mkdir()
    (root / "inputs" / STUDY / "plan" / "notes.md").write_text("Vasquez")
    (tmp_path / "place").mkdir()
    with pytest.raises(OutputError, match=r'"plan/notes\.md" tells who made the study'):
        blind_project(root, STUDY, tmp_path / "place")


def test_what_comes_back_in_is_refused_and_not_left_there(root, tmp_path):
    target = tmp_path / "blind"

    def careless(project, place):
        place.mkdir()
        (place / "extra.json").write_text('{"by": "Vasquez"}')

    with pytest.raises(
        OutputError, match=r'"extra\.json" of the blind deposit tells who made it \(family name\)'
    ):
        blind_deposit(root, STUDY, target, careless)
    assert not target.exists()


def test_a_link_is_not_followed(root, tmp_path):
    (tmp_path / "elsewhere.md").write_text("Vasquez")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.md").write_text("Vasquez")
    (root / "inputs" / STUDY / "inside").symlink_to(tmp_path / "folder")
    (root / "inputs" / STUDY / "linked.md").symlink_to(tmp_path / "elsewhere.md")
    (tmp_path / "place").mkdir()
    blind_project(root, STUDY, tmp_path / "place")
    assert (tmp_path / "place" / "inputs" / STUDY / "linked.md").is_symlink(), "no deposit takes it"
    assert (tmp_path / "elsewhere.md").read_text() == "Vasquez"
    assert (tmp_path / "folder" / "inner.md").read_text() == "Vasquez"


def test_a_name_of_a_file_is_seen(root, tmp_path):
    (root / "inputs" / STUDY / "vasquez.md").write_text("nothing")
    with pytest.raises(OutputError, match="tells who made"):
        blind_project(root, STUDY, tmp_path)


def test_a_study_is_written_again_as_it_was():
    text = """
schema = 1
a."b c" = "line\\nline \\"q\\" \\u007f é"
[study]
date = 2026-01-04
share = 0.10
big = 1e-9
flag = true
list = ["x", 1, 2.50]
[[study.authors]]
name = "x"
roles.of = { rows = "cells", where = { n = [1, 2] } }
[study.empty]
[[source]]
file = "a"
[[source]]
file = "b"
"""
    declared = tomllib.loads(text, parse_float=Decimal)
    written = "\n".join(_tables("", declared))
    assert tomllib.loads(written, parse_float=Decimal) == declared
    assert "share = 0.10" in written
