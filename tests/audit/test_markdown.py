"""Markdown into documents: sections, tables, sentences, and where each of them stands."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporter.audit.document import Kind
from reporter.audit.markdown import read_markdown
from reporter.audit.sentences import sentences

ROOT = Path(__file__).resolve().parents[2]

REPORT = """\
---
title: A report
n: 12
---
# Heights of *three* towers

Measured in 2024. The mean was **3.10 ± 0.20 m** (n = 3), e.g. by
Dr. Low. It rose.

**Monday:** 3.1 nats
**Tuesday:** 3.2 nats

## Raw data

**Table 1.** Heights, in metres.

| Tower | Mean | Interval |
|-------|-----:|:--------:|
| **North** | **2.90** (min) | \\[2.1, 3.3\\] |
| South | 3.30\\* | a \\| b |
| East |

1. First
   - under the first: 0.3
2. Second

> Quoted: 7 of 9.

```
Line one: 2.86
  line two: 3.00
```

![A chart with 5 bars](chart.svg)

- [ ] Repeat with 20 towers
"""


@pytest.fixture(scope="module")
def report():
    return read_markdown(REPORT, "towers.md")


def test_titles_give_the_section(report):
    (table,) = report.tables
    assert table.section == ("Heights of three towers", "Raw data")
    assert report.sentences[0].block == "heading"
    assert report.sentences[0].section == ()


def test_front_matter_is_not_read_and_lines_keep_their_numbers(report):
    assert report.sentences[0].place.line == 5
    assert all("title" not in sentence.text for sentence in report.sentences)


def test_sentences_end_where_they_end(report):
    texts = [sentence.text for sentence in report.sentences if sentence.block == "paragraph"]
    assert texts == [
        "Measured in 2024.",
        "The mean was 3.10 ± 0.20 m (n = 3), e.g. by Dr. Low.",
        "It rose.",
        "Monday: 3.1 nats",
        "Tuesday: 3.2 nats",
    ]
    assert [sentence.opens for sentence in report.sentences[1:4]] == [True, False, False]


def test_tables_have_heads_rows_and_a_caption(report):
    (table,) = report.tables
    assert table.heads == ("Tower", "Mean", "Interval")
    assert table.caption == "Table 1. Heights, in metres."
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["North", "2.90 (min)", "[2.1, 3.3]"],
        ["South", "3.30*", "a | b"],
        ["East", "", ""],
    ]
    assert [cell.text for cell in table.column("Mean")] == ["2.90 (min)", "3.30*", ""]


def test_cells_know_their_place_and_their_heads(report):
    cell = report.tables[0].rows[0][1]
    (quantity,) = cell.quantities
    line = report.lines[cell.place.line - 1]
    assert line[quantity.first.place.column - 1 :].startswith("2.90")
    assert (quantity.first.place.row, quantity.first.place.head) == ("North", "Mean")
    assert (quantity.bold, cell.bold, quantity.mark) == (True, True, "min")
    south = report.tables[0].rows[1][1]
    assert (south.bold, south.quantities[0].stars) == (False, 1)


def test_items_quotes_code_and_pictures(report):
    blocks = {sentence.text: sentence for sentence in report.sentences}
    assert blocks["First"].block == "item"
    assert blocks["under the first: 0.3"].under == "First"
    assert blocks["Second"].under == ""
    assert blocks["Quoted: 7 of 9."].block == "quote"
    assert blocks["  line two: 3.00"].block == "code"
    assert blocks["A chart with 5 bars"].block == "caption"
    assert "chart.svg" not in " ".join(blocks)


def places(document):
    """Every number that is a claim, with the words that stand at its place."""
    for quantity in document.quantities():
        if quantity.kind is Kind.IDENTIFIER:
            continue
        for number in quantity.numbers:
            if number.place.length == len(number.text):
                line = document.lines[number.place.line - 1]
                yield number, line[number.place.column - 1 :][: number.place.length]


def test_places_hold_the_numbers(report):
    found = [(number.text, words) for number, words in places(report) if not number.text.startswith("[")]
    assert len(found) > 12
    assert [pair for pair in found if pair[0] != pair[1]] == []


@pytest.mark.parametrize("study", ["token-scaling", "entropy-analysis"])
def test_places_hold_the_numbers_of_our_reports(study):
    path = ROOT / "reports" / study / "report.md"
    if not path.is_file():
        pytest.skip("this report is not built")
    document = read_markdown(path.read_text(encoding="utf-8"), study)
    found = [pair for pair in places(document) if pair[0].text != pair[1].replace("\\", "")]
    assert [(number.text, words, number.place.line) for number, words in found] == []
    assert document.unread == ()
    assert len(document.tables) > 20
    assert all(table.caption.startswith("Table ") for table in document.tables)


def test_a_caption_may_follow_its_table():
    document = read_markdown(
        "| A | B |\n|---|---|\n| x | 1 |\n\nTable 3: Below.\n\n| A |\n|---|\n| 2 |\n", "m"
    )
    assert [table.caption for table in document.tables] == ["Table 3: Below.", "Table 3: Below."]


def test_a_line_that_ends_in_a_colon_leads_into_a_table():
    document = read_markdown("At 500 tokens we expect:\n\n| A | B |\n|---|---|\n| x | 1 |\n", "m")
    assert document.tables[0].caption == "At 500 tokens we expect:"
    far = read_markdown("We expect:\n\nMore.\n\n| A | B |\n|---|---|\n| x | 1 |\n", "m")
    assert far.tables[0].caption == ""


def test_a_table_inside_a_list_or_a_quote_has_its_columns():
    for mark in ("> ", "- ", "  - "):
        pad = "> " if ">" in mark else " " * len(mark)
        source = f"{mark}| A | B |\n{pad}|---|---|\n{pad}| x | 41 |\n"
        document = read_markdown(source, "m")
        number = document.tables[0].rows[0][1].quantities[0].first
        line = document.lines[number.place.line - 1]
        assert line[number.place.column - 1 :].startswith("41")


def test_lines_that_are_broken_by_hand_are_statements():
    document = read_markdown("It was 2.5  \nthen 3.5\nand more\n", "m")
    assert [sentence.text for sentence in document.sentences] == ["It was 2.5", "then 3.5 and more"]


def test_a_section_ends_where_its_like_begins():
    document = read_markdown("# A\n## B\n### C\n## D\nx\n", "m")
    assert document.sentences[-1].section == ("A", "D")


def test_html_tables_in_markdown_are_read():
    source = "# T\n\nx\n\n<table>\n<tr><th>Model</th><th>Mean</th></tr>\n<tr><td>A</td><td>2.5</td></tr>\n</table>\n"
    (table,) = read_markdown(source, "m").tables
    assert (table.heads, table.section) == (("Model", "Mean"), ("T",))
    number = table.rows[0][1].quantities[0].first
    assert (number.value, number.place.line) == (2.5, 7)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It is 2.96. That is low.", ["It is 2.96.", "That is low."]),
        ("No. 5 fell. A. B. Smith saw it.", ["No. 5 fell.", "A. B. Smith saw it."]),
        ("Was it? Yes! So.", ["Was it?", "Yes!", "So."]),
        ("1. One thing. Two.", ["1. One thing.", "Two."]),
        ('See Fig. 3 vs. Table 2. "Done." Next.', ["See Fig. 3 vs. Table 2.", '"Done."', "Next."]),
        ("p = .03. Then p = .04 (n.s.). End", ["p = .03.", "Then p = .04 (n.s.).", "End"]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences(text, parts):
    assert [text[start:end] for start, end in sentences(text)] == parts


# --- documents that nobody has seen -------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELL = st.one_of(
    WORDS,
    st.floats(-99, 99).map(lambda x: f"{x:.2f}"),
    st.sampled_from(["6/8", "2.8 ± 0.1", "**3**", "L2 −.3*", "<b>", "|", "`", "\\"]),
)
ROW = st.lists(CELL, min_size=1, max_size=5).map(lambda cells: "| " + " | ".join(cells) + " |")
TABLE = st.tuples(ROW, st.integers(1, 5), st.lists(ROW, max_size=4)).map(
    lambda t: "\n".join([t[0], "|" + "---|" * t[1], *t[2]])
)
BLOCK = st.one_of(
    TABLE,
    WORDS,
    st.sampled_from(
        [
            "# Title",
            "- item\n  - inner",
            "> quote",
            "```\ncode 3\n```",
            "<table><tr><td>1",
            "---",
            "1. a\n2. b",
            "![5](x)",
            "[a](b)",
            "**b**",
            "Setext\n===",
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCK, max_size=8).map("\n\n".join))
@example("---\n---")
@example("| a |\n|---|\n| \\| |")
@example("**a\n**b** 3")
def test_random_markdown_is_read(source):
    document = read_markdown(source, "random")
    assert all(len(row) == len(table.heads) for table in document.tables for row in table.rows)
    assert all(1 <= quantity.place.line <= len(document.lines) for quantity in document.quantities())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_random_text_is_read(source):
    assert read_markdown(source, "random").name == "random"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.floats(-999, 999).map(lambda x: round(x, 2)), min_size=2, max_size=2),
        min_size=1,
        max_size=6,
    )
)
def test_numbers_in_a_table_are_read_back(rows):
    source = "| A | B |\n|---|---|\n" + "\n".join(f"| {a:.2f} | {b:.2f} |" for a, b in rows)
    read = [
        [cell.quantities[0].first.value for cell in row] for row in read_markdown(source, "m").tables[0].rows
    ]
    assert read == rows


def test_time_grows_with_length_and_no_faster():
    """A text of eight times the length takes about eight times as long; twice that is allowed for noise."""

    def seconds(times):
        source = REPORT.partition("---\n# ")[2] * times
        start = time.process_time()
        assert len(read_markdown(source, "long").tables) == times
        return time.process_time() - start

    seconds(20)
    assert seconds(640) < 16 * max(seconds(80), seconds(80))


# --- the two documents, by hand -----------------------------------------------------------------------------

K = Kind
FIRST = [  # line, text, kind, numbers, label
    (19, "All 8", K.VALUE, (8,), ""),
    (19, "2.86-3.17 nats", K.RANGE, (2.86, 3.17), ""),
    (19, "200 tokens", K.VALUE, (200,), ""),
    (20, "6/8", K.SHARE, (6, 8), ""),
    (20, "mean +0.08 nats", K.VALUE, (0.08,), "mean"),
    (30, "2.86 ± 0.04", K.PLUS_MINUS, (2.86, 0.04), ""),
    (30, "+0.10", K.VALUE, (0.10,), ""),
    (32, "3.03 ± 0.09", K.PLUS_MINUS, (3.03, 0.09), ""),
    (36, "±0.00", K.VALUE, (0.0,), ""),
    (37, "3.17 ± 0.08", K.PLUS_MINUS, (3.17, 0.08), ""),
    (39, "Mean Change: +0.055 nats", K.VALUE, (0.055,), "mean_change"),
    (39, "6/8", K.SHARE, (6, 8), ""),
    (39, "2/8", K.SHARE, (2, 8), ""),
    (48, "2.9 nat", K.VALUE, (2.9,), ""),
    (51, "±0.27 nats", K.VALUE, (0.27,), ""),
    (56, "2.9-3.0 nat", K.RANGE, (2.9, 3.0), ""),
    (66, "+0.14 nats", K.VALUE, (0.14,), ""),
    (77, "±0.00 nats", K.VALUE, (0.0,), ""),
    (89, "100 tokens", K.VALUE, (100,), ""),
    (89, "2.86 nats", K.VALUE, (2.86,), ""),
    (91, "Change: +0.10 nats", K.VALUE, (0.10,), "change"),
    (96, "0.24 nats", K.VALUE, (0.24,), ""),
    (96, "threshold (3.0)", K.VALUE, (3.0,), "threshold"),
    (111, "3.13 ± 0.02 nats", K.PLUS_MINUS, (3.13, 0.02), ""),
    (114, "0.04 → 0.02", K.MOVE, (0.04, 0.02), ""),
    (129, "1/10", K.SHARE, (1, 10), "ratio"),
    (168, "4.0+", K.VALUE, (4.0,), ""),
    (168, "500+ tokens", K.VALUE, (500,), ""),
    (188, "+0.14", K.VALUE, (0.14,), ""),
    (201, "3.06-3.07", K.RANGE, (3.06, 3.07), ""),
    (234, "3.35 nats", K.VALUE, (3.35,), ""),
    (241, "3.05 nats", K.VALUE, (3.05,), ""),
    (254, "6", K.VALUE, (6,), ""),
    (255, "temp=1.0", K.VALUE, (1.0,), "temperature"),
    (289, "100 → 200 tokens", K.MOVE, (100, 200), ""),
    (294, "~1.5 nats", K.VALUE, (1.5,), ""),
    (307, "all 8", K.VALUE, (8,), ""),
    (307, "0.5", K.VALUE, (0.5,), "temperature"),
    (344, "2.82", K.VALUE, (2.82,), ""),
    (360, "3.24", K.VALUE, (3.24,), ""),
    (360, "0.30", K.VALUE, (0.30,), ""),
    (380, "3.0+ nats", K.VALUE, (3.0,), "mean"),
    (386, "2.86-2.96", K.RANGE, (2.86, 2.96), ""),
]
SECOND = [
    (7, "30", K.VALUE, (30,), ""),
    (12, "0.173 (min)", K.VALUE, (0.173,), ""),
    (12, "10238", K.VALUE, (10238,), ""),
    (17, "3.66 (max)", K.VALUE, (3.66,), ""),
    (24, "entropy 0.173", K.VALUE, (0.173,), "mean"),
    (24, "eff dim 1.28", K.VALUE, (1.28,), "effective_dimension"),
    (26, "entropy (0.319)", K.VALUE, (0.319,), "mean"),
    (26, "0.271", K.VALUE, (0.271,), ""),
    (26, "eff dim (1.85)", K.VALUE, (1.85,), "effective_dimension"),
    (28, "three", K.VALUE, (3,), "word"),
    (28, "0.173–0.209", K.RANGE, (0.173, 0.209), ""),
    (34, "50-200", K.RANGE, (50, 200), ""),
    (38, "[1.22, 1.73]", K.INTERVAL, (1.22, 1.73), ""),
    (56, "3x", K.VALUE, (3,), "ratio"),
    (56, "[1.81, 3.13]", K.INTERVAL, (1.81, 3.13), ""),
    (62, "n=30", K.VALUE, (30,), "n"),
    (68, "r=−0.53", K.VALUE, (-0.53,), "r"),
    (68, "r=+0.39", K.VALUE, (0.39,), "r"),
    (76, "4/7", K.SHARE, (4, 7), ""),
    (80, "n=6", K.VALUE, (6,), "n"),
    (93, "4 ", K.VALUE, (4,), ""),
    (97, "420", K.VALUE, (420,), ""),
    (105, "<0.001", K.VALUE, (0.001,), ""),
    (107, "−0.027", K.VALUE, (-0.027,), ""),
    (124, "Δ=+0.055", K.VALUE, (0.055,), "change"),
    (126, "p<0.001", K.VALUE, (0.001,), "p"),
    (144, "L27", K.LAYER, (27,), ""),
    (144, "−0.38*", K.VALUE, (-0.38,), ""),
    (146, "+0.00", K.VALUE, (0.0,), ""),
    (153, "No two", K.VALUE, (2,), "word"),
    (155, "0–30%", K.RANGE, (0, 30), ""),
    (155, "|r| = 0.59–0.82", K.RANGE, (0.59, 0.82), "abs_r"),
    (157, "r=+0.80", K.VALUE, (0.80,), "r"),
    (161, "L31–32", K.LAYER, (31, 32), ""),
    (173, "90–100%", K.RANGE, (90, 100), ""),
    (176, "30%", K.VALUE, (30,), ""),
]


@pytest.mark.parametrize(("name", "expected"), [("token-scaling", FIRST), ("entropy-analysis", SECOND)])
def test_the_documents_are_read_as_a_person_reads_them(shared, name, expected):
    document = read_markdown((shared / "documents" / f"{name}.md").read_text(encoding="utf-8"), name)
    found = [
        (q.place.line, q.text, q.kind, tuple(n.value for n in q.numbers), q.label)
        for q in document.quantities()
    ]
    missing = [(line, *rest) for line, *rest in expected if (line, rest[0].strip(), *rest[1:]) not in found]
    assert missing == []
    assert document.unread == ()


@pytest.mark.parametrize(("name", "tables"), [("token-scaling", 6), ("entropy-analysis", 7)])
def test_no_number_of_the_documents_is_passed_over(shared, name, tables):
    """Count digits: every run of digits outside heads belongs to a quantity or to an outline number."""
    document = read_markdown((shared / "documents" / f"{name}.md").read_text(encoding="utf-8"), name)
    assert len(document.tables) == tables
    texts = [s.text for s in document.sentences] + [
        c.text for t in document.tables for r in t.rows for c in r
    ]
    written = sum(len(re.findall(r"\d+", text)) for text in texts)
    taken = sum(len(re.findall(r"\d+", quantity.text)) for quantity in document.quantities())
    assert written == taken
