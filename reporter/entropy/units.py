"""In which unit is an information quantity stated? Everything is computed in nats and converted here."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any, TypeVar

from reporter.errors import Degenerate
from reporter.results import Interval, Kind

NATS = {"nats": 1.0, "bits": math.log(2)}  # in one of the unit

Record = TypeVar("Record")


def convert(record: Record, *, unit: str) -> Record:
    """State a record's values in another unit of information.

    Fields that are no values in the record's unit (counts, shares, effective ranks) stay as they are.

    Parameters
    ----------
    record : any record of :mod:`reporter.results` whose unit is nats or bits
    unit : {"nats", "bits"}

    Returns
    -------
    The same type of record, with the new ``unit``.

    Raises
    ------
    Degenerate
        ``unknown_unit``, of the record or asked for.

    Examples
    --------
    >>> from reporter.entropy.plug_in import plug_in
    >>> round(convert(plug_in([3, 3]), unit="bits").value, 12)
    1.0
    """
    known: Any = record
    if unit == known.unit and unit in NATS:
        return record
    divisor = _nats_in(unit) / _nats_in(known.unit)
    changed = {
        entry.name: _scaled(getattr(known, entry.name), entry.metadata.get("kind"), divisor)
        for entry in fields(known)
    }
    converted: Record = replace(known, **changed | {"unit": unit})
    return converted


def _nats_in(unit: str) -> float:
    if unit not in NATS:
        raise Degenerate("unknown_unit", f"the unit is {unit!r}, allowed are {' and '.join(NATS)}")
    return NATS[unit]


def _scaled(value: Any, kind: Kind | None, divisor: float) -> Any:
    if isinstance(value, Interval):
        return replace(value, low=value.low / divisor, high=value.high / divisor)
    if kind not in (Kind.VALUE, Kind.CHANGE) or value is None:
        return value
    if isinstance(value, tuple):
        return tuple(entry / divisor for entry in value)
    return value / divisor
