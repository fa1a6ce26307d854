"""Spearman's rho, against R's cor.test, enumeration by hand, and the values of the methods page."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import spearmanr

from reporter.errors import Degenerate
from reporter.statistics.spearman import spearman

ENTROPY = [0.173, 0.209, 0.247, 0.271, 0.289, 0.319]
DIMENSION = [1.28, 2.41, 2.78, 1.85, 3.66, 1.91]
AT_100 = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
AT_200 = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]
NINE = (
    [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1],
    [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8],
)
EXACT = {"published": (ENTROPY, DIMENSION), "nine": NINE, "three": ([1, 2, 3], [1.5, 4, 2])}


@pytest.mark.parametrize("case", EXACT)
def test_agrees_with_r_where_it_enumerates(case, reference):
    expected = reference("spearman")
    ours = spearman(*EXACT[case])
    assert ours.method == "spearman_exact_permutation"
    assert ours.r == pytest.approx(expected[case, "r"], rel=1e-8)
    assert ours.p == pytest.approx(expected[case, "p"], rel=1e-8)


@pytest.mark.parametrize("case", ["published", "nine", "limits"])
def test_interval_agrees_with_r(case, reference):
    expected = reference("spearman")
    interval = spearman(*(EXACT | {"limits": (AT_100, AT_200)})[case]).interval
    assert interval.low == pytest.approx(expected[case, "low"], rel=1e-8)
    assert interval.high == pytest.approx(expected[case, "high"], rel=1e-8)


def test_exact_p_with_ties_of_the_methods_page(reference):
    ours = spearman(AT_100, AT_200)
    assert ours.r == pytest.approx(reference("spearman")["limits", "r"], rel=1e-8)
    assert round(ours.r, 5) == 0.83139
    assert ours.p == 560 / 40320


def test_correlation_of_entropy_and_dimension_of_the_methods_page():
    ours = spearman(ENTROPY, DIMENSION)
    assert (round(ours.r, 4), round(ours.p, 4)) == (0.3714, 0.4972)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2, 2, 3, 5], [2, 2, 2, 9, 1]),
        ([1, 1, 1, 4], [0, 1, 0, 1]),
        ([1, 2, 2, 4, 4, 0], [5, 5, 1, 2, 3, 3]),
    ],
)
def test_exact_p_with_ties_is_the_share_of_all_orders(first, second):
    every = [abs(spearmanr(order, second).statistic) for order in permutations(first)]
    ours = spearman(first, second)
    assert ours.p == np.mean(np.array(every) >= abs(ours.r) - 1e-9)
    assert ours.p_floor == np.mean(np.array(every) >= max(every) - 1e-9)


def test_monte_carlo_p_counts_the_observed_order(reference):
    expected = reference("spearman")
    columns = [np.array([expected[name, f"{row}"] for row in range(1, 33)]) for name in ("mpg", "wt")]
    ours = spearman(*columns, rng=np.random.default_rng(5), permutations=1999)
    assert ours.method == "spearman_monte_carlo_permutation"
    assert ours.r == pytest.approx(expected["cars", "r"], rel=1e-8)
    assert ours.interval.low == pytest.approx(expected["cars", "low"], rel=1e-8)
    assert ours.p == ours.p_floor == 1 / 2000  # r = -.89: no order of 1,999 reaches it


def test_monte_carlo_agrees_with_the_exact_p(monkeypatch):
    exact = spearman(*NINE).p
    monkeypatch.setattr("reporter.statistics._permutations.MOST_ENUMERATED", 1)
    drawn = spearman(*NINE, permutations=40_000, rng=np.random.default_rng(11)).p
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 40_000))


def test_rounding_noise_makes_no_order():
    noisy = [0.1 + 0.2, 0.3, 0.5, 0.7]
    assert spearman(noisy, [1, 2, 3, 4]).r == spearman([0.3, 0.3, 0.5, 0.7], [1, 2, 3, 4]).r


def test_perfect_correlation_has_no_interval():
    assert spearman([1, 2, 3, 4, 5], [1, 4, 9, 16, 25]).interval is None
    assert spearman([1, 2, 3], [3, 1, 2]).interval is None


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1, 2], [1, 2], "too_few"),
        ([1, 2, 3], [1, 2], "too_few"),
        ([1, 2, 3, 4], [1, 2, 3], "mismatched_lengths"),
        ([1, 2, np.nan], [1, 2, 3], "not_finite"),
        ([1, 1, 1, 1], [1, 2, 3, 4], "constant_series"),
        ([1, 2, 3, 4], [0.3, 0.1 + 0.2, 0.3, 0.3], "constant_series"),
        (range(10), range(10), "no_generator"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        spearman(first, second)
    assert refusal.value.reason == reason
