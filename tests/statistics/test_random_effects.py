"""Random-effects description, against metafor's rma with REML and DerSimonian-Laird."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.statistics.random_effects import random_effects

ESTIMATORS = {"REML": "reml", "DL": "dersimonian_laird"}


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize(("case", "k"), [("bcg", 13), ("homogeneous", 4), ("two", 2)])
def test_agrees_with_metafor(case, k, estimator, reference):
    expected = reference("random_effects")
    effects, variances = ([expected[case, f"{name}{i}"] for i in range(1, k + 1)] for name in "yv")
    ours = random_effects(effects, variances, estimator=ESTIMATORS[estimator])
    printed = {
        "estimate": ours.estimate,
        "se": ours.se,
        "low": ours.interval.low,
        "high": ours.interval.high,
        "tau2": ours.tau2,
        "i2": ours.i2,
        "q": ours.q,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[f"{case}_{estimator}", field], rel=1e-8), field
    assert (ours.df, ours.n) == (k - 1, k)


@pytest.mark.parametrize(
    ("effects", "variances", "reason"),
    [
        ([0.1], [0.1], "too_few"),
        ([0.1, 0.2], [0.1], "too_few"),
        ([0.1, 0.2, 0.3], [0.1, 0.2], "mismatched_lengths"),
        ([0.1, 0.2], [0.1, 0.0], "not_positive"),
        ([0.1, 0.1], [0.1, 0.2], "constant_series"),
        ([0.1, float("nan")], [0.1, 0.2], "not_finite"),
    ],
)
def test_refuses_with_a_reason(effects, variances, reason):
    with pytest.raises(Degenerate) as refusal:
        random_effects(effects, variances)
    assert refusal.value.reason == reason
