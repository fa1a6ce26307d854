"""Type I error of the peak scan: 5 % of scans of noise have a p of at most .05, however alike the layers."""

from __future__ import annotations

import numpy as np
import pytest

from reporter.statistics._permutations import null_distribution, plan
from reporter.statistics.peak_scan import peak_scan

N, AXES, LAYERS, LEVEL = 30, 7, 43, 0.05
FACTORS = 3  # behind all layers and axes: neighbours correlate strongly, as layers do


def scan_of_noise(rng, *, alike, permutations):
    """Scan axes that have nothing to do with the layers; ``alike`` is the correlation of neighbours."""
    layers = np.empty((N, LAYERS))
    layers[:, 0] = rng.normal(size=N)
    for layer in range(1, LAYERS):
        layers[:, layer] = alike * layers[:, layer - 1] + np.sqrt(1 - alike**2) * rng.normal(size=N)
    axes = rng.normal(size=(N, FACTORS)) @ rng.normal(size=(FACTORS, AXES)) + 0.3 * rng.normal(size=(N, AXES))
    axes[:, 0] = np.minimum(axes[:, 0], np.quantile(axes[:, 0], 0.7))  # clipped, hence tied
    return peak_scan(axes, layers, rng=rng, permutations=permutations, resamples=1)


def rejections(scans, *, alike, permutations):
    rng = np.random.default_rng(20260)
    found = [scan_of_noise(rng, alike=alike, permutations=permutations) for _ in range(scans)]
    return (
        np.mean([scan.p <= LEVEL for scan in found]),
        np.mean([min(peak.p_step_down for peak in scan.members) <= LEVEL for scan in found]),
        np.mean([scan.cells_singly > 0 for scan in found]),
    )


@pytest.mark.slow
@pytest.mark.parametrize("alike", [0.0, 0.9, 0.99])
def test_type_i_error_of_the_largest_cell(alike, capsys):
    scans = 5000
    single, step_down, without = rejections(scans, alike=alike, permutations=199)
    with capsys.disabled():
        print(f"\nneighbours {alike}: max {single:.4f}, step-down {step_down:.4f}, unadjusted {without:.4f}")
    error = 4 * np.sqrt(LEVEL * (1 - LEVEL) / scans)
    assert single == pytest.approx(LEVEL, abs=error)
    assert step_down == pytest.approx(LEVEL, abs=error)
    assert without > 3 * LEVEL  # what counting single cells would claim


def test_type_i_error_of_the_largest_cell_light():
    scans = 300
    single, step_down, _ = rejections(scans, alike=0.9, permutations=99)
    error = 4 * np.sqrt(LEVEL * (1 - LEVEL) / scans)
    assert single == step_down
    assert single == pytest.approx(LEVEL, abs=error)


def test_every_p_of_an_exact_test_occurs_as_often_as_it_says():
    """Over all orders of one data set, P(p <= alpha) = alpha wherever alpha is attained."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=7), rng.integers(0, 3, 7)
    orders = plan(7, strata=None, permutations=0, rng=None)
    null = null_distribution(lambda every: np.abs((y - y.mean()) @ x[every]), orders)
    p = np.array([np.mean(null >= value - 1e-12) for value in null])
    for alpha in np.unique(p):
        assert np.mean(p <= alpha + 1e-12) == pytest.approx(alpha, abs=1e-12)
