"""Every sentence pattern reads well when its question has no answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import FileSystemLoader, nodes

from reporter.findings import Finding, Findings, NotComputable, Trace
from reporter.numbers import Register
from reporter.provenance import templates_folder
from reporter.render import marks
from reporter.render.environment import Look, Quoted, environment

SENTENCES = "parts/sentences.md.jinja"
# A pattern that takes a whole finding calls it x; the others take a part of one, or a word.
OF_PARTS = {
    "p_value": "a p value",
    "interval": "an interval",
    "confidence": "a word",
    "adjustment": "a method",
    "all_of": "numbers",
    "those": "several findings and a verdict",
    "gaps": "several findings",
}


def macros() -> dict[str, list[str]]:
    """Every macro of the sentence patterns, with its parameters."""
    env = environment(FileSystemLoader(templates_folder()), Quoted())
    tree = env.parse(Path(templates_folder(), SENTENCES).read_text(encoding="utf-8"))
    return {macro.name: [argument.name for argument in macro.args] for macro in tree.find_all(nodes.Macro)}


def said(name: str, finding: Finding, study) -> str:
    env = environment(FileSystemLoader(templates_folder()), Quoted())
    env.globals["x"] = Look(Register(study, Findings((finding,))), finding.address)
    call = f'{{% import "{SENTENCES}" as say with context %}}{{{{ say.{name}(x) }}}}'
    return marks.strip(env.from_string(call).render())


@pytest.fixture
def gone() -> Finding:
    why = NotComputable("constant_series", "all 8 differences are equal")
    return Finding("mean_change", "", "Did it?", why, (), Trace("paired_t", {}, "", None))


@pytest.mark.parametrize("name", [name for name, parameters in macros().items() if parameters == ["x"]])
def test_a_pattern_says_why_there_is_no_answer(name, gone, token_scaling):
    words = said(name, gone, token_scaling.study)
    assert "not computable: all 8 differences are equal" in words
    assert words.count("not computable") == 1
    assert words == words.strip()
    assert not re.search(r"\s\s|\(\s*\)|None|Undefined", words)


def test_every_pattern_takes_a_finding_or_is_listed():
    found = macros()
    assert {name for name, parameters in found.items() if parameters != ["x"]} == set(OF_PARTS)


@pytest.mark.parametrize(
    ("name", "address", "words"),
    [
        ("difference", "mean_change", "+0.055 nats (95\N{NO-BREAK SPACE}% CI 0.014 to 0.096; t(7) = 3.18, p = 0.0156, n = 8)"),
        ("estimate", "mean_change_bca", "0.055 nats (95\N{NO-BREAK SPACE}% CI 0.028 to 0.091)"),
        ("test", "signs", "p = 0.0156 (statistic 7, 7 of 8 used; least attainable p = 0.0156)"),
        ("ordering", "family_order_first/Claude 4.5",
         "the order holds (exact p = 0.167, and no data on 3 models could give less than 0.167)"),
        ("crossing", "crossing/gpt-4o",
         "in LASER by its point values at both limits; the probability that the means really lie so is between "
         "0.92 and 0.95, which does not establish it at 95\N{NO-BREAK SPACE}%"),
    ],
)  # fmt: skip
def test_a_pattern_says_the_answer(name, address, words, token_scaling):
    register = token_scaling.register
    assert said(name, register.findings.get(address), token_scaling.study) == words
