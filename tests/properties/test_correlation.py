"""What every correlation keeps, whatever the data: invariance to rank-preserving maps, signs, row order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reporter.statistics._ranks import counts_of, resampled_ranks
from reporter.statistics.max_statistic import max_statistic
from reporter.statistics.partial_spearman import partial_spearman
from reporter.statistics.peak_scan import peak_scan
from reporter.statistics.pooled_spearman import pooled_spearman
from reporter.statistics.spearman import spearman
from reporter.statistics.stratified_spearman import stratified_spearman

small = st.integers(-4, 4).map(float)


@st.composite
def two_series(draw, least=4, most=7):
    """Two series of equal length, neither constant, often tied."""
    n = draw(st.integers(least, most))
    first, second = (np.array(draw(st.lists(small, min_size=n, max_size=n))) for _ in range(2))
    assume(np.ptp(first) > 0 and np.ptp(second) > 0)
    return first, second


def same(one, other, sign=1):
    assert other.r == pytest.approx(sign * one.r, abs=1e-12)
    assert other.p == pytest.approx(one.p, abs=1e-12)


@given(two_series())
@settings(max_examples=60, deadline=None)
def test_spearman_sees_only_ranks(series):
    first, second = series
    found = spearman(first, second)
    same(found, spearman(np.exp(first), second**3))
    same(found, spearman(second, first))
    same(found, spearman(-first, second), sign=-1)


@given(two_series(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_row_order_does_not_matter(series, random):
    first, second = series
    order = list(range(first.size))
    random.shuffle(order)
    strata = np.arange(first.size) % 2
    same(spearman(first, second), spearman(first[order], second[order]))
    found, moved = (stratified(first, second, strata, rows) for rows in (slice(None), order))
    if found is not None and moved is not None:
        same(found, moved)


def stratified(first, second, strata, rows):
    for label in (0, 1):
        if np.ptp(first[strata == label]) == 0 or np.ptp(second[strata == label]) == 0:
            return None
    return stratified_spearman(first[rows], second[rows], strata[rows])


@given(two_series())
@settings(max_examples=60, deadline=None)
def test_p_is_a_share_of_orders_and_never_below_its_floor(series):
    found = spearman(*series)
    orders = found.p * float(np.prod(np.arange(1, found.n + 1)))
    assert orders == pytest.approx(round(orders), abs=1e-6)
    assert 0 < found.p_floor <= found.p <= 1


@given(two_series(), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_ranks_in_resamples_agree_with_sorting(series, seed):
    from scipy.stats import rankdata

    values, _ = series
    n = values.size
    chosen = np.random.default_rng(seed).integers(0, n, (5, n))
    doubled = resampled_ranks(values, counts_of(chosen, n))
    for positions, ranks in zip(chosen, doubled, strict=True):
        assert (ranks[positions] == 2 * rankdata(values[positions]) - (n + 1)).all()


@given(two_series(least=5, most=6), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_a_covariate_without_relation_to_anything_constant_changes_nothing(series, seed):
    first, second = series
    found = partial_spearman(first, second, np.full(first.size, float(seed)))
    same(spearman(first, second), found)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_step_down_lies_between_single_and_family_p(seed):
    rng = np.random.default_rng(seed)
    found = max_statistic(np.abs(rng.normal(size=5)), np.abs(rng.normal(size=(49, 5))))
    for alone, down, single in zip(found.p, found.p_step_down, found.p_single_step, strict=True):
        assert alone <= down <= single


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_a_scan_does_not_care_for_signs_units_and_column_order(seed):
    rng = np.random.default_rng(seed)
    axes, layers = rng.normal(size=(7, 3)), rng.normal(size=(7, 5))
    found = peak_scan(axes, layers, rng=rng, resamples=9)
    turned = peak_scan(-axes[:, ::-1], np.exp(layers[:, ::-1]), rng=rng, resamples=9)
    assert (turned.p, turned.cells_singly) == (found.p, found.cells_singly)
    assert abs(turned.r) == pytest.approx(abs(found.r), abs=1e-12)
    for one, other in zip(found.members, turned.members[::-1], strict=True):
        assert sorted(4 - layer for layer in other.layers) == list(one.layers)
        assert (other.p, other.p_step_down) == (one.p, one.p_step_down)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_pooling_does_not_care_for_the_order_of_models_and_questions(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, 3, 7))
    order = rng.permutation(7)
    found = pooled_spearman(first, second, rng=rng, resamples=99)
    moved = pooled_spearman(first[::-1][:, order], second[::-1][:, order], rng=rng, resamples=99)
    assert moved.z == pytest.approx(found.z, abs=1e-12)
    assert moved.p == found.p
