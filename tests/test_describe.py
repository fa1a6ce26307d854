"""The codebook: what stands in it is what the rows hold, and it needs neither models nor torch."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reporter.describe import codebook, lines
from reporter.observations import frame, write_parquet
from reporter.project import list_studies

ROOT = Path(__file__).resolve().parents[1]
SOURCE = """
[[source]]
file = "own/observations.parquet"
kind = "observations"
origin = "collected"
decimals = 3
citation = "ours"

[[model]]
key"""


@pytest.fixture
def described(project):
    return codebook(project.root, "token-scaling")


def file_of(described, name):
    (found,) = [file for file in described["files"] if file["file"] == name]
    return {column["name"]: column for column in found["columns"]}, found


def test_columns_hold_what_the_file_holds(project, described):
    with (project.folder / "published.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns, file = file_of(described, "published.csv")
    assert (file["kind"], file["rows"]) == ("summaries", len(rows))
    assert set(columns) == set(rows[0])
    for name, column in columns.items():
        assert column["filled"] == len(rows)
        assert column["missing"] == 0
        assert column["distinct"] == len({row[name] for row in rows})
        assert column["meaning"]
    means = [float(row["mean"]) for row in rows]
    assert (columns["mean"]["least"], columns["mean"]["most"]) == (min(means), max(means))
    assert columns["symbol"]["values"] == ["character"]
    assert "values" not in columns["model"], "eight models are too many to list"


def observation(address, **cells):
    shared = {"study": "token-scaling", "source": "test", "origin": "collected", "model": "gpt-4o"}
    shared["prompt_set"] = "own"
    return shared | {"address": address, "measure": "text_entropy", "symbol": "character", "n": 9} | cells


def test_measures_are_told_apart_by_what_must_not_be_mixed(project):
    token = {"measure": "token_entropy", "symbol": "token", "tokenizer": "t", "logprob_mode": "raw"}
    rows = [
        observation("a", estimator="plug_in", unit="nats", value=2.0, replicate=1),
        observation("b", estimator="plug_in", unit="nats", value=2.5, replicate=2),
        observation("c", estimator="miller_madow", unit="nats", value=3.25, replicate=1),
        observation("d", estimator="exact", unit="nats", value=0.5, **token),
        observation("e", estimator="truncated_lower", unit="nats", value=0.25, k=50, **token),
    ]
    (project.folder / "own").mkdir()
    write_parquet(frame(rows), project.folder / "own" / "observations.parquet")
    project.edit("\n[[model]]\nkey", SOURCE)
    described = codebook(project.root, "token-scaling")
    columns, file = file_of(described, "own/observations.parquet")
    assert {m["estimator"]: (m["rows"], m["least"], m["most"]) for m in file["measures"]} == {
        "plug_in": (2, 2.0, 2.5),
        "miller_madow": (1, 3.25, 3.25),
        "exact": (1, 0.5, 0.5),
        "truncated_lower": (1, 0.25, 0.25),
    }
    assert (columns["replicate"]["filled"], columns["replicate"]["missing"]) == (3, 2)
    assert columns["source"]["values"] == ["test"], "the row's own word, not the file's name"
    text = "\n".join(lines(described))
    assert "token, truncated_lower, t, k = 50, raw" in text
    assert "2.000  2.500  nats" in text
    assert "empty: revision, provider, " in text
    assert json.loads(project.run("describe", "--json").out) == described


def test_what_was_left_out_is_listed(project):
    (project.folder / "ledger.csv").write_text(
        "what,rule,reason,count\nrun 7,axis_from,too_few,2\n", encoding="utf-8"
    )
    ran = project.run("describe")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1].split() == ["run", "7", "axis_from", "too_few", "2"]


def test_rows_without_a_study_are_refused(project):
    (project.root / "inputs" / "bare").mkdir()
    ran = project.run("describe", "--study", "bare")
    assert (ran.code, ran.out) == (2, "")
    assert '"bare" has no study.toml, which says what its files are. Declare each file' in ran.err


def test_it_needs_neither_torch_nor_drawing(project):
    program = (
        "import sys; from reporter.__main__ import run\n"
        "code = run(['--root', sys.argv[1], 'describe'])\n"
        "sys.exit(code or any(name in sys.modules for name in ('torch', 'transformers', 'matplotlib')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, project.root], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", list_studies(ROOT))
def test_every_study_that_travels_with_us_can_be_described(name):
    written = "\n".join(lines(codebook(ROOT, name)))
    assert "text_entropy" in written
    assert "None" not in written
