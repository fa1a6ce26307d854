"""Spectral entropy of hidden states, against R's prcomp and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reporter.entropy.von_neumann import von_neumann
from reporter.errors import Degenerate


def wave(n, a, b):
    i = np.arange(1, n + 1)
    return ((a * i**2 + b * i) % 2039) / 1024


@pytest.mark.parametrize("shape", [(30, 7), (6, 40)])
def test_agrees_with_r(shape, reference):
    expected = reference("entropy_activations")
    ours = von_neumann(wave(math.prod(shape), 13, 29).reshape(shape))
    case = f"states_{shape[0]}_{shape[1]}"
    printed = {
        "von_neumann": ours.value,
        "effective_rank": ours.effective_rank,
        "largest_share": ours.largest_share,
        "rank": ours.rank,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[case, field], rel=1e-8), field


def test_equal_variances_reach_the_logarithm_of_their_number():
    simplex = np.eye(9)  # nine states, centred: eight equal eigenvalues
    ours = von_neumann(simplex)
    assert ours.value == pytest.approx(math.log(8), rel=1e-12)
    assert (ours.rank, ours.n, ours.dimension) == (8, 9, 9)
    assert ours.effective_rank == pytest.approx(8, rel=1e-12)


def test_one_direction_has_no_entropy():
    ours = von_neumann(np.outer(np.arange(5.0), [3.0, 4.0, 0.0]))
    assert (ours.value, ours.effective_rank, ours.rank) == (0.0, 1.0, 1)


def test_bits_leave_the_effective_rank_alone():
    states = wave(60, 13, 29).reshape(12, 5)
    nats, bits = von_neumann(states), von_neumann(states, unit="bits")
    assert bits.value == pytest.approx(nats.value / math.log(2))
    assert bits.effective_rank == nats.effective_rank


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        ([1.0, 2.0], "not_two_dimensional"),
        ([[1.0, 2.0]], "too_few"),
        (np.empty((3, 0)), "too_few"),
        ([[1.0, np.nan], [2.0, 1.0]], "not_finite"),
        ([[1.1, 2.3]] * 7, "constant_series"),
    ],
)
def test_refuses_with_a_reason(states, reason):
    with pytest.raises(Degenerate) as refusal:
        von_neumann(states)
    assert refusal.value.reason == reason
