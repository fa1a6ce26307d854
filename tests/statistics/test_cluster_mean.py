"""The mean over clusters that are drawn whole: against R's list of all resamples, and statsmodels' error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from reporter.errors import Degenerate
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.cluster_mean import _standard_error, cluster_mean

UNTOUCHED = None  # in place of a generator: enumeration draws nothing
CASES = {
    "equal": [[2.1, 2.4], [1.9, 2.2], [2.8, 2.5], [3.1, 3.6], [2.0, 2.05]],
    "unequal": [[2.1, 2.4, 2.6], [1.9], [2.8, 2.5], [3.1, 3.6, 3.3, 2.9], [2.0], [2.7, 1.4]],
    "single": [[0.3], [1.7], [0.9], [4.2], [2.2]],
    "four": [[5.5, 4.5, 6.0], [-1.25, 0.5], [2.0], [8.0, 9.5]],
}


def flat(parts):
    """Values, and the word of the cluster that each belongs to."""
    labels = [f"question {at}" for at, part in enumerate(parts) for _ in part]
    return np.concatenate(parts), np.array(labels)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_agrees_with_all_resamples_of_r(name, level, reference):
    expected = reference("cluster_mean")
    values, clusters = flat(CASES[name])
    ours = cluster_mean(values, clusters, rng=UNTOUCHED, level=level)
    assert ours.value == pytest.approx(expected[name, "value"], abs=1e-10)  # printed to ten decimals
    assert ours.interval.low == pytest.approx(expected[name, f"low_{100 * level:g}"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected[name, f"high_{100 * level:g}"], rel=1e-8)
    assert ours.bias == pytest.approx(expected[name, "bias"], abs=1e-10)
    assert ours.se == pytest.approx(expected[name, "se"], rel=1e-8)
    assert (ours.resamples, ours.enumerated) == (expected[name, "resamples"], True)
    assert (ours.units, ours.n) == (len(CASES[name]), values.size)
    assert (ours.interval.method, ours.method) == ("studentised_bootstrap", "cluster_bootstrap")


@pytest.mark.parametrize("name", CASES)
def test_the_standard_error_is_that_of_statsmodels_with_clusters(name, reference):
    values, clusters = flat(CASES[name])
    codes = np.unique(clusters, return_inverse=True)[1]
    fit = sm.OLS(values, np.ones_like(values)).fit(cov_type="cluster", cov_kwds={"groups": codes})
    table = np.array([[(sum(part), len(part)) for part in CASES[name]]])
    assert _standard_error(table)[0] == pytest.approx(fit.bse[0], rel=1e-8)
    assert _standard_error(table)[0] == pytest.approx(reference("cluster_mean")[name, "error"], rel=1e-8)


@pytest.mark.parametrize("each", [1, 4])
def test_equal_clusters_have_the_interval_of_their_means(each):
    rng = np.random.default_rng(11)
    rows = rng.gamma(2.0, size=(30, 1)) + rng.normal(size=(30, each))
    labels = np.repeat(np.arange(30), each)
    order = rng.permutation(labels.size)
    ours = cluster_mean(rows.ravel()[order], labels[order], rng=np.random.default_rng(3))
    theirs = bootstrap(
        rows.mean(axis=1),
        statistic=lambda drawn: drawn.mean(axis=1),
        interval="studentised",
        standard_error=lambda drawn: drawn.std(axis=1, ddof=1) / np.sqrt(30),
        rng=np.random.default_rng(3),
    )
    assert (ours.interval.low, ours.interval.high) == pytest.approx(
        (theirs.interval.low, theirs.interval.high), rel=1e-8
    )
    assert (ours.value, ours.se) == pytest.approx((theirs.value, theirs.se), rel=1e-8)
    assert (ours.units, ours.n, ours.resamples, ours.enumerated) == (30, 30 * each, 9999, False)


def test_engine_changes_no_number():
    values, clusters = np.arange(40.0) ** 1.5, np.repeat(np.arange(20), 2)
    here, spread = (
        cluster_mean(values, clusters, rng=np.random.default_rng(2), resamples=3000, engine=engine)
        for engine in (None, "loky")
    )
    assert here == spread


def test_the_unit_is_named_and_changes_nothing():
    values, clusters = flat(CASES["four"])
    ours = cluster_mean(values, clusters, rng=UNTOUCHED)
    assert cluster_mean(values, clusters, rng=UNTOUCHED, unit="bits") == replace(ours, unit="bits")


@pytest.mark.parametrize(
    ("values", "clusters", "options", "reason", "words"),
    [
        ([], [], {}, "too_few", "values has n = 0"),
        ([1.0, 2.0, 3.0, 4.0], [0, 0, 1, 1], {}, "too_few", "2 units to draw, at least 3"),
        ([1.0, 2.0, 3.0], [0, 1], {}, "mismatched_lengths", "values has n = 3, clusters 2"),
        ([1.0, np.nan, 3.0], [0, 1, 2], {}, "not_finite", "1 values"),
        ([[1.0, 2.0, 3.0]], [0, 1, 2], {}, "not_one_dimensional", "values has shape (1, 3)"),
        ([1.0, 3.0, 2.0, 2.0, 2.0], list("aabcd"), {}, "constant_series", "give 2"),
        # each of the 3 resamples of one cluster is 1 of 27, and more than 2.5 %
        ([0.1, 0.7, 0.4], list("abc"), {}, "unbounded_interval", "standard error of 0"),
        # here the three sums of one cluster differ from thrice its mean in the last digit
        ([3.2, 1.9, 5.0, 4.9], list("abcc"), {}, "unbounded_interval", "standard error of 0"),
        (np.arange(12.0), np.arange(12), {"resamples": 10}, "too_few_resamples", "10"),
    ],
)
def test_refuses_with_a_reason(values, clusters, options, reason, words):
    with pytest.raises(Degenerate) as refusal:
        cluster_mean(values, clusters, rng=np.random.default_rng(0), **options)
    assert refusal.value.reason == reason
    assert words in refusal.value.detail
