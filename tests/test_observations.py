"""Observation rows: types, refusals, Parquet and CSV, merging, and the guard of what is measured."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reporter.columns import CELL, KINDS, MEASURES, OBSERVATIONS, STATES
from reporter.dataset import Exclusion, estimands_of, load_dataset
from reporter.errors import DataError, EstimandError
from reporter.estimand import common
from reporter.observations import condition_of, frame, merge, write_parquet
from reporter.project import load_study

STUDY = """
schema = 1
[study]
name = "small"
title = "t"
short_title = "t"
date = 2026-01-04
experiment = "e"
hypothesis = "h"
seed = 1
[declared]
[[source]]
file = "FILE"
kind = "KIND"
origin = "imported"
decimals = 3
citation = "c"
[[model]]
key = "b"
label = "B"
vendor = "V"
family = "F"
[[model]]
key = "a"
label = "A"
vendor = "V"
[analysis.none]
question = "q"
statistic = "paired_t"
roles = {}
"""


def row(place=0, **changes):
    return {
        "study": "small", "source": "run.json", "origin": "imported", "address": f"x:1#{place}", "model": "a",
        "prompt_set": "p", "prompt": f"q{place}", "run": "1", "measure": "text_entropy", "symbol": "character",
        "unit": "nats", "estimator": "plug_in", "value": 3.0, "n": 400,
    } | changes  # fmt: skip


TOKENS = {"measure": "token_entropy", "symbol": "token", "tokenizer": "t", "k": 50, "logprob_mode": "raw"}
LAYERS = {
    "measure": "layer_entropy", "symbol": "activation", "layer": 3, "bin_rule": "fd_of_64", "estimator": "histogram",
}  # fmt: skip
ANSWER = {
    "study": "small", "source": "run.json", "origin": "imported", "address": "x:1#0", "model": "a",
    "prompt_set": "p", "prompt": "q0", "characters": 5, "text_sha256": "0" * 64, "text": "a\n\ue000\u2028b",
}  # fmt: skip


@pytest.fixture
def study(tmp_path):
    """Write rows as a study's only source and read it."""

    def loading(rows, *, file="rows.parquet", kind="observations", ledger=None):
        folder = tmp_path / "inputs" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        text = STUDY.replace("FILE", file).replace("KIND", kind)
        (folder / "study.toml").write_text(text, encoding="utf-8")
        if ledger is not None:
            (folder / "ledger.csv").write_text(ledger, encoding="utf-8")
        if isinstance(rows, bytes):
            (folder / file).write_bytes(rows)
        elif isinstance(rows, pa.Table):
            pq.write_table(rows, folder / file)
        elif file.endswith(".csv"):
            pd.DataFrame(rows, dtype=object).to_csv(folder / file, index=False)
        else:
            write_parquet(frame(rows, kind), folder / file, kind)
        return load_dataset(load_study(tmp_path, "small"))

    return loading


@pytest.mark.parametrize("file", ["rows.parquet", "rows.csv"])
def test_rows_come_back_as_they_were(file, study):
    rows = [
        row(0),
        row(1, model="b", token_limit=100, temperature=0.5, seed=2**53 + 1, finish_reason="length"),
    ]
    found = study(rows, file=file)
    table = found.tables["observations"]
    assert list(table["model"]) == ["b", "a"], "in the study's order of models"
    first, last = table.iloc[0], table.iloc[1]
    assert first["seed"] == 2**53 + 1
    assert first["token_limit"] == 100
    assert first["finish_reason"] == "length"
    assert last["token_limit"] is pd.NA
    assert np.isnan(last["temperature"])
    assert last["finish_reason"] == ""
    assert set(table["source"]) == {file}
    assert set(table["original"]) == {"run.json"}
    assert list(table["family"]) == ["F", ""]
    assert {column.name for column in OBSERVATIONS} <= set(table.columns)


def test_a_file_is_known_by_its_digest(study, tmp_path):
    found = study([row()])
    raw = (tmp_path / "inputs" / "small" / "rows.parquet").read_bytes()
    assert found.digests == {"rows.parquet": hashlib.sha256(raw).hexdigest()}
    other = study([row(value=3.1)])
    assert other.fingerprint != found.fingerprint
    assert study([row()]).fingerprint == found.fingerprint, "the same rows are the same bytes"


