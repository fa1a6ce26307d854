"""A study of one's own, started from a bundled one, far from any checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reporter import pipeline
from reporter.errors import OutputError, ProjectError
from reporter.new import new_study
from reporter.project import load_study

ROOT = Path(__file__).resolve().parents[1]
LIKE = "token-scaling"
REPORT = Path(sys.executable).parent / "report"


def test_a_new_study_is_the_bundled_one_under_its_own_name(tmp_path, answered):
    target = new_study("mine", like=LIKE, root=tmp_path)
    assert target == tmp_path / "inputs" / "mine"
    study = load_study(tmp_path, "mine")
    assert study.about.name == "mine"
    assert study.analyses == answered.study.analyses
    assert (target / "published.csv").read_bytes() == (answered.study.folder / "published.csv").read_bytes()
    assert (target / "report.md.jinja").is_file()


@pytest.mark.parametrize("like", [LIKE, "entropy-analysis"])
def test_it_is_not_signed_by_those_who_signed_the_pattern(tmp_path, like):
    pattern = load_study(ROOT, like).about
    assert pattern.authors
    assert pattern.data_availability
    mine = load_study(tmp_path, new_study("mine", like=like, root=tmp_path).name).about
    assert (mine.authors, mine.doi, mine.osf, mine.data_availability) == ((), "", "", "")
    assert mine.seed == pattern.seed
    assert mine.headline == pattern.headline
    text = (tmp_path / "inputs" / "mine" / "study.toml").read_text()
    assert "# [[study.authors]]" in text
    assert not any(f'\nname = "{author.name}"' in text for author in pattern.authors)


@pytest.mark.parametrize("like", [LIKE, "entropy-analysis"])
def test_it_has_every_template_of_its_pattern(tmp_path, like):
    target = new_study("mine", like=like, root=tmp_path)
    names = {path.name for path in (ROOT / "templates" / like).iterdir()}
    assert {path.name for path in target.glob("*.jinja")} == names
    report = pipeline.report(tmp_path, pipeline.answer(tmp_path, "mine"))
    assert "## Methods" in report.text


@pytest.mark.parametrize("name", ["../x", "/etc", "UPPER", ""])
def test_its_name_is_a_plain_folder(tmp_path, name):
    with pytest.raises(ProjectError, match="cannot name a study"):
        new_study(name, like=LIKE, root=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("like", ["nothing", "..", "", "../inputs/token-scaling/sources"])
def test_its_pattern_must_be_bundled(tmp_path, like):
    with pytest.raises(ProjectError, match="no bundled study"):
        new_study("mine", like=like, root=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_it_replaces_nothing(tmp_path):
    new_study("mine", like=LIKE, root=tmp_path)
    (tmp_path / "inputs" / "mine" / "published.csv").write_text("mine")
    with pytest.raises(ProjectError, match="exists already"):
        new_study("mine", like=LIKE, root=tmp_path)
    assert (tmp_path / "inputs" / "mine" / "published.csv").read_text() == "mine"


def test_it_is_whole_or_not_there(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copytree", refuse)
    with pytest.raises(OutputError, match="No space left on device"):
        new_study("mine", like=LIKE, root=tmp_path)
    assert list((tmp_path / "inputs").iterdir()) == []


def test_new_and_build_in_an_empty_folder(tmp_path):
    """The console script itself, as after `pip install`: no checkout above, no network, no terminal."""

    def report(*words):
        return subprocess.run([REPORT, *words], cwd=tmp_path, capture_output=True, text=True, check=False)

    new = report("new", "mine")
    assert (new.returncode, new.stderr) == (0, "")
    assert new.stdout == "inputs/mine: edit study.toml, replace the rows, then `report build --study mine`.\n"
    build = report("build")
    assert build.returncode == 0, build.stderr
    assert build.stdout.startswith("reports/mine: ")
    assert [line.split()[0] for line in build.stderr.splitlines()] == ["Reading", "Composing", "Writing"]
    assert {path.name for path in (tmp_path / "reports").iterdir()} == {"mine"}
    files = {path.name for path in (tmp_path / "reports" / "mine").iterdir()}
    assert files >= {
        "report.md",
        "report.html",
        "report.pdf",
        "numbers.csv",
        "findings.json",
        "MANIFEST.sha256",
    }
    assert report("check").returncode == 0
