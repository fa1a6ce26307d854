"""The command line: help worth reading, one verb each, and the four exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reporter import __version__
from reporter.__main__ import run

REPORT = Path(sys.executable).parent / "report"
VERBS = (
    "audit", "build", "bundle", "check", "collect", "describe", "doctor", "freeze", "import", "list", "new",
    "publish", "rebuild", "trace",
)  # fmt: skip


def another_study(project, name="other"):
    assert project.run("new", name).code == 0


def test_help_names_every_verb_and_every_exit_code(project):
    ran = project.run("--help")
    assert (ran.code, ran.err) == (0, "")
    for words in (*VERBS, "--root", "--version", "Exit codes:", "a bug of ours"):
        assert words in ran.out


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_verb_explains_itself(project, verb, flag):
    ran = project.run(verb, flag)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: report {verb}")
    assert len(ran.out.split("\n\n")[1].split()) >= 5  # a sentence, not a name


def test_version(project):
    assert project.run("--version").out == f"entropy-reporter, version {__version__}\n"


@pytest.mark.parametrize("words", [["bild"], ["build", "--stdy", "x"], ["trace"], ["new"], ["build", "x"]])
def test_wrong_usage_is_bad_input(project, words):
    ran = project.run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err


def test_list_says_what_is_there_and_what_is_built(project):
    line = "token-scaling  Comprehensive token scaling analysis  (8 models, {} analyses, {})\n"
    count = len(project.answer().study.analyses)
    assert project.run("list").out == line.format(count, "not built")
    built = project.root / "reports" / "token-scaling"
    built.mkdir(parents=True)
    (built / "MANIFEST.sha256").touch()
    assert project.run("list").out == line.format(count, "built")


def test_the_only_study_need_not_be_named(project):
    assert project.run("trace", "declared.bound").code == 0
    assert project.run("trace", "declared.bound", "--study", "token-scaling").code == 0


@pytest.mark.parametrize("words", [["build"], ["check"], ["trace", "declared.bound"]])
def test_of_two_studies_one_must_be_named(project, words):
    another_study(project)
    ran = project.run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "report: Which study? There are other, token-scaling. Name one with --study.\n"
    assert project.run("trace", "declared.bound", "--study", "other").code == 0


def test_the_project_is_found_from_below(project, monkeypatch, capsys):
    monkeypatch.chdir(project.folder)
    assert run(["trace", "declared.bound"]) == 0
    assert capsys.readouterr().out.startswith("declared.bound  0.10\n")


def test_outside_a_project_the_way_out_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["list"]) == 2
    assert "`report new NAME`" in capsys.readouterr().err


def test_trace_prints_the_way_back(project):
    ran = project.run("trace", "mean_change.estimate")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("mean_change.estimate  +0.055\n")
    assert "document.md#200-token-results/grok-4.1-fast: mean 3.17" in ran.out


def test_doctor_finds_what_a_report_needs(project):
    ran = project.run("doctor")
    assert ran.code == 0
    parts = dict(line[6:].split(": ", 1) for line in ran.out.splitlines())
    assert {"Python", "numpy", "WeasyPrint and Pango", "fonts", "git", "torch"} <= set(parts)
    assert "MISS" not in ran.out


def test_doctor_without_pango_says_no(project, monkeypatch):
    from reporter.errors import SystemPartMissing

    def missing():
        raise SystemPartMissing("Pango is not on this machine.", remedy="Install it.")

    monkeypatch.setattr("reporter.render.pdf.load_weasyprint", missing)
    ran = project.run("doctor")
    assert ran.code == 1
    assert "MISS  WeasyPrint and Pango: Pango is not on this machine. Install it.\n" in ran.out


def test_interrupting_ends_quietly(project, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("reporter.pipeline.answer", interrupt)
    ran = project.run("trace", "declared.bound")
    assert (ran.code, ran.err.strip()) == (130, "report: interrupted.")


# --- the real console script, in a process of its own -------------------------------------------------------


def test_the_script_refuses_with_code_two_and_one_paragraph(tmp_path):
    done = subprocess.run([REPORT, "build"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("report: No project found: ")
    assert done.stderr.count("\n") == 1


def test_a_bug_of_ours_says_so_with_code_three(project):
    """A fault that is not the user's keeps its traceback, for the report of the bug."""
    program = (
        "import sys, reporter.project, reporter.__main__ as m\n"
        "def broken(root): raise ZeroDivisionError('oops')\n"
        "reporter.project.list_studies = broken\n"
        f"sys.argv = ['report', '--root', {str(project.root)!r}, 'list']\n"
        "m.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "ZeroDivisionError: oops" in done.stderr
    assert done.stderr.splitlines()[-1].startswith(
        "report: this is a bug in entropy-reporter, not in your study"
    )


def test_the_module_runs_as_the_script_does():
    done = subprocess.run(
        [sys.executable, "-m", "reporter", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"entropy-reporter, version {__version__}\n")
