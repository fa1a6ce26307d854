"""The share of true slope differences, against R's aov."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.slope_heterogeneity import slope_heterogeneity

CASES = {
    "made": [[0.1, 0.2, 0.15, 0.3], [-0.1, 0.1, 0.05, 0], [0.4, 0.35, 0.5, 0.7]],
    "alike": [[0.1, 0.9, 0.2], [0.8, 0.15, 0.3]],
}
FIELDS = ("f", "p", "df_model", "df_residual", "share")


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_r(case, reference):
    expected = reference("slope_heterogeneity")
    ours = slope_heterogeneity(CASES[case])
    for field in FIELDS:
        assert getattr(ours, field) == pytest.approx(expected[case, field], rel=1e-8), field


def test_the_sample_runs(shared, reference):
    changes = {}
    for limit, sign in ((100, -1), (200, 1)):
        for path in (shared / "data" / "nat-challenge" / str(limit)).glob("*.json"):
            run = json.loads(path.read_text(encoding="utf-8"))
            replies = {reply["prompt"]: sign * reply["text_entropy"] for reply in run["prompt_results"]}
            changes.setdefault(run["model_name"], []).append(replies)
    table = [[one[prompt] + two[prompt] for prompt in one] for one, two in changes.values()]
    ours = slope_heterogeneity(table)
    assert ours.share == pytest.approx(0.607641, abs=5e-7)  # the methods page
    for field in FIELDS:
        # our changes are rounded to 1e-10 before they are compared, R's are not
        assert getattr(ours, field) == pytest.approx(
            reference("slope_heterogeneity")["runs", field], rel=1e-7
        )
    assert ours.n == 12


def test_what_all_models_share_is_no_heterogeneity():
    table = np.array(CASES["made"])
    there = slope_heterogeneity(table)
    back = slope_heterogeneity(table + np.array([5.0, -1.0, 0.25, 0.0]))
    assert back.share == pytest.approx(there.share, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([0.1, 0.2], "not_two_dimensional"),
        ([[0.1, 0.2]], "too_few"),
        ([[0.1], [0.2]], "too_few"),
        ([[0.1, 0.2], [0.3, float("nan")]], "not_finite"),
        ([[0.1, 0.2], [0.3, 0.4]], "constant_series"),
    ],
)
def test_refuses_with_a_reason(changes, reason):
    with pytest.raises(Degenerate) as refusal:
        slope_heterogeneity(changes)
    assert refusal.value.reason == reason
