"""Counts of tests, lists of what was significant, searched peaks, and printed adjusted p values."""

from __future__ import annotations

import pytest

from reporter.audit.checks.multiplicity import multiplicity
from reporter.audit.finding import Severity

LIST = (
    "There were 7 axes, and all 6 models answered.\n\n### Correlations (Spearman, n=30 per model)\n\n"
    "| Axis | Models with p<0.05 |\n|---|---|\n"
    "| a | M (r=−0.53), Y (r=−0.39), Q (r=−0.38), D (r=+0.39) |\n| b | M (r=+0.58), Y (r=+0.38) |\n"
    "| c | L (r=−0.44) |\n| d | L (r=−0.43) |\n| e | M (r=−0.53) |\n"
)
LAYERS = "| Model | Layers |\n|---|---|\n| Alpha 1B | 29 |\n| Beta 2B | 33 |\n\n"
PEAKS = (
    "Peaks over each of 30 questions.\n\n| Model | warm | formal | verbose |\n|---|---|---|---|\n"
    "| Alpha 1B | L27 −0.38* | L12 +0.42* | L28 −0.77* |\n| Beta 2B | L16 +0.45* | L26 −0.48* | L04 +0.00 |\n"
)
P_LIST = [0.0668, 0.374, 0.340, 0.581, 0.901, 0.560, 1.000, 0.119]
HOLM = ["0.534", "1.000", "1.000", "1.000", "1.000", "1.000", "1.000", "0.833"]


def family(adjusted):
    rows = "".join(
        f"| m{i} | {p:.3f} | {a} | 8 |\n" for i, (p, a) in enumerate(zip(P_LIST, adjusted, strict=True))
    )
    return "| Model | p | Adjusted p | Tests |\n|---|---|---|---|\n" + rows


def test_a_list_comes_from_all_tests_that_were_made(written):
    [finding] = written(multiplicity, LIST)
    assert finding.severity is Severity.WARNING
    assert finding.expected == "1 of 42 after Holm, 3 after Benjamini-Hochberg"
    assert "42 x 0.05 = 2.1" in finding.how
    assert written(multiplicity, LIST.replace("all 6 models", "Holm's adjustment: all 6 models")) != []
    assert written(multiplicity, LIST + "\nAfter Holm's adjustment one is left.\n") == []


def test_peaks_are_the_largest_of_many(written):
    layers, empty = written(multiplicity, LAYERS + PEAKS)
    # r = -.77 at n = 30 has p = 7e-7; -.48 has p = .0073, and 1 - (1 - p)^33 = .21
    assert layers.expected == "1 of 6 after Sidak over the layers"
    assert "29 to 33" in layers.how
    assert (empty.expected, empty.severity) == ("no peak", Severity.WARNING)
    assert written(multiplicity, PEAKS) == []  # the number of layers is not in the document


def test_a_column_of_p_without_a_word_on_their_number(written):
    head = "| Axis | p |\n|---|---|\n"
    clear = "| a | <0.001 |\n| b | 0.110 |\n| c | 0.333 |\n| d | 0.717 |\n"
    assert written(multiplicity, head + clear) == []
    [finding] = written(multiplicity, head + clear.replace("<0.001", "0.040"))
    assert finding.expected == "0 of 4 after Holm, 0 after Benjamini-Hochberg"
    assert (
        written(
            multiplicity,
            "Each p stands by itself, not adjusted.\n\n" + head + clear.replace("<0.001", "0.040"),
        )
        == []
    )


def test_adjusted_p_are_recomputed_within_their_family(written, reference):
    known = reference("audit_p_values")
    assert [known["holm", str(i)] for i in (1, 8)] == [pytest.approx(0.5344), pytest.approx(0.833)]
    assert written(multiplicity, family(HOLM)) == []
    [finding] = written(multiplicity, family(["0.543", *HOLM[1:]]))
    assert finding.severity is Severity.ERROR
    assert "Holm" in finding.how


def test_another_way_to_adjust_is_not_called_wrong(written):
    stepped = ["0.31", "0.72", "0.72", "0.88", "0.99", "0.88", "1.00", "0.45"]  # by a permutation, say
    assert written(multiplicity, family(stepped)) == []


def test_stars_of_a_whole_table(written):
    rows = "| a | 0.12 | −0.30 | 0.41* |\n| b | 0.11 | 0.47* | 0.15 |\n| c | 0.22 | 0.40* | −0.11 |\n"
    text = (
        "Table 1. Rank correlation of entropy and ratings, n = 25.\n\n| Model | x | y | z |\n|---|---|---|---|\n"
        + rows
    )
    [finding] = written(multiplicity, text)
    assert finding.expected.startswith("0 of 9 after Holm")
    assert (
        written(
            multiplicity, text.replace("0.41*", "0.81*").replace("0.47*", "0.85*").replace("0.40*", "0.79*")
        )
        == []
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("We made 40 tests, 6 are below .05.", True),
        ("We made 40 tests, 6 are below .05; 2 would be by chance.", False),
        ("Of 40 tests, after Holm's adjustment, 6 are below .05.", False),
        ("We made 40 tests.", False),
    ],
)
def test_a_sentence_that_counts_its_tests(written, text, wrong):
    assert bool(written(multiplicity, text)) is wrong
