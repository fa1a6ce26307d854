"""What did the model answer, and how varied are the characters of the answer?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from reporter.collectors.generation import Answer
from reporter.collectors.jobs import Job
from reporter.collectors.models import LocalModel
from reporter.entropy.text_entropy import text_entropy

Row = dict[str, Any]

ESTIMATORS = ("plug_in", "miller_madow")
OF_RESPONSES = (
    "study", "source", "origin", "address", "model", "revision", "provider", "prompt_set", "prompt",
    "prompt_sha256", "axis", "pole", "block", "run", "replicate", "seed", "token_limit", "temperature",
    "top_p", "finish_reason", "tokens",
)  # fmt: skip


def replies(job: Job, answer: Answer, model: LocalModel) -> list[Row]:
    """Measure the character entropy of an answer's text.

    Returns
    -------
    list of rows
        ``text_entropy`` by each of :data:`ESTIMATORS`; nothing for an empty text.
    """
    text = text_of(answer, model)
    if not text:
        return []
    shared = job.cell(model) | {"finish_reason": answer.finish_reason}
    return [shared | row for row in entropies_of(text)]


def entropies_of(text: str) -> Iterator[Row]:
    """Measure a text's character entropy by each of :data:`ESTIMATORS`."""
    for estimator in ESTIMATORS:
        yield {
            "measure": "text_entropy",
            "symbol": "character",
            "unit": "nats",
            "estimator": estimator,
            "n": len(text),
            "value": float(text_entropy([text], estimator=estimator).values[0]),
        }


def response(job: Job, answer: Answer, model: LocalModel) -> Row:
    """Keep the text itself, with its digest."""
    said = {"finish_reason": answer.finish_reason, "tokens": answer.n_tokens}
    return kept(job.cell(model) | said, text_of(answer, model))


def kept(cell: Row, text: str) -> Row:
    """Lay out a text with the columns of ``cell`` that responses have."""
    return {name: cell[name] for name in OF_RESPONSES} | {
        "characters": len(text),
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "text": text,
    }


def text_of(answer: Answer, model: LocalModel) -> str:
    """Decode an answer's tokens, without the one that ended it."""
    return model.text(answer.tokens[: answer.n_tokens].tolist())
