"""Fingerprints, against a slow second implementation, enumeration, and the values of the methods page."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from reporter.errors import Degenerate
from reporter.statistics.fingerprint import _models, _similarity, fingerprint

LAYERS = 40


def character_entropy(text):
    counts = np.array(list(Counter(text).values()), dtype=float)
    return float(-(counts / counts.sum() * np.log(counts / counts.sum())).sum())


def test_qwen_and_deepseek_of_the_methods_page(shared):
    models = []
    for model in ("qwen", "deepseek"):
        study = json.loads((shared / f"data/mood-axis/{model}_7b_baseline.json").read_text(encoding="utf-8"))
        texts = [answer["response"] for answer in study["responses"]]
        models.append(np.array([axis["values"] for axis in study["axes"].values()]).T)
        models.append(
            np.array(
                [
                    [character_entropy(t[: len(t) * (layer + 1) // LAYERS]) for layer in range(LAYERS)]
                    for t in texts
                ]
            )
        )
    found = fingerprint(*models, rng=np.random.default_rng(1), permutations=20_000, splits=40)
    assert round(found.cosine, 6) == -0.160088
    # 4 Monte Carlo errors of 20,000 permutations
    assert found.p == pytest.approx(0.7195, abs=4 * np.sqrt(0.72 * 0.28 / 20_000))
    assert found.axes.indices == (0, 1, 2, 4, 5, 6)
    assert not found.decidable


def by_definition(axes, layers, bins):
    """Mean atanh(rho) per axis and bin, in loops."""
    last = layers.shape[1] - 1
    vector = []
    for axis in axes.T:
        held = [[] for _ in range(bins)]
        for layer in range(last + 1):
            rho = spearmanr(axis, layers[:, layer]).statistic
            held[min(int(bins * layer / last), bins - 1)].append(
                np.arctanh(np.clip(rho, 1e-12 - 1, 1 - 1e-12))
            )
        vector += [np.mean(values) for values in held]
    return np.array(vector)


def cosine(one, two):
    return one @ two / np.sqrt((one @ one) * (two @ two))


@pytest.fixture
def two_models():
    rng = np.random.default_rng(4)
    return (
        rng.normal(size=(12, 2)),
        rng.normal(size=(12, 7)),
        rng.normal(size=(12, 2)),
        rng.normal(size=(12, 5)),
    )


def test_agrees_with_the_definition(two_models):
    axes, layers, other_axes, other_layers = two_models
    found = fingerprint(*two_models, bins=3, rng=np.random.default_rng(0), permutations=99, splits=2)
    expected = cosine(by_definition(axes, layers, 3), by_definition(other_axes, other_layers, 3))
    assert found.cosine == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("deepest", "kept"), [(1 / 3, 1), (0.6, 1), (2 / 3, 2), (1.0, 3)])
def test_early_layers_alone_are_the_first_bins(two_models, deepest, kept):
    axes, layers, other_axes, other_layers = two_models
    found = fingerprint(
        *two_models, bins=3, deepest=deepest, rng=np.random.default_rng(0), permutations=99, splits=2
    )
    whole = (by_definition(axes, layers, 3), by_definition(other_axes, other_layers, 3))
    early = [vector.reshape(-1, 3)[:, :kept].ravel() for vector in whole]
    assert found.cosine == pytest.approx(cosine(*early), rel=1e-10)


def test_no_bin_is_early_enough(two_models):
    with pytest.raises(Degenerate) as refused:
        fingerprint(*two_models, bins=3, deepest=0.1, rng=np.random.default_rng(0))
    assert refused.value.reason == "constant_series"


def test_p_is_the_share_of_joint_orders_within_blocks(two_models):
    axes, layers, other_axes, other_layers = two_models
    blocks = np.repeat(np.arange(6), 2)  # two orders a block, 64 in all
    every = [
        cosine(by_definition(axes[o], layers, 3), by_definition(other_axes[o], other_layers, 3))
        for o in orders_of_pairs()
    ]
    found = fingerprint(*two_models, bins=3, blocks=blocks, rng=np.random.default_rng(0), splits=2)
    assert found.permutations == 64
    assert found.p == np.mean(np.array(every) >= found.cosine - 1e-9)


def left_by(strata, values):
    """Take off what least squares on stratum dummies explains."""
    dummies = (np.array(strata)[:, np.newaxis] == np.unique(strata)).astype(float)
    return values - dummies @ np.linalg.lstsq(dummies, values, rcond=None)[0]


def within_by_definition(axes, layers, strata, bins, order=slice(None)):
    """Regress ranks on strata, permute what is left of the axes', and regress it on the strata again."""
    last = layers.shape[1] - 1
    vector = []
    for axis in axes.T:
        moved = left_by(strata, left_by(strata, rankdata(axis))[order])
        held = [[] for _ in range(bins)]
        for layer in range(last + 1):
            rho = np.corrcoef(moved, left_by(strata, rankdata(layers[:, layer])))[0, 1]
            held[min(int(bins * layer / last), bins - 1)].append(np.arctanh(rho))
        vector += [np.mean(values) for values in held]
    return np.array(vector)


