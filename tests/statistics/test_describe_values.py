"""Description of single values, against R's t.test and quantile."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.describe_values import describe_values

SERIES = {"two": [2.5, 3.5], "four": [4.0, 1.0, 2.5, 3.1], "six": [2.98, 3.05, 3.11, 2.87, 3.40, 3.02]}


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_agrees_with_r(name, level, reference):
    expected = reference("single_values")
    ours = describe_values(SERIES[name], level=level)
    assert ours.interval is not None
    single = ("mean", "lower_quartile", "median", "upper_quartile", "sd", "minimum", "maximum", "width")
    found = {field: getattr(ours, field) for field in single}
    found |= {"low": ours.interval.low, "high": ours.interval.high}
    for field, value in found.items():
        assert value == pytest.approx(expected[f"describe_{name}_{100 * level:g}", field], rel=1e-8), field
    assert (ours.n, ours.interval.level) == (len(SERIES[name]), level)


@pytest.mark.parametrize(
    ("values", "median"), [([4.0, 1.0, 2.5, 3.0], 2.75), ([4.0, 1.0, 2.5], 2.5), ([7.0, 1.0], 4.0)]
)
def test_the_median_lies_between_the_middle_two_of_an_even_n(values, median):
    assert describe_values(values).median == median


def test_equal_values_have_no_interval():
    ours = describe_values([3.0, 3.0, 3.0])
    assert (ours.mean, ours.sd, ours.width, ours.interval) == (3.0, 0.0, 0.0, None)
    assert (ours.lower_quartile, ours.upper_quartile) == (3.0, 3.0)


@pytest.mark.parametrize(
    ("values", "reason"),
    [([1.0], "too_few"), ([1.0, np.nan], "not_finite"), ([[1.0, 2.0]], "not_one_dimensional")],
)
def test_refuses_with_a_reason(values, reason):
    with pytest.raises(Degenerate) as refusal:
        describe_values(values)
    assert refusal.value.reason == reason
