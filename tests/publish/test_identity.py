"""What tells who made a study is found wherever a reader's program would show it, and nowhere else."""

from __future__ import annotations

import json
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reporter.about import About, Author, Funding
from reporter.publish import identity
from reporter.publish.identity import Search, of_account, of_machine, of_study
from reporter.publish.osf import Account

ABOUT = About(
    name="a-study", title="A study", short_title="Study", date="2026-01-01", experiment="E", hypothesis="H", seed=1,
    doi="10.17605/OSF.IO/T65VS", osf="https://osf.io/7nw8t/", preregistration="https://osf.io/abc9z",
    authors=(
        Author(name="María J. Núñez-Ortiz Jr.", orcid="0000-0002-1825-0097", affiliation="University of Somewhere"),
        Author(name="Wu Li", family_name="Wu"),
        Author(name="The Somewhere Group", kind="group"),
    ),
    funding=(Funding(funder="A Foundation", award="AB-1234"),),
)  # fmt: skip


class _Study:
    about = ABOUT


@pytest.fixture(scope="module")
def search():
    return Search(of_study(_Study()))


def kinds(found):
    return {term.kind for term in found}


def test_names_identifiers_and_awards_are_looked_for():
    found = {(term.kind, term.text) for term in of_study(_Study())}
    assert found == {
        ("name", "María J. Núñez-Ortiz Jr."), ("family name", "Núñez-Ortiz"), ("ORCID iD", "0000-0002-1825-0097"),
        ("affiliation", "University of Somewhere"), ("name", "Wu Li"), ("family name", "Wu"),
        ("name", "The Somewhere Group"), ("award", "AB-1234"), ("DOI", "10.17605/OSF.IO/T65VS"),
        ("address", "https://osf.io/7nw8t/"), ("address", "https://osf.io/abc9z"), ("OSF id", "T65VS"),
        ("OSF id", "7nw8t"), ("OSF id", "abc9z"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("by María J.\nNúñez-Ortiz  Jr. and others", "name"),
        ("NÚÑEZ-ORTIZ (2026)", "family name"),
        ("see núñez-ortiz_2026.csv", "family name"),
        (unicodedata.normalize("NFD", "Núñez-Ortiz"), "family name"),
        ("N\\u00fa\\u00f1ez-Ortiz", "family name"),
        ("N&uacute;&ntilde;ez-Ortiz", "family name"),
        ("N%C3%BA%C3%B1ez-Ortiz", "family name"),
        ("Nú\u00adñez-Ortiz", "family name"),
        ("Wu, L. (2025)", "family name"),
        ("github.com/mjnúñez-ortiz/x", "family name"),
        ("https://orcid.org/0000-0002-1825-0097", "ORCID iD"),
        ("doi:10.17605/osf.io/t65vs.", "DOI"),
        ("https://doi.org/10.17605%2FOSF.IO%2FT65VS", "DOI"),
        ("project 7NW8T", "OSF id"),
        ("osf.io/7nw8t/files", "OSF id"),
        ("university of\nsomewhere", "affiliation"),
        ("grant AB-1234", "award"),
    ],
)
def test_every_spelling_is_found(search, text, kind):
    assert kind in kinds(search.in_text(text))


@pytest.mark.parametrize(
    "text",
    ["wuthering", "Wuhan", "the wu function", "a7nw8t1", "AB-12345", "0000-0002-1825-00971", "ortiz", ""],
)
def test_parts_of_other_words_are_not(search, text):
    assert search.in_text(text) == ()


def test_what_is_hidden_is_gone(search):
    text = "María J. Núñez-Ortiz Jr. (Núñez-Ortiz, 2026), doi:10.17605/OSF.IO/T65VS, osf.io/7nw8t"
    hidden = search.hide(text, "[removed]")
    assert search.in_text(hidden) == ()
    assert hidden.count("[removed]") == 4


# --- files


def pdf(tmp_path, *, author="", body=""):
    from weasyprint import HTML

    path = tmp_path / "a.pdf"
    HTML(string=f"<meta name=author content='{author}'><title>T</title><p>Text {body}").write_pdf(path)
    return path


