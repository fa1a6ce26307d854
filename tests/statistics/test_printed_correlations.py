"""Printed correlations in the family of all tests, against R's pt and p.adjust, scipy, and the methods page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import spearmanr

from reporter.errors import Degenerate
from reporter.families import benjamini_hochberg, benjamini_yekutieli, holm
from reporter.statistics.printed_correlations import printed_correlations

QUESTIONS = [-0.53, -0.39, -0.38, 0.39, 0.58, 0.38, -0.44, -0.43, -0.53]
CASES = {
    "questions": (QUESTIONS, [30] * 9, 42),
    "all": ([0.5, -0.1, 0.0, 0.999], [12] * 4, 4),
    "sizes": ([0.9, 0.1, -0.4, 0.4, -0.97], [3, 1000, 30, 12, 5], 11),
}
ADJUSTED = {
    "p_holm": holm, "p_benjamini_hochberg": benjamini_hochberg, "p_benjamini_yekutieli": benjamini_yekutieli,
}  # fmt: skip


@pytest.mark.parametrize("field", ["p", *ADJUSTED])
@pytest.mark.parametrize("case", CASES)
def test_agrees_with_r(case, field, reference):
    r, n, tests = CASES[case]
    expected = reference("printed")
    ours = printed_correlations(r, n, tests=tests)
    for place, value in enumerate(getattr(ours, field), start=1):
        assert value == pytest.approx(expected[f"{case}_{place:02d}", field], rel=1e-8, abs=0), place


def test_of_the_nine_that_the_document_prints_one_three_and_none_survive():
    """The methods page: of 42 tests nine are below .05, Holm leaves one, BH three, BY none."""
    ours = printed_correlations(QUESTIONS, [30] * 9, tests=42)
    assert ours.singly.indices == tuple(range(9))
    assert ours.holm.indices == (4,)  # formal_casual of Mistral
    assert ours.benjamini_hochberg.indices == (0, 4, 8)
    assert ours.benjamini_yekutieli.indices == ()
    assert ours.expected_by_chance == pytest.approx(2.1)
    assert (ours.tests, ours.n, ours.alpha, ours.r) == (42, 9, 0.05, tuple(QUESTIONS))
    assert {ours.singly.n, ours.holm.n, ours.benjamini_hochberg.n, ours.benjamini_yekutieli.n} == {9}


@pytest.mark.parametrize("seed", range(3))
def test_p_is_what_scipy_prints_beside_rho(seed):
    x, y = np.random.default_rng(seed).normal(size=(2, 30))
    rho, p = spearmanr(x, y)
    assert printed_correlations([rho], [30], tests=1).p[0] == pytest.approx(p, rel=1e-8)


@given(
    r=some.lists(some.floats(-0.99, 0.99), min_size=2, max_size=12),
    printed=some.integers(1, 11),
    n=some.integers(5, 60),
)
def test_what_is_not_printed_only_makes_it_stricter(r, printed, n):
    """However small the p values are that are not printed: knowing them raises no adjusted p."""
    k = min(printed, len(r) - 1)
    everything = printed_correlations(r, [n] * len(r), tests=len(r))
    ours = printed_correlations(r[:k], [n] * k, tests=len(r))
    for field, adjust in ADJUSTED.items():
        known = adjust(everything.p)[:k]
        assert (np.array(getattr(ours, field)) >= known * (1 - 1e-12)).all(), field


@given(
    r=some.lists(some.floats(-0.99, 0.99), min_size=2, max_size=12),
    n=some.integers(5, 60),
    alpha=some.floats(0.01, 0.2),
)
def test_what_survives_is_exact_where_all_below_alpha_is_printed(r, n, alpha):
    everything = printed_correlations(r, [n] * len(r), tests=len(r), alpha=alpha)
    kept = [r[i] for i in everything.singly]
    if not kept:
        return
    ours = printed_correlations(kept, [n] * len(kept), tests=len(r), alpha=alpha)
    for name in ("holm", "benjamini_hochberg", "benjamini_yekutieli"):
        assert [kept[i] for i in getattr(ours, name)] == [r[i] for i in getattr(everything, name)], name


@pytest.mark.parametrize("field", ["p", *ADJUSTED])
def test_a_p_at_alpha_is_not_below_it(field):
    chosen = "singly" if field == "p" else field.removeprefix("p_")
    alpha = max(getattr(printed_correlations([0.4, 0.5], [30, 30], tests=3), field))
    ours = printed_correlations([0.4, 0.5], [30, 30], tests=3, alpha=alpha)
    assert getattr(ours, chosen).indices == (1,)


@pytest.mark.parametrize(
    ("r", "n", "tests", "reason"),
    [
        ([], [], 1, "too_few"),
        ([0.5], [2], 1, "too_few"),
        ([0.5, 0.4], [30], 2, "mismatched_lengths"),
        ([float("nan")], [30], 1, "not_finite"),
        ([0.5], [float("inf")], 1, "not_finite"),
        ([[0.5]], [30], 1, "not_one_dimensional"),
        ([-1.01, 0.5], [30, 30], 2, "not_correlations"),
        ([0.5, -1.0], [30, 30], 2, "perfect_correlation"),
        ([0.5], [30.5], 1, "not_counts"),
        ([0.5, 0.4], [30, 30], 1, "too_few_tests"),
    ],
)
def test_refuses_with_a_reason(r, n, tests, reason):
    with pytest.raises(Degenerate) as refusal:
        printed_correlations(r, n, tests=tests)
    assert refusal.value.reason == reason
