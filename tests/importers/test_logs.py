"""Logs of other tools: batches, harness samples, Inspect logs, and tables with a mapping."""

from __future__ import annotations

import json
import math
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from reporter.errors import DataError, SystemPartMissing
from reporter.importers import inspect_log as inspect_module
from reporter.importers.csv_mapping import csv_mapping
from reporter.importers.inspect_log import inspect_log
from reporter.importers.lm_eval import lm_eval
from reporter.importers.openai_batch import openai_batch

HALVES = [{"logprob": math.log(0.5)}, {"logprob": math.log(0.5)}]
MAPPING = {"model": "who", "value": "h", "n": "length"}
SAID = {
    "prompt_set": "p", "measure": "text_entropy", "unit": "bits", "symbol": "character",
    "estimator": "plug_in",
}  # fmt: skip


def jsonl(path, *lines):
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def reasons(imported):
    counts: dict[str, int] = {}
    for found in imported.ledger:
        counts[found.reason] = counts.get(found.reason, 0) + found.count
    return counts


def choice(text="aabb", index=0, steps=None, finish="stop"):
    listed = None if steps is None else {"content": [{"token": "x", "top_logprobs": step} for step in steps]}
    return {
        "index": index, "message": {"role": "assistant", "content": text}, "finish_reason": finish,
        "logprobs": listed,
    }  # fmt: skip


def line(*choices, custom_id="why", **changes):
    body = {
        "model": "gpt-4o-2024", "choices": list(choices), "system_fingerprint": "fp_1",
        "usage": {"completion_tokens": 2},
    }  # fmt: skip
    return {
        "id": "batch_1", "custom_id": custom_id, "response": {"status_code": 200, "body": body}, "error": None,
    } | changes  # fmt: skip


def test_batch_measures_text_and_tokens(tmp_path):
    asked = jsonl(
        tmp_path / "in.jsonl",
        {"custom_id": "why", "body": {"messages": [{"role": "user", "content": "Why?"}], "max_tokens": 50,
                                      "temperature": 0.5, "seed": 3}},
    )  # fmt: skip
    path = jsonl(tmp_path / "out.jsonl", line(choice(steps=[HALVES, HALVES], finish="length")))
    found = openai_batch([path], study="s", requests=asked, logprob_mode="raw", vocabulary=1000)
    rows = found.rows.set_index("estimator")
    assert list(rows.index) == ["plug_in", "truncated_partial", "truncated_lower", "truncated_upper"]
    assert rows["value"].to_list() == pytest.approx([math.log(2)] * 4)
    assert set(rows["token_limit"]) == {50}
    assert set(rows["seed"]) == {3}
    assert set(rows["finish_reason"]) == {"length"}
    assert set(rows["logprob_mode"]) == {"", "raw"}
    assert found.responses["text"].to_list() == ["aabb"]
    assert found.responses["tokens"].to_list() == [2]


def test_batch_replicates_and_failures(tmp_path):
    failed = line(custom_id="b", response={"status_code": 429, "body": {}})
    path = jsonl(
        tmp_path / "out.jsonl",
        line(choice("ab"), choice("abcd", 1)), line(choice("aab")), failed, '{"custom_id": "cut', line(choice("")),
    )  # fmt: skip
    found = openai_batch([path], study="s")
    assert found.rows["replicate"].to_list() == [1, 2, 3]
    assert found.rows["address"].is_unique
    assert reasons(found) == {"request_failed": 1, "not_json": 1, "empty_text": 1}
    assert (found.kept, found.answers) == (3, 6)


@pytest.mark.parametrize(
    ("steps", "mode", "reason"),
    [
        ([HALVES], "", "logprob_mode_unstated"),
        ([HALVES, HALVES[:1]], "raw", "k_varies"),
        ([[]], "raw", "no_top_logprobs"),
        ([HALVES * 2], "raw", "mass_above_one"),
        ([[{"logprob": float("nan")}]], "raw", "not_finite"),
        ([HALVES], "cooked", "unknown_logprob_mode"),
    ],
)
def test_log_probabilities_that_say_nothing_are_left_out(steps, mode, reason, tmp_path):
    path = jsonl(tmp_path / "out.jsonl", line(choice(steps=steps)))
    found = openai_batch([path], study="s", logprob_mode=mode)
    assert reasons(found) == {reason: 1}
    assert found.rows["measure"].to_list() == ["text_entropy"], "the text is kept"


