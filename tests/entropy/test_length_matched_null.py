"""The nulls of length and level, against the methods page and against brute force."""

from __future__ import annotations

import math
from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from reporter.entropy.length_matched_null import length_matched_null
from reporter.entropy.level_null import level_null
from reporter.errors import Degenerate

BOTH_SOURCES = (0.0473489, 0.0371265, 0.0538696, 0.0471455)
QWEN_ONLY = (0.0534393, 0.0507826, 0.0601712, 0.0628130)
SMALL = {"one": ["abcabcab", "aabbccdd", "aaaaabbb"], "two": ["abababcd", "zzzzyyyx"]}


def obvious(text):
    return -math.fsum(c / len(text) * math.log(c / len(text)) for c in Counter(text).values())


def rng():
    return np.random.default_rng(20260104)


@pytest.fixture(scope="module")
def replies(sample_runs):
    """Lengths and changes of the sample runs, (models, prompts), and the two sources of texts."""
    lengths = tuple(sample_runs.field(limit, "response_length") for limit in (100, 200))
    changes = sample_runs.field(200, "text_entropy") - sample_runs.field(100, "text_entropy")
    return lengths, changes, sample_runs.sources


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [(("qwen", "deepseek"), BOTH_SOURCES), (("qwen",), QWEN_ONLY)],
    ids=["both", "qwen"],
)
def test_methods_page_by_model(replies, wanted, printed):
    (first, second), _, sources = replies
    texts = {name: sources[name] for name in wanted}
    for model, value in enumerate(printed):
        ours = length_matched_null(first[model], second[model], texts, rng=rng(), draws=2)
        assert ours.expected == pytest.approx(value, abs=5e-8)


@pytest.mark.parametrize(
    ("estimator", "printed", "digits"),
    [
        ("plug_in", 0.0464, 4),
        ("miller_madow", 0.02482, 5),
        ("grassberger", 0.01913, 5),
        ("chao_shen", 0.01973, 5),
    ],
)
def test_methods_page_mean_by_estimator(replies, estimator, printed, digits):
    (first, second), _, sources = replies
    ours = length_matched_null(
        first.ravel(), second.ravel(), sources, rng=rng(), estimator=estimator, draws=2
    )
    assert round(ours.expected, digits) == printed
    assert ours.method == f"length_matched_null_{estimator}"


def test_methods_page_null_distribution(replies):
    (first, second), changes, sources = replies
    assert round(changes.mean(), 4) == 0.0517
    ours = length_matched_null(first.ravel(), second.ravel(), sources, rng=rng())
    assert ours.by_source[1] == pytest.approx(0.0309, abs=5e-5)
    assert ours.over_sources == pytest.approx((np.mean(QWEN_ONLY) + 0.0309) / 2, abs=5e-5)
    # 4,000 draws: Monte Carlo error of the sd .0004, of each bound about .0015
    assert ours.sd == pytest.approx(0.037, abs=0.0015)
    assert ours.interval.low == pytest.approx(-0.025, abs=0.005)
    assert ours.interval.high == pytest.approx(0.119, abs=0.005)
    assert (ours.n, ours.draws, ours.sources) == (12, 4000, ("qwen", "deepseek"))
    assert max(ours.texts) <= 60


def test_small_case_by_hand():
    ours = length_matched_null([3, 4], [6, 8], SMALL, rng=rng())
    change = {
        name: [[obvious(t[:b]) - obvious(t[:a]) for t in texts] for a, b in ((3, 6), (4, 8))]
        for name, texts in SMALL.items()
    }
    by_pair = [np.mean(change["one"][pair] + change["two"][pair]) for pair in (0, 1)]
    assert ours.by_pair == pytest.approx(by_pair, rel=1e-12)
    assert ours.expected == pytest.approx(np.mean(by_pair), rel=1e-12)
    assert ours.by_source == pytest.approx([np.mean(change["one"]), np.mean(change["two"])], rel=1e-12)
    assert ours.texts == (5, 5)


