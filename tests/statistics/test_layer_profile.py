"""Layer profiles, against R's t.test, scipy's prominence of peaks, and curves whose dips one can see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import find_peaks

from reporter.errors import Degenerate
from reporter.statistics.layer_profile import layer_profile

curves = st.lists(st.integers(-6, 6), min_size=2, max_size=14)


def answers(curve, spread=1.0):
    """Two answers with a given mean at every layer."""
    return np.array([np.subtract(curve, spread), np.add(curve, spread)], dtype=float)


def dips(curve, dip=3.0):
    return layer_profile(answers(curve), dip=dip).dips.indices


@pytest.fixture(scope="module")
def attitude(reference):
    """Thirty answers to seven questions, which R has."""
    values = reference("profiles")
    return np.array([[values["attitude", f"{row}_{column}"] for column in range(7)] for row in range(30)])


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_agrees_with_r(attitude, reference, level):
    expected, found = reference("profiles"), layer_profile(attitude, level=level)
    for field in ("mean", "low", "high"):
        for layer, value in enumerate(getattr(found, field)):
            assert value == pytest.approx(expected[f"layers_{100 * level:g}", f"{field}_{layer}"], rel=1e-8)
    assert (found.n, found.layers, found.level, found.unit) == (30, 7, level, "nats")


def test_extremes_and_where_they_lie(attitude, reference):
    expected, found = reference("profiles"), layer_profile(attitude)
    assert (found.lowest.indices, found.highest.indices) == ((6,), (5,))
    assert found.least == pytest.approx(expected["layers_95", "mean_6"], rel=1e-8)
    assert found.most == pytest.approx(expected["layers_95", "mean_5"], rel=1e-8)
    assert (found.depth_lowest, found.depth_highest) == (1.0, 5 / 6)
    assert found.depth == tuple(layer / 6 for layer in range(7))
    assert found.at == (0, 1, 2, 3, 4, 5, 6)


def test_ties_are_all_named_and_the_first_gives_the_depth():
    found = layer_profile(answers([2, 1, 3, 1, 3]))
    assert (found.lowest.indices, found.highest.indices) == ((1, 3), (2, 4))
    assert (found.depth_lowest, found.depth_highest) == (0.25, 0.5)


@pytest.mark.parametrize(
    ("curve", "dip", "where"),
    [
        ([6, 5, 4, 3, 2, 1], 1, ()),  # falls to the end
        ([0, 1, 2, 3, 2, 1], 0.5, ()),  # the ends are low, and no dips
        ([3, 2, 1, 0, 1, 2, 3], 3, ()),  # three steps deep is not more than three
        ([3, 2, 1, 0, 1, 2, 3], 2.9, (3,)),
        ([9, 2, 1, 0, 1, 2, 3], 2.9, (3,)),  # the lower of its two sides counts
        ([9, 2, 1, 0, 1, 2, 3], 3, ()),
        ([5, 4, 3, 0, 0, 0, 3, 4, 5], 3, (3, 4, 5)),  # a flat floor, all of it
        ([5, 5, 4, 3, 0, 3, 4, 5, 5], 3, (4,)),  # flat sides
        ([8, 7, 6, 0, 1, 0.5, 6, 7, 8], 3, (3,)),  # a ripple does not hide the floor, and is no dip
        ([8, 7, 6, 0, 1, 0, 6, 7, 8], 3, (3, 5)),  # two floors of one depth
        ([6, 5, 1, 5, 6, 6.5, 6, 2, 6, 5, 6], 3, (2, 7)),
        ([6, 5, 1, 5, 6, 6.5, 6, 2, 6, 5, 6], 0.9, (2, 7, 9)),
        ([4, 4, 4, 4], 0, ()),  # no step at all
        ([1, 2], 0, ()),
    ],
)
def test_dips_that_one_can_see(curve, dip, where):
    assert dips(curve, dip) == where
    assert dips(curve[::-1], dip) == tuple(sorted(len(curve) - 1 - layer for layer in where))


@given(curves, st.sampled_from([0.5, 1.0, 2.25, 3.0]))
@settings(max_examples=300, deadline=None)
def test_dips_are_prominent_peaks_of_the_curve_upside_down(curve, dip):
    steps = np.abs(np.diff(curve))
    expected = []
    if steps.any():
        _, found = find_peaks(-np.array(curve), prominence=0, plateau_size=1)
        floors = zip(found["prominences"], found["left_edges"], found["right_edges"], strict=True)
        least = dip * np.median(steps[steps > 0])
        expected = [x for depth, left, right in floors if depth > least for x in range(left, right + 1)]
    assert dips(curve, dip) == tuple(expected)


@given(curves, st.integers(-50, 50), st.sampled_from([0.5, 2.0, 8.0]))
@settings(max_examples=60, deadline=None)
def test_shift_and_scale_move_the_means_and_nothing_else(curve, shift, scale):
    found, moved = layer_profile(answers(curve)), layer_profile(scale * answers(curve) + shift)
    assert moved.mean == tuple(scale * mean + shift for mean in found.mean)
    assert moved.low == pytest.approx([scale * low + shift for low in found.low], abs=1e-9)
    for field in ("lowest", "highest", "dips", "depth_lowest", "depth_highest"):
        assert getattr(moved, field) == getattr(found, field)


@given(curves)
@settings(max_examples=60, deadline=None)
def test_layers_that_repeat_their_neighbour_make_no_dip_and_hide_none(curve):
    twice = dips(np.repeat(curve, 2))
    assert twice == tuple(place for layer in dips(curve) for place in (2 * layer, 2 * layer + 1))


def test_a_layer_at_which_all_answers_agree_has_no_interval():
    table = np.random.default_rng(3).normal(size=(5, 4))
    table[:, 0], table[:, 2] = 1.5, 0.25 + 1e-15 * np.arange(5)  # noise of the last digit is no spread
    found = layer_profile(table)
    assert [low is None for low in found.low] == [high is None for high in found.high]
    assert [low is None for low in found.low] == [True, False, True, False]
    assert (found.mean[0], found.mean[2]) == (1.5, 0.25)


def test_two_answers_and_a_hundred_layers():
    found = layer_profile(answers(np.arange(100) % 50), unit="bits")
    assert (found.layers, found.n, found.unit, found.dip) == (100, 2, "bits", 3.0)
    assert (found.lowest.indices, found.highest.indices) == ((0, 50), (49, 99))
    assert found.dips.indices == (50,)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[1.0, 2.0]], "too_few"),
        ([[1.0], [2.0]], "too_few_layers"),
        (np.empty((3, 0)), "too_few_layers"),
        ([1.0, 2.0], "not_two_dimensional"),
        ([[1.0, np.nan], [2.0, 3.0]], "not_finite"),
    ],
)
def test_refuses_with_a_reason(table, reason):
    with pytest.raises(Degenerate) as refusal:
        layer_profile(table)
    assert refusal.value.reason == reason
