"""Rows in the glossary's columns, with the values that a direct calculation gives."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from reporter.collectors.collect import join
from reporter.collectors.generation import Answer, Sampling, generate
from reporter.collectors.jobs import Job, batches, seed_of
from reporter.collectors.layer_bins import layer_bins
from reporter.collectors.layer_states import layer_states
from reporter.collectors.listed_sums import listed_sums
from reporter.collectors.models import LocalModel
from reporter.collectors.plan import Plan
from reporter.collectors.prefixes import prefixes
from reporter.collectors.replies import replies, response, text_of
from reporter.collectors.run import collect, cut, here
from reporter.collectors.store import Store
from reporter.collectors.token_logits import token_logits
from reporter.collectors.tokens import TOKENS, entropy_by_answer, token_rows
from reporter.columns import CELL, OBSERVATIONS, RESPONSES

Answered = Callable[[Job, LocalModel], Answer]


def answered(job: Job, model: LocalModel) -> Answer:
    ((_, answer),) = generate(model, [job.request(model)], job.sampling)
    return answer


def of(rows: list[dict[str, object]], **where: object) -> list[dict[str, object]]:
    return [row for row in rows if all(row.get(name) == value for name, value in where.items())]


def test_rows_have_the_columns_of_the_glossary(tiny: LocalModel, job: Job) -> None:
    answer = answered(job, tiny)
    rows = [
        row
        for collector in (token_logits, listed_sums, layer_states, layer_bins, replies)
        for row in collector(job, answer, tiny)
    ]
    names = {column.name for column in OBSERVATIONS}
    required = {column.name for column in OBSERVATIONS if column.required}
    for row in rows:
        assert set(row) <= names
        assert required <= set(row)
        assert math.isfinite(row["value"])
    cells = [tuple(row.get(name) for name in CELL["observations"]) for row in rows]
    assert len(set(cells)) == len(cells), "two rows describe one cell"
    assert set(response(job, answer, tiny)) == {column.name for column in RESPONSES}


def test_token_entropy_is_the_mean_over_the_texts_tokens(tiny: LocalModel, job: Job) -> None:
    answer = replace(answered(job, tiny), n_tokens=5)
    rows = token_logits(job, answer, tiny)
    (raw,) = of(rows, estimator="exact", logprob_mode="raw")
    assert raw["value"] == pytest.approx(float(np.mean(answer.raw_entropy[:5])))
    (warped,) = of(rows, estimator="exact", logprob_mode="warped")
    assert warped["value"] == pytest.approx(float(np.mean(answer.warped_entropy[:5])))
    assert {row["n"] for row in rows} == {5}
    (lower,), (upper,) = (of(rows, estimator=f"truncated_{side}") for side in ("lower", "upper"))
    assert lower["value"] <= raw["value"] <= upper["value"]
    assert lower["k"] == 50
    assert lower["missing_mass"] == pytest.approx(float(np.mean(answer.missing_mass[:5])))


def test_nothing_is_said_of_an_empty_answer(tiny: LocalModel, job: Job) -> None:
    empty = replace(answered(job, tiny), n_tokens=0)
    assert token_logits(job, empty, tiny) == replies(job, empty, tiny) == []


def test_a_greedy_answer_has_no_warped_entropy(tiny: LocalModel, job: Job) -> None:
    greedy = replace(job, sampling=Sampling(token_limit=4, temperature=0))
    assert not of(token_logits(greedy, answered(greedy, tiny), tiny), logprob_mode="warped")


def test_layer_entropy_is_that_of_numpys_histogram(tiny: LocalModel, job: Job) -> None:
    answer = answered(job, tiny)
    rows = layer_states(job, answer, tiny)
    for measure, states in (
        ("layer_entropy", answer.last_states),
        ("layer_entropy_of_mean", answer.mean_states),
    ):
        found = of(rows, measure=measure)
        assert [row["layer"] for row in found] == [0, 1, 2, 3]
        for row, state in zip(found, states.astype(np.float64), strict=True):
            bins = min(max(len(np.histogram_bin_edges(state, "fd")) - 1, 50), 200)
            p = np.histogram(state, bins)[0] / state.size
            assert row["value"] == pytest.approx(-sum(x * math.log(x) for x in p if x), rel=1e-9)
    assert {row["n"] for row in rows} == {64}


def test_fixed_bins_are_those_of_numpys_histogram(tiny: LocalModel, job: Job) -> None:
    answer = answered(job, tiny)
    rows = layer_bins(job, answer, tiny)
    for bins in (50, 200):
        found = of(rows, bin_rule=f"{bins}_bins")
        assert [row["layer"] for row in found] == [0, 1, 2, 3]
        for row, state in zip(found, answer.last_states.astype(np.float64), strict=True):
            p = np.histogram(state, bins)[0] / state.size
            assert row["value"] == pytest.approx(-sum(x * math.log(x) for x in p if x), rel=1e-9)


def test_fewer_listed_tokens_have_the_sum_over_the_likeliest(tiny: LocalModel, job: Job) -> None:
    answer = replace(answered(job, tiny), n_tokens=5)
    rows = listed_sums(job, answer, tiny)
    assert [row["k"] for row in rows] == [5, 10, 20]
    for row in rows:
        logs = np.sort(answer.top_logprobs[:5].astype(np.float64))[:, ::-1][:, : row["k"]]
        assert row["value"] == pytest.approx(float(np.mean(-(np.exp(logs) * logs).sum(1))), rel=1e-9)
        assert row["missing_mass"] == pytest.approx(float(np.mean(1 - np.exp(logs).sum(1))), abs=1e-9)
    assert listed_sums(job, replace(answer, n_tokens=0), tiny) == []


def test_text_entropy_is_that_of_a_counter(tiny: LocalModel, job: Job) -> None:
    answer = answered(job, tiny)
    text = text_of(answer, tiny)
    counts = Counter(text).values()
    (row,) = of(replies(job, answer, tiny), estimator="plug_in")
    assert row["n"] == len(text)
    assert row["value"] == pytest.approx(-sum(c / len(text) * math.log(c / len(text)) for c in counts))


def test_a_prefix_is_the_answer_under_the_smaller_limit(endless: LocalModel, job: Job) -> None:
    long = replace(job, sampling=replace(job.sampling, token_limit=40))
    cut = dict(prefixes(long, answered(long, endless), limits=(5, 20, 40, 100)))
    assert [under.sampling.token_limit for under in cut] == [5, 20, 40]
    for under, prefix in cut.items():
        direct = answered(under, endless)
        np.testing.assert_array_equal(prefix.tokens, direct.tokens)
        assert (prefix.n_tokens, prefix.finish_reason) == (direct.n_tokens, direct.finish_reason)
        np.testing.assert_allclose(prefix.raw_entropy, direct.raw_entropy, atol=1e-4)
        assert under.seed == long.seed


def test_an_answer_that_ended_is_its_own_prefix(tiny: LocalModel, job: Job) -> None:
    answer = replace(answered(job, tiny), finish_reason="stop", n_tokens=11)
    ((_, first), (_, second)) = prefixes(job, answer, limits=(11, 12))
    assert (first.n_tokens, first.finish_reason) == (11, "length"), "the limit was met before the end"
    assert (second.n_tokens, second.finish_reason) == (11, "stop")


def jobs_of(job: Job, n: int) -> list[Job]:
    return [
        replace(job, replicate=i, seed=seed_of(1, i), text=" ".join(["sky"] * (1 + i % 5)))
        for i in range(1, n + 1)
    ]


def test_a_plan_taken_up_again_has_the_same_bytes(tiny: LocalModel, job: Job, tmp_path: Path) -> None:
    plan = Plan(
        jobs=jobs_of(job, 10), collectors=(token_logits, listed_sums, replies, layer_states, layer_bins), prefixes=(4, 12),
        states=True, batch_size=4,
    )  # fmt: skip
    files = {}
    for name, stops in (("whole", 0), ("broken", 2)):
        store = Store(tmp_path / name)
        shards = list(cut(plan, tiny))
        parts = collect(shards, store, here(tiny))
        for _ in range(stops):
            next(parts)
        counts: list[tuple[int, int]] = []
        for _ in collect(shards, store, here(tiny), report=lambda *count, to=counts: to.append(count)):
            pass
        assert counts == [(done, 10) for done in (0, 4, 8, 10)[stops:]]
        keys = [shard.key for shard in shards]
        assert len(keys) == 3
        assert len(store.jobs()) == 10
        join(store, keys, tmp_path / name)
        files[name] = {path.name: path.read_bytes() for path in (tmp_path / name).glob("*.*")}
    assert files["whole"] == files["broken"]
    assert set(files["whole"]) == {"observations.parquet", "responses.parquet", "states.parquet"}
    rows = pq.read_table(tmp_path / "whole" / "observations.parquet").to_pylist()
    assert {row["token_limit"] for row in rows} == {4, 12}
    assert len({row["address"] for row in rows}) == len(rows)
    whole = {row["address"] for row in pq.read_table(tmp_path / "whole" / "responses.parquet").to_pylist()}
    assert {row["address"].partition("@")[0] for row in rows} == whole
    states = pq.read_table(tmp_path / "whole" / "states.parquet").to_pylist()
    assert [len(row["state"]) for row in states] == [64] * 10


def test_batches_depend_on_the_plan_alone(tiny: LocalModel, job: Job) -> None:
    jobs = jobs_of(job, 9)
    hot = [replace(one, sampling=replace(one.sampling, temperature=2.0)) for one in jobs[:3]]
    cut = [[one.digest for one in batch] for batch in batches(jobs + hot, tiny, batch_size=4)]
    assert [len(batch) for batch in cut] == [4, 4, 1, 3]
    assert cut == [[one.digest for one in batch] for batch in batches((jobs + hot)[::1], tiny, batch_size=4)]
    lengths = [
        len(one.request(tiny).prompt_ids) for batch in batches(jobs, tiny, batch_size=4) for one in batch
    ]
    assert lengths == sorted(lengths)


def test_token_rows_lead_back_to_answers(tiny: LocalModel, job: Job, tmp_path: Path) -> None:
    jobs = jobs_of(job, 7)
    found = {one: answered(one, tiny) for one in jobs}
    file = tmp_path / "tokens.parquet"
    with pq.ParquetWriter(file, TOKENS) as writer:
        for one, answer in found.items():
            writer.write_table(token_rows(one, answer, tiny), row_group_size=5)  # answers over several groups
    expected = {
        one.cell(tiny)["address"]: (float(answer.raw_entropy[: answer.n_tokens].mean()), answer.n_tokens)
        for one, answer in found.items()
    }
    for row in entropy_by_answer(file).to_pylist():
        mean, n = expected.pop(row["address"])
        assert row["raw_entropy"] == pytest.approx(mean, rel=1e-6)
        assert row["n"] == n
    assert not expected


def test_smollm2_gives_plausible_rows(smollm2: LocalModel, job: Job) -> None:
    real = replace(
        job, text="Name three fruits.", sampling=Sampling(token_limit=16, temperature=0.7, top_p=0.9)
    )
    answer = answered(real, smollm2)
    (raw,) = of(token_logits(real, answer, smollm2), estimator="exact", logprob_mode="raw")
    assert 0.05 < raw["value"] < 6  # nats; uniform over the vocabulary would be 10.8
    layers = of(layer_states(real, answer, smollm2), measure="layer_entropy")
    assert [row["layer"] for row in layers] == list(range(31))
    assert all(0 < row["value"] < math.log(200) for row in layers)
