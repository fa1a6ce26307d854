"""Predictions from two limits scored at a third, against R's linear model and a numerical score."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.statistics.score_common_slope import score_common_slope

FIRST = [2.91, 3.02, 2.97, 3.10, 3.05]
SECOND = [2.99, 3.04, 3.08, 3.12, 3.15]
LATER = [3.06, 3.21, 3.10, 3.42, 3.20]
LIMITS = {"first_at": 100, "second_at": 200, "at": 500}


def test_agrees_with_r(reference):
    expected = reference("single_values")
    ours = score_common_slope(FIRST, SECOND, LATER, **LIMITS)
    assert len(ours.hits) == expected["score_five", "hits"] == 4
    assert len(ours.envelope_hits) == expected["score_five", "envelope_hits"]
    for field in ("hits_probability", "mean_error"):
        assert getattr(ours, field) == pytest.approx(expected["score_five", field], rel=1e-8), field
    assert ours.interval is not None
    assert ours.interval.low == pytest.approx(expected["score_five", "low"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected["score_five", "high"], rel=1e-8)
    # R integrates the score numerically, to about ten digits
    assert ours.crps == pytest.approx(expected["score_five", "crps"], rel=1e-6)
    assert (ours.n, ours.level) == (5, 0.95)


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        (([1.0, 2.0], [1.5, 2.0], [2.0, 2.0]), "too_few"),
        ((FIRST, SECOND, LATER[:4]), "mismatched_lengths"),
        ((FIRST, SECOND[:4], LATER), "mismatched_lengths"),
        ((FIRST, FIRST, LATER), "constant_series"),
    ],
)
def test_refuses_with_a_reason(arrays, reason):
    with pytest.raises(Degenerate) as refusal:
        score_common_slope(*arrays, **LIMITS)
    assert refusal.value.reason == reason
