"""Collect a study from one model behind an API: ask what is missing, join the rows, sign the record."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from reporter import __version__
from reporter.collectors._answers import Answers, digest
from reporter.collectors._chat_rows import address
from reporter.collectors._completion import Completion
from reporter.collectors.chat_api import ApiStopped, collect_chat, refuse_states, request_of
from reporter.collectors.collect import RECORD, Interrupted, join
from reporter.collectors.limits import Budget, Limits
from reporter.collectors.plan import Plan
from reporter.collectors.providers import Endpoint
from reporter.collectors.store import Store
from reporter.errors import OutputError

PACKAGES = ("openai", "numpy", "pyarrow")
REQUESTS = "requests.jsonl"


def collect_chat_study(
    plans: Sequence[Plan],
    endpoint: Endpoint,
    folder: Path,
    *,
    limits: Limits | None = None,
    resume: bool = False,
    report: Callable[[int, int], None] = lambda *_: None,
    notes: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, int]:
    """Run all plans of a study and write their rows.

    Parameters
    ----------
    plans : sequence of Plan
    endpoint : Endpoint
    folder : Path
        Gets the same files as from a local model; beside them ``requests.jsonl``, which says of each answer
        what served it and what was charged for, and ``answers/``, from which a rerun takes what it has.
    limits : Limits, optional
        ``max_requests`` and ``max_cost`` hold for this run.
    resume : bool
        Go on with what is there.
    report : function of (answers done, answers in all), optional
    notes : mapping, optional
        What the record shall say beside what it says of itself.

    Returns
    -------
    dict
        How many rows each table has.

    Raises
    ------
    ApiStopped
        No key, credit or model, a limit was reached, or no request was answered.
    Interrupted
        Ctrl-C, once the requests on their way have ended.
    OutputError
        The folder cannot be written, or has answers already and ``resume`` is not set.
    StudyError
        A plan asks for what an API cannot show.
    """
    for plan in plans:
        refuse_states(plan)
    store, answers = Store(folder), Answers(folder)
    if (store.jobs() or answers.folder.exists()) and not resume:
        raise OutputError(
            "A collection was begun here.",
            where=folder,
            remedy="Go on with --resume, or name another folder.",
        )
    start, budget = _now(), Budget(limits or Limits())
    budget.tally.served_before = any(answers.folder.glob("*/*.gz"))
    total = sum(len(plan.jobs) for plan in plans)
    keys: list[str] = []
    begun = 0
    for plan in plans:

        def shifted(done: int, _: int, begun: int = begun) -> None:
            report(begun + done, total)

        try:
            keys += collect_chat(plan, endpoint, store, budget=budget, report=shifted)
        except KeyboardInterrupt:
            raise Interrupted(
                f"Stopped after {budget.requests} requests.", where=folder, remedy="Go on with --resume."
            ) from None
        begun += len(plan.jobs)
    rows = join(store, keys, folder)
    _write(folder / REQUESTS, _requests(plans, endpoint, answers))
    if budget.requests or not (folder / RECORD).is_file():
        counts = {"answers": rows["responses"], "failed": total - rows["responses"], "rows": rows}
        record = _record(endpoint, budget, start) | counts | dict(notes)
        _write(folder / RECORD, [endpoint.key.hide(json.dumps(record, indent=1))])
    if not rows["responses"]:
        raise ApiStopped(
            f"No answer came: {budget.tally.words}.",
            where=endpoint.shown_url,
            remedy="Mend that, and go on with --resume.",
        )
    return rows


def _requests(plans: Sequence[Plan], endpoint: Endpoint, answers: Answers) -> Iterator[str]:
    """Say of each answer what rows have no column for."""
    for plan in plans:
        for job in plan.jobs:
            request = request_of(job, plan, endpoint)
            reply = answers.get(request)
            if reply is None:
                continue
            completion = Completion.model_validate(reply.body)
            line = {
                "address": address(job, endpoint),
                "request": digest(request),
                "seed": request["body"].get("seed"),
                "received": reply.received,
                "attempts": reply.attempts,
                "model": completion.model,
                "system_fingerprint": completion.system_fingerprint,
                "finish_reason": completion.choices[0].finish_reason,
                "usage": reply.body.get("usage"),
            }
            yield json.dumps(line)


def _record(endpoint: Endpoint, budget: Budget, start: str) -> dict[str, Any]:
    """Say what collected the rows, on which machine, and when. No host name, no user, no path, no key."""
    limits, provider = budget.limits, endpoint.provider
    return {
        "model": endpoint.model,
        "provider": endpoint.word,
        "address": endpoint.shown_url,
        "tokenizer": endpoint.tokenizer or endpoint.model,
        "vocabulary": endpoint.vocabulary,
        "logprob_mode": endpoint.logprob_mode,
        "sent_with_each": dict(provider.extra),
        "concurrency": limits.concurrency,
        "prices_per_million": [limits.price_in, limits.price_out],
        "requests_of_this_run": budget.requests,
        "cost_of_this_run": budget.spent if limits.price_out is not None else None,
        "python": platform.python_version(),
        "packages": {"entropy-reporter": __version__} | {name: version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
        "start": start,
        "end": _now(),
    }


def _write(path: Path, lines: Iterator[str] | Sequence[str]) -> None:
    """Write a file whole or not at all."""
    room = path.with_name(f".{path.name}.part")
    with room.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    room.replace(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
