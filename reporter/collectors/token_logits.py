"""How uncertain was the model about each next token of an answer?"""

from __future__ import annotations

from typing import Any

from reporter.collectors.generation import Answer
from reporter.collectors.jobs import Job
from reporter.collectors.models import LocalModel
from reporter.entropy.truncated import truncated_batch

Row = dict[str, Any]


def token_logits(job: Job, answer: Answer, model: LocalModel) -> list[Row]:
    """Measure the entropies of an answer's next-token distributions, as means over its tokens.

    The step that ended the answer is left out: few servers report it (llama.cpp does, and it is dropped there
    too), and a cut answer has none.

    Parameters
    ----------
    job : Job
    answer : Answer
    model : LocalModel

    Returns
    -------
    list of rows
        ``token_entropy`` of the raw and of the warped distribution (estimator ``exact``), and what the k
        likeliest tokens alone would give: their part of the sum (``truncated_partial``) and the bounds
        (``truncated_lower``, ``truncated_upper``), with the mass that they miss. Nothing for an answer
        without a token; nothing warped where no token was drawn (temperature 0).
    """
    n = answer.n_tokens
    if not n:
        return []
    bounds = truncated_batch(
        answer.top_logprobs[:n], logprob_mode="raw", vocabulary=model.vocabulary, tolerance=1e-3
    )
    missing = float(answer.missing_mass[:n].mean())
    shared = job.cell(model) | {
        "measure": "token_entropy",
        "symbol": "token",
        "unit": "nats",
        "tokenizer": model.tokenizer_name,
        "logprob_mode": "raw",
        "n": n,
        "finish_reason": answer.finish_reason,
    }
    top = {"k": bounds.k, "missing_mass": missing}
    rows = [
        shared | {"estimator": "exact", "value": float(answer.raw_entropy[:n].mean())},
        shared | top | {"estimator": "truncated_partial", "value": float(bounds.partial.mean())},
        shared | top | {"estimator": "truncated_lower", "value": float(bounds.lower.mean())},
    ]
    if bounds.upper is not None:
        rows.append(shared | top | {"estimator": "truncated_upper", "value": float(bounds.upper.mean())})
    if job.sampling.temperature > 0:
        warped = {"logprob_mode": "warped", "value": float(answer.warped_entropy[:n].mean())}
        rows.append(shared | {"estimator": "exact"} | warped)
    return rows
