"""Bounds from top-k log probabilities, against the methods page and distributions that are known in full."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reporter.entropy.truncated import truncated, truncated_batch
from reporter.errors import Degenerate

GEOMETRIC = np.log(0.6) + np.arange(5) * np.log(0.4)  # p_i = .6 x .4^i
HALVES = np.log([0.5, 0.25])


def test_methods_page():
    ours = truncated(GEOMETRIC, logprob_mode="raw", vocabulary=50_257)
    printed = {
        "mass": 0.98976,
        "partial": 1.06328596,
        "renormalised": 1.06399387,
        "lower": 1.11020005,
        "upper": 1.22104606,
    }
    for field, value in printed.items():
        assert getattr(ours, field) == pytest.approx(value, abs=5e-9), field
    # the distribution in full: H = h(.6)/.6, with h the entropy of one coin of .6
    true = -(0.6 * math.log(0.6) + 0.4 * math.log(0.4)) / 0.6
    assert true == pytest.approx(1.12168611, abs=5e-9)
    assert ours.lower <= true <= ours.upper
    assert ours.missing == pytest.approx(1 - ours.mass, rel=1e-12)
    assert (ours.k, ours.vocabulary, ours.logprob_mode, ours.n) == (5, 50_257, "raw", 1)


def test_bounds_are_attained():
    # .5 .25 and .25 missing: least when one token takes it all, most when 2 tokens share it
    ours = truncated(HALVES, logprob_mode="raw", vocabulary=4, unit="bits")
    assert ours.lower == pytest.approx(1.5)  # .5 .25 .25
    assert ours.upper == pytest.approx(1.75)  # .5 .25 .125 .125
    # .5 .2, .3 missing: least when one takes .2 and another .1
    ours = truncated(np.log([0.5, 0.2]), logprob_mode="raw", vocabulary=9)
    assert ours.lower == pytest.approx(-sum(p * math.log(p) for p in (0.5, 0.2, 0.2, 0.1)))


def test_nucleus_leaves_infinities_and_no_missing_mass():
    ours = truncated(
        [math.log(0.75), -math.inf, math.log(0.25), -math.inf], logprob_mode="warped", vocabulary=9
    )
    whole = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert [ours.partial, ours.renormalised, ours.lower] == pytest.approx([whole] * 3, rel=1e-12)
    assert ours.upper == pytest.approx(whole, rel=1e-12)
    assert ours.method == "truncated_warped"


def test_certainty_is_exactly_zero():
    ours = truncated([0.0, -math.inf], logprob_mode="warped", vocabulary=3)
    assert (ours.partial, ours.renormalised, ours.lower, ours.upper) == (0, 0, 0, 0)


def test_a_mass_above_one_by_rounding_is_nothing_missing():
    ours = truncated(np.log([0.5, 0.50005]), logprob_mode="raw", vocabulary=9)
    assert ours.mass == pytest.approx(1.00005)
    assert ours.missing == 0
    assert ours.lower == ours.upper == ours.partial


def test_no_upper_bound_without_a_vocabulary():
    assert truncated(HALVES, logprob_mode="raw").upper is None
    assert truncated(HALVES, logprob_mode="raw", unit="bits").upper is None


def test_single_precision_is_within_the_tolerance():
    logits = np.random.default_rng(2).normal(size=(200, 40)).astype(np.float32)
    logprobs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    ours = truncated_batch(logprobs, logprob_mode="raw", vocabulary=40)
    assert np.all(ours.lower <= ours.upper)
    np.testing.assert_allclose(ours.upper, ours.renormalised, atol=1e-5)


def test_batch_equals_one_step_at_a_time():
    rng = np.random.default_rng(3)
    logprobs = np.log(np.sort(rng.dirichlet(np.full(60, 0.3), size=50))[:, ::-1][:, :10])
    ours = truncated_batch(logprobs, logprob_mode="raw", vocabulary=60, unit="bits")
    alone = [truncated(row, logprob_mode="raw", vocabulary=60, unit="bits") for row in logprobs]
    for field in ("partial", "renormalised", "lower", "upper", "mass", "missing"):
        np.testing.assert_allclose(getattr(ours, field), [getattr(one, field) for one in alone], rtol=1e-14)
    assert ours.n == 50


@pytest.mark.parametrize(
    ("logprobs", "options", "reason"),
    [
        ([0.0, np.log(0.01)], {}, "mass_above_one"),
        ([np.nan, -1.0], {}, "not_a_logprob"),
        ([0.5, -1.0], {}, "not_a_logprob"),
        ([np.inf], {}, "not_a_logprob"),
        ([-np.inf, -np.inf], {}, "no_mass"),
        ([], {}, "too_few"),
        ([[-1.0]], {}, "not_one_dimensional"),
        (HALVES, {"logprob_mode": "both"}, "unknown_logprob_mode"),
        (HALVES, {"vocabulary": 2}, "missing_mass_impossible"),
        (HALVES, {"vocabulary": 1}, "missing_mass_impossible"),
        (np.log([0.9, 0.01]), {"vocabulary": 5}, "missing_mass_impossible"),
        ([np.log(0.5), -np.inf], {}, "missing_mass_impossible"),
        (HALVES, {"unit": "bytes"}, "unknown_unit"),
    ],
)
def test_refuses_with_a_reason(logprobs, options, reason):
    with pytest.raises(Degenerate) as refusal:
        truncated(logprobs, **{"logprob_mode": "raw"} | options)
    assert refusal.value.reason == reason


def test_the_mode_must_be_stated():
    with pytest.raises(TypeError, match="logprob_mode"):
        truncated(HALVES)


def test_refusal_names_the_step():
    with pytest.raises(Degenerate, match=r"1 of 3 steps have .* the first is 1"):
        truncated_batch([[-1.0], [0.1], [-2.0]], logprob_mode="raw")
