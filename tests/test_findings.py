"""Findings and their addresses."""

from __future__ import annotations

import dataclasses

import pytest

from reporter.findings import Finding, Findings, NotComputable, Trace, Used

ROLES = {"second": Used("1", ("b", "a")), "first": Used("2", ("a", "c"))}
TRACE = Trace(statistic="paired_t", options={}, digest="0", seed=None, roles=ROLES)


def finding(key, label="", record=None):
    return Finding(key, label, question="Why?", record=record or object(), units=(), trace=TRACE)


def test_an_address_is_key_and_label():
    assert finding("change", "gpt-4o").address == "change/gpt-4o"
    assert finding("mean_change").address == "mean_change"


def test_a_trace_names_each_row_once_in_the_order_of_use():
    assert TRACE.addresses == ("b", "a", "c")


def test_a_finding_without_answer_is_not_computable():
    assert finding("change").computable
    assert not finding("change", record=NotComputable("too_few", "n = 1")).computable


def test_findings_are_found_by_address_and_by_key():
    one, two, three = finding("change", "a"), finding("change", "b"), finding("mean_change")
    findings = Findings((one, two, three))
    assert findings.get("change/b") is two
    assert findings.of("change") == (one, two)
    assert findings.addresses == ("change/a", "change/b", "mean_change")
    assert (len(findings), list(findings)) == (3, [one, two, three])


def test_an_unknown_address_names_the_nearest():
    with pytest.raises(KeyError, match='Did you mean "mean_change"'):
        Findings((finding("mean_change"),)).get("mean_chnge")


def test_findings_cannot_be_changed_only_copied():
    first = finding("change", "a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.key = "other"
    assert first.with_(adjusted_p=0.5).adjusted_p == 0.5
    assert first.adjusted_p is None


def test_addresses_of_a_study_are_unique(answered):
    assert len(set(answered.findings.addresses)) == len(answered.findings)
