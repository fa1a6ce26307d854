"""Works as a style of CSL sets them: ours without loss, a study's own refused where damaged."""

from __future__ import annotations

import json
import re

import pytest

from reporter.citations import STYLES, cite, linked, own_works, work_of
from reporter.errors import StudyError, SystemPartMissing
from reporter.references import BY_STATISTIC, Reference

OURS = sorted(set(BY_STATISTIC.values()), key=lambda reference: reference.authors)
WORK = {
    "id": "a1",
    "type": "article-journal",
    "title": "T",
    "author": [{"family": "A", "given": "B."}],
    "issued": {"date-parts": [[2020]]},
}


@pytest.mark.parametrize("reference", OURS, ids=lambda reference: reference.authors)
def test_nothing_of_a_reference_is_lost(reference):
    work = work_of(reference)
    names = [
        " ".join((each.get("given", ""), each.get("family", each.get("literal", ""))))
        for each in work["author"]
    ]
    words = [*names, *(str(value) for value in work.values()), str(work["issued"]["date-parts"][0][0])]
    have = {*re.findall(r"\w+", " ".join(words))}
    lost = {*re.findall(r"\w+", reference.text)} - have - {"doi", "edition", "2nd", "3rd", "et", "al"}
    assert lost == set()
    assert (
        len(work["author"]) == len(re.findall(r", [A-Z]\.", reference.authors))
        or reference.authors == "Student"
    )


def test_ids_are_unique_whatever_their_case():
    ids = [work_of(reference)["id"].lower() for reference in OURS]
    assert len({*ids}) == len(ids)


# As the Publication Manual of the APA (7th edition) and the IEEE Reference Guide write such works.
PRINTED = {
    "author-date": (
        "(Bonett &amp; Wright, 2000)",
        "Bonett, D. G., &amp; Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and "
        "Spearman correlations. <i>Psychometrika</i>, <i>65</i>, 23–28. https://doi.org/10.1007/BF02294183",
    ),
    "numbered": (
        "[1]",
        "[1] D. G. Bonett and T. A. Wright, “Sample size requirements for estimating Pearson, Kendall and Spearman "
        "correlations”, <i>Psychometrika</i>, vol. 65, pp. 23–28, 2000, doi: 10.1007/BF02294183.",
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_each_style_prints_as_its_manual_does(style, tmp_path):
    works = [work_of(reference) for reference in OURS]
    found = cite(works, ["bonett2000"], style=style, folder=tmp_path)
    mark, line = PRINTED[style]
    assert found.marks["bonett2000"] == mark
    assert dict(found.listed)["bonett2000"] == line
    assert len(found.listed) == len(OURS)


def test_authors_stand_in_the_order_of_the_alphabet_and_numbers_in_that_of_the_text(tmp_path):
    works = [work_of(reference) for reference in OURS]
    listed = [key for key, _ in cite(works, ["wilcoxon1945"], style="author-date", folder=tmp_path).listed]
    assert listed.index("shannon1948") < listed.index("šidák1967") < listed.index("srivastava2005")
    listed = cite(works, ["wilcoxon1945", "cohen1988"], style="numbered", folder=tmp_path).listed
    assert [key for key, _ in listed[:2]] == ["wilcoxon1945", "cohen1988"]


def test_text_of_a_work_is_never_obeyed(tmp_path):
    work = WORK | {"title": "A <script>x</script> & <i>Homo</i>"}
    [(_, line)] = cite([work], [], style="author-date", folder=tmp_path).listed
    assert "&lt;script&gt;x&lt;/script&gt; &amp; <i>Homo</i>" in line


def test_addresses_become_links():
    assert linked("See https://doi.org/10.1/a.b. X") == (
        'See <a href="https://doi.org/10.1/a.b">https://doi.org/10.1/a.b</a>. X'
    )
    assert linked("doi: 10.1000/x.") == 'doi: <a href="https://doi.org/10.1000/x">10.1000/x</a>.'


def put(folder, works, name="references.json"):
    (folder / name).write_text(works if isinstance(works, str) else json.dumps(works), encoding="utf-8")
    return folder


def test_a_studys_own_list_is_read(tmp_path):
    assert own_works(tmp_path) == ()
    assert own_works(put(tmp_path, [WORK])) == (WORK,)


@pytest.mark.parametrize(
    ("works", "words"),
    [
        ("[", r"references\.json, line 1: This is not JSON"),
        ({"id": "x"}, "CSL-JSON is a list of works"),
        ([3], "CSL-JSON is a list of works"),
        ([{**WORK, "id": " "}], "entry 1: A work has no id"),
        ([WORK, {**WORK, "id": "A1"}], '"A1": Two works have this id'),
        ([{**WORK, "title": ""}], '"a1": The work has no title'),
        ([{**WORK, "type": "paper"}], '"paper" is no type of CSL. Allowed: article, article-journal'),
        ([{**WORK, "author": ["A, B."]}], "An author is written with family and given"),
        ([{**WORK, "author": [{"given": "B."}]}], "An author is written with family and given"),
        ([{**WORK, "issued": {"date-parts": [["soon"]]}}], "The work has no year"),
        ([{**WORK, "issued": {"date-parts": []}}], "The work has no year"),
        ([{**WORK, "issued": 2020}], "The work has no year"),
    ],
)
def test_a_damaged_work_is_refused_in_words(tmp_path, works, words):
    with pytest.raises(StudyError, match=words):
        own_works(put(tmp_path, works))


def test_two_lists_are_one_too_many(tmp_path):
    put(put(tmp_path, [WORK]), "", "references.bib")
    with pytest.raises(StudyError, match="There are two lists of references"):
        own_works(tmp_path)


def test_a_list_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "references.json").write_bytes(b"[\xff]")
    with pytest.raises(StudyError, match="not UTF-8"):
        own_works(tmp_path)


OWN_STYLE = """<?xml version="1.0"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
<info><title>Own</title><id>own</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="{" suffix="}"><text variable="title"/></layout></citation>
<bibliography><layout><text variable="title" suffix=" (own style)"/></layout></bibliography></style>
"""


def test_a_style_beside_the_study_is_used(tmp_path):
    put(tmp_path, OWN_STYLE, "references.csl")
    found = cite([WORK], ["a1"], style="numbered", folder=tmp_path)
    assert (found.marks, found.listed) == ({"a1": "{T}"}, (("a1", "T (own style)"),))


@pytest.mark.parametrize(
    "text", ["<style", "<other/>", OWN_STYLE.partition("<bibliography>")[0] + "</style>"]
)
def test_what_is_no_style_is_refused(tmp_path, text):
    put(tmp_path, text, "references.csl")
    with pytest.raises(
        StudyError, match=r"references\.csl: This (is no style of CSL|style sets no list of works)"
    ):
        cite([WORK], ["a1"], style="numbered", folder=tmp_path)


def test_without_the_packages_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "citeproc", None)
    with pytest.raises(SystemPartMissing, match=r"pip install 'entropy-reporter\[paper\]'"):
        cite([WORK], [], style="numbered", folder=tmp_path)


def test_a_meeting_and_a_book_are_told_apart():
    assert work_of(Reference("A, B.", 2001, "T", "11th Meeting on X, 3-9"))["type"] == "paper-conference"
    book = work_of(Reference("A, B.", 2001, "T (4th edition)", "Wiley"))
    assert (book["type"], book["title"], book["edition"]) == ("book", "T", "4")
