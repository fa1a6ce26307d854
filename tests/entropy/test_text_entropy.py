"""Entropies of texts, against collections.Counter and the values that the sample files print."""

from __future__ import annotations

import json
import math
from collections import Counter

import numpy as np
import pytest

from reporter.entropy.grassberger import grassberger
from reporter.entropy.plug_in import plug_in
from reporter.entropy.symbols import (
    CHARACTERS_PER_BLOCK,
    TEXTS_PER_BLOCK,
    character_counts,
    token_counts,
    word_counts,
)
from reporter.entropy.text_entropy import ESTIMATORS, text_entropy
from reporter.errors import Degenerate

TEXTS = [
    "a",
    "aab",
    "Naïve café",
    "日本語の文字列、日本",
    "👩‍🚀👩‍🚀!",
    "tab\tline\n",
    "\ud800x\x00",
    "Zz" * 300,
    "\x7f\x7f\x80é",
]


def obvious(text):
    """Shannon's formula as it stands, with the standard library only."""
    return -math.fsum(c / len(text) * math.log(c / len(text)) for c in Counter(text).values())


def test_agrees_with_counter_on_every_kind_of_text():
    ours = text_entropy(TEXTS)
    np.testing.assert_allclose(ours.values, [obvious(text) for text in TEXTS], rtol=1e-12, atol=1e-15)
    assert ours.symbols.tolist() == [len(text) for text in TEXTS]
    assert ours.k.tolist() == [len(set(text)) for text in TEXTS]
    once = [sum(c == 1 for c in Counter(text).values()) / len(text) for text in TEXTS]
    np.testing.assert_allclose(ours.coverage, 1 - np.array(once))


@pytest.mark.parametrize("size", [1, TEXTS_PER_BLOCK, TEXTS_PER_BLOCK + 1, 3 * TEXTS_PER_BLOCK + 5])
def test_blocks_do_not_change_the_values(size):
    rng = np.random.default_rng(size)
    texts = ["".join(rng.choice(list("etaoin shrdlu’ü語"), rng.integers(1, 400))) for _ in range(size)]
    np.testing.assert_allclose(
        text_entropy(texts).values, [obvious(t) for t in texts], rtol=1e-12, atol=1e-15
    )


def test_texts_longer_than_a_block_and_counts_beyond_16_bits():
    texts = ["ab" * CHARACTERS_PER_BLOCK, "a" * 70_000 + "b", "c", "abc" * 40_000]
    np.testing.assert_allclose(
        text_entropy(texts).values, [obvious(t) for t in texts], rtol=1e-12, atol=1e-15
    )


def test_texts_of_which_two_do_not_fit_a_block():
    texts = ["ab" * (CHARACTERS_PER_BLOCK // 3)] * 4
    np.testing.assert_allclose(text_entropy(texts).values, math.log(2), rtol=1e-12)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_batch_equals_one_text_at_a_time(estimator):
    texts = [text for text in TEXTS if len(text) > 1]
    alone = [text_entropy([text], estimator=estimator).values[0] for text in texts]
    np.testing.assert_allclose(text_entropy(texts, estimator=estimator).values, alone, rtol=1e-13, atol=1e-15)


def test_words_and_tokens():
    text = "The cat's hat, the hat. The cat's!"
    assert sorted(word_counts(text).tolist()) == [1, 2, 2, 2]  # the | The cat's hat
    words = text_entropy([text], level="word")
    assert words.method == "word_plug_in"
    assert words.values[0] == pytest.approx(plug_in([1, 2, 2, 2]).value)
    tokens = text_entropy([[5, 5, 7], [1, 2, 3, 4]], level="token", unit="bits")
    assert tokens.values == pytest.approx([obvious("aab") / math.log(2), 2.0])


def test_characters_are_code_points_and_case_counts():
    assert sorted(character_counts("Aa").tolist()) == [1, 1]
    assert sorted(character_counts("e\u0301é").tolist()) == [1, 1, 1]  # no normalisation
    assert token_counts([3, 3, 9]).tolist() == [2, 1]


def test_published_entropies_lie_below_the_log_of_their_length(shared):
    # the files store no reply, so their entropies can only be bounded: plug-in <= log K, K <= n
    for path in sorted((shared / "data" / "nat-challenge").glob("*/*.json")):
        for result in json.loads(path.read_text(encoding="utf-8"))["prompt_results"]:
            assert 0 < result["text_entropy"] < math.log(result["response_length"])


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: text_entropy([]), "no_texts"),
        (lambda: text_entropy(["a", ""]), "too_few"),
        (lambda: text_entropy(["..."], level="word"), "too_few"),
        (lambda: text_entropy(["ab", "a"], estimator="chao_shen"), "too_few"),
        (lambda: text_entropy(["a"], level="letter"), "unknown_level"),
        (lambda: text_entropy(["a"], estimator="plugin"), "unknown_estimator"),
        (lambda: text_entropy(["a"], unit="bit"), "unknown_unit"),
        (lambda: token_counts([0.5]), "not_token_ids"),
        (lambda: token_counts([[1]]), "not_one_dimensional"),
        (lambda: grassberger(character_counts("")), "too_few"),
    ],
)
def test_refuses_with_a_reason(call, reason):
    with pytest.raises(Degenerate) as refusal:
        call()
    assert refusal.value.reason == reason


def test_refusal_names_the_text():
    with pytest.raises(Degenerate, match="text 70 has n = 0"):
        text_entropy(["a"] * 70 + [""] + ["b"] * 70)