@pytest.mark.parametrize("file", ["rows.parquet", "rows.csv"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measure": "text_entropie"}, 'Unknown measure "text_entropie".*Did you mean "text_entropy"'),
        ({"unit": "nat"}, 'Unknown unit "nat".*Allowed: '),
        ({"finish_reason": "cut"}, 'Unknown finish_reason "cut".*length'),
        ({"model": ""}, '"model" is empty'),
        ({"prompt": "a\ue000b"}, '"prompt".*character that cannot be printed'),
        ({"top_p": 1.5}, '"top_p" is 1.5, it cannot be above 1'),
        ({"token_limit": 0}, '"token_limit" is 0, it cannot be below 1'),
        ({"value": -0.5}, '"value" is -0.5, text_entropy cannot be below 0'),
        ({"value": float("inf")}, '"value" is inf'),
        ({"n": None}, '"n" is empty, text_entropy cannot do without it'),
        ({"unit": "s"}, '"unit" is s.*text_entropy is in nats or bits'),
        (TOKENS | {"logprob_mode": ""}, '"logprob_mode" is empty, token_entropy cannot do without it'),
        (LAYERS | {"bin_rule": ""}, '"bin_rule" is empty, layer_entropy cannot do without it'),
        (
            {"measure": "axis_projection", "unit": "projection", "axis": "x", "value": 1.25},
            "cannot be above 1",
        ),
        ({"origin": "collected"}, '"origin" is collected, but the study declares imported'),
        ({"model": "c"}, '"c" is no model of the study'),
        ({"address": "x:1#0"}, "has an address that .* of .* has already"),
        ({"prompt": "q0"}, "describes a cell that .* give each its run or replicate"),
    ],
)
def test_refusals_name_file_row_and_what_is_allowed(file, changes, words, study):
    with pytest.raises(DataError, match=words) as refusal:
        study([row(0), row(1, **changes)], file=file)
    assert f"{file}, {'row 2' if file == 'rows.parquet' else 'line 3'}" in str(refusal.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"no parquet", "This is not Parquet"),
        (pa.table({"modle": ["a"]}), 'Unknown column "modle".*Did you mean "model"'),
        (pa.table({"model": ["a"]}), 'The column "study" is missing.*the study that'),
        (
            pa.table({name: [str(value)] for name, value in row().items()}),
            '"value" holds string where numbers',
        ),
        (pa.table({name: pa.array([], pa.string()) for name in ("study", "source")}), "is missing"),
        (frame([]).pipe(lambda table: pa.Table.from_pandas(table, preserve_index=False)), "no rows"),
    ],
)
def test_parquet_that_is_no_table_of_rows_is_refused(table, words, study):
    with pytest.raises(DataError, match=words):
        study(table)


def test_missing_value_is_refused(study):
    with pytest.raises(DataError, match='"value" is empty'):
        study([row(value=None)])


def test_optional_columns_may_be_missing(study):
    required = {column.name for column in OBSERVATIONS if column.required} | {"symbol", "estimator", "n"}
    rows = [{name: value for name, value in row().items() if name in required}]
    assert len(study(rows, file="rows.csv").tables["observations"]) == 1


def test_frame_refuses_what_is_no_column_or_type():
    with pytest.raises(DataError, match='Unknown column "sigma"'):
        frame([row(sigma=1)])
    with pytest.raises(DataError, match='"n" holds whole numbers only'):
        frame([row(n="many")])


def test_ledger_is_read_beside_the_rows(study):
    found = study([row()], ledger="what,rule,reason,count\nrun.npz,whole,truncated_zip,3\n")
    assert found.exclusions == (Exclusion("run.npz", "whole", "truncated_zip", 3),)
    assert "ledger.csv" in found.digests
    with pytest.raises(DataError, match=r"ledger\.csv, line 2: \"count\" is 'x'"):
        study([row()], ledger="what,rule,reason,count\nrun.npz,whole,truncated_zip,x\n")


def test_responses_keep_every_character(study):
    found = study([ANSWER], file="texts.parquet", kind="responses")
    assert found.tables == {}
    assert found.responses is not None
    assert list(found.responses["text"]) == [ANSWER["text"]]
    with pytest.raises(DataError, match="Responses are kept as Parquet"):
        study([ANSWER], file="texts.csv", kind="responses")


def test_two_runs_of_a_cell_are_not_averaged_silently(study):
    found = study([row(0), row(1, prompt="q0", run="2"), row(2)])
    with pytest.raises(
        DataError, match=r"A cell was run more than once, as in x:1#0 and x:1#1\..*run = \"1\""
    ):
        found.select({"model": "a"}, place="p", kind="observations")
    assert len(found.select({"run": "1"}, place="p", kind="observations")) == 2
    assert len(found.select({"model": "a"}, place="p", kind="observations", runs="all")) == 3
    assert found.rows["observations"].numbers(condition_of("observations")).tolist() == [0, 0, 1]


def test_replicates_of_a_run_are_one_run(study):
    found = study([row(0), row(1, prompt="q0", replicate=2, seed=5), row(2, prompt="q0", run="2", seed=6)])
    assert len(found.select({"run": "1"}, place="p", kind="observations")) == 2
    with pytest.raises(DataError, match="x:1#0 and x:1#2"):
        found.select({}, place="p", kind="observations")


def test_selection_by_a_column_with_empty_cells(study):
    found = study([row(0, token_limit=100), row(1)])
    assert len(found.select({"token_limit": 100}, place="p", kind="observations")) == 1
    with pytest.raises(DataError, match="The study has no summaries"):
        found.select({}, place="p")


