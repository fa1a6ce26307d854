"""Rows, read once and checked at the boundary. The wording of refusals is in tests/messages."""

from __future__ import annotations

import hashlib
import random

import pytest
from pandas.testing import assert_frame_equal

from reporter.columns import SUMMARIES
from reporter.dataset import load_dataset
from reporter.errors import DataError
from reporter.project import load_study

FILE = "published.csv"


def load(project):
    return load_dataset(load_study(project.root, "token-scaling"))


def table(project):
    return load(project).tables["summaries"]


def test_every_row_comes_with_its_place_and_its_model(answered_published):
    rows = answered_published.dataset.tables["summaries"]
    assert len(rows) == answered_published.dataset.n_rows == 16
    first = rows[rows["address"] == "document.md#100-token-results/claude-opus-4.5"].iloc[0]
    assert (first["line"], first["source"], first["origin"]) == (6, FILE, "published")
    assert (first["vendor"], first["family"], first["size"]) == ("Anthropic", "Claude 4.5", 3)
    assert (first["mean"], first["sd"], first["n"]) == (3.06, 0.07, 3)


def test_the_digest_is_that_of_the_file(project):
    raw = (project.folder / FILE).read_bytes()
    dataset = load(project)
    assert dataset.digests == {FILE: hashlib.sha256(raw).hexdigest()}
    listed = f"{hashlib.sha256(raw).hexdigest()}  {FILE}\n"
    assert dataset.fingerprint == hashlib.sha256(listed.encode()).hexdigest()


def test_selecting_gives_the_rows_that_meet_every_condition(answered_published):
    rows = answered_published.dataset.select({"token_limit": 100, "model": "gpt-4o"}, place="here")
    assert rows.column("address") == ["document.md#100-token-results/gpt-4o"]
    rows.records()[0]["mean"] = 0.0
    again = answered_published.dataset.select({"token_limit": 100, "model": "gpt-4o"}, place="here")
    assert again.column("mean") == [2.94]
    assert len(answered_published.dataset.select({}, place="here")) == 16


def test_selecting_by_an_unknown_column_is_refused(answered_published):
    with pytest.raises(DataError, match='"tokn_limit" is no column'):
        answered_published.dataset.select({"tokn_limit": 100}, place="here")


@pytest.mark.parametrize("seed", range(3))
def test_rows_follow_the_study_whatever_their_order_in_the_file(project, answered_published, seed):
    rows = project.rows()
    random.Random(seed).shuffle(rows)
    project.write_rows(rows)
    there = answered_published.dataset.tables["summaries"].drop(columns="line")
    assert_frame_equal(table(project).drop(columns="line"), there)


def test_the_order_of_columns_does_not_matter(project, answered_published):
    project.write_rows([dict(reversed(row.items())) for row in project.rows()])
    there = answered_published.dataset.tables["summaries"]
    assert_frame_equal(table(project)[there.columns], there)


@pytest.mark.parametrize(
    ("old", "new"), [("\n", "\r\n"), ("address,", "\ufeffaddress,"), (",OpenAI,", ',"OpenAI",')]
)
def test_what_spreadsheets_write_is_read(project, answered_published, old, new):
    path = project.folder / FILE
    path.write_bytes(path.read_text(encoding="utf-8").replace(old, new).encode())
    assert_frame_equal(table(project), answered_published.dataset.tables["summaries"])


@pytest.mark.parametrize("name", [column.name for column in SUMMARIES])
def test_no_column_may_be_missing(project, name):
    project.write_rows([{key: row[key] for key in row if key != name} for row in project.rows()])
    with pytest.raises(DataError, match=f'The column "{name}" is missing'):
        load(project)


@pytest.mark.parametrize("name", [column.name for column in SUMMARIES])
def test_no_cell_may_be_empty(project, name):
    project.write_rows([row | {name: " "} for row in project.rows()])
    with pytest.raises(DataError) as refusal:
        load(project)
    assert f'"{name}" is ' in refusal.value.what
    assert refusal.value.where == f"{project.folder / FILE}, line 2"


@pytest.mark.parametrize("column", [c for c in SUMMARIES if c.type != "text"], ids=lambda column: column.name)
@pytest.mark.parametrize("cell", ["x", "nan", "NaN", "inf", "-inf", "1e999", "1,5", "0x10", "-1"])
def test_numbers_are_finite_and_not_below_zero(project, column, cell):
    project.write_rows([row | {column.name: cell} for row in project.rows()])
    with pytest.raises(DataError, match=f'"{column.name}" is '):
        load(project)


def test_two_runs_of_one_cell_are_told_apart_by_their_prompts(project):
    again = project.rows()[0] | {"address": "document.md#again/llama", "prompt_set": "another"}
    project.write_rows([*project.rows(), again])
    assert load(project).n_rows == 17


@pytest.mark.parametrize("low, mean, high", [("2.9", "2.9", "2.9"), ("0", "0", "0"), ("-0.0", "0", "0.0")])
def test_a_mean_may_be_an_extreme(project, low, mean, high):
    project.change_cell("gpt-4o", 100, minimum=low, mean=mean, maximum=high)
    assert load(project).n_rows == 16
