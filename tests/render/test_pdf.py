"""The PDF: clean for both checkers, tagged as a reader needs it, fenced in, and the same bytes every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from importlib.abc import MetaPathFinder
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest
from pypdf import PdfReader

from reporter.errors import OutputError, SystemPartMissing
from reporter.render import fonts

TABLE = "**Table 1.** Levels.\n\n| Model | H |\n|---|--:|\n| GPT-4o | 2.94 |\n| Grok | 3.03 |\n"


def findings(path: Path) -> list[str]:
    """What both checkers have to say at the level of warning or error."""
    spoken = outloud.check(str(path))
    assert spoken.error is None
    checked = pdfua.validate(path)
    heard = [f"outloud {f.rule}: {f.message}" for f in spoken.findings if f.severity != "info"]
    return heard + [f"pdfua {f.rule_id}: {f.message}" for f in checked.findings]


def elements(path: Path) -> list[dict[str, object]]:
    """The structure elements in reading order: kind, scope, parent's kind."""
    found = []

    def walk(node, parent):
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid, parent)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            attributes = node.get("/A", {})
            kind = str(node["/S"])
            found.append({"kind": kind, "scope": str(attributes.get("/Scope", "")), "parent": parent})
            walk(node.get("/K", pikepdf.Array()), kind)

    with pikepdf.open(path) as document:
        walk(document.Root.StructTreeRoot.K, "")
    return found


def titles(outline) -> list:
    return [titles(entry) if isinstance(entry, list) else entry.title for entry in outline]


def test_both_checkers_are_content(sample_pdf):
    assert findings(sample_pdf) == []
    assert len(PdfReader(sample_pdf).pages) >= 6


def test_without_the_finisher_the_checkers_complain(write, sample, monkeypatch):
    """When this fails, WeasyPrint has learnt to do it, and tagging.py can go."""
    monkeypatch.setattr("reporter.render.pdf.mend", lambda document, pdf: None)
    marked, _ = sample.report(3)
    complaints = " ".join(findings(write(marked, figures=sample.figures())))
    for rule in ("TBL-002", "LST-002"):
        assert rule in complaints


def test_row_heads_are_row_heads(write):
    heads = [element for element in elements(write(f"# T\n\n{TABLE}")) if element["kind"] == "/TH"]
    assert [head["scope"] for head in heads] == ["/Column", "/Column", "/Row", "/Row"]


def test_a_single_row_needs_no_head(write):
    path = write("# T\n\n**Table 1.** Levels.\n\n| Model | H |\n|---|--:|\n| GPT-4o | 2.94 |\n")
    heads = [element for element in elements(path) if element["kind"] == "/TH"]
    assert [head["scope"] for head in heads] == ["/Column", "/Column"]
    assert findings(path) == []


def test_figures_say_where_they_stand(sample_pdf):
    """In points from the page's foot: inside the page, and right above the words of the caption."""
    captions = {}
    for page in PdfReader(sample_pdf).pages:

        def note(text, transform, matrix, _font, _size, number=page.page_number):
            if re.match(r"Figure \d+\.", text.strip()):
                captions.setdefault(number, []).append(matrix[5] * transform[3] + transform[5])

        page.extract_text(visitor_text=note)
    with pikepdf.open(sample_pdf) as document:
        pages = [page.obj.objgen for page in document.pages]
        figures = [
            o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"
        ]
        assert len(figures) == sum(map(len, captions.values())) > 0
        for figure in figures:
            left, foot, right, head = map(float, figure.A.BBox)
            _, _, width, height = map(float, figure.Pg.MediaBox)
            assert 0 < left < right < width and 0 < foot < head < height
            below = [y for y in captions[pages.index(figure.Pg.objgen)] if y < foot]
            assert foot - max(below) < 30


def test_every_page_of_a_long_table_has_its_heads(sample_pdf):
    heads = [element for element in elements(sample_pdf) if element["kind"] == "/TH"]
    scopes = Counter(head["scope"] for head in heads)
    assert set(scopes) == {"/Row", "/Column"}
    assert scopes["/Row"] == 8 + 8 + 120
    texts = [page.extract_text() for page in PdfReader(sample_pdf).pages]
    with_rows = [text for text in texts if "layer" in text]
    assert len(with_rows) >= 3
    assert all("Address" in text for text in with_rows)


