"""Numbers bound to whom they are about, what they are, and under what."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.audit.facts import facts_of
from reporter.audit.markdown import read_markdown

ROOT = Path(__file__).resolve().parents[2]

STUDY = """\
# Two limits

| Model | 100 tokens | 200 tokens | Δ entropy |
|---|---|---|---|
| Ada 1B | 2.80 ± 0.10 | 2.90 ± 0.20 | +0.10 |
| Bob 2B | 3.00 ± 0.10 | 2.95 ± 0.10 | −0.05 |
| Mean | 2.90 | 2.93 | +0.03 |

**Mean change:** +0.03 nats

## 1. Ada rises

**100 tokens:** 2.80 nats
**200 tokens:** 2.90 ± 0.20 nats
**Change:** +0.10 nats (largest)

Nothing here is 0.10 nats below the threshold (3.0), or within ±0.27 nats.

All models were near 2.9 nats.

## Others

- Bob fell (−0.05), unlike Ada. At 200 tokens Bob had 2.95 nats.
- Standard deviation of Ada grew (0.10 → 0.20).
- With one value per vendor the mean change is +0.07 nats.

### 100 token results

| Model | Mean H | Std H | Min H | Max H |
|---|---|---|---|---|
| Ada | 2.80 | 0.10 | 2.70 | 2.90 |
"""


def keyed(source):
    found = defaultdict(list)
    for fact in facts_of(read_markdown(source, "m")).facts:
        found[fact.subject, fact.statistic, fact.condition].append((fact.number.text, fact.source))
    return dict(found)


@pytest.fixture(scope="module")
def study():
    return keyed(STUDY)


MOVE = "100→200"


@pytest.mark.parametrize(
    ("key", "numbers"),
    [
        (("Ada 1B", "mean", "100"), ["2.80", "2.80", "2.80"]),
        (("Ada 1B", "sd", "100"), ["0.10", "0.10", "0.10"]),
        (("Ada 1B", "mean", "200"), ["2.90", "2.90"]),
        (("Ada 1B", "sd", "200"), ["0.20", "0.20", "0.20"]),
        (("Ada 1B", "change", MOVE), ["+0.10", "+0.10"]),
        (("Ada 1B", "min", "100"), ["2.70"]),
        (("Bob 2B", "change", MOVE), ["−0.05", "−0.05"]),
        (("Bob 2B", "mean", "200"), ["2.95", "2.95"]),
        (("", "change", MOVE), ["+0.03"]),
        (("", "mean_change", MOVE), ["+0.03"]),
    ],
)
def test_facts_of_a_small_study(study, key, numbers):
    assert [text for text, _ in study[key]] == numbers


def test_nothing_else_is_bound(study):
    subjects = {subject for subject, _, _ in study}
    assert subjects == {"Ada 1B", "Bob 2B", ""}
    bound = [text for found in study.values() for text, _ in found]
    assert "±0.27" not in bound
    assert "3.0" not in bound
    assert "+0.07" not in bound
    assert ("Ada 1B", "mean", "") not in study


AXES = """\
# Poles

| Model | Mean entropy | Dead zones |
|---|---|---|
| Cleo 9B | 0.171 | 0/7 |
| Dan 7B | 0.315 | 4/7 |

### Cleo 9B

| Axis | Pos pole entropy | Neg pole entropy | Delta | p |
|---|---|---|---|---|
| warm_cold | 0.361 | 0.306 | **+0.055** | **<0.001** |

Cleo differs on warm_cold (Δ=+0.055, p<0.001). Dan (4 dead zones) has entropy 0.315.

### Peak correlation per model

| Model | warm/cold | formal/casual |
|---|---|---|
| Cleo | L27 −0.38* | L01 +0.42 |

Cleo is early. Formal (L01, r=+0.42) comes first.

### Patterns

