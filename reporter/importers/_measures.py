"""Rows of measures that importers compute themselves: text entropy and token entropy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporter.entropy.histogram import histogram
from reporter.entropy.text_entropy import text_entropy
from reporter.entropy.truncated import truncated_batch
from reporter.errors import Degenerate
from reporter.importers._files import Damage
from reporter.importers._result import Row, clean, sha256

FINISH = {
    "stop": "stop", "eos": "stop", "end_turn": "stop", "length": "length", "max_tokens": "length",
    "model_length": "length", "content_filter": "content_filter", "tool_calls": "tool_calls",
    "function_call": "tool_calls",
}  # fmt: skip
HUGE = 1e100  # no state has such values; differences of larger ones may overflow
NO_VOCABULARY = ("vocabulary_unknown", "the upper bound needs the size of the vocabulary")


def text_rows(base: Row, text: str) -> tuple[Row, Row]:
    """Measure a reply: (row of its character entropy, row that keeps the text).

    Parameters
    ----------
    base : Row
        What both rows say; its address names the reply.
    text : str

    Raises
    ------
    Damage
        ``empty_text``.
    """
    text = clean(text)
    if not text:
        raise Damage("empty_text", "a reply must have a character")
    found = text_entropy([text])
    row = base | {
        "address": f"{base['address']}/text_entropy",
        "measure": "text_entropy",
        "symbol": "character",
        "unit": "nats",
        "estimator": "plug_in",
        "value": float(found.values[0]),
        "n": int(found.symbols[0]),
    }
    return row, base | {"text": text, "text_sha256": sha256(text), "characters": len(text)}


def token_rows(
    base: Row, logprobs: NDArray[Any], *, logprob_mode: str, tokenizer: str, vocabulary: int | None
) -> list[Row]:
    """Bound a reply's mean next-token entropy by the likeliest tokens of each step.

    Parameters
    ----------
    base : Row
    logprobs : array (tokens, k), natural logarithms
    logprob_mode : {"raw", "warped"}
    tokenizer : str
    vocabulary : int, optional
        There is no upper bound without it.

    Returns
    -------
    list of Row
        ``truncated_partial`` (the sum over the listed tokens), ``truncated_lower``, and
        ``truncated_upper`` if there is one.

    Raises
    ------
    Damage
        ``not_finite``, or the reason of :func:`truncated_batch`.
    """
    with np.errstate(invalid="ignore"):  # a damaged file may hold any bits
        logprobs = logprobs.astype(np.float64)
    if np.isnan(logprobs).any():  # -inf is a probability of 0
        raise Damage("not_finite", "a log probability must be a number or -inf")
    try:
        found = truncated_batch(logprobs, logprob_mode=logprob_mode, vocabulary=vocabulary)
    except Degenerate as error:
        raise Damage(error.reason, "log probabilities must be those of a distribution") from error
    bounds = {"partial": found.partial, "lower": found.lower, "upper": found.upper}
    return [
        base
        | {
            "address": f"{base['address']}/token_entropy/{logprob_mode}/{name}",
            "measure": "token_entropy",
            "symbol": "token",
            "unit": "nats",
            "estimator": f"truncated_{name}",
            "tokenizer": tokenizer,
            "k": found.k,
            "logprob_mode": logprob_mode,
            "value": float(values.mean()),
            "n": found.n,
            "missing_mass": float(found.missing.mean()),
        }
        for name, values in bounds.items()
        if values is not None
    ]


def histogram_row(base: Row, values: NDArray[Any], *, measure: str, symbol: str, place: str) -> Row:
    """Measure how evenly values spread over a histogram; its rule names how many values there were.

    Raises
    ------
    Damage
        ``not_finite``, or the reason of :func:`histogram`.
    """
    with np.errstate(invalid="ignore"):
        numbers = values.astype(np.float64)
    if not (np.abs(numbers) < HUGE).all():
        raise Damage("not_finite", "activations must be finite numbers")
    try:
        found = histogram(numbers)
    except Degenerate as error:
        raise Damage(error.reason, "activations must fill a histogram") from error
    except OverflowError as error:
        raise Damage("zero_iqr", "activations must fill a histogram") from error
    return base | {
        "address": f"{base['address']}/{place}",
        "measure": measure,
        "symbol": symbol,
        "unit": "nats",
        "estimator": "histogram",
        "bin_rule": f"{found.method}_of_{found.n}",
        "value": found.value,
        "n": found.n,
    }


def table_of_steps(steps: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Lay out the log probabilities of every step, which must list equally many tokens.

    Raises
    ------
    Damage
        ``no_top_logprobs``, ``k_varies``.
    """
    counts = {len(step) for step in steps}
    if not steps or 0 in counts:
        raise Damage("no_top_logprobs", "every step must list its likeliest tokens")
    if len(counts) > 1:
        raise Damage("k_varies", "every step must list equally many tokens")
    return np.array(steps, dtype=np.float64)
