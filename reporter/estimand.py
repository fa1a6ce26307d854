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
    "tokenizer": "tokens of two tokenizers are different symbols",
    "k": "a distribution cut at another k misses another mass",
    "logprob_mode": "probabilities after temperature and nucleus are another distribution",
    "bin_rule": "a histogram's entropy depends on its bins and on how many values fill them",
}
UNIT_MEANING = "they are counted in different things"  # of units that are not both of information
INFORMATION = ("nats", "bits")


@dataclass(frozen=True, slots=True)
class Estimand:
    """What a column of values holds; what does not apply to a measure is empty."""

    measure: str
    symbol: str
    estimator: str
    unit: str
    tokenizer: str = ""
    k: int | None = None
    logprob_mode: str = ""
    bin_rule: str = ""


def common(members: Iterable[tuple[str, Estimand]], *, where: str, across: tuple[str, ...] = ()) -> Estimand:
    """Find the one estimand of several rows.

    Parameters
    ----------
    members : iterable of (address, Estimand)
        At least one.
    where : str
        File and key that bring the rows together, for the refusal.
    across : tuple of str
        Fields in which the rows may differ, because the study says so.

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
            if one != two and entry.name not in across:
                choice = f'{entry.name} = "{one or two}"'
                raise EstimandError(
                    f"{first_address} has {entry.name} {_word(one)}, {address} has {_word(two)}: "
                    f"{_meaning(entry.name, one, two)}.",
                    where=where,
                    remedy=f"Add a condition to the roles that selects one, such as {choice}.",
                )
    return first


def _word(value: str | int | None) -> str:
    return "none" if value in ("", None) else str(value)


def _meaning(name: str, one: str | int | None, two: str | int | None) -> str:
    if name == "unit" and not {one, two} <= set(INFORMATION):
        return UNIT_MEANING
    return MEANING[name]
