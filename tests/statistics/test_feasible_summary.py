"""Feasibility of summaries, against the methods page and a search through all active constraints."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.feasible_summary import feasible_summary

NAMES = ["llama", "gpt4o", "deepseek", "gemini", "opus", "sonnet", "haiku", "grok"]
AT_100 = [
    (2.86, 0.04, 2.82, 2.90),
    (2.94, 0.02, 2.92, 2.98),
    (2.95, 0.04, 2.91, 2.99),
    (3.01, 0.01, 3.00, 3.02),
    (3.06, 0.07, 2.97, 3.14),
    (3.08, 0.02, 3.05, 3.10),
    (3.13, 0.04, 3.09, 3.17),
    (3.03, 0.03, 3.00, 3.06),
]
AT_200 = [
    (2.96, 0.04, 2.90, 3.00),
    (2.96, 0.02, 2.92, 2.98),
    (3.03, 0.09, 2.94, 3.15),
    (3.07, 0.13, 2.94, 3.24),
    (3.07, 0.08, 2.97, 3.14),
    (3.11, 0.06, 3.04, 3.19),
    (3.13, 0.02, 3.10, 3.15),
    (3.17, 0.08, 3.09, 3.28),
]


def cell(mean, sd, minimum, maximum, n=3, half_width=0.005):
    return Summary(mean=mean, sd=sd, minimum=minimum, maximum=maximum, n=n, half_width=half_width)


def searched_range(summary):
    """Find the least and greatest population sd of n raw values in the box, by trying all active constraints.

    The sum of squares is a convex quadratic of the sorted values and the box a polytope: the least value is
    the minimum on some face, the greatest stands at a vertex. None where the box is empty.
    """
    n, h = summary.n, summary.half_width
    unit = np.eye(n)
    rows = [(unit[0], summary.minimum), (unit[-1], summary.maximum), (np.full(n, 1 / n), summary.mean)]
    faces = [(sign * row, sign * centre + h) for row, centre in rows for sign in (1, -1)]
    faces += [(unit[0] - unit[i], 0.0) for i in range(1, n)]
    faces += [(unit[i] - unit[-1], 0.0) for i in range(1, n - 1)]
    matrix = np.array([row for row, _ in faces])
    right = np.array([bound for _, bound in faces])
    quadratic = np.eye(n) - np.full((n, n), 1 / n)
    found = []
    for size in range(n + 1):
        for active in map(list, combinations(range(len(faces)), size)):
            kkt = np.block([[quadratic, matrix[active].T], [matrix[active], np.zeros((size, size))]])
            target = np.concatenate([np.zeros(n), right[active]])
            solution = np.linalg.lstsq(kkt, target, rcond=None)[0]
            x = solution[:n]
            if (matrix @ x <= right + 1e-9).all() and np.abs(kkt @ solution - target).max() < 1e-9:
                found.append(np.std(x))
    return (min(found), max(found)) if found else None


def random_cells(count):
    rng = np.random.default_rng(11)
    for _ in range(count):
        n = int(rng.integers(2, 5))
        low = round(float(rng.uniform(-0.1, 0.1)), 2)
        high = round(low + float(rng.choice([0.0, 0.01, 0.02, 0.05, 0.3])), 2)
        mean = round(float(rng.uniform(low - 0.005, high + 0.005)), 2)
        yield cell(mean, 0.02, low, high, n=n)


@pytest.mark.parametrize("summary", list(random_cells(60)), ids=str)
def test_agrees_with_a_search_through_all_active_constraints(summary):
    searched = searched_range(summary)
    if searched is None:
        with pytest.raises(Degenerate) as refusal:
            feasible_summary(summary)
        assert refusal.value.reason == "mean_out_of_reach"
    else:
        ours = feasible_summary(summary)
        # the search accepts points within 1e-9 of the box, and sd is a square root: 1e-6 where it is near 0
        assert ours.sd_low == pytest.approx(searched[0], rel=1e-6, abs=1e-6)
        assert ours.sd_high == pytest.approx(searched[1], rel=1e-6, abs=1e-6)


def test_sixteen_of_sixteen_with_ddof_0_and_eight_with_ddof_1():
    at_100 = [feasible_summary(cell(*figures)) for figures in AT_100]
    at_200 = [feasible_summary(cell(*figures)) for figures in AT_200]
    assert all(ours.feasible_population for ours in at_100 + at_200)
    not_at_100 = {name for name, ours in zip(NAMES, at_100, strict=True) if not ours.feasible_sample}
    only_at_200 = {name for name, ours in zip(NAMES, at_200, strict=True) if ours.feasible_sample}
    assert not_at_100 == {"gpt4o", "opus"}
    assert only_at_200 == {"opus", "haiku"}


@pytest.mark.parametrize(
    ("figures", "low", "high"),
    [
        (AT_100[0], 0.028577, 0.037417),
        (AT_100[1], 0.021602, 0.032998),
        (AT_200[1], 0.021602, 0.032998),
        (AT_200[3], 0.120277, 0.131403),
    ],
)
def test_ranges_of_the_methods_page(figures, low, high):
    ours = feasible_summary(cell(*figures))
    assert ours.sd_low == pytest.approx(low, abs=5e-7)  # six printed digits
    assert ours.sd_high == pytest.approx(high, abs=5e-7)


@pytest.mark.parametrize("decimals", [1, 2, 3])
@pytest.mark.parametrize("ddof", [0, 1])
def test_every_real_sample_is_feasible(decimals, ddof):
    rng = np.random.default_rng(decimals)
    for _ in range(400):
        values = rng.choice([rng.normal, rng.exponential, rng.laplace])(size=rng.integers(2, 12)) * 0.4
        if rng.random() < 0.3:
            values[1:] = values[0]
        figures = (values.mean(), values.std(ddof=ddof), values.min(), values.max())
        printed = [round(float(figure), decimals) for figure in figures]
        ours = feasible_summary(cell(*printed, n=values.size, half_width=0.5 * 10**-decimals))
        assert ours.sd_low - 1e-9 <= values.std() <= ours.sd_high + 1e-9
        assert (ours.feasible_population, ours.feasible_sample)[ddof]


def test_without_rounding_three_values_are_known():
    ours = feasible_summary(cell(2.0, 0.8165, 1.0, 3.0, half_width=0.0))
    assert ours.sd_low == pytest.approx(np.std([1, 2, 3]), rel=1e-12)
    assert ours.sd_high == pytest.approx(np.std([1, 2, 3]), rel=1e-12)


def test_equal_unrounded_values_have_no_spread():
    ours = feasible_summary(cell(2.0, 0.0, 2.0, 2.0, half_width=0.0))
    assert (ours.sd_low, ours.sd_high, ours.feasible_population) == (0.0, 0.0, True)


@pytest.mark.parametrize(
    ("summary", "reason"),
    [
        (cell(3.0, 0.1, 3.0, 3.0, n=1), "too_few"),
        (cell(3.0, 0.1, 3.1, 3.0), "minimum_above_maximum"),
        (cell(3.09, 0.04, 3.0, 3.1), "mean_out_of_reach"),
        (cell(3.01, 0.04, 3.0, 3.1), "mean_out_of_reach"),
        (cell(3.0, float("nan"), 2.9, 3.1), "not_finite"),
    ],
)
def test_refuses_with_a_reason(summary, reason):
    with pytest.raises(Degenerate) as refusal:
        feasible_summary(summary)
    assert refusal.value.reason == reason
