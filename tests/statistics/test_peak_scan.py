"""Peak scan, against a slow second implementation, enumeration, and the values of the methods page."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from dataclasses import fields
from fractions import Fraction
from functools import partial
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import spearmanr

from reporter.errors import Degenerate
from reporter.results import AxisPeak, PeakScan
from reporter.statistics.fingerprint import fingerprint
from reporter.statistics.peak_scan import peak_scan

AXES = 7
LAYERS = 40
TOPICS = np.repeat([0, 1, 2], 10)  # the thirty questions come in three blocks of ten
DRAWN = 199_999


def character_entropy(text):
    counts = np.array(list(Counter(text).values()), dtype=float)
    return float(-(counts / counts.sum() * np.log(counts / counts.sum())).sum())


@pytest.fixture(scope="module")
def answers(shared):
    """Axes (30, 7) and layers (30, 40): entropy of the first l + 1 fortieths of each answer."""

    def read(model):
        study = json.loads((shared / f"data/mood-axis/{model}_7b_baseline.json").read_text(encoding="utf-8"))
        texts = [answer["response"] for answer in study["responses"]]
        axes = np.array([axis["values"] for axis in study["axes"].values()]).T
        layers = [
            [character_entropy(text[: len(text) * (layer + 1) // LAYERS]) for layer in range(LAYERS)]
            for text in texts
        ]
        return axes, np.array(layers)

    return read


def near(p):
    """Within 4 Monte Carlo errors of our permutations, plus the methods page's own error."""
    return pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / DRAWN) + 0.0004)


def scan(axes, layers, **options):
    options = {"rng": np.random.default_rng(7), "permutations": DRAWN, "resamples": 99} | options
    return peak_scan(axes, layers, **options)


def test_qwen_of_the_methods_page(answers):
    found = scan(*answers("qwen"))
    assert (found.cells, found.axis, found.layer) == (280, 0, 36)
    assert round(found.r, 6) == -0.595996
    assert found.p == near(0.0498)
    assert found.threshold == pytest.approx(0.5956, abs=0.0012)
    over_layers = [0.0083, 0.5896, 0.7298, 0.4552, 0.0367, 0.1054, 0.2417]
    step_down = [0.0498, 0.8331, 0.8331, 0.8031, 0.1766, 0.3774, 0.5790]
    for peak, p, stepped in zip(found.members, over_layers, step_down, strict=True):
        assert (peak.p, peak.p_step_down) == (near(p), near(stepped)), peak.axis
    assert found.cells_surviving == (found.p < 0.05)  # p is within Monte Carlo error of .05


def test_qwen_within_blocks_of_questions(answers):
    found = scan(*answers("qwen"), strata=TOPICS)
    assert found.p == near(0.0517)
    assert found.cells_surviving == 0


def test_deepseek_of_the_methods_page(answers):
    found = scan(*answers("deepseek"))
    assert (found.cells, found.axis, found.layer) == (240, 1, 0)
    assert found.live_axes.indices == (0, 1, 2, 4, 5, 6)
    assert round(found.r, 6) == 0.504338
    assert found.p == near(0.1814)
    assert found.cells_surviving == 0


@pytest.mark.parametrize(("model", "singly"), [("qwen", 38), ("deepseek", 13)])
def test_cells_below_five_per_cent_singly(answers, model, singly):
    axes, layers = answers(model)
    by_t = np.array(
        [[spearmanr(axis, layer).pvalue for layer in layers.T] for axis in axes.T if np.ptp(axis)]
    )
    assert (by_t < 0.05).sum() == singly  # the methods page counts by Student's t
    # by permutation, cells whose p is nearer to .05 than t and permutation agree may change sides
    undecided = (np.abs(by_t - 0.05) < 0.0015).sum()
    assert abs(scan(axes, layers).cells_singly - singly) <= undecided


def rank_correlations(axes, layers):
    return np.array([[spearmanr(axis, layer).statistic for layer in layers.T] for axis in axes.T])


def test_exact_p_is_the_share_of_all_orders():
    rng = np.random.default_rng(3)
    axes, layers = rng.integers(0, 4, (5, 2)).astype(float), rng.integers(0, 5, (5, 3)).astype(float)
    every = np.array(
        [np.abs(rank_correlations(axes[list(o)], layers)).max(axis=1) for o in permutations(range(5))]
    )
    found = peak_scan(axes, layers, rng=rng, resamples=9)
    assert found.permutations == 120
    assert found.p == np.mean(every.max(axis=1) >= abs(found.r) - 1e-9)
    assert [peak.p for peak in found.members] == [
        np.mean(every[:, at] >= abs(peak.r) - 1e-9) for at, peak in enumerate(found.members)
    ]


