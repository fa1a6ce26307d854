"""The bundled study end to end: the same bytes twice, every number accounted for, pages that anyone can read."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import outloud
import pdfua
import pikepdf
import pytest
from pypdf import PdfReader

from reporter import bundle
from reporter.__main__ import run
from reporter.errors import EXIT_BAD_INPUT, OutputError
from reporter.numbers import Number
from reporter.render import fonts
from reporter.unchanged import MANIFEST
from reporter.whole import replacing

EXPECTED = {
    "MANIFEST.sha256", "report.md", "report.html", "report.pdf", "numbers.csv", "findings.json", "built_from.json",
    *(f"figures/{key}.{kind}" for key in ("slope", "forest", "fan") for kind in ("svg", "png", "csv")),
    *(f"tables/{key}.csv" for key in (
        "comparison", "increased", "maintained", "zones", "tiers", "predictions", "shapes", "raw_first",
        "raw_second", "tests", "headline", "power", "own_limits", "own_tokens", "own_cut", "own_changes", "own_scored",
        "own_heat", "own_heat_tokens", "own_anew", "own_raw_first", "own_raw_second", "own_comparison", "own_zones",
    )),
}  # fmt: skip


@pytest.fixture(scope="module")
def numbers(built) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((built.folder / "numbers.csv").read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def lines(built) -> list[str]:
    return (built.folder / "report.md").read_text(encoding="utf-8").splitlines()


def test_the_folder_holds_every_file_and_no_other(built):
    assert set(built.files()) == EXPECTED
    assert [path.name for path in built.folder.parent.iterdir()] == ["token-scaling"]
    assert built.folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_same_bytes_whenever_and_wherever_it_is_built(built, built_again, name):
    assert built.files()[name] == built_again.files()[name]


def test_no_path_of_this_machine_is_in_any_file(built):
    for name, content in built.files().items():
        assert str(built.root).encode() not in content, name


def test_a_build_needs_no_model_and_no_client_of_one(built):
    assert not built.asked & {"torch", "transformers", "openai", "anthropic", "datasets", "requests"}
    assert {"pandas", "weasyprint"} <= built.asked


def test_the_manifest_verifies_with_the_common_tool(built):
    tool = ["sha256sum"] if shutil.which("sha256sum") else ["shasum", "-a", "256"]
    done = subprocess.run(
        [*tool, "-c", MANIFEST], cwd=built.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": OK") == len(EXPECTED) - 1


def test_the_check_command_agrees(built, capsys):
    assert run(["--root", str(built.root), "check", "--study", "token-scaling"]) == 0
    assert capsys.readouterr().out.startswith(f"Fine: {len(EXPECTED) - 1} files as built")


# --- every number ----------------------------------------------------------------------------------------


def test_every_printed_number_has_its_row(token_scaling, numbers):
    printed = {number.address: number.text for number in token_scaling.quoted if isinstance(number, Number)}
    listed = {row["address"]: row["text"] for row in numbers}
    assert len(numbers) == len(listed), "an address stands there twice"
    assert {address: listed.get(address) for address in printed} == printed
    drawn = {
        p.address for f in token_scaling.figures for r in f.rows for p in r.values() if isinstance(p, Number)
    }
    assert set(listed) == {*printed, *drawn}


def test_every_quoted_line_contains_the_number(numbers, lines):
    seen = 0
    for row in numbers:
        for line in row["lines"].split():
            assert row["text"] in lines[int(line) - 1], f"line {line}: {row['address']}"
            seen += 1
    assert seen > 600


def test_every_row_says_where_its_number_comes_from(numbers):
    for row in numbers:
        assert float(row["value"]) == float(row["value"])
        if row["statistic"] != "declared":
            assert re.fullmatch("[0-9a-f]{64}", row["rows_sha256"])
            assert int(row["rows"]) > 0


def test_findings_have_the_same_texts(built, numbers):
    findings = json.loads((built.folder / "findings.json").read_text(encoding="utf-8"))["findings"]
    texts = {address: entry["text"] for f in findings for address, entry in f["numbers"].items()}
    for row in numbers:
        if not row["address"].startswith("declared."):
            assert texts[row["address"]] == row["text"]
    assert all((finding["answer"] is None) != (finding["not_computable"] is None) for finding in findings)
    rows = json.loads((built.folder / "findings.json").read_text(encoding="utf-8"))["rows"]
    assert all(rows[digest] for finding in findings for digest in finding["trace"]["rows"].values())
    assert all(finding["trace"]["rows"] for finding in findings)


def test_tables_are_those_of_the_report(built, lines):
    """The first cells of each CSV stand in the report's table in the same order."""
    for name in (name for name in EXPECTED if name.startswith("tables/")):
        rows = list(csv.reader(io.StringIO((built.folder / name).read_text(encoding="utf-8"))))
        first = [
            re.sub(r"\\(.)", r"\1", line.split(" | ")[0].removeprefix("| "))
            for line in lines
            if line[:1] == "|"
        ]
        wanted = [row[0] for row in rows]
        assert any(
            first[i] == wanted[0] and first[i + 2 : i + 1 + len(wanted)] == wanted[1:]
            for i in range(len(first))
        )


# --- the page --------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would load, and the text of each number with its address."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: set[str] = set()
        self.numbers: list[tuple[str, str]] = []
        self.address = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        self.loads += [
            value for name, value in attrs if name in ("src", "srcset", "data", "poster", "action")
        ]
        if tag != "a" and "href" in values:
            self.loads.append(values["href"])
        self.address = values.get("data-address", "")

    def handle_data(self, data):
        if self.address:
            self.numbers.append((self.address, data))
            self.address = ""


@pytest.fixture(scope="module")
def page(built) -> Page:
    return Page((built.folder / "report.html").read_text(encoding="utf-8"))


