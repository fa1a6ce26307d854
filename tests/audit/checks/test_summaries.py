"""Mean, sd, minimum, maximum and n together, against the counts of the methods page and brute force."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.audit.checks.summaries import summaries
from reporter.audit.finding import Severity

ROOT = Path(__file__).resolve().parents[3]
HEADS = ("Model", "Mean H", "Std H", "Min H", "Max H", "Range")


@pytest.fixture(scope="module")
def published():
    with (ROOT / "inputs" / "token-scaling" / "published.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    return {
        limit: [
            (row["model"], row["mean"], row["sd"], row["minimum"], row["maximum"], "0.1")
            for row in rows
            if row["token_limit"] == limit
        ]
        for limit in ("100", "200")
    }


def both(made, published, **more):
    return made.reading(
        made.table(HEADS, *published["100"], line=10, section="100 token results (3 prompts each)", **more),
        made.table(HEADS, *published["200"], line=30, section="200 token results (3 prompts each)", **more),
    )


def test_which_divisor_fits_how_many_published_cells(made, published):
    """Methods page, 1c: all 16 with ddof 0, 8 with ddof 1."""
    findings = made.found(summaries, both(made, published), notes=True)
    [divisor] = [finding for finding in findings if "divisor" in finding.expected]
    assert "with divisor n in 16 of 16 rows, with n - 1 in 8 of 16" in divisor.how
    assert divisor.severity is Severity.NOTE
    assert not [finding for finding in findings if finding.severity is Severity.ERROR]


def test_regularity_and_repeats_of_the_published_cells(made, published):
    """Methods page, 4: five of eight rows at 100 tokens; GPT-4o and Opus repeat figures."""
    warnings = made.found(summaries, both(made, published))
    [regular] = [finding for finding in warnings if "mean - sd" in finding.how]
    assert "in 5 of 8 rows" in regular.how and regular.place.line == 12
    repeats = [finding for finding in warnings if "as well as" in finding.how]
    assert sorted(finding.place.row for finding in repeats) == ["claude-opus-4.5", "gpt-4o"]
    assert [f.expected.startswith("sd,") for f in repeats if f.place.row == "gpt-4o"] == [True]


def test_what_a_report_prints_at_second_hand_is_a_note(made, published):
    reading = both(made, published, caption="As published; the range is computed.")
    assert made.found(summaries, reading) == []
    assert len(made.found(summaries, reading, notes=True)) == 4


def test_without_n_nothing_is_tested(made, published):
    assert [*summaries(made.reading(made.table(HEADS, *published["100"])))] == []


def test_n_in_a_sentence_a_caption_and_a_column(made):
    row = ("a", "2.86", "0.40", "2.82", "2.90", "0.08")
    before = made.sentence("Each cell summarises three prompts.", line=9)
    assert len(made.found(summaries, made.reading(before, made.table(HEADS, row)))) == 1
    assert len(made.found(summaries, made.reading(made.table(HEADS, row, caption="n = 3")))) == 1
    assert (
        len(made.found(summaries, made.reading(made.table((*HEADS[:-1], "Prompts"), (*row[:-1], "3"))))) == 1
    )
    with_n = made.table((*HEADS[:-1], "n"), (*row[:-1], "3"))
    [finding] = made.found(summaries, made.reading(with_n))
    assert finding.severity is Severity.ERROR
    # methods page, 1c: of this cell the sd can be .028577 to .037417 with divisor n
    assert finding.expected.startswith("a standard deviation from 0.029 (divisor n) to 0.046")


def test_a_mean_beyond_the_extremes_is_impossible(made):
    reading = made.reading(made.table(HEADS, ("a", "3.86", "0.04", "2.82", "2.90", "0.08"), caption="n = 3"))
    [finding] = made.found(summaries, reading)
    assert "mean between" in finding.expected


def test_a_document_that_mixes_divisors_is_told(made):
    """0, 0, 1 has sd .471 (n) and .577 (n - 1); 0, 1, 1 likewise: each row allows one divisor only."""
    rows = [
        ("a", "0.333", "0.471", "0.000", "1.000", "1.000"),
        ("b", "0.667", "0.577", "0.000", "1.000", "1.000"),
    ]
    [finding] = made.found(summaries, made.reading(made.table(HEADS, *rows, caption="n = 3")))
    assert finding.severity is Severity.WARNING
    assert "some only the other" in finding.how


cells = st.lists(st.floats(0, 9), min_size=2, max_size=8).filter(lambda values: np.ptp(values) > 0)


def as_row(values, ddof):
    return (
        "m",
        *(
            f"{value:.2f}"
            for value in (
                np.mean(values),
                np.std(values, ddof=ddof),
                min(values),
                max(values),
                np.ptp(values),
            )
        ),
    )


@given(cells, st.sampled_from([0, 1]))
def test_values_that_exist_are_never_impossible(made, values, ddof):
    reading = made.reading(made.table(HEADS, as_row(values, ddof), caption=f"n = {len(values)}"))
    assert made.found(summaries, reading) == []


@given(cells, st.sampled_from([0, 1]), st.sampled_from([-1, 1]))
def test_an_sd_beyond_all_values_is_found(made, values, ddof, side):
    """By brute force on a grid of values no set of n has such an sd: it is above the range, or below 0."""
    row = [*as_row(values, ddof)]
    row[2] = f"{np.ptp(values) + 0.05 if side > 0 else -0.02:.2f}"
    reading = made.reading(made.table(HEADS, tuple(row), caption=f"n = {len(values)}"))
    assert [finding.severity for finding in made.found(summaries, reading)] == [Severity.ERROR]


@pytest.mark.parametrize("sd", [f"{value:.1f}" for value in np.arange(0, 1.3, 0.1)])
def test_agrees_with_brute_force(made, sd):
    """Minimum .0, maximum 2.0, mean .7 of n = 3, on a grid of a tenth of a printed unit."""
    grid = np.arange(-0.05, 0.0501, 0.01)
    spreads = []
    for low, high in itertools.product(grid, 2 + grid):
        for mean in 0.7 + grid:
            middle = 3 * mean - low - high
            if low <= middle <= high:
                spreads += [np.std([low, middle, high], ddof=ddof) for ddof in (0, 1)]
    feasible = any(abs(spread - float(sd)) <= 0.05 for spread in spreads)
    heads, row = HEADS[:-1], ("m", "0.7", sd, "0.0", "2.0")
    assert (made.found(summaries, made.reading(made.table(heads, row, caption="n = 3"))) == []) == feasible
