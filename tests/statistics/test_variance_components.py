"""Variance components and the quasi-F: against lme4, R's aov, and the closed form of a complete table."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics._reml import Crossed
from reporter.statistics.quasi_f import quasi_f
from reporter.statistics.variance_components import variance_components

MODEL, PROMPT = np.tile(np.arange(1, 9), 3), np.repeat(np.arange(1, 4), 8)
RIPPLE = np.sin(13 * MODEL + 29 * PROMPT)
WAVES = 3 + 0.20 * np.sin(5 * MODEL) + 0.11 * np.cos(7 * PROMPT) + 0.05 * RIPPLE
FLAT = 3 + 0.2 * np.sin(5 * MODEL) + 0.1 * RIPPLE - 0.09 * np.repeat(RIPPLE.reshape(3, 8).mean(axis=1), 8)
KEPT = np.setdiff1d(np.arange(24), [1, 8, 10, 19])
NAMES = ("model", "prompt", "residual")


def penicillin(expected):
    diameter = np.array([expected["data", f"diameter_{i}"] for i in range(1, 145)])
    return diameter, np.repeat(np.arange(24), 6), np.tile(np.arange(6), 24)


def case_of(name, expected):
    return {
        "balanced": (WAVES, MODEL, PROMPT),
        "boundary": (FLAT, MODEL, PROMPT),
        "unbalanced": (WAVES[KEPT], MODEL[KEPT], PROMPT[KEPT]),
        "penicillin": penicillin(expected),
    }[name]


@pytest.mark.parametrize("name", ["balanced", "boundary", "unbalanced", "penicillin"])
def test_agrees_with_lme4(name, reference):
    expected = reference("variance_components")
    ours = variance_components(*case_of(name, expected))
    assert ours.mean == pytest.approx(expected[name, "mean"], rel=1e-6)
    for part in NAMES:
        # lme4 searches too; the closed form below shows which of the two is nearer
        assert getattr(ours, part).sd == pytest.approx(expected[name, part], rel=1e-5), part


def test_a_condition_is_a_fixed_effect(reference):
    expected = reference("variance_components")
    model, prompt = np.concatenate([MODEL, MODEL[KEPT]]), np.concatenate([PROMPT, PROMPT[KEPT]])
    condition = np.repeat(["100", "200"], [24, 20])
    later = 0.3 + 0.04 * np.sin(3 * model + 11 * prompt)
    values = np.concatenate([WAVES, WAVES[KEPT]]) + np.where(condition == "200", later, 0)
    ours = variance_components(values, model, prompt, condition=condition)
    assert ours.mean == pytest.approx(expected["condition", "mean"], rel=1e-6)
    for part in NAMES:
        assert getattr(ours, part).sd == pytest.approx(expected["condition", part], rel=1e-5), part
    assert ours.residual.members == 44 - 1 - 7 - 2 - 1


def test_a_tiny_residual_is_still_found():
    values = WAVES - 0.05 * RIPPLE + 1e-5 * RIPPLE
    sds, _ = Crossed.of((values - values.mean()) / values.std(), [MODEL, PROMPT], None).best()
    # RIPPLE alone, of which the balanced table has 0.05; steps of the search are relative to the spread
    alone = np.sqrt(0.0017030057955752808) / 0.05
    assert sds[-1] * values.std() == pytest.approx(1e-5 * alone, rel=1e-3)


@pytest.mark.parametrize("name", ["balanced", "boundary", "penicillin"])
def test_intervals_agree_with_the_profile_of_the_mean_squares(name, reference):
    expected = reference("variance_components")
    ours = variance_components(*case_of(name, expected))
    for part in NAMES:
        interval = getattr(ours, part).interval
        # R's side is a root of a minimum found by optim
        assert interval.low == pytest.approx(expected[name, f"{part}_low"], rel=1e-5, abs=1e-7), part
        assert interval.high == pytest.approx(expected[name, f"{part}_high"], rel=1e-5), part


def test_a_complete_table_has_a_closed_form(reference):
    expected = reference("variance_components")
    ours = variance_components(WAVES, MODEL, PROMPT)
    rest = expected["quasi_f_balanced", "residual"]
    assert ours.residual.sd == pytest.approx(np.sqrt(rest), rel=1e-7)
    assert ours.model.sd == pytest.approx(
        np.sqrt((expected["quasi_f_balanced", "models"] - rest) / 3), rel=1e-7
    )
    assert ours.prompt.sd == pytest.approx(
        np.sqrt((expected["quasi_f_balanced", "prompts"] - rest) / 8), rel=1e-7
    )
    assert ours.model.share + ours.prompt.share + ours.residual.share == pytest.approx(1)
    assert (ours.model.members, ours.prompt.members, ours.residual.members) == (8, 3, 14)


def test_three_prompts_tell_little():
    interval = variance_components(WAVES, MODEL, PROMPT).prompt.interval
    assert interval.high / interval.low > 5


@pytest.mark.parametrize("name", ["balanced", "boundary", "residual"])
def test_quasi_f_agrees_with_the_mean_squares_of_aov(name, reference):
    expected = reference("variance_components")
    values = {"balanced": WAVES - 2.9, "boundary": FLAT - 2.9, "residual": 0.05 + 0.1 * RIPPLE}[name]
    ours = quasi_f(values.reshape(3, 8).T)
    printed = {
        "models": ours.models_mean_square,
        "prompts": ours.prompts_mean_square,
        "residual": ours.residual_mean_square,
        "estimate": ours.estimate,
        "f": ours.f,
        "df": ours.df,
        "p": ours.p,
        "low": ours.interval.low,
        "high": ours.interval.high,
    }
    for field, value in printed.items():
        # changes are rounded to 10 decimals before anything else
        assert value == pytest.approx(expected[f"quasi_f_{name}", field], rel=1e-7), field
    assert (
        ours.stratum
        == {
            "balanced": "models_and_prompts",
            "boundary": "models",
            "residual": "prompts",
        }[name]
    )
    assert (ours.models, ours.prompts, ours.n) == (8, 3, 24)


@pytest.mark.parametrize(
    ("values", "model", "prompt", "reason"),
    [
        ([1.0, 2, 3], [0, 0, 1], [0, 1, 0], "too_few"),
        ([1.0, 2, 3, 5], [0, 0, 0, 0], [0, 1, 0, 1], "too_few"),
        ([2.0, 2, 2, 2], [0, 0, 1, 1], [0, 1, 0, 1], "constant_series"),
        ([1.0, 2, 3, 4], [0, 0, 1, 1], [0, 1, 0, 1], "no_residual_df"),
        ([1.0, 2, 3, 5], [0, 0, 1], [0, 1, 0, 1], "mismatched_lengths"),
        ([1.0, 2, np.inf, 5], [0, 0, 1, 1], [0, 1, 0, 1], "not_finite"),
    ],
)
def test_components_refuse_with_a_reason(values, model, prompt, reason):
    with pytest.raises(Degenerate) as refusal:
        variance_components(values, model, prompt)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([1.0, 2.0], "not_a_table"),
        ([[1.0, 2.0]], "too_few"),
        ([[1.0, np.nan], [2.0, 3.0]], "not_finite"),
        ([[0.1, 0.1], [0.1, 0.1]], "constant_series"),
        ([[1.0, -1.0], [-1.0, 1.0]], "constant_series"),
    ],
)
def test_quasi_f_refuses_with_a_reason(table, reason):
    with pytest.raises(Degenerate) as refusal:
        quasi_f(table)
    assert refusal.value.reason == reason
