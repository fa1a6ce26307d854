"""Figures along a tuple and in parts, tables of members, and the words for what was left out: end to end."""

from __future__ import annotations

import pytest

from reporter import pipeline
from reporter.errors import StudyError
from reporter.observations import frame, write_parquet
from reporter.tables import text_of

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
dip = 3.0
[rows.layers]
kind = "observations"
measure = "layer_entropy"
over = "prompt"
[[source]]
file = "rows.parquet"
kind = "observations"
origin = "imported"
citation = "c"
[[model]]
key = "b"
label = "Model B"
vendor = "V"
[[model]]
key = "a"
label = "Model A"
vendor = "V"
[analysis.profile]
question = "How does entropy go over the layers?"
statistic = "layer_profile"
each = "model"
declared = ["dip"]
roles.layers = { rows = "layers", of = "value", by = "layer" }
[analysis.outer]
question = "Which points are there?"
statistic = "listed_pairs"
each = "model"
roles.first = { rows = "layers", of = "value", layer = 0 }
roles.second = { rows = "layers", of = "value", layer = 4 }
[analysis.spread]
question = "How far do they spread?"
statistic = "value_range"
roles.values = { rows = "layers", of = "value", over = "model" }
[table.layers]
rows = "profile"
columns = [{ head = "Model", show = "{label}" }, { head = "Least at", show = "{profile.lowest!}" },
           { head = "n", show = "{profile.n}" }]
[figure.curves]
draw = "layer_curves"
rows = "profile"
along = "profile.mean"
columns.label = "{label}"
columns.layer = "{profile.at.#}"
columns.value = "{profile.mean.#}"
columns.low = "{profile.low.#}"
columns.high = "{profile.high.#}"
summary.label = "{spread.highest!} of {spread.n}"
options = { unit = "nats", axis = "entropy" }
[figure.points]
draw = "scatters"
[[figure.points.part]]
rows = "outer"
along = "outer.first"
columns = { panel = "one", label = "{label}", x = "{outer.first.#}", y = "{outer.second.#}", note = "#" }
[[figure.points.part]]
rows = "profile"
columns = { panel = "two", label = "{label}", x = "{profile.least}", y = "{profile.most}" }
"""
LAYERS, QUESTIONS = (0, 2, 4), ("q1", "q2", "q3")
VALUES = {
    (model, layer, question): 1 + {"a": 0.5, "b": 0.25}[model] * (layer - 1) ** 2 + i / 8
    for model in "ab"
    for layer in LAYERS
    for i, question in enumerate(QUESTIONS)
}


def rows_of(values):
    return [
        {"study": "small", "source": "run", "origin": "imported", "prompt_set": "p", "run": "1", "model": model,
         "prompt": question, "layer": layer, "measure": "layer_entropy", "symbol": "activation", "unit": "nats",
         "estimator": "histogram", "bin_rule": "fd", "n": 64, "value": value,
         "address": f"{model}/{layer}/{question}"}
        for (model, layer, question), value in values.items()
    ]  # fmt: skip


@pytest.fixture
def composed(tmp_path):
    """Answer the small study and compose its report."""

    def composing(values=VALUES, text=STUDY):
        folder = tmp_path / "inputs" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "study.toml").write_text(text, encoding="utf-8")
        write_parquet(frame(rows_of(values)), folder / "rows.parquet")
        return pipeline.report(tmp_path, pipeline.answer(tmp_path, "small"))

    return composing


def drawn(report, key):
    figure = next(figure for figure in report.figures if figure.key == key)
    return [
        {
            name: piece if isinstance(piece, str) else getattr(piece, "value", None)
            for name, piece in row.items()
        }
        for row in figure.rows
    ]


def test_a_figure_has_a_row_for_each_entry_of_a_tuple(composed):
    *rows, summary = drawn(composed(), "curves")
    wanted = [
        ("Model " + model.upper(), layer, sum(VALUES[model, layer, q] for q in QUESTIONS) / 3)
        for model in "ba"  # as the study declares them
        for layer in LAYERS
    ]
    assert [(row["label"], row["layer"]) for row in rows] == [each[:2] for each in wanted]
    assert [row["value"] for row in rows] == pytest.approx([each[2] for each in wanted])
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    assert summary == {"kind": "all", "label": "Model A of 2"}


def test_the_parts_of_a_figure_follow_one_another(composed):
    rows = drawn(composed(), "points")
    assert [row["panel"] for row in rows] == ["one"] * 6 + ["two"] * 2
    assert [(row["x"], row["y"]) for row in rows[:6]] == [
        (pytest.approx(VALUES[model, 0, q]), pytest.approx(VALUES[model, 4, q]))
        for model in "ba"
        for q in QUESTIONS
    ]
    assert [row["note"] for row in rows[:6]] == ["0", "1", "2"] * 2
    assert [row["label"] for row in rows[6:]] == ["Model B", "Model A"]
    assert rows[7]["x"] == pytest.approx(
        sum(VALUES["a", 0, q] for q in QUESTIONS) / 3
    )  # layers 0 and 2 are least


def test_a_member_without_an_answer_keeps_its_words(composed):
    one = {place: value for place, value in VALUES.items() if place[0] == "b" or place[2] == "q1"}
    rows = drawn(composed(one), "curves")
    alone = [row for row in rows if row["label"] == "Model A"]
    assert len(alone) == 1
    assert alone[0]["value"].startswith("not computable")


def test_no_interval_is_an_empty_cell(composed):
    flat = {(model, layer, q): 1.0 + layer for model, layer, q in VALUES}
    assert {(row.get("low"), row.get("high")) for row in drawn(composed(flat), "curves")[:6]} == {("", "")}


def test_what_is_left_out_is_named_in_the_report(composed):
    report = composed({place: value for place, value in VALUES.items() if place != ("a", 2, "q2")})
    said = "- How does entropy go over the layers? Left out: q2 (Model A)."
    assert said in report.text
    table = next(table for table in report.tables if table.key == "layers")
    assert [[text_of(cell) for cell in row] for row in table.rows] == [
        ["Model B", "0, 2", "3"],
        ["Model A", "0, 2", "2"],
    ]
    assert "Left out" not in composed().text


def test_a_figure_names_the_place_of_a_wrong_pattern(composed):
    wrong = STUDY.replace("{profile.at.#}", "{profle.at.#}")
    with pytest.raises(StudyError, match=r'figure\.curves\.columns\.layer.*Did you mean "profile"'):
        composed(text=wrong)
    with pytest.raises(StudyError, match=r'figure\.points\.part\[1\]\.rows: "profil" is not known'):
        composed(
            text=STUDY.replace('rows = "profile"\ncolumns = { panel', 'rows = "profil"\ncolumns = { panel')
        )