def test_single_cells_count_by_their_own_p():
    rng = np.random.default_rng(4)
    axes, layers = rng.normal(size=(6, 3)), rng.normal(size=(6, 8))
    observed = np.abs(rank_correlations(axes, layers))
    every = np.array([np.abs(rank_correlations(axes[list(o)], layers)) for o in permutations(range(6))])
    singly = (np.mean(every >= observed - 1e-9, axis=0) < 0.2).sum()
    assert singly > 0
    assert peak_scan(axes, layers, level=0.8, rng=rng, resamples=9).cells_singly == singly


@pytest.mark.parametrize("level", [0.95, 0.8, 0.4])
def test_support_agrees_with_resampling_by_hand(level):
    rng = np.random.default_rng(5)
    layers = rng.normal(size=(20, 4)).round(1)
    axes = layers[:, 2:3] + layers[:, :1] + rng.normal(size=(20, 1))
    found = peak_scan(axes, layers, rng=np.random.default_rng(6), permutations=99, resamples=400, level=level)
    replay = np.random.default_rng(6)
    replay.integers(2**32, size=4, dtype=np.uint32)  # what the permutations took
    chosen = replay.integers(20, size=(400, 20))
    every = np.array([np.abs(rank_correlations(axes[one], layers[one]))[0] for one in chosen])
    (peak,) = found.members
    (layer,) = peak.layers
    assert peak.support == np.mean(every.argmax(axis=1) == layer)
    reached = (every >= every[:, [layer]] - 1e-9).mean(axis=0)
    assert peak.not_worse.indices == tuple(np.flatnonzero(reached > 1 - level))


def test_equal_layers_are_all_named():
    rng = np.random.default_rng(5)
    layers = rng.normal(size=(12, 3))
    twice = np.column_stack([layers, layers[:, 0] ** 3, np.ones(12)])
    found = peak_scan(layers[:, :1] + 0.1 * layers[:, 1:2], twice, rng=rng, permutations=99, resamples=99)
    assert found.members[0].layers.indices == (0, 3)
    assert found.live_layers.indices == (0, 1, 2, 3)
    assert set(found.members[0].not_worse) >= {0, 3}


def test_layers_are_counted_among_all_columns_and_cells_among_live_ones():
    rng = np.random.default_rng(8)
    signal, noise = rng.normal(size=20), rng.normal(size=(20, 2))
    axes = np.column_stack([np.ones(20), signal, noise[:, 0]])
    layers = np.column_stack([np.zeros(20), noise[:, 1], np.ones(20), -signal, signal**3, noise[:, 1] ** 2])
    found = peak_scan(axes, layers, rng=rng, permutations=999, resamples=99)
    first, second = found.members
    assert found.live_axes.indices == (first.axis, second.axis) == (1, 2)
    assert found.live_layers.indices == (1, 3, 4, 5)
    assert first.layers.indices == first.surviving.indices == first.not_worse.indices == (3, 4)
    assert first.surviving.n == first.not_worse.n == 6
    for peak in found.members:
        by_hand = [spearmanr(axes[:, peak.axis], layers[:, at]).statistic for at in found.live_layers]
        assert peak.cells == pytest.approx(by_hand, abs=1e-12)
        above = np.abs(by_hand) > found.threshold + 1e-9
        assert peak.surviving.indices == tuple(np.array(found.live_layers.indices)[above])
        assert peak.survive == tuple(above.tolist())
        assert peak.at == found.live_layers.indices
        assert peak.depths == (0.2, 0.6, 0.8, 1.0)
        assert peak.depth == peak.layers.indices[0] / 5
    assert sum(len(peak.surviving) for peak in found.members) == found.cells_surviving >= 2
    assert (first.survives, second.survives) == (True, False)


def binned_by_hand(axis, layers, bins):
    """tanh of the mean atanh(rho) per bin of l/(L - 1), in loops and fractions."""
    last, held = layers.shape[1] - 1, [[] for _ in range(bins)]
    for at, layer in enumerate(layers.T):
        if np.ptp(layer):
            depth = Fraction(at, last)
            place = next((b for b in range(bins) if depth < Fraction(b + 1, bins)), bins - 1)
            held[place].append(np.arctanh(spearmanr(axis, layer).statistic))
    return [np.tanh(np.mean(values)) if values else None for values in held]


@pytest.mark.parametrize(("count", "bins"), [(31, 10), (11, 10), (43, 7), (6, 10), (30, 1), (2, 2)])
def test_bins_agree_with_the_definition(count, bins):
    rng = np.random.default_rng(count)
    axes, layers = rng.normal(size=(15, 2)), rng.normal(size=(15, count))
    layers[:, 0] = 1.0
    found = peak_scan(axes, layers, rng=rng, permutations=99, resamples=9, bins=bins)
    for axis, peak in zip(axes.T, found.members, strict=True):
        by_hand = binned_by_hand(axis, layers, bins)
        assert [mean is None for mean in peak.bins] == [mean is None for mean in by_hand]
        held = [at for at, mean in enumerate(by_hand) if mean is not None]
        assert [peak.bins[at] for at in held] == pytest.approx([by_hand[at] for at in held], abs=1e-12)


