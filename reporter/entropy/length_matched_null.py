"""How much would entropy change if nothing changed but the length of the replies?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from reporter.entropy._counts import Values
from reporter.entropy._prefixes import lengths_of, prefixes_of
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import Interval, LengthNull


def length_matched_null(
    first: ArrayLike,
    second: ArrayLike,
    texts: Mapping[str, Sequence[str]],
    *,
    rng: Generator,
    estimator: str = "plug_in",
    draws: int = 4000,
    level: float = 0.95,
    unit: str = "nats",
) -> LengthNull:
    """Predict the mean change of character entropy between two lengths from texts cut to both.

    For each pair of lengths the expected change is the mean over the texts that reach the longer one of
    H(first L2 characters) - H(first L1 characters); pairs weigh equally. An observed change compares two
    separate generations, so the null distribution takes *different* texts for the two lengths, anew for
    every pair and draw. Which texts are used is the main uncertainty: sources are also given apart.

    Parameters
    ----------
    first, second : array (pairs,), int, characters
        Length of the reply under the first and the second condition; one pair per model and prompt.
    texts : mapping of source name to texts
        Uncut replies, of other models or of the same.
    rng : Generator
    estimator : str
        As for :func:`~reporter.entropy.text_entropy.text_entropy`.
    draws : int
        Of the null distribution.
    level : float
        Of the interval that holds an observed mean change if only the length changed.
    unit : {"nats", "bits"}

    Returns
    -------
    LengthNull

    Raises
    ------
    Degenerate
        ``not_lengths``, ``mismatched_lengths``, ``no_texts``, ``no_draws``; ``texts_too_short`` where a
        source has fewer than 2 texts of the length that a pair needs; ``unknown_estimator``,
        ``unknown_unit``.
    """
    pairs = _pairs(first, second)
    if draws < 2:
        raise Degenerate("no_draws", f"{draws} draws make no distribution")
    prefixes = prefixes_of(texts, estimator)
    expected, by_source, counts = [], [], []
    null = np.zeros(draws)
    for short, long in pairs:
        chosen = prefixes.long_enough(max(short, long), least=2)
        before, after = prefixes.entropies(chosen, short), prefixes.entropies(chosen, long)
        expected.append(float((after - before).mean()))
        by_source.append(prefixes.mean_by_source(chosen, after - before))
        counts.append(chosen.size)
        null += _changes_between_texts(before, after, draws, rng) / len(pairs)
    low, high = np.quantile(null, [(1 - level) / 2, (1 + level) / 2])
    apart = np.mean(by_source, axis=0)
    record = LengthNull(
        expected=float(np.mean(expected)),
        by_pair=tuple(expected),
        sources=prefixes.names,
        by_source=tuple(apart.tolist()),
        over_sources=float(apart.mean()),
        sd=float(null.std(ddof=1)),
        interval=Interval(low=float(low), high=float(high), level=level, method="different_texts"),
        texts=tuple(counts),
        draws=draws,
        n=len(pairs),
        unit="nats",
        method=f"length_matched_null_{estimator}",
    )
    return convert(record, unit=unit)


def _pairs(first: ArrayLike, second: ArrayLike) -> list[tuple[int, int]]:
    one, two = lengths_of(first, name="first"), lengths_of(second, name="second")
    if len(one) != len(two):
        raise Degenerate("mismatched_lengths", f"first has n = {len(one)}, second has n = {len(two)}")
    return list(zip(one, two, strict=True))


def _changes_between_texts(before: Values, after: Values, draws: int, rng: Generator) -> Values:
    """Draw changes between two different texts, each ordered pair of texts equally likely."""
    one = rng.integers(before.size, size=draws)
    other = rng.integers(before.size - 1, size=draws)
    other += other >= one
    return np.asarray(after[other] - before[one])
