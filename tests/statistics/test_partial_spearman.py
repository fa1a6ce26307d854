"""Partial Spearman, against residuals of R's lm and a slow second implementation of Freedman and Lane."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import rankdata

from reporter.errors import Degenerate
from reporter.statistics.partial_spearman import partial_spearman

COVARIATES = {"one_covariate": ["wt"], "two_covariates": ["wt", "disp"]}


@pytest.mark.parametrize("case", COVARIATES)
def test_agrees_with_r(case, reference):
    expected = reference("spearman")

    def column(name):
        return np.array([expected[name, f"{row}"] for row in range(1, 33)])

    covariates = np.column_stack([column(name) for name in COVARIATES[case]])
    ours = partial_spearman(column("mpg"), column("qsec"), covariates, rng=np.random.default_rng(0))
    assert ours.r == pytest.approx(expected[case, "r"], rel=1e-8)
    assert ours.interval.low == pytest.approx(expected[case, "low"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected[case, "high"], rel=1e-8)


def left(series, design):
    return series - design @ np.linalg.lstsq(design, series, rcond=None)[0]


@pytest.mark.parametrize("binary", [False, True])
def test_exact_p_is_the_share_of_all_orders_of_residuals(binary):
    first, second = [3.0, 1.0, 4.0, 1.5, 5.0, 9.0], [2.0, 7.0, 1.0, 8.0, 2.0, 8.5]
    covariate = [0, 0, 1, 1, 0, 1] if binary else [1.0, 6.0, 1.0, 8.0, 0.0, 3.0]
    design = np.column_stack([np.ones(6), rankdata(covariate)])
    x, y = left(rankdata(first), design), left(rankdata(second), design)
    every = [np.corrcoef(left(x[list(order)], design), y)[0, 1] for order in permutations(range(6))]
    ours = partial_spearman(first, second, covariate)
    assert ours.r == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-8)
    assert ours.p == pytest.approx(np.mean(np.abs(every) >= abs(ours.r) - 1e-9), rel=1e-12)


def test_a_constant_or_repeated_covariate_changes_nothing():
    rng = np.random.default_rng(2)
    first, second, covariate = rng.normal(size=(3, 8))
    once = partial_spearman(first, second, covariate)
    again = partial_spearman(first, second, np.column_stack([covariate, np.ones(8), covariate**3]))
    assert again.r == pytest.approx(once.r, rel=1e-10)
    assert again.interval.low == pytest.approx(once.interval.low, rel=1e-10)
    assert again.p == once.p


@pytest.mark.parametrize(
    ("covariates", "reason"),
    [
        ([1, 2, 3, 4, 5], "explained_by_covariates"),
        ([1, 2, 3], "mismatched_lengths"),
        ([1, 2, 3, 4, np.inf], "not_finite"),
        (np.ones((5, 2, 2)), "mismatched_lengths"),
    ],
)
def test_refuses_with_a_reason(covariates, reason):
    with pytest.raises(Degenerate) as refusal:
        partial_spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5], covariates)
    assert refusal.value.reason == reason
