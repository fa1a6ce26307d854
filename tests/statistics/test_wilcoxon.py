"""Exact signed ranks, against R without ties and against a list of all signs with ties."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import rankdata

from reporter.errors import Degenerate
from reporter.statistics.wilcoxon import wilcoxon

FIRST = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
SECOND = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]


@pytest.mark.parametrize("case", ["published", "cubes", "waves", "down"])
def test_agrees_with_r(case, reference):
    expected = reference("wilcoxon")
    change = [
        value for (name, field), value in expected.items() if name == case and field.startswith("change")
    ]
    ours = wilcoxon(np.zeros(len(change)), change)
    assert ours.statistic == expected[case, "v"]
    assert ours.p == pytest.approx(expected[case, "p"], rel=1e-8)


@pytest.mark.parametrize(
    "change",
    [
        [1, 1, 1, -1],
        [0.1, 0.1, -0.2, 0.2, 0.3],
        [3, -3],
        [1, 2, 2, 2, -2, 4, 4, -7, 0, 0],
        [0.10, 3.03 - 2.93],
    ],
)
def test_ties_agree_with_a_list_of_all_signs(change):
    moved = np.round([c for c in change if c != 0], 10)
    ranks = rankdata(np.abs(moved))
    observed = ranks[moved > 0].sum()
    sums = np.array([ranks @ signs for signs in product([0, 1], repeat=moved.size)])
    p = min(1.0, 2 * min(np.mean(sums <= observed), np.mean(sums >= observed)))
    ours = wilcoxon(np.zeros(len(change)), change)
    assert ours.statistic == observed
    assert ours.p == pytest.approx(p, rel=1e-12)
    assert ours.n_used == moved.size


def test_values_of_the_methods_page():
    ours = wilcoxon(FIRST, SECOND)
    assert (ours.statistic, ours.n, ours.n_used, ours.p, ours.p_floor) == (28, 8, 7, 0.015625, 0.015625)


def test_swapping_the_conditions_keeps_p():
    there, back = wilcoxon(FIRST, SECOND), wilcoxon(SECOND, FIRST)
    assert back.p == there.p
    assert there.statistic + back.statistic == 7 * 8 / 2


def test_the_floor_is_reached_when_all_rise():
    ours = wilcoxon([0, 0, 0, 0, 0], [1, 1, 2, 3, 3])
    assert ours.p == ours.p_floor == 2 / 2**5


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0, 2.0], [1.0, 2.0], "no_change"),
        ([], [], "too_few"),
        ([1.0, 2.0], [1.0], "mismatched_lengths"),
        ([1.0, np.nan], [1.0, 2.0], "not_finite"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        wilcoxon(first, second)
    assert refusal.value.reason == reason
