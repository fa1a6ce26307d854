"""Entropy per step: closed forms of simple sources, and what a compressor can and cannot do."""

from __future__ import annotations

import bz2
import lzma
import math
import string
import zlib

import numpy as np
import pytest

from reporter.entropy.block_entropy import block_entropy
from reporter.entropy.compression_bound import LZMA_FILTERS, compression_bound
from reporter.entropy.english import PASSAGES
from reporter.entropy.entropy_rate import entropy_rate
from reporter.errors import Degenerate


def test_rate_weighs_positions_and_keeps_answers():
    # three answers of 3, 2 and 1 tokens; the third position is reached by one answer only
    entropies, offsets = [1.0, 2.0, 9.0, 3.0, 4.0, 5.0], [0, 3, 5, 6]
    ours = entropy_rate(entropies, offsets)
    assert ours.by_position.tolist() == [3.0, 3.0]  # (1 + 3 + 5)/3, (2 + 4)/2
    assert ours.answers.tolist() == [3, 2]
    assert (ours.value, ours.over_tokens, ours.n) == (3.0, 4.0, 3)
    assert entropy_rate(entropies, offsets, least_answers=1).by_position.tolist() == [3.0, 3.0, 9.0]


def test_rate_accepts_an_answer_without_tokens():
    assert entropy_rate([1.0, 2.0], [0, 1, 1, 2]).n == 3


def test_blocks_of_a_markov_chain_find_its_rate():
    # a coin that repeats its last face with probability .9: rate h(.9), first block log 2
    rng = np.random.default_rng(17)
    faces = np.cumsum(rng.random(200_000) < 0.1) % 2
    ours = block_entropy(faces, longest=4)
    rate = -(0.9 * math.log(0.9) + 0.1 * math.log(0.1))
    # Monte Carlo error of a plug-in rate, sd of the log probability over sqrt(n) = .0015
    assert ours.conditional == pytest.approx([math.log(2), rate, rate, rate], abs=0.005)
    assert ours.k == (2, 4, 8, 16)
    assert sum(ours.conditional) == pytest.approx(ours.blocks[-1])


def test_blocks_of_a_periodic_text():
    ours = block_entropy("abc" * 1000, longest=3, unit="bits")
    assert ours.blocks == pytest.approx([math.log2(3)] * 3, abs=1e-6)
    assert ours.conditional[1:] == pytest.approx([0, 0], abs=1e-6)


def test_blocks_see_the_order_that_counts_of_characters_do_not():
    text = "".join(PASSAGES.values())
    shuffled = "".join(np.random.default_rng(3).permutation(list(text)))
    ordered, random = block_entropy(text, longest=2), block_entropy(shuffled, longest=2)
    assert ordered.blocks[0] == pytest.approx(random.blocks[0], rel=1e-12)
    assert ordered.conditional[1] < 0.9 * random.conditional[1]


def test_codes_of_long_blocks_do_not_overflow():
    rng = np.random.default_rng(9)
    tokens = rng.integers(150_000, size=3000)
    ours = block_entropy(np.tile(tokens, 2), longest=6)
    assert ours.k == pytest.approx((np.unique(tokens).size, *[3000] * 5), abs=2)


@pytest.mark.parametrize("compressor", ["deflate", "lzma2"])
def test_compression_of_random_letters_stays_above_their_entropy(compressor):
    letters = "".join(np.random.default_rng(4).choice(list(string.ascii_lowercase[:16]), 100_000))
    ours = compression_bound(letters, compressor=compressor)
    assert math.log(16) < ours.value < 1.2 * math.log(16)
    assert compression_bound("ab" * 50_000, compressor=compressor).value < 0.02


@pytest.mark.parametrize("compressor", ["deflate", "lzma2"])
def test_compression_sees_repeated_phrases(compressor):
    text = PASSAGES["Carroll 1865"]
    once, twice = (compression_bound(t, compressor=compressor, unit="bits") for t in (text, text * 2))
    assert twice.value < 0.6 * once.value
    assert once.n == len(text)
    # another program's size for the same text, with its own header of some 40 bytes
    assert once.compressed == pytest.approx(len(bz2.compress(text.encode())), rel=0.15)


def test_the_bound_counts_a_stream_that_can_be_read_back():
    raw = PASSAGES["Austen 1813"].encode()
    packed = lzma.compress(raw, format=lzma.FORMAT_RAW, filters=LZMA_FILTERS)
    assert lzma.decompress(packed, format=lzma.FORMAT_RAW, filters=LZMA_FILTERS) == raw
    assert compression_bound(raw.decode()).compressed == len(packed)
    # the zlib format adds a header of 2 bytes and a checksum of 4 (RFC 1950)
    assert compression_bound(raw.decode(), compressor="deflate").compressed == len(zlib.compress(raw, 9)) - 6


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: entropy_rate([1.0, 2.0], [0, 3]), "bad_offsets"),
        (lambda: entropy_rate([1.0, 2.0], [0, 2, 1, 2]), "bad_offsets"),
        (lambda: entropy_rate([1.0, 2.0], [1, 2]), "bad_offsets"),
        (lambda: entropy_rate([1.0, 2.0], [0.0, 2.0]), "bad_offsets"),
        (lambda: entropy_rate([1.0, 2.0], [0]), "bad_offsets"),
        (lambda: entropy_rate([1.0, np.nan], [0, 1, 2]), "not_finite"),
        (lambda: entropy_rate([[1.0]], [0, 1]), "not_one_dimensional"),
        (lambda: entropy_rate([1.0, 2.0], [0, 2]), "too_few"),
        (lambda: block_entropy("abc", longest=3), "too_few"),
        (lambda: block_entropy("abc", longest=0), "too_few"),
        (lambda: block_entropy([[1, 2]]), "not_one_dimensional"),
        (lambda: compression_bound(""), "too_few"),
        (lambda: compression_bound("a", compressor="zip"), "unknown_compressor"),
    ],
)
def test_refuses_with_a_reason(call, reason):
    with pytest.raises(Degenerate) as refusal:
        call()
    assert refusal.value.reason == reason
