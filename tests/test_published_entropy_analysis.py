"""The entropy-analysis study's published rows: every figure of the document's tables, each with its address.

Deltas are not among the rows: each is the difference of two poles that are. Mean entropies that the
document repeats beside its dead zones are stored once. Minimum and maximum are marks on rows, not figures.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t as student

from reporter.columns import OBSERVATIONS
from reporter.families import benjamini_hochberg, benjamini_yekutieli, holm
from reporter.statistics.spearman import spearman

FOLDER = Path(__file__).resolve().parent.parent / "inputs" / "entropy-analysis"
N = 30  # baseline questions per model
DECIMALS = {"published.csv": 3, "published-hundredths.csv": 2, "published-counts.csv": 0}
HOW_MANY = {
    "token_entropy_mean": 7 + 22, "token_entropy_sd": 7, "token_entropy_median": 7, "token_count": 7,
    "effective_dimension": 6, "layer_count": 7, "hidden_size": 7, "layer_entropy_least": 7,
    "layer_entropy_most": 7, "entropy_axis_rho": 9, "dead_zones": 6, "pole_p": 8, "pole_p_below": 3,
    "peak_rho": 42, "peak_star": 42,
}  # fmt: skip
MODELS = {
    "Gemma": "gemma-2-9b", "Phi-4": "phi-4-14b", "Llama": "llama-3.1-8b", "Mistral": "mistral-7b-v0.3",
    "Yi": "yi-1.5-9b", "DeepSeek": "deepseek-7b", "Qwen": "qwen-2.5-7b",
}  # fmt: skip
BASE = "gemma-2-9b-base"
AXES = (
    "warm_cold", "formal_casual", "verbose_concise", "empathetic_analytical", "confident_cautious",
    "patient_irritated", "proactive_reluctant",
)  # fmt: skip
EXPERIMENT_1 = "experiment-1-generation-entropy-per-model"
EXPERIMENT_2 = "experiment-2-layer-wise-activation-entropy-profiles"
QUESTIONS = "3a-per-question-correlations-spearman-n30-per-model"
DEAD_ZONES = "3c-dead-zone-vs-healthy-models"
POLES = {"yi-15-9b": MODELS["Yi"], "gemma-2-9b-base": BASE}
PEAKS = "peak-correlation-layer-per-model--axis"
# What each column says of its row's model; a cell has one number for each word.
MEASURED = {
    EXPERIMENT_1: (
        ("token_entropy_mean",), ("token_entropy_sd",), ("token_entropy_median",), ("token_count",),
        ("effective_dimension",),
    ),
    EXPERIMENT_2: (("layer_count",), ("hidden_size",), ("layer_entropy_least", "layer_entropy_most")),
}  # fmt: skip
DELTAS = {
    "yi-15-9b": ("0.055", "0.045", "-0.027", "-0.018", "-0.010"),
    "gemma-2-9b-base": ("0.248", "0.156", "-0.020", "0.006", "-0.018", "0.029"),
}
NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")

Row = dict[str, str]
Claims = dict[tuple[str, str], str]  # the printed number, by address and column


def read(file: str) -> list[Row]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for file in DECIMALS for row in read(file)]


@pytest.fixture(scope="module")
def tables(shared) -> dict[str, list[list[str]]]:
    """Read the document's tables, without their heads, by the anchor of their section."""
    found: dict[str, list[list[str]]] = {}
    anchor = ""
    lines = (shared / "documents" / "entropy-analysis.md").read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if line.startswith("#"):
            anchor = re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        elif line.startswith("|--"):
            assert before.startswith("|")
            assert anchor not in found
            found[anchor] = []
        elif line.startswith("|") and before.startswith("|"):
            found[anchor].append([cell.strip().replace("**", "") for cell in line.strip("|").split("|")])
    return found


def numbers(cell: str) -> list[str]:
    return [str(Decimal(number.replace("−", "-"))) for number in NUMBER.findall(cell)]


def model_of(cell: str) -> str:
    return MODELS[cell.split()[0]]


def summaries(tables: dict[str, list[list[str]]]) -> Iterator[tuple[str, str, str]]:
    for section, columns in MEASURED.items():
        for label, *cells in tables[section]:
            for measures, cell in zip(columns, cells, strict=True):
                if cell != "N/A":
                    for measure, number in zip(measures, numbers(cell), strict=True):
                        yield f"{section}/{model_of(label)}/{measure}", "value", number
    for label, _, cell in tables[DEAD_ZONES]:
        for column, number in zip(("value", "n"), numbers(cell), strict=True):
            yield f"{DEAD_ZONES}/{model_of(label)}/dead_zones", column, number


