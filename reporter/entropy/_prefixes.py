"""Entropies of texts cut to given lengths, which the nulls of length share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.entropy._counts import Values
from reporter.entropy.text_entropy import text_entropy
from reporter.errors import Degenerate


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Texts of named sources and the lengths at which they are cut."""

    texts: tuple[str, ...]
    source: NDArray[np.intp]  # of each text, position in names
    names: tuple[str, ...]
    estimator: str

    def long_enough(self, length: int, *, least: int) -> NDArray[np.intp]:
        """Select the texts of at least ``length`` characters, ``least`` or more from every source."""
        chosen = np.array(
            [place for place, text in enumerate(self.texts) if len(text) >= length], dtype=np.intp
        )
        found = np.bincount(self.source[chosen], minlength=len(self.names))
        if found.min() < least:
            name = self.names[int(found.argmin())]
            raise Degenerate(
                "texts_too_short",
                f"{found.min()} texts of source {name!r} have {length} characters, {least} are needed",
            )
        return chosen

    def entropies(self, chosen: NDArray[np.intp], length: int) -> Values:
        """Measure the first ``length`` characters of the chosen texts, in nats."""
        return text_entropy([self.texts[place][:length] for place in chosen], estimator=self.estimator).values

    def mean_by_source(self, chosen: NDArray[np.intp], values: Values) -> Values:
        """Average over the chosen texts of each source; returns (sources,)."""
        source = self.source[chosen]
        return np.asarray(np.bincount(source, weights=values) / np.bincount(source))


def prefixes_of(texts: Mapping[str, Sequence[str]], estimator: str) -> Prefixes:
    """Lay out texts by source; raises ``no_texts``."""
    names = tuple(texts)
    flat = tuple(text for name in names for text in texts[name])
    if not flat:
        raise Degenerate("no_texts", "there is no text to cut")
    sizes = [len(texts[name]) for name in names]
    return Prefixes(flat, np.repeat(np.arange(len(names)), sizes), names, estimator)


def lengths_of(lengths: ArrayLike, *, name: str) -> tuple[int, ...]:
    """Check lengths in characters; raises ``not_lengths``."""
    array = np.asarray(lengths)
    if array.dtype.kind == "f" and np.isfinite(array).all() and (array == np.floor(array)).all():
        array = array.astype(np.int64)  # counts that came through a table of floats
    if array.ndim != 1 or not array.size or array.dtype.kind not in "iu" or array.min() < 1:
        raise Degenerate("not_lengths", f"{name} must be whole numbers of characters above 0, one axis")
    return tuple(array.tolist())
