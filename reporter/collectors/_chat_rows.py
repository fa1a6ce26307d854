"""From a job and what was said to it, to rows in the same columns as those of local models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from reporter.collectors._completion import Said
from reporter.collectors._part import Part, address_of
from reporter.collectors.jobs import Job
from reporter.collectors.models import key_of
from reporter.collectors.plan import Plan, Row
from reporter.collectors.providers import SEED_BITS, Endpoint
from reporter.collectors.replies import entropies_of, kept, replies
from reporter.collectors.token_logits import token_logits
from reporter.entropy.truncated import truncated_batch
from reporter.errors import Degenerate

RULE = "chat_api"
ROUNDING = 1e-3  # by how much probabilities that were printed may sum to more than 1


class PartRows(Part):
    """The rows of one part of an API's answers."""

    __slots__ = ()

    def add(self, job: Job, answer: Said, endpoint: Endpoint, plan: Plan) -> None:
        """Keep an answer, and measure it under each limit of the plan."""
        self.responses.append(response(job, answer, endpoint))
        whole, longest = address(job, endpoint), job.sampling.token_limit
        if answer.finish_reason == "content_filter":  # not the model's own words, or not all of them
            self.leave_out(whole, RULE, "content_filter")
            return
        for limit in plan.prefixes or (longest,):
            if limit > longest:
                continue
            try:
                cut = answer if limit == longest else answer.cut(limit)
            except Degenerate as error:
                self.leave_out(f"{whole}@{limit}", RULE, error.reason)
                continue
            under = {"token_limit": limit, "finish_reason": cut.finish_reason}
            self._measure(cell(job, cut, endpoint) | under, cut, endpoint, plan)

    def _measure(self, shared: Row, cut: Said, endpoint: Endpoint, plan: Plan) -> None:
        for collector, measure in ((replies, text_rows), (token_logits, token_rows)):
            if collector not in plan.collectors:
                continue
            try:
                rows = [shared | row for row in measure(cut, endpoint)]
                self.observations += [row | {"address": address_of(row)} for row in rows]
            except Degenerate as error:
                what = f"{shared['address']}@{shared['token_limit']}"
                self.leave_out(what, collector.__name__, error.reason)


def address(job: Job, endpoint: Endpoint) -> str:
    """Name an answer."""
    return job.address(key_of(endpoint.model))


def seed(job: Job, endpoint: Endpoint) -> int | None:
    """Give the seed that is sent, if the provider takes one."""
    return job.seed % 2**SEED_BITS if endpoint.provider.seed else None


def cell(job: Job, answer: Said, endpoint: Endpoint) -> Row:
    """Fill the columns that every row of an answer shares."""
    return job.condition() | {
        "source": endpoint.word,
        "address": address(job, endpoint),
        "model": key_of(endpoint.model),
        "revision": answer.revision,
        "provider": endpoint.word,
        "family": endpoint.family or None,
        "model_kind": endpoint.kind,
        "quantisation": endpoint.quantisation or None,
        "seed": seed(job, endpoint),
    }


def response(job: Job, answer: Said, endpoint: Endpoint) -> Row:
    """Keep the text itself, with its digest."""
    said = {"finish_reason": answer.finish_reason, "tokens": answer.n_tokens}
    return kept(cell(job, answer, endpoint) | said, answer.text)


def text_rows(answer: Said, _: Endpoint) -> Iterator[Row]:
    """Measure the character entropy of an answer's text.

    Raises
    ------
    Degenerate
        ``empty_answer``
    """
    if not answer.text:
        raise Degenerate("empty_answer", "an answer must have a character")
    yield from entropies_of(answer.text)


def token_rows(answer: Said, endpoint: Endpoint) -> Iterator[Row]:
    """Bound the mean entropy of the next token by the likeliest tokens of each step.

    Raises
    ------
    Degenerate
        ``logprobs_not_offered``, ``logprob_mode_unstated``, ``no_top_logprobs``, ``k_varies``, and the
        reasons of :func:`truncated_batch`.
    """
    if not endpoint.provider.top_logprobs:
        raise Degenerate("logprobs_not_offered", "a provider must list log probabilities")
    if not endpoint.logprob_mode:
        raise Degenerate("logprob_mode_unstated", "log probabilities must be stated to be raw or warped")
    found = truncated_batch(
        _table(answer.tops),
        logprob_mode=endpoint.logprob_mode,
        vocabulary=endpoint.vocabulary,
        tolerance=ROUNDING,
    )
    bounds = {"partial": found.partial, "lower": found.lower, "upper": found.upper}
    for name, values in bounds.items():
        if values is not None:
            yield {
                "measure": "token_entropy",
                "symbol": "token",
                "unit": "nats",
                "estimator": f"truncated_{name}",
                "tokenizer": endpoint.tokenizer or endpoint.model,
                "k": found.k,
                "logprob_mode": endpoint.logprob_mode,
                "n": found.n,
                "missing_mass": float(found.missing.mean()),
                "value": float(values.mean()),
            }


def _table(tops: Sequence[Sequence[float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    counts = {len(step) for step in tops}
    if not tops or 0 in counts:
        raise Degenerate("no_top_logprobs", "every step must list its likeliest tokens")
    if len(counts) > 1:
        raise Degenerate("k_varies", "every step must list equally many tokens")
    return np.array(tops, dtype=np.float64)
