"""BCa interval of Spearman's rho, against R's boot.ci on common resamples and scipy on its own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reporter.errors import Degenerate
from reporter.statistics import _resampling
from reporter.statistics._ranks import counts_of, resampled_rho
from reporter.statistics.bootstrap import bootstrap
from reporter.statistics.spearman_bca import spearman_bca

N = 32


@pytest.fixture
def columns(reference):
    values = reference("spearman")
    return {
        name: np.array([values[name, f"{row}"] for row in range(1, N + 1)])
        for name in ("mpg", "wt", "qsec", "cyl")
    }


@pytest.fixture
def resamples_of_r(monkeypatch):
    """Draw what tests/reference/spearman_bca.R draws."""
    state, positions = 2026, np.empty(999 * N, dtype=np.intp)
    for place in range(positions.size):
        state = 16807 * state % 2147483647
        positions[place] = state % N
    monkeypatch.setattr(_resampling, "random_resamples", lambda *_: positions.reshape(999, N))


@pytest.mark.parametrize("case", ["mpg_wt", "mpg_qsec", "cyl_qsec"])
@pytest.mark.usefixtures("resamples_of_r")
def test_agrees_with_boot_ci(case, columns, reference):
    expected = reference("spearman_bca")
    first, second = (columns[name] for name in case.split("_"))
    ours = spearman_bca(first, second, resamples=999, rng=np.random.default_rng(0))
    assert ours.value == pytest.approx(expected[case, "t0"], rel=1e-8)
    assert ours.value + ours.bias == pytest.approx(expected[case, "mean"], rel=1e-8)
    assert ours.interval.low == pytest.approx(expected[case, "low"], rel=1e-8)
    assert ours.interval.high == pytest.approx(expected[case, "high"], rel=1e-8)


def test_resamples_are_ranked_as_scipy_ranks_them():
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 6, 12).astype(float), rng.normal(size=12)
    chosen = rng.integers(0, 12, (200, 12))
    expected = [stats.spearmanr(first[one], second[one]).statistic for one in chosen]
    assert resampled_rho(first, second, counts_of(chosen, 12)) == pytest.approx(np.array(expected), abs=1e-12)


def test_agrees_with_scipy_on_the_same_resamples(columns, monkeypatch):
    first, second = columns["mpg"], columns["qsec"]
    peer = stats.bootstrap(
        (first, second),
        lambda one, two: stats.spearmanr(one, two).statistic,
        n_resamples=999,
        paired=True,
        vectorized=False,
        rng=np.random.default_rng(3),
    )
    chosen = np.random.default_rng(3).integers(0, N, (999, N))
    monkeypatch.setattr(_resampling, "random_resamples", lambda *_: chosen)
    ours = spearman_bca(first, second, resamples=999, rng=np.random.default_rng(0))
    assert resampled_rho(first, second, counts_of(chosen, N)) == pytest.approx(
        peer.bootstrap_distribution, abs=1e-12
    )
    # scipy reads its quantiles by another rule; they may differ by less than two neighbours in order
    ordered = np.sort(peer.bootstrap_distribution)
    for end, other in zip((ours.interval.low, ours.interval.high), peer.confidence_interval, strict=True):
        assert abs(np.searchsorted(ordered, end) - np.searchsorted(ordered, other)) <= 1


@pytest.mark.parametrize("option", ["clusters", "strata"])
def test_resamples_clusters_and_strata_as_the_bootstrap_does(option, columns):
    labels = {option: np.repeat(np.arange(16), 2) if option == "clusters" else columns["cyl"]}

    def rho(chosen):
        rows = chosen.astype(int)
        return np.array(
            [stats.spearmanr(columns["mpg"][one], columns["qsec"][one]).statistic for one in rows]
        )

    expected = bootstrap(
        np.arange(N), statistic=rho, resamples=199, rng=np.random.default_rng(2), level=0.8, **labels
    )
    ours = spearman_bca(
        columns["mpg"], columns["qsec"], resamples=199, rng=np.random.default_rng(2), level=0.8, **labels
    )
    assert (ours.interval.low, ours.interval.high) == pytest.approx(
        (expected.interval.low, expected.interval.high), rel=1e-8
    )
    assert ours.units == (16 if option == "clusters" else N)


def test_a_series_that_some_resample_leaves_constant_is_refused():
    rare = np.zeros(30)
    rare[0] = 1.0
    with pytest.raises(Degenerate) as refusal:
        spearman_bca(rare, np.arange(30), rng=np.random.default_rng(0))
    assert refusal.value.reason == "statistic_undefined"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1, 2], [1, 2], "too_few"),
        ([1, 2, 3, 4, 5], [1, 2, 4, 3, 5], "statistic_undefined"),
        (np.ones(30), np.arange(30), "constant_series"),
        (np.arange(30), np.arange(29), "mismatched_lengths"),
        (np.arange(30), np.full(30, np.nan), "not_finite"),
    ],
)
def test_refuses_with_a_reason(first, second, reason):
    with pytest.raises(Degenerate) as refusal:
        spearman_bca(first, second, rng=np.random.default_rng(0))
    assert refusal.value.reason == reason
