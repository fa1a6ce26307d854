"""Properties that inference must have for any data: symmetry, scale, order, units, and bounds of p."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reporter.errors import Degenerate
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.effective_dimension import effective_dimension
from reporter.statistics.equivalence_welch import equivalence_welch
from reporter.statistics.hedges_g import hedges_g
from reporter.statistics.paired_permutation import paired_permutation
from reporter.statistics.quasi_f import quasi_f
from reporter.statistics.trend import trend
from reporter.statistics.two_sample_permutation import two_sample_permutation
from reporter.statistics.welch_t import welch_t

# integers over 8: sums are exact, so that equalities can be asked for
values = st.integers(-64, 64).map(lambda number: number / 8)
groups = st.lists(values, min_size=3, max_size=7).filter(lambda group: len(set(group)) > 1)
pairs = (
    st.integers(3, 7)
    .flatmap(lambda n: st.tuples(*[st.lists(values, min_size=n, max_size=n)] * 2))
    .filter(lambda pair: len({b - a for a, b in zip(*pair, strict=True)}) > 1)
)
quick = settings(deadline=None, max_examples=60)


@quick
@given(groups, groups)
def test_swapping_groups_turns_the_sign(first, second):
    for function in (welch_t, hedges_g):
        there, back = function(first, second), function(second, first)
        value = "estimate" if function is welch_t else "value"
        assert getattr(there, value) == pytest.approx(-getattr(back, value), abs=1e-12)
        assert there.interval.low == pytest.approx(-back.interval.high, rel=1e-9, abs=1e-9)
    one, two = equivalence_welch(first, second, bound=1), equivalence_welch(second, first, bound=1)
    assert one.p == pytest.approx(two.p, rel=1e-12)
    assert two_sample_permutation(first, second).p == pytest.approx(two_sample_permutation(second, first).p)


@quick
@given(groups, groups, st.sampled_from([0.5, 2.0, 1 / math.log(2)]))
def test_a_change_of_unit_changes_no_test(first, second, factor):
    a, b = np.array(first), np.array(second)
    one, two = welch_t(a, b), welch_t(factor * a, factor * b)
    assert two.p == pytest.approx(one.p, rel=1e-9)
    assert two.estimate == pytest.approx(factor * one.estimate, rel=1e-9, abs=1e-12)
    assert hedges_g(factor * a, factor * b).value == pytest.approx(hedges_g(a, b).value, rel=1e-9, abs=1e-12)
    scaled = two_sample_permutation(factor * a, factor * b)
    assert scaled.p == pytest.approx(two_sample_permutation(a, b).p, rel=1e-9)


@quick
@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(pair, random):
    order = list(range(len(pair[0])))
    random.shuffle(order)
    first, second = (np.array(side) for side in pair)
    one, two = paired_permutation(first, second), paired_permutation(first[order], second[order])
    assert one.p == two.p
    assert one.p_floor <= one.p <= 1


@quick
@given(groups, st.sampled_from(["percentile", "bca"]))
def test_an_enumerated_interval_moves_with_the_values(group, method):
    def mean(rows):
        return rows.mean(axis=1)

    try:
        here = bootstrap(group, statistic=mean, interval=method).interval
    except Degenerate as reason:
        assert reason.reason in {"bca_undefined", "zero_width"}
        return
    there = bootstrap(np.array(group) + 3, statistic=mean, interval=method).interval
    assert there.low == pytest.approx(here.low + 3, abs=1e-9)
    assert there.high == pytest.approx(here.high + 3, abs=1e-9)
    assert min(group) <= here.low < here.high <= max(group)


@quick
@given(arrays(np.float64, (5, 3), elements=values))
def test_quasi_f_does_not_know_which_side_is_called_models(table):
    try:
        there, back = quasi_f(table), quasi_f(table.T)
    except Degenerate as reason:
        assert reason.reason == "constant_series"
        return
    assert there.p == pytest.approx(back.p, rel=1e-9)
    assert there.models_mean_square == pytest.approx(back.prompts_mean_square, rel=1e-9, abs=1e-12)


@quick
@given(
    st.lists(st.tuples(st.integers(1, 9), values), min_size=5, max_size=12),
    st.sampled_from(["linear", "log2"]),
)
def test_a_trend_survives_a_shift_of_the_values(points, scale):
    x, y = (np.array(side, dtype=float) for side in zip(*points, strict=True))
    try:
        here, there = trend(x, y, at=20, scale=scale), trend(x, y + 5, at=20, scale=scale)
    except Degenerate as reason:
        assert reason.reason in {"constant_series", "perfect_fit"}
        return
    assert there.slope == pytest.approx(here.slope, rel=1e-7, abs=1e-9)
    assert there.predicted == pytest.approx(here.predicted + 5, rel=1e-7, abs=1e-7)
    assert here.prediction.high - here.prediction.low > 0


@quick
@given(arrays(np.float64, (8, 3), elements=values), st.permutations(range(8)), st.permutations(range(3)))
def test_effective_dimension_does_not_depend_on_order(table, rows, columns):
    try:
        here = effective_dimension(table, clip=100)
    except Degenerate as reason:
        assert reason.reason in {"constant_series", "not_estimable", "zero_width"}
        return
    there = effective_dimension(table[list(rows)][:, list(columns)], clip=100)
    assert there.plain == pytest.approx(here.plain, rel=1e-9)
    assert there.corrected == pytest.approx(here.corrected, rel=1e-9)
    assert 1 <= here.plain <= 3 + 1e-9