def sample(doc_id, resps, **changes):
    arguments = {"gen_args_0": {"arg_0": "Why?", "arg_1": {"max_gen_toks": 64, "temperature": 0.0}}}
    return {"doc_id": doc_id, "resps": resps, "arguments": arguments, "filter": "none"} | changes


def test_harness_generations_and_repeats(tmp_path):
    path = jsonl(
        tmp_path / "samples_gsm8k_2026-01-04T20-55-43.123.jsonl",
        sample(0, [["aabb", "abcd"]]), sample(0, [["aabb", "abcd"]], filter="strict"), sample(1, [["ab"]]),
    )  # fmt: skip
    found = lm_eval([path], study="s", model="tiny")
    assert found.rows["value"].to_list() == pytest.approx([math.log(2), math.log(4), math.log(2)])
    assert found.rows["replicate"].to_list() == [1, 2, 1]
    assert set(found.rows["prompt_set"]) == {"gsm8k"}
    assert set(found.rows["token_limit"]) == {64}
    assert set(found.rows["temperature"]) == {0.0}
    assert (found.kept, found.answers) == (2, 2)


def test_harness_choices_give_an_entropy_over_what_was_offered(tmp_path):
    logs = [math.log(0.3), math.log(0.1)]
    resps = [[[str(value), "False"]] for value in logs]
    found = lm_eval([jsonl(tmp_path / "samples_arc_x.jsonl", sample(7, resps))], study="s", model="tiny")
    row = found.rows.iloc[0]
    assert row["measure"] == "choice_entropy"
    assert row["value"] == pytest.approx(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)))
    assert row["missing_mass"] == pytest.approx(0.6)
    assert row["logprob_mode"] == "raw"


def test_harness_damage(tmp_path):
    path = jsonl(
        tmp_path / "samples_arc_x.jsonl",
        {"doc_id": 1}, "{", sample(2, [[["-0.1", "True"]]]), sample(3, [[["-0.1"]], [["-0.1"]]]),
        sample(4, [[["a"]], [["b"]]]), sample(5, [["ab"]]),
    )  # fmt: skip
    found = lm_eval([path], study="s", model="tiny")
    assert reasons(found) == {
        "missing_key": 1, "not_json": 1, "too_few": 1, "mass_above_one": 1, "wrong_type": 1,
    }  # fmt: skip
    assert (found.kept, found.answers) == (1, 6)


@pytest.fixture
def inspect_file(tmp_path):
    """Write a log of two epochs with inspect_ai itself."""
    log_module = pytest.importorskip("inspect_ai.log", reason="inspect_ai is not installed")
    model_module = pytest.importorskip("inspect_ai.model")

    def reply(text, stop):
        said = model_module.ChatMessageAssistant(content=text)
        tops = [model_module.TopLogprob(token=t, logprob=math.log(0.5)) for t in "ab"]
        step = model_module.Logprob(token="a", logprob=math.log(0.5), top_logprobs=tops)
        logprobs = model_module.Logprobs(content=[step, step])
        one = model_module.ChatCompletionChoice(message=said, stop_reason=stop, logprobs=logprobs)
        return model_module.ModelOutput(model="tiny-1", choices=[one])

    samples = [
        log_module.EvalSample(id="q1", epoch=1, input="Why?", target="", output=reply("aabb", "stop")),
        log_module.EvalSample(id="q1", epoch=2, input="Why?", target="", output=reply("abcd", "max_tokens")),
        log_module.EvalSample(id="q2", epoch=1, input="How?", target=""),
    ]
    spec = log_module.EvalSpec(
        created="2026-01-04T20:55:43+00:00", task="riddles", model="openai/tiny",
        dataset=log_module.EvalDataset(), config=log_module.EvalConfig(),
        model_generate_config=model_module.GenerateConfig(max_tokens=64, temperature=0.5, seed=9),
    )  # fmt: skip

    def write(suffix):
        path = tmp_path / f"log.{suffix}"
        log_module.write_eval_log(log_module.EvalLog(eval=spec, samples=samples), path)
        return path

    return write