| Axis | Pattern | Models |
|---|---|---|
| warm_cold | colder | Cleo (r=−0.53), Dan (r=+0.31). Exception: none |
"""


@pytest.mark.parametrize(
    ("key", "numbers"),
    [
        (("Cleo 9B", "dead_zones", ""), ["0"]),
        (("Dan 7B", "dead_zones", ""), ["4", "4"]),
        (("Dan 7B", "mean", ""), ["0.315", "0.315"]),
        (("Cleo 9B", "positive_pole", "warm_cold"), ["0.361"]),
        (("Cleo 9B", "change", "warm_cold"), ["+0.055", "+0.055"]),
        (("Cleo 9B", "p", "warm_cold"), ["0.001", "0.001"]),
        (("Cleo 9B", "peak_layer", "warm_cold"), ["27"]),
        (("Cleo 9B", "peak_r", "warm_cold"), ["−0.38"]),
        (("Cleo 9B", "peak_layer", "formal_casual"), ["01", "01"]),
        (("Cleo 9B", "peak_r", "formal_casual"), ["+0.42", "+0.42"]),
        (("Cleo 9B", "r", "warm_cold"), ["−0.53"]),
        (("Dan 7B", "r", "warm_cold"), ["+0.31"]),
    ],
)
def test_axes_are_conditions(key, numbers):
    assert [text for text, _ in keyed(AXES)[key]] == numbers


def test_another_kind_of_entropy_is_another_condition():
    source = (
        "Character entropy of replies.\n\n**Table 1.** Mean character entropy.\n\n| Model | 100 tokens |\n|---|---|\n| Ada 1B | 2.80 |\n"
        "\n**Table 2.** Mean next-token entropy.\n\n| Model | 100 tokens |\n|---|---|\n| Ada 1B | 2.40 |\n"
    )
    assert set(keyed(source)) == {("Ada 1B", "mean", "100"), ("Ada 1B", "mean", "100, next-token entropy")}


def test_tests_in_two_tables_are_two_tests():
    source = "| Model | p |\n|---|---|\n| Ada 1B | 0.01 |\n\nThen.\n\n| Model | p |\n|---|---|\n| Ada 1B | 0.30 |\n"
    assert set(keyed(source)) == {("Ada 1B", "p", "table 1"), ("Ada 1B", "p", "table 2")}


def test_columns_with_one_head_are_told_apart_or_left_alone():
    source = "| Model | Zone (100) | Mean | Zone (200) | Mean |\n|---|---|---|---|---|\n| Ada 1B | A | 2.8 | B | 2.9 |\n"
    assert set(keyed(source)) == {("Ada 1B", "mean", "100"), ("Ada 1B", "mean", "200")}
    assert keyed("| Model | Mean | Mean |\n|---|---|---|\n| Ada 1B | 2.8 | 2.9 |\n") == {}


def test_a_step_between_limits_is_no_limit():
    source = "## From 100 → 200 tokens\n\n| Model | Mean |\n|---|---|\n| Ada 1B | 2.8 |\n\n## At 100 tokens\n\n| Model | Mean |\n|---|---|\n| Ada 1B | 2.7 |\n"
    assert set(keyed(source)) == {("Ada 1B", "mean", ""), ("Ada 1B", "mean", "100")}


def clashes(facts):
    """Facts with one key whose rounding intervals share no value."""
    found = defaultdict(list)
    for fact in facts.facts:
        found[fact.subject, fact.statistic, fact.condition].append(fact.number)
    return {key for key, ns in found.items() if max(n.low for n in ns) > min(n.high for n in ns)}


@pytest.mark.parametrize("study", ["token-scaling", "entropy-analysis"])
def test_our_own_reports_do_not_contradict_themselves(study):
    path = ROOT / "reports" / study / "report.md"
    if not path.is_file():
        pytest.skip("this report is not built")
    facts = facts_of(read_markdown(path.read_text(encoding="utf-8"), study))
    assert len(facts.facts) > 400
    assert clashes(facts) == set()


def test_the_first_document_contradicts_itself_about_the_mean_change_only(shared):
    facts = facts_of(
        read_markdown((shared / "documents" / "token-scaling.md").read_text(encoding="utf-8"), "m")
    )
    assert clashes(facts) == {("", "mean_change", MOVE)}
    assert {fact.number.text for fact in facts.of(statistic="mean_change")} == {"+0.08", "+0.055"}
    haiku = facts.of(subject="Claude Haiku 4.5", statistic="mean", condition="200")
    assert {(fact.place.line, fact.number.value) for fact in haiku} == {(36, 3.13), (111, 3.13), (363, 3.13)}


def test_the_second_document_binds_its_correlations(shared):
    facts = facts_of(
        read_markdown((shared / "documents" / "entropy-analysis.md").read_text(encoding="utf-8"), "m")
    )
    assert clashes(facts) == set()
    found = {(f.subject, f.condition): f.number.value for f in facts.of(statistic="r") if f.source == "cell"}
    assert found == {
        ("Mistral 7B v0.3", "warm_cold"): -0.53,
        ("Yi 1.5 9B", "warm_cold"): -0.39,
        ("Qwen 2.5 7B", "warm_cold"): -0.38,
        ("DeepSeek 7B", "warm_cold"): 0.39,
        ("Mistral 7B v0.3", "formal_casual"): 0.58,
        ("Yi 1.5 9B", "formal_casual"): 0.38,
        ("Llama 3.1 8B", "confident_cautious"): -0.44,
        ("Llama 3.1 8B", "patient_irritated"): -0.43,
        ("Mistral 7B v0.3", "proactive_reluctant"): -0.53,
    }


NAME = st.sampled_from(["Ada 1B", "Bob", "warm_cold", "Mean", "", "3", "Ada, Bob"])
HEAD = st.sampled_from(["Model", "Axis", "Mean", "100 tokens", "p", "Mean", "", "Δ", "Range", "n"])
VALUE = st.sampled_from(["1.0", "2 ± 1", "[1, 2]", "6/8", "L2 +.3*", "", "Ada (r=.3)", "±0.2", "1→2"])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(HEAD, min_size=1, max_size=4),
    st.lists(st.tuples(NAME, st.lists(VALUE, max_size=4)), max_size=4),
    st.text(max_size=60),
)
def test_any_table_and_sentence_are_bound_without_complaint(heads, rows, text):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join([name, *values]) + " |" for name, values in rows]
    facts = facts_of(read_markdown("\n".join(lines) + f"\n\nAda (0.3) {text} 2.5 nats\n", "m"))
    assert all(fact.statistic for fact in facts.facts)
