"""A unit is stated and converted in one place."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reporter.entropy.text_entropy import text_entropy
from reporter.entropy.truncated import truncated
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import Estimate, Interval


def test_only_values_change_and_intervals_with_them():
    interval = Interval(low=math.log(2), high=math.log(8), level=0.95, method="student_t")
    nats = Estimate(value=math.log(4), interval=interval, n=7, unit="nats", method="mean")
    bits = convert(nats, unit="bits")
    assert (bits.value, bits.interval.low, bits.interval.high) == pytest.approx((2, 1, 3), rel=1e-14)
    assert (bits.n, bits.interval.level, bits.unit, bits.method) == (7, 0.95, "bits", "mean")
    assert convert(bits, unit="nats").value == pytest.approx(nats.value, rel=1e-15)


def test_arrays_and_missing_values():
    batch = text_entropy(["abcd", "aabb"], unit="bits")
    np.testing.assert_allclose(batch.values, [2, 1], rtol=1e-15)
    assert batch.symbols.tolist() == [4, 4]
    assert convert(truncated(np.log([0.5, 0.25]), logprob_mode="raw"), unit="bits").upper is None


@pytest.mark.parametrize("unit", ["bit", "", "characters"])
def test_refuses_other_units(unit):
    known = Estimate(value=1.0, interval=None, n=1, unit="nats", method="mean")
    unknown = Estimate(value=1.0, interval=None, n=1, unit=unit, method="mean")
    for record, target in ((known, unit), (unknown, "nats"), (unknown, unit)):
        with pytest.raises(Degenerate) as refusal:
            convert(record, unit=target)
        assert refusal.value.reason == "unknown_unit"
