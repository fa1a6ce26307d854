"""Rules of the house that a program can check: names, annotations, sizes, and no digit typed in a template."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import DictLoader, nodes

from reporter import pipeline
from reporter.project import list_studies, load_study
from reporter.render.environment import Quoted, environment

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for path in (ROOT / "reporter").rglob("*.py") if "bundled" not in path.parts)
TEMPLATES = sorted(path for place in ("templates", "inputs") for path in (ROOT / place).rglob("*.md.jinja"))
BANNED = {"utils", "util", "helpers", "helper", "manager", "core", "misc", "common", "base"}
LONGEST_FILE = 400


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


FUNCTIONS = [
    (path, node)
    for path in FILES
    for node in ast.walk(tree(path))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
]


def test_no_file_is_called_something_and_nothing():
    assert [name(path) for path in FILES if path.stem.strip("_") in BANNED] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_function_is_annotated(path):
    bare = []
    for found, node in FUNCTIONS:
        if found == path:
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            arguments += [extra for extra in (node.args.vararg, node.args.kwarg) if extra]
            unsaid = [a.arg for a in arguments if a.annotation is None and a.arg not in ("self", "cls")]
            if unsaid or (node.returns is None and node.name != "__init__"):
                bare.append(f"{node.name}({', '.join(unsaid)})")
    assert bare == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_error_is_caught_whatever_it_is(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = [
                part.id for part in ast.walk(node.type or ast.Name("Exception")) if isinstance(part, ast.Name)
            ]
            assert not {"Exception", "BaseException"} & {*caught}, f"line {node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_public_part_says_what_it_is(path):
    module = tree(path)
    unsaid = [] if ast.get_docstring(module) or not module.body else ["the module"]
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            unsaid += [] if ast.get_docstring(node) else [node.name]
    assert unsaid == []


def test_files_and_functions_are_short():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= 180
    sizes = [(node.end_lineno - node.lineno + 1) - docstring_lines(node) for _, node in FUNCTIONS]
    assert sum(size <= 42 for size in sizes) >= 0.95 * len(sizes)


def docstring_lines(node: ast.FunctionDef) -> int:
    first = node.body[0]
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return first.end_lineno - first.lineno + 1 if said else 0


def test_nothing_is_printed_but_by_the_command_line():
    for path in FILES:
        calls = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
        assert "print" not in {call.func.id for call in calls}, name(path)


def test_verdicts_have_their_words_in_templates_only():
    """Code turns a verdict into its name; sentences stand in templates/parts."""
    words = (ROOT / "templates" / "parts" / "sentences.md.jinja").read_text(encoding="utf-8")
    assert "cannot be told from zero" in words
    for path in FILES:
        assert "cannot be told from zero" not in path.read_text(encoding="utf-8"), name(path)


# --- no number is typed by hand --------------------------------------------------------------------------

# What holds a digit and is no number of the data.
FIGURES = {key for study in list_studies(ROOT) for key in load_study(ROOT, study).figures}
NAMES = ("SHA-256", *FIGURES)
# An item of a list or a heading may be numbered by hand: the place in an outline is no result.
MARKER = re.compile(r"^(?:#+ )?(?:Experiment )?\d+[a-z]?[.:] ", re.MULTILINE)


def typed(source: str) -> list[str]:
    """The digits in what a template prints of its own: its text, and the constants in its tags."""
    env = environment(DictLoader({}), Quoted())
    found = []
    for node in env.parse(source).find_all((nodes.TemplateData, nodes.Const)):
        text = node.data if isinstance(node, nodes.TemplateData) else str(node.value)
        at_line_start = MARKER.sub("", text) if isinstance(node, nodes.TemplateData) else text
        for word in NAMES:
            at_line_start = at_line_start.replace(word, "")
        found += re.findall(r"\S*\d\S*", at_line_start)
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_digit_is_typed_in_a_template(path):
    assert typed(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["It is 3.14.", "{{ 3.14 }}", '{{ "3.14" }}', "{{ f(3) }}", "a 1. b", "{% set x = 5 %}", "{{ x or 7 }}"],
)
def test_a_typed_digit_is_found(source):
    assert typed(source)


@pytest.mark.parametrize(
    "source", ["1. One\n2. Two\n", "### 3. Three", "{{ f.q1 | show }}", "{# 5 #}", "SHA-256"]
)
def test_what_is_no_typed_number_passes(source):
    assert typed(source) == []


def test_provenance_digests_what_a_report_is_made_of(token_scaling):
    found = pipeline.gather(token_scaling.study, pipeline.load_dataset(token_scaling.study), ROOT)
    assert [tree_name for tree_name, _ in found.made.trees] == [
        "reporter",
        "templates",
        "inputs/token-scaling",
    ]
