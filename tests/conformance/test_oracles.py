"""Every word of statistics and entropy has a test that imports it, a value from outside, and a place in the docs."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from reporter.names import words_in
from reporter.references import BY_STATISTIC

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "tests" / "reference"
WORDS = [(folder, word) for folder in ("statistics", "entropy") for word in words_in(f"reporter.{folder}")]

# Words without a value from R: the test that holds a closed form, an enumeration, a published table, the
# methods page or another package's value against them.
BY_TEST = {
    "statistics": {
        "bootstrap_difference": "test_bootstrap.py::test_the_difference_of_two_groups_agrees_with_scipy",
        "change_beyond_length": "test_change_beyond_length.py::test_of_one_length_against_all_pairs_of_different_texts",
        "changes": "test_changes.py::test_the_published_table",
        "describe_summary": "test_describe_summary.py::test_figures_stand_and_the_range_is_the_documents",
        "dimension_spearman": "test_dimension_spearman.py::test_agrees_with_scipy_on_ratios_in_closed_form",
        "effective_dimension": "test_effective_dimension.py::test_orthogonal_axes_count_by_their_variances",
        "feasible_cells": "test_feasible_cells.py::test_all_cells_fit_the_population_sd_and_half_the_sample_sd",
        "feasible_summary": "test_feasible_summary.py::test_agrees_with_a_search_through_all_active_constraints",
        "fingerprint": "test_fingerprint.py::test_agrees_with_the_definition",
        "listed_pairs": "test_listed_pairs.py::test_pairs_stand_as_they_were_measured",
        "max_statistic": "test_max_statistic.py::test_agrees_with_the_definition",
        "mean_summary": "test_mean_summary.py::test_agrees_with_r_under_either_ddof",
        "page_l": "test_page_l.py::test_critical_values_of_the_published_table",
        "peak_scan": "test_peak_scan.py::test_exact_p_is_the_share_of_all_orders",
        "pooled_spearman": "test_pooled_spearman.py::test_exact_p_applies_each_order_to_every_model",
        "printed_difference": "test_printed_difference.py::test_every_published_difference_lies_within_the_bounds",
        "printed_value": "test_printed_value.py::test_the_published_figure_comes_back_digit_for_digit",
        "repeating_share": "test_repeating_share.py::test_agrees_with_the_slow_definition",
        "stratified_peak_scan": "test_stratified_peak_scan.py::test_exact_p_is_the_share_of_orders_within_strata",
        "zone_crossing": "test_zone_crossing.py::test_every_coupling_lies_within_the_bounds",
        "zone_moves": "test_zone_moves.py::test_only_deepseek_crosses",
    },
    "entropy": {
        "block_entropy": "test_rates.py::test_blocks_of_a_markov_chain_find_its_rate",
        "compression_bound": "test_rates.py::test_compression_of_random_letters_stays_above_their_entropy",
        "english": "test_reference_levels.py::test_english_agrees_with_the_published_frequencies_of_letters",
        "entropy_rate": "test_rates.py::test_rate_weighs_positions_and_keeps_answers",
        "length_matched_null": "test_length_matched_null.py::test_null_of_one_pair_by_enumeration",
        "level_null": "test_length_matched_null.py::test_level_null_by_hand",
        "reference_levels": "test_reference_levels.py::test_small_levels_by_enumeration",
        "symbols": "test_text_entropy.py::test_agrees_with_counter_on_every_kind_of_text",
        "text_entropy": "test_text_entropy.py::test_agrees_with_counter_on_every_kind_of_text",
        "truncated": "test_truncated.py::test_bounds_are_attained",
        "units": "test_units.py::test_only_values_change_and_intervals_with_them",
    },
}


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def imports(tree: ast.Module, module: str) -> bool:
    """Whether a test file takes a module, or something out of it."""
    package, _, word = module.rpartition(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if node.module == module or (
                node.module == package and word in {alias.name for alias in node.names}
            ):
                return True
        elif isinstance(node, ast.Import) and module in {alias.name for alias in node.names}:
            return True
    return False


@cache
def importers(folder: str, word: str) -> tuple[Path, ...]:
    files = sorted((ROOT / "tests" / folder).glob("test_*.py"))
    return tuple(path for path in files if imports(ast.parse(source(path)), f"reporter.{folder}.{word}"))


def scripts_of(folder: str, word: str) -> list[str]:
    """The R scripts that name a word, stand beside what they printed, and are read by one of its tests."""
    read = {
        name for path in importers(folder, word) for name in re.findall(r'reference\("(\w+)"\)', source(path))
    }
    return [
        name
        for name in sorted(read)
        if (REFERENCE / f"{name}.R").is_file()
        and (REFERENCE / f"{name}.csv").is_file()
        and re.search(rf"\b{word}\b", source(REFERENCE / f"{name}.R"))
    ]


@pytest.mark.parametrize(("folder", "word"), WORDS)
def test_a_test_of_its_own_folder_imports_it(folder, word):
    assert importers(folder, word), f"no file of tests/{folder} imports reporter.{folder}.{word}"


@pytest.mark.parametrize(("folder", "word"), WORDS)
def test_it_has_a_value_that_did_not_come_from_us(folder, word):
    """An R script that names it, or the test that is listed above; not both, so that the list stays short."""
    scripts, listed = scripts_of(folder, word), BY_TEST[folder].get(word)
    assert scripts or listed, f"{word}: no script of tests/reference names it, and BY_TEST has no test for it"
    assert not (scripts and listed), f"{word} has {scripts}; take it off the list"
    if listed:
        file, _, test = listed.partition("::")
        path = ROOT / "tests" / folder / file
        assert path in importers(folder, word), f"{file} does not import {word}"
        defined = {node.name for node in ast.parse(source(path)).body if isinstance(node, ast.FunctionDef)}
        assert test in defined, f"{file} has no {test}"


def test_nothing_is_listed_that_is_not_there():
    for folder, listed in BY_TEST.items():
        assert set(listed) <= {*words_in(f"reporter.{folder}")}


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.R")), ids=lambda path: path.stem)
def test_every_script_stands_beside_what_it_printed_and_is_read(path):
    assert source(path.with_suffix(".csv")).startswith(f"# script: {path.name}; R version")
    tests = (ROOT / "tests").rglob("test_*.py")
    assert any(f'reference("{path.stem}")' in source(test) for test in tests), (
        f"no test reads {path.stem}.csv"
    )


@pytest.mark.parametrize(("folder", "word"), WORDS)
def test_the_page_of_statistics_has_its_heading(folder, word):
    assert f"\n### {word}\n" in source(ROOT / "docs" / "statistics.md")


@pytest.mark.parametrize(("folder", "word"), WORDS)
def test_what_is_cited_in_a_report_is_cited_in_the_docstring(folder, word):
    """The first author's surname and the year of reporter/references.py stand under References."""
    if word not in BY_STATISTIC:
        return
    cited = BY_STATISTIC[word]
    function = getattr(importlib.import_module(f"reporter.{folder}.{word}"), word)
    said = (inspect.getdoc(function) or "").partition("\nReferences\n")[2].partition("\nExamples\n")[0]
    surname = cited.authors.partition(",")[0]
    assert surname in said and f"({cited.year})" in said, f"{word}: {cited.text}"
    assert cited.doi in said, f"{word}: its docstring has another DOI, or none"