def correlations(tables: dict[str, list[list[str]]]) -> Iterator[tuple[str, str, str]]:
    for axis, _, cell in tables[QUESTIONS]:
        for name, number in re.findall(r"([\w-]+) \(r=([−+]\d\.\d\d)", cell):
            yield f"{QUESTIONS}/{MODELS[name]}/{axis}/entropy_axis_rho", "value", *numbers(number)
    for label, *cells in tables[PEAKS]:
        for axis, cell in zip(AXES, cells, strict=True):
            place = f"{PEAKS}/{model_of(label)}/{axis}"
            for column, number in zip(("layer", "value"), numbers(cell), strict=True):
                yield f"{place}/peak_rho", column, number


def poles(tables: dict[str, list[list[str]]]) -> Iterator[tuple[str, str, str]]:
    for section, model in POLES.items():
        for axis, positive, negative, _, p in tables[section]:
            place = f"{section}/{model}/{axis}"
            yield f"{place}/positive/token_entropy_mean", "value", *numbers(positive)
            yield f"{place}/negative/token_entropy_mean", "value", *numbers(negative)
            yield f"{place}/{'pole_p_below' if p.startswith('<') else 'pole_p'}", "value", *numbers(p)


@pytest.fixture(scope="module")
def printed(tables) -> Claims:
    claims = [*summaries(tables), *correlations(tables), *poles(tables)]
    found = {(f"document.md#{place}", column): number for place, column, number in claims}
    assert len(found) == len(claims)
    return found


def test_every_figure_of_the_document_is_a_row_and_every_row_is_in_the_document(rows, printed):
    ours = {(row["address"], "value"): row["value"] for row in rows if row["measure"] != "peak_star"}
    ours |= {(row["address"], "layer"): row["layer"] for row in rows if row["measure"] == "peak_rho"}
    ours |= {(row["address"], "n"): row["n"] for row in rows if row["measure"] == "dead_zones"}
    assert ours == printed


def test_what_is_no_row_is_a_difference_of_poles_or_a_repeated_mean(tables, printed, rows):
    in_cells = {
        section: Counter(number for row in table for cell in row[1:] for number in numbers(cell))
        for section, table in tables.items()
    }
    for (address, _), number in printed.items():
        section = address.removeprefix("document.md#").partition("/")[0]
        in_cells[section][number] -= 1
    left = {section: +count for section, count in in_cells.items() if +count}
    means = {
        row["model"]: row["value"]
        for row in rows
        if row["measure"] == "token_entropy_mean" and not row["pole"]
    }
    assert all(number >= 0 for count in in_cells.values() for number in count.values())
    assert left == {
        DEAD_ZONES: Counter(means[model_of(row[0])] for row in tables[DEAD_ZONES]),
        **{section: Counter(deltas) for section, deltas in DELTAS.items()},
    }
    for label, mean, _ in tables[DEAD_ZONES]:
        assert mean == means[model_of(label)]


def test_a_delta_is_the_difference_of_its_poles_up_to_rounding(tables):
    off = []
    for section, deltas in DELTAS.items():
        for (axis, positive, negative, delta, _), stated in zip(tables[section], deltas, strict=True):
            assert numbers(delta) == [stated]
            difference = Decimal(positive) - Decimal(negative)
            if difference != Decimal(stated):
                off.append((section, axis, str(difference)))
            assert abs(difference - Decimal(stated)) <= Decimal("0.001")  # of three rounded numbers
    assert off == [
        ("gemma-2-9b-base", "formal_casual", "0.155"),
        ("gemma-2-9b-base", "warm_cold", "-0.021"),
        ("gemma-2-9b-base", "empathetic_analytical", "-0.017"),
    ]


def test_stars_are_those_of_the_document(tables, rows):
    stars = {row["address"]: row["value"] for row in rows if row["measure"] == "peak_star"}
    assert stars == {
        f"document.md#{PEAKS}/{model_of(label)}/{axis}/peak_star": str(int(cell.endswith("*")))
        for label, *cells in tables[PEAKS]
        for axis, cell in zip(AXES, cells, strict=True)
    }


def test_rows_are_counted_and_their_addresses_say_what_they_are(rows):
    assert Counter(row["measure"] for row in rows) == HOW_MANY
    assert len({row["address"] for row in rows}) == len(rows) == 194
    for row in rows:
        named = [row[name] for name in ("model", "axis", "pole", "measure") if row.get(name)]
        place, _, rest = row["address"].partition("/")
        assert rest.split("/") == named
        assert place.startswith("document.md#")
        assert (row["study"], row["source"], row["origin"]) == (
            "entropy-analysis",
            "document.md",
            "published",
        )


def test_columns_are_those_of_observations_in_their_order():
    glossary = [column.name for column in OBSERVATIONS]
    for file in DECIMALS:
        head = list(read(file)[0])
        assert head == [name for name in glossary if name in head]


