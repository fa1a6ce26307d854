"""Pooled scan of axes, against the max-statistic of slow pooled values and the values of the methods page."""

from __future__ import annotations

import json
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import spearmanr

from reporter.errors import Degenerate
from reporter.statistics.pooled_scan import pooled_scan

AXES = {  # mean atanh(rho), joint p, k of the methods page
    "warm_cold": (-0.345412, 0.0171, 2),
    "patient_irritated": (-0.026262, 0.839, 2),
    "confident_cautious": (0.140369, 0.3015, 2),
    "proactive_reluctant": (-0.041180, 0.829, 1),
    "empathetic_analytical": (-0.228336, 0.1065, 2),
    "formal_casual": (0.225521, 0.1039, 2),
    "verbose_concise": (-0.003726, 0.978, 2),
}
DRAWN = 100_000


def character_entropy(text):
    counts = np.array(list(Counter(text).values()), dtype=float)
    return float(-(counts / counts.sum() * np.log(counts / counts.sum())).sum())


@pytest.fixture(scope="module")
def answers(shared):
    entropy, axes = [], []
    for model in ("qwen", "deepseek"):
        study = json.loads((shared / f"data/mood-axis/{model}_7b_baseline.json").read_text(encoding="utf-8"))
        entropy.append([character_entropy(answer["response"]) for answer in study["responses"]])
        axes.append([study["axes"][axis]["values"] for axis in AXES])
    return np.array(entropy), np.array(axes)


def near(p):
    """Within 4 Monte Carlo errors of ours, and half a unit of the printed digits."""
    return pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / DRAWN) + 0.0006)


def test_axes_of_the_methods_page(answers):
    scan = pooled_scan(*answers, rng=np.random.default_rng(0), permutations=DRAWN, resamples=200)
    for member, (axis, (z, p, k)) in zip(scan.members, AXES.items(), strict=True):
        assert round(member.z, 6) == z, axis
        assert member.p == near(p), axis
        assert member.k == k
    assert scan.p_single_step[0] == near(0.132)
    assert scan.members[3].models.indices == (0,)


def test_exact_p_is_that_of_the_largest_axis():
    rng = np.random.default_rng(5)
    first, second = rng.integers(0, 6, (2, 5)).astype(float), rng.integers(0, 6, (2, 3, 5)).astype(float)
    second[:, 1] = 2.0  # constant in both models: no axis at all
    second[0, 2] = 2.0  # constant in the first model

    def absolute(order):
        moved = first[:, list(order)]
        rho = [
            [spearmanr(moved[model], second[model, axis]).statistic for model in models]
            for axis, models in ((0, (0, 1)), (2, (1,)))
        ]
        return [abs(np.arctanh(np.clip(one, 1e-12 - 1, 1 - 1e-12)).mean()) for one in rho]

    every = np.array([absolute(order) for order in permutations(range(5))])
    found = pooled_scan(first, second, rng=rng, resamples=99)
    assert found.axes.indices == (0, 2)
    assert [member.p for member in found.members] == list((every >= every[0] - 1e-9).mean(axis=0))
    largest = every.max(axis=1)[:, np.newaxis]
    assert found.p_single_step == tuple((largest >= every[0] - 1e-9).mean(axis=0))


def test_refuses_axes_that_never_vary():
    with pytest.raises(Degenerate) as refusal:
        pooled_scan(np.arange(18).reshape(2, 9), np.ones((2, 3, 9)), rng=np.random.default_rng(0))
    assert refusal.value.reason == "constant_series"
