"""The reference list: one citation per word, listed where the word is used, each once and in order."""

from __future__ import annotations

import re

import pytest

from reporter.names import words_in
from reporter.references import BY_STATISTIC, Reference, used

ALL = sorted(set(BY_STATISTIC.values()), key=lambda reference: reference.authors)


def test_only_what_is_used_is_listed_each_once_and_by_author():
    found = used({"paired_t", "holm", "welch_summary", "no_such_word"})
    assert [reference.authors for reference in found] == ["Holm, S.", "Student", "Welch, B. L."]
    assert used(set()) == ()
    assert len(used(set(BY_STATISTIC))) == len(ALL)


def test_a_reference_is_one_line():
    with_doi = Reference("A, B.", 1999, "Title", "Journal 1, 2-3", "10.1/x")
    assert with_doi.text == "A, B. (1999). Title. Journal 1, 2-3. doi:10.1/x"
    assert Reference("A, B.", 1999, "Title", "Publisher").text == "A, B. (1999). Title. Publisher."


@pytest.mark.parametrize("reference", ALL, ids=lambda reference: reference.authors)
def test_every_reference_is_well_formed(reference):
    assert 1700 < reference.year < 2100
    assert not re.search(r"\s\s|\n|\.\.", reference.text)
    assert re.fullmatch(r"(10\.\d{4,9}/\S+)?", reference.doi)


def test_every_word_is_a_statistic_an_estimator_or_an_adjustment():
    known = {*words_in("reporter.statistics"), *words_in("reporter.entropy")}
    known |= {"holm", "benjamini_hochberg", "benjamini_yekutieli"}
    assert set(BY_STATISTIC) <= known


def test_every_adjustment_has_its_reference():
    adjustments = {"holm", "benjamini_hochberg", "benjamini_yekutieli"}
    assert adjustments <= set(BY_STATISTIC)
    assert [reference.year for reference in used({"benjamini_hochberg", "benjamini_yekutieli"})] == [
        1995,
        2001,
    ]
