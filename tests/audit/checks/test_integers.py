"""GRIM, GRIMMER and DEBIT, against published examples and all samples of small whole numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from reporter.audit.checks.integers import integers

HEADS = ("Group", "Mean", "SD", "n")
LIKERT = "Ratings on a 7-point scale."

# Printed in the README of the R package scrutiny (data set pigs1), from its function grim_map.
GRIM = [("7.22", 32, True), ("4.74", 25, False), ("5.23", 29, False), ("2.57", 24, False)]
# Brown & Heathers (2017), the example of their introduction: 145/28 is 5.18, 146/28 is 5.21.
GRIM += [("5.19", 28, False), ("5.18", 28, True), ("5.21", 28, True)]


def judged(made, mean, sd, n, caption=LIKERT):
    heads, row = (HEADS, ("a", mean, sd, str(n))) if sd else (("Group", "Mean", "n"), ("a", mean, str(n)))
    return made.found(integers, made.reading(made.table(heads, row, caption=caption)))


@pytest.mark.parametrize(("mean", "n", "consistent"), GRIM)
def test_grim_as_published(made, mean, n, consistent):
    assert (judged(made, mean, None, n) == []) == consistent


def test_debit_as_published(made):
    """The vignette of scrutiny: a mean of .35 and an sd of .18 cannot be those of 20 zeros and ones."""
    [finding] = judged(made, "0.35", "0.18", 20, "Binary answers.")
    assert finding.expected.startswith("an sd of 0.49")
    assert judged(made, "0.35", "0.49", 20, "Binary answers.") == []
    assert len(judged(made, "1.35", "0.49", 20, "Binary answers.")) == 1


@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_whole_numbers_that_exist_pass(made, n):
    """All samples of 0 to 4, either divisor: soundness by enumeration."""
    for sample in itertools.combinations_with_replacement(range(5), n):
        for ddof in (0, 1):
            assert judged(made, f"{np.mean(sample):.2f}", f"{np.std(sample, ddof=ddof):.2f}", n) == []


def test_agrees_with_enumeration_on_what_does_not_exist(made):
    """n = 5, values 0 to 6: what GRIMMER refuses no sample has; and it refuses most of what none has."""
    samples = [*itertools.combinations_with_replacement(range(7), 5)]
    exist = {(f"{np.mean(s):.2f}", f"{np.std(s, ddof=ddof):.2f}") for s in samples for ddof in (0, 1)}
    means = sorted({mean for mean, _ in exist if 2 <= float(mean) <= 4})
    spreads = [f"{sd:.2f}" for sd in np.arange(0.4, 2.0, 0.01)]
    refused = {(m, s) for m in means for s in spreads if judged(made, m, s, 5)}
    absent = {(m, s) for m in means for s in spreads} - exist
    assert refused <= absent
    assert len(refused) > 0.9 * len(absent)


def test_squares_add_up_to_no_less_than_whole_numbers_allow(made):
    """A mean of .50 over 8 takes four ones more than zeros at least: an sd of 0 would need halves."""
    assert len(judged(made, "0.50", "0.00", 8)) == 1
    assert judged(made, "0.50", "0.53", 8) == []


def test_zeros_and_ones_that_exist_pass_and_others_do_not(made):
    for n, k in itertools.product((4, 7, 20), range(5)):
        sample = [1] * k + [0] * (n - k)
        mean, sd = f"{np.mean(sample):.2f}", np.std(sample, ddof=1)
        assert judged(made, mean, f"{sd:.2f}", n, "Yes/no answers.") == []
        assert len(judged(made, mean, f"{sd + 0.3:.2f}", n, "Yes/no answers.")) == 1


def test_only_where_the_document_says_so(made):
    assert judged(made, "5.19", "1.00", 28, "Entropies in nats.") == []
    assert [*integers(made.reading(made.table(HEADS, ("a", "5.19", "1.00", "28"))))] == []


def test_a_sentence_in_the_manner_of_the_apa(made):
    def said(mean, words=" on a Likert scale"):
        numbers = [
            made.quantity(mean, label="mean"),
            made.quantity("1.20", label="sd"),
            made.quantity("28", label="n"),
        ]
        text = f"They agreed{words} (M = {mean}, SD = 1.20, n = 28)."
        return made.found(integers, made.reading(made.sentence(text, *numbers)))

    assert len(said("5.19")) == 1
    assert said("5.18") == []
    assert said("5.19", "") == []
