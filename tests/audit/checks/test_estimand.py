"""Kinds of entropy, units, limits of length, and what a yardstick of plain English says."""

from __future__ import annotations

from reporter.audit.checks.estimand import estimand
from reporter.audit.finding import Severity
from reporter.entropy.reference_levels import reference_levels

TABLE = """
| Model | 100 tokens | 200 tokens | Change |
|---|---|---|---|
| Alpha 1B | 2.86 | 2.96 | +0.10 |
| Beta 2B | 2.94 | 2.96 | +0.02 |
| Gamma 3B | 2.95 | 3.03 | +0.08 |
| Omega 5B | 3.13 | 3.13 | ±0.00 |

Mean change: +0.05 nats.
"""
CUT = "\nOmega lies above the threshold of 3.0 nats.\n"


def expectations(findings):
    return sorted(finding.expected for finding in findings)


def test_levels_and_rise_of_plain_english(written):
    findings = written(estimand, TABLE)
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    level = reference_levels(900)
    assert any(f"{level.english_low:.2f} to {level.english_high:.2f}" in finding.how for finding in findings)
    assert any("by length alone" in finding.expected for finding in findings)


def test_a_document_that_names_its_entropy_and_allows_for_length(written):
    text = "Entropy of the characters of a reply. Length alone brings most of it.\n"
    assert written(estimand, text + TABLE) == []
    assert written(estimand, "Next-token entropy from log probabilities.\n" + TABLE) == []


def test_levels_far_from_english_pass(written):
    far = TABLE.replace(" 2.", " 1.").replace(" 3.", " 1.")
    assert not any("plain English" in finding.how for finding in written(estimand, far))


def test_a_cut_of_another_kind(written):
    mixed = "Character entropy was measured, zones come from next-token entropy. Length alone was checked.\n"
    [finding] = written(estimand, mixed + CUT)
    assert "characters and of next tokens" in finding.how
    assert written(estimand, mixed + "These are different quantities.\n" + CUT) == []


def test_nats_and_bits_in_one_sentence(written):
    [finding] = written(estimand, "It rose from 2.9 nats to 4.4 bits.")
    assert "0.693" in finding.how
    assert written(estimand, "It is 2.9 nats; converted, 4.2 bits.") == []


def test_the_likeliest_tokens_only(written):
    text = "Entropy is computed from the top-50 next-token probability distribution."
    [finding] = written(estimand, text)
    assert "lower bound" in finding.how
    assert written(estimand, text + " The mass left out is 0.02.") == []


def test_histograms_over_states_of_different_sizes(written):
    text = (
        "## Layers\n\nEntropy via histogram binning.\n\n| Model | Layers | Hidden dim | Entropy range |\n|---|---|---|---|\n"
        "| a | 29 | 3584 | [1.2, 1.7] |\n| b | 33 | {} | [1.6, 2.6] |\n\nThe range of b is the largest.\n"
    )
    [finding] = written(estimand, text.format(4096))
    assert "3584, 4096" in finding.how
    assert written(estimand, text.format(3584)) == []


def test_the_first_layer_the_rule_and_base_models(written):
    peaks = (
        "| Model | warm | Dead zones |\n|---|---|---|\n| a | L00 +0.82* | 0/7 |\n| b | L12 +0.42* | 4/7 |\n"
    )
    assert expectations(written(estimand, peaks)) == ["a word on layer 0", "the rule"]
    said = "Layer 0 is the embedding. An axis is dead where its sd is below 0.1.\n\n"
    assert written(estimand, said + peaks) == []
    both = "## Poles\n\n### Yi 9B\n\n| Axis | p |\n|---|---|\n| a | 0.5 |\n\n### Gemma 9B ({})\n\n| Axis | p |\n|---|---|\n| a | 0.4 |\n\nIt rises in both models.\n"
    assert "both" not in both.format("it").replace("both models", "")
    assert expectations(written(estimand, "# Report\n\n" + both.format("base"))) == [
        "one base model and one other"
    ]
    assert written(estimand, "# Report\n\n" + both.format("it")) == []


def test_nats_in_a_document_of_bits(written):
    text = "Alpha has 2.1 bits. Beta has 2.4 bits.\n\nGamma has 1.7 nats.\n"
    [finding] = written(estimand, text)
    assert finding.quoted == "Gamma has 1.7 nats."
    assert written(estimand, text.replace("nats", "bits")) == []
