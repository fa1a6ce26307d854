"""Permutation tests of means: against R's enumeration, and Monte Carlo against enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics import paired_permutation as paired
from reporter.statistics import two_sample_permutation as two_sample
from reporter.statistics.paired_permutation import paired_permutation
from reporter.statistics.two_sample_permutation import two_sample_permutation

PAIRED = {
    "published": (
        [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03],
        [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17],
    ),
    "sleep": (
        [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
        [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
    ),
    "mixed": ([1, 2, 3, 4, 5], [1.5, 1.25, 4, 3, 7.5]),
}
GROUPS = {
    "sleep": ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4], [1.9, 0.8, 1.1, 0.1, 4.4, 5.5, 1.6]),
    "ties": ([1, 1, 2, 2], [2, 3, 3, 4, 5]),
    "small": ([2.71, 2.93, 3.02], [3.10, 3.05, 3.32]),
}


@pytest.mark.parametrize("case", PAIRED)
def test_sign_flips_agree_with_r(case, reference):
    expected = reference("permutation")
    ours = paired_permutation(*PAIRED[case])
    assert ours.p == pytest.approx(expected[case, "paired_p"], rel=1e-12)
    assert ours.statistic == pytest.approx(expected[case, "paired_statistic"], rel=1e-8)


def test_sign_flips_know_their_floor():
    ours = paired_permutation(*PAIRED["published"])
    assert (ours.n, ours.n_used) == (8, 7)  # one pair does not differ
    assert ours.p_floor == ours.p == 2 / 2**7


@pytest.mark.parametrize("case", GROUPS)
def test_relabellings_agree_with_r(case, reference):
    expected = reference("permutation")
    ours = two_sample_permutation(*GROUPS[case])
    assert ours.p == pytest.approx(expected[case, "two_sample_p"], rel=1e-12)
    assert ours.p_floor == pytest.approx(expected[case, "two_sample_floor"], rel=1e-12)
    assert ours.statistic == pytest.approx(expected[case, "two_sample_statistic"], rel=1e-8)


@pytest.mark.parametrize(
    ("module", "function", "data"),
    [
        (paired, paired_permutation, PAIRED["sleep"]),
        (two_sample, two_sample_permutation, GROUPS["sleep"]),
    ],
)
def test_random_draws_agree_with_enumeration(module, function, data, monkeypatch):
    exact = function(*data)
    monkeypatch.setattr(module, "ENUMERATED_UP_TO", 0)
    drawn = function(*data, rng=np.random.default_rng(7), resamples=19_999)
    error = math.sqrt(exact.p * (1 - exact.p) / 19_999)
    assert abs(drawn.p - exact.p) < 4 * error
    assert drawn.p_floor == 1 / 20_000
    assert (drawn.p * 20_000) == pytest.approx(round(drawn.p * 20_000), abs=1e-8)


def test_a_shift_beyond_every_relabelling_reaches_the_floor_of_random_draws():
    near, far = np.arange(30.0), np.arange(30.0) + 1000
    assert two_sample_permutation(near, far, rng=np.random.default_rng(1), resamples=999).p == 1 / 1000
    assert paired_permutation(near, far, rng=np.random.default_rng(1), resamples=999).p == 1 / 1000


def test_groups_that_are_constant_but_differ_have_an_infinite_t():
    ours = two_sample_permutation([1.1, 1.1, 1.1], [2.2, 2.2, 2.2])
    assert ours.statistic == math.inf
    assert ours.p == ours.p_floor == 2 / 20
    # here the variance of the equal values comes out as rounding, not as 0
    assert two_sample_permutation([2.2] * 4, [2.93] * 9).statistic == math.inf


def test_no_relabelling_is_nearer_than_equal_means():
    # both sum to -21.625: every relabelling is at least as far, though rounding makes t 1.5e-16
    first, second = [0, 0, 0, 0, -5.625, -8, -8], [0, 0, 0, 0.625, -6.375, -7.875, -8]
    assert two_sample_permutation(first, second).p == 1
    assert two_sample_permutation(second, first).p == 1


def test_without_a_generator_random_draws_are_refused():
    values = np.arange(30.0)
    for function in (paired_permutation, two_sample_permutation):
        with pytest.raises(Degenerate) as refusal:
            function(values, values**2)
        assert refusal.value.reason == "no_generator"


@pytest.mark.parametrize("function", [paired_permutation, two_sample_permutation])
@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0], [2.0], "too_few"),
        ([1.0, 1.0], [1.0, 1.0], "constant_series"),
        ([1.0, np.nan], [2.0, 3.0], "not_finite"),
        ([[1.0, 2.0]], [[2.0, 4.0]], "not_one_dimensional"),
    ],
)
def test_refuses_with_a_reason(function, first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        function(first, second)
    assert refusal.value.reason == reason