def test_list_items_have_a_label_and_a_body(write):
    marked = "# T\n\n1. One\n2. Two:\n   - a\n   - b:\n     - deep\n\n   More of two.\n"
    items = [e for e in elements(write(marked)) if e["parent"] == "/LI"]
    assert Counter(item["kind"] for item in items) == {"/Lbl": 5, "/LBody": 5}


def test_margins_are_artifacts_and_links_print(sample_pdf):
    with pikepdf.open(sample_pdf) as document:
        for number, page in enumerate(document.pages):
            kinds = [
                str(i.operands[0])
                for i in pikepdf.parse_content_stream(page)
                if str(i.operator) in ("BDC", "BMC")
            ]
            assert kinds.count("/Artifact") >= (1 if number == 0 else 2)
            assert all(link["/F"] & 4 for link in page.get("/Annots", []))
            owners = document.Root.StructTreeRoot.ParentTree.Nums[2 * number + 1]
            tagged = sum(kind != "/Artifact" for kind in kinds)
            assert sum(owner is not None for owner in owners) == tagged


def test_words_about_the_file(sample_pdf):
    reader = PdfReader(sample_pdf)
    assert reader.metadata.title == "Token scaling"
    assert reader.metadata.author == "A. Author, B. Author"
    assert str(reader.metadata.creation_date) == "2026-01-04 00:00:00+00:00"
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_bookmarks_follow_the_headings(write):
    marked = "# 🌀 Title\n\nText.\n\n## 📊 One\n\nText.\n\n### Deep\n\nText.\n\n## Two\n\nText.\n"
    assert titles(PdfReader(write(marked)).outline) == ["Title", ["One", ["Deep"], "Two"]]


def test_running_header_and_page_numbers(sample_pdf):
    first, second, *_ = [page.extract_text() for page in PdfReader(sample_pdf).pages]
    total = len(PdfReader(sample_pdf).pages)
    assert f"Page 1 of {total}" in first
    assert f"Page 2 of {total}" in second
    assert second.count("Token scaling") == 1


def test_only_our_fonts_are_embedded(sample_pdf):
    with pikepdf.open(sample_pdf) as document:
        names = {
            str(o["/BaseFont"])
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
        }
    families = {name.partition("+")[2] for name in names}
    ours = ("Source-Serif-Pro", "Source-Sans-Pro", "DejaVu-Sans", "STIXGeneral")
    assert families and all(family.startswith(ours) for family in families)


def test_symbols_of_the_documents_have_glyphs(write):
    path = write("# T\n\n✓ ✗ ⟡ ∞ † ≋ ∝ ⁻ → ≤ ρ Δ ± − – — … “” ½ é ∈ √ χ² ×\n")
    assert "⟡" in PdfReader(path).pages[0].extract_text()


def test_a_character_that_no_font_has_is_refused_by_name(write):
    with pytest.raises(
        OutputError, match=r"No font of ours has these characters of the report: U\+16A0 ᚠ, U\+3042 あ"
    ):
        write("# T\n\nあ and ᚠ\n")


@pytest.mark.parametrize(
    "url", ["http://example.org/a.png", "https://example.org/a.png", "figures/other.svg"]
)
def test_the_fence_refuses_by_name(write, url):
    with pytest.raises(OutputError, match=f'The report wants "[^"]*{url}"'):
        write(f"# T\n\n![A picture.]({url})\n")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:9/x", "/etc/passwd"])
def test_a_drawing_cannot_reach_through_the_fence(write, url):
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9">'
        f'<image xlink:href="{url}" width="9" height="9"/></svg>'
    )
    with pytest.raises(OutputError, match=f'The report wants "[^"]*{url}"'):
        write("# T\n\n![A picture.](figures/a.svg)\n", figures={"figures/a.svg": drawing.encode()})


def test_a_picture_that_cannot_be_drawn_is_refused(write):
    with pytest.raises(OutputError, match="Failed to load image"):
        write("# T\n\n![A picture.](figures/a.svg)\n", figures={"figures/a.svg": b"not a drawing"})