@pytest.mark.parametrize(("file", "decimals"), DECIMALS.items())
def test_a_file_holds_numbers_of_one_rounding(file, decimals):
    assert {-Decimal(row["value"]).as_tuple().exponent for row in read(file)} == {decimals}


def test_models_axes_and_poles(rows):
    assert {row["model"] for row in rows} == {*MODELS.values(), BASE}
    assert {row["axis"] for row in rows} == {"", *AXES}
    assert {row["model"]: row["model_kind"] for row in rows if row["model_kind"]} == {
        MODELS["Yi"]: "instruct",
        BASE: "base",
    }
    assert not [
        row for row in rows if row["model"] == MODELS["Phi-4"] and row["measure"] == "effective_dimension"
    ]
    held = Counter((row["model"], row["pole"]) for row in rows if row.get("pole"))
    assert held == {
        (model, pole): len(deltas)
        for model, deltas in zip(POLES.values(), DELTAS.values(), strict=True)
        for pole in ("positive", "negative")
    }


def test_entropies_say_of_which_distribution_and_which_bins_they_are(rows):
    tokens = [row for row in rows if row["symbol"] == "token"]
    assert {(row["estimator"], row["k"], row["logprob_mode"]) for row in tokens} == {
        ("truncated_partial", "50", "warped")
    }
    sizes = {row["model"]: row["value"] for row in rows if row["measure"] == "hidden_size"}
    layers = [row for row in rows if row["measure"].startswith("layer_entropy_")]
    for row in layers:
        assert row["bin_rule"] == f"freedman_diaconis_50_to_200_of_{sizes[row['model']]}"
        assert row["n"] == sizes[row["model"]]
    assert len(layers) == 14


def by_model(rows: list[Row], measure: str) -> dict[str, float]:
    return {r["model"]: float(r["value"]) for r in rows if r["measure"] == measure and not r.get("pole")}


def test_mean_entropy_and_effective_dimension(rows):
    entropy, dimension = by_model(rows, "token_entropy_mean"), by_model(rows, "effective_dimension")
    found = spearman([entropy[model] for model in dimension], list(dimension.values()))
    assert found.n == 6
    assert found.r == pytest.approx(0.3714, abs=5e-5)  # as the methods page prints it
    assert found.p == pytest.approx(0.4972, abs=5e-5)


def test_the_widest_range_of_layers_is_not_the_one_that_the_document_names(rows):
    least, most = by_model(rows, "layer_entropy_least"), by_model(rows, "layer_entropy_most")
    widths = {model: most[model] - least[model] for model in least}
    assert max(widths, key=widths.__getitem__) == MODELS["Yi"]
    assert widths[MODELS["Yi"]] == pytest.approx(2.31)
    assert widths[MODELS["Llama"]] == pytest.approx(1.32)
    assert max(widths.values()) / min(widths.values()) == pytest.approx(4.5, abs=0.05)


def p_of(r: list[float]) -> np.ndarray:
    """Test each rank correlation of N answers by Student's t."""
    rho = np.array(r)
    return 2 * student.sf(np.abs(rho) * np.sqrt((N - 2) / (1 - rho**2)), N - 2)


def test_one_of_the_correlations_of_questions_survives_its_family(rows):
    listed = p_of([float(row["value"]) for row in rows if row["measure"] == "entropy_axis_rho"])
    assert listed.size == 9
    assert (listed < 0.05).all()
    # The other 33 are not printed; being at .05 or above they change nothing in the nine.
    p = np.concatenate([listed, np.ones(6 * 7 - 9)])
    assert (holm(p) < 0.05).sum() == 1
    assert (benjamini_hochberg(p) < 0.05).sum() == 3
    assert (benjamini_yekutieli(p) < 0.05).sum() == 0


def test_peaks_are_those_that_are_judged_elsewhere_and_their_stars_are_single_tests(rows):
    peaks = [row for row in rows if row["measure"] == "peak_rho"]
    depth = by_model(rows, "layer_count")
    layers = np.array([depth[row["model"]] for row in peaks])
    assert all(0 <= int(row["layer"]) < depth[row["model"]] for row in peaks)
    singly = p_of([float(row["value"]) for row in peaks])
    over_layers = 1 - (1 - singly) ** layers
    survive = [(singly < 0.05).sum(), (over_layers < 0.05).sum(), (holm(over_layers) < 0.05).sum()]
    assert survive == [34, 17, 7]
    stars = {(r["model"], r["axis"], r["layer"]): r["value"] for r in rows if r["measure"] == "peak_star"}
    ours = [stars[row["model"], row["axis"], row["layer"]] == "1" for row in peaks]
    assert ours == (singly < 0.05).tolist()
