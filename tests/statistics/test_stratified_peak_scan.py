"""Peak scan within strata, against enumeration and resampling by hand, and against its single cells."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from scipy.stats import rankdata

from reporter.errors import Degenerate
from reporter.statistics.peak_scan import peak_scan
from reporter.statistics.stratified_peak_scan import stratified_peak_scan
from reporter.statistics.stratified_spearman import stratified_spearman

STRATA = np.array(["cut", "end", "cut", "end", "cut", "end", "end"])


def generator(seed=1):
    return np.random.default_rng(seed)


def by_hand(axes, layers, strata):
    """Correlations (axes, layers) of ranks over all answers less each stratum's mean, one by one."""

    def left(column):
        ranks = rankdata(column)
        return ranks - [ranks[strata == label].mean() for label in strata]

    return np.array(
        [
            [left(a) @ left(b) / np.sqrt(left(a) @ left(a) * (left(b) @ left(b))) for b in layers.T]
            for a in axes.T
        ]
    )


def tables(seed, strata, axes=3, layers=4):
    """Draw tables with ties, whose strata lie apart but overlap."""
    rng, codes = generator(seed), np.unique(strata, return_inverse=True)[1][:, np.newaxis]
    return ((rng.normal(size=(codes.size, width)) + codes).round(1) for width in (axes, layers))


def orders_within(strata):
    """List all orders of the answers that keep every answer in its stratum."""
    members = [np.flatnonzero(strata == label) for label in np.unique(strata)]
    for orders in product(*(permutations(one) for one in members)):
        whole = np.arange(strata.size)
        for one, order in zip(members, orders, strict=True):
            whole[one] = order
        yield whole


def test_exact_p_is_the_share_of_orders_within_strata():
    axes, layers = tables(3, STRATA)
    observed = by_hand(axes, layers, STRATA)
    every = np.array([np.abs(by_hand(axes[order], layers, STRATA)) for order in orders_within(STRATA)])
    found = stratified_peak_scan(axes, layers, STRATA, rng=generator(), resamples=9, level=0.8)
    assert found.permutations == len(every) == 144
    assert [peak.cells for peak in found.members] == [pytest.approx(row, abs=1e-12) for row in observed]
    assert abs(found.r) == pytest.approx(np.abs(observed).max(), abs=1e-12)
    assert found.r == pytest.approx(observed[found.axis, found.layer], abs=1e-12)
    assert found.p == np.mean(every.max(axis=(1, 2)) >= abs(found.r) - 1e-9)
    over_layers = every.max(axis=2)
    assert [peak.p for peak in found.members] == [
        np.mean(over_layers[:, at] >= abs(peak.r) - 1e-9) for at, peak in enumerate(found.members)
    ]
    assert found.cells_singly == (np.mean(every >= np.abs(observed) - 1e-9, axis=0) < 0.2).sum() > 0


def test_one_axis_and_one_layer_are_a_stratified_spearman():
    axes, layers = tables(4, STRATA, axes=1, layers=1)
    strata = np.where(np.arange(7) == 6, "alone", STRATA)
    scanned = stratified_peak_scan(axes, layers, strata, rng=generator(), resamples=9)
    single = stratified_spearman(axes[:, 0], layers[:, 0], strata)
    assert (scanned.r, scanned.p, scanned.p_floor) == pytest.approx(
        (single.r, single.p, single.p_floor), abs=1e-12
    )
    assert scanned.n == single.n == 6


def test_one_stratum_is_a_plain_scan():
    axes, layers = tables(5, np.zeros(20))
    options = {"permutations": 999, "resamples": 99}
    plain = peak_scan(axes, layers, rng=generator(), **options)
    found = stratified_peak_scan(axes, layers, ["all"] * 20, rng=generator(), **options)
    assert found == replace(plain, method=found.method)


def test_a_stratum_that_lies_apart_may_lie_anywhere():
    """Ranks run over all answers; where strata do not overlap, a stratum's place is all that a shift changes."""
    strata = np.repeat([0, 1, 2], 6)
    rng = generator(6)
    axes, layers = rng.normal(size=(18, 3)), rng.normal(size=(18, 5))

    def moved(by_axis, by_layer):
        offsets = (np.array(shift)[strata][:, np.newaxis] for shift in (by_axis, by_layer))
        shifted = (table + offset for table, offset in zip((axes, layers), offsets, strict=True))
        return stratified_peak_scan(*shifted, strata, rng=generator(), permutations=499, resamples=99)

    here = moved((0, 100, 200), (0, 100, 200))
    for by_axis, by_layer in (((0, 900, 300), (50, 70, 90)), ((300, -80, 0), (0, 20, -40))):
        there = moved(by_axis, by_layer)
        assert there.r == pytest.approx(here.r, abs=1e-12)
        assert (there.p, there.axis, there.layer) == (here.p, here.axis, here.layer)
        assert [peak.support for peak in there.members] == [peak.support for peak in here.members]


