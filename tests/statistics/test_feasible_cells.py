"""Counts of the methods page: 16 of 16 cells under ddof 0, 8 of 16 under ddof 1."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics.feasible_cells import feasible_cells

ROWS = Path(__file__).parents[2] / "inputs" / "token-scaling" / "published.csv"


def cells(limit: str | None = None) -> list[Summary]:
    with ROWS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if limit in (None, row["token_limit"])]
    names = ("mean", "sd", "minimum", "maximum")
    return [
        Summary(**{name: float(row[name]) for name in names}, n=int(row["n"]), half_width=0.005)
        for row in rows
    ]


def test_all_cells_fit_the_population_sd_and_half_the_sample_sd():
    both = feasible_cells(cells())
    assert (len(both.population), len(both.sample), both.n) == (16, 8, 16)


def test_by_limit():
    first, second = feasible_cells(cells("100")), feasible_cells(cells("200"))
    assert first.sample.indices == (0, 2, 3, 5, 6, 7)  # not GPT-4o, not Opus
    assert second.sample.indices == (4, 6)  # Opus, Haiku


def test_a_mean_that_no_values_can_have_fits_neither():
    # n = 2: the mean must be halfway between minimum and maximum, here 2.95
    impossible = Summary(mean=2.91, sd=0.05, minimum=2.90, maximum=3.00, n=2, half_width=0.005)
    found = feasible_cells([impossible])
    assert (len(found.population), len(found.sample), found.n) == (0, 0, 1)


def test_no_cell_is_refused():
    with pytest.raises(Degenerate, match="too_few"):
        feasible_cells([])
