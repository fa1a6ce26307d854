"""What README.md of a deposit promises: somebody with nothing but Python and the program makes the report again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reporter import pipeline
from reporter.publish.deposit import deposit

ROOT = Path(__file__).resolve().parents[2]
STUDY = "token-scaling"


def ran(*words: str | Path, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, words)), cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_new_environment_with_the_packages_of_the_deposit_makes_the_same_report(published, tmp_path):
    """A new virtual environment far from the checkout, a wheel of the program, and `pip install -r environment.txt`."""
    pytest.importorskip("rocrate")
    published(tmp_path / "project")
    pipeline.build(tmp_path / "project", STUDY)
    reports, inputs = tmp_path / "project" / "reports" / STUDY, tmp_path / "project" / "inputs" / STUDY
    home = tmp_path / "home"
    folder = deposit(reports, inputs, home / "download").folder
    env = {"PATH": os.defpath, "HOME": str(home)} | {
        k: v for k, v in os.environ.items() if k.startswith("PIP_")
    }
    made = ran(
        sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT, cwd=home, env=env
    )
    if made.returncode:
        pytest.skip(f"no wheel can be made here: {made.stderr[-300:]}")
    shutil.rmtree(tmp_path / "project")
    (wheel,) = tmp_path.glob("*.whl")
    assert ran(sys.executable, "-m", "venv", home / "venv", cwd=home, env=env).returncode == 0
    pip = (home / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet")
    installed = ran(*pip, "-r", folder / "environment.txt", wheel, cwd=home, env=env)
    if installed.returncode:
        pytest.skip(f"the packages cannot be installed here: {installed.stderr[-300:]}")
    done = ran(home / "venv" / "bin" / "report", "rebuild", "download", cwd=home, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("The same: ")
    assert "Made with another" not in done.stderr
