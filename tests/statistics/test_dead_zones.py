"""Dead axes, against R's mean, sd and IQR of every axis, and axes of which one can say it at sight."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.errors import Degenerate
from reporter.statistics.dead_zones import dead_zones

BOUNDS = {"mean_below": 0.1, "sd_below": 0.1, "iqr_below": 0.1}


@pytest.fixture(scope="module")
def axes(reference):
    values = reference("profiles")
    scores = [[values["attitude", f"{row}_{column}"] for column in range(7)] for row in range(30)]
    return np.array(scores) / 50 - 1


@pytest.mark.parametrize("axis", range(7))
def test_every_bound_lies_at_the_value_of_r(axis, axes, reference):
    """A bound just above R's value takes the axis in, one just below it leaves it out."""
    mean, sd, iqr = (reference("profiles")["axes", f"{field}_{axis}"] for field in ("mean", "sd", "iqr"))
    for factor, inside in ((1 + 1e-9, True), (1 - 1e-9, False)):
        by_mean = dead_zones(axes, mean_below=abs(mean) * factor, sd_below=9, iqr_below=9)
        by_sd = dead_zones(axes, mean_below=9, sd_below=sd * factor, iqr_below=9)
        by_iqr = dead_zones(axes, mean_below=9, sd_below=9, iqr_below=iqr * factor)
        assert (axis in by_mean.dead) == inside
        assert (axis in by_sd.dead) == (axis in by_sd.dead_by_sd) == inside
        assert (axis in by_iqr.dead_by_iqr) == inside
        assert len(by_mean.dead_by_sd) == len(by_iqr.dead) == 7


def test_each_rule_sees_something_else():
    still = np.array([0.01, -0.01, 0.02, -0.02, 0.0, 0.0, 0.01, -0.01])
    outlying = still.copy()
    outlying[0] = 3.0  # one answer moves: the quartiles do not
    wide = np.array([-1.0, 1.0] * 4)
    found = dead_zones(np.column_stack([still, still + 0.9, outlying, wide, np.full(8, 1.0)]), **BOUNDS)
    assert found.dead.indices == (0,)
    assert found.dead_by_sd.indices == (0, 1, 4)
    assert found.dead_by_iqr.indices == (0, 1, 2, 4)
    assert found.constant.indices == (4,)
    assert (found.axes, found.n, found.unit, found.dead.n) == (5, 8, "1", 5)
    assert (found.mean_below, found.sd_below, found.iqr_below) == (0.1, 0.1, 0.1)


def test_what_reaches_a_bound_is_not_below_it():
    table = [[0.5, 0.0], [0.5, 1.0], [0.5, 2.0]]  # sd 1, quartiles 0.5 and 1.5, mean 1
    assert dead_zones(table, mean_below=0.5, sd_below=9, iqr_below=9).dead.indices == ()
    assert dead_zones(table, mean_below=9, sd_below=1, iqr_below=9).dead_by_sd.indices == (0,)
    assert dead_zones(table, mean_below=9, sd_below=9, iqr_below=1).dead_by_iqr.indices == (0,)


def test_the_constant_axis_of_deepseek_is_stuck_and_not_dead(shared):
    path = shared / "data" / "mood-axis" / "deepseek_7b_baseline.json"
    study = json.loads(path.read_text(encoding="utf-8"))
    found = dead_zones(np.array([axis["values"] for axis in study["axes"].values()]).T, **BOUNDS)
    assert found.constant.indices == (3,)
    assert 3 in found.dead_by_sd and 3 in found.dead_by_iqr and 3 not in found.dead


tables = st.lists(st.lists(st.integers(-8, 8), min_size=3, max_size=3), min_size=2, max_size=9).map(np.array)


def chosen(table, factor=1.0):
    found = dead_zones(factor * table, mean_below=2.1 * factor, sd_below=2.1 * factor, iqr_below=2.1 * factor)
    return found.dead, found.dead_by_sd, found.dead_by_iqr, found.constant


@given(tables)
@settings(max_examples=80, deadline=None)
def test_the_pole_an_axis_is_named_after_and_the_scale_do_not_matter(table):
    assert chosen(table) == chosen(-table) == chosen(table, factor=4.0) == chosen(table[::-1])


@given(tables, st.integers(-20, 20))
@settings(max_examples=80, deadline=None)
def test_a_shift_matters_to_the_mean_alone(table, shift):
    assert chosen(table)[1:] == chosen(table + shift)[1:]
    dead, by_sd, *_ = chosen(table)
    assert set(dead) <= set(by_sd)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[0.0, 1.0]], "too_few"),
        ([0.0, 1.0], "not_two_dimensional"),
        ([[0.0, np.inf], [1.0, 1.0]], "not_finite"),
    ],
)
def test_refuses_with_a_reason(table, reason):
    with pytest.raises(Degenerate) as refusal:
        dead_zones(table, **BOUNDS)
    assert refusal.value.reason == reason
