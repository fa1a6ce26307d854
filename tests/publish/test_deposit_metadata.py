"""Who, on what terms, paid by whom: what study.toml declares arrives in every file of the deposit that says such things."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reporter import pipeline
from reporter.project import list_studies, load_study
from reporter.publish.citation import citation_cff
from reporter.publish.deposit import CRATE, deposit
from tests.publish.test_deposit_standards import cff_schema, judge

ROOT = Path(__file__).resolve().parents[2]
STUDY = "token-scaling"
ORCID = "https://orcid.org/0000-0002-1825-0097"  # of Josiah Carberry, whom ORCID invented for examples
DECLARED = """
preregistration = "10.17605/OSF.IO/ABCDE"
competing_interests = "None,\\nto our knowledge."
licence = { data = "CC0-1.0", code = "MIT" }
"""
AUTHORS = """
[[study.authors]]
name = "Josiah Carberry"
family_name = "Carberry"
orcid = "0000-0002-1825-0097"
affiliation = ["Brown University", "Institute: \\"A\\""]

[[study.authors]]
name = "The Group"
kind = "group"
affiliation = "Brown University"

[[study.funding]]
funder = "A Foundation"
award = "17-3"

[[study.funding]]
funder = "B Fund"
"""


@pytest.fixture(scope="module")
def folder(published, tmp_path_factory):
    pytest.importorskip("rocrate")
    root = tmp_path_factory.mktemp("declared")
    published(root)
    path = root / "inputs" / STUDY / "study.toml"
    text = path.read_text(encoding="utf-8")
    head, mark, tail = text.partition("[[study.authors]]")
    rest = tail[tail.index("[declared]") :]
    path.write_text(
        head.replace("\nseed = ", f"{DECLARED}seed = ", 1) + AUTHORS.lstrip() + "\n" + rest, encoding="utf-8"
    )
    assert mark
    pipeline.build(root, STUDY)
    return deposit(root / "reports" / STUDY, root / "inputs" / STUDY, root / "deposit").folder


def test_the_citation(folder):
    yaml = pytest.importorskip("yaml")
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["authors"] == [
        {
            "family-names": "Carberry", "given-names": "Josiah", "orcid": ORCID,
            "affiliation": 'Brown University; Institute: "A"',
        },
        {"name": "The Group"},
    ]  # fmt: skip
    assert citation["license"] == "CC0-1.0"
    assert citation["keywords"] == ["language models", "entropy", "character entropy", "token limit"]
    assert [each["value"] for each in citation["identifiers"]] == [
        "10.17605/OSF.IO/T65VS",
        "https://doi.org/10.17605/OSF.IO/ABCDE",
    ]
    pytest.importorskip("jsonschema").validate(citation, cff_schema())


def test_the_crate(folder):
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    root = entities["./"]
    carberry, group = (entities[author["@id"]] for author in root["author"])
    assert (carberry["@id"], carberry["@type"], carberry["familyName"]) == (ORCID, "Person", "Carberry")
    assert [entities[place["@id"]]["name"] for place in carberry["affiliation"]] == [
        "Brown University",
        'Institute: "A"',
    ]
    assert (group["@type"], group["name"]) == ("Organization", "The Group")
    assert group["affiliation"] == carberry["affiliation"][0], "one place is one entity"
    assert entities[root["license"]["@id"]]["identifier"] == "CC0-1.0"
    first, second = (entities[grant["@id"]] for grant in root["funding"])
    assert (first["identifier"], entities[first["funder"]["@id"]]["name"]) == ("17-3", "A Foundation")
    assert "identifier" not in second
    assert entities[root["subjectOf"]["@id"]]["name"] == "Preregistration"
    assert root["keywords"] == "language models, entropy, character entropy, token limit"


def test_the_crate_passes_its_validator(folder, tmp_path):
    said = judge(folder, tmp_path)
    assert (said["passed"], said["issues"]) == (True, [])


def test_the_data_package(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [licence["name"] for licence in package["licenses"]] == ["CC0-1.0"]
    assert package["keywords"] == ["language models", "entropy", "character entropy", "token limit"]
    assert package["contributors"] == [
        {
            "title": "Josiah Carberry", "role": "author", "path": ORCID,
            "organization": 'Brown University; Institute: "A"',
        },
        {"title": "The Group", "role": "author", "organization": "Brown University"},
    ]  # fmt: skip
    assert pytest.importorskip("frictionless").validate(str(folder / "datapackage.json")).valid


def test_the_readme(folder):
    lines = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    for said in (
        f'- Author: Josiah Carberry, Brown University, Institute: "A", {ORCID}',
        "- Author: The Group, Brown University",
        "- Funding: A Foundation (17-3)",
        "- Funding: B Fund",
        "- Keywords: language models, entropy, character entropy, token limit",
        "- Preregistration: <https://doi.org/10.17605/OSF.IO/ABCDE>",
        "- Competing interests: None, to our knowledge.",
        "What the study adds to templates and program: MIT (`LICENSE-code.txt`).",
        "Templates and program: GPL-3.0-or-later (`LICENSE-program.txt`).",
    ):
        assert said in lines
    assert any(
        line.startswith("All rows are in the deposit, with the source of each file.") for line in lines
    )
    assert any("Creative Commons Zero v1.0 Universal (`LICENSE-data.txt`)" in line for line in lines)


def test_the_licences_are_those_that_were_declared(folder):
    assert "CC0 1.0 Universal" in (folder / "LICENSE-data.txt").read_text(encoding="utf-8")
    code = (folder / "LICENSE-code.txt").read_text(encoding="utf-8")
    assert "Copyright (c) 2026 Josiah Carberry and The Group\n" in code
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in code
    assert (folder / "LICENSE-program.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize("name", list_studies(ROOT))
def test_the_studies_of_this_repository_can_be_cited(name):
    """Whoever measured or collected signs; the document behind entropy-analysis names nobody."""
    yaml = pytest.importorskip("yaml")
    study = load_study(ROOT, name)
    citation = yaml.safe_load(citation_cff(study))
    pytest.importorskip("jsonschema").validate(citation, cff_schema())
    assert [author.name for author in study.about.authors] == {
        "token-scaling": ["A. J. Vasquez Sr."],
        "entropy-analysis": ["The entropy-reporter developers"],
    }[name]
    assert [author.orcid for author in study.about.authors] == [""], "none is known to us"