def test_ten_bins_if_not_told_otherwise_and_none_without_a_layer_that_varies():
    rng = np.random.default_rng(2)
    layers = rng.normal(size=(12, 21))
    layers[:, 4:6] = 0.0
    found = peak_scan(rng.normal(size=(12, 1)), layers, rng=rng, permutations=99, resamples=9)
    (peak,) = found.members
    assert [at for at, mean in enumerate(peak.bins) if mean is None] == [2]
    assert len(peak.bins) == 10


def test_a_fingerprint_is_made_of_the_same_bins():
    rng = np.random.default_rng(9)
    models = rng.normal(size=(12, 3)), rng.normal(size=(12, 23)), rng.normal(size=(12, 3)), rng.normal(size=(12, 41))  # fmt: skip
    similar = fingerprint(*models, bins=6, rng=rng, permutations=9, splits=2)
    one, two = (
        np.arctanh([peak.bins for peak in peak_scan(*model, bins=6, rng=rng, resamples=9).members]).ravel()
        for model in (models[:2], models[2:])
    )
    assert similar.cosine == pytest.approx(one @ two / np.linalg.norm(one) / np.linalg.norm(two), rel=1e-9)


def test_a_perfect_correlation_leaves_its_bin_finite():
    signal = np.random.default_rng(1).normal(size=10)
    layers = np.column_stack([signal, -signal, np.exp(signal), signal**2])
    found = peak_scan(
        signal[:, np.newaxis], layers, bins=4, rng=np.random.default_rng(0), permutations=99, resamples=9
    )
    (peak,) = found.members
    assert peak.bins[:3] == pytest.approx((1.0, -1.0, 1.0), abs=1e-11)
    assert np.isfinite(np.arctanh(peak.bins[:3])).all()


def test_a_single_layer_lies_at_the_start():
    rng = np.random.default_rng(3)
    found = peak_scan(
        rng.normal(size=(10, 1)), rng.normal(size=(10, 1)), rng=rng, permutations=99, resamples=9
    )
    (peak,) = found.members
    assert (peak.depth, peak.depths, peak.at, len(peak.survive)) == (0.0, (0.0,), (0,), 1)
    assert peak.bins[0] == pytest.approx(peak.r, abs=1e-12)
    assert peak.bins[1:] == (None,) * 9


def test_positions_say_whose_columns_they_are():
    named = {
        (kind, entry.name): entry.metadata.get("names")
        for kind in (PeakScan, AxisPeak)
        for entry in fields(kind)
    }
    assert {place: role for place, role in named.items() if role} == {
        (PeakScan, "axis"): "axes", (PeakScan, "layer"): "layers", (PeakScan, "live_axes"): "axes",
        (PeakScan, "live_layers"): "layers", (AxisPeak, "axis"): "axes", (AxisPeak, "layers"): "layers",
        (AxisPeak, "not_worse"): "layers", (AxisPeak, "surviving"): "layers",
        (AxisPeak, "at"): "layers", (AxisPeak, "layer"): "layers",
    }  # fmt: skip
    assert {*filter(None, named.values())} <= {*inspect.signature(peak_scan).parameters}


def test_engine_changes_no_number():
    rng = np.random.default_rng(5)
    axes, layers = rng.normal(size=(15, 2)), rng.normal(size=(15, 3))
    here, spread = (
        peak_scan(axes, layers, rng=np.random.default_rng(1), permutations=4999, resamples=50, engine=engine)
        for engine in (None, "loky")
    )
    assert here == spread


def test_depth_is_cut_into_at_least_one_bin():
    axes, layers = np.arange(18).reshape(9, 2), np.arange(18).reshape(9, 2)
    for call in (partial(peak_scan, axes, layers), partial(fingerprint, axes, layers, axes, layers)):
        with pytest.raises(Degenerate) as refusal:
            call(rng=np.random.default_rng(0), permutations=9, bins=0)
        assert refusal.value.reason == "too_few_bins"


@pytest.mark.parametrize(
    ("axes", "layers", "reason"),
    [
        (np.ones((9, 2)), np.arange(18).reshape(9, 2), "constant_series"),
        (np.arange(18).reshape(9, 2), np.ones((9, 2)), "constant_series"),
        (np.arange(18).reshape(9, 2), np.arange(16).reshape(8, 2), "mismatched_lengths"),
        (np.arange(9), np.arange(18).reshape(9, 2), "not_two_dimensional"),
        (np.full((9, 2), np.nan), np.arange(18).reshape(9, 2), "not_finite"),
        (np.arange(6).reshape(3, 2), np.arange(6).reshape(3, 2), "too_few"),
    ],
)
def test_refuses_with_a_reason(axes, layers, reason):
    with pytest.raises(Degenerate) as refusal:
        peak_scan(axes, layers, rng=np.random.default_rng(0))
    assert refusal.value.reason == reason
