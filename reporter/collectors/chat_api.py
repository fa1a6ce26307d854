"""Collect rows from a chat model behind an OpenAI-compatible API: each answer is paid for once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import Any

from reporter.collectors._answers import Answers
from reporter.collectors._chat_rows import RULE, PartRows, address, seed
from reporter.collectors._completion import said
from reporter.collectors._ends import ENDS, NOT_OFFERED
from reporter.collectors._requests import Client, Failure, Reply
from reporter.collectors.jobs import Job
from reporter.collectors.limits import Budget, Limits
from reporter.collectors.plan import Plan
from reporter.collectors.providers import Endpoint
from reporter.collectors.replies import replies
from reporter.collectors.store import Store, part_key
from reporter.collectors.token_logits import token_logits
from reporter.errors import OutputError, StudyError

AHEAD = 2  # requests that wait for each that runs, so that none waits for the end of a part


class ApiStopped(OutputError):
    """The provider answers nothing more, or nothing more may be asked; what is complete is kept."""


def collect_chat(
    plan: Plan,
    endpoint: Endpoint,
    store: Store,
    *,
    limits: Limits | None = None,
    budget: Budget | None = None,
    report: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[str]:
    """Ask and measure what the store does not hold yet.

    Every answer is kept in ``answers/`` as it arrives, so that whatever stops the run, none is paid for
    twice. Rows depend on the answers and on the plan's order alone, never on the order of arrival. A part
    with failed requests is named by these too: they are asked again at the next run.

    Parameters
    ----------
    plan : Plan
        Of ``replies`` and ``token_logits``, without states or tokens.
    endpoint : Endpoint
        See :func:`reporter.collectors.providers.endpoint_of`.
    store : Store
    limits : Limits, optional
    budget : Budget, optional
        Shared by the plans of a run, so that its limits hold for all of them; by default made of ``limits``.
    report : function of (answers done, answers in all), optional

    Yields
    ------
    str
        The key of each part in the order of the plan, as it is complete. Stopping between two of them, or by
        Ctrl-C at any moment, lets the requests on their way end and be kept.

    Raises
    ------
    ApiStopped
        No key, credit or model, a limit was reached, or the first requests all failed alike.
    OutputError
        The store cannot be written.
    StudyError
        The plan asks for what an API cannot show.
    """
    refuse_states(plan)
    budget = budget or Budget(limits or Limits())
    answers = Answers(store.folder)
    parts = [plan.jobs[i : i + plan.batch_size] for i in range(0, len(plan.jobs), plan.batch_size)]
    keys = [part_key([job.digest for job in part], **settings(plan, endpoint)) for part in parts]
    missing = [job for part, key in zip(parts, keys, strict=True) if not store.has(key) for job in part]
    done = 0
    client = Client(endpoint, budget)
    with closing(client), closing(_outcomes(missing, plan, client, answers)) as outcomes:
        for part, key in zip(parts, keys, strict=True):
            if store.has(key):
                done += len(part)
                report(done, len(plan.jobs))
                yield key
                continue
            found: list[Reply | Failure] = []
            for outcome in islice(outcomes, len(part)):
                found.append(_or_stop(outcome, client, store))
                done += 1
                report(done, len(plan.jobs))
            yield _stored(store, plan, endpoint, part, found)


def refuse_states(plan: Plan) -> None:
    """Refuse a plan that needs what an API does not show."""
    if plan.states or plan.tokens or not {*plan.collectors} <= {replies, token_logits}:
        raise StudyError(
            "An API shows neither layers nor whole distributions.",
            remedy="Measure replies and token_logits without states and tokens, or use a local model.",
        )


def settings(plan: Plan, endpoint: Endpoint) -> dict[str, str]:
    """Name all but the jobs that decides the rows."""
    return {
        "model": f"{endpoint.word} {endpoint.base_url} {endpoint.model}",
        "said": f"{endpoint.family}, {endpoint.kind}, {endpoint.quantisation}, {endpoint.tokenizer}, "
        f"{endpoint.vocabulary}, {endpoint.logprob_mode}",
        "measured": f"{' '.join(collector.__name__ for collector in plan.collectors)} "
        f"at {list(plan.prefixes)}, k {plan.k}",
    }


def request_of(job: Job, plan: Plan, endpoint: Endpoint) -> dict[str, Any]:
    """Word a job as the provider takes it, and say which of equal requests it is.

    Returns
    -------
    dict
        ``base_url``; ``draw``, which tells replicates apart where no seed is sent; ``body``, which is sent.
    """
    provider, sampling = endpoint.provider, job.sampling
    messages = [{"role": "system", "content": job.system}] if job.system else []
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": [*messages, {"role": "user", "content": job.text}],
        provider.limit_name: sampling.token_limit,
        "temperature": sampling.temperature,
        **provider.extra,
    }
    if sampling.top_p < 1:  # some providers refuse top-p beside a temperature
        body["top_p"] = sampling.top_p
    if provider.seed:
        body["seed"] = seed(job, endpoint)
    if token_logits in plan.collectors and provider.top_logprobs:
        body |= {"logprobs": True, "top_logprobs": _k(plan, endpoint)}
    return {"base_url": endpoint.base_url, "draw": job.seed, "body": body}


def _outcomes(
    jobs: Sequence[Job], plan: Plan, client: Client, answers: Answers
) -> Generator[Reply | Failure, None, None]:
    """Ask for many answers at once, and hand them out in the order of the jobs."""

    def ask(job: Job) -> Reply | Failure:
        if job.sampling.temperature > client.endpoint.provider.most_temperature:
            client.budget.tally.fail(NOT_OFFERED)
            return Failure(reason=NOT_OFFERED)
        request = request_of(job, plan, client.endpoint)
        kept = answers.get(request)
        if kept:
            return kept
        outcome = client.ask(request["body"], token_limit=job.sampling.token_limit)
        if isinstance(outcome, Reply):
            answers.put(request, outcome)
        return outcome

    running: deque[Future[Reply | Failure]] = deque()
    concurrency = client.limits.concurrency
    with ThreadPoolExecutor(concurrency) as pool:
        try:
            for job in jobs:
                running.append(pool.submit(ask, job))
                if len(running) > AHEAD * concurrency:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:  # also when the user or the consumer stops: what runs may end, and is kept
            client.stopping.set()


def _k(plan: Plan, endpoint: Endpoint) -> int:
    return min(plan.k, endpoint.provider.top_logprobs)


def _or_stop(outcome: Reply | Failure, client: Client, store: Store) -> Reply | Failure:
    if isinstance(outcome, Failure) and outcome.reason in ENDS:
        what, remedy = ENDS[outcome.reason]
        endpoint, tally = client.endpoint, client.budget.tally
        kept = f" Answers are kept in {store.folder}." if tally.answered or tally.served_before else ""
        raise ApiStopped(
            what.format(model=endpoint.model) + (f" No answer came: {tally.words}." if tally.words else ""),
            where=endpoint.shown_url,
            remedy=remedy.format(key_name=endpoint.provider.key_name) + kept,
        )
    return outcome


def _stored(
    store: Store, plan: Plan, endpoint: Endpoint, part: Sequence[Job], found: Sequence[Reply | Failure]
) -> str:
    """Measure the answers of one part and write its rows; returns its key."""
    rows = PartRows()
    failed, answered = [], []
    for job, outcome in zip(part, found, strict=True):
        if isinstance(outcome, Failure):
            rows.leave_out(address(job, endpoint), RULE, outcome.reason)
            failed.append(f"{job.digest} {outcome.reason}")
        else:
            answered.append(job.digest)
            rows.add(job, said(outcome.body, k=_k(plan, endpoint)), endpoint, plan)
    digests = [job.digest for job in part]
    named = settings(plan, endpoint) | ({"failed": " ".join(failed)} if failed else {})
    key = part_key(digests, **named)
    if not store.has(key):
        store.add(key, rows.tables(), jobs=answered)
    return key
