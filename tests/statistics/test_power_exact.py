"""Power by formula: binomial sums and integrals against R, enumeration, simulation and the t test's own limit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.equivalence import equivalence
from reporter.statistics.power_equivalence import power_equivalence
from reporter.statistics.power_sign_test import power_sign_test
from reporter.statistics.power_two_sample_t import power_two_sample_t
from reporter.statistics.power_welch_summary import power_welch_summary
from reporter.statistics.sign_test import sign_test


def unit_sd(n):
    values = np.arange(n, dtype=float)
    return (values - values.mean()) / values.std(ddof=1)


def cell(n, sd):
    return Summary(mean=3.0, sd=sd, minimum=2.0, maximum=4.0, n=n, half_width=0.0)


# --- sign test ---------------------------------------------------------------------------------------------


def signs(n, **options):
    return power_sign_test(np.zeros(n), np.ones(n), **options)


@pytest.mark.parametrize("n", [6, 8, 30, 42])
def test_the_sign_test_agrees_with_r(n, reference):
    expected, ours = reference("power_exact"), signs(n, effect=0.8)
    assert ours.power_at_effect == pytest.approx(expected[f"sign_{n}", "power_at_0.8"], rel=1e-8)
    assert ours.detectable == pytest.approx(expected[f"sign_{n}", "detectable"], rel=1e-8)


@pytest.mark.parametrize("share", [0.7, 0.8, 0.9])
def test_the_sign_test_needs_as_many_as_r_says(share, reference):
    needed = signs(8, effect=share).n_needed
    assert needed == reference("power_exact")[f"sign_needed_{share:g}", "n_needed"]
    assert all(signs(n, effect=share).power_at_effect >= 0.8 for n in range(needed, needed + 40))
    assert signs(needed - 1, effect=share).power_at_effect < 0.8


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("n", [8, 11])
def test_the_power_is_that_of_our_own_test_over_all_counts(n, level):
    rejects = [
        k for k in range(n + 1) if sign_test(np.zeros(n), np.where(np.arange(n) < k, 1, -1)).p <= 1 - level
    ]
    chance = sum(math.comb(n, k) * 0.7**k * 0.3 ** (n - k) for k in rejects)
    assert signs(n, effect=0.7, level=level).power_at_effect == pytest.approx(chance, rel=1e-12)


@pytest.mark.parametrize("beside", [-2e-10, 0, 2e-10])
def test_an_alpha_that_p_can_attain_is_attained(beside):
    """At n = 8, one fall has p = 2 (1 + 8)/256, which is this alpha to the last digit."""
    ours = signs(8, effect=0.7, level=1 - 18 / 256 + beside)
    one_too = beside <= 0
    expected = sum(
        math.comb(8, k) * (0.7**k * 0.3 ** (8 - k) + 0.3**k * 0.7 ** (8 - k)) for k in range(1 + one_too)
    )
    assert ours.power_at_effect == pytest.approx(expected, rel=1e-12)


def test_pairs_without_a_change_do_not_count():
    ours = power_sign_test(np.zeros(9), [1, -1, 1, 0, 1, 1, 1, 1, 0], effect=0.8)
    assert (ours.n, ours.p_floor) == (7, 2**-6)


def test_a_share_near_one_half_needs_very_many():
    # by the normal approximation to the binomial, as in every textbook: ((z_a/2 + 2 z_b sqrt(pq)) / (2p - 1))^2
    needed = signs(8, effect=0.52).n_needed
    approximate = ((1.959964 + 0.841621 * math.sqrt(0.52 * 0.48) * 2) / (2 * 0.52 - 1)) ** 2
    assert needed == pytest.approx(approximate, rel=0.02)


# --- equivalence -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 8, 30])
def test_equivalence_agrees_with_r(n, reference):
    expected = reference("power_exact")
    for bound in (0.5, 1):
        ours = power_equivalence(np.zeros(n), unit_sd(n), bound=bound)
        assert ours.power_at_effect == pytest.approx(expected[f"tost_{n}", f"power_at_{bound:g}"], rel=1e-8)
        assert ours.detectable == pytest.approx(expected[f"tost_{n}", "detectable"], rel=1e-8)


def test_equivalence_needs_as_many_as_r_says(reference):
    ours = power_equivalence(np.zeros(8), unit_sd(8), bound=0.5)
    assert ours.n_needed == reference("power_exact")["tost_needed", "n_needed"]


def test_two_pairs_and_ten_thousand_are_integrated_as_well():
    """At one degree of freedom by the half-normal in closed steps, at many by the normal limit."""
    u = np.linspace(0, 1 / 6.313751514675041 * math.sqrt(2) * 5, 2_000_001)
    inside = np.vectorize(math.erf)((5 * math.sqrt(2) - 6.313751514675041 * u) / math.sqrt(2))
    density = math.sqrt(2 / math.pi) * np.exp(-(u**2) / 2)
    two = power_equivalence([0, 0], [-math.sqrt(0.5), math.sqrt(0.5)], bound=5).power_at_effect
    assert two == pytest.approx(np.trapezoid(inside * density, u), rel=1e-8)
    many = power_equivalence(np.zeros(10_000), unit_sd(10_000), bound=0.03).power_at_effect
    assert many == pytest.approx(math.erf((3 - 1.6449) / math.sqrt(2)), abs=2e-4)


def test_the_power_is_that_of_our_own_test_in_simulated_samples():
    rng = np.random.default_rng(5)
    changes = rng.standard_normal((4_000, 8))
    found = np.mean([equivalence(np.zeros(8), change, bound=1).p <= 0.05 for change in changes])
    expected = power_equivalence(np.zeros(8), unit_sd(8), bound=1).power_at_effect
    assert found == pytest.approx(expected, abs=4 * math.sqrt(0.25 / 4_000))


def test_the_bound_counts_in_the_unit_of_the_changes():
    one, ten = (power_equivalence(np.zeros(8), scale * unit_sd(8), bound=scale * 0.7) for scale in (1, 10))
    assert ten.detectable == pytest.approx(10 * one.detectable, rel=1e-9)
    assert ten.power_at_effect == pytest.approx(one.power_at_effect, rel=1e-9)
    assert (one.sd, one.p_floor, ten.sd) == (pytest.approx(1), None, pytest.approx(10))


# --- Welch's t of two cells --------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(3, 3, 1, 1), (3, 3, 1, 2), (3, 5, 1, 3), (8, 8, 1, 0.5)])
@pytest.mark.parametrize("effect", [1, 3])
def test_welch_agrees_with_r(sizes, effect, reference):
    n1, n2, sd1, sd2 = sizes
    expected = reference("power_exact")[f"welch_{n1}_{n2}_{sd1:g}_{sd2:g}", f"power_at_{effect}"]
    ours = power_welch_summary(cell(n1, sd1), cell(n2, sd2), ddof=1, effect=effect)
    assert ours.power_at_effect == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("sizes", [(2, 2), (3, 3), (3, 7), (420, 420)])
def test_welch_has_the_power_at_the_detectable_difference(sizes):
    one, two = (cell(n, sd) for n, sd in zip(sizes, (0.04, 0.09), strict=True))
    found = power_welch_summary(one, two, ddof=0, effect=0.1)
    again = power_welch_summary(two, one, ddof=0, effect=found.detectable)
    assert again.power_at_effect == pytest.approx(0.8, rel=1e-8)
    assert found.n == sum(sizes)


def test_welch_nears_the_t_test_where_cells_are_large_and_alike():
    many = power_welch_summary(cell(200, 1), cell(200, 1), ddof=1, effect=0.3)
    student = power_two_sample_t(unit_sd(200), unit_sd(200), effect=0.3)
    assert many.power_at_effect == pytest.approx(student.power_at_effect, abs=1e-5)
    assert many.n_needed == student.n_needed


def test_a_cell_without_spread_leaves_one_sample():
    """Then Welch's t is the t test of one sample, whose power the noncentral t gives."""
    found = power_welch_summary(cell(5, 1), cell(9, 0), ddof=1, effect=1.2)
    rng = np.random.default_rng(8)
    values = rng.standard_normal((200_000, 5)) + 1.2
    t = values.mean(axis=1) / values.std(axis=1, ddof=1) * math.sqrt(5)
    assert found.power_at_effect == pytest.approx(np.mean(np.abs(t) > 2.7764451), abs=0.005)