def test_null_of_one_pair_by_enumeration():
    flat = [*SMALL["one"], *SMALL["two"]]
    all_changes = [obvious(b[:6]) - obvious(a[:3]) for a, b in permutations(flat, 2)]
    ours = length_matched_null([3], [6], SMALL, rng=rng(), draws=200_000)
    assert ours.sd == pytest.approx(np.std(all_changes), rel=0.01)
    assert ours.interval.low == pytest.approx(
        np.quantile(all_changes, 0.025, method="inverted_cdf"), abs=1e-9
    )
    assert ours.interval.high == pytest.approx(
        np.quantile(all_changes, 0.975, method="inverted_cdf"), abs=1e-9
    )


def test_swapping_the_lengths_turns_the_sign():
    there = length_matched_null([3, 4], [6, 8], SMALL, rng=rng(), draws=2)
    back = length_matched_null([6, 8], [3, 4], SMALL, rng=rng(), draws=2)
    assert back.expected == pytest.approx(-there.expected, rel=1e-12)


def test_same_seed_same_bytes_and_bits():
    nats = length_matched_null([3], [6], SMALL, rng=rng())
    assert nats == length_matched_null([3], [6], SMALL, rng=rng())
    bits = length_matched_null([3], [6], SMALL, rng=rng(), unit="bits")
    assert bits.interval.low == pytest.approx(nats.interval.low / math.log(2))
    assert bits.by_source == pytest.approx(np.array(nats.by_source) / math.log(2))
    assert (bits.draws, bits.interval.level) == (4000, 0.95)


def test_level_null_by_hand():
    ours = level_null([1.0, 1.5], [3, 8], SMALL)
    flat = [*SMALL["one"], *SMALL["two"]]
    expected = [np.mean([obvious(text[:length]) for text in flat]) for length in (3, 8)]
    assert ours.expected == pytest.approx(expected, rel=1e-12)
    assert ours.by_value == pytest.approx(np.array([1.0, 1.5]) - expected, rel=1e-12)
    assert ours.excess == pytest.approx(1.25 - np.mean(expected), rel=1e-12)
    two = np.mean([obvious(text[:length]) for text in SMALL["two"] for length in (3, 8)])
    assert ours.by_source[1] == pytest.approx(1.25 - two, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: length_matched_null([3], [9], SMALL, rng=rng()), "texts_too_short"),
        (lambda: length_matched_null([9], [3], SMALL, rng=rng()), "texts_too_short"),
        (lambda: length_matched_null([3], [6], {"one": ["abcabcab"]}, rng=rng()), "texts_too_short"),
        (lambda: length_matched_null([3], [6], SMALL | {"none": []}, rng=rng()), "texts_too_short"),
        (lambda: length_matched_null([3], [6], {}, rng=rng()), "no_texts"),
        (lambda: length_matched_null([3], [6, 7], SMALL, rng=rng()), "mismatched_lengths"),
        (lambda: length_matched_null([], [], SMALL, rng=rng()), "not_lengths"),
        (lambda: length_matched_null([0], [6], SMALL, rng=rng()), "not_lengths"),
        (lambda: length_matched_null([2.5], [6], SMALL, rng=rng()), "not_lengths"),
        (lambda: length_matched_null([3], [6], SMALL, rng=rng(), draws=1), "no_draws"),
        (lambda: length_matched_null([3], [6], SMALL, rng=rng(), estimator="nsb"), "unknown_estimator"),
        (lambda: level_null([1.0], [9], SMALL), "texts_too_short"),
        (lambda: level_null([1.0, 2.0], [3], SMALL), "mismatched_lengths"),
        (lambda: level_null([np.nan], [3], SMALL), "not_finite"),
    ],
)
def test_refuses_with_a_reason(call, reason):
    with pytest.raises(Degenerate) as refusal:
        call()
    assert refusal.value.reason == reason
