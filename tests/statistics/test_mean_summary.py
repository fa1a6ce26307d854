"""The t interval of a mean, against R's t.test on values that have the cell's mean and sd."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.mean_summary import mean_summary

# R 4.2.2: x <- c(2.82, 2.86, 2.90); t.test(x)$conf.int
R_LOW, R_HIGH = 2.7606344915, 2.9593655085


@pytest.mark.parametrize(("sd", "ddof"), [(0.04, 1), (0.0326598632371090, 0)])
def test_agrees_with_r_under_either_ddof(sd, ddof):
    cell = Summary(mean=2.86, sd=sd, minimum=2.82, maximum=2.90, n=3, half_width=0.005)
    interval = mean_summary(cell, ddof=ddof).interval
    # R printed ten decimals here
    assert (interval.low, interval.high) == pytest.approx((R_LOW, R_HIGH), abs=1e-10)


def test_no_spread_is_no_interval():
    with pytest.raises(Degenerate, match="zero_spread"):
        mean_summary(Summary(mean=3, sd=0, minimum=3, maximum=3, n=3, half_width=0.005), ddof=0)
