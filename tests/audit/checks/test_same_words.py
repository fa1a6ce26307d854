"""Counts in sentences that say the same of the same whole: one that departs is found, other phrases are others."""

from __future__ import annotations

import dataclasses

import pytest

from reporter.audit.checks.same_words import same_words
from reporter.audit.facts import Facts
from reporter.audit.finding import Severity


def reading(made, *texts, names=()):
    """Make a document of sentences, each in its own line, and each with one share."""
    sentences = []
    for line, text in enumerate(texts, 1):
        share = next(word for word in text.split() if "/" in word).strip("(,.")
        sentences.append(made.sentence(text, made.quantity(share), line=line))
    whole = made.reading(*sentences)
    aliases = {name.lower(): name for name in names}
    return dataclasses.replace(whole, facts=Facts(document=whole.document, facts=(), aliases=aliases))


def test_what_agrees_passes(made):
    looked = [*same_words(reading(made, "In all 6/8 models rose.", "So 6/8 models rose by much."))]
    assert [each.finding for each in looked] == []  # two places, and one says more
    looked = [*same_words(reading(made, "In all 6/8 models rose.", "So 6/8 models rose."))]
    assert [each.finding for each in looked] == [None]


def test_the_count_that_departs_from_most_is_found(made):
    texts = ("6/8 models rose.", "At the end 7/8 models rose, as said.", "6/8 models rose by 0.015 nats.")
    [finding] = made.found(same_words, reading(made, *texts))
    assert (finding.severity, finding.place.line, finding.expected) == (Severity.ERROR, 1, "6, as in line 1")
    assert finding.quoted == texts[1]


def test_one_against_one_names_both(made):
    findings = made.found(same_words, reading(made, "6/8 models rose.", "7/8 models rose."))
    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    "other",
    ["7/8 models fell.", "7/9 models rose.", "7/8 of the models rose.", "Of Alpha 7/8 models rose."],
)
def test_other_phrases_wholes_and_subjects_are_others(made, other):
    assert made.found(same_words, reading(made, "6/8 models rose.", other, names=("Alpha",))) == []


def test_a_phrase_that_a_line_says_twice_is_of_several(made):
    texts = ("5/12 prompts of one lay inside.", "5/12 prompts of two lay inside.")
    first, second = reading(made, *texts).document.sentences
    twice = made.reading(first, dataclasses.replace(first, place=second.place), second)
    assert [*same_words(twice)] == []
