"""Listed pairs: what comes out is what went in."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.errors import Degenerate
from reporter.statistics.listed_pairs import listed_pairs

numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20))
def test_pairs_stand_as_they_were_measured(points):
    found = listed_pairs(*np.array(points).T)
    assert list(zip(found.first, found.second, strict=True)) == points
    assert (found.n, found.method) == (len(points), "as_measured")
    assert all(type(value) is float for value in found.first + found.second)


def test_a_common_unit_is_named_and_none_is_taken_for_granted():
    assert listed_pairs([1.0], [2.0]).unit == "1"
    assert listed_pairs([1.0], [2.0], unit="bits").unit == "bits"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0, 2.0], [1.0], "mismatched_lengths"),
        ([1.0, math.nan], [1.0, 2.0], "not_finite"),
        ([1.0, 2.0], [math.inf, 2.0], "not_finite"),
        ([], [], "too_few"),
        ([[1.0]], [1.0], "not_one_dimensional"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        listed_pairs(first, second)
    assert refusal.value.reason == reason
