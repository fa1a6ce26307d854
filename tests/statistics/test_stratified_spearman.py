"""Stratified Spearman, against R's lm on stratum dummies, and enumeration within strata by hand."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.stats import rankdata

from reporter.errors import Degenerate
from reporter.statistics.spearman import spearman
from reporter.statistics.stratified_spearman import stratified_spearman


def test_agrees_with_r(reference):
    expected = reference("spearman")
    first, second, strata = (
        np.array([expected[name, f"{row}"] for row in range(1, 33)]) for name in ("mpg", "qsec", "cyl")
    )
    ours = stratified_spearman(first, second, strata, rng=np.random.default_rng(0))
    assert ours.r == pytest.approx(expected["strata", "r"], rel=1e-8)
    assert ours.interval.low == pytest.approx(expected["strata", "low"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected["strata", "high"], rel=1e-8)
    assert ours.n == 32


def test_strata_in_which_a_series_does_not_vary_widen_the_interval(reference):
    expected = reference("spearman")
    first, second, strata = (
        np.array([expected[name, f"{row}"] for row in range(1, 33)]) for name in ("mpg", "qsec", "carb")
    )
    clipped = np.minimum(first, 17)
    ours = stratified_spearman(clipped, second, strata, rng=np.random.default_rng(0))
    assert ours.n == expected["uninformative", "n"] == 23
    assert ours.r == pytest.approx(expected["uninformative", "r"], rel=1e-8)
    assert ours.interval.low == pytest.approx(expected["uninformative", "low"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected["uninformative", "high"], rel=1e-8)


def test_members_without_information_do_not_change_p():
    first, second, strata = [3, 1, 4, 1, 5, 9], [2, 7, 1, 8, 2, 8], [0, 0, 0, 1, 1, 1]
    alone = stratified_spearman(first, second, strata)
    more = stratified_spearman([*first, 20, 20, 30], [*second, 20, 30, 40], [*strata, 2, 2, 3])
    assert (more.p, more.p_floor, more.n) == (alone.p, alone.p_floor, alone.n)


def test_series_that_vary_in_different_strata_say_nothing():
    with pytest.raises(Degenerate) as refusal:
        stratified_spearman([1, 2, 3, 9, 9, 9], [5, 5, 5, 1, 2, 3], [0, 0, 0, 1, 1, 1])
    assert refusal.value.reason == "constant_series"


def test_exact_p_is_the_share_of_orders_within_strata():
    first = np.array([3.0, 1.0, 4.0, 9.0, 5.0, 9.0, 2.0])
    second = np.array([2.0, 7.0, 1.0, 8.0, 2.0, 8.5, 3.0])
    strata = np.array(["cut", "end", "cut", "end", "cut", "end", "end"])
    members = [np.flatnonzero(strata == label) for label in ("cut", "end")]
    x, y = rankdata(first), rankdata(second)
    for one in members:
        x[one] -= x[one].mean()
        y[one] -= y[one].mean()
    every = []
    for orders in product(*(permutations(one) for one in members)):
        moved = x.copy()
        for one, order in zip(members, orders, strict=True):
            moved[one] = x[list(order)]
        every.append(moved @ y / np.sqrt((x @ x) * (y @ y)))
    ours = stratified_spearman(first, second, strata)
    assert len(every) == 144
    assert ours.r == pytest.approx(every[0], rel=1e-10)
    assert ours.p == np.mean(np.abs(every) >= abs(ours.r) - 1e-9)
    assert ours.p_floor == np.mean(np.abs(every) >= np.max(np.abs(every)) - 1e-9)


def test_one_stratum_is_plain_spearman():
    first, second = [3, 1, 4, 1, 5, 9], [2, 7, 1, 8, 2, 8]
    plain, stratified = spearman(first, second), stratified_spearman(first, second, ["all"] * 6)
    assert (stratified.r, stratified.p) == pytest.approx((plain.r, plain.p), rel=1e-12)


def test_a_difference_between_strata_makes_no_correlation():
    strata = np.repeat([0, 1], 4)
    first = np.array([1, 2, 3, 4, 11, 12, 13, 14])
    second = np.array([2, 4, 1, 3, 12, 14, 11, 13])
    assert spearman(first, second).r > 0.7
    assert stratified_spearman(first, second, strata).r == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("strata", "reason"),
    [
        ([0, 0, 1, 1], "constant_series"),
        ([0, 1, 2, 3], "nothing_to_permute"),
        ([0, 0, 1], "mismatched_lengths"),
    ],
)
def test_refuses_with_a_reason(strata, reason):
    with pytest.raises(Degenerate) as refusal:
        stratified_spearman([1, 1, 2, 2], [1, 2, 3, 4], strata)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("axis", "rho"), [("proactive_reluctant", 0.7873846423), ("verbose_concise", 0.6947511550)]
)
def test_cut_answers_come_first(shared, axis, rho):
    import json

    study = json.loads((shared / "data/mood-axis/qwen_7b_baseline.json").read_text(encoding="utf-8"))
    cut = [answer["n_tokens"] == 384 for answer in study["responses"]]
    found = spearman(cut, study["axes"][axis]["values"], rng=np.random.default_rng(0))
    assert found.r == pytest.approx(rho, abs=6e-11)  # printed to ten decimals
