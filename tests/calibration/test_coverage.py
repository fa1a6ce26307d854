"""Coverage and type I error, lightly; ``measured.md`` holds the full tables."""

from __future__ import annotations

import math

import pytest

# as the methods page prints them, itself a simulation: with 2,000,000 we find .950, .935 and .838
T_AT_THREE = {"normal": 0.951, "gamma(4)": 0.925, "lognormal": 0.826}


@pytest.fixture(scope="module")
def calibration(script):
    return script("coverage")


def within(share, expected, simulations, errors=4.0):
    return abs(share - expected) < errors * math.sqrt(expected * (1 - expected) / simulations)


@pytest.mark.parametrize("population", T_AT_THREE)
def test_t_at_three_covers_as_the_methods_page_says(calibration, population):
    assert within(calibration.coverage("t", population, 3, 2_000), T_AT_THREE[population], 2_000)


@pytest.mark.parametrize("method", ["percentile", "BCa"])
def test_at_three_the_bootstrap_covers_about_three_in_four(calibration, method):
    assert 0.65 < calibration.coverage(method, "normal", 3, 500) < 0.82


def test_at_three_there_is_no_studentised_interval(calibration):
    assert calibration.coverage("studentised", "normal", 3, 20) is None


@pytest.mark.parametrize("test", ["paired t", "Welch t, n and 2n", "sign flips", "relabelling"])
def test_normal_samples_are_rejected_at_most_one_time_in_twenty(calibration, test):
    share = calibration.type_one_error(test, "normal", 8, 600)
    assert share < 0.05 + 4 * math.sqrt(0.05 * 0.95 / 600)


@pytest.mark.slow
@pytest.mark.parametrize("population", ["normal", "gamma(4)", "lognormal"])
@pytest.mark.parametrize("n", [3, 8, 30])
def test_permutation_tests_keep_their_level_everywhere(calibration, population, n):
    for test in ("sign flips", "relabelling"):
        share = calibration.type_one_error(test, population, n, 5_000)
        assert share < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / 5_000), test