@pytest.mark.parametrize("suffix", ["eval", "json"])
def test_inspect_logs(suffix, inspect_file):
    found = inspect_log([inspect_file(suffix)], study="s", logprob_mode="raw")
    texts = found.rows[found.rows["measure"] == "text_entropy"]
    assert texts["value"].to_list() == pytest.approx([math.log(2), math.log(4)])
    assert texts["replicate"].to_list() == [1, 2]
    assert texts["finish_reason"].to_list() == ["stop", "length"]
    tokens = found.rows[found.rows["measure"] == "token_entropy"]
    assert tokens["value"].to_list() == pytest.approx([math.log(2)] * 4)
    for column, value in (
        ("model", "tiny"), ("provider", "openai"), ("revision", "tiny-1"), ("prompt_set", "riddles"),
        ("token_limit", 64), ("temperature", 0.5), ("seed", 9),
    ):  # fmt: skip
        assert set(found.rows[column]) == {value}, column
    assert reasons(found) == {"sample_failed": 1}
    assert (found.kept, found.answers) == (2, 3)


@pytest.mark.parametrize("suffix", ["eval", "json"])
def test_damaged_inspect_logs_are_left_out(suffix, inspect_file):
    path = inspect_file(suffix)
    path.write_bytes(path.read_bytes()[:-200])
    found = inspect_log([path], study="s")
    assert reasons(found) == {"truncated_zip" if suffix == "eval" else "not_inspect_log": 1}


def test_inspect_bomb_is_refused(tmp_path):
    pytest.importorskip("inspect_ai.log", reason="inspect_ai is not installed")
    path = tmp_path / "bomb.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", bytes(inspect_module.RATIO_MATTERS + 1))
    assert reasons(inspect_log([path], study="s")) == {"zip_bomb": 1}


def test_inspect_is_asked_for_in_words(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with pytest.raises(SystemPartMissing, match="pip install inspect_ai"):
        inspect_log([tmp_path / "log.eval"], study="s")


def table(tmp_path, text):
    path = tmp_path / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_mapping_reads_values(tmp_path):
    path = table(tmp_path, "who,h,length\na,3.5,10\nb,,10\nc,nan,10\nd,x,10\ne,3\nf,-1,10\ng,2,1.5\n")
    found = csv_mapping([path], study="s", mapping=MAPPING, constants=SAID)
    assert found.rows[["model", "value", "n", "unit"]].iloc[0].tolist() == ["a", 3.5, 10, "bits"]
    assert len(found.rows) == 1
    assert reasons(found) == {
        "empty_value": 1, "not_finite": 1, "not_a_number": 1, "ragged_row": 1, "out_of_range": 2,
    }  # fmt: skip
    assert (found.kept, found.answers) == (1, 7)
    assert found.ledger[0].what == "rows.csv, line 3"


def test_mapping_reads_parquet_and_measures_texts(tmp_path):
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"who": ["a", "b"], "said": ["aabb", None], "asked": ["Why?", "Why?"]}).to_parquet(path)
    mapping = {"model": "who", "text": "said", "prompt_text": "asked"}
    found = csv_mapping([path], study="s", mapping=mapping, constants={"prompt_set": "p"})
    assert found.rows["value"].to_list() == pytest.approx([math.log(2)])
    assert found.responses["text"].to_list() == ["aabb"]
    assert reasons(found) == {"empty_text": 1}
    path.write_bytes(path.read_bytes()[:-20])
    assert reasons(csv_mapping([path], study="s", mapping=mapping, constants={"prompt_set": "p"})) == {
        "not_parquet": 1
    }


@pytest.mark.parametrize(
    ("mapping", "constants", "words"),
    [
        ({"modle": "who"}, {}, 'Did you mean "model"'),
        ({"address": "who"}, {}, '"address" is no column to import'),
        ({"model": "who"}, SAID, 'The mapping lacks "value"'),
        (MAPPING | {"value": "entropy"}, SAID, 'There is no column "entropy"'),
    ],
)
def test_mapping_that_does_not_fit_is_refused(mapping, constants, words, tmp_path):
    with pytest.raises(DataError, match=words):
        csv_mapping(
            [table(tmp_path, "who,h,length\na,1,2\n")], study="s", mapping=mapping, constants=constants
        )


def test_wrong_unit_is_left_out(tmp_path):
    path = table(tmp_path, "who,h,length\na,3.5,10\n")
    found = csv_mapping([path], study="s", mapping=MAPPING, constants=SAID | {"unit": "s"})
    assert reasons(found) == {"wrong_unit": 1}


def test_halves_have_an_entropy_of_log_two():
    p = np.exp([entry["logprob"] for entry in HALVES])
    assert -np.sum(p * np.log(p)) == pytest.approx(math.log(2))
