"""The rows of one part, table by table, whoever answered: a model here or one behind an API."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from reporter.collectors.plan import Row
from reporter.collectors.tokens import TOKENS
from reporter.columns import LEDGER, OBSERVATIONS, RESPONSES
from reporter.observations import arrow_schema

TABLES = ("observations", "responses", "exclusions", "states", "tokens")
# An answer's pooled state, beside the columns that say whose it is.
STATES = arrow_schema(OBSERVATIONS).append(pa.field("state", pa.list_(pa.float32())))


@dataclass(slots=True)
class Part:
    """Rows as they come."""

    observations: list[Row] = field(default_factory=list)
    responses: list[Row] = field(default_factory=list)
    exclusions: list[Row] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)
    tokens: list[pa.Table] = field(default_factory=list)

    def leave_out(self, what: str, rule: str, reason: str) -> None:
        """Say what is not there, and why."""
        self.exclusions.append({"what": what, "rule": rule, "reason": reason, "count": 1})

    def tables(self) -> dict[str, pa.Table]:
        """Lay the rows out in the glossary's columns."""
        return {
            "observations": pa.Table.from_pylist(self.observations, schema=arrow_schema(OBSERVATIONS)),
            "responses": pa.Table.from_pylist(self.responses, schema=arrow_schema(RESPONSES)),
            "exclusions": pa.Table.from_pylist(self.exclusions, schema=arrow_schema(LEDGER)),
            "states": pa.Table.from_pylist(self.states, schema=STATES),
            "tokens": pa.concat_tables([TOKENS.empty_table(), *self.tokens]).unify_dictionaries(),
        }


# Of measures that are taken in several ways, the column that tells them apart.
CHOICES = {"token_entropy_of_fewer": "k", "layer_entropy_of_bins": "bin_rule"}


def address_of(row: Row) -> str:
    """Extend an answer's address to that of one of its values, which no other value has.

    Examples
    --------
    >>> address_of({"address": "m/1f", "token_limit": 50, "measure": "layer_entropy", "layer": 3})
    'm/1f@50/layer_entropy/3'
    """
    names = ["measure", "estimator", "logprob_mode", "layer"]
    if row["measure"] in CHOICES:
        names.append(CHOICES[row["measure"]])
    steps = [str(row[name]) for name in names if row.get(name) is not None]
    return "/".join([f"{row['address']}@{row['token_limit']}", *steps])
