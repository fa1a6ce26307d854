"""A published figure as it stands: the figures of the study's tables, and the refusals."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.results import PrintedValue
from reporter.statistics.printed_value import printed_value


@pytest.mark.parametrize("printed", ["0.173", "10238", "-0.010", "0", "3.66"])
def test_the_published_figure_comes_back_digit_for_digit(printed):
    decimals = len(printed.partition(".")[2])
    ours = printed_value([float(printed)], unit="tokens")
    assert f"{ours.value:.{decimals}f}" == printed
    assert ours == PrintedValue(value=float(printed), n=1, unit="tokens", method="as_printed")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "not_single"),
        ([0.1, 0.1], "not_single"),
        ([float("nan")], "not_finite"),
        ([float("inf")], "not_finite"),
        ([[0.1]], "not_one_dimensional"),
        (0.1, "not_one_dimensional"),
    ],
)
def test_refuses_with_a_reason(value, reason):
    with pytest.raises(Degenerate) as refusal:
        printed_value(value)
    assert refusal.value.reason == reason
