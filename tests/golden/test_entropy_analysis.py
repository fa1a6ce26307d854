"""The entropy analysis end to end: the document's outline, columns and cells, and a report that is whole."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import outloud
import pdfua
import pytest
from pypdf import PdfReader

from reporter import pipeline
from reporter.__main__ import run

ROOT = Path(__file__).resolve().parents[2]
STUDY = "entropy-analysis"
FIGURES = (
    "exp1_generation_entropy", "exp2_layer_entropy", "exp3_entropy_vs_behavior", "exp4_calibration_entropy",
    "layer_axis_heatmaps", "combined_layer_axis_panels", "combined_binned_heatmap", "combined_peak_positions",
)  # fmt: skip
# Where the report says a column in another way than the document: its p by single tests became a column of
# models and one of what is below the level, since the document's own column mixes both.
OTHERWISE = {"Models with p<0.05": "Model"}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "inputs" / STUDY, root / "inputs" / STUDY, ignore=shutil.ignore_patterns("parts"))
    pipeline.build(root, STUDY)
    return root


@pytest.fixture(scope="module")
def folder(project) -> Path:
    return project / "reports" / STUDY


@pytest.fixture(scope="module")
def text(folder) -> str:
    return (folder / "report.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document(shared) -> str:
    return (shared / "documents" / "entropy-analysis.md").read_text(encoding="utf-8")


def table(folder: Path, key: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{key}.csv").open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def tables_in(document: str) -> list[tuple[str, list[list[str]]]]:
    """Each table of a Markdown text with the heading above it: its head, then its rows."""
    found, heading, rows = [], "", []
    for line in [*document.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            found.append((heading, [rows[0], *rows[2:]]))
            rows = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
    return found


def plain(cell: str) -> str:
    """A cell without bold type, notes in brackets, and the difference of minus signs."""
    return re.sub(r"\*|\s*\((min|max)\)", "", cell).replace("\N{MINUS SIGN}", "-").strip()


def test_every_file_is_there_and_two_builds_are_alike(project, folder, tmp_path):
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {f"figures/{key}.{kind}" for key in FIGURES for kind in ("svg", "png", "csv")} <= names
    assert len([name for name in names if name.startswith("figures/")]) == 3 * len(FIGURES)
    other = shutil.copytree(project / "inputs", tmp_path / "elsewhere" / "inputs").parent
    again = pipeline.build(other, STUDY)
    assert (again.folder / "MANIFEST.sha256").read_bytes() == (folder / "MANIFEST.sha256").read_bytes()


def test_the_check_command_agrees(project, capsys):
    assert run(["--root", str(project), "check", "--study", STUDY]) == 0
    assert capsys.readouterr().out.startswith("Fine: ")


def test_nothing_prints_what_is_no_number(folder, text):
    for words in (text, *(path.read_text(encoding="utf-8") for path in folder.glob("tables/*.csv"))):
        assert not re.search(r"\b(nan|NaN|None|inf|Undefined)\b", words)
    # the document's NaN is a word of the open points, never a value
    assert "\ufffd" not in text


def test_the_outline_is_the_documents(text, document):
    """Every heading of the document, in its order; ours are between them. Its models are not ours."""
    wanted = [
        re.sub(r"\s*\(.*", "", line.lstrip("# "))
        for line in document.splitlines()
        if re.match(r"##+ ", line) and not re.match(r"### (Yi|Gemma)|## (Plots|TODO)", line)
    ]
    ours = iter([line.lstrip("# ") for line in text.splitlines() if re.match(r"##+ ", line)])
    assert [heading for heading in wanted if not any(heading == other for other in ours)] == []


def test_the_columns_are_the_documents_in_its_order(folder, document):
    lines = [path.read_text(encoding="utf-8").splitlines()[0] for path in sorted(folder.glob("tables/*.csv"))]
    heads = list(csv.reader(lines))
    documents = tables_in(document)
    assert len(documents) == 7
    for heading, (head, *_) in documents:
        wanted = [OTHERWISE.get(name, name) for name in head]
        if heading.startswith("Peak"):  # axes are called as in the rest of the report
            found = [ours for ours in heads if len(ours) == len(wanted) and ours[1].startswith("warm")]
        else:
            found = [ours for ours in heads if [name for name in ours if name in wanted] == wanted]
        assert found, heading


def test_the_published_cells_of_experiment_1_stand_as_printed(folder, document):
    _, (head, *rows) = tables_in(document)[0]
    ours = {row["Model"]: row for row in table(folder, "generation_published")}
    assert len(rows) == len(ours) == 7
    for row in rows:
        for name, cell in zip(head, row, strict=True):
            printed = plain(ours[row[0]][name])
            assert printed == plain(cell) or (cell == "N/A" and printed == "no data"), (row[0], name)
    assert "(min)" in ours["Gemma 2 9B"]["Mean entropy (nats)"]
    assert "(max)" in ours["DeepSeek 7B"]["Behavioral eff. dim"]


def test_the_published_cells_of_experiment_2_stand_as_printed(folder, document):
    _, (head, *rows) = tables_in(document)[1]
    ours = {row["Model"]: row for row in table(folder, "layers_published")}
    for row in rows:
        assert [plain(ours[row[0]][name]) for name in head] == [plain(cell) for cell in row]
    assert next(iter(ours)) == "Yi 1.5 9B", "the widest range is Yi's, not Llama's"


def test_the_published_poles_stand_as_printed_and_deltas_follow_from_them(folder, document):
    keys = {"Yi 1.5 9B": "yi-1.5-9b", "Gemma 2 9B (base)": "gemma-2-9b-base"}
    for heading, (_, *rows) in tables_in(document)[4:6]:
        axes = {
            row["Axis"].replace("/", "_"): row for row in table(folder, f"poles_published-{keys[heading]}")
        }
        for axis, positive, negative, delta, p in (map(plain, row) for row in rows):
            ours = {name: plain(cell) for name, cell in axes[axis].items()}
            assert (ours["Pos pole entropy"], ours["Neg pole entropy"]) == (positive, negative)
            assert float(ours["Delta"]) == pytest.approx(float(positive) - float(negative), abs=1e-9)
            assert abs(float(ours["Delta"]) - float(delta)) < 0.0011
            assert ours["p"] == p or float(ours["p"].strip("<")) == float(p.strip("<"))


def test_the_published_peaks_stand_as_printed_with_stars_that_hold(folder, document):
    _, (head, *rows) = tables_in(document)[6]
    ours = {row["Model"]: list(row.values()) for row in table(folder, "peaks_published")}
    assert len(rows) == len(ours) == 6
    stars = 0
    for row in rows:
        (own,) = (cells for model, cells in ours.items() if model.startswith(row[0]))  # "Mistral 7B" is v0.3
        for name, theirs, cell in zip(head[1:], row[1:], own[1:], strict=True):
            layer, rho = re.fullmatch(r"L(\d+) ([+-]?[\d.]+)\*?", plain(theirs).replace("*", "")).groups()
            words = cell.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")
            found = re.match(
                r"L(\d+) (-?[\d.]+)", words
            )  # the layer as it is counted, without a leading zero
            assert (int(found[1]), float(found[2])) == (int(layer), float(rho)), (row[0], name)
            stars += "*" in cell
    assert stars == 17, "so many of the document's 34 stars are left when the search over layers is counted"


def test_published_and_own_rows_do_not_meet(answered_entropy):
    for finding in answered_entropy.findings:
        origins = {address.startswith("document.md#") for address in finding.trace.addresses}
        assert len(origins) < 2, finding.address


def test_every_printed_number_has_an_address(folder):
    rows = list(csv.DictReader((folder / "numbers.csv").read_text(encoding="utf-8").splitlines()))
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))["findings"]
    known = [finding["address"] for finding in findings]
    assert len(rows) > 1000
    for row in rows:
        place = row["address"]
        while place not in known and place:
            place = place.rpartition(".")[0]
        assert place or row["address"].startswith("declared."), row["address"]
        assert row["text"]


def test_the_pdf_is_accessible_and_has_every_figure(folder):
    path = folder / "report.pdf"
    spoken = outloud.check(str(path))
    assert spoken.error is None
    assert [f"{f.rule}: {f.message}" for f in spoken.findings if f.severity != "info"] == []
    assert [f"{f.rule_id}: {f.message}" for f in pdfua.validate(path).findings] == []
    words = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert not {"\ufffd", "\u25a1"} & set(words)
    assert all(f"Figure {number}." in words for number in range(1, len(FIGURES) + 1))
    assert path.stat().st_size < 5_000_000


def test_the_page_needs_nothing_beside_it(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    loads = re.findall(r'<img[^>]+src="([^"]{11})', page)
    assert loads == ["data:image/"] * len(FIGURES)
    assert not re.search(r"<(script|iframe|object|embed|link)\b", page)
    assert not re.search(r"url\(\s*['\"]?(?!data:)|@import", page)
