"""Max-statistic adjustment, against the definition of Westfall and Young in plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.max_statistic import max_statistic


def by_definition(observed, null, *, exact):
    """Step down as in Westfall and Young (1993), algorithm 4.1, one member at a time."""
    more = 0 if exact else 1

    def p(statistics, value):
        return (sum(one >= value - 1e-12 for one in statistics) + more) / (len(statistics) + more)

    passed, previous, adjusted = [], 0.0, {}
    for member in sorted(range(len(observed)), key=lambda one: -observed[one]):
        rest = [one for one in range(len(observed)) if one not in passed]
        previous = max(previous, p([max(row[rest]) for row in null], observed[member]))
        adjusted[member] = previous
        passed.append(member)
    single = [p([max(row) for row in null], value) for value in observed]
    alone = [p([row[at] for row in null], value) for at, value in enumerate(observed)]
    return alone, single, [adjusted[member] for member in range(len(observed))]


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_the_definition(seed, exact):
    rng = np.random.default_rng(seed)
    null = np.abs(rng.normal(size=(99, 4)) + rng.normal(size=(99, 1)))
    observed = np.abs(rng.normal(scale=1.5, size=4))
    ours = max_statistic(observed, null, exact=exact)
    alone, single, down = by_definition(observed, null, exact=exact)
    assert ours.p == pytest.approx(alone, rel=1e-12)
    assert ours.p_single_step == pytest.approx(single, rel=1e-12)
    assert ours.p_step_down == pytest.approx(down, rel=1e-12)


def test_what_exceeds_the_threshold_is_significant_and_nothing_below_it():
    null = np.random.default_rng(1).integers(0, 40, (1000, 3)).astype(float)
    threshold = max_statistic([1.0, 2.0, 3.0], null, exact=True).threshold
    above, at = max_statistic([threshold + 1, threshold, 0], null, exact=True).p_single_step[:2]
    assert above <= 0.05 < at


@pytest.mark.parametrize(
    ("observed", "null", "reason"),
    [
        ([1.0, 2.0], [[1.0], [2.0]], "mismatched_lengths"),
        ([1.0], np.empty((0, 1)), "too_few"),
        ([1.0], [[np.nan]], "not_finite"),
        ([np.nan], [[1.0]], "not_finite"),
        ([], np.empty((3, 0)), "too_few"),
    ],
)
def test_refuses_with_a_reason(observed, null, reason):
    with pytest.raises(Degenerate) as refusal:
        max_statistic(observed, null)
    assert refusal.value.reason == reason
