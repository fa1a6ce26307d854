"""Zenodo's metadata, field by field as developers.zenodo.org describes them (deposit metadata, read 2026-11)."""

from __future__ import annotations

import json

import pytest

from reporter.about import About
from reporter.errors import OutputError
from reporter.publish.zenodo import write, zenodo_json

# Closed vocabularies and required fields of that page.
UPLOAD_TYPES = {
    "publication", "poster", "presentation", "dataset", "image", "video", "software", "lesson", "physicalobject", "other",
}  # fmt: skip
RELATIONS = {
    "isCitedBy", "cites", "isSupplementTo", "isSupplementedBy", "isContinuedBy", "continues", "isDescribedBy",
    "describes", "hasMetadata", "isMetadataFor", "isNewVersionOf", "isPreviousVersionOf", "isPartOf", "hasPart",
    "isReferencedBy", "references", "isDocumentedBy", "documents", "isCompiledBy", "compiles", "isVariantFormOf",
    "isOriginalFormof", "isIdenticalTo", "isAlternateIdentifier", "isReviewedBy", "reviews", "isDerivedFrom",
    "isSourceOf", "requires", "isRequiredBy", "isObsoletedBy", "obsoletes",
}  # fmt: skip
REQUIRED = {
    "upload_type", "publication_date", "title", "creators", "description", "access_right", "license",
}  # fmt: skip
LEAST = {
    "name": "a", "title": "A <title>", "short_title": "T", "date": "2026-02-01", "experiment": "e", "seed": 1,
    "hypothesis": "p < 0.05\n& more", "authors": [{"name": "A Group", "kind": "group"}],
}  # fmt: skip
FULL = LEAST | {
    "subtitle": "Sub", "keywords": ["one", "two"], "doi": "10.17605/OSF.IO/T65VS", "osf": "https://osf.io/7nw8t/",
    "preregistration": "10.17605/OSF.IO/ABCDE", "licence": {"data": "CC0-1.0"},
    "competing_interests": "None.", "data_availability": "All here.",
    "funding": [{"funder": "A Foundation", "award": "17-3"}, {"funder": "B"}],
    "authors": [
        {"name": "Ada B. Lovelace", "family_name": "Lovelace", "orcid": "0000-0002-1825-0097",
         "affiliation": ["Institute", "University"]},
        {"name": "A. J. Vasquez Sr.", "family_name": "Vasquez"},
        {"name": "Madonna"},
    ],
}  # fmt: skip


def metadata(given) -> dict:
    found = json.loads(zenodo_json(About(**given)))
    assert list(found) == ["metadata"]
    return found["metadata"]


def test_a_full_study_says_all_that_zenodo_asks():
    assert metadata(FULL) == {
        "upload_type": "dataset",
        "publication_date": "2026-02-01",
        "title": "A <title>",
        "creators": [
            {
                "name": "Lovelace, Ada B.",
                "affiliation": "Institute; University",
                "orcid": "0000-0002-1825-0097",
            },
            {"name": "Vasquez, A. J. Sr."},
            {"name": "Madonna"},
        ],
        "description": "<p>Sub</p><p>p &lt; 0.05 &amp; more</p><p>All here.</p>",
        "access_right": "open",
        "license": "cc0-1.0",
        "keywords": ["one", "two"],
        "notes": "<p>Funding: A Foundation (17-3)</p><p>Funding: B</p><p>Competing interests: None.</p>",
        "related_identifiers": [
            {"identifier": "10.17605/OSF.IO/T65VS", "relation": "isDerivedFrom"},
            {"identifier": "https://osf.io/7nw8t/", "relation": "isDerivedFrom"},
            {"identifier": "10.17605/OSF.IO/ABCDE", "relation": "isDocumentedBy"},
        ],
        "version": "2026.2.1",
        "language": "eng",
    }


@pytest.mark.parametrize("given", [LEAST, FULL])
def test_what_is_required_is_there_and_words_are_those_of_the_vocabularies(given):
    found = metadata(given)
    assert set(found) >= REQUIRED
    assert all(found[name] for name in found), "nothing is sent empty"
    assert found["upload_type"] in UPLOAD_TYPES
    assert found["access_right"] == "open"
    assert {each["relation"] for each in found.get("related_identifiers", ())} <= RELATIONS
    assert "doi" not in found, "a DOI there would say that this upload has it"


def test_a_language_without_a_code_that_we_know_is_left_out():
    assert "language" not in metadata(LEAST | {"language": "tlh"})


def test_a_place_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        write(tmp_path / "file" / "zenodo.json", "{}")
