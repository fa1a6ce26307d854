"""What must hold for every text, every set of counts and every distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.entropy.chao_shen import chao_shen
from reporter.entropy.grassberger import grassberger
from reporter.entropy.histogram import histogram
from reporter.entropy.james_stein import james_stein
from reporter.entropy.miller_madow import miller_madow
from reporter.entropy.nsb import nsb
from reporter.entropy.plug_in import plug_in
from reporter.entropy.text_entropy import text_entropy
from reporter.entropy.truncated import truncated

ESTIMATORS = [plug_in, miller_madow, grassberger, chao_shen, james_stein, nsb]
COUNTS = st.lists(st.integers(1, 500), min_size=2, max_size=30).filter(lambda counts: max(counts) > 1)
SLACK = 1e-10


@pytest.mark.parametrize("estimator", ESTIMATORS)
@given(counts=COUNTS, data=st.data())
def test_order_and_zeros_do_not_matter(estimator, counts, data):
    shuffled = data.draw(st.permutations([*counts, 0, 0]))
    assert estimator(shuffled).value == pytest.approx(estimator(counts).value, rel=1e-10, abs=SLACK)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@given(counts=COUNTS)
def test_bits_are_nats_over_log_2(estimator, counts):
    nats, bits = estimator(counts), estimator(counts, unit="bits")
    assert bits.value == pytest.approx(nats.value / math.log(2), rel=1e-12)
    assert (bits.n, bits.k, bits.coverage) == (nats.n, nats.k, nats.coverage)


@given(counts=COUNTS)
def test_plug_in_lies_between_zero_and_log_k(counts):
    ours = plug_in(counts)
    assert 0 < ours.value <= math.log(ours.k) + SLACK
    assert miller_madow(counts).value > ours.value
    assert ours.value - SLACK <= james_stein(counts).value <= math.log(ours.k) + SLACK


@pytest.mark.parametrize("estimator", [james_stein, nsb])
@given(counts=COUNTS, extra=st.integers(0, 200))
def test_declared_alphabet_bounds_the_entropy(estimator, counts, extra):
    alphabet = len(counts) + extra
    assert 0 <= estimator(counts, alphabet=alphabet).value <= math.log(alphabet) + SLACK


@given(counts=COUNTS)
def test_merging_symbols_never_raises_the_entropy(counts):
    merged = [counts[0] + counts[1], *counts[2:]]
    assert plug_in(merged).value <= plug_in(counts).value + SLACK


@given(counts=COUNTS, times=st.integers(2, 50))
def test_repeating_the_text_keeps_plug_in_and_shrinks_the_correction(counts, times):
    repeated = [times * count for count in counts]
    assert plug_in(repeated).value == pytest.approx(plug_in(counts).value, rel=1e-10, abs=SLACK)
    first, second = (miller_madow(c).value - plug_in(c).value for c in (counts, repeated))
    assert second == pytest.approx(first / times, rel=1e-6, abs=SLACK)


@given(counts=COUNTS)
def test_chain_rule_of_grouping(counts):
    # H(all) = H(first two together, rest) + share of the two x H(within the two)
    two = counts[:2]
    outer = plug_in([sum(two), *counts[2:]]).value
    inner = sum(two) / sum(counts) * plug_in(two).value
    assert plug_in(counts).value == pytest.approx(outer + inner, rel=1e-9, abs=SLACK)


@given(texts=st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=90))
def test_texts_in_a_batch_do_not_see_each_other(texts):
    together = text_entropy(texts).values
    alone = [text_entropy([text]).values[0] for text in texts]
    np.testing.assert_allclose(together, alone, rtol=1e-12, atol=SLACK)


@given(text=st.text(min_size=1, max_size=200), data=st.data())
def test_order_of_characters_does_not_matter(text, data):
    shuffled = "".join(data.draw(st.permutations(text)))
    one, other = text_entropy([text, shuffled]).values
    assert one == pytest.approx(other, rel=1e-12, abs=SLACK)


@given(
    weights=st.lists(st.floats(1e-6, 1), min_size=2, max_size=60),
    data=st.data(),
)
def test_truncated_bounds_hold_the_true_entropy(weights, data):
    p = np.sort(np.array(weights) / sum(weights))[::-1]
    k = data.draw(st.integers(1, len(p)))
    ours = truncated(np.log(p[:k]), logprob_mode="raw", vocabulary=len(p))
    true = float(-(p * np.log(p)).sum())
    assert ours.partial <= ours.lower + SLACK
    assert ours.lower <= true + 1e-9
    assert true <= ours.upper + 1e-9
    assert ours.mass + ours.missing == pytest.approx(1)


@given(
    values=st.lists(st.integers(-1000, 1000), min_size=8, max_size=200, unique=True), power=st.integers(-8, 8)
)
def test_histogram_does_not_see_the_scale(values, power):
    # powers of two scale every float exactly, so that no value changes its bin
    scaled = [value * 2.0**power for value in values]
    assert histogram(scaled).value == pytest.approx(histogram(values).value, rel=1e-12)