def test_the_page_needs_nothing_beside_it(built, page):
    text = (built.folder / "report.html").read_text(encoding="utf-8")
    assert all(address.startswith("data:image/") for address in page.loads)
    assert len(page.loads) == 3
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "base"}
    assert not re.search(r"url\(\s*['\"]?(?!data:)|@import", text)


def test_every_number_of_the_page_carries_its_address(page, numbers, token_scaling):
    listed = {row["address"]: row["text"] for row in numbers}
    missing = {n.address: n.text for n in token_scaling.quoted if not isinstance(n, Number)}
    assert {(address, text) for address, text in page.numbers} <= {*listed.items(), *missing.items()}
    # Numbers in the words of a picture cannot be elements; all others are.
    in_pictures = sum(
        len(re.findall("\ue000", line)) for line in token_scaling.marked.splitlines() if line[:2] == "!["
    )
    assert len(page.numbers) == len(token_scaling.quoted) - in_pictures
    assert in_pictures > 5


# --- the PDF ---------------------------------------------------------------------------------------------


def test_both_checkers_are_content(built):
    path = built.folder / "report.pdf"
    spoken = outloud.check(str(path))
    assert spoken.error is None
    assert [f"{f.rule}: {f.message}" for f in spoken.findings if f.severity != "info"] == []
    assert [f"{f.rule_id}: {f.message}" for f in pdfua.validate(path).findings] == []


def test_fonts_are_ours_and_embedded(built):
    with pikepdf.open(built.folder / "report.pdf") as document:
        found = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o]
        names = {str(font["/FontName"]).partition("+")[2] for font in found}
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in found)
    ours = ("Source-Serif-Pro", "Source-Sans-Pro", "DejaVu-Sans", "STIXGeneral", "Noto-Color-Emoji")
    assert names and all(name.startswith(ours) for name in names)


def test_no_character_of_the_report_is_lost_on_paper(built, token_scaling):
    text = "".join(page.extract_text() for page in PdfReader(built.folder / "report.pdf").pages)
    assert not {"\ufffd", "\u25a1", "\x00"} & set(text)
    prose = fonts.drop_emoji(re.sub(r"\\(.)", r"\1", token_scaling.text))
    wanted = {character for character in prose if not character.isspace()}
    assert wanted - set(text) - set("#*`|!<>") == set()  # those of Markdown itself


def test_its_words_about_itself_come_from_the_study(built):
    about = PdfReader(built.folder / "report.pdf").metadata
    assert about.title == "Comprehensive token scaling analysis"
    assert about.author == "A. J. Vasquez Sr."
    assert str(about.creation_date) == "2026-01-04 00:00:00+00:00"


# --- whole or not at all ---------------------------------------------------------------------------------


@pytest.fixture
def rebuilt(built, project):
    """A project with a built report that the next build should replace."""
    shutil.copytree(built.folder, project.root / "reports" / "token-scaling")
    return project


def left(project) -> tuple[list[str], dict[str, str]]:
    reports = project.root / "reports"
    return sorted(path.name for path in reports.iterdir()), bundle.digests(reports / "token-scaling")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            ("Token doubling", "Token doubling ᚠ"),
            r"No font of ours has these characters.*U\+16A0",
        ),  # in the PDF
        (("[table.zones]", '[table."../../../zones"]'), "declares no table|lies outside|zones"),
        (('draw = "fan"', 'draw = "fun"'), "fun"),  # in a figure
    ],
)
def test_a_failed_build_leaves_the_last_report_as_it_was(rebuilt, spoil, words):
    before = left(rebuilt)
    rebuilt.edit(*spoil)
    ran = rebuilt.run("build", "--study", "token-scaling")
    assert ran.code == EXIT_BAD_INPUT, ran.err
    assert re.search(words, ran.err)
    assert left(rebuilt) == before


class Interrupted(BaseException):
    """What ends a build between two steps."""


def test_an_interrupted_move_puts_the_old_report_back(tmp_path, monkeypatch):
    folder = tmp_path / "reports" / "x"
    folder.mkdir(parents=True)
    (folder / "old").write_text("old")
    with pytest.raises(Interrupted), replacing(folder) as place:
        (place / "new").write_text("new")
        rename = type(folder).rename

        def interrupted(self, target):
            if self == place:
                raise Interrupted
            return rename(self, target)

        monkeypatch.setattr(type(folder), "rename", interrupted)
    monkeypatch.undo()
    assert [path.name for path in folder.parent.iterdir()] == ["x"]
    assert [path.name for path in folder.iterdir()] == ["old"]


def test_a_finished_build_replaces_every_file(tmp_path):
    folder = tmp_path / "reports" / "x"
    folder.mkdir(parents=True)
    (folder / "old").write_text("old")
    with replacing(folder) as place:
        (place / "new").write_text("new")
    assert [path.name for path in folder.parent.iterdir()] == ["x"]
    assert [path.name for path in folder.iterdir()] == ["new"]


def test_no_file_is_written_outside_the_report(tmp_path):
    for name in ("../x", "tables/../../x", "/x"):
        with pytest.raises(OutputError, match="lies outside the report"):
            bundle._inside(tmp_path / "report", name)
    assert bundle._inside(tmp_path, "tables/x.csv") == tmp_path / "tables" / "x.csv"


@pytest.mark.parametrize("epoch", ["soon", "-1", "1.5", "", "²"])
def test_a_date_from_outside_must_be_seconds(token_scaling, monkeypatch, epoch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(OutputError, match="must be a whole number of seconds"):
        bundle.epoch(token_scaling)


def test_the_date_is_the_studys_unless_it_comes_from_outside(token_scaling, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert bundle.epoch(token_scaling) == 1767484800
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert bundle.epoch(token_scaling) == 1234567890
