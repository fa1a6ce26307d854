"""`report audit` as a user meets it: exit codes, forms, studies, refusals."""

from __future__ import annotations

import json

import jsonschema
import pytest

from reporter.__main__ import run
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "docs" / "audit-schema.json").read_text(encoding="utf-8"))

WRONG = """\
# Two towers

| Model | 100 tokens | 200 tokens | Change |
|---|---|---|---|
| Ada 1B | 2.50 | 2.70 | +0.40 |
| Bob 2B | 2.60 | 2.80 | +0.20 |
"""


@pytest.fixture
def report(tmp_path, capsys):
    """Write a text, audit it, and give exit code, output and errors."""

    def audit(text, *words):
        path = tmp_path / "report.md"
        path.write_text(text, encoding="utf-8")
        capsys.readouterr()
        code = run(["audit", str(path), *words])
        return code, *capsys.readouterr()

    return audit


def test_a_fine_report_is_fine(report):
    code, out, err = report(WRONG.replace("+0.40", "+0.20"))
    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("report.md:")
    assert "What was looked at" in out


def test_a_wrong_difference_is_found(report):
    code, out, _ = report(WRONG)
    assert code == 1
    assert "error line 5:26" in out
    assert "+0.20" in out


def test_the_exit_code_follows_fail_on(report):
    text = "# All towers are always fundamental\n\nThis proves it for all models, n = 3.\n"
    notes = report(text)
    assert notes[0] == 0
    assert " note line" in notes[1]
    assert report(text, "--fail-on", "note")[0] == 1
    assert report(WRONG, "--fail-on", "error")[0] == 1


def test_all_forms_are_written(report, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    words = [
        f"--{form}={out / name}"
        for form, name in (("json", "a.json"), ("html", "a.html"), ("markdown", "a.md"))
    ]
    assert report(WRONG, *words)[0] == 1
    jsonschema.validate(json.loads((out / "a.json").read_text(encoding="utf-8")), SCHEMA)
    assert "<!doctype html>" in (out / "a.html").read_text(encoding="utf-8")
    assert (out / "a.md").read_text(encoding="utf-8").startswith("# Audit of report.md")


def test_several_files_are_audited_together(report, tmp_path, capsys):
    (tmp_path / "fine.md").write_text("Fine.", encoding="utf-8")
    code, out, _ = report(WRONG, str(tmp_path / "fine.md"))
    assert code == 1
    assert "report.md:" in out
    assert "fine.md: nothing was found." in out


def test_raw_rows_contradict(report, tmp_path):
    rows = tmp_path / "rows"
    rows.mkdir()
    lines = ["model,token_limit,value", *(f"Ada 1B,100,{value}" for value in (2.1, 2.2, 2.3))]
    (rows / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    right = WRONG.replace("+0.40", "+0.20")
    assert report(right)[0] == 0
    code, out, _ = report(right, "--rows", str(rows))
    assert code == 1
    assert "against the raw rows" in out
    assert "no rows given" not in out


def test_study_and_rows_together_are_refused(report):
    code, _, err = report(WRONG, "--study", "x", "--rows", "y")
    assert code == 2
    assert "not both" in err


def test_a_form_that_cannot_be_written_is_refused(report, tmp_path):
    code, _, err = report(WRONG, "--json", str(tmp_path / "none" / "a.json"))
    assert code == 2
    assert "cannot be written" in err


def test_no_file_is_refused(capsys):
    assert run(["audit", "nothing.md"]) == 2
    assert "There is no such file." in capsys.readouterr().err


WAIVER = """
[[waiver]]
check = "table_differences"
quoted = "Ada 1B"
reason = "Both limits were measured anew."
"""


def test_waivers_of_a_study_are_printed_with_their_reasons(project, tmp_path):
    project.edit("[[source]]", f"{WAIVER}\n[[source]]")
    path = tmp_path / "mine.md"
    path.write_text(WRONG, encoding="utf-8")
    ran = project.run("audit", str(path), "--study", "token-scaling")
    assert "waived: Both limits were measured anew." in " ".join(ran.out.split())
    assert "Waived (1)" in ran.out


def test_a_built_report_is_compared_with_its_rows(project, report_published, tmp_path):
    folder = project.root / "reports" / "token-scaling"
    folder.mkdir(parents=True)
    path = folder / "report.md"
    path.write_text(report_published.text, encoding="utf-8")
    fine = project.run("audit", str(path), "--study", "token-scaling")
    assert fine.code == 0, fine.out
    line = next(line for line in report_published.text.splitlines() if line.startswith("| GPT-4o |"))
    path.write_text(report_published.text.replace(line, line.replace("2.94", "2.97", 1), 1), encoding="utf-8")
    spoiled = project.run("audit", str(path), "--study", "token-scaling")
    assert spoiled.code == 1
    assert "2.97" in spoiled.out
    assert "\nas_built (" in spoiled.out


def test_the_document_as_received_is_audited(shared, tmp_path, capsys):
    out = tmp_path / "a.json"
    path = shared / "documents" / "token-scaling.as-received.txt"
    assert run(["audit", str(path), "--json", str(out)]) == 1
    (document,) = json.loads(out.read_text(encoding="utf-8"))["documents"]
    assert document["coverage"]["seen"] > 200
    assert any(finding["check"] == "reading" for finding in document["findings"])
