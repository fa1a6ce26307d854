"""The way back from a printed number: finding, statistic, rows, file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from reporter.dataset import Dataset
from reporter.errors import StudyError
from reporter.findings import Finding
from reporter.names import did_you_mean
from reporter.numbers import Members, Missing, Number, Register
from reporter.observations import place_in
from reporter.rows import Chosen

SHOWN_ROWS = 40
SHOWN = {
    "summaries": ("mean", "sd", "minimum", "maximum", "n"),
    "observations": ("value", "unit", "n", "finish_reason"),
    "responses": ("characters", "tokens", "finish_reason", "text_sha256"),
}


def trace(address: str, register: Register, dataset: Dataset) -> Iterator[str]:
    """Write the way back from a number to its rows, one line at a time.

    Raises
    ------
    StudyError
        No number has this address.
    """
    found = register.look_up(address)
    number = found.count if isinstance(found, Members) else found
    if not isinstance(number, (Number, Missing)):
        known = [n.address for n in register.numbers()]
        below = [each for each in known if each.startswith(f"{address}.")]
        raise StudyError(f'"{address}" is no number.', remedy=did_you_mean(address, below or known))
    yield f"{number.address}  {number.text}"
    if isinstance(number, Missing):
        yield f"  reason      {number.reason.reason}: {number.reason.detail}"
        return
    yield f"  value       {number.value!r}{f' {number.unit}' if number.unit else ''}"
    if isinstance(found, Members):
        yield f"  members     {', '.join(found.keys) or 'none'}"
    if number.finding is None:
        yield f"  declared in {register.study.folder / 'study.toml'}"
        return
    yield from _finding(number.finding)
    yield from _rows(number.finding, register, dataset)


def _finding(finding: Finding) -> Iterator[str]:
    record: Any = finding.record
    options = ", ".join(f"{name}={value}" for name, value in finding.trace.options.items())
    yield f"  question    {finding.question}"
    yield f"  statistic   {finding.trace.statistic}({options})"
    yield f"  answer      {type(record).__name__}, method {getattr(record, 'method', 'none')}"
    if finding.population:
        yield f"  error over  {finding.population}"
    if finding.adjusted_p is not None:
        yield f"  family      {finding.family}, {finding.family_size} tests"
    if finding.verdict is not None:
        yield f"  verdict     {finding.verdict.value.replace('_', ' ')}"
    if finding.trace.seed is not None:
        yield f"  seed        {finding.trace.seed}"


def _rows(finding: Finding, register: Register, dataset: Dataset) -> Iterator[str]:
    addresses = finding.trace.addresses
    yield f"  rows        {len(addresses)}, sha256 {finding.trace.digest}"
    wanted = set(addresses)
    for kind, rows in dataset.rows.items():
        at = np.array([i for i, a in enumerate(rows.values("address")) if a in wanted], dtype=np.intp)
        for row in Chosen(rows, at[:SHOWN_ROWS]).records():
            values = ", ".join(f"{name} {row[name]}" for name in SHOWN[kind] if row[name] is not None)
            yield f"    {row['address']}: {values}  ({row['source']}, {place_in(row['source'], row['line'])})"
        if len(at) > SHOWN_ROWS:
            yield f"    and {len(at) - SHOWN_ROWS} more"
        for name in rows.distinct("source", at):
            yield f"  file        {register.study.folder / name}, sha256 {dataset.digests[name]}"
