"""Student's t on pairs, against R's t.test and the values of the methods page."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.paired_t import paired_t

FIRST = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
SECOND = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)
CASES = {"published": (FIRST, SECOND), "sleep": SLEEP, "two": ([1, 2], [1.5, 3.25])}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_agrees_with_r(case, level, reference):
    expected = reference("paired_t")
    ours = paired_t(*CASES[case], level=level)
    printed = {
        "estimate": ours.estimate,
        "t": ours.t,
        "df": ours.df,
        "p": ours.p,
        "se": ours.se,
        "low": ours.interval.low,
        "high": ours.interval.high,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[f"{case}_{100 * level:g}", field], rel=1e-8), field


def test_swapping_the_conditions_turns_the_sign():
    there, back = paired_t(FIRST, SECOND), paired_t(SECOND, FIRST)
    assert back.estimate == -there.estimate
    assert back.t == -there.t
    assert back.p == there.p
    assert (back.interval.low, back.interval.high) == (-there.interval.high, -there.interval.low)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0], [2.0], "too_few"),
        ([1.0, 2.0], [2.0, 3.0], "constant_series"),
        ([1.0, 2.0, 3.0], [2.0, 3.0], "mismatched_lengths"),
        ([1.0, np.nan], [2.0, 3.0], "not_finite"),
        ([1.0, 2.0], [np.inf, 3.0], "not_finite"),
        ([[1.0, 2.0]], [[2.0, 4.0]], "not_one_dimensional"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        paired_t(first, second)
    assert refusal.value.reason == reason
