"""Adjusted p values, against R's p.adjust and the properties that define them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from reporter import families

ADJUSTMENTS = ["holm", "benjamini_hochberg", "benjamini_yekutieli"]
FAMILY = some.lists(some.floats(0, 1), min_size=1, max_size=50)


def adjusted(name, p):
    return getattr(families, name)(p)


def column(table, case, field):
    return [value for (label, key), value in table.items() if label.startswith(f"{case}_") and key == field]


@pytest.mark.parametrize("name", ADJUSTMENTS)
@pytest.mark.parametrize("case", ["correlations", "ties", "one", "spread"])
def test_agrees_with_r(name, case, reference):
    table = reference("families")
    ours = adjusted(name, column(table, case, "p"))
    assert ours.tolist() == pytest.approx(column(table, case, name), rel=1e-8)


def test_of_forty_two_correlations_holm_keeps_one_hochberg_three_and_yekutieli_none(reference):
    p = np.array(column(reference("families"), "correlations", "p"))
    assert (p.size, np.sum(p < 0.05)) == (42, 9)
    assert [int(np.sum(adjusted(name, p) < 0.05)) for name in ADJUSTMENTS] == [1, 3, 0]


@pytest.mark.parametrize("name", ADJUSTMENTS)
@given(p=FAMILY)
def test_adjusting_never_helps_and_stays_a_probability(name, p):
    ours = adjusted(name, p)
    assert (ours >= np.array(p) * (1 - 1e-12)).all()
    assert (ours <= 1).all()


@pytest.mark.parametrize("name", ADJUSTMENTS)
@given(p=FAMILY)
def test_adjusting_keeps_the_order(name, p):
    assert (np.diff(adjusted(name, p)[np.argsort(p)]) >= 0).all()


@pytest.mark.parametrize("name", ADJUSTMENTS)
@given(p=FAMILY, seed=some.integers(0, 1000))
def test_the_order_of_the_family_does_not_matter(name, p, seed):
    order = np.random.default_rng(seed).permutation(len(p))
    assert adjusted(name, np.array(p)[order]).tolist() == adjusted(name, p)[order].tolist()


@given(p=FAMILY, alpha=some.floats(0.001, 0.5))
def test_holm_rejects_what_stepping_down_rejects(p, alpha):
    """The procedure as Holm states it: go through p from the least while p(i) <= alpha/(m - i + 1)."""
    m, rejected = len(p), set()
    for i, which in enumerate(np.argsort(p, kind="stable")):
        if p[which] * (m - i) > alpha:
            break
        rejected.add(int(which))
    assert set(np.flatnonzero(families.holm(p) <= alpha).tolist()) == rejected


@given(p=FAMILY, alpha=some.floats(0.001, 0.5))
def test_hochberg_rejects_what_stepping_up_rejects(p, alpha):
    """The procedure as stated: the largest i with p(i) <= i alpha/m, and all up to it."""
    ordered = np.sort(p)
    passing = [value for i, value in enumerate(ordered, start=1) if value * len(p) / i <= alpha]
    rejected = np.array(p) <= (max(passing) if passing else -1)
    assert (families.benjamini_hochberg(p) <= alpha).tolist() == rejected.tolist()


@pytest.mark.parametrize("name", ADJUSTMENTS)
def test_an_empty_family_has_nothing_to_adjust(name):
    assert adjusted(name, []).size == 0


@pytest.mark.parametrize("name", ADJUSTMENTS)
@pytest.mark.parametrize("p", [[0.1, float("nan")], [1.1], [-0.1], [[0.1]]])
def test_refuses_what_is_no_p_value(name, p):
    with pytest.raises(ValueError, match="p values"):
        adjusted(name, p)
