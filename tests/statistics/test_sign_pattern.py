"""Signs over models, against R's rank correlations, and patterns that one can see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.errors import Degenerate
from reporter.statistics._permutations import members_of
from reporter.statistics._strata import rho_within
from reporter.statistics.sign_pattern import sign_pattern

UP, DOWN, FLAT = [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0]
LEVEL = [1.0, 2.0, 2.0, 1.0]  # rho with UP is 0


def models_of(values):
    """Three models of ten questions: the first score, and six axes."""
    scores = np.array([[values["attitude", f"{row}_{column}"] for row in range(30)] for column in range(7)])
    models = np.stack([scores[:, 10 * model : 10 * model + 10] for model in range(3)])
    return models[:, 0], models[:, 1:]


def test_agrees_with_the_signs_of_r(reference):
    values = reference("profiles")
    found = sign_pattern(*models_of(values))
    for axis, member in enumerate(found.members):
        rho = np.array([values["signs", f"{model}_{axis}"] for model in range(3)])
        assert member.positive.indices == tuple(np.flatnonzero(rho > 0))
        assert member.negative.indices == tuple(np.flatnonzero(rho < 0))
        assert member.same_sign == (abs(np.sign(rho).sum()) == 3)
        assert (member.k, member.n, member.positive.n) == (3, 10, 3)
    assert found.consistent.indices == (0, 2, 3)
    assert found.axes.indices == tuple(range(6))
    assert (found.n, found.unit, found.method) == (10, "1", "signs_of_spearman")


def test_agrees_with_the_signs_of_r_within_strata_of_each_model(reference):
    """By lm on stratum dummies; the last axis of the second model falls, and rises within strata."""
    values = reference("profiles")
    first, second = models_of(values)
    strata = np.array([[values["strata", f"{model}_{row}"] for row in range(10)] for model in range(3)])
    found = sign_pattern(first, second, strata=strata)
    for model in range(3):
        rho, defined = rho_within(first[model], second[model], members_of(10, strata[model]))
        for axis, member in enumerate(found.members):
            expected = values["signs_within", f"{model}_{axis}"]
            assert rho[axis] == pytest.approx(expected, rel=1e-8)
            assert (model in member.positive, model in member.negative) == (expected > 0, expected < 0)
        assert defined.all()
    assert found.consistent.indices == (0, 2, 3, 5)
    assert 1 in sign_pattern(first, second).members[5].negative
    assert {found.method, *(member.method for member in found.members)} == {"signs_of_stratified_spearman"}


def test_one_stratum_is_no_stratum():
    series = [UP, DOWN, UP], [[UP, LEVEL], [UP, DOWN], [FLAT, DOWN]]
    plain, whole = sign_pattern(*series), sign_pattern(*series, strata=[["all"] * 4] * 3)
    assert [(m.positive, m.negative, m.zero, m.undefined) for m in plain.members] == [
        (m.positive, m.negative, m.zero, m.undefined) for m in whole.members
    ]


@pytest.mark.parametrize(
    ("axis", "kind"),
    [
        ([1.0, 2.0, 8.0, 9.0], "positive"),
        ([2.0, 1.0, 9.0, 8.0], "negative"),  # over all questions it rises
        ([1.0, 2.0, 9.0, 8.0], "zero"),  # rises in one stratum as much as it falls in the other
        ([1.0, 1.0, 9.0, 9.0], "undefined"),  # differs between strata only
    ],
)
def test_what_differs_between_strata_makes_no_sign(axis, kind):
    found = sign_pattern([UP], [[axis, UP]], strata=[["cut", "cut", "end", "end"]])
    assert getattr(found.members[0], kind).indices == (0,)
    assert found.members[0].k == (kind != "undefined")


def test_series_that_vary_in_different_strata_have_no_sign():
    strata = [["cut", "cut", "end", "end"]] * 2
    first, axes = [1.0, 2.0, 3.0, 3.0], [[1.0, 1.0, 2.0, 3.0], UP]
    assert sign_pattern([first] * 2, [axes] * 2, strata=strata).members[0].undefined.indices == (0, 1)
    with pytest.raises(Degenerate) as refusal:
        sign_pattern([first] * 2, [axes[:1]] * 2, strata=strata)
    assert refusal.value.reason == "constant_series"


@pytest.mark.parametrize("strata", [["a"] * 4, [["a"] * 4], [["a"] * 3] * 2])
def test_strata_are_those_of_each_model(strata):
    with pytest.raises(Degenerate) as refusal:
        sign_pattern([UP, DOWN], [[UP], [UP]], strata=strata)
    assert refusal.value.reason == "mismatched_lengths"


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
