"""BibTeX as people write it, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reporter.bibtex import TYPES, read_bibtex
from reporter.citations import TYPES as CSL_TYPES
from reporter.errors import StudyError

PATH = Path("references.bib")
ARTICLE = r"""
@string{jasa = "Journal of the American Statistical Association"}
@comment{not a work}
@Article{welch,
  author  = {Bernard L. Welch and van der Waerden, Bartel and {The OSF Team} and M\"uller, Jr., H{\'e}l{\`e}ne},
  title   = "The {G}eneralization of Student's problem & more: 5 \% of \emph{all}",
  journal = jasa, year = 1947, month = jan,
  volume  = {34}, number = 1, pages = {28--35}, doi = {10.1093/biomet/34.1-2.28},
}
"""


def test_an_article_is_read_as_it_stands():
    [work] = read_bibtex(ARTICLE, PATH)
    assert work["id"] == "welch"
    assert work["type"] == "article-journal"
    assert work["author"] == [
        {"family": "Welch", "given": "Bernard L."},
        {"family": "Waerden", "given": "Bartel", "non-dropping-particle": "van der"},
        {"literal": "The OSF Team"},
        {"family": "Müller", "given": "Hélène", "suffix": "Jr."},
    ]
    assert work["title"] == "The Generalization of Student's problem & more: 5 % of all"
    assert work["container-title"] == "Journal of the American Statistical Association"
    assert (work["volume"], work["issue"], work["page"]) == ("34", "1", "28-35")
    assert (work["issued"], work["DOI"]) == ({"date-parts": [[1947]]}, "10.1093/biomet/34.1-2.28")
    assert "month" not in work


def test_other_kinds_and_fields():
    [work] = read_bibtex("@phdthesis{a, author={Ada}, title={T}, school={ETH}, date={2020-05-01}}", PATH)
    assert work["type"] == "thesis"
    assert (work["publisher"], work["author"]) == ("ETH", [{"literal": "Ada"}])
    assert {*TYPES.values()} <= CSL_TYPES
    assert read_bibtex("", PATH) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "\n@article{a, title={x}\n@book{b, title={Y}, year=2000}",
            "line 2: The entry cannot be read. Look for a brace",
        ),
        (
            "@book{b, title={Y}, year=2000}\n\n@misc{b, title={Z}, year=1}",
            'line 3: Two entries have the key "b"',
        ),
        ("@book{b, title={Y}, title={Z}, year=2000}", "line 1: The entry has a field twice: title"),
        (
            "\n\n@buch{b, title={Y}, year=2000}",
            'line 3: "@buch" is no kind of entry that is known here. Allowed: article',
        ),
        ("@book{b, title={Y}}", 'line 1: "b" has no year'),
        ("@book{b, title={Y}, year={forthcoming}}", 'line 1: "b" has no year'),
        (
            "@book{b, title={Y}, author={A, B, C, D}, year=2000}",
            'line 1: The name "A, B, C, D" cannot be read',
        ),
    ],
)
def test_a_damaged_entry_is_refused_with_its_line(text, words, capsys):
    with pytest.raises(StudyError, match=words.replace(".", r"\.")):
        read_bibtex(text, PATH)
    assert capsys.readouterr() == ("", "")
