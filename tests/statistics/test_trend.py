"""Trends: against R's lm, nls and AIC, NIST's Norris set elsewhere, and the shapes they must recover."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.saturating_trend import saturating_trend
from reporter.statistics.trend import trend
from reporter.statistics.trend_comparison import trend_comparison

X = [50, 50, 100, 100, 200, 200, 500, 500, 1000, 1000]
Y = [2.61, 2.58, 2.83, 2.79, 2.97, 3.02, 3.06, 3.09, 3.08, 3.12]


@pytest.mark.parametrize("scale", ["linear", "log2"])
@pytest.mark.parametrize("at", [300, 4000])
def test_line_agrees_with_r(scale, at, reference):
    expected = reference("trend")
    ours = trend(X, Y, at=at, scale=scale)
    printed = {
        "intercept": ours.intercept,
        "slope": ours.slope,
        "se": ours.se,
        "t": ours.t,
        "p": ours.p,
        "low": ours.interval.low,
        "high": ours.interval.high,
        "sigma": ours.sigma,
        "r_squared": ours.r_squared,
        f"predicted_{at}": ours.predicted,
        f"predicted_low_{at}": ours.prediction.low,
        f"predicted_high_{at}": ours.prediction.high,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[scale, field], rel=1e-8), field
    assert ours.df == 8
    assert ours.extrapolated == (at == 4000)


@pytest.mark.parametrize("at", [300, 4000])
def test_plateau_agrees_with_r(at, reference):
    expected = reference("trend")
    ours = saturating_trend(X, Y, at=at)
    printed = {
        "top": ours.top,
        "top_se": ours.top_se,
        "drop": ours.drop,
        "drop_se": ours.drop_se,
        "pace": ours.pace,
        "pace_se": ours.pace_se,
        "sigma": ours.sigma,
        f"predicted_{at}": ours.predicted,
        f"predicted_low_{at}": ours.prediction.low,
        f"predicted_high_{at}": ours.prediction.high,
    }
    for field, value in printed.items():
        # nls takes the gradient for its standard errors by finite differences, good to 1e-7
        assert value == pytest.approx(expected["saturating", field], rel=1e-6), field
    assert ours.extrapolated == (at == 4000)


def test_comparison_agrees_with_r(reference):
    expected = reference("trend")
    ours = trend_comparison(X, Y)
    assert [one.shape for one in ours.shapes] == ["linear", "log2", "saturating"]
    for one in ours.shapes:
        rel = 1e-7 if one.shape == "saturating" else 1e-8
        assert one.aicc == pytest.approx(expected[one.shape, "aicc"], rel=rel)
        assert one.left_out_error == pytest.approx(expected[one.shape, "left_out_error"], rel=rel)
    aicc = np.array([one.aicc for one in ours.shapes])
    weights = np.exp(-aicc / 2) / np.exp(-aicc / 2).sum()
    assert [one.weight for one in ours.shapes] == pytest.approx(weights.tolist(), rel=1e-8)
    assert (ours.best_by_aicc, ours.best_by_left_out_error) == ("saturating", "saturating")
    assert (ours.limits, ours.n, ours.refused) == (5, 10, ())


def test_a_shape_that_the_data_do_not_identify_is_named():
    ours = trend_comparison([1, 1, 2, 2, 3, 3], [1.0, 1.1, 2.1, 2.0, 2.9, 3.1])
    assert [one.shape for one in ours.shapes] == ["linear", "log2"]
    assert ours.refused[0].startswith("saturating: ")
    assert sum(one.weight for one in ours.shapes) == pytest.approx(1)


@pytest.mark.parametrize(("scale", "best"), [("linear", "linear"), ("log2", "log2")])
def test_the_right_shape_wins(scale, best):
    limits = np.repeat([50.0, 100, 200, 500, 1000], 4)
    noise = 0.01 * np.random.default_rng(3).standard_normal(limits.size)
    values = (limits / 300 if scale == "linear" else np.log2(limits) / 5) + noise
    ours = trend_comparison(limits, values)
    assert ours.best_by_left_out_error == best


@pytest.mark.parametrize("function", [trend, saturating_trend])
@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([1], [2], "too_few"),
        ([1, 2], [1, 3], "no_residual_df"),
        ([1, 2, 3, 4], [2, 2, 2, 2], "constant_series"),
        ([1, 2, 3], [1, 2], "mismatched_lengths"),
        ([1, 2, np.nan], [1, 2, 3], "not_finite"),
    ],
)
def test_refuses_with_a_reason(function, x, y, reason):
    with pytest.raises(Degenerate) as refusal:
        function(x, y, at=2)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (lambda: trend([0, 1, 2], [1, 2, 4], at=2), "not_positive"),
        (lambda: trend([1, 2, 4], [1, 2, 4], at=-2), "not_positive"),
        (lambda: trend([3, 3, 3], [1, 2, 4], at=2), "constant_series"),
        (lambda: trend([1, 2, 3], [0.1, 0.2, 0.3], at=2, scale="linear"), "perfect_fit"),
        (lambda: saturating_trend([1, 1, 2, 2], [1, 2, 3, 4], at=2), "too_few"),
        (lambda: saturating_trend([1, 2, 3, 4, 5], [1, 2, 3.1, 3.9, 5], at=2), "not_identified"),
        (
            lambda: saturating_trend([1, 2, 4, 8], 3 - np.exp(-np.array([1, 2, 4, 8]) / 2), at=2),
            "perfect_fit",
        ),
        (lambda: trend_comparison([1, 1, 1, 2, 2], [1, 2, 3, 4, 5]), "too_few"),
        (lambda: trend_comparison([1, 2, 3, 4, 5], [7, 7, 7, 7, 7]), "constant_series"),
        (lambda: trend_comparison([0, 2, 3, 4, 5], [7, 8, 7, 7, 7]), "not_positive"),
        (lambda: trend_comparison([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]), "perfect_fit"),
    ],
)
def test_refuses_what_is_not_there(run, reason):
    with pytest.raises(Degenerate) as refusal:
        run()
    assert refusal.value.reason == reason
