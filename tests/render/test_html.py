"""Marked Markdown to HTML: structure, numbers that know their origin, a file that stands alone."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from reporter.errors import OutputError, TemplateError
from reporter.render import html
from reporter.render.marks import NumberNote, mark

NOTE = NumberNote(address="change/gpt-4o.estimate", origin='welch_t, "unpaired" & <conservative>')
TABLE = "| Model | H | Zone |\n|---|--:|:-:|\n| GPT-4o | 2.94 | LASER |\n| Grok | 3.03 | TRANSITION |\n"


class Elements(HTMLParser):
    """Every start tag with its attributes, in order; refuses elements that cross."""

    VOID = frozenset(("img", "br", "hr", "meta", "link"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in self.VOID or self.open.pop() == tag

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def page(body, **changes):
    words = {
        "title": "T",
        "language": "en",
        "header": "Short",
        "register_html": None,
        "css": html.stylesheet(),
        "figures": {},
    }
    return html.page(body, **(words | changes))


def test_the_sample_is_well_formed_and_its_ids_are_unique(sample):
    marked, notes = sample.report(5)
    elements = Elements(html.body(marked, notes, contents=True))
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids)) > len(notes)
    targets = {
        attributes["href"][1:] for attributes in elements.named("a") if attributes["href"].startswith("#")
    }
    assert targets and targets <= set(ids)


def test_a_number_shows_its_origin_to_every_reader():
    written = html.body(f"It is {mark(0, '3.05')}, again {mark(0, '3.05')}.", [NOTE])
    first, second = Elements(written).named("span")
    assert first == {
        "class": "n",
        "id": "n0",
        "tabindex": "0",
        "data-address": "change/gpt-4o.estimate",
        "aria-description": 'change/gpt-4o.estimate: welch_t, "unpaired" & <conservative>',
    }
    assert "id" not in second
    for state in (".n:hover::after", ".n:focus::after"):
        assert state in html.stylesheet()
    assert "content: attr(aria-description)" in html.stylesheet()


def test_without_notes_numbers_are_plain_text():
    assert html.body(f"It is **{mark(7, '+0.1')}**.") == "<p>It is <strong>+0.1</strong>.</p>\n"


@pytest.mark.parametrize(
    "around", ["`{}`", "    {}", "```\n{}\n```", "[{}](#x)\n\n# x", "*{}*", "| a |\n|--|\n| {} |"]
)
def test_numbers_keep_their_note_wherever_they_stand(around):
    written = html.body(around.format(mark(0, "3.05")), [NOTE])
    assert Elements(written).named("span")[0]["data-address"] == NOTE.address


def test_a_number_without_a_note_is_refused():
    with pytest.raises(TemplateError, match="Number 3 is printed, but only 1 are in the register"):
        html.body(mark(3, "3.05"), [NOTE])


def test_a_number_torn_apart_by_markup_is_refused():
    with pytest.raises(TemplateError, match="torn apart"):
        html.body(f"{mark(0, '0.4*')} and {mark(0, '0.5*')}", [NOTE])
    assert ">0.4*</span>" in html.body(mark(0, r"0.4\*"), [NOTE])


def test_html_in_data_is_text():
    written = html.body("A <script>alert(1)</script> & <b>b</b>\n\n<img src=x onerror=alert(1)>\n")
    assert {tag for tag, _ in Elements(written).found} == {"p"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in written


def test_links_cannot_run_anything():
    assert not Elements(html.body("[x](javascript:alert) [y](file:///etc/passwd)")).named("a")


def test_cells_are_scoped_and_aligned():
    elements = Elements(html.body(TABLE))
    heads = elements.named("th")
    assert [head.get("scope") for head in heads] == ["col", "col", "col", "row", "row"]
    assert [head.get("class") for head in heads] == [None, "num", "mid", None, None]
    assert [cell.get("class") for cell in elements.named("td")] == ["num", "mid"] * 2


def test_a_caption_belongs_to_its_table():
    written = html.body(
        f"See [Table 3](#table-3).\n\n**Table 3.** Levels at {mark(0, '100')}.\n\n{TABLE}", [NOTE]
    )
    assert written.count("<p>") == 1
    assert re.search(
        r'<div class="table short" id="table-3">\s*<table>\s*<caption><strong>Table 3\.</strong>', written
    )
    assert 'data-address="change/gpt-4o.estimate"' in re.search("<caption>.*</caption>", written)[0]


@pytest.mark.parametrize(
    "between", ["**Note.** Not a caption.", "**Figure 1.** Of a figure.", "Table 1. Plain."]
)
def test_other_paragraphs_stay_paragraphs(between):
    written = html.body(f"{between}\n\n{TABLE}")
    assert "<caption>" not in written
    assert "<p>" in written


def test_many_columns_are_set_small():
    row = "|" + " a |" * 10
    assert 'class="table wide short"' in html.body(f"{row}\n{'|' + '--|' * 10}\n{row}")


def test_a_picture_and_its_caption_are_one_figure():
    written = html.body(
        f"![Lines for {mark(0, '8')} models.](figures/a.svg)\n\n**Figure S2.** Slopes.\n", [NOTE]
    )
    assert '<figure id="figure-s2">' in written
    assert Elements(written).named("img") == [{"src": "figures/a.svg", "alt": "Lines for 8 models."}]
    assert "<figcaption><strong>Figure S2.</strong> Slopes.</figcaption>" in written


def test_headings_have_unique_anchors_and_make_sections():
    elements = Elements(html.body("# 🌀 T\n\n## A b\n\n### x\n\n## A b\n\n## ⟡\n"))
    names = [attributes["id"] for tag, attributes in elements.found if re.fullmatch("h[1-6]", tag)]
    assert names == ["t", "a-b", "x", "a-b-2", "section"]
    assert len(elements.named("section")) == 4


def test_a_reference_to_nothing_is_refused():
    with pytest.raises(TemplateError, match='refers to "#table-9", and nothing in it has that name'):
        html.body("# T\n\nSee [Table 9](#table-9).")


def test_the_register_holds_every_number_and_escapes_it():
    row = dict.fromkeys(html.REGISTER, "") | {
        "address": "a<b",
        "text": "3.05",
        "value": "3.0512",
        "unit": "nats",
    }
    written = html.register([row, row])
    elements = Elements(written)
    assert [head.get("scope") for head in elements.named("th")] == ["col"] * 9 + ["row"] * 2
    assert "a&lt;b" in written and "a<b" not in written
    assert "<details" in page("", register_html=written)
    assert "<details" not in page("")


def test_the_page_escapes_its_words():
    written = page("", title="</title><script>", header='"><script>')
    assert "<script>" not in written


def test_the_page_needs_no_other_file(sample):
    marked, notes = sample.report(5)
    figures = sample.figures()
    written = page(html.body(marked, notes), figures=figures)
    elements = Elements(written)
    sources = [attributes["src"] for _, attributes in elements.found if "src" in attributes]
    carried = [base64.b64decode(source.partition("base64,")[2]) for source in sources]
    assert carried == list(figures.values())
    assert not {"link", "script", "iframe", "object", "base"} & {tag for tag, _ in elements.found}
    assert not re.search(r"url\(|@import", html.stylesheet())
    policy = next(a["content"] for a in elements.named("meta") if "http-equiv" in a)
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


@pytest.mark.parametrize("name", ["figures/b.svg", "https://example.org/a.svg", "../secret.png"])
def test_a_picture_that_is_not_the_reports_own_is_refused(name):
    with pytest.raises(OutputError, match=re.escape(f'"{name}", which is not one of its figures')):
        page(html.body(f"![x]({name})"), figures={"figures/a.svg": b"<svg/>"})


def test_text_that_looks_like_an_image_is_left_alone():
    written = page(html.body('`<img src="figures/b.svg">` and <img src="c.svg">'))
    assert not Elements(written).named("img")


def chromium(page_file, folder, *arguments):
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", "--hide-scrollbars"]
    command = [
        program,
        "--headless",
        "--no-sandbox",
        *quiet,
        f"--user-data-dir={folder / 'profile'}",
        *arguments,
    ]
    return subprocess.run(
        [*command, page_file.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )


def test_a_browser_opens_the_page_from_disk_without_network(sample, tmp_path):
    marked, notes = sample.report(5)
    file = tmp_path / "report.html"
    file.write_text(page(html.body(marked, notes), figures=sample.figures()), encoding="utf-8")
    log, picture = tmp_path / "net.json", tmp_path / "page.png"
    chromium(file, tmp_path, f"--screenshot={picture}", f"--log-net-log={log}", "--window-size=1000,1400")
    assert picture.stat().st_size > 20_000, "the page is blank"
    # Chromium itself may call home; the page may not ask any host that its text names.
    hosts = set(re.findall(r"https?://([\w.]+)", file.read_text(encoding="utf-8")))
    assert "doi.org" in hosts
    asked = log.read_text(errors="replace")
    assert not [host for host in hosts if host in asked]


def test_the_log_of_the_browser_would_show_a_request(tmp_path):
    file, log = tmp_path / "loud.html", tmp_path / "net.json"
    file.write_text('<img src="http://report.invalid/a.png">', encoding="utf-8")
    chromium(file, tmp_path, f"--screenshot={tmp_path / 'page.png'}", f"--log-net-log={log}")
    assert "report.invalid" in log.read_text(errors="replace")


def test_the_module_stays_light():
    code = "import sys, reporter.render.html; print('weasyprint' in sys.modules, 'pandas' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_list_items_are_set_alike_with_and_without_blank_lines(between):
    written = html.body(f"1. One{between}2. Two\n   more\n   - deep\n\n   After.")
    assert "<li>One</li>" in re.sub(r"\s*\n\s*", "", written)
    assert re.search(r"<li>Two\s+more\s*<ul>", written)
    assert "<p>After.</p>" in written
