"""A built report against its rows: every kind of tampering is found and named."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

NAME = "token-scaling"


@pytest.fixture
def report(project, built_published) -> Path:
    """Put the built report beside the project's rows."""
    shutil.copytree(built_published / "reports", project.root / "reports")
    return project.root / "reports" / NAME


def numbers(report):
    with (report / "numbers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tamper(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.usefixtures("report")
def test_a_report_as_it_was_built_is_fine(project, report):
    ran = project.run("check")
    files = sum(path.is_file() for path in report.rglob("*")) - 1  # the manifest does not list itself
    assert ran.code == 0
    assert ran.out == f"Fine: {files} files as built, {len(numbers(report))} numbers as the rows give them.\n"
    assert ran.err == ""


def test_a_changed_digit_in_the_text_is_found_with_its_line(project, report):
    row = next(row for row in numbers(report) if row["address"] == "mean_change.estimate")
    line = int(row["lines"].split()[0])
    lines = (report / "report.md").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace("+0.055", "+0.065")
    (report / "report.md").write_text("".join(lines), encoding="utf-8")
    ran = project.run("check")
    assert ran.code == 1
    assert "report.md: the file was changed after it was built\n" in ran.out
    assert f"report.md, line {line}: mean_change.estimate should read '+0.055'\n" in ran.out
    assert ran.err == "2 problems.\n"


def test_a_changed_number_in_the_register_is_found(project, report):
    value = next(row for row in numbers(report) if row["address"] == "mean_change.p")["value"]
    tamper(report / "numbers.csv", value, "0.001")
    ran = project.run("check")
    assert ran.code == 1
    assert f"mean_change.p: value is '0.001', the rows give '{value}'\n" in ran.out
    assert "numbers.csv: the file was changed after it was built\n" in ran.out


def test_a_changed_row_is_found_in_the_numbers_that_read_it(project, report):
    project.change_cell("gpt-4o", 200, mean="2.97")
    ran = project.run("check")
    assert ran.code == 1
    assert "change/gpt-4o.estimate: text is '+0.02', the rows give '+0.03'\n" in ran.out
    assert "change/grok-4.1-fast.estimate: text" not in ran.out
    assert "report.md: the file was changed" not in ran.out


def test_a_deleted_file_is_found(project, report):
    (report / "figures" / "forest.svg").unlink()
    ran = project.run("check")
    assert (ran.code, ran.err) == (1, "1 problems.\n")
    assert ran.out == "figures/forest.svg: the file is listed in MANIFEST.sha256, but missing\n"


def test_an_extra_file_is_found(project, report):
    (report / "notes.txt").write_text("added by hand")
    ran = project.run("check")
    assert (ran.code, ran.out) == (1, "notes.txt: the file is not listed in MANIFEST.sha256\n")


def test_a_removed_line_of_the_register_is_found(project, report):
    lines = (report / "numbers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("mean_change.p,")]
    assert len(kept) == len(lines) - 1
    (report / "numbers.csv").write_text("".join(kept), encoding="utf-8")
    assert "mean_change.p: the report should quote it, and does not\n" in project.run("check").out


def test_a_number_without_origin_is_found(project, report):
    with (report / "numbers.csv").open("a", encoding="utf-8") as file:
        file.write("mean_change.luck,7,7" + "," * 13 + "\n")
    out = project.run("check").out
    assert "mean_change.luck: the report quotes it, but the study no longer asks for it\n" in out


def test_a_register_that_is_gone_leaves_every_number_unproved(project, report):
    count = len(numbers(report))
    (report / "numbers.csv").unlink()
    ran = project.run("check")
    assert ran.code == 1
    assert ran.err == f"{count + 1} problems.\n"
