"""Every word of reporter/statistics keeps its promise: a docstring, a signature, a paragraph, a reference."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import get_type_hints

import pytest
from jinja2 import DictLoader, nodes

from reporter import results
from reporter.names import words_in
from reporter.project import list_studies, load_study
from reporter.references import BY_STATISTIC
from reporter.render.environment import Quoted, environment

ROOT = Path(__file__).resolve().parents[2]
WORDS = words_in("reporter.statistics")
ENTROPIES = words_in("reporter.entropy")
ASKED = {a.statistic for name in list_studies(ROOT) for a in load_study(ROOT, name).analyses.values()}
USED = sorted(ASKED & {*WORDS})
# Words that rest on no publication: they describe, count or select, and their paragraph says all.
PLAIN = {
    "describe_summary", "mean_summary", "value_range", "changes", "zone_moves", "pooled_sd", "feasible_cells",
    "trend", "change_beyond_length", "repeating_share", "printed_difference", "printed_value",
    "dead_zones", "sign_pattern", "listed_pairs",
}  # fmt: skip
# Words without a paragraph in templates/parts/methods.md.jinja, since no bundled report uses them.
UNUSED = {
    "bayes_factor", "bootstrap", "bootstrap_difference", "equivalence_welch", "hedges_g", "max_statistic",
    "mixed_trend", "page_l", "pooled_spearman", "power_ordering", "power_peak_scan", "power_sign_test",
    "power_two_sample_t", "power_wilcoxon", "quasi_f", "random_effects", "saturating_trend",
    "score_prediction", "slope_heterogeneity", "trend_comparison", "two_sample_permutation",
    "variance_components",
}  # fmt: skip


def function(word: str):
    return getattr(importlib.import_module(f"reporter.statistics.{word}"), word)


def section(word: str, title: str) -> str:
    """One section of a docstring, as numpydoc cuts it."""
    text = inspect.getdoc(function(word)) or ""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def documented(word: str) -> list[str]:
    """The names that the Parameters section describes, in order."""
    lines = re.findall(r"^(\S[^\n]*?) : ", section(word, "Parameters"), re.MULTILINE)
    return [name.strip().lstrip("*") for line in lines for name in line.split(",")]


@pytest.mark.parametrize("word", WORDS)
def test_its_signature_is_the_schema_of_study_toml(word):
    """Roles by position, without defaults; options by keyword; the answer is one of our records."""
    parameters = inspect.signature(function(word)).parameters.values()
    roles = [p for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    options = [p for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
    assert len(roles) + len(options) == len(parameters), "no *args, no **kwargs"
    assert roles or options
    assert [p.name for p in roles if p.default is not inspect.Parameter.empty] == []
    answer = get_type_hints(function(word))["return"]
    record = answer.__name__ if inspect.isclass(answer) else str(answer)
    assert getattr(results, record, None) is answer, (
        f"{word} returns {record}, which is no record of reporter/results"
    )


@pytest.mark.parametrize("word", WORDS)
def test_its_docstring_describes_every_parameter(word):
    described = documented(word)
    parameters = list(inspect.signature(function(word)).parameters)
    said_by_all = {"unit", "level"}  # every statistic that has them means the same by them
    assert [name for name in parameters if name not in described and name not in said_by_all] == []
    assert [name for name in described if name not in parameters] == [], "describes what it does not take"


@pytest.mark.parametrize("word", WORDS)
def test_its_docstring_says_what_comes_back(word):
    hints = get_type_hints(function(word))
    assert section(word, "Returns").strip().startswith(hints["return"].__name__)


@pytest.mark.parametrize("word", WORDS)
def test_its_docstring_names_every_reason_that_it_raises(word):
    source = inspect.getsource(importlib.import_module(f"reporter.statistics.{word}"))
    raised = section(word, "Raises")
    reasons = re.findall(r"Degenerate\(\s*\"(\w+)\"", source)
    caught = "except Degenerate" in source  # then some reasons are recorded, and do not come out
    assert caught or [reason for reason in dict.fromkeys(reasons) if f"``{reason}``" not in raised] == []
    for reason in re.findall(r"``([a-z]+(?:_[a-z]+)+)``", raised):
        assert reason == reason.lower()


@pytest.mark.parametrize("word", WORDS)
def test_its_module_says_which_question_it_answers(word):
    module = importlib.import_module(f"reporter.statistics.{word}")
    assert (module.__doc__ or "").strip().splitlines()[0].endswith(("?", "."))
    first = (inspect.getdoc(function(word)) or "").splitlines()[0]
    assert first.endswith(".") and len(first) < 110


def paragraphs() -> set[str]:
    """The words that templates/parts/methods.md.jinja has a paragraph for."""
    source = (ROOT / "templates" / "parts" / "methods.md.jinja").read_text(encoding="utf-8")
    tree = environment(DictLoader({}), Quoted()).parse(source)
    compared = [node for node in tree.find_all(nodes.Compare) if isinstance(node.expr, nodes.Name)]
    return {str(c.value) for node in compared for c in node.find_all(nodes.Const)}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_has_its_paragraph_in_methods_unless_no_study_uses_it(word):
    assert (word in paragraphs()) != (word in UNUSED)
    assert word not in UNUSED or word not in USED


def test_an_entropy_that_a_study_uses_has_its_paragraph_and_reference():
    assert ASKED & {*ENTROPIES} <= paragraphs() & {*BY_STATISTIC}


def test_no_paragraph_is_about_nothing():
    assert paragraphs() <= {*WORDS, *ENTROPIES}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_rests_on_a_publication_or_is_plain(word):
    assert section(word, "References") or word in PLAIN


@pytest.mark.parametrize("word", USED)
def test_a_word_that_a_study_uses_has_its_reference(word):
    assert (word in BY_STATISTIC) != (word in PLAIN)


@pytest.mark.parametrize("name", list_studies(ROOT))
def test_what_adjusts_a_family_has_its_reference(name):
    for family in load_study(ROOT, name).families.values():
        assert family.method in BY_STATISTIC
