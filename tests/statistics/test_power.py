"""Power: against R's power.t.test (strict), Fisher's z in R, and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.power_paired_t import power_paired_t
from reporter.statistics.power_spearman import power_spearman
from reporter.statistics.power_two_sample_t import power_two_sample_t


def unit_sd(n):
    values = np.arange(n, dtype=float)
    return (values - values.mean()) / values.std(ddof=1)


@pytest.mark.parametrize("n", [3, 8, 30])
@pytest.mark.parametrize("power", [0.8, 0.9])
@pytest.mark.parametrize("kind", ["paired", "two.sample"])
def test_agrees_with_r(n, power, kind, reference):
    expected, case = reference("power"), f"{kind}_{n}_{100 * power:g}"
    if kind == "paired":
        ours = power_paired_t(np.zeros(n), unit_sd(n), effect=0.5, power=power)
    else:
        ours = power_two_sample_t(unit_sd(n), unit_sd(n) + 3, effect=0.5, power=power)
    # R's own noncentral t is good to about 1e-9; differences are rounded to 10 decimals
    assert ours.detectable == pytest.approx(expected[case, "detectable"], rel=1e-8)
    assert ours.power_at_effect == pytest.approx(expected[case, "power_at_half"], rel=1e-8)
    assert ours.n_needed == expected[case, "n_needed"]


@pytest.mark.parametrize("n", [8, 30, 420])
def test_spearman_agrees_with_r(n, reference):
    expected = reference("power")
    values = np.arange(n)
    ours = power_spearman(values, values, effect=0.5)
    assert ours.power_at_effect == pytest.approx(expected[f"spearman_{n}", "power_at_half"], rel=1e-8)
    assert ours.detectable == pytest.approx(expected[f"spearman_{n}", "detectable"], rel=1e-8)
    again = np.arange(ours.n_needed)
    assert power_spearman(again, again, effect=0.5).power_at_effect >= 0.8
    assert power_spearman(again[1:], again[1:], effect=0.5).power_at_effect < 0.8


def test_the_power_of_spearman_is_near_its_simulation():
    n, rho, rng = 30, 0.5, np.random.default_rng(11)
    pearson = 2 * np.sin(np.pi * rho / 6)  # of the normal population whose Spearman rho it is
    x, z = rng.standard_normal((2, 20_000, n))
    y = pearson * x + np.sqrt(1 - pearson**2) * z
    ranks = [values.argsort(axis=1).argsort(axis=1) - (n - 1) / 2 for values in (x, y)]
    found = (ranks[0] * ranks[1]).sum(axis=1) / (n * (n**2 - 1) / 12)
    null = rng.permuted(np.tile(np.arange(n) - (n - 1) / 2, (20_000, 1)), axis=1) @ (
        np.arange(n) - (n - 1) / 2
    )
    critical = np.quantile(np.abs(null), 0.95) / (n * (n**2 - 1) / 12)
    simulated = np.mean(np.abs(found) >= critical)
    ours = power_spearman(np.arange(n), np.arange(n), effect=rho).power_at_effect
    assert ours == pytest.approx(simulated, abs=0.03)


def test_two_pairs_are_enough_for_a_huge_effect():
    assert power_paired_t([0] * 8, unit_sd(8), effect=1000).n_needed == 2


def test_floors():
    assert power_paired_t([0] * 8, unit_sd(8), effect=1).p_floor == 2 / 2**8
    assert power_two_sample_t(unit_sd(3), unit_sd(3), effect=1).p_floor == 2 / 20
    assert power_two_sample_t(unit_sd(3), unit_sd(4), effect=1).p_floor == 1 / 35
    assert power_spearman(np.arange(6), np.arange(6), effect=0.5).p_floor == 2 / 720


def test_the_detectable_effect_has_the_power():
    ours = power_two_sample_t(unit_sd(4), 2 * unit_sd(9), effect=0.5, power=0.85)
    again = power_two_sample_t(unit_sd(4), 2 * unit_sd(9), effect=ours.detectable, power=0.85)
    assert again.power_at_effect == pytest.approx(0.85, rel=1e-9)


@pytest.mark.parametrize("function", [power_paired_t, power_two_sample_t, power_spearman])
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"effect": 0}, "effect_not_positive"),
        ({"effect": 0.5, "power": 1}, "power_out_of_range"),
        ({"effect": 0.5, "power": 0.04}, "power_out_of_range"),
        ({"effect": 1e-5}, "effect_too_small"),
    ],
)
def test_refuses_with_a_reason(function, options, reason):
    with pytest.raises(Degenerate) as refusal:
        function(np.zeros(6), unit_sd(6), **options)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (lambda: power_paired_t([1, 2], [2, 3], effect=1), "constant_series"),
        (lambda: power_two_sample_t([1, 1], [3, 3], effect=1), "constant_series"),
        (lambda: power_two_sample_t([1], [3, 3], effect=1), "too_few"),
        (lambda: power_spearman([1, 2, 3], [3, 3, 4], effect=0.5), "too_few"),
        (lambda: power_spearman(range(9), range(9), effect=1), "effect_out_of_range"),
    ],
)
def test_refuses_what_is_not_there(run, reason):
    with pytest.raises(Degenerate) as refusal:
        run()
    assert refusal.value.reason == reason