def test_welch_needs_what_it_says():
    found = power_welch_summary(cell(3, 0.04), cell(3, 0.06), ddof=1, effect=0.1)
    enough, few = (
        power_welch_summary(cell(n, 0.04), cell(n, 0.06), ddof=1, effect=0.1).power_at_effect
        for n in (found.n_needed, found.n_needed - 1)
    )
    assert few < 0.8 <= enough
    assert found.p_floor == 2 / 20
    assert found.sd == pytest.approx(math.sqrt((0.04**2 + 0.06**2) / 2))


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (lambda: signs(5, effect=0.8), "p_floor_above_alpha"),
        (lambda: signs(8, effect=0.5), "effect_out_of_range"),
        (lambda: signs(8, effect=1.0), "effect_out_of_range"),
        (lambda: signs(8, effect=-1), "effect_not_positive"),
        (lambda: signs(8, effect=0.9, power=1), "power_out_of_range"),
        (lambda: signs(8, effect=0.5 + 1e-5), "effect_too_small"),
        (lambda: power_sign_test([1, 2], [1, 2], effect=0.9), "no_change"),
        (lambda: power_equivalence([1, 2], [2, 3], bound=1), "constant_series"),
        (lambda: power_equivalence([1, 2], [2, 4], bound=0), "bound_not_positive"),
        (lambda: power_equivalence([1, 2], [2, 4], bound=math.inf), "bound_not_positive"),
        (lambda: power_equivalence([1, 2], [2, 4], bound=1, power=0.01), "power_out_of_range"),
        (lambda: power_equivalence([1, 2], [2, 4], bound=1e-5), "effect_too_small"),
        (lambda: power_welch_summary(cell(3, 0), cell(3, 0), ddof=0, effect=1), "zero_spread"),
        (lambda: power_welch_summary(cell(3, 1), cell(1, 1), ddof=0, effect=1), "too_few"),
        (lambda: power_welch_summary(cell(3, 1), cell(3, 1), ddof=0, effect=0), "effect_not_positive"),
    ],
)
def test_refuses_with_a_reason(run, reason):
    with pytest.raises(Degenerate) as refusal:
        run()
    assert refusal.value.reason == reason


def test_a_floor_above_alpha_says_how_many_would_do():
    with pytest.raises(
        Degenerate, match=r"least p that n = 3 can give is 0\.25.* n = 6 is the least"
    ) as refusal:
        signs(3, effect=0.8)
    assert refusal.value.reason == "p_floor_above_alpha"
    assert signs(6, effect=0.8).p_floor <= 0.05 < 2 * signs(6, effect=0.8).p_floor
