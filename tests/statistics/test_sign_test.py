"""The exact sign test, against R's binom.test."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.sign_test import sign_test


@pytest.mark.parametrize(("rose", "used"), [(7, 7), (4, 9), (1, 10), (17, 30), (10, 10), (3, 6)])
@pytest.mark.parametrize("unchanged", [0, 2])
def test_agrees_with_r(rose, used, unchanged, reference):
    change = [0.5] * rose + [-2.0] * (used - rose) + [0.0] * unchanged
    ours = sign_test(np.zeros(len(change)), change)
    assert ours.p == pytest.approx(reference("sign_test")[f"{rose}_of_{used}", "p"], rel=1e-8)
    assert (ours.statistic, ours.n, ours.n_used) == (rose, used + unchanged, used)


def test_the_floor_is_reached_when_all_fall():
    ours = sign_test([1, 2, 3, 4], [0, 0, 0, 0])
    assert ours.p == ours.p_floor == 0.125


def test_rounding_noise_is_no_change():
    assert sign_test([2.93, 0.0], [3.03 - 0.10, 1.0]).n_used == 1


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1.0, 2.0], [1.0, 2.0], "no_change"),
        ([], [], "too_few"),
        ([1.0, 2.0], [1.0], "mismatched_lengths"),
        ([1.0, np.inf], [1.0, 2.0], "not_finite"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        sign_test(first, second)
    assert refusal.value.reason == reason
