"""Pooled correlations, against enumeration by hand and the values of the methods page."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import spearmanr

from reporter.errors import Degenerate
from reporter.statistics.pooled_spearman import pooled_spearman
from reporter.statistics.spearman_bca import spearman_bca
from reporter.statistics.stratified_spearman import stratified_spearman

TOPICS = np.repeat([0, 1, 2], 10)
DRAWN = 100_000


def character_entropy(text):
    counts = np.array(list(Counter(text).values()), dtype=float)
    return float(-(counts / counts.sum() * np.log(counts / counts.sum())).sum())


@pytest.fixture(scope="module")
def answers(shared):
    entropy, axes = [], []
    for model in ("qwen", "deepseek"):
        study = json.loads((shared / f"data/mood-axis/{model}_7b_baseline.json").read_text(encoding="utf-8"))
        entropy.append([character_entropy(answer["response"]) for answer in study["responses"]])
        axes.append(study["axes"]["warm_cold"]["values"])
    return np.array(entropy), np.array(axes)


def near(p):
    """Within 4 Monte Carlo errors of ours, and half a unit of the printed digits."""
    return pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / DRAWN) + 0.0006)


def test_warmth_within_blocks_of_questions(answers):
    entropy, axes = answers
    found = pooled_spearman(
        entropy, axes, blocks=TOPICS, rng=np.random.default_rng(0), permutations=DRAWN, resamples=2000
    )
    assert found.p == near(0.0397)
    assert found.interval.low < found.r < found.interval.high < 0


def test_exact_p_applies_each_order_to_every_model():
    rng = np.random.default_rng(2)
    first, second = rng.integers(0, 5, (3, 5)).astype(float), rng.integers(0, 5, (3, 5)).astype(float)
    second[1] = 4.0  # constant in the second model, which is left out

    def z(order):
        rho = [spearmanr(first[model, list(order)], second[model]).statistic for model in (0, 2)]
        return np.arctanh(np.clip(rho, 1e-12 - 1, 1 - 1e-12)).mean()

    every = np.array([z(order) for order in permutations(range(5))])
    found = pooled_spearman(first, second, rng=rng, resamples=200)
    assert found.z == pytest.approx(every[0], rel=1e-10)
    assert found.r == pytest.approx(np.tanh(every[0]), rel=1e-10)
    assert found.p == np.mean(np.abs(every) >= abs(every[0]) - 1e-9)
    assert (found.k, found.models.indices, found.models.n) == (2, (0, 2), 3)


def test_one_model_is_plain_spearman(answers):
    entropy, axes = answers
    found = pooled_spearman(entropy[:1], axes[:1], rng=np.random.default_rng(0), permutations=99)
    assert found.r == pytest.approx(spearmanr(entropy[0], axes[0]).statistic, rel=1e-10)


def test_one_model_within_strata_is_stratified_spearman():
    rng = np.random.default_rng(8)
    strata = np.repeat(["a", "b", "c"], [9, 12, 6])
    one, two = rng.normal(size=(2, strata.size)) + 3 * np.unique(strata, return_inverse=True)[1]
    pooled = pooled_spearman(
        [one],
        [two],
        strata=[strata],
        blocks=strata,
        rng=np.random.default_rng(1),
        permutations=40_000,
        resamples=50,
    )
    apart = stratified_spearman(one, two, strata, rng=np.random.default_rng(2), permutations=40_000)
    assert pooled.r == pytest.approx(apart.r, rel=1e-10)
    assert pooled.p == near(apart.p)
    assert abs(pooled.r) < abs(pooled_spearman([one], [two], rng=rng, permutations=99, resamples=50).r)


def test_the_interval_of_one_model_is_that_of_its_rho():
    rng = np.random.default_rng(3)
    first = rng.normal(size=(1, 40))
    second = first + 0.5 * rng.normal(size=(1, 40))
    found = pooled_spearman(first, second, rng=rng, permutations=99, resamples=9999).interval
    alone = spearman_bca(first[0], second[0], rng=rng).interval
    # BCa respects transformations up to the acceleration, which is taken of z here and of rho there
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.02)


def test_a_model_counted_twice_changes_neither_value_nor_interval(answers):
    entropy, axes = answers
    once, twice = (
        pooled_spearman(entropy[who], axes[who], rng=np.random.default_rng(0), permutations=99)
        for who in ([0], [0, 0])
    )
    assert twice.z == pytest.approx(once.z, rel=1e-12)
    # the same questions are drawn for both, so there is no second sample to narrow the interval
    assert twice.interval.low == pytest.approx(once.interval.low, rel=1e-9)
    assert twice.p == once.p


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (np.ones((2, 9)), np.arange(18).reshape(2, 9), "constant_series"),
        (np.arange(18).reshape(2, 9), np.arange(16).reshape(2, 8), "mismatched_lengths"),
        (np.arange(9), np.arange(9), "mismatched_lengths"),
        (np.full((2, 9), np.nan), np.arange(18).reshape(2, 9), "not_finite"),
        (np.arange(6).reshape(2, 3), np.arange(6).reshape(2, 3), "too_few"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        pooled_spearman(first, second, rng=np.random.default_rng(0))
    assert refusal.value.reason == reason
