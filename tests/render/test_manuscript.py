"""A report's text in the order of a paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reporter.errors import TemplateError
from reporter.render import html, manuscript
from reporter.render.marks import mark
from reporter.render.structure import text_of

FRAME = Path(__file__).resolve().parents[2] / "templates" / "frame.md.jinja"
REPORT = f"""# 🌀 Title

## Subtitle

**Authors:** A. Body

## 📊 Executive summary

**Result:** it rose by {mark(0, "0.05")} nats.

### Key findings

1. One.

## 🔬 Detailed ⟡ analysis

See [Table 1](#table-1), [Table 2](#table-2) and [below](#methods).

### 1. First `code` thing

**Table 1.** Levels of H. vitulina: all. The rest of it.

| A | B |
|---|--:|
| x | {mark(1, "2.5")} |

### 3b. Third

![Picture.](figures/a.svg)

**Figure 1.** A drawing. More words.

## ⟡ Conclusion

> Quoted words - here.

## Methods

**Welch.** A test. It tests.

Not bold.

### All tests

**Table 2.** Tests.

| A | B |
|---|--:|
| x | 1 |

## Number register

Words about it.

## References

1. A work.

## Provenance

- Seed: 5
"""


@pytest.fixture
def parts():
    return manuscript.arranged(REPORT)


def shown(tokens) -> str:
    return html.written(manuscript.shaped(tokens))


def heads(written: str) -> list[str]:
    return [re.sub("<[^>]*>", "", head) for head in re.findall(r"<h\d[^>]*>(.*)</h\d>", written)]


def test_the_summary_is_the_abstract_and_its_headings_are_bold_lines(parts):
    written = html.written(parts.abstract)
    assert "<strong>Result:</strong> it rose by 0.05 nats." in written
    assert '<p class="head"><strong>Key findings</strong></p>' in written
    assert "<li>" in written
    assert not heads(written)


def test_the_title_block_and_what_the_appendix_has_are_left_out(parts):
    manuscript.redirect(parts.text, parts.moved)
    written = shown([*parts.text, manuscript.block('<p id="table-a1"></p>'), *anchor("Table A1")])
    for gone in ("A. Body", "Subtitle", "All tests", "Words about it", "A work."):
        assert gone not in written
    assert '<a href="#table-a1">Table A1</a>' in written
    assert '<a href="#table-1">Table 1</a>' in written
    assert "Seed: 5" in html.written(parts.provenance)


def anchor(label):
    return html.parsed(f"**{label}.** Words.\n\n| A |\n|---|\n| x |\n")


def test_a_link_to_what_is_nowhere_is_still_refused(parts):
    with pytest.raises(TemplateError, match="#table-2"):
        shown(parts.text)


def test_sections_are_numbered_by_the_paper_alone(parts):
    manuscript.redirect(parts.text, dict.fromkeys(parts.moved, "Table 1"))
    written = shown([*manuscript.heading("Abstract"), *parts.abstract, *parts.text])
    assert heads(written) == [
        "Abstract",
        "1\u2002Detailed ⟡ analysis",
        "1.1\u2002First code thing",
        "1.2\u2002Third",
        "2\u2002Conclusion",
        "3\u2002Methods",
    ]
    assert '<h2 id="methods">3' in written  # links to sections lead where they did


def test_words_are_counted_without_tables_captions_headings_and_citations(parts):
    # See Table 1, Table 2 and below (7) - Quoted words here (3; a dash is no word) - Welch. A test. It tests. (5)
    # Not bold. (2)
    assert manuscript.words(parts.text) == 7 + 3 + 5 + 2
    assert manuscript.words(parts.abstract) == len(
        ["Result:", "it", "rose", "by", "0.05", "nats.", "Key", "findings", "One."]
    )
    manuscript.cite_methods(parts.text, lambda label: "(Welch, 1947)" * (label == "Welch."))
    assert manuscript.words(parts.text) == 17


def test_a_method_that_is_known_is_cited_and_no_other(parts):
    asked = []
    manuscript.cite_methods(parts.text, lambda label: asked.append(label) or ("[1]" if label else ""))
    assert [label for label in asked if label] == ["Welch."]
    written = html.written(parts.text)
    assert 'It tests. <span class="cite">[1]</span></p>' in written
    assert written.count("[1]") == 1


def test_lists_name_items_by_the_first_sentence_of_their_captions(parts):
    manuscript.redirect(parts.text, dict.fromkeys(parts.moved, "Table 1"))
    written = shown([*parts.text, manuscript.list_of("table"), manuscript.list_of("figure")])
    assert (
        '<li data-place="#table-1"><a href="#table-1">Table 1. Levels of H. vitulina: all</a></li>' in written
    )
    assert '<li data-place="#figure-1"><a href="#figure-1">Figure 1. A drawing</a></li>' in written


def test_items_of_the_appendix_are_not_counted(parts):
    manuscript.redirect(parts.text, dict.fromkeys(parts.moved, "Table 1"))
    tokens = manuscript.shaped([*parts.text, *anchor("Table A1")])
    assert manuscript.items(tokens) == {"table": 1, "figure": 1}


def test_without_a_summary_there_is_no_abstract():
    parts = manuscript.arranged("# T\n\n**Date:** today\n\n## Results\n\nText of a summary.\n")
    assert parts.abstract == ()
    assert heads(shown(parts.text)) == ["1\u2002Results"]


def test_the_frame_has_the_sections_that_a_paper_replaces():
    frame = {
        line.lstrip("# ") for line in FRAME.read_text(encoding="utf-8").splitlines() if line.startswith("##")
    }
    assert {*manuscript.REPLACED, manuscript.METHODS, manuscript.PROVENANCE} <= frame


def test_a_heading_of_ours_has_no_number():
    [opened, inline, _] = manuscript.heading("Statements")
    assert (opened.tag, text_of(inline)) == ("h2", "Statements")
    assert heads(shown([opened, inline, _])) == ["Statements"]
