"""What would an answer have been under a smaller token limit? Its beginning: a limit only truncates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reporter.collectors.generation import Answer
from reporter.collectors.jobs import Job

LIMITS = (50, 100, 200, 500, 1000)
STEPWISE = (
    "tokens", "logprobs", "raw_entropy", "warped_entropy", "top_ids", "top_logprobs", "missing_mass",
)  # fmt: skip


def prefixes(job: Job, answer: Answer, *, limits: Sequence[int] = LIMITS) -> Iterator[tuple[Job, Answer]]:
    """Cut an answer at smaller token limits, as if it had been generated under each.

    The model does not see the limit, so the cut answers are paired: limits differ in length and in nothing
    else. States are not cut; layer collectors take whole answers.

    Parameters
    ----------
    job : Job
    answer : Answer
    limits : sequence of int
        Limits above the job's own are left out.

    Yields
    ------
    (Job under that limit with the seed of the whole, Answer)
    """
    for limit in limits:
        if limit > job.sampling.token_limit:
            continue
        under = replace(job, sampling=replace(job.sampling, token_limit=limit))
        if len(answer.tokens) <= limit:
            yield under, answer
        else:
            cut = {name: getattr(answer, name)[:limit] for name in STEPWISE}
            yield under, replace(answer, n_tokens=limit, finish_reason="length", **cut)
