"""Who may import whom, as the design says; and what a short command must not load."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "reporter"

# A module imports from its own row or from rows above it, and nothing goes round in a circle.
ROWS = (
    ("errors", "names", "results", "columns", "estimand"),
    ("entropy", "statistics"),
    ("about", "waiver", "study", "rows", "dataset", "observations", "project"),
    ("importers", "collectors"),
    ("findings", "importing"),
    ("families", "verdicts", "groups"),
    ("bind",),
    ("align", "sharing"),
    ("analyse",),
    ("numbers",),
    ("tables", "gaps", "tiers", "trace", "figures", "references", "provenance"),
    ("appendix", "bibtex", "citations", "headline"),
    ("render", "new", "looks", "unchanged", "whole"),
    ("preregistration",),
    ("compose",),
    ("bundle", "audit"),
    ("check", "paper", "publish", "doctor", "cluster", "collecting", "describe"),
    ("pipeline",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, row in enumerate(ROWS) for name in row}
MODULES = {
    ".".join(("reporter", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "bundled" not in path.parts
}


def imported(name: str) -> set[str]:
    """Every module of this project that a module imports, inside functions and for types as well."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                found.add(below if below in MODULES else str(node.module))
    return found


def family(name: str) -> str:
    """The part of the tree that a module belongs to: ``reporter.statistics.spearman`` is statistics."""
    return [*name.split("."), ""][1]


GRAPH = {name: {other for other in imported(name) if other in MODULES and other != name} for name in MODULES}


def test_every_module_has_its_row():
    assert {family(name) for name in MODULES} - {""} <= set(RANK)


@pytest.mark.parametrize("name", [name for name in MODULES if family(name)])
def test_a_module_imports_downwards(name):
    allowed = RANK[family(name)]
    upwards = [other for other in GRAPH[name] if family(other) and RANK[family(other)] > allowed]
    assert upwards == []


def test_nothing_goes_round_in_a_circle():
    """The package itself holds the version only, and every module may read it."""
    graph = {name: others - {"reporter"} for name, others in GRAPH.items()}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(MODULES)
    assert GRAPH["reporter"] == set()


@pytest.mark.parametrize("name", MODULES)
def test_private_modules_stay_in_their_package(name):
    for other in GRAPH[name]:
        parent, _, last = other.rpartition(".")
        if last.startswith("_") and not last.startswith("__"):
            assert name.startswith(parent), f"{other} is private to {parent}"


def test_private_names_stay_in_their_module_or_package():
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("reporter"):
                private = [
                    a.name for a in node.names if a.name.startswith("_") and not a.name.startswith("__")
                ]
                private = [p for p in private if f"{node.module}.{p}" not in MODULES]
                assert not private, f"{name} imports {private} of {node.module}"


@pytest.mark.parametrize("name", [name for name in MODULES if family(name) in ("statistics", "entropy")])
def test_statistics_and_entropy_know_arrays_only(name):
    outside = (
        {other.partition(".")[0] for other in imported(name)} - {"reporter"} - set(sys.stdlib_module_names)
    )
    assert outside <= {"numpy", "scipy", "statsmodels", "pingouin", "joblib"}
    inside = {family(other) for other in GRAPH[name]} - {""}
    assert inside <= {"errors", "results", "statistics", "entropy"}


# What no command may load but those that measure, and what only a build may load.
SLOW = {"torch", "transformers", "openai", "anthropic"}
HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "statsmodels", "weasyprint", "pydantic", "jinja2", "rich"}
RUN = """
import sys
class Listen:
    def find_spec(self, name, path=None, target=None):
        asked.add(name.partition(".")[0])
asked = set()
sys.meta_path.insert(0, Listen())
from reporter.__main__ import run
code = run(sys.argv[1:])
sys.stderr.write(" ".join(sorted(asked)))
sys.exit(code)
"""


def asked_for(*words: str) -> set[str]:
    """The packages that a command tries to load, installed or not."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("build", "--help"), ("collect", "--help")])
def test_help_is_light(words):
    assert asked_for(*words) & (SLOW | HEAVY) == set()


@pytest.mark.parametrize("words", [("list",), ("trace", "mean_change.estimate", "--study", "token-scaling")])
def test_reading_commands_load_neither_models_nor_drawing(words):
    asked = asked_for(*words)
    assert asked & (SLOW | {"matplotlib", "weasyprint"}) == set()
    assert "pydantic" in asked
