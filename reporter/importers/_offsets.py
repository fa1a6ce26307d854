"""Which answers own which tokens? Answer i owns offsets[i]:offsets[i + 1], where both can be trusted."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PAST_END = ("offsets_past_end", "an answer's tokens must lie within the token arrays")
NOT_MONOTONE = ("offsets_not_monotone", "an offset must not lie below one before it")
NO_TOKENS = ("no_tokens", "an answer must have a token")
CUT = ("truncated_zip", "an answer's tokens must all be there")

Reason = tuple[str, str]


def answers_of(
    offsets: NDArray[np.int64], *, declared: int, there: int
) -> tuple[dict[int, slice], dict[int, Reason]]:
    """Find each answer's tokens, or why it has none.

    Of offsets that contradict each other, those are trusted that lie in every longest series that never
    goes down: one wrong offset costs the two answers beside it.

    Parameters
    ----------
    offsets : array (answers + 1,)
    declared : int
        How many tokens the token arrays say they have.
    there : int
        How many of them are really there, where the file was cut.

    Returns
    -------
    (slice by answer, (reason, rule) by answer)
    """
    values = [int(offset) for offset in offsets]
    within = [place for place, offset in enumerate(values) if 0 <= offset <= declared]
    sound = {within[place] for place in _undisputed([values[place] for place in within])}
    good: dict[int, slice] = {}
    bad: dict[int, Reason] = {}
    for answer, (start, stop) in enumerate(pairwise(values)):
        if not {answer, answer + 1} <= set(within):
            bad[answer] = PAST_END if max(start, stop) > declared else NOT_MONOTONE
        elif not {answer, answer + 1} <= sound:
            bad[answer] = NOT_MONOTONE
        elif stop > there:
            bad[answer] = CUT
        elif start == stop:
            bad[answer] = NO_TOKENS
        else:
            good[answer] = slice(start, stop)
    return good, bad


def _undisputed(values: list[int]) -> set[int]:
    """Find the places that every longest non-decreasing subsequence passes through."""
    before = _lengths(values)
    after = _lengths([-value for value in reversed(values)])[::-1]
    longest = max(before, default=0)
    through = [place for place in range(len(values)) if before[place] + after[place] == longest + 1]
    alternatives = Counter(before[place] for place in through)
    return {place for place in through if alternatives[before[place]] == 1}


def _lengths(values: list[int]) -> list[int]:
    """Length of the longest non-decreasing subsequence that ends at each place."""
    ends: list[int] = []  # the least last value of a subsequence of each length
    lengths = []
    for value in values:
        place = bisect_right(ends, value)
        ends[place : place + 1] = [value]
        lengths.append(place + 1)
    return lengths
