"""`report import` from the command line, on the sample runs."""

from __future__ import annotations

import pandas as pd
import pytest

from reporter.__main__ import run


@pytest.fixture
def report(project, capsys):
    def call(*words):
        code = run(["--root", str(project.root), "import", *map(str, words), "--study", "token-scaling"])
        return code, capsys.readouterr()

    return call


def test_runs_are_added_once(project, report, shared):
    files = sorted((shared / "data" / "nat-challenge").rglob("*.json"))
    code, said = report("nat_challenge", *files)
    assert (code, said.out) == (
        0,
        "24 of 24 answers kept, 24 rows from 8 files.\n24 rows added, 0 replaced.\n",
    )
    rows = pd.read_parquet(project.folder / "imported.parquet")
    assert sorted(rows["token_limit"].unique()) == [100, 200]
    assert rows["address"].is_unique
    assert rows.loc[rows["token_limit"] == 100, "value"].mean() == pytest.approx(
        3.029, abs=5e-4
    )  # four means
    code, said = report("nat_challenge", *files)
    assert said.out.endswith("0 rows added, 0 replaced.\n")


def test_an_option_is_read_as_toml(project, report, shared):
    sample = shared / "data" / "mood-axis" / "deepseek_7b_baseline.json"
    code, said = report("mood_axis", sample, "--set", "token_limit=400", "--set", "temperature=0.5")
    assert code == 0, said.err
    assert "constant_axis" in said.out
    rows = pd.read_parquet(project.folder / "imported.parquet")
    assert set(rows["token_limit"]) == {400}
    assert set(rows["temperature"]) == {0.5}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nat_chalenge", "x.json"), 'Did you mean "nat_challenge"?'),
        (
            ("mood_axis", "x.json", "--set", "limit=3"),
            'There is no option "limit". Did you mean "token_limit"?',
        ),
        (
            ("hidden_states", "x.npz", "--set", "model=m"),
            'The option "layout" is missing. Say --set layout=VALUE.',
        ),
        (("mood_axis", "nowhere.json"), "nowhere.json"),
        (("mood_axis", "x.json", "--set", "limit"), "--set takes KEY=VALUE."),
    ],
)
def test_what_does_not_fit_is_refused(report, words, told):
    code, said = report(*words)
    assert code == 2
    assert told in said.err
    assert "Traceback" not in said.err
