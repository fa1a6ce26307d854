"""The text of PDFs: paragraphs are put together again, and what is no PDF is refused in words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.audit.audit import audit
from reporter.audit.pdf import read_pdf
from reporter.errors import DocumentError

pypdf = pytest.importorskip("pypdf")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pdf():
    """A PDF of three pages with a running head, page numbers and a broken word."""
    weasyprint = pytest.importorskip("weasyprint")
    paragraph = "<p>The mean of page {n} was 3.1{n} ± 0.20 nats, a figure on page {n} that is stated here at some length. It rose.</p>"
    source = (
        "<style>@page { size: A5; @top-left { content: 'A running head' } @bottom-right { content: counter(page) } }"
        " p { page-break-after: always }</style>"
    ) + "".join(paragraph.format(n=n) for n in (1, 2, 3))
    return weasyprint.HTML(string=source).write_pdf()


def test_paragraphs_are_put_together(pdf):
    document = read_pdf(pdf, "three.pdf")
    texts = [sentence.text for sentence in document.sentences]
    assert [text for text in texts if "±" in text] == [
        f"The mean of page {n} was 3.1{n} ± 0.20 nats, a figure on page {n} that is stated here at some length."
        for n in (1, 2, 3)
    ]
    assert texts.count("It rose.") == 3


def test_running_heads_and_page_numbers_are_left_out(pdf):
    document = read_pdf(pdf, "three.pdf")
    assert "running head" not in " ".join(document.lines)
    assert [line for line in document.lines if line.strip().isdigit()] == []
    assert "3 pages" in document.repairs[0]


def test_a_word_that_was_broken_is_made_whole():
    weasyprint = pytest.importorskip("weasyprint")
    source = "<pre>The mean of the experi-\nments was 2.5 nats, and a well-\nKnown one.</pre>"
    document = read_pdf(weasyprint.HTML(string=source).write_pdf(), "broken.pdf")
    assert [s.text for s in document.sentences] == [
        "The mean of the experiments was 2.5 nats, and a well- Known one."
    ]


@pytest.mark.parametrize("study", ["token-scaling", "entropy-analysis"])
def test_a_built_report_is_read(study):
    path = ROOT / "reports" / study / "report.pdf"
    if not path.is_file():
        pytest.skip("this report is not built")
    document = read_pdf(path.read_bytes(), "report.pdf")
    labels = {quantity.label for quantity in document.quantities()}
    assert {"p", "t", "rho", "interval"} <= labels
    said = "t(7) = 3.18" if study == "token-scaling" else "permutation p = 0.497"
    assert any(said in sentence.text for sentence in document.sentences)


@pytest.mark.parametrize("study", ["token-scaling", "entropy-analysis"])
def test_a_built_report_raises_no_alarm(study):
    path = ROOT / "reports" / study / "report.pdf"
    if not path.is_file():
        pytest.skip("this report is not built")
    loud = [finding for finding in audit(path).findings if finding.severity.value != "note"]
    # Two sentences of one paragraph, a line apart, that differ in one number: told apart in Markdown only.
    assert [finding.quoted[:24] for finding in loud if finding.check != "echoes"] == []
    assert len(loud) <= 2


def test_rows_of_tables_are_left_out_and_counted():
    weasyprint = pytest.importorskip("weasyprint")
    rows = "".join(f"<tr><td>Ada {n}B</td><td>2.{n}1</td><td>+0.{n}3</td></tr>" for n in range(1, 6))
    source = f"<p>The rows follow; n = 3.</p><table>{rows}</table><p>It was 2.5 nats in 3 of 4 models.</p>"
    document = read_pdf(weasyprint.HTML(string=source).write_pdf(), "rows.pdf")
    assert [sentence.text for sentence in document.sentences] == [
        "The rows follow; n = 3.",
        "It was 2.5 nats in 3 of 4 models.",
    ]
    assert "5 lines look like rows" in document.repairs[0]


def refused(data):
    with pytest.raises(DocumentError) as caught:
        read_pdf(data, "bad.pdf")
    return str(caught.value)


def test_what_is_no_pdf_is_refused():
    assert "no PDF that can be read" in refused(b"%PDF-1.7 nothing")


def test_a_password_is_refused(pdf):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.encrypt("secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    assert "password" in refused(target.getvalue())


def test_pictures_without_text_are_refused():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    target = io.BytesIO()
    writer.write(target)
    assert "no text" in refused(target.getvalue())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2000))
def test_spoiled_pdfs_are_read_or_refused(noise, place):
    source = ROOT / "reports" / "token-scaling" / "report.pdf"
    data = source.read_bytes()[:4000] if source.is_file() else b"%PDF-1.7"
    try:
        read_pdf(data[:place] + noise + data[place + len(noise) :], "spoiled.pdf")
    except DocumentError as error:
        assert "spoiled.pdf" in str(error)
