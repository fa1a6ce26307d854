"""One lookup rule: file = function = word."""

from __future__ import annotations

import inspect
import math

import pytest

from reporter.errors import StudyError
from reporter.names import MANY, did_you_mean, find, words_in
from reporter.statistics.paired_t import paired_t

STATISTICS = "reporter.statistics"


def test_a_word_is_the_function_of_the_file_of_that_name():
    assert find("paired_t", packages=[STATISTICS], where="here") is paired_t


def test_a_word_with_a_colon_comes_from_elsewhere():
    assert find("math:sqrt", packages=[STATISTICS], where="here") is math.sqrt


@pytest.mark.parametrize("word", words_in(STATISTICS))
def test_every_word_of_statistics_is_a_function_with_roles_and_options(word):
    kinds = {
        p.kind for p in inspect.signature(find(word, packages=[STATISTICS], where="")).parameters.values()
    }
    assert kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}


def test_private_modules_are_no_words():
    assert "_inputs" not in words_in(STATISTICS)
    assert "paired_t" in words_in(STATISTICS)


@pytest.mark.parametrize(
    "word", ["pared_t", "_inputs", "", "../cli", "mylab:", "no.such.module:f", ":f", "math:pi"]
)
def test_anything_else_is_refused(word):
    with pytest.raises(StudyError) as refusal:
        find(word, packages=[STATISTICS], where="here")
    assert refusal.value.where == "here"
    assert f'"{word}"' in refusal.value.what


def test_the_nearest_word_comes_first():
    assert did_you_mean("ddoff", ["bound", "ddof"]) == 'Did you mean "ddof"? Allowed: bound, ddof.'
    assert did_you_mean("xyz", ["bound", "ddof"]) == "Allowed: bound, ddof."
    assert did_you_mean("xyz", []) == "Nothing is allowed here."


def test_long_lists_are_cut():
    words = [f"word{i:02}" for i in range(MANY + 1)]
    assert did_you_mean("nothing", words).count(",") == MANY  # one after the number, then those between
    near = did_you_mean("alphas", ["alpha", "alphabet", *words])
    assert near == f'Did you mean "alpha"? Allowed are {MANY + 3} words, among them alpha, alphabet.'
