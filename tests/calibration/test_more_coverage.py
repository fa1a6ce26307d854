"""The rows of more_coverage.py, lightly; ``measured.md`` holds the full tables."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.stats import binom

from reporter.statistics.ordering import ordering
from reporter.statistics.page_l import page_l
from reporter.statistics.sign_test import sign_test
from reporter.statistics.spearman import spearman
from reporter.statistics.wilcoxon import wilcoxon

RARE = 1e-5  # how seldom a true claim may fail here, were the seed another one


@pytest.fixture(scope="module")
def calibration(script):
    return script("more_coverage")


@pytest.fixture(scope="module")
def share_of(calibration):
    """Measure one row at one n, found by its name and the beginning of its population."""
    groups = (
        "rank_intervals",
        "effect_intervals",
        "trend_intervals",
        "bootstrap_intervals",
        "share_intervals",
    )
    groups += ("rank_tests", "exact_tests")
    cases = [case for group in groups for case in getattr(calibration, group)()]

    def measure(name, population, n, simulations):
        (case,) = (one for one in cases if (one.name, one.population) == (name, population))
        assert n in case.sizes
        return calibration.share(case, n, simulations)

    return measure


def may_be(share, simulations, lowest, highest):
    """Say whether a share may come from a probability between these two."""
    happened = round(share * simulations)
    seldom = binom.cdf(happened, simulations, lowest) < RARE
    often = binom.sf(happened - 1, simulations, highest) < RARE
    return not seldom and not often


COVERAGE = [
    ("Spearman, Bonett-Wright", "normal copula, rho 0.3", 30, 1_000, 0.945, 0.965),
    ("Spearman, Bonett-Wright", "Clayton copula, rho 0.6", 30, 1_000, 0.94, 0.97),
    ("Spearman, BCa", "normal copula, rho 0.6", 30, 200, 0.93, 0.97),
    ("pooled Spearman, BCa", "4 models, 0.5 of the variance shared, rho 0", 30, 100, 0.88, 0.97),
    ("pooled scan, within strata, BCa", "4 models, strata of each 2 sd apart", 30, 100, 0.88, 0.97),
    ("g of pairs", "normal, g 0", 8, 1_000, 0.95, 0.95),
    ("g of pairs", "normal, g 0.8", 3, 1_000, 0.95, 0.95),
    ("g of pairs", "normal, g 2", 3, 1_000, 0.95, 0.95),
    ("g of two groups of n", "normal, g 0", 8, 400, 0.95, 0.95),
    ("g of two groups of n", "normal, g 2", 3, 1_000, 0.95, 0.95),
    ("mixed trend, slope, n models", "normal", 8, 40, 0.9, 0.99),
    ("Wilson", "independent, share 0.9", 30, 1_000, 0.93, 0.98),
    ("Wilson, n prompts x 5", "prompts differ with sd 0.2, share 0.5", 30, 1_000, 0.85, 0.92),
    ("effective dimension", "normal, 4.2 of 7", 30, 200, 0.85, 0.96),
    ("trend, slope", "normal", 3, 1_000, 0.95, 0.95),
    ("trend, new value", "normal", 3, 1_500, 0.95, 0.95),
    ("saturating trend, new value", "normal", 30, 200, 0.9, 0.97),
    ("common slope, n models, lambda 0", "normal, true lambda 0", 8, 1_000, 0.95, 0.95),
    ("common slope, n models, lambda 0.6", "normal, true lambda 0.6", 3, 1_000, 0.95, 0.95),
    ("common slope, envelope", "normal, true lambda 0.3", 8, 500, 0.95, 1),
    ("n questions x 3, percentile", "normal", 3, 300, 0.65, 0.82),
    ("n questions x 3, bca", "normal", 30, 100, 0.9, 0.96),
    ("n questions x 3, studentised", "normal", 8, 60, 0.9, 0.98),
    ("the same answers drawn singly, bca", "normal", 30, 100, 0.6, 0.85),
    ("two groups of n, percentile", "normal", 8, 300, 0.86, 0.95),
    ("two groups of n, bca", "normal", 8, 300, 0.86, 0.95),
]
TYPE_ONE = [
    ("Spearman", "any continuous", 30, 300, 0, 0.05),
    ("Spearman", "rounded to whole numbers", 30, 300, 0, 0.05),
    ("stratified Spearman", "two strata 2 sd apart", 8, 300, 0, 0.05),
    ("stratified Spearman", "two strata 2 sd apart", 30, 200, 0, 0.05),
    ("Spearman, strata ignored", "two strata 2 sd apart", 30, 50, 0.7, 1),
    ("partial Spearman", "covariate behind both, r = .5", 30, 300, 0.04, 0.09),
    ("pooled Spearman, joint permutation", "4 models, 0.8 of the variance shared", 30, 200, 0, 0.06),
    ("random effects (no test)", "4 models, 0.8 of the variance shared", 30, 300, 0.1, 1),
    ("pooled scan of 7 axes, step-down", "4 models, 0.5 of the variance shared", 30, 100, 0, 0.05),
    ("pooled scan, within strata", "4 models, strata of each 2 sd apart", 30, 200, 0, 0.06),
    ("pooled scan, strata ignored", "4 models, strata of each 2 sd apart", 30, 50, 0.9, 1),
    ("fingerprint", "2 models, nothing shared", 30, 100, 0, 0.05),
    ("Wilcoxon", "normal pairs", 30, 500, 0, 0.05),
    ("sign test", "lognormal about its median", 30, 500, 0, 0.05),
    ("ordering of n values", "any continuous", 8, 500, 0, 0.05),
    ("Page's L, n blocks x 3", "any continuous", 3, 500, 0, 0.05),
    ("equivalence (paired), at the bound", "normal", 8, 1_000, 0.03, 0.05),
]


@pytest.mark.parametrize(("name", "population", "n", "simulations", "lowest", "highest"), COVERAGE)
def test_covers_as_often_as_it_should(share_of, name, population, n, simulations, lowest, highest):
    assert may_be(share_of(name, population, n, simulations), simulations, lowest, highest)


@pytest.mark.parametrize(("name", "population", "n", "simulations", "lowest", "highest"), TYPE_ONE)
def test_rejects_as_seldom_as_it_should(share_of, name, population, n, simulations, lowest, highest):
    assert may_be(share_of(name, population, n, simulations), simulations, lowest, highest)


@pytest.mark.parametrize(
    ("name", "population", "n"),
    [("Spearman, BCa", "normal copula, rho 0", 8), ("n questions x 3, studentised", "normal", 3)],
)
def test_says_where_an_interval_does_not_exist(share_of, name, population, n):
    assert share_of(name, population, n, 5) == "does not exist"


def test_a_size_that_is_not_measured_has_no_share(calibration):
    case = calibration.Case("any", "any", (3,), lambda n, rng: True)
    assert calibration.share(case, 420, 1) == "–"


def test_refused_samples_are_counted_apart(calibration):
    def event(n, rng):
        if rng.random() < 0.3:
            raise calibration.Degenerate("constant_series", "simulated")
        return True

    assert calibration.share(calibration.Case("any", "any", (3,), event), 3, 200).startswith("100.0 ± 0.0 (")


@pytest.mark.parametrize("copula", ["normal", "Clayton"])
def test_pairs_have_the_rank_correlation_they_are_drawn_for(calibration, copula):
    pairs = calibration.events.correlated(copula, 0.6, 200_000, np.random.default_rng(1))
    ranks = pairs.argsort(axis=1).argsort(axis=1)
    # four standard errors, which are at most 1/sqrt(n) here
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(0.6, abs=4 / math.sqrt(200_000))


def test_skewed_margins_leave_the_interval_as_it_is(calibration):
    first, second = calibration.events.correlated("normal", 0.3, 30, np.random.default_rng(2))
    rng = np.random.default_rng
    plain = spearman(first, second, permutations=9, rng=rng(0))
    assert spearman(np.exp(3 * first), second, permutations=9, rng=rng(0)) == plain
    r = calibration.events.unit_ranks(first, name="x") @ calibration.events.unit_ranks(second, name="y")
    assert calibration.events.fisher_interval(r, n=30, level=0.95) == plain.interval


def exact_p_values(test, n):
    """Yield p for all samples that the null hypothesis makes equally likely."""
    if test in (wilcoxon, sign_test):
        for signs in itertools.product((-1, 1), repeat=n):
            yield test(np.zeros(n), np.arange(1, n + 1) * signs).p
    elif test is ordering:
        for order in itertools.permutations(range(n)):
            yield ordering(order).p
    else:
        rows = list(itertools.permutations(range(3)))
        for blocks in itertools.product(rows, repeat=n):
            yield page_l(blocks).p


@pytest.mark.parametrize(("test", "n"), [(wilcoxon, 8), (sign_test, 8), (ordering, 6), (page_l, 3)])
def test_an_exact_p_occurs_as_often_as_it_says(test, n):
    p = np.array(list(exact_p_values(test, n)))
    assert np.mean(p <= 0.05) <= 0.05
    for alpha in np.unique(p):
        assert np.mean(p <= alpha + 1e-12) == pytest.approx(alpha, abs=1e-12)
