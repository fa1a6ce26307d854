"""The token-scaling report has the sections of the document whose kind it is, in order, and its tables' columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# Where our heading is made by a rule, or says less than the document's: (start of theirs, start of ours).
# An empty one has no heading of its own: its points stand in one list.
BY_RULE = (
    ("the universal", "character entropy of replies"),
    ("3 the meta", "3 the lowest"),
    ("4 the haiku", "4 the steadiest"),
    ("5 grok", "5 the most rising"),
    ("tier 1", "tier i emulatable"),
    ("tier 2", "tier ii stable"),
    ("tier 3", "tier iii attractor"),
    ("1 the attractor is", "1 what the level means"),
    ("2 smaller models", "2 size and entropy"),
    ("3 token length", "3 what varies how much"),
    ("immediate", ""),
    ("short term", ""),
    ("100 token results", "100 token results"),
    ("200 token results", "200 token results"),
)
# The sections, as our headings begin, and the columns of the tables, in the order of that document.
OUTLINE = (
    "comprehensive token scaling analysis",
    "character entropy of replies",
    "executive summary",
    "key findings",
    "complete comparison table",
    "detailed analysis",
    "1 attractor persistence",
    "2 entropy increase pattern",
    "3 the lowest",
    "4 the steadiest",
    "5 the most rising",
    "6 zone crossing deepseek v3 2",
    "classification matrix",
    "tier i emulatable",
    "tier ii stable",
    "tier iii attractor",
    "predictions for further scaling",
    "research implications",
    "1 what the level means",
    "2 size and entropy",
    "3 what varies how much",
    "next experimental priorities",
    "raw data summary",
    "100 token results",
    "200 token results",
    "conclusion",
)
COLUMNS = (
    ("model", "provider", "100 tokens", "200 tokens", "Δ entropy", "zone 100", "zone 200"),
    ("model", "100 200 change", "interpretation"),
    ("model", "100 200 change", "interpretation"),
    ("model", "predicted 500 token entropy", "zone", "confidence"),
    ("model", "mean h", "std h", "min h", "max h", "range"),
    ("model", "mean h", "std h", "min h", "max h", "range"),
)
OURS_BESIDES = (
    "methods",
    "data quality and exclusions",
    "limitations",
    "number register",
    "references",
    "provenance",
)


@pytest.fixture(scope="module")
def document(shared) -> str:
    return Path(shared / "documents" / "token-scaling.md").read_text(encoding="utf-8")


def plain(words: str) -> str:
    """Letters and digits only, in lower case: neither emoji nor bold nor punctuation."""
    return " ".join(re.findall(r"[^\W_]+|Δ", words.casefold().replace("δ", "Δ")))


def headings(markdown: str) -> list[str]:
    without_code = re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return [plain(found) for found in re.findall(r"^#+ (.*)$", without_code, re.MULTILINE)]


def heads(markdown: str) -> list[list[str]]:
    """The heads of the pipe tables, in order."""
    found = re.findall(r"^\|(.*)\|\n\|[ :|-]+\|$", markdown, re.MULTILINE)
    return [[plain(cell) for cell in line.split("|")] for line in found]


def ours_for(theirs: str) -> str:
    for start, ours in BY_RULE:
        if theirs.startswith(start):
            return ours
    return theirs


def test_sections_stand_in_the_documents_order(token_scaling):
    ours = headings(token_scaling.text)
    place = 0
    for wanted in OUTLINE:
        found = next((i for i, heading in enumerate(ours[place:], place) if heading.startswith(wanted)), None)
        assert found is not None, f"{wanted!r} is not after {ours[max(place - 1, 0)]!r}"
        place = found + 1


def test_the_outline_is_that_of_the_document(document):
    """What the tests here go by is what the document has, where it is at hand."""
    assert tuple(filter(None, map(ours_for, headings(document)))) == OUTLINE
    assert tuple(map(tuple, heads(document))) == COLUMNS


def test_no_rule_is_left_over(document):
    theirs = headings(document)
    assert [start for start, _ in BY_RULE if not any(heading.startswith(start) for heading in theirs)] == []


def test_tables_have_the_documents_columns_in_order(token_scaling):
    """Each table of the document has one of ours with at least its columns, and tables keep their order."""
    ours = heads(token_scaling.text)
    place = 0
    for wanted in COLUMNS:
        found = next((i for i, head in enumerate(ours[place:], place) if in_order(wanted, head)), None)
        assert found is not None, f"no table with the columns {wanted} after table {place}"
        place = found + 1


def in_order(wanted: tuple[str, ...], columns: list[str]) -> bool:
    rest = iter(columns)
    return all(column in rest for column in wanted)


def test_every_model_of_the_documents_tables_is_ours(document, token_scaling):
    labels = [plain(model.label) for model in token_scaling.study.models]
    named = re.findall(r"^\| \**([^|*]+?)\** *\|", document, re.MULTILINE)
    models = {plain(name) for name in named} - {"model"}
    assert len(models) >= 8
    assert {name for name in models if not any(label.startswith(name) for label in labels)} == set()


def test_what_a_reviewer_wants_stands_there_besides(token_scaling):
    ours = headings(token_scaling.text)
    places = [ours.index(heading) for heading in OURS_BESIDES]
    assert places == sorted(places)
    assert places[0] > ours.index("conclusion")
