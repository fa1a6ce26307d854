"""Signs over models, against R's rank correlations, and patterns that one can see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.errors import Degenerate
from reporter.statistics.sign_pattern import sign_pattern

UP, DOWN, FLAT = [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0]
LEVEL = [1.0, 2.0, 2.0, 1.0]  # rho with UP is 0


def test_agrees_with_the_signs_of_r(reference):
    values = reference("profiles")
    scores = np.array([[values["attitude", f"{row}_{column}"] for row in range(30)] for column in range(7)])
    models = np.stack([scores[:, 10 * model : 10 * model + 10] for model in range(3)])
    found = sign_pattern(models[:, 0], models[:, 1:])
    for axis, member in enumerate(found.members):
        rho = np.array([values["signs", f"{model}_{axis}"] for model in range(3)])
        assert member.positive.indices == tuple(np.flatnonzero(rho > 0))
        assert member.negative.indices == tuple(np.flatnonzero(rho < 0))
        assert member.same_sign == (abs(np.sign(rho).sum()) == 3)
        assert (member.k, member.n, member.positive.n) == (3, 10, 3)
    assert found.consistent.indices == (0, 2, 3)
    assert found.axes.indices == tuple(range(6))
    assert (found.n, found.unit, found.method) == (10, "1", "signs_of_spearman")


@pytest.mark.parametrize(
    ("by_model", "positive", "negative", "zero", "undefined", "same"),
    [
        ((UP, UP, UP), (0, 1, 2), (), (), (), True),
        ((DOWN, DOWN, DOWN), (), (0, 1, 2), (), (), True),
        ((UP, DOWN, UP), (0, 2), (1,), (), (), False),
        ((UP, FLAT, UP), (0, 2), (), (), (1,), True),  # two models are left, and agree
        ((FLAT, DOWN, FLAT), (), (1,), (), (0, 2), None),  # one model agrees with nobody
        ((UP, LEVEL, UP), (0, 2), (), (1,), (), False),  # no sign is not the same sign
        ((LEVEL, LEVEL, FLAT), (), (), (0, 1), (2,), False),
        ((FLAT, FLAT, FLAT), (), (), (), (0, 1, 2), None),
    ],
)
def test_patterns_that_one_can_see(by_model, positive, negative, zero, undefined, same):
    """The axis in question stands beside one that rises everywhere."""
    found = sign_pattern([UP] * 3, [[one, UP] for one in by_model])
    member = found.members[0]
    selected = (member.positive, member.negative, member.zero, member.undefined)
    assert tuple(each.indices for each in selected) == (positive, negative, zero, undefined)
    assert (member.same_sign, member.k) == (same, 3 - len(undefined))
    assert found.consistent.indices == ((0, 1) if same else (1,))


def test_a_model_whose_first_series_is_constant_has_no_sign_anywhere():
    found = sign_pattern([UP, FLAT], [[UP, DOWN], [UP, DOWN]])
    assert [member.undefined.indices for member in found.members] == [(1,), (1,)]
    assert [member.same_sign for member in found.members] == [None, None]
    assert found.consistent.indices == ()


tables = st.lists(
    st.lists(st.lists(st.integers(-3, 3), min_size=5, max_size=5), min_size=3, max_size=3),
    min_size=2,
    max_size=4,
).map(np.array)


def signs(first, second):
    return [
        (m.positive, m.negative, m.zero, m.undefined, m.same_sign)
        for m in sign_pattern(first, second).members
    ]


@given(tables)
@settings(max_examples=80, deadline=None)
def test_only_ranks_count_and_turning_an_axis_turns_its_signs(table):
    first = np.tile([1.0, 5.0, 2.0, 4.0, 3.0], (len(table), 1))
    second = np.concatenate([table, first[:, np.newaxis]], axis=1)  # one axis is live
    found = signs(first, second)
    assert signs(np.exp(first), 7.0 * second**3 + 2) == found
    assert [(n, p, z, u, s) for p, n, z, u, s in signs(first, -second)] == found
    assert signs(first[:, ::-1], second[:, :, ::-1]) == found


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([UP], [[UP, DOWN], [UP, DOWN]], "mismatched_lengths"),
        ([UP], [UP], "mismatched_lengths"),
        ([UP[:3]], [[UP[:3]]], "too_few"),
        ([[1.0, 2.0, 3.0, np.nan]], [[UP]], "not_finite"),
        ([UP, FLAT], [[FLAT], [UP]], "constant_series"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        sign_pattern(first, second)
    assert refusal.value.reason == reason