@pytest.mark.parametrize(
    ("base", "field", "one", "two"),
    [
        ({}, "unit", "nats", "bits"),
        ({}, "symbol", "character", "word"),
        ({}, "estimator", "plug_in", "miller_madow"),
        (TOKENS, "tokenizer", "one", "two"),
        (TOKENS, "k", 20, 50),
        (TOKENS, "k", None, 50),
        (TOKENS, "logprob_mode", "raw", "warped"),
        (LAYERS, "bin_rule", "fd_of_64", "fd_of_128"),
    ],
)
def test_guard_names_both_rows(base, field, one, two, study):
    found = study([row(0, **base | {field: one}), row(1, **base | {field: two})])
    with pytest.raises(EstimandError) as refusal:
        common(
            estimands_of(found.select({}, place="w", kind="observations")),
            where="study.toml, analysis.x",
        )
    said = str(refusal.value)
    assert f"x:1#0 has {field} {'none' if one is None else one}, x:1#1 has {two}: " in said
    assert f'{field} = "' in said


def test_guard_lets_equal_estimands_meet(study):
    found = study([row(0, **TOKENS), row(1, **TOKENS)])
    assert common(estimands_of(found.select({}, place="w", kind="observations")), where="w").k == 50


def test_importing_again_doubles_nothing(tmp_path):
    first = frame([row(0), row(1)])
    again = merge(first, frame([row(0), row(1)]))
    assert (again.added, again.same, again.replaced) == (0, 2, 0)
    pd.testing.assert_frame_equal(again.table, first)
    changed = merge(first, frame([row(1, value=3.5), row(2)]))
    assert (changed.added, changed.same, changed.replaced) == (1, 0, 1)
    assert list(changed.table["value"]) == [3.0, 3.5, 3.0]
    assert list(changed.table["address"]) == ["x:1#0", "x:1#1", "x:1#2"]
    fresh = merge(None, first)
    assert (fresh.added, fresh.same, fresh.replaced) == (2, 0, 0)
    paths = [tmp_path / name for name in ("one.parquet", "two.parquet")]
    for path, table in zip(paths, (first, again.table), strict=True):
        write_parquet(table, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert sorted(tmp_path.iterdir()) == paths, "nothing half written is left"


STATE = {name: ANSWER[name] for name in ANSWER if name not in ("characters", "text_sha256", "text")}
STATE |= {"state": [1.0, -0.5, 0.1], "layer": 3}


FLOATS = pa.float32()


def listed(states, kind=FLOATS, **changes):
    """A table of states whose lists have a certain type."""
    row = {name: [value] * len(states) for name, value in STATE.items() if name != "state"}
    row |= {
        "address": [f"x:1#{i}" for i in range(len(states))],
        "prompt": [f"q{i}" for i in range(len(states))],
    }
    return pa.table(row | {"state": pa.array(states, pa.list_(kind))} | changes)


def test_states_come_back_as_lists_of_numbers(study):
    found = study([STATE, STATE | {"address": "x:1#1", "prompt": "q1", "state": [2.0]}], kind="states")
    states = found.rows["states"].values("state")
    assert [state.tolist() for state in states] == [[1.0, -0.5, np.float32(0.1)], [2.0]]
    assert found.rows["states"].values("layer") == [3, 3]
    assert found.responses is None
    with pytest.raises(DataError, match="States are kept as Parquet"):
        study([STATE], kind="states", file="rows.csv")


def test_lists_may_have_either_precision(study):
    (state,) = study(listed([[0.1]], pa.float64()), kind="states").rows["states"].values("state")
    assert state.tolist() == [float(np.float32(0.1))]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (listed([[1.0], [2.0, float("inf")]]), 'row 2: "state" holds what is not finite'),
        (listed([[1.0, float("nan")]]), 'row 1: "state" holds what is not finite'),
        (listed([[1.0], None]), r'row 2: "state" is empty.*state that the reply is pooled to'),
        (listed([[1]], pa.int64()), '"state" holds list<.*int64> where lists of numbers belongs'),
        (listed([[1.0]], state=pa.array([1.0])), '"state" holds double where lists of numbers'),
        (listed([[1.0]], state=pa.array(["x"])), '"state" holds string where lists of numbers'),
        (listed([[1.0]]).drop_columns(["state"]), 'The column "state" is missing'),
        (listed([[1.0]], value=pa.array(["x"])), '"value" holds string'),
    ],
)  # fmt: skip
def test_what_is_no_list_of_numbers_is_refused(study, table, words):
    with pytest.raises(DataError, match=words):
        study(table, kind="states")


def test_a_state_is_a_row_of_observations_without_a_value():
    needed = {column.name for column in STATES if column.required}
    assert needed == {column.name for column in OBSERVATIONS if column.required} - {
        "measure",
        "unit",
        "value",
    } | {"state"}


@pytest.mark.parametrize("kind", ["observations", "responses", "states"])
def test_glossary_is_of_one_piece(kind):
    names = [column.name for column in KINDS[kind]]
    assert len(set(names)) == len(names)
    assert set(CELL[kind]) <= set(names)
    assert all(column.meaning for column in KINDS[kind])
    for measure in MEASURES.values():
        assert set(measure.needs) <= {column.name for column in OBSERVATIONS}
