"""What would a shorter list of likeliest tokens have given for an answer's entropy?"""

from __future__ import annotations

from typing import Any

from reporter.collectors.generation import Answer
from reporter.collectors.jobs import Job
from reporter.collectors.models import LocalModel
from reporter.entropy.truncated import truncated_batch

Row = dict[str, Any]
LENGTHS = (5, 10, 20)  # tokens; what APIs list, and less than the collection keeps


def listed_sums(job: Job, answer: Answer, model: LocalModel) -> list[Row]:
    """Measure an answer's entropy from fewer listed tokens than were kept: the choice of k, made again.

    Parameters
    ----------
    job : Job
    answer : Answer
    model : LocalModel

    Returns
    -------
    list of rows
        ``token_entropy_of_fewer`` for each length of :data:`LENGTHS` that is below the number of kept
        tokens: the part of the sum that the listed tokens have (estimator ``truncated_partial``), as mean
        over the answer's tokens, with the mass that the list misses. Nothing for an answer without a token.
    """
    n = answer.n_tokens
    if not n:
        return []
    kept = answer.top_logprobs[:n]
    shared = job.cell(model) | {
        "measure": "token_entropy_of_fewer",
        "symbol": "token",
        "estimator": "truncated_partial",
        "unit": "nats",
        "tokenizer": model.tokenizer_name,
        "logprob_mode": "raw",
        "n": n,
        "finish_reason": answer.finish_reason,
    }
    rows = []
    for k in (length for length in LENGTHS if length < kept.shape[1]):
        listed = truncated_batch(kept[:, :k], logprob_mode="raw", vocabulary=model.vocabulary, tolerance=1e-3)
        rows.append(
            shared
            | {"k": k, "missing_mass": float(listed.missing.mean()), "value": float(listed.partial.mean())}
        )
    return rows
