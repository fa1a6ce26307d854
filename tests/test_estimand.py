"""Rows that measure different things are refused by name."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from reporter.errors import EstimandError
from reporter.estimand import MEANING, Estimand, common

TEXT = Estimand(measure="text_entropy", symbol="character", estimator="plug_in", unit="nats")
OTHERS = {"measure": "token_entropy", "symbol": "token", "estimator": "miller_madow", "unit": "bits"}


def test_rows_of_one_estimand_have_it_in_common():
    assert common([("a", TEXT), ("b", TEXT)], where="study.toml") == TEXT
    assert common([("a", TEXT)], where="study.toml") == TEXT


@pytest.mark.parametrize("name", OTHERS)
def test_both_rows_the_field_and_the_reason_are_named(name):
    rows = [("first", TEXT), ("second", TEXT), ("third", replace(TEXT, **{name: OTHERS[name]}))]
    with pytest.raises(EstimandError) as refusal:
        common(rows, where="study.toml: analysis.mean_change")
    assert refusal.value.where == "study.toml: analysis.mean_change"
    assert refusal.value.what.startswith(
        f"first has {name} {getattr(TEXT, name)}, third has {OTHERS[name]}: {MEANING[name]}"
    )
    assert f'{name} = "{getattr(TEXT, name)}"' in refusal.value.remedy


def test_every_field_has_its_reason():
    assert {entry.name for entry in fields(Estimand)} == set(MEANING)


def test_rows_in_two_units_are_refused_with_both_addresses(project):
    project.change_cell("grok-4.1-fast", 200, unit="bits")
    with pytest.raises(EstimandError) as refusal:
        project.answer()
    for model, limit in (("llama-3.3-70b", 200), ("grok-4.1-fast", 200)):
        assert f"document.md#{limit}-token-results/{model}" in refusal.value.what