STRATA = ["a", "a", "b", "b", "a", "a", "b", "c", "b", "c", "c", "c"], [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2]


def test_within_strata_of_each_model_it_agrees_with_regression_on_them(two_models):
    axes, layers, other_axes, other_layers = two_models
    first, second = STRATA
    blocks = np.repeat(np.arange(6), 2)
    every = [
        cosine(
            within_by_definition(axes, layers, first, 3, order),
            within_by_definition(other_axes, other_layers, second, 3, order),
        )
        for order in orders_of_pairs()
    ]
    found = fingerprint(
        *two_models, first_strata=first, second_strata=second, bins=3, blocks=blocks,
        rng=np.random.default_rng(0), splits=2,
    )  # fmt: skip
    assert found.cosine == pytest.approx(every[0], rel=1e-10)
    assert found.p == np.mean(np.array(every) >= found.cosine - 1e-9)
    _, models = _models([axes, other_axes], [layers, other_layers], [first, second], bins=3, deepest=1)
    assert _similarity(*models, np.array([*orders_of_pairs()]).T) == pytest.approx(np.array(every), rel=1e-9)
    assert found.method == "stratified_fingerprint_cosine_exact_permutation"


@pytest.mark.parametrize("strata", [(None, None), STRATA])
def test_halves_are_correlated_within_their_strata(two_models, strata):
    """One split: the four fingerprints of two halves, by the definition."""
    axes, layers, other_axes, other_layers = two_models
    first, second = (np.array(labels if labels is not None else ["all"] * 12) for labels in strata)
    found = fingerprint(
        *two_models, first_strata=strata[0], second_strata=strata[1], bins=3, permutations=9, splits=1,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    rng = np.random.default_rng(0)
    rng.integers(2**32, size=4, dtype=np.uint32)  # the seed of the orders
    order = rng.permutation(12)
    (a, b), (c, d) = (
        [within_by_definition(ax[half], la[half], of[half], 3) for half in (order[:6], order[6:])]
        for ax, la, of in ((axes, layers, first), (other_axes, other_layers, second))
    )
    assert found.within_first == pytest.approx(cosine(a, b), rel=1e-8)
    assert found.within_second == pytest.approx(cosine(c, d), rel=1e-8)
    assert found.between == pytest.approx((cosine(a, d) + cosine(b, c)) / 2, rel=1e-8)


def test_one_stratum_is_no_stratum(two_models):
    plain, whole = (
        fingerprint(*two_models, **strata, bins=3, rng=np.random.default_rng(0), permutations=99, splits=9)
        for strata in ({}, {"first_strata": ["all"] * 12, "second_strata": ["every"] * 12})
    )
    assert (plain.cosine, plain.p, plain.between) == (whole.cosine, whole.p, whole.between)


def test_cut_answers_make_no_models_alike():
    """Axes and layers differ between cut and whole answers in both models, and are related by nothing else."""
    rng, n, replicates = np.random.default_rng(3), 30, 150
    rejected = np.zeros(2)
    for _ in range(replicates):
        cut = rng.random((2, n)) < 0.5
        models = [
            series + np.outer(of_model, shift)
            for of_model in cut
            for series, shift in (
                (rng.normal(size=(n, 3)), [1.5, -1.5, 1.0]),
                (rng.normal(size=(n, 12)), np.linspace(0, 2, 12)),
            )
        ]
        for way, strata in enumerate(({}, {"first_strata": cut[0], "second_strata": cut[1]})):
            found = fingerprint(*models, **strata, bins=6, rng=rng, permutations=99, splits=1)
            rejected[way] += found.p <= 0.05
    plain, within = rejected / replicates
    assert plain > 0.2
    assert within < 0.05 + 4 * np.sqrt(0.05 * 0.95 / replicates)


@pytest.mark.parametrize(
    ("strata", "reason"),
    [
        ({"first_strata": [1] * 11}, "mismatched_lengths"),
        ({"second_strata": np.arange(12)}, "constant_series"),  # every answer alone
    ],
)
def test_strata_are_refused_with_a_reason(two_models, strata, reason):
    with pytest.raises(Degenerate) as refusal:
        fingerprint(*two_models, **strata, rng=np.random.default_rng(0))
    assert refusal.value.reason == reason


def test_an_axis_that_differs_between_strata_only_is_left_out(two_models):
    axes, layers, other_axes, other_layers = two_models
    strata = np.repeat([0, 1], 6)
    found = fingerprint(
        np.column_stack([strata, axes]), layers, np.column_stack([other_axes[:, 0], other_axes]), other_layers,
        first_strata=strata, bins=3, rng=np.random.default_rng(0), permutations=9, splits=2,
    )  # fmt: skip
    assert found.axes.indices == (1, 2)


def test_a_model_whose_axes_and_layers_vary_in_different_strata_says_nothing(two_models):
    axes, layers, other_axes, other_layers = two_models
    strata = np.repeat([0, 1], 6)
    early, late = axes * (strata == 0)[:, np.newaxis], layers * (strata == 1)[:, np.newaxis]
    with pytest.raises(Degenerate, match="in none of the 2 strata do axes and layers both vary"):
        fingerprint(early, late, other_axes, other_layers, first_strata=strata, rng=np.random.default_rng(0))


def orders_of_pairs():
    """Every order of 12 that swaps only 0 and 1, 2 and 3, and so on."""
    for code in range(64):
        order = np.arange(12)
        for pair in range(6):
            if code >> pair & 1:
                order[[2 * pair, 2 * pair + 1]] = order[[2 * pair + 1, 2 * pair]]
        yield order


def test_a_model_is_like_itself(two_models):
    axes, layers = two_models[:2]
    assert fingerprint(axes, layers, axes, layers, rng=np.random.default_rng(0), splits=2).cosine == (
        pytest.approx(1, rel=1e-12)
    )


def test_halves_tell_two_clear_fingerprints_apart():
    rng = np.random.default_rng(6)
    axes = rng.normal(size=(60, 3))
    early = np.column_stack([axes, rng.normal(size=(60, 3))]) + 0.3 * rng.normal(size=(60, 6))
    late = np.column_stack([rng.normal(size=(60, 3)), axes]) + 0.3 * rng.normal(size=(60, 6))
    found = fingerprint(axes, early, axes, late, bins=6, rng=rng, permutations=99, splits=50)
    assert found.decidable
    assert min(found.within_first, found.within_second) > 0.8 > found.between


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({0: np.ones((12, 2))}, "constant_series"),
        ({1: np.ones((12, 7))}, "constant_series"),
        ({1: np.arange(12.0)[:, np.newaxis]}, "too_few"),
        ({2: np.arange(36.0).reshape(12, 3)}, "mismatched_lengths"),
        ({3: np.arange(44.0).reshape(11, 4)}, "mismatched_lengths"),
        ({3: np.full((12, 5), np.inf)}, "not_finite"),
    ],
)
def test_refuses_with_a_reason(two_models, change, reason):
    given = [change.get(place, one) for place, one in enumerate(two_models)]
    with pytest.raises(Degenerate) as refusal:
        fingerprint(*given, rng=np.random.default_rng(0))
    assert refusal.value.reason == reason
