"""The pooled sd, against the residual sd of R's lm on raw values that were made to have these sd."""

from __future__ import annotations

import math

import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.pooled_sd import pooled_sd

CASES = {"even": [(3, 0.04), (3, 0.02), (3, 0.09)], "uneven": [(2, 0.5), (7, 1.25), (30, 0.8)]}


def cells(figures, ddof):
    return [
        Summary(
            mean=3.0,
            sd=sd if ddof == 1 else sd * math.sqrt((n - 1) / n),
            minimum=2,
            maximum=4,
            n=n,
            half_width=0,
        )
        for n, sd in figures
    ]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("ddof", [0, 1])
def test_agrees_with_r(case, ddof, reference):
    expected = reference("pooled_sd")
    ours = pooled_sd(cells(CASES[case], ddof), ddof=ddof)
    assert ours.value == pytest.approx(expected[case, "sd"], rel=1e-8)
    assert ours.interval.low == pytest.approx(expected[case, "low"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected[case, "high"], rel=1e-8)
    assert ours.n == sum(n for n, _ in CASES[case])


def test_equal_cells_pool_to_their_root_mean_square():
    assert pooled_sd(cells([(3, 3.0), (3, 4.0)], 1), ddof=1).value == pytest.approx(
        math.sqrt(12.5), rel=1e-12
    )


@pytest.mark.parametrize(
    ("figures", "ddof", "reason"),
    [
        ([], 0, "no_cells"),
        ([(3, 0.0), (3, 0.0)], 0, "zero_spread"),
        ([(3, 0.1), (1, 0.0)], 0, "too_few"),
        ([(3, 0.1), (3, -0.1)], 1, "negative_sd"),
    ],
)
def test_refuses_with_a_reason(figures, ddof, reason):
    with pytest.raises(Degenerate) as refusal:
        pooled_sd(cells(figures, ddof), ddof=ddof)
    assert refusal.value.reason == reason
