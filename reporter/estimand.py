"""Which entropy a value is: values that differ in any of these are refused, never averaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from reporter.errors import EstimandError

MEANING = {
    "measure": "they measure different things",
    "symbol": "entropy of characters, words and tokens are different quantities",
    "estimator": "estimators differ in their bias",
    "unit": "one is in nats, the other in bits",
}


@dataclass(frozen=True, slots=True)
class Estimand:
    """What a column of values holds."""

    measure: str
    symbol: str
    estimator: str
    unit: str


def common(members: Iterable[tuple[str, Estimand]]) -> Estimand:
    """Find the one estimand of several rows.

    Parameters
    ----------
    members : iterable of (address, Estimand)

    Raises
    ------
    EstimandError
        Two rows differ; the message names both and the field.
    """
    rows = iter(members)
    first_address, first = next(rows)
    for address, other in rows:
        for entry in fields(Estimand):
            one, two = getattr(first, entry.name), getattr(other, entry.name)
            if one != two:
                raise EstimandError(
                    f"{first_address} has {entry.name} {one}, {address} has {two}: {MEANING[entry.name]}.",
                    remedy=f"Select one {entry.name} in the study's `where`.",
                )
    return first
