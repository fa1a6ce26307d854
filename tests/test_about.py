"""The title block: what would be published wrong is refused, and what people paste is understood."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from reporter.about import About, Author, Funding, check_character

GIVEN = {
    "name": "a", "title": "T", "short_title": "T", "date": "2026-01-01", "experiment": "e", "hypothesis": "h", "seed": 1,
}  # fmt: skip


def about(**more) -> About:
    return About(**{**GIVEN, **more})


def refusal(call, **more) -> str:
    with pytest.raises(ValidationError) as caught:
        call(**more)
    return caught.value.errors()[0]["msg"]


# iDs that ORCID's and Zenodo's documentation print as examples; the one with an X is Carberry's of ORCID.
@pytest.mark.parametrize(
    "orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X", "0000-0002-7064-4069"]
)
def test_orcids_that_are_ones_pass(orcid):
    assert Author(name="A", orcid=orcid).orcid == orcid
    assert Author(name="A", orcid=f"https://orcid.org/{orcid}").orcid == orcid
    assert check_character(orcid.replace("-", "")[:-1]) == orcid[-1]


def test_every_mistyped_digit_of_an_orcid_is_seen():
    """ISO 7064 MOD 11-2 detects each single wrong character and each swap of neighbours."""
    orcid = "0000-0002-1825-0097"
    for place, right in enumerate(orcid):
        for wrong in set("0123456789") - {right} if right != "-" else ():
            assert "mistyped" in refusal(Author, name="A", orcid=orcid[:place] + wrong + orcid[place + 1 :])
    assert "mistyped" in refusal(Author, name="A", orcid="0000-0002-1852-0097")


@pytest.mark.parametrize("orcid", ["1825-0097", "0000000218250097", "0000-0002-1825-009x", "orcid.org/0000"])
def test_what_is_no_orcid_is_told_the_form(orcid):
    assert "0000-0002-1825-0097" in refusal(Author, name="A", orcid=orcid)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("10.17605/OSF.IO/T65VS", "10.17605/OSF.IO/T65VS"),
        ("https://doi.org/10.1177/2515245920928007", "10.1177/2515245920928007"),
        ("doi:10.5281/zenodo.5741143", "10.5281/zenodo.5741143"),
        (" 10.1000/182 ", "10.1000/182"),
        ("", ""),
    ],
)
def test_a_doi_is_kept_without_its_address(given, kept):
    assert about(doi=given).doi == kept


@pytest.mark.parametrize(
    "doi", ["10.17/x", "17605/OSF.IO/T65VS", "10.17605", "10.17605/", "10.17605/a b", "T65VS"]
)
def test_what_is_no_doi_is_refused(doi):
    assert "10.NNNN/suffix" in refusal(about, doi=doi)


@pytest.mark.parametrize(
    "given", ["https://osf.io/7nw8t/", "https://osf.io/7nw8t", "7nw8t", " https://osf.io/7nw8t/ "]
)
def test_a_project_of_osf_is_kept_as_its_address(given):
    assert about(osf=given).osf == "https://osf.io/7nw8t/"


@pytest.mark.parametrize(
    "osf", ["7nw8", "https://osf.io/7nw8t/files/", "http://osf.io/7nw8t/", "https://osf.io.evil/7nw8t"]
)
def test_what_is_no_project_of_osf_is_refused(osf):
    assert "https://osf.io/xxxxx/" in refusal(about, osf=osf)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://osf.io/abcde", "https://osf.io/abcde"),
        ("https://aspredicted.org/x1_2.pdf", "https://aspredicted.org/x1_2.pdf"),
        ("10.17605/OSF.IO/ABCDE", "https://doi.org/10.17605/OSF.IO/ABCDE"),
        ("doi:10.17605/OSF.IO/ABCDE", "https://doi.org/10.17605/OSF.IO/ABCDE"),
    ],
)
def test_a_preregistration_is_an_address(given, kept):
    assert about(preregistration=given).preregistration == kept


@pytest.mark.parametrize(
    "link", ["yes", "http://osf.io/abcde", "https://", "https://x", 'https://osf.io/"><script>']
)
def test_what_leads_nowhere_is_refused(link):
    assert "neither an https address nor a DOI" in refusal(about, preregistration=link)


def test_a_name_has_its_parts_where_they_are_told():
    author = Author(name="A. J. Vasquez Sr.", family_name="Vasquez")
    assert author.parts == ("A. J.", "Vasquez", "Sr.")
    assert Author(name="Vasquez, A. J.").parts == ("", "", "")
    assert "is no part of the name" in refusal(Author, name="A. Vasquez", family_name="Vazquez")
    assert "a group has not" in refusal(Author, name="A Group", family_name="Group", kind="group")


def test_a_group_is_nobody_with_an_orcid():
    assert "a group has not" in refusal(Author, name="A Group", kind="group", orcid="0000-0002-1825-0097")


def test_affiliations_are_one_or_several():
    assert Author(name="A").affiliations == ()
    assert Author(name="A", affiliation="X").affiliations == ("X",)
    assert Author(name="A", affiliation=("X", "Y")).affiliations == ("X", "Y")


def test_terms_are_those_whose_texts_we_carry():
    assert (about().licence.data, about().licence.code) == ("CC-BY-4.0", "GPL-3.0-or-later")
    assert "'CC-BY-4.0', 'CC-BY-SA-4.0' or 'CC0-1.0'" in refusal(about, licence={"data": "CC-BY-NC-4.0"})
    assert "'MIT'" in refusal(about, licence={"code": "GPL-2.0-only"})


def test_who_paid_is_said_in_one_line():
    assert Funding(funder="A Foundation", award="17-3").words == "A Foundation (17-3)"
    assert Funding(funder="A Foundation").words == "A Foundation"


@pytest.mark.parametrize(
    "more", [{"keywords": [""]}, {"authors": [{"name": " "}]}, {"funding": [{"funder": ""}]}, {"authors": [{"name": "A", "email": "a@b"}]}]
)  # fmt: skip
def test_what_is_empty_or_unknown_is_refused(more):
    assert refusal(about, **more)
