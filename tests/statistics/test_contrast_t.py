"""The contrast of two models between two poles, against R's t.test and its analysis of variance."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.contrast_t import contrast_t

HEIGHT = np.arange(58.0, 73.0)  # R's data set women
WEIGHT = np.array([115.0, 117, 120, 123, 126, 129, 132, 135, 139, 142, 146, 150, 154, 159, 164])
CASES = {
    "five": (
        [2.10, 1.95, 2.40, 2.22, 2.05],
        [2.31, 1.90, 2.66, 2.35, 2.41],
        [1.70, 1.62, 1.95, 1.88, 1.59],
        [1.66, 1.75, 1.90, 2.02, 1.61],
    ),
    "two": ([1.0, 2.0], [1.5, 3.25], [0.0, 1.0], [2.0, 1.125]),
    "women": (HEIGHT[:8], WEIGHT[:8], HEIGHT[7:], WEIGHT[7:]),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("level", [0.95, 0.90])
def test_agrees_with_r(name, level, reference):
    expected = reference("contrast_t")
    ours = contrast_t(*CASES[name], level=level)
    found = {field: getattr(ours, field) for field in ("estimate", "se", "t", "df", "p")}
    found |= {"low": ours.interval.low, "high": ours.interval.high}
    for field, value in found.items():
        assert value == pytest.approx(expected[f"{name}_{100 * level:g}", field], rel=1e-8), field
    assert (ours.n, ours.unit, ours.method) == (len(CASES[name][0]), "nats", "contrast_t")
    assert (ours.interval.level, ours.interval.method) == (level, "student_t")


@pytest.mark.parametrize("name", CASES)
def test_is_the_interaction_with_questions_as_blocks(name, reference):
    expected, ours = reference("contrast_t"), contrast_t(*CASES[name])
    assert ours.t**2 == pytest.approx(expected[name, "interaction_F"], rel=1e-8)
    assert ours.p == pytest.approx(expected[name, "interaction_p"], rel=1e-8)


def test_swapping_models_or_poles_turns_the_sign():
    low, high, other_low, other_high = CASES["five"]
    ours = contrast_t(low, high, other_low, other_high)
    for turned in (
        contrast_t(other_low, other_high, low, high, unit="bits"),
        contrast_t(high, low, other_high, other_low, unit="bits"),
    ):
        assert (turned.estimate, turned.t) == pytest.approx((-ours.estimate, -ours.t), rel=1e-12)
        assert turned.interval.low == pytest.approx(-ours.interval.high, rel=1e-12)
        assert turned.unit == "bits"


@pytest.mark.parametrize(
    ("cells", "reason", "words"),
    [
        (([1.0], [1.0], [1.0], [2.0]), "too_few", "first_negative has n = 1"),
        (([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [2.0]), "too_few", "second_positive has n = 1"),
        (([1.0, 2.0], [1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0]), "mismatched_lengths", "second_negative has n = 3"),
        (([1.0, 2.0], [1.0, np.nan], [1.0, 2.0], [2.0, 3.0]), "not_finite", "first_positive has 1 value"),
        (([1.0, 2.0], [0.0, 0.0], [[1.0, 2.0]], [1.0, 2.0]), "not_one_dimensional", "second_negative"),
        (([0.3, 0.1], [0.4, 0.2], [0.3, 0.1], [0.6, 0.4]), "constant_series", "all 2 differences are 0.2"),
    ],
)  # fmt: skip
def test_refuses_with_a_reason(cells, reason, words):
    with pytest.raises(Degenerate) as refusal:
        contrast_t(*cells)
    assert refusal.value.reason == reason
    assert words in refusal.value.detail
