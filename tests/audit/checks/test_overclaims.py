"""Words that claim too much; all notes, all in an editable file of rules."""

from __future__ import annotations

import re

import pytest

from reporter.audit.checks.overclaims import RULES, overclaims, rules
from reporter.audit.finding import Severity

CLAIMS = {
    "universal": "This is a universal law.",
    "mechanism": "The limit is architecture-level.",
    "proof": "Inverse scaling confirmed: small is high.",
    "perfection": "It shows perfect stability.",
    "intensity": "The increase is MINIMAL.",
    "never": "The model CANNOT escape its zone.",
    "equality": "The axis shows no entropy difference.",
    "significance": "Entropy is significantly higher.",
    "uniqueness": "Each model has a unique signature.",
    "superiority": "Small models are SUPERIOR.",
    "ruled out": "The effect is NOT a token-constraint artifact.",
    "estimated without data": "Temperature variance: ~1.5 nats (estimated)",
}


def test_every_rule_has_a_claim_that_it_finds(written):
    assert {rule.name for rule in rules()} == set(CLAIMS)
    for rule in rules():
        assert rule.pattern.search(CLAIMS[rule.name]), rule.name
        [finding] = written(overclaims, CLAIMS[rule.name])
        assert finding.severity is Severity.NOTE
        assert rule.reason in finding.how


@pytest.mark.parametrize(
    "text",
    [
        "Is it universal?",
        "This is not universal.",
        "Nothing here is universal or proven.",
        "The change is significant (p = .003).",
        "Whether each has a fingerprint cannot be decided.",
        "The mean change is +0.055 nats (95 % CI 0.014 to 0.096).",
        "A difference cannot be told from zero.",
    ],
)
def test_modest_words_pass(written, text):
    assert written(overclaims, text) == []


def test_a_sentence_has_one_note_for_all_its_words(written):
    [finding] = written(overclaims, "This fundamental and universal effect is confirmed.")
    assert all(word in finding.how for word in ("fundamental", "universal", "confirmed"))


def test_the_design_stands_beside_the_words(written):
    table = "### Results (3 prompts each)\n\n| Model | Mean |\n|---|---|\n| a | 1.0 |\n| b | 2.0 |\n"
    [finding] = written(overclaims, f"{table}\nThis is universal.\n")
    assert "2 rows" in finding.how
    assert "3" in finding.how


def test_rules_say_why_and_what_instead():
    assert RULES.suffix == ".toml"
    for rule in rules():
        assert rule.reason
        assert rule.instead
        assert isinstance(rule.pattern, re.Pattern)