def test_a_pdf_is_read_as_its_reader_sees_it(search, tmp_path):
    """In the bytes of the page no letter of the name stands: a font is cut down and its glyphs numbered."""
    path = pdf(tmp_path, body="by Núñez-Ortiz")
    assert b"Ortiz" not in path.read_bytes()
    assert kinds(search.in_file(path)) == {"family name"}


def test_a_pdf_is_searched_for_its_author(search, tmp_path):
    assert "name" in kinds(search.in_file(pdf(tmp_path, author="María J. Núñez-Ortiz Jr.")))
    assert search.in_file(pdf(tmp_path)) == ()


def test_what_a_pdf_packs_is_unpacked(search, tmp_path):
    path = tmp_path / "b.pdf"
    packed = zlib.compress(b"<x>grant AB-1234</x>")
    path.write_bytes(pdf(tmp_path).read_bytes() + b"\n9 0 obj<<>>stream\n" + packed + b"\nendstream")
    assert kinds(search.in_file(path)) == {"award"}


def test_an_office_file_is_unpacked(search, tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("docProps/core.xml", "<dc:creator>Núñez-Ortiz</dc:creator>")
    assert b"Ortiz" not in path.read_bytes()
    assert kinds(search.in_file(path)) == {"family name"}


def test_parquet_is_read(search, tmp_path):
    path = tmp_path / "a.parquet"
    notes = [f"{n} words that come again and again, as in AB-1234" for n in range(10, 60)]
    pq.write_table(pa.table({"note": ["0 first", *notes, "9 last"]}), path, compression="zstd")
    assert b"AB-1234" not in path.read_bytes()
    assert kinds(search.in_file(path)) == {"award"}


def test_a_pictures_notes_are_read(search, tmp_path):
    from PIL import Image, PngImagePlugin

    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "María J. Núñez-Ortiz Jr.", zip=True)
    path = tmp_path / "a.png"
    Image.new("L", (2, 2)).save(path, pnginfo=notes)
    assert b"Ortiz" not in path.read_bytes()
    assert "name" in kinds(search.in_file(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_text_is_read_in_two_encodings(search, tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes("grant AB-1234".encode(encoding))
    assert kinds(search.in_file(path)) == {"award"}


def test_a_name_of_a_file_counts(search, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("")
    assert kinds(search.in_file(path, "data/núñez-ortiz/a.txt")) == {"family name"}


def test_a_large_file_is_read_in_pieces_that_overlap(search, tmp_path, monkeypatch):
    monkeypatch.setattr(identity, "PIECE", 1000)
    monkeypatch.setattr(identity, "OVERLAP", 50)
    for before in range(960, 1001):
        path = tmp_path / "large.txt"
        path.write_text("x" * (before - 1) + " AB-1234 " + "y" * 3000)
        assert kinds(search.in_file(path)) == {"award"}, before


# --- where else names come from


def test_the_account_is_looked_for_but_no_single_given_name():
    found = [*of_account(Account(id="me1ab", names=("Edith Uploader", "Uploader", "Edith")))]
    assert [(term.text, term.hidden) for term in found] == [("me1ab", False), ("Edith Uploader", False)]


def test_the_machine_is_looked_for_unless_it_has_a_name_of_many(monkeypatch):
    monkeypatch.setattr(identity.socket, "gethostname", lambda: "lab-box-7")
    monkeypatch.setattr(identity.getpass, "getuser", lambda: "root")
    monkeypatch.setattr(Path, "home", lambda: Path("/root"))
    found = {(term.kind, term.text) for term in of_machine(Path("/srv/mine"))}
    assert found == {("host name", "lab-box-7"), ("folder", "/srv/mine")}


def test_a_message_does_not_say_the_name_again(search):
    found = search.in_text(json.dumps({"a": "Núñez-Ortiz, AB-1234"}, ensure_ascii=False))
    assert set(identity.words(found).split(", ")) == {"family name", "award"}
