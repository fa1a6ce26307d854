"""Does a reply's entropy differ from that of other texts of the same length?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from reporter.entropy._prefixes import lengths_of, prefixes_of
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import LevelNull


def level_null(
    observed: ArrayLike,
    lengths: ArrayLike,
    texts: Mapping[str, Sequence[str]],
    *,
    estimator: str = "plug_in",
    unit: str = "nats",
) -> LevelNull:
    """Subtract from each observed character entropy the mean over texts that were cut to its length.

    Parameters
    ----------
    observed : array (n,), nats
    lengths : array (n,), int, characters
        Of the replies that the values were measured on.
    texts : mapping of source name to texts
        Uncut replies, of other models or of the same.
    estimator : str
        The one that ``observed`` was computed with, see
        :func:`~reporter.entropy.text_entropy.text_entropy`.
    unit : {"nats", "bits"}
        Of the result.

    Returns
    -------
    LevelNull

    Raises
    ------
    Degenerate
        ``not_lengths``, ``mismatched_lengths``, ``not_finite``, ``no_texts``, ``texts_too_short`` where a
        source has no text of a length, ``unknown_estimator``, ``unknown_unit``.
    """
    values, sizes = np.asarray(observed, dtype=np.float64), lengths_of(lengths, name="lengths")
    if values.shape != (len(sizes),):
        raise Degenerate(
            "mismatched_lengths", f"observed has shape {values.shape}, lengths has n = {len(sizes)}"
        )
    if not np.isfinite(values).all():
        raise Degenerate(
            "not_finite", f"{np.sum(~np.isfinite(values))} of {values.size} values are nan or inf"
        )
    prefixes = prefixes_of(texts, estimator)
    expected, by_source, counts = [], [], []
    for length in sizes:
        chosen = prefixes.long_enough(length, least=1)
        entropies = prefixes.entropies(chosen, length)
        expected.append(float(entropies.mean()))
        by_source.append(prefixes.mean_by_source(chosen, entropies))
        counts.append(chosen.size)
    excess = values - expected
    record = LevelNull(
        excess=float(excess.mean()),
        by_value=tuple(excess.tolist()),
        expected=tuple(expected),
        sources=prefixes.names,
        by_source=tuple((values.mean() - np.mean(by_source, axis=0)).tolist()),
        texts=tuple(counts),
        n=values.size,
        unit="nats",
        method=f"level_null_{estimator}",
    )
    return convert(record, unit=unit)
