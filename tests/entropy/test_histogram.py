"""Histogram and spacing entropies of activations, against NumPy, R, SciPy and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats

from reporter.entropy.histogram import histogram, histogram_batch
from reporter.entropy.spacing import spacing, spacing_batch
from reporter.errors import Degenerate


def wave(n, a, b):
    i = np.arange(1, n + 1)
    return ((a * i**2 + b * i) % 2039) / 1024


CASES = {
    "flat": wave(500, 7, 3),
    "tailed": wave(800, 5, 11) ** 3,
    "outliers": np.append(wave(600, 3, 1), [40, -35]),
}


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_r(case, reference):
    expected = reference("entropy_activations")
    ours, robust = histogram(CASES[case]), spacing(CASES[case])
    printed = {
        "bins_asked": ours.bins_asked,
        "bins": ours.bins,
        "histogram": ours.value,
        "vasicek": robust.vasicek,
        "van_es": robust.van_es,
        "excess_kurtosis": robust.excess_kurtosis,
    }
    for field, value in printed.items():
        assert value == pytest.approx(expected[case, field], rel=1e-8), field


def test_methods_page(shared):
    axes = np.load(shared / "data" / "mood-axis" / "qwen_7b_axes.npz")
    ours = histogram(axes["warm_cold"])
    assert (ours.bins_asked, ours.bins, ours.n) == (264, 200, 3584)
    assert ours.value == pytest.approx(3.029959396746, abs=5e-13)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_agrees_with_numpy_histogram(dtype):
    activations = np.random.default_rng(4).standard_t(4, size=(6, 5, 700)).astype(dtype)
    ours = histogram_batch(activations)
    for place in np.ndindex(6, 5):
        row = activations[place].astype(np.float64)
        asked = len(np.histogram_bin_edges(row, bins="fd")) - 1
        counts = np.histogram(row, bins=min(max(asked, 50), 200))[0]
        assert ours.bins_asked[place] == asked
        assert ours.occupied[place] == np.count_nonzero(counts)
        assert ours.values[place] == pytest.approx(scipy.stats.entropy(counts), rel=1e-12)


def test_limits_are_options_and_stand_in_the_method():
    ours = histogram(CASES["flat"], fewest=5, most=300)
    assert (ours.bins, ours.method) == (9, "freedman_diaconis_5_to_300")
    assert histogram(CASES["flat"], unit="bits").value == pytest.approx(
        histogram(CASES["flat"]).value / math.log(2)
    )


def test_a_few_huge_activations_drive_the_histogram_and_not_the_spacings():
    usual = np.random.default_rng(8).normal(size=4096)
    huge = usual.copy()
    huge[:3] = [60, -55, 70]
    assert histogram(usual).value - histogram(huge).value > 1  # nats
    assert abs(spacing(usual).vasicek - spacing(huge).vasicek) < 0.15
    assert spacing(huge).excess_kurtosis > 100 > 1 > abs(spacing(usual).excess_kurtosis)


@pytest.mark.parametrize(
    ("draw", "truth", "kurtosis"),
    [
        (lambda rng: rng.normal(size=200_000), 0.5 * math.log(2 * math.pi * math.e), 0),
        (lambda rng: rng.random(size=200_000), 0, -1.2),
        (lambda rng: rng.exponential(size=200_000), 1, 6),
    ],
    ids=["normal", "uniform", "exponential"],
)
def test_spacings_reach_the_known_entropy(draw, truth, kurtosis):
    ours = spacing(draw(np.random.default_rng(21)))
    # Monte Carlo error of a mean of log densities, at most 1/sqrt(200,000) = .002, and the bias of a window
    # of 447 in 200,000, larger for van Es in the tails of a normal: of the order (m/n) log(n/m) = .014
    assert ours.vasicek == pytest.approx(truth, abs=0.01)
    assert ours.van_es == pytest.approx(truth, abs=0.02)
    assert ours.excess_kurtosis == pytest.approx(kurtosis, abs=0.5)


def test_van_es_has_no_bias_on_the_uniform():
    # E log(X_(i+m) - X_(i)) = psi(m) - psi(n+1), which the correction cancels exactly
    samples = np.random.default_rng(13).random((4000, 50))
    values = spacing_batch(samples).van_es
    assert abs(values.mean()) < 3 * values.std(ddof=1) / math.sqrt(4000)


def test_spacing_moves_by_the_logarithm_of_the_scale():
    there, back = spacing(CASES["flat"]), spacing(8 * CASES["flat"])
    assert back.vasicek - there.vasicek == pytest.approx(math.log(8), rel=1e-12)
    assert back.van_es - there.van_es == pytest.approx(math.log(8), rel=1e-12)


@pytest.mark.parametrize("function", [histogram, spacing])
@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1.0, 2.0], "too_few"),
        ([], "too_few"),
        ([1, 2, 3, np.nan], "not_finite"),
        ([1, 2, np.inf, 4], "not_finite"),
    ],
)
def test_refuses_with_a_reason(function, values, reason):
    with pytest.raises(Degenerate) as refusal:
        function(values)
    assert refusal.value.reason == reason


def test_refuses_what_has_no_width():
    for function, values, reason in [
        (histogram, [2.0] * 9, "constant_series"),
        (histogram, [0.0] * 20 + [1, 2, 3], "zero_iqr"),
        (spacing, [2.0] * 9, "ties"),
    ]:
        with pytest.raises(Degenerate) as refusal:
            function(values)
        assert refusal.value.reason == reason


def test_refusal_names_the_series():
    activations = np.random.default_rng(1).normal(size=(3, 4, 20))
    activations[2, 1, 5] = np.nan
    with pytest.raises(Degenerate, match=r"the first is \(2, 1\)"):
        histogram_batch(activations)
