"""Power by simulation: against R's own simulations, exact enumeration, closed forms, and our own tests."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import kendalltau, rankdata, spearmanr

from reporter.errors import Degenerate
from reporter.statistics._falls import orders_by_falls
from reporter.statistics.ordering import ordering
from reporter.statistics.peak_scan import peak_scan
from reporter.statistics.power_ordering import power_ordering
from reporter.statistics.power_paired_t import power_paired_t
from reporter.statistics.power_peak_scan import power_peak_scan
from reporter.statistics.power_wilcoxon import power_wilcoxon
from reporter.statistics.wilcoxon import wilcoxon

ERRORS = 4.5  # standard errors that two counts of the same chance may differ by


def unit_sd(n):
    values = np.arange(n, dtype=float)
    return (values - values.mean()) / values.std(ddof=1)


def generator(seed=1):
    return np.random.default_rng(seed)


def signed_ranks(n, **options):
    return power_wilcoxon(np.zeros(n), unit_sd(n), rng=generator(), **options)


def order(n, **options):
    return power_ordering(np.arange(n), sd=1, rng=generator(), **options)


def scan(n, axes=2, layers=3, **options):
    tables = generator(2).standard_normal((n, axes)), generator(3).standard_normal((n, layers))
    return power_peak_scan(*tables, rng=generator(), **options)


def near(found, error, expected, expected_error):
    return abs(found - expected) <= ERRORS * math.hypot(error, expected_error) + 1e-12


# --- against R ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [6, 8, 20])
@pytest.mark.parametrize("shift", [0.5, 1, 1.5])
def test_signed_ranks_agree_with_r(n, shift, reference):
    expected, field = reference("power_simulated"), f"power_at_{shift:g}"
    ours = signed_ranks(n, effect=shift, simulations=20_000)
    share, error = expected[f"wilcoxon_{n}", field], expected[f"wilcoxon_{n}", f"{field}_error"]
    assert near(ours.power_at_effect, ours.power_error, float(share), error)


@pytest.mark.parametrize("n", [4, 5, 6])
@pytest.mark.parametrize("step", [0.5, 1])
def test_an_order_agrees_with_r(n, step, reference):
    expected, field = reference("power_simulated"), f"power_at_{step:g}"
    ours = order(n, effect=step, simulations=20_000)
    share, error = expected[f"ordering_{n}", field], expected[f"ordering_{n}", f"{field}_error"]
    assert near(ours.power_at_effect, ours.power_error, float(share), error)


@pytest.mark.parametrize("n", [10, 30])
@pytest.mark.parametrize("rho", [0.5, 0.7])
def test_a_scan_agrees_with_r(n, rho, reference):
    """The tables have small correlations within; the error of the threshold is added by its effect on power."""
    expected, field = reference("power_simulated"), f"power_at_{rho:g}"
    tables = np.eye(n)[:, :2], np.eye(n)[:, 2:5]  # nearly uncorrelated: -1/(n - 1)
    ours = power_peak_scan(*tables, effect=rho, rng=generator(), simulations=4_000)
    share, error = expected[f"scan_{n}", field], expected[f"scan_{n}", f"{field}_error"]
    # the threshold's own error of .006 moves a power near one half by about .02
    assert ours.power_at_effect == pytest.approx(
        float(share), abs=ERRORS * math.hypot(error, ours.power_error) + 0.02
    )


# --- against closed forms ----------------------------------------------------------------------------------


def test_six_pairs_must_all_rise_or_all_fall():
    """Six of six in one direction is all that six pairs can show: Phi(shift)^6 + Phi(-shift)^6."""
    ours = signed_ranks(6, effect=1.2, simulations=50_000)
    assert near(ours.power_at_effect, ours.power_error, ndtr(1.2) ** 6 + ndtr(-1.2) ** 6, 0)
    share = 0.8 ** (1 / 6)  # all six rise with a chance of .8; all six fall never
    exact = next(x for x in np.linspace(1, 3, 200_001) if ndtr(x) >= share)
    assert near(ours.detectable, ours.detectable_error, exact, 0)
    assert 0 < ours.detectable_error < 0.02


def test_the_lower_tail_counts_too():
    """Where the shift is small, six falls are nearly as likely as six rises."""
    ours = signed_ranks(6, effect=0.1, power=0.06, simulations=100_000)
    assert near(ours.power_at_effect, ours.power_error, ndtr(0.1) ** 6 + ndtr(-0.1) ** 6, 0)


def test_six_pairs_are_enough_where_all_six_rise_often_enough():
    assert signed_ranks(8, effect=1.5, power=0.64).n_needed == 6  # Phi(1.5)^6 = .661
    assert signed_ranks(8, effect=1.5, power=0.68).n_needed == 7


def test_the_power_of_signed_ranks_is_that_of_our_own_test():
    samples = generator(7).standard_normal((3_000, 9)) + 0.9
    found = np.mean([wilcoxon(np.zeros(9), sample).p <= 0.05 for sample in samples])
    ours = signed_ranks(9, effect=0.9)
    assert near(ours.power_at_effect, ours.power_error, found, math.sqrt(found * (1 - found) / 3_000))


def test_the_power_of_an_order_is_that_of_our_own_test():
    samples = generator(7).standard_normal((3_000, 5)) - 0.8 * np.arange(5)
    found = np.mean([ordering(sample).p <= 0.05 for sample in samples])
    ours = order(5, effect=0.8)
    assert near(ours.power_at_effect, ours.power_error, found, math.sqrt(found * (1 - found) / 3_000))


def test_two_ways_of_counting_signed_ranks_agree():
    """The averages of pairs give the power at this n, fresh ranks that at the n needed."""
    found = signed_ranks(30, effect=0.5, power=0.75)
    at = signed_ranks(found.n_needed, effect=0.5, power=0.75)
    below = signed_ranks(found.n_needed - 2, effect=0.5, power=0.75)
    assert below.power_at_effect - 3 * below.power_error < 0.75 < at.power_at_effect + 3 * at.power_error
    # asymptotic relative efficiency of signed ranks to the t test: 3/pi
    student = power_paired_t(np.zeros(30), unit_sd(30), effect=0.5, power=0.75)
    assert found.n_needed == pytest.approx(student.n_needed * math.pi / 3, abs=2)
    assert found.detectable == pytest.approx(student.detectable * math.sqrt(math.pi / 3), rel=0.02)


def test_the_effect_counts_in_the_unit_of_the_changes():
    one, ten = (
        power_wilcoxon(np.zeros(8), scale * unit_sd(8), effect=scale, rng=generator()) for scale in (1, 10)
    )
    assert ten.detectable == pytest.approx(10 * one.detectable, rel=1e-8)
    assert (ten.power_at_effect, ten.n_needed) == (one.power_at_effect, one.n_needed)
    assert ten.sd == pytest.approx(10)


def test_the_error_is_that_of_repeated_simulations():
    """Both printed errors against the spread of 40 runs, which is known to about 11 %."""
    runs = [
        power_wilcoxon(np.zeros(8), unit_sd(8), effect=0.9, rng=generator(seed), simulations=1_000)
        for seed in range(40)
    ]
    for value, error in (("power_at_effect", "power_error"), ("detectable", "detectable_error")):
        spread = np.std([getattr(run, value) for run in runs], ddof=1)
        assert np.mean([getattr(run, error) for run in runs]) == pytest.approx(spread, rel=0.45)


@pytest.mark.parametrize("n", [4, 5, 6])
def test_falls_are_counted_as_in_all_orders(n):
    found = [
        sum(a > b for a, b in itertools.combinations(one, 2)) for one in itertools.permutations(range(n))
    ]
    assert orders_by_falls([1] * n) == np.bincount(found).tolist()
    claimed = ordering(-np.arange(n)).p
    assert claimed == pytest.approx(kendalltau(range(n), range(n), alternative="greater").pvalue)


def test_four_values_must_stand_in_order():
    """At n = 4 only the whole order is below .05: tiny steps give 1/24, and huge ones certainty."""
    assert order(4, effect=0.05).power_at_effect == pytest.approx(1 / 24, abs=0.02)
    assert order(4, effect=50).power_at_effect == 1
    found = order(4, effect=1)
    again = order(4, effect=found.detectable)
    assert again.power_at_effect == pytest.approx(0.8, abs=1e-3)


def test_the_threshold_of_a_scan_is_that_of_permutations():
    axes, layers = generator(2).standard_normal((30, 4)), generator(3).standard_normal((30, 9)).cumsum(axis=1)
    permuted = peak_scan(axes, layers, rng=generator(4), permutations=4_999, resamples=1)
    rho = 0.6
    ours = power_peak_scan(axes, layers, effect=rho, rng=generator(5), simulations=4_000)
    pearson = 2 * math.sin(math.pi * rho / 6)
    x, noise = generator(6).standard_normal((2, 4_000, 30))
    y = pearson * x + math.sqrt(1 - pearson**2) * noise
    r = [spearmanr(one, two).statistic for one, two in zip(x, y, strict=True)]
    found = np.mean(np.abs(r) > permuted.threshold)
    assert ours.power_at_effect == pytest.approx(found, abs=ERRORS * math.sqrt(2 * 0.25 / 4_000) + 0.02)


def test_a_scan_of_one_cell_is_a_spearman_test():
    """Its own permutations and samples, ranked anew by scipy; both errors are about .005 here."""
    n, rho, rng = 30, 0.5, generator(11)
    pearson = 2 * math.sin(math.pi * rho / 6)
    x, noise = rng.standard_normal((2, n, 10_000))
    y = pearson * x + math.sqrt(1 - pearson**2) * noise
    x, y, free = (
        rankdata(values, axis=0) - (n + 1) / 2 for values in (x, y, rng.standard_normal((n, 10_000)))
    )
    whole = n * (n**2 - 1) / 12
    critical = np.quantile(np.abs((x * free).sum(axis=0)), 0.95) / whole
    found = np.mean(np.abs((x * y).sum(axis=0)) / whole > critical)
    ours = scan(n, axes=1, layers=1, effect=rho, simulations=20_000)
    assert ours.power_at_effect == pytest.approx(found, abs=0.02)


def test_alike_layers_and_axes_cost_less():
    """Copies of one layer and one axis are one cell, which needs less than independent ones."""
    axis, layer = generator(2).standard_normal((2, 20, 1))
    noise = 1e-3 * generator(3).standard_normal((20, 12))
    alike = power_peak_scan(axis + noise[:, :6], layer + noise[:, 6:], effect=0.6, rng=generator())
    apart = scan(20, axes=6, layers=6, effect=0.6)
    assert alike.detectable < apart.detectable - 3 * apart.detectable_error
    assert alike.n_needed < apart.n_needed


def test_the_scan_needs_what_it_says():
    found = scan(30, effect=0.6)
    enough = scan(found.n_needed, effect=0.6)
    assert enough.power_at_effect == pytest.approx(0.8, abs=0.06)
    assert found.n_needed == pytest.approx(scan(12, effect=0.6).n_needed, abs=4)


@pytest.mark.parametrize(
    "run", [lambda: signed_ranks(8, effect=1), lambda: order(5, effect=1), lambda: scan(10, effect=0.7)]
)
def test_the_same_generator_gives_the_same_answer(run):
    assert run() == run()


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (lambda: signed_ranks(5, effect=1), "p_floor_above_alpha"),
        (lambda: signed_ranks(8, effect=0), "effect_not_positive"),
        (lambda: signed_ranks(8, effect=1, power=0.04), "power_out_of_range"),
        (lambda: signed_ranks(8, effect=1, simulations=99), "too_few_simulations"),
        (lambda: signed_ranks(8, effect=1, power=0.99, simulations=400), "too_few_simulations"),
        (lambda: signed_ranks(8, effect=0.05, simulations=200), "effect_too_small"),
        (lambda: power_wilcoxon([0, 0], [1, 1], effect=1, rng=generator()), "constant_series"),
        (lambda: order(3, effect=1), "p_floor_above_alpha"),
        (lambda: order(5, effect=1e-4, simulations=200), "effect_too_small"),
        (lambda: power_ordering([2, 1, 0, 3], effect=1, sd=0, rng=generator()), "sd_not_positive"),
        (lambda: scan(4, effect=0.5), "p_floor_above_alpha"),
        (lambda: scan(5, effect=0.5, axes=7, layers=43), "not_detectable"),
        (lambda: scan(8, effect=1), "effect_out_of_range"),
        (lambda: scan(8, effect=0.02, simulations=100), "effect_too_small"),
        (lambda: power_peak_scan(np.ones((9, 2)), np.eye(9), effect=0.5, rng=generator()), "constant_series"),
    ],
)
def test_refuses_with_a_reason(run, reason):
    with pytest.raises(Degenerate) as refusal:
        run()
    assert refusal.value.reason == reason


def test_three_values_say_that_four_would_do():
    with pytest.raises(Degenerate, match=r"n = 3 can give is 0\.167, above 0\.05.* n = 4 is the least"):
        order(3, effect=10)
