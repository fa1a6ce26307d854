"""Page's L, against scipy's exact test, Page's table and a list of all orders with ties."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.stats import page_trend_test, rankdata

from reporter.errors import Degenerate
from reporter.statistics.page_l import page_l


@pytest.mark.parametrize(("n", "k"), [(3, 3), (2, 4), (5, 3), (8, 4), (3, 6), (2, 7)])
def test_agrees_with_scipy(n, k):
    table = np.random.default_rng(n * k).normal(size=(n, k)) - 0.3 * np.arange(k)
    theirs = page_trend_test(table[:, ::-1], method="exact")
    ours = page_l(table)
    assert ours.statistic == theirs.statistic
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-8)


def distinct_tables(n):
    """Make for each L that n blocks of three can have one table that has it."""
    tables = {}
    for rows in product(permutations([1, 2, 3]), repeat=n):
        tables.setdefault(float((np.array(rows) @ [3, 2, 1]).sum()), rows)
    return tables


# Page (1963), table 2, k = 3: the least L with p at most .05, .01 and .001
@pytest.mark.parametrize(
    ("n", "critical"),
    [(3, {0.05: 41, 0.01: 42}), (4, {0.05: 54, 0.01: 55, 0.001: 56}), (5, {0.05: 66, 0.01: 68})],
)
def test_critical_values_of_the_published_table(n, critical):
    p = {statistic: page_l(rows).p for statistic, rows in distinct_tables(n).items()}
    for alpha, least in critical.items():
        assert p[least] <= alpha < p[least - 1]


@pytest.mark.parametrize(
    "table",
    [[[2, 2, 1], [3, 1, 1]], [[3, 2, 1], [2, 2, 2], [1, 2, 1]], [[4, 3, 3, 1], [0.1 + 0.2, 0.3, 0, 0]]],
)
def test_ties_agree_with_a_list_of_all_orders(table):
    ranks = rankdata(np.round(table, 10), axis=1)
    weights = np.arange(ranks.shape[1], 0, -1)
    every = [
        sum(row @ weights for row in rows) for rows in product(*(list(permutations(row)) for row in ranks))
    ]
    observed = (ranks @ weights).sum()
    ours = page_l(table)
    assert ours.statistic == observed
    assert ours.p == pytest.approx(np.mean(np.array(every) >= observed - 1e-9), rel=1e-12)
    assert ours.p_floor == pytest.approx(every.count(max(every)) / len(every), rel=1e-12)


def test_three_prompts_and_three_models_have_a_floor_of_1_in_216():
    ours = page_l([[3.2, 3.1, 3.0], [3.3, 3.0, 2.9], [3.1, 3.05, 3.0]])
    assert ours.p == ours.p_floor == pytest.approx(1 / 216, rel=1e-12)
    assert (ours.holds, ours.n) == (True, 3)


def test_it_holds_by_the_column_means():
    assert page_l([[3.0, 1.0], [1.0, 2.0]]).holds
    assert not page_l([[3.0, 1.0], [1.0, 3.0]]).holds


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([1.0, 2.0], "not_two_dimensional"),
        ([[1.0], [2.0]], "too_few"),
        ([[1.0, float("nan")]], "not_finite"),
        ([list(range(9))], "too_many_conditions"),
    ],
)
def test_refuses_with_a_reason(table, reason):
    with pytest.raises(Degenerate) as refusal:
        page_l(table)
    assert refusal.value.reason == reason
