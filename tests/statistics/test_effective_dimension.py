"""Effective dimension: the values of the methods page, closed forms, and bias by simulation."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.effective_dimension import effective_dimension


@pytest.mark.parametrize(
    ("model", "plain", "corrected", "low", "high", "clipped", "constant"),
    [
        ("qwen", 1.909332, 2.040553402, 1.519350, 2.740553, 0, ()),
        ("deepseek", 3.658040, 4.251493694, 3.606276, 5.012151, 77, (3,)),
    ],
)
def test_agrees_with_the_methods_page(shared, model, plain, corrected, low, high, clipped, constant):
    path = shared / "data" / "mood-axis" / f"{model}_7b_baseline.json"
    axes = json.loads(path.read_text(encoding="utf-8"))["axes"]
    ours = effective_dimension(np.array([axis["values"] for axis in axes.values()]).T)
    assert ours.plain == pytest.approx(plain, abs=5e-7)  # printed with so many digits
    assert ours.corrected == pytest.approx(corrected, abs=5e-10)
    assert ours.interval.low == pytest.approx(low, abs=5e-7)
    assert ours.interval.high == pytest.approx(high, abs=5e-7)
    assert (ours.clipped, ours.constant.indices) == (clipped, constant)
    assert sum(ours.clipped_by_axis) == clipped
    assert (ours.n, ours.axes) == (30, 7)


def test_orthogonal_axes_count_by_their_variances():
    centred = np.random.default_rng(4).standard_normal((12, 3))
    centred -= centred.mean(axis=0)
    orthogonal = np.linalg.qr(centred)[0] * [3, 2, 1]
    ours = effective_dimension(orthogonal)
    assert ours.plain == pytest.approx((9 + 4 + 1) ** 2 / (81 + 16 + 1), rel=1e-12)


def test_copies_of_one_axis_count_once():
    axis = np.random.default_rng(1).standard_normal(30)
    with pytest.raises(Degenerate) as refusal:
        effective_dimension(np.column_stack([axis, axis * 2]))
    assert refusal.value.reason == "zero_width"


def test_the_correction_removes_the_bias():
    rng = np.random.default_rng(8)
    found = [effective_dimension(rng.standard_normal((30, 7)), clip=9) for _ in range(400)]
    plain = np.mean([one.plain for one in found])
    corrected = np.array([one.corrected for one in found])
    assert plain < 6  # truth: 7
    assert corrected.mean() == pytest.approx(7, abs=0.15)


def test_scaling_all_axes_changes_nothing():
    table = np.random.default_rng(2).standard_normal((20, 4))
    one, two = effective_dimension(table, clip=9), effective_dimension(3 * table, clip=27)
    assert one.plain == pytest.approx(two.plain, rel=1e-12)
    assert one.corrected == pytest.approx(two.corrected, rel=1e-12)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([1.0, 2.0], "not_a_table"),
        (np.zeros((3, 4)), "too_few"),
        (np.zeros((9, 1)), "too_few"),
        (np.full((9, 3), 0.1), "constant_series"),
        ([[1, 1], [0, 0], [0, 0], [0, 0], [0, 0]], "constant_series"),
        ([[1.0, np.nan]] * 5, "not_finite"),
    ],
)
def test_refuses_with_a_reason(table, reason):
    with pytest.raises(Degenerate) as refusal:
        effective_dimension(table)
    assert refusal.value.reason == reason
