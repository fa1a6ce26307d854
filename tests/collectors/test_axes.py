"""Axis vectors against a calculation by hand, and their properties."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.collectors.axes import axis_from, axis_projection, calibrate
from reporter.errors import Degenerate


def poles(seed: int = 1, n: int = 30, hidden: int = 6) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    return draw.normal(1, 1, (n, hidden)), draw.normal(0, 1, (n, hidden))


def test_the_vector_is_the_difference_of_trimmed_means() -> None:
    positive, negative = poles()
    trimmed = [
        np.sort(pole, axis=0)[3:27].mean(axis=0) for pole in (positive, negative)
    ]  # 10 % of 30 at each end
    direction = (trimmed[0] - trimmed[1]) / np.sqrt(((trimmed[0] - trimmed[1]) ** 2).sum())
    axis = axis_from(positive, negative)
    np.testing.assert_allclose(axis.vector, direction, rtol=1e-12)
    along = sorted([*(positive @ direction), *(negative @ direction)])
    quartiles = [along[14] + 0.75 * (along[15] - along[14]), along[44] + 0.25 * (along[45] - along[44])]
    assert axis.scale == pytest.approx(quartiles[1] - quartiles[0])


def test_a_projection_is_clipped_and_scaled() -> None:
    axis = axis_from([[1.0, 0.0]] * 4, [[-1.0, 0.0]] * 4)
    assert axis.scale == 2.0
    np.testing.assert_array_equal(axis.project([[1.0, 9.0], [-8.0, 0.0], [8.0, 0.0]]), [0.5, -1.0, 1.0])


def test_the_scale_is_never_below_a_tenth() -> None:
    assert axis_from([[0.001, 0.0]] * 4, [[0.0, 0.0]] * 4).scale == 0.1


def test_swapped_poles_turn_the_axis_round() -> None:
    positive, negative = poles()
    one, two = axis_from(positive, negative), axis_from(negative, positive)
    np.testing.assert_allclose(one.project(positive), -two.project(positive), rtol=1e-12)


def test_rows_name_their_axis() -> None:
    axis = axis_from([[1.0, 0.0]] * 4, [[-1.0, 0.0]] * 4)
    both = {"warm_cold": axis, "formal_casual": axis}
    neutral = {"model": "m", "address": "m/1", "token_limit": 9, "pole": None, "state": [0.5, 0.0]}
    rows = axis_projection(both, neutral)
    assert [(row["axis"], row["value"]) for row in rows] == [("warm_cold", 0.25), ("formal_casual", 0.25)]
    assert rows[0]["address"] == "m/1@9/axis_projection/warm_cold"
    (own,) = axis_projection(both, neutral | {"pole": "positive", "axis": "formal_casual"})
    assert own["axis"] == "formal_casual"


def test_axes_come_from_the_poles_of_a_calibration() -> None:
    states = [
        {"axis": name, "pole": pole, "state": state}
        for name, pole, state in (
            ("warm_cold", "positive", [1.0, 0.0]),
            ("warm_cold", "negative", [-1.0, 0.0]),
            ("formal_casual", "positive", [1.0, 0.0]),
            (None, None, [9.0, 9.0]),
        )
    ]
    axes, ledger = calibrate(states)
    assert list(axes) == ["warm_cold"]
    np.testing.assert_array_equal(axes["warm_cold"].vector, [1.0, 0.0])
    assert [(entry["what"], entry["reason"]) for entry in ledger] == [("axis formal_casual", "too_few")]


@pytest.mark.parametrize(
    ("positive", "negative", "reason"),
    [
        ([[1.0, 2.0]], [[1.0, 2.0]], "poles_coincide"),
        (np.empty((0, 2)), [[1.0, 2.0]], "too_few"),
        ([[np.nan, 2.0]], [[1.0, 2.0]], "not_finite"),
    ],
)
def test_refusals(positive: object, negative: object, reason: str) -> None:
    with pytest.raises(Degenerate) as refused:
        axis_from(positive, negative)
    assert refused.value.reason == reason
