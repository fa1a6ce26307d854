"""The page of an audit: the document on the left, findings in its margin, for everybody's browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reporter.audit.audit import audit
from reporter.audit.document import Kind, Place
from reporter.audit.finding import AuditFinding, Looked, Severity
from reporter.audit.page import page
from reporter.waiver import Waiver

CSS = (Path(__file__).resolve().parents[2] / "templates" / "audit.css").read_text(encoding="utf-8")

TEXT = """\
# Heights <of> towers

There were 3 towers. They are 9 m high.

- An item of 5 m

| Tower | Mean |
|---|---|
| North | **2.5** |

```
code 7
code 8
```
"""


def every(reading):
    """Find fault with every number, and with the heads of the table."""
    severities = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    numbers = [q.first for q in reading.document.quantities() if q.kind is Kind.VALUE]
    for index, number in enumerate(numbers):
        said = AuditFinding(
            severity=severities[index % 3],
            check="every",
            place=number.place,
            quoted=f"<b>{number.text}</b>",
            expected="x & y",
            how="by <hand>",
        )
        yield Looked(check="every", numbers=(number,), finding=said)
    head = AuditFinding(
        severity=Severity.NOTE,
        check="every",
        place=Place(line=7, column=11, length=4, head="Mean"),
        quoted="Mean",
        expected="unit",
        how="-",
    )
    yield Looked(check="every", numbers=(), finding=head)


class Outline(HTMLParser):
    """Collects tags, ids and links, and sees that every tag is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.tags, self.unclosed = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag not in ("meta", "br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(html):
    parser = Outline()
    parser.feed(html)
    assert parser.open == []
    return parser


@pytest.fixture(scope="module")
def made():
    waivers = (Waiver(check="every", quoted="9", reason="Nine <is> right."),)
    return page([audit(TEXT, checks=(every,), waivers=waivers, name="towers.md")])


def test_it_is_well_formed_and_says_its_language(made):
    found = outline(made)
    assert ("html", {"lang": "en"}) in found.tags
    assert len(found.ids) == len(set(found.ids))
    assert made.lower().startswith("<!doctype html>")


def test_every_link_leads_somewhere(made):
    found = outline(made)
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)
    assert all(link.startswith("#") for link in found.links)


def test_it_needs_neither_script_nor_network(made):
    assert "<script" not in made
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(|@import""", made)


def test_what_documents_and_findings_say_is_not_obeyed(made):
    assert "<of>" not in made
    assert "<hand>" not in made
    assert "&lt;b&gt;3&lt;/b&gt;" in made


def test_each_finding_stands_beside_its_words(made):
    rows = re.findall(
        r'<div class="said[^"]*" data-line="(\d+)">(.*?)</div>\s*<div class="notes">(.*?)\n</div>',
        made,
        re.DOTALL,
    )
    beside = {int(line): re.findall(r'id="d1n(\d+)"', notes) for line, _, notes in rows}
    marked = {int(line): re.findall(r'id="d1r(\d+)"', said) for line, said, _ in rows}
    assert {line: set(found) for line, found in beside.items()} == {
        line: set(found) for line, found in marked.items()
    }
    assert [line for line, found in beside.items() if found] == [3, 5, 7, 12]
    assert [len(beside[line]) for line in (3, 5, 7, 12)] == [2, 1, 2, 2]


def test_marks_stand_at_the_sentence_the_cell_and_the_head(made):
    assert '<mark class="warning">There were 3 towers.</mark>' in made
    assert re.search(r'<th scope="col"><mark class="note">Mean</mark>', made)
    assert re.search(r"<td><strong><mark class=\"\w+\">2\.5</mark>", made)


def test_the_verdict_comes_first_then_three_things(made):
    order = [
        made.index(words)
        for words in ("towers.md: it", "Fix first", "The document and its findings", "What was looked at")
    ]
    assert order == sorted(order)
    assert '<th scope="row">against the raw rows</th><td>no rows given</td>' in made


def test_waived_findings_are_shown_with_their_reason(made):
    assert "Nine &lt;is&gt; right." in made
    assert 'class="finding waived"' in made


def test_several_documents_on_one_page():
    html = page([audit(TEXT, checks=(every,), name=name) for name in ("a.md", "b.md")])
    found = outline(html)
    assert len(found.ids) == len(set(found.ids))
    assert "Audit of 2 documents" in html


def test_a_document_without_words_has_a_page():
    outline(page([audit("", checks=())]))
    outline(page([audit("Ã¢Â€Â™ ±", checks=())]))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [("ink", "paper"), ("quiet", "paper"), ("link", "paper")]
    + [(ink, tint) for ink in ("ink", "link") for tint in ("error-tint", "warning-tint", "note-tint")]
    + [("paper", tag) for tag in ("error", "warning", "note", "quiet")],
)
def test_contrast_is_at_least_that_of_wcag_aa(ink, paper):
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", CSS))
    assert contrast(colours[ink], colours[paper]) >= 4.5
