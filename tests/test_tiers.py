"""Tiers by declared rules: closed and open edges, who stands near one, and nobody without a tier."""

from __future__ import annotations

import pytest

from reporter import tiers
from reporter.errors import StudyError
from reporter.numbers import Register
from reporter.study import Rule, Tier


def placed(register: Register, *declared: Tier, edge: str | None = None) -> dict[str, tiers.Placement]:
    """Place the bundled study's models by other tiers."""
    from decimal import Decimal

    study = register.study.model_copy(update={"tiers": declared})
    constants = {name: value for name, value in study.declared.items() if name != "edge"}
    constants |= {"edge": Decimal(edge)} if edge else {}
    study = study.model_copy(update={"declared": constants})
    return {placement.model: placement for placement in tiers.place(Register(study, register.findings))}


@pytest.fixture(scope="module")
def register(report_published) -> Register:
    return report_published.register


REST = Tier(label="rest", meaning="")


def rule(op: str, value: str = "threshold", finding: str = "cell_second.mean") -> Rule:
    return Rule(finding=finding, op=op, value=value)


def members(placements: dict[str, tiers.Placement], label: str) -> set[str]:
    return {model for model, placement in placements.items() if placement.tier.label == label}


def test_the_bundled_study(register):
    """By hand from the published rows and the rules of study.toml."""
    found = {placement.model: placement for placement in tiers.place(register)}
    assert members(found, "EMULATABLE") == {"deepseek-v3.2", "claude-haiku-4.5", "grok-4.1-fast"}
    assert members(found, "STABLE") == {"gemini-2.0-flash", "claude-opus-4.5", "claude-sonnet-4.5"}
    assert members(found, "ATTRACTOR-LOCKED") == {"llama-3.3-70b", "gpt-4o"}
    near = {model: sorted(number.text for number in p.near) for model, p in found.items()}
    assert near == {
        "llama-3.3-70b": ["+0.10"],
        "gpt-4o": [],
        "deepseek-v3.2": ["+0.08", "3.03"],
        "gemini-2.0-flash": ["3.01"],
        "claude-opus-4.5": [],
        "claude-sonnet-4.5": ["3.08"],
        "claude-haiku-4.5": ["3.13"],
        "grok-4.1-fast": ["3.03"],
    }


@pytest.mark.parametrize(("op", "count"), [(">=", 1), (">", 0), ("<=", 8), ("<", 7)])
def test_edges_are_closed_or_open_as_the_operator_says(register, op, count):
    """Grok's change of 0.14 is the largest; the bound is set to exactly that."""
    study = register.study.model_copy(update={"declared": register.study.declared | {"bound": 3.17}})
    register = Register(study, register.findings)
    found = placed(register, Tier(label="in", meaning="", all=(rule(op, "bound"),)), REST)
    assert len(members(found, "in")) == count


def test_tied_models_share_a_tier(register):
    found = placed(register, Tier(label="low", meaning="", all=(rule("<"),)), REST)
    assert members(found, "low") == {"llama-3.3-70b", "gpt-4o"}


def test_the_first_tier_that_fits_wins(register):
    both = (Tier(label="first", meaning=""), Tier(label="second", meaning=""))
    assert members(placed(register, *both), "first") == {model.key for model in register.study.models}


def test_all_must_hold_and_one_of_any(register):
    high = rule(">=", "high_level", "cell_first.mean")
    rose = rule(">=", "bound", "change.estimate")
    either = placed(register, Tier(label="in", meaning="", all=(rule(">="),), any=(high, rose)), REST)
    assert members(either, "in") == {"claude-haiku-4.5", "grok-4.1-fast"}
    both = placed(register, Tier(label="in", meaning="", all=(rule(">="), high, rose)), REST)
    assert members(both, "in") == set()


def test_a_placement_names_what_decided_it(register):
    found = tiers.place(register)
    haiku = next(placement for placement in found if placement.model == "claude-haiku-4.5")
    assert [number.address for number in haiku.decided_by] == [
        "cell_second/claude-haiku-4.5.mean",
        "cell_first/claude-haiku-4.5.mean",
    ]
    locked = next(placement for placement in found if placement.model == "gpt-4o")
    assert locked.decided_by == ()


def test_nearness_is_declared_or_nobody_is_near(register):
    tier = Tier(label="in", meaning="", all=(rule(">="),))
    assert all(placement.near == () for placement in placed(register, tier, REST).values())
    near = placed(register, tier, REST, edge="0.0401")
    assert {model for model, p in near.items() if p.near} == {"llama-3.3-70b", "gpt-4o", "deepseek-v3.2"}


def test_a_number_near_two_rules_is_named_once(register):
    twice = Tier(label="in", meaning="", all=(rule(">="),), any=(rule(">="), rule("<=")))
    near = placed(register, twice, REST, edge="0.0401")["gpt-4o"].near
    assert [number.address for number in near] == ["cell_second/gpt-4o.mean"]


def test_a_model_without_a_tier_is_refused(register):
    with pytest.raises(StudyError, match=r"llama-3\.3-70b meets the rules of no tier\. Let the last tier"):
        placed(register, Tier(label="in", meaning="", all=(rule(">="),)))


def test_a_rule_needs_a_number(register):
    tier = Tier(label="in", meaning="", all=(rule(">=", finding="zone_first.zone"),))
    with pytest.raises(StudyError, match=r'A tier needs a number, but "zone_first\.zone"'):
        placed(register, tier, REST)


UNKNOWN = rule(">=", finding="own_trend.slope")  # two limits fit no trend of one model: not computable
ALWAYS, NEVER = rule("<=", "next_limit"), rule(">", "next_limit")


@pytest.mark.parametrize(
    ("required", "either", "label"),
    [
        ((UNKNOWN,), (), None),
        ((UNKNOWN, NEVER), (), "rest"),  # fails whatever the unknown number is
        ((), (UNKNOWN,), None),
        ((), (UNKNOWN, ALWAYS), "in"),  # holds whatever the unknown number is
        ((), (UNKNOWN, NEVER), None),
        ((ALWAYS,), (NEVER,), "rest"),
        ((NEVER,), (UNKNOWN,), "rest"),
        ((UNKNOWN,), (NEVER,), "rest"),
    ],
)
def test_what_is_not_computable_decides_nothing(register, required, either, label):
    found = placed(register, Tier(label="in", meaning="", all=required, any=either), REST, edge="1000")
    assert {placement.tier and placement.tier.label for placement in found.values()} == {label}


def test_a_study_without_tiers_places_nobody(register):
    assert placed(register) == {}
