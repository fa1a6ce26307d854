"""Mean entropy and effective dimension over models: against scipy on ratios that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reporter.errors import Degenerate
from reporter.statistics.dimension_spearman import dimension_spearman

# Orthogonal axes of variances v have the participation ratio (sum v)^2 / sum v^2.
ORTHOGONAL = np.array([[1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0], [1.0, -1.0, -1.0, 1.0]])
SCALES = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1], [2, 1, 0], [3, 1, 1]], dtype=float)
MEANS = np.array([0.3, 0.1, 0.5, 0.2, 0.9])


def models():
    second = SCALES[:, :, np.newaxis] * ORTHOGONAL
    first = MEANS[:, np.newaxis] + np.array([-0.05, 0.05, 0.02, -0.02])
    return first, second


def test_agrees_with_scipy_on_ratios_in_closed_form():
    ratios = (SCALES**2).sum(axis=1) ** 2 / (SCALES**4).sum(axis=1)
    found = dimension_spearman(*models())
    assert found.r == pytest.approx(stats.spearmanr(MEANS, ratios).statistic, rel=1e-12)
    exact = stats.permutation_test(
        (MEANS,),
        lambda x: stats.spearmanr(x, ratios).statistic,
        permutation_type="pairings",
        n_resamples=np.inf,
    )
    assert found.p == pytest.approx(exact.pvalue, rel=1e-12)
    assert found.n == 5


def test_neither_scale_nor_sign_nor_a_constant_axis_matters():
    first, second = models()
    turned = np.concatenate([-7.0 * second, np.ones((5, 1, 4))], axis=1)
    assert dimension_spearman(first, turned).r == dimension_spearman(first, second).r


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda first, second: (first[:2], second[:2]), "too_few"),
        (lambda first, second: (first[:, :3], second), "mismatched_lengths"),
        (lambda first, second: (first, second * np.array([1, 1, 0, 1, 1])[:, None, None]), "constant_series"),
        (lambda first, second: (first * np.inf, second), "not_finite"),
    ],
)
def test_refuses_what_has_no_answer(change, reason):
    with pytest.raises(Degenerate) as refused:
        dimension_spearman(*change(*models()))
    assert refused.value.reason == reason
