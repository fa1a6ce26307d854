"""Hedges's g and Bayes factors, against effectsize, R's noncentral t and R's numerical integration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import chi, nct, norm

from reporter.errors import Degenerate
from reporter.statistics._noncentral_t import noncentrality_limits
from reporter.statistics.bayes_factor import bayes_factor
from reporter.statistics.bayes_factor_paired import bayes_factor_paired
from reporter.statistics.hedges_g import hedges_g
from reporter.statistics.hedges_g_paired import hedges_g_paired

CASES = {
    "sleep": (
        [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
        [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
    ),
    "published": (
        [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03],
        [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17],
    ),
    "small": ([2.71, 2.93, 3.02], [3.10, 3.05, 3.32]),
}
SIZES = {"independent": hedges_g, "paired": hedges_g_paired}
FACTORS = {"independent": bayes_factor, "paired": bayes_factor_paired}


def hedges_factor(df):
    return math.gamma(df / 2) / (math.sqrt(df / 2) * math.gamma((df - 1) / 2))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", SIZES)
def test_g_agrees_with_r(case, kind, reference):
    expected = reference("effect_size")
    ours = SIZES[kind](*CASES[case])
    name = f"{case}_{kind}"
    assert ours.value == pytest.approx(expected[name, "g"], rel=1e-8)
    # effectsize multiplies the limits, too, by Hedges's factor
    factor = hedges_factor(ours.n - (1 if kind == "paired" else 2))
    assert ours.interval.low * factor == pytest.approx(expected[name, "low"], rel=1e-8)
    assert ours.interval.high * factor == pytest.approx(expected[name, "high"], rel=1e-8)
    # and finds them by a search that stops after about four digits
    assert ours.interval.low * factor == pytest.approx(expected[name, "effectsize_low"], abs=2e-3)
    assert ours.interval.high * factor == pytest.approx(expected[name, "effectsize_high"], abs=2e-3)


TAIL = ([0, 0, 0], [0.46046899, 0.44946979, 0.47055004])  # t = 75.6: nctdtr has no value at ncp = -50.4


def share_below(t, df, ncp):
    """Integrate the noncentral t's distribution function: P(z + ncp <= t chi / sqrt(df))."""

    def density(x):
        return norm.cdf(t * x / math.sqrt(df) - ncp) * chi.pdf(x, df)

    return quad(density, 0, 10, points=[abs(ncp / t) * math.sqrt(df)], epsabs=1e-13, limit=500)[0]


@pytest.mark.parametrize("sign", [1, -1])
def test_limits_are_found_far_from_zero(sign):
    ours = hedges_g_paired(TAIL[0], sign * np.array(TAIL[1]))
    change = sign * np.array(TAIL[1])
    t = math.sqrt(3) * change.mean() / change.std(ddof=1)
    for limit, share in ((ours.interval.low, 0.975), (ours.interval.high, 0.025)):
        ncp = limit * math.sqrt(3)
        assert nct.cdf(t, 2, ncp) == pytest.approx(share, rel=1e-9)
        assert share_below(t, 2, ncp) == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("df", [2, 7, 58])
@pytest.mark.parametrize("t", [-9_000.0, -75.6, 0.5, 75.6, 300.0, 9_000.0])
def test_limits_leave_the_shares_that_they_should(t, df):
    low, high = noncentrality_limits(t, df, 0.95)
    assert nct.cdf(t, df, low) == pytest.approx(0.975, rel=1e-8)
    assert nct.cdf(t, df, high) == pytest.approx(0.025, rel=1e-8)


@pytest.mark.parametrize("function", SIZES.values())
def test_limits_that_cannot_be_found_are_refused(function):
    with pytest.raises(Degenerate) as refusal:
        function([0, 0, 0], [1, 1 + 1e-6, 1 - 1e-6])
    assert refusal.value.reason == "not_estimable"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", FACTORS)
@pytest.mark.parametrize("prior_scale", [0.5**0.5, 1.0])
def test_bayes_factor_agrees_with_r(case, kind, prior_scale, reference):
    expected = reference("effect_size")
    ours = FACTORS[kind](*CASES[case], prior_scale=prior_scale)
    name = f"{case}_{kind}"
    # both sides integrate numerically; pingouin's quadrature stops at 1.5e-8
    assert ours.value == pytest.approx(expected[name, f"bf_{prior_scale:.3f}"], rel=1e-6)
    assert ours.t == pytest.approx(expected[name, "t"], rel=1e-8)
    assert (ours.prior, ours.prior_scale) == ("cauchy", prior_scale)


def test_bayes_factor_agrees_with_the_published_value_for_sleep():
    # the BayesFactor package's own example, ttestBF(sleep, paired): 17.25888
    assert bayes_factor_paired(*CASES["sleep"]).value == pytest.approx(17.25888, abs=5e-6)


@pytest.mark.parametrize("function", [*SIZES.values(), *FACTORS.values()])
@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0], [2.0], "too_few"),
        ([1.0, 1.0, 1.0], [2.0, 2.0, 2.0], "constant_series"),
        ([1.0, np.nan, 2.0], [2.0, 3.0, 4.0], "not_finite"),
    ],
)
def test_refuses_with_a_reason(function, first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        function(first, second)
    assert refusal.value.reason == reason


def test_two_pairs_are_too_few_for_g():
    with pytest.raises(Degenerate) as refusal:
        hedges_g_paired([1, 2], [2, 4])
    assert refusal.value.reason == "too_few"


@pytest.mark.parametrize("function", FACTORS.values())
def test_a_prior_needs_a_width(function):
    with pytest.raises(Degenerate) as refusal:
        function([1, 2, 3], [2, 3, 5], prior_scale=0)
    assert refusal.value.reason == "prior_not_positive"
