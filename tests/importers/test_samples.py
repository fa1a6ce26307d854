"""The sample files, against the figures of the methods page; damaged copies lose what is damaged."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reporter.errors import DataError
from reporter.importers.axes import axes
from reporter.importers.mood_axis import mood_axis
from reporter.importers.nat_challenge import nat_challenge
from tests.importers._npz import axes as make_axes
from tests.importers._npz import save

CUT_AT_THE_LIMIT = {"qwen_7b": 14, "deepseek_7b": 1}  # of 30, methods page


def entry(prompt="Why?", **changes):
    return {"prompt": prompt, "text_entropy": 3.0, "response_length": 400} | changes


def challenge(*entries, **changes):
    return {
        "model_name": "GPT 4o", "api_provider": "openai", "measurement_type": "text_based_approximation",
        "prompt_results": list(entries),
    } | changes  # fmt: skip


def baseline(**changes):
    said = {"question": "Why?", "response": "aabb", "n_tokens": 2, "generation_time_s": 1.5}
    return {
        "model": "m", "model_id": "org/m", "n_questions": 2,
        "axes": {"warm_cold": {"values": [0.5, -0.25]}},
        "responses": [said, said | {"response": "abcd", "n_tokens": 384}],
    } | changes  # fmt: skip


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def reasons(imported):
    return {found.reason: found.count for found in imported.ledger}


def test_nat_challenge_samples_rise_as_the_methods_page_says(shared):
    paths = sorted((shared / "data" / "nat-challenge").glob("*/*.json"))
    found = nat_challenge(paths, study="token-scaling")
    assert (found.kept, found.answers, len(found.rows), found.files) == (24, 24, 24, 8)
    assert set(found.rows["token_limit"]) == {100, 200}
    table = found.rows.pivot_table(index=["model", "prompt"], columns="token_limit", values="value")
    change = table[200] - table[100]
    assert len(change) == 12
    assert change.mean() == pytest.approx(0.0517, abs=5e-5)
    for path in paths:
        stated = json.loads(path.read_text(encoding="utf-8"))
        ours = found.rows.loc[found.rows["source"] == path.name, "value"]
        assert ours.mean() == pytest.approx(stated["mean_entropy"], rel=1e-12)
        assert ours.std(ddof=0) == pytest.approx(stated["std_entropy"], rel=1e-12)


def test_mood_axis_samples(shared):
    found = mood_axis(sorted((shared / "data" / "mood-axis").glob("*baseline.json")), study="s")
    assert (found.kept, found.answers) == (60, 60)
    assert reasons(found) == {"constant_axis": 30}
    assert "deepseek_7b_baseline.json, axis proactive_reluctant" in found.ledger[0].what
    cut = found.responses[found.responses["finish_reason"] == "length"].groupby("model").size()
    assert cut.to_dict() == CUT_AT_THE_LIMIT
    entropies = found.rows[found.rows["measure"] == "text_entropy"]
    for address, text in zip(found.responses["address"], found.responses["text"], strict=True):
        counts = np.array([text.count(letter) for letter in set(text)])
        p = counts / len(text)
        ours = entropies.set_index("address").loc[f"{address}/text_entropy"]
        assert ours["value"] == pytest.approx(-np.sum(p * np.log(p)), rel=1e-12)
        assert ours["n"] == len(text)
    questions = entropies.groupby("prompt")["prompt_sha256"].nunique()
    assert set(questions) == {1}, "both models answered the same questions"


def test_constant_axis_can_be_kept(shared):
    path = shared / "data" / "mood-axis" / "deepseek_7b_baseline.json"
    found = mood_axis([path], study="s", keep_constant=True)
    assert found.ledger == ()
    assert (found.rows["measure"] == "axis_projection").sum() == 7 * 30


def test_axes_sample_has_the_entropy_of_the_methods_page(shared):
    found = axes([shared / "data" / "mood-axis" / "qwen_7b_axes.npz"], study="s", model="qwen_7b")
    rows = found.rows.set_index(["axis", "measure"])
    assert rows.loc[("warm_cold", "axis_entropy"), "value"] == pytest.approx(3.029959396746, rel=1e-12)
    assert rows.loc[("warm_cold", "axis_entropy"), "n"] == 3584
    assert rows.loc[("warm_cold", "axis_scale"), "value"] == 126.77540874481201
    assert (found.kept, found.answers) == (7, 7)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"warm_cold": None}, "missing_key"),
        ({"warm_cold_scale": None}, "missing_key"),
        ({"warm_cold": np.full(64, 0.125)}, "constant_axis"),
        ({"warm_cold": np.full(64, np.nan)}, "not_finite"),
        ({"warm_cold": np.zeros((8, 8))}, "wrong_shape"),
        ({"warm_cold": np.arange(64)}, "wrong_type"),
        ({"warm_cold_scale": np.float64(0)}, "not_finite"),
    ],
)
def test_damaged_axis_costs_only_itself(change, reason, tmp_path):
    entries = {key: value for key, value in (make_axes() | change).items() if value is not None}
    found = axes([save(tmp_path / "axes.npz", entries)], study="s", model="m")
    assert reasons(found) == {reason: 1}
    assert set(found.rows["axis"]) == {"formal_casual"}
    assert (found.kept, found.answers) == (1, 2)


def test_two_runs_of_one_cell_are_kept_apart(tmp_path):
    one = write(tmp_path / "100" / "a.json", challenge(entry(text_entropy=3.0)))
    two = write(tmp_path / "100" / "b.json", challenge(entry(text_entropy=3.1)))
    rows = nat_challenge([one, two], study="s").rows
    assert list(rows["value"]) == [3.0, 3.1]
    assert rows["run"].nunique() == rows["address"].nunique() == 2
    assert rows["prompt"].nunique() == 1


def test_a_file_counts_once(tmp_path):
    one = write(tmp_path / "100" / "a.json", challenge(entry()))
    two = write(tmp_path / "100" / "copy.json", challenge(entry()))
    found = nat_challenge([one, two, one], study="s")
    assert len(found.rows) == 1
    assert reasons(found) == {"same_file_again": 1} or sum(e.count for e in found.ledger) == 2


def test_token_limit_is_not_guessed(tmp_path):
    path = write(tmp_path / "runs" / "a.json", challenge(entry()))
    with pytest.raises(DataError, match="neither in the file nor the name of its folder"):
        nat_challenge([path], study="s")
    assert set(nat_challenge([path], study="s", token_limit=500).rows["token_limit"]) == {500}


def test_models_are_named_as_in_the_study(tmp_path):
    path = write(tmp_path / "100" / "a.json", challenge(entry()))
    assert set(nat_challenge([path], study="s").rows["model"]) == {"gpt-4o"}
    assert set(nat_challenge([path], study="s", models={"GPT 4o": "four"}).rows["model"]) == {"four"}


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        ({"prompt": "Why?", "response_length": 3}, "missing_key"),
        (entry(text_entropy=float("nan")), "not_finite"),
        (entry(text_entropy="3.0"), "wrong_type"),
        (entry(text_entropy=-0.1), "wrong_type"),
        (entry(response_length=0), "wrong_type"),
        ("reply", "wrong_type"),
    ],
)
def test_damaged_answer_costs_only_itself(damaged, reason, tmp_path):
    path = write(tmp_path / "100" / "a.json", challenge(entry("One?"), damaged, entry("Two?")))
    found = nat_challenge([path], study="s")
    assert reasons(found) == {reason: 1}
    assert (found.kept, found.answers) == (2, 3)
    assert found.ledger[0].what == "a.json, answer 1"
    assert found.summary.startswith("2 of 3 answers kept, 2 rows from 1 files; ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"model_name": "m", "api_pro', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[]", "wrong_type"),
        (b"{}", "missing_key"),
        (json.dumps(challenge(measurement_type="token_entropy")).encode(), "unknown_measurement"),
    ],
)
def test_damaged_file_costs_only_itself(content, reason, tmp_path):
    good = write(tmp_path / "100" / "good.json", challenge(entry()))
    bad = tmp_path / "100" / "bad.json"
    bad.write_bytes(content)
    found = nat_challenge([bad, good], study="s")
    assert reasons(found) == {reason: 1}
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"axes": {"warm_cold": {"values": [0.5]}}}, {"wrong_length": 2}),
        ({"axes": {"warm_cold": {"values": [0.5, 1.5]}}}, {"out_of_range": 1}),
        ({"axes": {"warm_cold": {"values": [0.5, float("nan")]}}}, {"not_finite": 1}),
        ({"axes": {"warm_cold": {}}}, {"missing_key": 2}),
        ({"responses": [{"question": "Why?"}, baseline()["responses"][1]]}, {"missing_key": 1}),
        ({"responses": [baseline()["responses"][1] | {"response": ""}]}, {"empty_text": 1}),
        ({"responses": []}, {}),
    ],
)
def test_damaged_baseline_costs_only_what_is_damaged(change, reason, tmp_path):
    found = mood_axis([write(tmp_path / "m.json", baseline(**change))], study="s")
    assert reasons(found) == reason
    assert found.kept == 2 or "responses" not in change


def test_baseline_rows_say_how_they_were_sampled(tmp_path):
    found = mood_axis([write(tmp_path / "m.json", baseline())], study="s")
    rows = found.rows[found.rows["measure"] == "text_entropy"]
    assert rows["value"].to_list() == pytest.approx([np.log(2), np.log(4)])
    assert rows["finish_reason"].to_list() == ["stop", "length"]
    assert set(rows["token_limit"]) == {384}
    assert set(rows["temperature"]) == {0.7}
    assert set(rows["top_p"]) == {0.9}


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        mood_axis([tmp_path / "none.json"], study="s")
    with pytest.raises(DataError, match="no file to import"):
        mood_axis([], study="s")
