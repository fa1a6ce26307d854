"""Whom a document speaks of, and by which short names."""

from __future__ import annotations

import pytest

from reporter.audit.markdown import read_markdown
from reporter.audit.naming import names_of, names_with_digits


def table(head, *names):
    rows = "".join(f"| {name} | 1.0 |\n" for name in names)
    return f"| {head} | Mean |\n|---|---|\n{rows}\n"


def names(*sources):
    return names_of(read_markdown("\n\n".join(sources), "m"))


MODELS = table(
    "Model", "Meta Llama 3.3 70B", "GPT-4o", "Claude Opus 4.5", "Claude Haiku 4.5", "Grok 4.1 Fast"
)


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Haiku fell", ["Claude Haiku 4.5"]),
        ("Claude fell", []),
        ("Meta Llama and GPT rose", ["Meta Llama 3.3 70B", "GPT-4o"]),
        ("Llama 3.3 fell, Llama 3.1 did not", ["Meta Llama 3.3 70B"]),
        ("GPT-4 Turbo against GPT-4o", ["GPT-4o"]),
        ("Claude 3.5 Opus", []),
        ("Opus's mean", ["Claude Opus 4.5"]),
        ("as fast as Grok", ["Grok 4.1 Fast"]),
        ("the fast one", []),
        ("haiku poems", []),
        ("Grok 3.17 nats", ["Grok 4.1 Fast"]),
        ("Grok 3", []),
    ],
)
def test_mentions(text, subjects):
    assert [mention.subject for mention in names(MODELS).mentions(text)] == subjects


def test_a_shorter_name_is_the_same_subject():
    found = names(MODELS, table("Model", "Meta Llama 3.3", "GPT-4o"))
    assert found.subjects == (
        "Meta Llama 3.3 70B",
        "GPT-4o",
        "Claude Opus 4.5",
        "Claude Haiku 4.5",
        "Grok 4.1 Fast",
    )
    assert found.subject("Meta Llama 3.3") == "Meta Llama 3.3 70B"


def test_a_base_model_is_another_subject():
    source = (
        table("Model", "Gemma 2 9B", "Yi 9B") + "\n### Gemma 2 9B (base)\n\n" + table("Axis", "warm_cold")
    )
    found = names(source)
    assert found.subjects == ("Gemma 2 9B", "Yi 9B", "Gemma 2 9B (base)")
    assert found.subject("Gemma base") == "Gemma 2 9B (base)"
    assert found.subject("Gemma") == "Gemma 2 9B"


def test_two_of_one_family_share_no_alias():
    found = names(table("Model", "Qwen 2.5 7B", "Qwen 3 8B"))
    assert "qwen" not in found.aliases
    assert found.subject("Qwen 3") == "Qwen 3 8B"


def test_rows_that_sum_up_and_lists_are_no_subjects():
    found = names(table("Model", "Ada 1B", "Bob 2B", "Mean", "All models", "Ada 1B, Bob 2B"))
    assert found.subjects == ("Ada 1B", "Bob 2B")


def test_without_a_column_of_models_the_first_column_names_the_subjects():
    assert names(table("Tower", "North tower", "South tower")).subjects == ("North tower", "South tower")
    assert names(table("Axis", "warm_cold")).subjects == ()


def test_without_tables_models_of_known_families_are_subjects():
    found = names(
        "Gemma 3 270M base fell by 0.3. In 2024 Table 1 grew. Gemma 3 270M base and Qwen rose; At 200 it fell."
    )
    assert found.subjects == ("Gemma 3 270M base",)


def test_no_table_no_names():
    assert names("Only 3 words.").mentions("Only Haiku") == []


def test_names_with_digits():
    pattern = names_with_digits(["Ada 1B", "0.5", "Tower 7 North", "x"])
    assert pattern is not None
    assert [match[0] for match in pattern.finditer("Ada 1B has 0.5, Tower 7 North 7")] == [
        "Ada 1B",
        "Tower 7 North",
    ]
    assert names_with_digits(["1.5", "a"]) is None
