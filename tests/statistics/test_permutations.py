"""The permutation engine: complete where it enumerates, uniform where it draws, the same however spread."""

from __future__ import annotations

import math
from collections import Counter
from functools import partial

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics._correlation import absolute_product
from reporter.statistics._permutations import null_distribution, plan, run


def orders(of):
    return np.concatenate([block() for block in of.blocks], axis=1)


@pytest.mark.parametrize("n", range(2, 8))
def test_enumerates_every_order_once(n):
    every = orders(plan(n, strata=None, permutations=0, rng=None))
    assert every.shape == (n, math.factorial(n))
    assert len({tuple(column) for column in every.T}) == math.factorial(n)
    assert (np.sort(every, axis=0) == np.arange(n)[:, np.newaxis]).all()


def test_enumerates_within_strata():
    strata = np.array(list("abaabcb"))
    found = plan(7, strata=strata, permutations=0, rng=None)
    every = orders(found)
    assert found.exact
    assert every.shape[1] == found.size == 6 * 6 * 1
    assert len({tuple(column) for column in every.T}) == 36
    assert (strata[every] == strata[:, np.newaxis]).all()


def test_draws_within_strata_and_uniformly(monkeypatch):
    monkeypatch.setattr("reporter.statistics._permutations.MOST_ENUMERATED", 1)
    strata = [0, 1, 0, 1, 0]
    drawn = orders(plan(5, strata=strata, permutations=12_000, rng=np.random.default_rng(0)))
    counts = Counter(tuple(column) for column in drawn.T)
    assert len(counts) == 12
    chi2 = sum((count - 1000) ** 2 / 1000 for count in counts.values())
    assert chi2 < 31.3  # chi-square, 11 df, upper .001


@pytest.mark.parametrize("block", [1, 3, 100])
def test_block_size_changes_nothing(block):
    def drawn(size):
        return orders(plan(30, strata=None, permutations=2750, rng=np.random.default_rng(8), block=size))

    assert (drawn(block) == drawn(2)).all()
    assert drawn(block).shape == (30, 2750)


@pytest.mark.parametrize("engine", ["loky", "threading"])
def test_engine_changes_nothing(engine):
    of = plan(12, strata=None, permutations=1300, rng=np.random.default_rng(8), block=1)
    statistic = partial(absolute_product, np.arange(12.0) ** 2, np.arange(12.0))
    here = null_distribution(statistic, of)
    assert here.shape == (1300,)
    assert (null_distribution(statistic, of, engine=engine) == here).all()


def test_more_permutations_begin_with_the_same_ones():
    few, many = (plan(30, strata=None, permutations=m, rng=np.random.default_rng(8)) for m in (1000, 1700))
    assert (orders(many)[:, :1000] == orders(few)).all()


def test_jobs_keep_their_order():
    assert run([partial(pow, base, 2) for base in range(5)], None) == [0, 1, 4, 9, 16]


def test_p_value_counts_the_observed_order_where_it_was_drawn():
    drawn = plan(30, strata=None, permutations=99, rng=np.random.default_rng(0))
    assert drawn.p_value(0) == 0.01
    assert plan(3, strata=None, permutations=99, rng=None).p_value(2) == 2 / 6


@pytest.mark.parametrize(
    ("strata", "reason"), [([1, 2, 3], "nothing_to_permute"), ([1, 1], "mismatched_lengths")]
)
def test_refuses_with_a_reason(strata, reason):
    with pytest.raises(Degenerate) as refusal:
        plan(3, strata=strata, permutations=9, rng=None)
    assert refusal.value.reason == reason