def test_what_differs_between_strata_neither_makes_nor_hides_a_peak():
    strata = np.repeat([0, 1], 4)
    axis = np.array([[1.0, 2, 3, 4, 11, 12, 13, 14]]).T
    made, hidden = [2.0, 4, 1, 3, 12, 14, 11, 13], [11.0, 12, 13, 14, 1, 2, 3, 4]
    (cells,) = (
        peak.cells
        for peak in stratified_peak_scan(
            axis, np.column_stack([made, hidden]), strata, rng=generator(), resamples=9
        ).members
    )
    assert cells == pytest.approx((0.0, 1.0), abs=1e-12)
    (plain,) = peak_scan(
        axis, np.column_stack([made, hidden]), strata=strata, rng=generator(), resamples=9
    ).members
    assert plain.cells[0] > 0.7
    assert plain.cells[1] < 0


@pytest.mark.parametrize("level", [0.95, 0.4])
def test_support_agrees_with_resampling_by_hand(level):
    strata = np.array([0, 1, 1, 0, 1] * 4)
    rng = generator(5)
    layers = (rng.normal(size=(20, 4)) + strata[:, np.newaxis]).round(1)
    axes = layers[:, 2:3] + layers[:, :1] + rng.normal(size=(20, 1))
    options = {"permutations": 99, "resamples": 400, "level": level}
    found = stratified_peak_scan(axes, layers, strata, rng=generator(6), **options)
    replay = generator(6)
    replay.integers(2**32, size=4, dtype=np.uint32)  # what the permutations took
    chosen = np.empty((400, 20), dtype=int)
    for label in (0, 1):
        (one,) = np.nonzero(strata == label)
        chosen[:, one] = one[replay.integers(one.size, size=(400, one.size))]
    every = np.array([np.abs(by_hand(axes[rows], layers[rows], strata))[0] for rows in chosen])
    (peak,) = found.members
    (layer,) = peak.layers
    assert peak.support == np.mean(every.argmax(axis=1) == layer)
    reached = (every >= every[:, [layer]] - 1e-9).mean(axis=0)
    assert peak.not_worse.indices == tuple(np.flatnonzero(reached > 1 - level))


def test_what_varies_between_strata_only_is_dropped():
    strata = np.repeat([0, 1, 2], 4)
    rng = generator(7)
    signal, noise = rng.normal(size=12), rng.normal(size=(12, 2))
    axes = np.column_stack([strata, signal, np.ones(12)])
    layers = np.column_stack([noise[:, 0], 1 - strata, np.zeros(12), signal**3])
    found = stratified_peak_scan(axes, layers, strata, rng=rng, permutations=99, resamples=9)
    assert (found.live_axes.indices, found.live_axes.n) == ((1,), 3)
    assert (found.live_layers.indices, found.live_layers.n) == ((0, 3), 4)
    assert (found.axis, found.layer, found.cells) == (1, 3, 2)
    assert found.members[0].depths == (0.0, 1.0)
    assert found.r == pytest.approx(1.0, abs=1e-12)


def test_n_counts_answers_of_strata_in_which_an_axis_and_a_layer_vary():
    strata = np.array([0, 0, 0, 1, 1, 1, 2, 3, 3])
    first, second = np.array([1.0, 2, 3, 8, 8, 8, 5, 6, 7]), np.array([4.0, 4, 4, 1, 3, 2, 9, 8, 6])
    axes, layers = np.column_stack([first, -(first**2)]), np.column_stack([second, second + 1])
    assert stratified_peak_scan(axes, layers, strata, rng=generator(), resamples=9).n == 2
    axes[3, 1] = 0.0
    assert stratified_peak_scan(axes, layers, strata, rng=generator(), resamples=9).n == 5


def test_engine_changes_no_number():
    axes, layers = tables(8, np.arange(15) % 2)
    options = {"permutations": 4999, "resamples": 50}
    here, spread = (
        stratified_peak_scan(axes, layers, np.arange(15) % 2, rng=generator(), engine=engine, **options)
        for engine in (None, "loky")
    )
    assert here == spread


LINE, BETWEEN = np.arange(8.0).reshape(8, 1), np.repeat([[0.0], [1.0]], 4, axis=0)
HALF = np.array([[1.0, 2, 3, 4, 9, 9, 9, 9]]).T


@pytest.mark.parametrize(
    ("axes", "layers", "strata", "options", "reason"),
    [
        (BETWEEN, LINE, BETWEEN[:, 0], {}, "constant_series"),
        (LINE, BETWEEN, BETWEEN[:, 0], {}, "constant_series"),
        (HALF, HALF[::-1], BETWEEN[:, 0], {}, "constant_series"),
        (LINE, LINE, np.arange(8), {}, "nothing_to_permute"),
        (LINE, LINE, [0, 1], {}, "mismatched_lengths"),
        (LINE, LINE[:7], BETWEEN[:, 0], {}, "mismatched_lengths"),
        (LINE * np.nan, LINE, BETWEEN[:, 0], {}, "not_finite"),
        (LINE[:3], LINE[:3], [0, 0, 1], {}, "too_few"),
        (LINE, LINE, BETWEEN[:, 0], {"bins": 0}, "too_few_bins"),
    ],
)
def test_refuses_with_a_reason(axes, layers, strata, options, reason):
    with pytest.raises(Degenerate) as refusal:
        stratified_peak_scan(axes, layers, strata, rng=generator(), resamples=9, **options)
    assert refusal.value.reason == reason
