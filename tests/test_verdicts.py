"""The table of verdicts, row by row, and the floor below which no test can go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reporter.findings import Verdict
from reporter.verdicts import TABLE, decide

ALPHA = 0.05
PROBABILITY = some.floats(0, 1)


@pytest.mark.parametrize(
    ("p", "equivalence_p", "verdict"),
    [
        (0.01, None, Verdict.DIFFERENT),
        (0.01, 0.20, Verdict.DIFFERENT),
        (0.01, 0.01, Verdict.DIFFERENT_WITHIN_BOUND),
        (0.20, 0.01, Verdict.EQUIVALENT),
        (0.20, 0.20, Verdict.NOT_SEPARABLE),
        (0.20, None, Verdict.NOT_SEPARABLE),
        (0.05, None, Verdict.DIFFERENT),  # at alpha a test rejects
        (0.06, 0.05, Verdict.EQUIVALENT),
    ],
)
def test_each_row_of_the_table(p, equivalence_p, verdict):
    assert decide(p=p, p_floor=0.0, equivalence_p=equivalence_p, alpha=ALPHA) is verdict


def test_the_table_has_every_combination():
    assert set(TABLE) == {(shown, bounded) for shown in (True, False) for bounded in (True, False)}
    assert {*TABLE.values(), Verdict.NOT_DECIDABLE} == set(Verdict)


@given(p=PROBABILITY, equivalence_p=some.none() | PROBABILITY)
def test_a_test_that_cannot_reach_alpha_decides_nothing(p, equivalence_p):
    """Three values have six orders: 1/6 is the least p of their ordering."""
    assert decide(p=p, p_floor=1 / 6, equivalence_p=equivalence_p, alpha=ALPHA) is Verdict.NOT_DECIDABLE


def test_a_floor_at_alpha_is_decidable():
    assert decide(p=0.05, p_floor=0.05, equivalence_p=None, alpha=ALPHA) is Verdict.DIFFERENT
    assert decide(p=0.06, p_floor=0.0500001, equivalence_p=None, alpha=ALPHA) is Verdict.NOT_DECIDABLE


@given(p=PROBABILITY, lower=PROBABILITY, equivalence_p=some.none() | PROBABILITY)
def test_a_smaller_p_never_takes_a_difference_back(p, lower, equivalence_p):
    different = (Verdict.DIFFERENT, Verdict.DIFFERENT_WITHIN_BOUND)
    there, here = (
        decide(p=each, p_floor=0.0, equivalence_p=equivalence_p, alpha=ALPHA) for each in sorted((p, lower))
    )
    assert there in different or here not in different
