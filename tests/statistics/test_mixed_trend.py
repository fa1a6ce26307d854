"""The mixed trend, against lmerTest."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.mixed_trend import mixed_trend

FIELDS = ("intercept", "slope", "se", "t", "p", "sd_intercept", "sd_slope", "correlation", "sigma")


def tokens():
    limit, model = np.meshgrid([50.0, 100, 200, 500, 1000], np.arange(1.0, 7))
    value = (
        2.1
        + 0.12 * np.log2(limit)
        + 0.08 * np.sin(3 * model)
        + 0.03 * np.cos(5 * model) * np.log2(limit)
        + 0.02 * np.sin(17 * model + limit)
    )
    return limit.ravel(), value.ravel(), model.ravel()


def compare(ours, expected, case):
    for field in FIELDS:
        # two searches for one maximum: lme4's stops at about 1e-6; lmerTest finds its df, hence p, by
        # finite differences and has 4.99994 where 5 is exact
        rel = 2e-4 if field == "p" else 1e-5
        abs_ = 2e-5 if field == "correlation" else 0
        assert getattr(ours, field) == pytest.approx(expected[case, field], rel=rel, abs=abs_), field
    # in a balanced design Satterthwaite's df is models - 1
    assert ours.df == pytest.approx(expected[case, "df"], abs=1e-3)
    assert not ours.on_boundary


def test_agrees_with_lmertest_on_limits(reference):
    compare(mixed_trend(*tokens()), reference("mixed_trend"), "tokens")


def test_agrees_with_lmertest_on_sleepstudy(reference):
    expected = reference("mixed_trend")
    reaction = [expected["data", f"reaction_{i}"] for i in range(1, 181)]
    ours = mixed_trend(np.tile(np.arange(10), 18), reaction, np.repeat(np.arange(18), 10), scale="linear")
    compare(ours, expected, "sleepstudy")


def test_the_slope_test_of_a_balanced_design_is_that_of_the_models_own_slopes():
    limit, value, model = tokens()
    slopes = [np.polyfit(np.log2(limit[model == m]), value[model == m], 1)[0] for m in np.unique(model)]
    t = np.mean(slopes) / (np.std(slopes, ddof=1) / np.sqrt(6))
    assert mixed_trend(limit, value, model).t == pytest.approx(t, rel=1e-6)


def test_ordinary_samples_are_not_refused():
    x = np.log2([50.0, 100, 200])
    rng = np.random.default_rng(1)
    for models in (3, 8, 30):
        for _ in range(10):
            intercepts, slopes = rng.normal(3, 0.1, (models, 1)), rng.normal(0.05, 0.03, (models, 1))
            y = intercepts + slopes * x + rng.normal(0, 0.04, (models, 3))
            ours = mixed_trend(np.tile(2**x, models), y.ravel(), np.repeat(np.arange(models), 3))
            # balanced: the mean of the models' own slopes
            own = np.polyfit(x, y.T, 1)[0]
            assert ours.slope == pytest.approx(own.mean(), rel=1e-8)


def test_parallel_models_lie_on_the_boundary():
    limit, _, model = tokens()
    noise = 0.02 * np.sin(17 * model + limit)
    x = np.log2(limit)
    for m in np.unique(model):  # take each model's own slope out of the noise
        own = model == m
        noise[own] -= np.polyval(np.polyfit(x[own], noise[own], 1), x[own])
    ours = mixed_trend(limit, 2 + 0.1 * x + 0.1 * np.sin(3 * model) + noise, model)
    assert ours.on_boundary
    assert ours.slope == pytest.approx(0.1, rel=1e-9)


@pytest.mark.parametrize(
    ("x", "y", "model", "reason"),
    [
        ([1, 2, 1, 2], [1, 2, 2, 3], [0, 0, 1, 1], "too_few"),
        ([1, 2, 1, 2, 1, 1], [1, 2, 2, 3, 1, 2], [0, 0, 1, 1, 2, 2], "too_few"),
        ([1, 2, 1, 2, 1, 2], [1, 2, 2, 3, 1, 4], [0, 0, 1, 1, 2, 2], "no_residual_df"),
        ([1, 2, 4] * 3, [1, 2, 3] * 3, [0] * 3 + [1] * 3 + [2] * 3, "no_residual_df"),
        ([1, 2], [1, 2], [0], "mismatched_lengths"),
        ([0, 2, 1], [1, 2, 3], [0, 1, 2], "not_positive"),
        ([1, np.nan], [1, 2], [0, 1], "not_finite"),
    ],
)
def test_refuses_with_a_reason(x, y, model, reason):
    with pytest.raises(Degenerate) as refusal:
        mixed_trend(x, y, model)
    assert refusal.value.reason == reason
