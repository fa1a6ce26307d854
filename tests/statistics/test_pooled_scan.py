"""Pooled scan of axes, against slow pooled values, R's regression on strata, and values of the methods page."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from reporter.errors import Degenerate
from reporter.statistics._pooling import pool
from reporter.statistics.pooled_scan import pooled_scan
from reporter.statistics.stratified_spearman import stratified_spearman

AXES = {  # mean atanh(rho), joint p, k of the methods page
    "warm_cold": (-0.345412, 0.0171, 2),
    "patient_irritated": (-0.026262, 0.839, 2),
    "confident_cautious": (0.140369, 0.3015, 2),
    "proactive_reluctant": (-0.041180, 0.829, 1),
    "empathetic_analytical": (-0.228336, 0.1065, 2),
    "formal_casual": (0.225521, 0.1039, 2),
    "verbose_concise": (-0.003726, 0.978, 2),
}
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
        axes.append([study["axes"][axis]["values"] for axis in AXES])
    return np.array(entropy), np.array(axes)


def near(p):
    """Within 4 Monte Carlo errors of ours, and half a unit of the printed digits."""
    return pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / DRAWN) + 0.0006)


def test_axes_of_the_methods_page(answers):
    scan = pooled_scan(*answers, rng=np.random.default_rng(0), permutations=DRAWN, resamples=200)
    for member, (axis, (z, p, k)) in zip(scan.members, AXES.items(), strict=True):
        assert round(member.z, 6) == z, axis
        assert member.p == near(p), axis
        assert member.k == k
    assert scan.p_single_step[0] == near(0.132)
    assert scan.members[3].models.indices == (0,)


def test_exact_p_is_that_of_the_largest_axis():
    rng = np.random.default_rng(5)
    first, second = rng.integers(0, 6, (2, 5)).astype(float), rng.integers(0, 6, (2, 3, 5)).astype(float)
    second[:, 1] = 2.0  # constant in both models: no axis at all
    second[0, 2] = 2.0  # constant in the first model

    def absolute(order):
        moved = first[:, list(order)]
        rho = [
            [spearmanr(moved[model], second[model, axis]).statistic for model in models]
            for axis, models in ((0, (0, 1)), (2, (1,)))
        ]
        return [abs(np.arctanh(np.clip(one, 1e-12 - 1, 1 - 1e-12)).mean()) for one in rho]

    every = np.array([absolute(order) for order in permutations(range(5))])
    found = pooled_scan(first, second, rng=rng, resamples=99)
    assert found.axes.indices == (0, 2)
    assert [member.p for member in found.members] == list((every >= every[0] - 1e-9).mean(axis=0))
    largest = every.max(axis=1)[:, np.newaxis]
    assert found.p_single_step == tuple((largest >= every[0] - 1e-9).mean(axis=0))


def test_refuses_axes_that_never_vary():
    with pytest.raises(Degenerate) as refusal:
        pooled_scan(np.arange(18).reshape(2, 9), np.ones((2, 3, 9)), rng=np.random.default_rng(0))
    assert refusal.value.reason == "constant_series"


def models_of(values):
    """Three models of eight questions and three axes, strata of each, and the blocks of questions."""

    def by_model(case):
        return np.array([[values[case, f"{model}_{place}"] for place in range(8)] for model in range(3)])

    axes = np.stack([by_model(f"axis_{axis}") for axis in range(3)], axis=1)
    return by_model("first"), axes, by_model("strata"), [values["blocks", str(place)] for place in range(8)]


def test_agrees_with_r_within_strata_of_each_model(reference):
    """By lm on stratum dummies, before and after each of the 576 orders; the second model lacks an axis."""
    values = reference("pooled_scan")
    first, axes, strata, blocks = models_of(values)
    found = pooled_scan(first, axes, strata=strata, blocks=blocks, rng=np.random.default_rng(0), resamples=99)
    for axis, member in enumerate(found.members):
        assert member.z == pytest.approx(values["z", str(axis)], rel=1e-8)
        assert member.r == pytest.approx(np.tanh(values["z", str(axis)]), rel=1e-8)
        assert member.p == pytest.approx(values["p", str(axis)], rel=1e-12)
        assert member.k == values["k", str(axis)]
        assert member.method == "mean_atanh_stratified_spearman_exact_permutation"
    for field in ("p_single_step", "p_step_down"):
        expected = [values[field, str(axis)] for axis in range(3)]
        assert getattr(found, field) == pytest.approx(expected, rel=1e-12)
    assert found.members[2].models.indices == (0, 2)
    assert found.method == "max_pooled_stratified_spearman_exact_permutation"


def test_resamples_agree_with_r_on_the_questions_drawn(reference):
    """Ranked among themselves, on the strata that they brought."""
    values = reference("pooled_scan")
    first, axes, strata, _ = models_of(values)
    drawn = np.array([[1, 1, 2, 3, 4, 6, 7, 7], [2, 3, 3, 4, 5, 5, 6, 8]]) - 1.0
    data = pool(first, axes, strata)
    for axis in range(3):
        expected = [values[f"resample_{way}", str(axis)] for way in range(2)]
        assert list(data.resampled(axis, drawn)) == pytest.approx(expected, rel=1e-8)


def left_by(strata, ranks):
    """Take off what least squares on stratum dummies explains."""
    dummies = (np.array(strata)[:, np.newaxis] == np.unique(strata)).astype(float)
    return ranks - dummies @ np.linalg.lstsq(dummies, ranks, rcond=None)[0]


def z_of(first, second, strata, order=slice(None)):
    """Pool one axis by definition: regress ranks, move what is left, regress it again."""
    z = []
    for one, two, held in zip(first, second, strata, strict=True):
        moved = left_by(held, left_by(held, rankdata(one))[order])
        other = left_by(held, rankdata(two))
        length = np.sqrt((moved @ moved) * (other @ other))
        rho = moved @ other / length if moved @ moved > 1e-9 else 0.0
        z.append(np.arctanh(np.clip(rho, 1e-12 - 1, 1 - 1e-12)))
    return np.mean(z)


def test_random_orders_agree_with_regression_on_strata():
    """Too many orders to enumerate, strata that cross blocks, single members, and 37 models of 30 questions."""
    rng = np.random.default_rng(4)
    first, second = rng.normal(size=(37, 30)), rng.normal(size=(37, 2, 30))
    strata = rng.integers(0, 9, size=(37, 30))
    orders = np.array([rng.permutation(30) for _ in range(40)]).T
    found = pool(first, second, strata).permuted(orders)
    for axis in range(2):
        expected = [z_of(first, second[:, axis], strata, order) for order in orders.T]
        assert found[:, axis] == pytest.approx(np.array(expected), abs=1e-12)


def test_an_order_may_leave_nothing_within_strata():
    """What was lowest in each stratum comes into one, and so on: only rounding could make a correlation then."""
    strata = [np.repeat([0, 1, 2], 3)]
    second = np.random.default_rng(3).normal(size=(20, 9))
    order = np.arange(9).reshape(3, 3).T.ravel()
    data = pool([np.arange(9.0)], [second], strata)
    found = data.permuted(np.stack([np.arange(9), order], axis=1))
    assert found[0] == pytest.approx(np.array([z_of([np.arange(9)], [axis], strata) for axis in second]))
    assert found[1].tolist() == [0.0] * 20


def test_one_stratum_is_no_stratum():
    rng = np.random.default_rng(6)
    first, second = rng.integers(0, 6, (3, 9)).astype(float), rng.integers(0, 6, (3, 2, 9)).astype(float)
    plain, whole = (
        pooled_scan(first, second, rng=np.random.default_rng(0), permutations=999, resamples=200, **strata)
        for strata in ({}, {"strata": [["all"] * 9] * 3})
    )
    for one, other in zip(plain.members, whole.members, strict=True):
        assert (one.z, one.p, one.k, one.interval) == (other.z, other.p, other.k, other.interval)
    assert plain.method == "max_pooled_spearman_exact_permutation"


def test_neither_order_nor_names_nor_units_matter_within_strata():
    rng = np.random.default_rng(11)
    first, second, strata = rng.normal(size=(3, 7)), rng.normal(size=(3, 2, 7)), rng.integers(0, 2, (3, 7))
    order, blocks = rng.permutation(7), np.array([0, 0, 0, 1, 1, 1, 1])
    found = pooled_scan(first, second, strata=strata, blocks=blocks, rng=rng, resamples=99)
    moved = pooled_scan(
        np.exp(first)[::-1, order], -second[::-1, :, order], strata=np.array(["one", "a"])[strata][::-1, order],
        blocks=blocks[order], rng=rng, resamples=99,
    )  # fmt: skip
    assert [member.z for member in moved.members] == pytest.approx([-member.z for member in found.members])
    assert (moved.p_step_down, moved.threshold) == (found.p_step_down, found.threshold)


def test_one_model_has_the_rho_of_its_strata():
    rng = np.random.default_rng(8)
    first, second, strata = rng.normal(size=9), rng.normal(size=9), np.repeat([0, 1, 2], 3)
    found = pooled_scan(
        [first], [[second]], strata=[strata], blocks=strata, rng=rng, permutations=99, resamples=99
    )
    alone = stratified_spearman(first, second, strata, rng=rng)
    assert found.members[0].r == pytest.approx(alone.r, rel=1e-10)
    assert found.members[0].p == alone.p  # 216 orders


def test_what_differs_between_strata_only_is_no_axis():
    rng = np.random.default_rng(7)
    strata = np.repeat([["cut", "end"], ["end", "cut"]], 5, axis=1)
    first, second = rng.normal(size=(2, 10)), rng.normal(size=(2, 3, 10))
    second[:, 0] = strata == "cut"
    second[1, 2] = strata[1] == "cut"
    found = pooled_scan(first, second, strata=strata, rng=rng, permutations=99, resamples=99)
    assert (found.axes.indices, found.family_size) == ((1, 2), 2)
    assert [member.models.indices for member in found.members] == [(0, 1), (0,)]


def test_strata_keep_cut_answers_from_making_a_correlation():
    """Cut answers are high on both; another half is cut in each model."""
    rng = np.random.default_rng(9)
    cut = np.array([rng.permutation(np.repeat([True, False], 15)) for _ in range(4)])
    first, second = rng.normal(size=(4, 30)) + 4 * cut, rng.normal(size=(4, 1, 30)) + 4 * cut[:, np.newaxis]
    plain, within = (
        pooled_scan(first, second, strata=strata, rng=rng, permutations=999).members[0]
        for strata in (None, cut)
    )
    assert plain.p == plain.p_floor == 0.001
    assert plain.interval.low > 0.5
    assert within.p > 0.05
    assert within.interval.low < within.r < within.interval.high
    assert within.interval.low < 0 < within.interval.high


def test_a_resample_in_which_nothing_varies_together_has_no_correlation():
    """Questions 0 and 1 vary in one series, 2 and 3 in the other, 4 and 5 in both."""
    strata = [["a", "a", "b", "b", "c", "c"]]
    data = pool([[1.0, 2.0, 5.0, 5.0, 7.0, 8.0]], [[[3.0, 3.0, 1.0, 2.0, 8.0, 9.0]]], strata)
    drawn = np.array([[0, 1, 2, 3, 4, 4], [0, 0, 1, 1, 2, 3], [4, 5, 4, 5, 0, 2]], dtype=float)
    found = data.resampled(0, drawn)
    assert np.isnan(found[:2]).all()
    assert found[2] > 10  # rho = 1


@pytest.mark.parametrize(
    ("strata", "reason"),
    [
        (["a"] * 9, "mismatched_lengths"),
        ([["a"] * 9], "mismatched_lengths"),
        ([["a"] * 8] * 2, "mismatched_lengths"),
        ([list("abcdefghi")] * 2, "constant_series"),  # every answer alone
    ],
)
def test_strata_are_refused_with_a_reason(strata, reason):
    rng = np.random.default_rng(0)
    with pytest.raises(Degenerate) as refusal:
        pooled_scan(rng.normal(size=(2, 9)), rng.normal(size=(2, 3, 9)), strata=strata, rng=rng)
    assert refusal.value.reason == reason


def test_series_that_vary_in_different_strata_are_refused_in_words():
    strata = [["cut", "cut", "end", "end"]] * 2
    with pytest.raises(Degenerate, match="in none of the 2 models do both series vary in the same stratum"):
        pooled_scan(
            [[1.0, 2.0, 3.0, 3.0]] * 2,
            [[[1.0, 1.0, 2.0, 3.0]]] * 2,
            strata=strata,
            rng=np.random.default_rng(0),
        )
