"""One lookup rule: a word in study.toml is a file is a function of that name."""

from __future__ import annotations

import difflib
import importlib
import importlib.resources
import importlib.util
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from reporter.errors import StudyError

MANY = 20  # more words than this are not listed in full


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Say which words are allowed, the nearest one first."""
    words = sorted(allowed)
    if not words:
        return "Nothing is allowed here."
    near = difflib.get_close_matches(word, words, n=MANY, cutoff=0.6)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    if len(words) <= MANY:
        return f"{hint}Allowed: {', '.join(words)}."
    shown = near if len(near) > 1 else words[:MANY]
    return f"{hint}Allowed are {len(words)} words, among them {', '.join(shown)}."


@cache
def words_in(package: str) -> tuple[str, ...]:
    """Name the public modules of a package, which are the words that study.toml may use."""
    folder = importlib.resources.files(package)
    stems = (entry.name.removesuffix(".py") for entry in folder.iterdir() if entry.name.endswith(".py"))
    return tuple(sorted(stem for stem in stems if not stem.startswith("_")))


def find(word: str, *, packages: Sequence[str], where: str) -> Callable[..., Any]:
    """Find the function that a word names.

    Parameters
    ----------
    word : str
        ``"spearman"`` for ``spearman.py::spearman`` of one of the packages, or ``"mylab.stats:kendall"``
        for a function outside this project.
    packages : sequence of str
        The packages whose files are the allowed words.
    where : str
        File and key, for the refusal.

    Raises
    ------
    StudyError
        The word names nothing; the message lists what is allowed, the nearest match first.
    """
    module_name, _, attribute = word.partition(":")
    if attribute:
        try:
            found = getattr(importlib.import_module(module_name), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            raise StudyError(f'"{word}" cannot be imported ({error}).', where=where) from error
    else:
        by_word = {each: package for package in packages for each in words_in(package)}
        if word not in by_word:
            raise StudyError(
                f'"{word}" is not a word of {" or ".join(packages)}.',
                where=where,
                remedy=did_you_mean(word, by_word),
            )
        found = getattr(importlib.import_module(f"{by_word[word]}.{word}"), word)
    if not callable(found):
        raise StudyError(f'"{word}" is not a function.', where=where)
    return found  # type: ignore[no-any-return]
