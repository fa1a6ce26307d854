"""What tests share: reference values that other programs printed, and the sample files where they are."""

from __future__ import annotations

import csv
import gc
import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from reporter import pipeline
from reporter.__main__ import run
from reporter.compose import Report
from reporter.pipeline import Analysed
from tests.audit import built

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "tests" / "reference"
SHARED = ROOT.parent / "shared"
TOGETHER = {  # files that one worker takes: a real model loads for half a minute; Ray may find a foreign cluster
    "real models": {f"tests/collectors/test_{name}.py" for name in ("chat_api", "collectors", "models")},
    "Ray": {"tests/collectors/test_engines.py", "tests/statistics/test_bootstrap.py"},
}


# Two workers share a machine with each other and with what they start: a clock on the wall says nothing here.
settings.register_profile(
    "side by side", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("side by side")


def pytest_collection_finish() -> None:
    """Leave what the collection made out of every later search for garbage: thousands of tests are much to look at."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With --dist loadfile, give one worker the files that belong together, and refuse two tests with one id."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFiles(LoadFileScheduling):
        def add_node_collection(self, node: Any, collection: Sequence[str]) -> None:
            """Of tests with the same id only one would run, and nothing would be said."""
            twice = [name for name, count in Counter(collection).items() if count > 1]
            if twice:
                raise pytest.UsageError(f"more than one test has this id: {', '.join(twice)}")
            super().add_node_collection(node, collection)

        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return next((name for name, files in TOGETHER.items() if file in files), file)

    return ByFiles(config, log)


class ReferenceValue(float):
    """A number that another program printed; it knows the file that it stands in."""

    source: str


@pytest.fixture(scope="session")
def reference() -> Callable[[str], dict[tuple[str, str], float]]:
    """Read tests/reference/<name>.csv: what an R script printed, by (case, field)."""

    def read(name: str) -> dict[tuple[str, str], float]:
        lines = (REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# script:"), f"{name}.csv does not say how it was made"
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        found: dict[tuple[str, str], float] = {}
        for row in rows:
            value = ReferenceValue(row["value"])
            value.source = name
            found[row["case"], row["field"]] = value
        return found

    return read


@pytest.fixture(scope="session")
def shared() -> Path:
    """Find the folder of sample files and documents, which are not part of this repository."""
    if not SHARED.is_dir():
        pytest.skip("the sample files (../shared) are not on this machine")
    return SHARED


@dataclass(frozen=True)
class SampleRuns:
    """The four sample models of the methods page, and the texts of two others."""

    folder: Path
    sources: dict[str, list[str]]

    def field(self, limit: int, name: str) -> np.ndarray:
        """Read a field of every prompt's result under a token limit: (models, prompts)."""
        runs = [
            json.loads(next((self.folder / str(limit)).glob(f"*{model}*")).read_text(encoding="utf-8"))
            for model in ("claude_haiku_4_5", "gemini_2.0_flash_exp", "gpt_4o", "grok_4_1_fast_reasoning")
        ]
        return np.array([[prompt[name] for prompt in run["prompt_results"]] for run in runs])


@pytest.fixture(scope="session")
def sample_runs(shared: Path) -> SampleRuns:
    """Read the sample files that the length nulls of the methods page rest on."""
    data = shared / "data"
    sources = {
        name: [
            answer["response"]
            for answer in json.loads(
                (data / "mood-axis" / f"{name}_7b_baseline.json").read_text(encoding="utf-8")
            )["responses"]
        ]
        for name in ("qwen", "deepseek")
    }
    return SampleRuns(data / "nat-challenge", sources)


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A copy of the token-scaling study that a test may spoil, and the command line run in it."""

    root: Path
    capture: pytest.CaptureFixture[str]

    @property
    def folder(self) -> Path:
        return self.root / "inputs" / "token-scaling"

    def edit(self, old: str, new: str, file: str = "study.toml") -> None:
        """Replace the first occurrence of a text that must be there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def rows(self) -> list[dict[str, str]]:
        with (self.folder / "published.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write_rows(self, rows: list[dict[str, str]]) -> None:
        with (self.folder / "published.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change_cell(self, model: str, token_limit: int, /, **values: str) -> None:
        """Change some values of the row of one cell."""
        rows = self.rows()
        for row in rows:
            if (row["model"], row["token_limit"]) == (model, str(token_limit)):
                row.update(values)
        self.write_rows(rows)

    def answer(self) -> Analysed:
        return pipeline.answer(self.root, "token-scaling")

    def run(self, *words: str) -> Ran:
        """Run the command line in this process."""
        self.capture.readouterr()
        code = run(["--root", str(self.root), *words])
        out, err = self.capture.readouterr()
        return Ran(code, out, err)


OWN_RUNS = "\n# --- our own runs"  # the last part of the study, which needs the collected rows


def copy_published(root: Path) -> None:
    """Copy the token-scaling study without our own runs: the published rows and what is asked of them."""
    folder = root / "inputs" / "token-scaling"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "inputs" / "token-scaling" / "published.csv", folder)
    text = (ROOT / "inputs" / "token-scaling" / "study.toml").read_text(encoding="utf-8")
    published, mark, _ = text.partition(OWN_RUNS)
    assert mark
    (folder / "study.toml").write_text(published, encoding="utf-8")


@pytest.fixture(scope="session")
def published() -> Callable[[Path], None]:
    """Give the function that copies the published part of the study to a project."""
    return copy_published


@pytest.fixture
def project(tmp_path, capsys) -> Project:
    """Copy the published part of the token-scaling study into an empty folder."""
    root = tmp_path.resolve() / "project"
    copy_published(root)
    return Project(root, capsys)


@pytest.fixture(scope="session")
def answered() -> Analysed:
    """Answer the bundled study once."""
    return built.answered("token-scaling")


@pytest.fixture(scope="session")
def answered_published(tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    """Answer the published part of the study once."""
    root = tmp_path_factory.mktemp("published")
    copy_published(root)
    return pipeline.answer(root, "token-scaling")


@pytest.fixture(scope="session")
def built_published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the report of the published part once, in a project of its own; who changes something takes a copy."""
    root = tmp_path_factory.mktemp("built").resolve()
    copy_published(root)
    pipeline.build(root, "token-scaling")
    return root


@pytest.fixture(scope="session")
def report_published(answered_published: Analysed) -> Report:
    """Compose the report of the published part once."""
    return pipeline.report(ROOT, answered_published)


@pytest.fixture(scope="session")
def token_scaling() -> Report:
    """Compose the bundled study's report once."""
    return built.composed("token-scaling")


@pytest.fixture(scope="session")
def entropy_analysis() -> Report:
    """Compose the report of the other bundled study once."""
    return built.composed("entropy-analysis")


@pytest.fixture(scope="session")
def answered_entropy() -> Analysed:
    """Answer the other bundled study once."""
    return built.answered("entropy-analysis")
