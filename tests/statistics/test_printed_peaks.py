"""Printed peaks over layers, against R's pt and p.adjust, a simulation, and the counts of the methods page."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from reporter.errors import Degenerate
from reporter.statistics.printed_peaks import printed_peaks

INPUTS = Path(__file__).resolve().parents[2] / "inputs" / "entropy-analysis"
FEW = ([0.5, 0.99, -0.2], [1, 12, 100], [30, 200, 4])


def rows(file: str, measure: str) -> list[dict[str, str]]:
    with (INPUTS / file).open(encoding="utf-8", newline="") as opened:
        return [row for row in csv.DictReader(opened) if row["measure"] == measure]


@pytest.fixture(scope="module")
def document() -> tuple[list[float], list[float], list[float]]:
    """Read r, layers and n of the document's peaks, in its order."""
    peaks = rows("published-hundredths.csv", "peak_rho")
    depth = {row["model"]: float(row["value"]) for row in rows("published-counts.csv", "layer_count")}
    return (
        [float(row["value"]) for row in peaks],
        [depth[row["model"]] for row in peaks],
        [float(row["n"]) for row in peaks],
    )


@pytest.mark.parametrize("field", ["p", "p_sidak", "p_holm"])
@pytest.mark.parametrize("case", ["document", "few"])
def test_agrees_with_r(case, field, reference, document):
    expected = reference("printed")
    ours = getattr(printed_peaks(*(document if case == "document" else FEW)), field)
    assert len(ours) == sum(name.startswith(case) and key == field for name, key in expected)
    for place, value in enumerate(ours, start=1):
        assert value == pytest.approx(expected[f"{case}_{place:02d}", field], rel=1e-8, abs=0), place


def test_of_the_forty_two_peaks_seven_survive_layers_and_family(document):
    """The methods page: 34 below .05 singly, 17 after Sidak over layers, 7 after Holm over all 42."""
    ours = printed_peaks(*document)
    assert (len(ours.singly), len(ours.sidak), len(ours.holm), ours.n) == (34, 17, 7, 42)
    assert (ours.singly.n, ours.sidak.n, ours.holm.n) == (42, 42, 42)
    assert set(ours.holm) <= set(ours.sidak) <= set(ours.singly)
    assert (ours.layers, ours.r) == (tuple(map(int, document[1])), tuple(document[0]))


def test_singly_is_the_star_of_the_document(document):
    stars = [row["value"] == "1" for row in rows("published-counts.csv", "peak_star")]
    assert printed_peaks(*document).singly.indices == tuple(np.flatnonzero(stars).tolist())


def test_a_peak_over_nothing_has_p_of_one(document):
    r = document[0]
    ours = printed_peaks(*document)
    nothing = r.index(0.0)
    assert (ours.p[nothing], ours.p_sidak[nothing], ours.p_holm[nothing]) == (1.0, 1.0, 1.0)
    assert sum(p == 1 for p in ours.p) == 1


def test_a_tiny_p_keeps_its_digits():
    """1 - (1 - p)^1000 is 1000 p where p is far below the spacing of numbers near 1."""
    ours = printed_peaks([0.99], [1000], [60])
    assert 0 < ours.p[0] < 1e-30
    assert ours.p_sidak[0] == pytest.approx(1000 * ours.p[0], rel=1e-12, abs=0)


def test_the_best_of_independent_layers_is_below_alpha_as_often_as_it_says():
    rng = np.random.default_rng(8)
    n, layers, models = 12, 20, 4000
    axis = rng.normal(size=(models, 1, n))
    states = rng.normal(size=(models, layers, n))
    axis -= axis.mean(axis=-1, keepdims=True)
    states -= states.mean(axis=-1, keepdims=True)
    r = (axis * states).sum(axis=-1) / np.sqrt((axis**2).sum(axis=-1) * (states**2).sum(axis=-1))
    best = np.take_along_axis(r, np.abs(r).argmax(axis=1)[:, np.newaxis], axis=1)[:, 0]
    ours = printed_peaks(best, [layers] * models, [n] * models)
    assert len(ours.singly) / models > 0.5
    # four standard errors of a share of .05 of 4,000
    assert len(ours.sidak) / models == pytest.approx(0.05, abs=0.014)


@pytest.mark.parametrize(("field", "chosen"), [("p", "singly"), ("p_sidak", "sidak"), ("p_holm", "holm")])
def test_a_p_at_alpha_is_not_below_it(field, chosen):
    peaks = ([0.4, 0.5], [3, 3], [30, 30])
    alpha = max(getattr(printed_peaks(*peaks), field))
    assert getattr(printed_peaks(*peaks, alpha=alpha), chosen).indices == (1,)


@pytest.mark.parametrize(
    ("r", "layers", "n", "reason"),
    [
        ([], [], [], "too_few"),
        ([0.5], [0], [30], "too_few"),
        ([0.5], [29], [2], "too_few"),
        ([0.5], [29, 29], [30], "mismatched_lengths"),
        ([0.5, 0.4], [29, 29], [30], "mismatched_lengths"),
        ([0.5], [float("nan")], [30], "not_finite"),
        ([0.5], [[29]], [30], "not_one_dimensional"),
        ([1.5], [29], [30], "not_correlations"),
        ([1.0], [29], [30], "perfect_correlation"),
        ([0.5], [29.5], [30], "not_counts"),
        ([0.5], [29], [30.5], "not_counts"),
    ],
)
def test_refuses_with_a_reason(r, layers, n, reason):
    with pytest.raises(Degenerate) as refusal:
        printed_peaks(r, layers, n)
    assert refusal.value.reason == reason