def test_a_picture_without_words_is_refused(write, sample):
    with pytest.raises(OutputError, match=r'figures/squares\.png" has no required alt description'):
        write("# T\n\n![](figures/squares.png)\n", figures=sample.figures())


def test_a_style_sheet_cannot_reach_through_the_fence(write):
    with pytest.raises(OutputError, match="file:///etc/passwd"):
        write("# T\n\nText.\n", css="body { background: url(file:///etc/passwd) }")


def test_links_to_neighbours_lose_their_address(write):
    reader = PdfReader(write("# T\n\n[rows](tables/a.csv), [site](https://osf.io/7nw8t/), [up](#t)\n"))
    links = [annotation.get_object() for annotation in reader.pages[0]["/Annots"]]
    assert [str(link["/Contents"]) for link in links] == ["https://osf.io/7nw8t/", "t"]


def test_html_in_data_is_printed(write):
    text = PdfReader(write("# T\n\nA <script>alert(1)</script> name.\n")).pages[0].extract_text()
    assert "A <script>alert(1)</script> name." in text


PRINT = """
import importlib.util, sys
from pathlib import Path
from reporter.render import html, pdf
spec = importlib.util.spec_from_file_location("sample", sys.argv[1])
sample = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sample)
marked, _ = sample.report(20)
words = {"title": "T", "language": "en", "header": "T", "css": html.stylesheet(), "epoch": 1767484800}
pdf.write(html.body(marked), target=Path("report.pdf"), figures=sample.figures(), **words)
"""


def test_same_bytes_in_any_folder_at_any_time(tmp_path):
    root = Path(__file__).resolve().parents[2]
    made = []
    for seed, stamp in (("0", None), ("1", "1"), ("4242", None)):
        folder = tmp_path / f"in{seed}"
        folder.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        environment.pop("SOURCE_DATE_EPOCH", None)
        if stamp:
            environment["SOURCE_DATE_EPOCH"] = stamp
        script = [sys.executable, "-c", PRINT, str(Path(__file__).with_name("sample.py"))]
        subprocess.run(script, cwd=folder, env=environment, check=True)
        made.append((folder / "report.pdf").read_bytes())
    assert made[0] == made[1] == made[2]


def test_the_environment_is_as_before(write, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    write("# T\n\nText.\n")
    assert os.environ["SOURCE_DATE_EPOCH"] == "5"
    assert "FONTCONFIG_FILE" not in os.environ


class _WithoutPango(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


def test_missing_pango_is_one_clear_paragraph(write, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_WithoutPango(), *sys.meta_path])
    with pytest.raises(SystemPartMissing) as refusal:
        write("# T\n\nText.\n")
    words = str(refusal.value)
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in words
    assert "brew install pango" in words
    assert "\n" not in words


def test_missing_font_package_is_named(monkeypatch):
    monkeypatch.setattr(fonts, "FACES", (fonts.Face("X", 400, "normal", "no_such_package/files", "X.ttf"),))
    with pytest.raises(SystemPartMissing, match="no_such_package"):
        fonts.files()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("📊 RAW DATA", "RAW DATA"),
        ("# 🌀 A 💡 B", "# A B"),
        ("✅ yes ❌ no", "✓ yes ✗ no"),
        ("⚠️ care", "⚠ care"),
        ("1️⃣ one", "1 one"),
        ("👩‍🔬 study", "study"),
        ("👍🏽 fine", "fine"),
        ("🇩🇪 land", "land"),
        ("✓ ✗ ⟡ → ≋ ★ © ±", "✓ ✗ ⟡ → ≋ ★ © ±"),
    ],
)
def test_emoji_are_dropped_cleanly(text, plain):
    assert fonts.drop_emoji(text) == plain


def test_colour_emoji_are_kept_where_a_font_is(write):
    if fonts.emoji_file() is None:
        pytest.skip("no colour emoji font on this machine")
    path = write("# 🌀 Title\n\nText.\n\n## 📊 Data\n\nText.\n")
    assert findings(path) == []
    assert titles(PdfReader(path).outline) == ["🌀 Title", ["📊 Data"]]
