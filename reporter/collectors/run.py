"""From a plan to rows: generate what is not there yet, batch by batch, and join the parts at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pyarrow as pa

from reporter.collectors._part import Part, address_of
from reporter.collectors.generation import Answer, generate_batch
from reporter.collectors.jobs import Job, batches
from reporter.collectors.layer_bins import layer_bins
from reporter.collectors.layer_states import layer_states
from reporter.collectors.models import LocalModel
from reporter.collectors.plan import Collector, Plan
from reporter.collectors.prefixes import prefixes
from reporter.collectors.replies import response
from reporter.collectors.store import Store, part_key
from reporter.collectors.tokens import token_rows
from reporter.errors import Degenerate

OF_STATES = (layer_states, layer_bins)  # whose states are those of the whole answer


class _Measured(Part):
    """The rows of one batch of a local model."""

    __slots__ = ()

    def add(self, job: Job, answer: Answer, model: LocalModel, plan: Plan) -> None:
        """Keep an answer, and take the plan's measures of it."""
        self.responses.append(response(job, answer, model))
        whole = job.cell(model)["address"]
        for collector in plan.collectors:
            if collector in OF_STATES:
                self._measure(collector, job, answer, model, whole=whole)
                continue
            for under, prefix in prefixes(job, answer, limits=plan.prefixes or (job.sampling.token_limit,)):
                self._measure(collector, under, prefix, model, whole=whole)
        if plan.states:
            pooled = {"finish_reason": answer.finish_reason, "state": answer.decayed_state}
            self.states.append(job.cell(model) | pooled)
        if plan.tokens:
            self.tokens.append(token_rows(job, answer, model))

    def _measure(
        self, collector: Collector, job: Job, answer: Answer, model: LocalModel, *, whole: str
    ) -> None:
        """Add a collector's rows, or why there are none; ``whole`` is the address of the uncut answer."""
        rule = collector.__name__
        try:
            rows = collector(job, answer, model)
            reason = "" if rows else "empty_answer"
        except Degenerate as error:
            rows, reason = [], error.reason
        self.observations += [row | {"address": address_of(row | {"address": whole})} for row in rows]
        if reason:
            self.leave_out(f"{whole}@{job.sampling.token_limit}", rule, reason)


@dataclass(frozen=True, slots=True)
class Shard:
    """One batch of a plan, which becomes one part: all that a worker must know but the model."""

    key: str
    plan: Plan  # with the jobs of this batch alone

    @property
    def digests(self) -> list[str]:
        """Name the jobs."""
        return [job.digest for job in self.plan.jobs]


@dataclass(frozen=True, slots=True)
class Done:
    """A shard that was worked through, its rows, and which process did it."""

    shard: Shard
    tables: Mapping[str, pa.Table]
    process: int


class Engine(Protocol):
    """Something that works through shards: this process, others, or a cluster."""

    def __call__(self, shards: Sequence[Shard], *, stopping: Callable[[], bool]) -> Iterator[Done]:
        """Hand out shards as they are done, in any order; begin none once ``stopping`` says so."""


def cut(plan: Plan, model: LocalModel) -> Iterator[Shard]:
    """Cut a plan into shards; which of them are done already changes nothing.

    Parameters
    ----------
    plan : Plan
    model : LocalModel
        May be without weights.
    """
    for batch in batches(plan.jobs, model, batch_size=plan.batch_size):
        key = part_key([job.digest for job in batch], **plan.settings(model))
        yield Shard(key, replace(plan, jobs=batch))


def collect(
    shards: Sequence[Shard],
    store: Store,
    engine: Engine,
    *,
    stopping: Callable[[], bool] = lambda: False,
    report: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Done]:
    """Generate and measure what the store does not hold yet.

    Workers send their rows here, and only this process writes: so a worker needs no access to our disk, and
    a worker that dies, or that was believed dead and comes back, cannot leave half a part or a second one.

    Parameters
    ----------
    shards : sequence of Shard
    store : Store
    engine : Engine
    stopping : function, optional
        Asked before a shard is begun. What is under way is ended and kept.
    report : function of (answers there, answers in all), optional
        Called at the start, and when a part is written.

    Yields
    ------
    Done
        When its part is written. Stopping between two of them loses nothing.

    Raises
    ------
    OutputError
        The store cannot be written.
    """
    missing = {shard.key: shard for shard in shards if not store.has(shard.key)}
    total = sum(len(shard.plan.jobs) for shard in shards)
    there = total - sum(len(shard.plan.jobs) for shard in missing.values())
    report(there, total)
    for done in engine([*missing.values()], stopping=stopping) if missing else ():
        store.add(done.shard.key, done.tables, jobs=done.shard.digests)
        there += len(done.shard.plan.jobs)
        report(there, total)
        yield done


def here(model: LocalModel) -> Engine:
    """Work through shards in this process, one after the other."""

    def work(shards: Sequence[Shard], *, stopping: Callable[[], bool]) -> Iterator[Done]:
        for shard in shards:
            if stopping():
                return
            yield answered(shard, model)

    return work


def answered(shard: Shard, model: LocalModel) -> Done:
    """Generate and measure the answers of one shard."""
    plan, part = shard.plan, _Measured()
    requests = [job.request(model) for job in plan.jobs]
    answers = generate_batch(model, requests, plan.jobs[0].sampling, plan.k)
    for job, answer in zip(plan.jobs, answers, strict=True):
        part.add(job, answer, model, plan)
    return Done(shard, part.tables(), os.getpid())
