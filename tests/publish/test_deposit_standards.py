"""A deposit before other programs' judges: Frictionless, the schema of the Citation File Format, RO-Crate."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from reporter.project import load_study
from reporter.publish.crate import crate_json
from reporter.publish.deposit import CRATE, DEPOSIT_MANIFEST, deposit

STUDY = "token-scaling"
CONTEXT = "https://w3id.org/ro/crate/1.3/context"
# Run by the validator's own Python: puts the context where the validator looks for what it fetched before.
FILL_CACHE = """
import sys
from pathlib import Path
from requests import Request
from requests_cache import CachedSession
from requests_cache.models import CachedRequest, CachedResponse
cache, url, context = sys.argv[1:]
request = Request("GET", url, headers={"Accept": "application/ld+json, application/json"}).prepare()
response = CachedResponse(
    content=Path(context).read_bytes(), headers={"Content-Type": "application/ld+json"}, status_code=200,
    url=url, request=CachedRequest.from_request(request),
)
CachedSession(cache_name=cache).cache.save_response(response)
"""


@pytest.fixture(scope="module")
def folder(built_published, tmp_path_factory):
    pytest.importorskip("rocrate")
    reports, inputs = built_published / "reports" / STUDY, built_published / "inputs" / STUDY
    return deposit(reports, inputs, tmp_path_factory.mktemp("standards") / "deposit").folder


@pytest.fixture
def spoilt(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "deposit")


@pytest.fixture
def citation(folder):
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))


def test_frictionless_finds_every_cell_to_be_as_its_schema_says(folder):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.to_summary()
    assert [task.stats["rows"] for task in report.tasks if task.name == "published"] == [16]
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert all((folder / each["path"]).is_file() for each in package["resources"])
    assert (folder / package["resources"][0]["parquet"]).is_file()


@pytest.mark.parametrize(
    ("old", "new", "type_"),
    [
        (",100,", ",many,", "type-error"),
        (",100,", ",0,", "constraint-error"),
        (",nats,", ",nits,", "constraint-error"),
    ],
)
def test_the_schema_would_find_a_wrong_cell(spoilt, old, new, type_):
    frictionless = pytest.importorskip("frictionless")
    path = spoilt / "data" / "published.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    report = frictionless.validate(str(spoilt / "datapackage.json"))
    assert {error for _, error in report.flatten(["rowNumber", "type"])} == {type_}


def cff_schema() -> dict:
    """The schema that cffconvert carries; it conflicts with frictionless and is never imported."""
    found = importlib.util.find_spec("cffconvert")
    if found is None:
        pytest.skip("the schema is not here: pip install --no-deps cffconvert==2.0.0")
    (place,) = found.submodule_search_locations
    return json.loads((Path(place) / "schemas" / "1.2.0" / "schema.json").read_text(encoding="utf-8"))


def test_the_citation_is_valid_by_its_schema(citation):
    jsonschema = pytest.importorskip("jsonschema")
    schema = cff_schema()
    jsonschema.validate(citation, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(citation | {"authors": []}, schema)


def test_the_citation_says_who_what_and_when(citation):
    assert citation["cff-version"] == "1.2.0"
    assert citation["authors"] == [{"family-names": "Vasquez", "given-names": "A. J.", "name-suffix": "Sr."}]
    assert (citation["type"], citation["license"]) == ("dataset", "CC-BY-4.0")
    assert citation["title"] == "Comprehensive token scaling analysis"
    assert citation["date-released"] == "2026-01-04"
    assert citation["identifiers"][0]["value"] == "10.17605/OSF.IO/T65VS"


def test_the_crate_lists_every_file_with_its_digest(folder):
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert crate["@context"] == CONTEXT
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    manifest = (folder / DEPOSIT_MANIFEST).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in manifest)}
    files = {name: entity["sha256"] for name, entity in entities.items() if entity["@type"] == "File"}
    assert files == {name: digest for name, digest in listed.items() if name != CRATE}
    assert {part["@id"] for part in entities["./"]["hasPart"]} == set(files)
    assert entities["./"]["datePublished"] == "2026-01-04"
    author = entities[entities["./"]["author"]["@id"]]
    assert (author["@type"], author["name"]) == ("Person", "A. J. Vasquez Sr.")


def test_the_crate_names_every_author_and_where_they_work(folder, tmp_path):
    (tmp_path / "inputs").mkdir()
    place = tmp_path / "inputs" / STUDY
    shutil.copytree(folder / "inputs" / STUDY, place)
    text = (place / "study.toml").read_text(encoding="utf-8")
    second = '\n[[study.authors]]\nname = "B. Second"\naffiliation = "Institute"\n\n[declared]'
    (place / "study.toml").write_text(text.replace("\n[declared]", second, 1), encoding="utf-8")
    crate = json.loads(crate_json(load_study(tmp_path, STUDY), place, {"study.toml": "0"}))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    people = [entities[author["@id"]] for author in entities["./"]["author"]]
    assert [person["name"] for person in people] == ["A. J. Vasquez Sr.", "B. Second"]
    assert entities[people[1]["affiliation"]["@id"]]["name"] == "Institute"
    assert "affiliation" not in people[0]


def judge(crate: Path, tmp_path: Path) -> dict:
    """Let the validator judge without a network: it needs the JSON-LD context of RO-Crate 1.3, which rocrate carries."""
    validator = shutil.which("rocrate-validator")
    if validator is None:
        pytest.skip("the command rocrate-validator (package roc-validator, which wants rich<14) is not here")
    import rocrate

    context = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"
    python = Path(validator).with_name("python")
    cache = tmp_path / "cache"
    subprocess.run([python, "-c", FILL_CACHE, cache, CONTEXT, context], check=True, capture_output=True)
    subprocess.run(
        [validator, "-y", "validate", "--offline", "--cache-path", cache, "--profile-identifier", "ro-crate-1.3",
         "--requirement-severity", "REQUIRED", "--output-format", "json", "--output-file", tmp_path / "said.json",
         crate],
        check=False, capture_output=True, timeout=120,
    )  # fmt: skip
    return json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))


def test_the_crate_passes_the_validator_without_a_network(folder, spoilt, tmp_path):
    said = judge(folder, tmp_path)
    assert (said["passed"], said["issues"]) == (True, [])
    crate = json.loads((spoilt / CRATE).read_text(encoding="utf-8"))
    next(entity for entity in crate["@graph"] if entity["@id"] == "./").pop("license")
    (spoilt / CRATE).write_text(json.dumps(crate), encoding="utf-8")
    assert not judge(spoilt, tmp_path)["passed"]
