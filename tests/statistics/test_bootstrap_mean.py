"""The BCa interval, against R's list of all n^n resamples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap

from reporter.errors import Degenerate
from reporter.statistics.bootstrap_mean import bootstrap_mean

FIRST = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
SECOND = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]


UNTOUCHED = None  # in place of a generator: enumeration draws nothing


@pytest.mark.parametrize("case", ["published", "skewed", "seven", "three"])
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_enumeration_agrees_with_all_resamples(case, level, reference):
    expected = reference("bootstrap_mean")
    change = [
        value for (name, field), value in expected.items() if name == case and field.startswith("change")
    ]
    ours = bootstrap_mean(np.zeros(len(change)), change, rng=UNTOUCHED, level=level)
    assert ours.interval.low == pytest.approx(expected[case, f"low_{100 * level:g}"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected[case, f"high_{100 * level:g}"], rel=1e-8)
    assert ours.interval.method == "bca_enumerated"


def test_values_of_the_methods_page():
    ours = bootstrap_mean(FIRST, SECOND, rng=UNTOUCHED)
    assert ours.value == pytest.approx(0.055, rel=1e-12)
    assert (ours.interval.low, ours.interval.high) == (0.0275, 0.09125)


def test_monte_carlo_agrees_with_scipy():
    """Two sets of 40,000 resamples; their ends differ by Monte Carlo error, here within 2 % of the width."""
    change = np.random.default_rng(5).gamma(2.0, size=30)
    ours = bootstrap_mean(np.zeros(30), change, rng=np.random.default_rng(1), resamples=40_000)
    theirs = bootstrap(
        (change,), np.mean, n_resamples=40_000, method="BCa", rng=np.random.default_rng(2)
    ).confidence_interval
    width = theirs.high - theirs.low
    assert ours.interval.method == "bca_monte_carlo"
    assert ours.interval.low == pytest.approx(theirs.low, abs=0.02 * width)
    assert ours.interval.high == pytest.approx(theirs.high, abs=0.02 * width)


def test_the_same_seed_gives_the_same_interval():
    change = np.arange(12.0) ** 2
    one, two = (bootstrap_mean(np.zeros(12), change, rng=np.random.default_rng(7)) for _ in range(2))
    assert one == two


def test_swapping_the_conditions_turns_the_interval():
    """Not to the last digit: on a lattice of means the lower quantile is taken on either side."""
    there = bootstrap_mean(FIRST, SECOND, rng=UNTOUCHED).interval
    back = bootstrap_mean(SECOND, FIRST, rng=UNTOUCHED).interval
    step = 0.01 / 8
    assert back.low == pytest.approx(-there.high, abs=step + 1e-9)
    assert back.high == pytest.approx(-there.low, abs=step + 1e-9)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0, 2.0, 3.0], [1.5, 2.5, 3.5], "constant_series"),
        ([1.0, 2.0], [1.5, 2.7], "too_few"),
        ([1.0, 2.0, 3.0, 4.0], [1.5, 2.7, 3.0], "mismatched_lengths"),
        ([1.0, 2.0, np.nan], [1.5, 2.7, 3.0], "not_finite"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        bootstrap_mean(first, second, rng=np.random.default_rng(0))
    assert refusal.value.reason == reason


def test_refuses_a_level_that_no_resample_separates():
    with pytest.raises(Degenerate) as refusal:
        bootstrap_mean([0.0, 0.0, 0.0], [0.0, 1.0, 2.0], rng=UNTOUCHED, level=0.01)
    assert refusal.value.reason == "bca_undefined"


def test_refuses_a_level_beyond_which_the_correction_turns_round():
    with pytest.raises(Degenerate) as refusal:
        bootstrap_mean([0.0] * 8, [0.0] * 7 + [1.0], rng=UNTOUCHED, level=1 - 1e-15)
    assert refusal.value.reason == "bca_undefined"
    assert "leave no quantile" in refusal.value.detail
