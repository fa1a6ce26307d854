"""From a plan to rows: generate what is not there yet, batch by batch, and join the parts at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from reporter.collectors.generation import Answer, generate_batch
from reporter.collectors.jobs import Job, batches
from reporter.collectors.layer_states import layer_states
from reporter.collectors.models import LocalModel
from reporter.collectors.plan import Collector, Plan, Row
from reporter.collectors.prefixes import prefixes
from reporter.collectors.replies import response
from reporter.collectors.store import Store, part_key
from reporter.columns import LEDGER, OBSERVATIONS, RESPONSES, Column
from reporter.errors import Degenerate

TYPES = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64()}
STATES = pa.schema(
    [
        *((name, pa.string()) for name in ("address", "prompt", "axis", "pole", "finish_reason")),
        ("state", pa.list_(pa.float32())),
    ]
)
TABLES = ("observations", "responses", "exclusions", "states")


@dataclass(slots=True)
class _Part:
    """The rows of one batch."""

    observations: list[Row] = field(default_factory=list)
    responses: list[Row] = field(default_factory=list)
    exclusions: list[Row] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)

    def measure(self, collector: Collector, job: Job, answer: Answer, model: LocalModel) -> None:
        """Add a collector's rows, or the reason why there are none."""
        place, rule = job.cell(model)["address"], collector.__name__
        try:
            rows = collector(job, answer, model)
            reason = "" if rows else "empty_answer"
        except Degenerate as error:
            rows, reason = [], error.reason
        self.observations += rows
        if reason:
            limit = job.sampling.token_limit
            self.exclusions.append({"what": f"{place}@{limit}", "rule": rule, "reason": reason, "count": 1})

    def tables(self) -> dict[str, pa.Table]:
        """Lay the rows out in the glossary's columns."""
        return {
            "observations": pa.Table.from_pylist(self.observations, schema=schema(OBSERVATIONS)),
            "responses": pa.Table.from_pylist(self.responses, schema=schema(RESPONSES)),
            "exclusions": pa.Table.from_pylist(self.exclusions, schema=schema(LEDGER)),
            "states": pa.Table.from_pylist(self.states, schema=STATES),
        }


def collect(
    plan: Plan, model: LocalModel, store: Store, *, report: Callable[[int, int], None] = lambda *_: None
) -> Iterator[str]:
    """Generate and measure what the store does not hold yet.

    Parameters
    ----------
    plan : Plan
    model : LocalModel
    store : Store
    report : function of (answers done, answers in all), optional
        Called after each batch.

    Yields
    ------
    str
        The key of each part in the order of the plan, as it is complete. Stopping between two of them loses
        nothing.

    Raises
    ------
    OutputError
        The store cannot be written.
    """
    done = 0
    for batch in batches(plan.jobs, model, batch_size=plan.batch_size):
        digests = [job.digest for job in batch]
        key = part_key(digests, **plan.settings(model))
        if not store.has(key):
            store.add(key, _part(plan, batch, model).tables(), jobs=digests)
        done += len(batch)
        report(done, len(plan.jobs))
        yield key


def schema(columns: Sequence[Column]) -> pa.Schema:
    """Give the Arrow types of the glossary's columns."""
    return pa.schema([(column.name, TYPES[column.type]) for column in columns])


def _part(plan: Plan, batch: Sequence[Job], model: LocalModel) -> _Part:
    part = _Part()
    requests = [job.request(model) for job in batch]
    for job, answer in zip(batch, generate_batch(model, requests, batch[0].sampling, plan.k), strict=True):
        part.responses.append(response(job, answer, model))
        for collector in plan.collectors:
            if collector is layer_states:
                part.measure(collector, job, answer, model)
                continue
            for under, cut in prefixes(job, answer, limits=plan.prefixes or (job.sampling.token_limit,)):
                part.measure(collector, under, cut, model)
        if plan.states:
            cell = job.cell(model)
            shared = {name: cell[name] for name in ("address", "prompt", "axis", "pole")}
            finish = {"finish_reason": answer.finish_reason, "state": answer.decayed_state}
            part.states.append(shared | finish)
    return part
