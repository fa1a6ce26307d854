"""Shares with Wilson's interval, against R's prop.test without its correction."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.statistics.share import share


@pytest.mark.parametrize(("count", "n"), [(0, 12), (3, 12), (29, 60), (60, 60)])
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_agrees_with_r(count, n, level, reference):
    expected = reference("single_values")
    case = f"share_{count}_of_{n}_{100 * level:g}"
    ours = share([1] * count + [0] * (n - count), level=level)
    assert (ours.count, ours.n, ours.level) == (count, n, level)
    for field in ("share", "low", "high"):
        assert getattr(ours, field) == pytest.approx(expected[case, field], rel=1e-8, abs=1e-12), field


def test_having_and_lacking_mirror_each_other():
    one, other = share([1, 1, 1, 0, 0, 0, 0]), share([0, 0, 0, 1, 1, 1, 1])
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), rel=1e-12)


@pytest.mark.parametrize(
    ("values", "reason"), [([], "too_few"), ([1.0, 0.5], "not_yes_or_no"), ([float("nan")], "not_finite")]
)
def test_refuses_with_a_reason(values, reason):
    with pytest.raises(Degenerate) as refusal:
        share(values)
    assert refusal.value.reason == reason
