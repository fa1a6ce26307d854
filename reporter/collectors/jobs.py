"""What is to be generated: one job is one answer of one model to one prompt under one condition."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reporter.collectors.generation import Request, Sampling
from reporter.collectors.models import LocalModel

SEED_DIGITS = 15  # hexadecimal, so that a seed fits a signed integer of 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One answer to generate, and the columns that say which one it is."""

    study: str
    prompt_set: str
    prompt: str  # the prompt's name
    text: str
    system: str = ""
    axis: str = ""
    pole: str = ""
    block: str = ""
    run: str = "local"
    replicate: int = 1
    seed: int
    sampling: Sampling

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides the answer, but for the model."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the prompt's text, without the system prompt."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def request(self, model: LocalModel) -> Request:
        """Encode the prompt for a model."""
        return Request(model.prompt_ids(self.text, system=self.system), self.seed)

    def address(self, model: str) -> str:
        """Name the answer of a model, by its key."""
        return f"{model}/{self.digest[:16]}"

    def cell(self, model: LocalModel) -> dict[str, Any]:
        """Fill the columns that every row of this answer shares."""
        return self.condition() | {
            "source": "local",
            "address": self.address(model.word),
            "model": model.word,
            "revision": model.revision,
            "provider": "local",
            "family": model.family,
            "model_kind": model.kind,
            "quantisation": model.stored_and_computed,
        }

    def condition(self) -> dict[str, Any]:
        """Fill the columns that say what was asked, whoever answers."""
        return {
            "study": self.study,
            "origin": "collected",
            "prompt_set": self.prompt_set,
            "prompt": self.prompt,
            "prompt_sha256": self.text_sha256,
            "axis": self.axis or None,
            "pole": self.pole or None,
            "block": self.block or None,
            "run": self.run,
            "replicate": self.replicate,
            "seed": self.seed,
            "token_limit": self.sampling.token_limit,
            "temperature": self.sampling.temperature,
            "top_p": self.sampling.top_p,
        }


def seed_of(seed: int, *parts: object) -> int:
    """Derive the seed of one answer, which nothing else in the plan can change.

    Examples
    --------
    >>> seed_of(1, "sky", 1) == seed_of(1, "sky", 1) != seed_of(1, "sky", 2)
    True
    """
    return int(hashlib.sha256(repr((seed, *parts)).encode()).hexdigest()[:SEED_DIGITS], 16)


def batches(jobs: Iterable[Job], model: LocalModel, *, batch_size: int) -> Iterator[Sequence[Job]]:
    """Cut a plan into batches of equal sampling and like prompt length.

    The cut depends on the plan alone, never on what is done already, so that a plan taken up again makes
    the same batches and therefore the same rows to the last bit.
    """
    by_sampling: dict[Sampling, list[Job]] = {}
    for job in jobs:
        by_sampling.setdefault(job.sampling, []).append(job)
    for members in by_sampling.values():
        members.sort(key=lambda job: (len(job.request(model).prompt_ids), job.digest))
        for start in range(0, len(members), batch_size):
            yield members[start : start + batch_size]
