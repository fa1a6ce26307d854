"""The replication part: what it prints of our own runs is what the replies themselves give."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reporter import pipeline
from reporter.observations import write_parquet

MODELS = ("smollm2", "gemma3-270m")
LIMITS = {"shortest": 50, "first": 100, "second": 200, "next": 500, "longest": 1000}
FOLDER = Path(__file__).resolve().parent.parent / "inputs" / "token-scaling"


def entropy(text: str) -> float:
    """The slow, obvious form."""
    return -sum(n / len(text) * math.log(n / len(text)) for n in Counter(text).values())


@pytest.fixture(scope="module", params=MODELS)
def model(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def replies(model) -> pd.DataFrame:
    return pd.read_parquet(FOLDER / model / "responses.parquet")


@pytest.fixture(scope="module")
def rows(model) -> pd.DataFrame:
    return pd.read_parquet(FOLDER / model / "observations.parquet")


def by_prompt(table: pd.DataFrame, **where) -> pd.Series:
    keep = np.logical_and.reduce([table[name] == value for name, value in where.items()])
    return table[keep].groupby("prompt")["value"].mean()


def texts_at(rows, limit):
    return by_prompt(
        rows, measure="text_entropy", estimator="plug_in", run="once-1000", temperature=1.0, token_limit=limit
    )


def test_the_collection_is_the_one_that_was_asked_for(replies):
    assert len(replies) == 252
    once = replies[replies["run"] == "once-1000"]
    assert once.groupby("temperature")["prompt"].nunique().to_dict() == {0.5: 12, 1.0: 12, 1.5: 12, 2.0: 12}
    seeds = once[once["temperature"] == 1.0].groupby("prompt")["seed"].nunique()
    assert seeds.min() >= 5
    assert replies["address"].is_unique
    assert replies["seed"].is_unique


def test_every_row_leads_to_a_reply_whose_entropy_it_is(rows, replies):
    assert rows["address"].is_unique
    by_address = replies.set_index("address")
    whole = rows[(rows["measure"] == "text_entropy") & (rows["estimator"] == "plug_in")]
    found = 0
    for row in whole.itertuples():
        reply = by_address.loc[row.address.partition("@")[0]]
        if row.n == reply["characters"]:
            assert row.value == pytest.approx(entropy(reply["text"]), rel=1e-9)
            found += 1
        else:  # the beginning of the reply, as far as a smaller limit lets it come
            assert row.value == pytest.approx(entropy(reply["text"][: row.n]), rel=1e-9)
            assert row.finish_reason == "length"
    assert found >= len(replies)


@pytest.mark.parametrize("limit", LIMITS)
def test_means_over_prompts(model, rows, answered, limit):
    record = answered.findings.get(f"own_{limit}/{model}").record
    values = texts_at(rows, LIMITS[limit])
    assert record.n == len(values) == 12
    assert record.mean == pytest.approx(values.mean(), rel=1e-12)
    assert record.sd == pytest.approx(values.std(), rel=1e-12)


@pytest.mark.parametrize("limit", LIMITS)
def test_how_many_replies_a_limit_cut(model, replies, answered, limit):
    once = replies[(replies["run"] == "once-1000") & (replies["temperature"] == 1.0)]
    cut = (once["tokens"] > LIMITS[limit]) | (
        (once["tokens"] == LIMITS[limit]) & (once["finish_reason"] == "length")
    )
    record = answered.findings.get(f"own_cut_{limit}/{model}").record
    # a reply of exactly as many tokens as the limit was cut, too: its end was the next step
    exact = ((once["tokens"] == LIMITS[limit]) & (once["finish_reason"] == "stop")).sum()
    assert record.count in (cut.sum(), cut.sum() + exact)
    assert record.n == 60


def test_the_paired_change(model, rows, answered):
    first, second = texts_at(rows, 100), texts_at(rows, 200)
    expected = stats.ttest_rel(second, first)
    record = answered.findings.get(f"own_change/{model}").record
    # differences are rounded to ten decimals, so that 3.03 - 2.93 and 3.13 - 3.03 are ties
    assert record.t == pytest.approx(expected.statistic, rel=1e-7)
    assert record.p == pytest.approx(expected.pvalue, rel=1e-6)


@pytest.mark.parametrize(("limit", "tokens"), [("first", 100), ("second", 200)])
def test_the_zone_by_the_t_distribution_of_the_mean(model, rows, answered, limit, tokens):
    """Twelve prompts and the sample sd: the mean lies below a cut with the probability that t gives it."""
    values = texts_at(rows, tokens)
    record = answered.findings.get(f"own_zone_{limit}/{model}").record
    below = stats.t.cdf((3.0 - values.mean()) / stats.sem(values), df=11)
    assert record.below == pytest.approx(below, rel=1e-9)
    assert record.zone == int(np.searchsorted([3.0, 4.0, 6.0], values.mean(), side="right"))


def test_the_crossing_is_bounded_by_the_probabilities_of_its_halves(model, answered):
    one, two = (answered.findings.get(f"own_zone_{limit}/{model}").record for limit in ("first", "second"))
    record = answered.findings.get(f"own_crossing/{model}").record
    assert one.zone == two.zone
    inside = [zone.probabilities[zone.zone] for zone in (one, two)]
    assert record.low == pytest.approx(max(0.0, sum(inside) - 1), rel=1e-9)
    assert record.high == pytest.approx(min(inside), rel=1e-9)


def test_the_score_of_the_prediction_by_a_linear_model(model, rows, answered):
    """One slope for all prompts is their mean change; so the miss of the mean needs no model."""
    first, second, measured = (texts_at(rows, limit) for limit in (100, 200, 500))
    reach = math.log2(5) - 0.5
    predicted = (first + second) / 2 + reach * (second - first).mean()
    record = answered.findings.get(f"own_prediction/{model}").record
    assert record.mean_error == pytest.approx((measured - predicted).mean(), rel=1e-9)
    assert record.n == 12


def test_the_published_and_the_own_rows_do_not_meet(answered):
    for finding in answered.findings:
        origins = {address.partition("#")[0] == "document.md" for address in finding.trace.addresses}
        assert len(origins) == 1, finding.address


def test_the_report_has_the_part_and_a_study_without_runs_has_not(token_scaling, project):
    assert "Replication with our own runs" in token_scaling.text
    keys = [table.key for table in token_scaling.tables]
    assert [key for key in keys if key.startswith("own_")] == [
        "own_comparison", "own_limits", "own_tokens", "own_anew", "own_cut", "own_changes", "own_zones", "own_scored",
        "own_heat", "own_heat_tokens", "own_raw_first", "own_raw_second",
    ]  # fmt: skip
    alone = pipeline.report(project.root, project.answer())
    assert "own runs" not in alone.text


def test_the_record_of_a_collection_names_neither_machine_nor_place(model):
    text = (FOLDER / model / "collection.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert record["answers"] == record["rows"]["responses"] == 252
    assert record["revision"].startswith("sha256:")
    assert "/" not in record["command"].split()[0]
    assert "/tmp" not in text and "/root" not in text and "/home" not in text


def test_sentences_follow_the_rows(tmp_path):
    """Replies made anew under the second limit that are a nat more entropic: length alone cannot explain them."""
    folder = tmp_path / "inputs" / "token-scaling"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("parts"))
    file = folder / "smollm2" / "observations.parquet"
    rows = pd.read_parquet(file)
    anew = (rows["run"] == "apart-200") & (rows["measure"] == "text_entropy")
    rows.loc[anew, "value"] += 1
    write_parquet(rows, file)
    text = pipeline.report(tmp_path, pipeline.answer(tmp_path, "token-scaling")).text
    assert "For Gemma 3 270M base the change between replies made anew cannot be told from" in text
    assert "; for SmolLM2 135M Instruct it lies outside of what their lengths alone bring about." in text
    assert re.search(
        r"Made anew: \+1\.021 nats .*The change differs from zero\. .* and this one lies outside of", text
    )
