"""HTML into documents: what is shown is read, and it says the same as the Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporter.audit.document import Kind
from reporter.audit.facts import facts_of
from reporter.audit.html import read_html
from reporter.audit.markdown import read_markdown

ROOT = Path(__file__).resolve().parents[2]

PAGE = """\
<!doctype html><html lang="en"><head><title>7 towers</title><style>p { margin: 3em }</style></head>
<body><nav>1 2 3</nav>
<h1>Heights</h1>
<p>The mean was <strong>3.10 &plusmn; 0.20</strong> nats
   (n&nbsp;= 3). It rose; p &lt; .05.<br>Next line: 2 &#215; 10<sup>&minus;5</sup></p>
<h2>Raw</h2>
<table><caption>Table 1. Towers.</caption>
<thead><tr><th>Tower</th><th>Mean</th><th colspan="2">Ends</th></tr></thead>
<tr><th>North</th><td rowspan="2">2.90</td><td>2.1</td><td>3.3</td></tr>
<tr><th>South</th><td>2.2</td><td>3.4</td></tr></table>
<ul><li>Outer<ul><li>inner 0.3</li></ul></li></ul>
<pre>line one: 2.86
  line two: 3.00</pre>
<script>var x = 99;</script>
<img src="a.svg" alt="A chart with 5 bars">
</body></html>
"""


@pytest.fixture(scope="module")
def page():
    return read_html(PAGE, "page")


def test_what_is_not_shown_is_not_read(page):
    texts = " ".join(sentence.text for sentence in page.sentences)
    assert "99" not in texts
    assert "1 2 3" not in texts
    assert "7 towers" not in texts
    assert page.unread == ()


def test_sentences_and_sections(page):
    assert [(s.text, s.section) for s in page.sentences if s.block == "paragraph"] == [
        ("The mean was 3.10 ± 0.20 nats (n = 3).", ("Heights",)),
        ("It rose; p < .05.", ("Heights",)),
        ("Next line: 2 × 10⁻⁵", ("Heights",)),
    ]
    blocks = {sentence.text: sentence.block for sentence in page.sentences}
    assert blocks["inner 0.3"] == "item"
    assert blocks["  line two: 3.00"] == "code"
    assert blocks["A chart with 5 bars"] == "caption"


def test_numbers_stand_where_they_stand(page):
    quantity = next(q for q in page.quantities() if q.kind is Kind.PLUS_MINUS)
    assert quantity.bold
    line = page.lines[quantity.first.place.line - 1]
    assert line[quantity.first.place.column - 1 :].startswith("3.10")
    power = next(q for s in page.sentences if s.text.startswith("Next line") for q in s.quantities)
    assert power.first.value == pytest.approx(2e-5)


def test_cells_that_span_stand_in_each_place(page):
    (table,) = page.tables
    assert table.heads == ("Tower", "Mean", "Ends", "Ends")
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["North", "2.90", "2.1", "3.3"],
        ["South", "2.90", "2.2", "3.4"],
    ]
    assert (table.caption, table.section) == ("Table 1. Towers.", ("Heights", "Raw"))


@pytest.mark.parametrize("study", ["token-scaling", "entropy-analysis"])
def test_a_built_report_says_the_same_in_both_forms(study):
    folder = ROOT / "reports" / study
    if not (folder / "report.html").is_file():
        pytest.skip("this report is not built")

    def keys(document):
        found = facts_of(document).facts
        return {(f.subject, f.statistic, f.condition, f.number.text, f.source) for f in found}

    markdown = keys(read_markdown((folder / "report.md").read_text(encoding="utf-8"), "md"))
    page = keys(read_html((folder / "report.html").read_text(encoding="utf-8"), "html"))
    assert markdown - page == set()
    assert len(markdown) > 300


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "<th colspan=3>",
        "<td rowspan=9>",
        "<h2>",
        "</h2>",
        "<li>",
        "<ul>",
        "</ul>",
        "<b>",
        "</b>",
        "<br>",
        "<script>",
        "</script>",
        "<pre>",
        "</pre>",
        "<sup>",
        "</sup>",
        "<caption>",
        "</caption>",
        "&lt;",
        "&#x3;",
        "&bogus;",
        "<",
        "<!--",
        "-->",
        "<![CDATA[",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(TAGS, st.text(max_size=8), st.just("2.5")), max_size=30).map("".join))
@example("<table><td rowspan=9>1<td colspan=2>2<tr><td>3<tr><td colspan=99999999>4")
def test_random_html_is_read(source):
    document = read_html(source, "random")
    assert all(len(row) == len(table.heads) for table in document.tables for row in table.rows)
