"""Which tier each model falls into, by the rules that the study declares; and who stands near an edge."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reporter.errors import StudyError
from reporter.numbers import Missing, Number, Register
from reporter.study import Rule, Tier

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">=": operator.ge,
    ">": operator.gt,
}
EDGE = "edge"  # the declared constant that says how near is near


@dataclass(frozen=True, slots=True)
class Placement:
    """A model's tier, the numbers that decided it, and those that lie near a rule's edge."""

    model: str
    tier: Tier | None  # None where a number that a rule needs is not computable
    decided_by: tuple[Number, ...]
    near: tuple[Number, ...]


def place(register: Register) -> tuple[Placement, ...]:
    """Put every model that the rules ask about into the first tier whose rules it meets, in order.

    Raises
    ------
    StudyError
        A model meets no tier: the last tier should have no rules.
    """
    keys = {rule.finding.partition(".")[0] for t in register.study.tiers for rule in (*t.all, *t.any)}
    asked = register.findings.by_address
    models = [model.key for model in register.study.models if register.study.tiers]
    placed = [model for model in models if all(f"{key}/{model}" in asked for key in keys)]
    return tuple(_place(model, register) for model in placed)


def _place(model: str, register: Register) -> Placement:
    tiers = register.study.tiers
    rules = [rule for tier in tiers for rule in (*tier.all, *tier.any)]
    near = _once(number for rule in rules if (number := _near(rule, model, register)) is not None)
    for tier in tiers:
        met = [
            number for rule in (*tier.all, *tier.any) if (number := _met(rule, model, register)) is not None
        ]
        fits = _fits(tier, model, register)
        if fits is None:
            return Placement(model, None, (), near)
        if fits:
            return Placement(model, tier, _once(met), near)
    raise StudyError(f"{model} meets the rules of no tier.", remedy="Let the last tier have no rules.")


def _fits(tier: Tier, model: str, register: Register) -> bool | None:
    """Whether a model meets a tier's rules; None where that hangs on a number that is not computable."""
    required = [_holds(rule, model, register) for rule in tier.all]
    either = [_holds(rule, model, register) for rule in tier.any]
    if False in required or (either and all(holds is False for holds in either)):
        return False
    return None if None in required or (either and True not in either) else True


def _once(numbers: Iterable[Number]) -> tuple[Number, ...]:
    """Keep each number once, by its address."""
    return tuple({number.address: number for number in numbers}.values())


def value_at(rule: Rule, model: str, register: Register) -> Number | None:
    """Look up the number that a rule speaks of, for one model; None where it is not computable."""
    key, _, path = rule.finding.partition(".")
    number = register.look_up(f"{key}/{model}.{path}")
    if isinstance(number, Missing):
        return None
    if not isinstance(number, Number):
        raise StudyError(f'A tier needs a number, but "{rule.finding}" of {model} is none.')
    return number


def _holds(rule: Rule, model: str, register: Register) -> bool | None:
    number = value_at(rule, model, register)
    if number is None:
        return None
    return COMPARE[rule.op](number.value, register.study.constant(rule.value))


def _met(rule: Rule, model: str, register: Register) -> Number | None:
    return value_at(rule, model, register) if _holds(rule, model, register) else None


def _near(rule: Rule, model: str, register: Register) -> Number | None:
    number = value_at(rule, model, register)
    if number is None or EDGE not in register.study.declared:
        return None
    distance = abs(number.value - register.study.constant(rule.value))
    return number if distance < register.study.constant(EDGE) else None
