"""Scores of past predictions, against the score's defining integral in R."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from reporter.errors import Degenerate
from reporter.statistics.score_prediction import score_prediction


@pytest.mark.parametrize("df", [2, 3, 7, 30])
@pytest.mark.parametrize("z", [-3, -0.5, 0, 1, 4])
def test_crps_agrees_with_its_integral(df, z, reference):
    scale = 0.3
    half_width = scale * student.ppf(0.975, df)
    ours = score_prediction([2.0], [half_width], [2.0 + scale * z], df=df)
    assert ours.crps == pytest.approx(scale * reference("score_prediction")[f"df_{df}", f"z_{z:g}"], rel=1e-8)


def test_counts_what_lies_inside():
    ours = score_prediction([3.0, 3.1, 3.2], [0.1, 0.1, 0.1], [3.05, 3.3, 3.3000000], df=7)
    assert ours.hits.indices in {(0,), (0, 2)}  # 3.3 - 3.2 is 0.1 up to rounding
    assert ours.mean_error == pytest.approx(0.35 / 3)
    assert ours.crps == pytest.approx(np.mean(ours.each_crps))
    assert ours.n == 3


def test_a_sharp_prediction_scores_like_its_error():
    ours = score_prediction([3.0], [1e-6], [3.4], df=7)
    assert ours.crps == pytest.approx(0.4, rel=1e-5)


@pytest.mark.parametrize(
    ("centre", "half_width", "measured", "df", "reason"),
    [
        ([], [], [], 7, "too_few"),
        ([1.0], [0.1, 0.2], [1.0], 7, "mismatched_lengths"),
        ([1.0], [0.0], [1.0], 7, "half_width_not_positive"),
        ([1.0], [0.1], [np.nan], 7, "not_finite"),
        ([1.0], [0.1], [1.0], 1, "too_few_df"),
    ],
)
def test_refuses_with_a_reason(centre, half_width, measured, df, reason):
    with pytest.raises(Degenerate) as refusal:
        score_prediction(centre, half_width, measured, df=df)
    assert refusal.value.reason == reason
