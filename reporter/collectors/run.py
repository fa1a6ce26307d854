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
from reporter.collectors.tokens import TOKENS, token_rows
from reporter.columns import LEDGER, OBSERVATIONS, RESPONSES, Column
from reporter.errors import Degenerate

TYPES = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64()}
TABLES = ("observations", "responses", "exclusions", "states", "tokens")


@dataclass(slots=True)
class _Part:
    """The rows of one batch."""

    observations: list[Row] = field(default_factory=list)
    responses: list[Row] = field(default_factory=list)
    exclusions: list[Row] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)
    tokens: list[pa.Table] = field(default_factory=list)

    def measure(
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
            what = f"{whole}@{job.sampling.token_limit}"
            self.exclusions.append({"what": what, "rule": rule, "reason": reason, "count": 1})

    def tables(self) -> dict[str, pa.Table]:
        """Lay the rows out in the glossary's columns."""
        return {
            "observations": pa.Table.from_pylist(self.observations, schema=schema(OBSERVATIONS)),
            "responses": pa.Table.from_pylist(self.responses, schema=schema(RESPONSES)),
            "exclusions": pa.Table.from_pylist(self.exclusions, schema=schema(LEDGER)),
            "states": pa.Table.from_pylist(self.states, schema=states_schema()),
            "tokens": pa.concat_tables([TOKENS.empty_table(), *self.tokens]).unify_dictionaries(),
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


def states_schema() -> pa.Schema:
    """Give the Arrow types of an answer's pooled state, beside the columns that say whose it is."""
    return schema(OBSERVATIONS).append(pa.field("state", pa.list_(pa.float32())))


def address_of(row: Row) -> str:
    """Extend an answer's address to that of one of its values, which no other value has.

    Examples
    --------
    >>> address_of({"address": "m/1f", "token_limit": 50, "measure": "layer_entropy", "layer": 3})
    'm/1f@50/layer_entropy/3'
    """
    names = ("measure", "estimator", "logprob_mode", "layer")
    steps = [str(row[name]) for name in names if row.get(name) is not None]
    return "/".join([f"{row['address']}@{row['token_limit']}", *steps])


def _part(plan: Plan, batch: Sequence[Job], model: LocalModel) -> _Part:
    part = _Part()
    requests = [job.request(model) for job in batch]
    for job, answer in zip(batch, generate_batch(model, requests, batch[0].sampling, plan.k), strict=True):
        part.responses.append(response(job, answer, model))
        whole = job.cell(model)["address"]
        for collector in plan.collectors:
            if collector is layer_states:
                part.measure(collector, job, answer, model, whole=whole)
                continue
            for under, cut in prefixes(job, answer, limits=plan.prefixes or (job.sampling.token_limit,)):
                part.measure(collector, under, cut, model, whole=whole)
        if plan.states:
            pooled = {"finish_reason": answer.finish_reason, "state": answer.decayed_state}
            part.states.append(job.cell(model) | pooled)
        if plan.tokens:
            part.tokens.append(token_rows(job, answer, model))
    return part
