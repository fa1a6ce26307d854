"""What character entropy has ordinary English of this length, and what would chance give?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from scipy.special import xlogy

from reporter.entropy.english import PASSAGES
from reporter.entropy.text_entropy import text_entropy
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import ReferenceLevels


def reference_levels(
    length: int, *, passages: Mapping[str, str] = PASSAGES, unit: str = "nats"
) -> ReferenceLevels:
    """Compute plug-in character entropies of English prose, of its shuffled characters, and of uniform ones.

    Shuffled and uniform levels are exact expectations of the plug-in estimate at this length, not
    simulations. The alphabet is that of the passages together. A change of the shuffled level between
    two lengths is a floor for what length alone does: real text drifts from topic to topic on top of it.

    Parameters
    ----------
    length : int
        Characters. Passages that are shorter are left out.
    passages : mapping of name to text
        By default plain prose of four authors, in the public domain.
    unit : {"nats", "bits"}

    Returns
    -------
    ReferenceLevels

    Raises
    ------
    Degenerate
        ``not_lengths`` below 1 character; ``texts_too_short`` where fewer than 2 passages are long enough.
    """
    if length < 1:
        raise Degenerate("not_lengths", f"the length is {length}, at least 1 character is needed")
    usable = {name: text for name, text in passages.items() if len(text) >= length}
    if len(usable) < 2:
        longest = sorted(map(len, passages.values()))[-2:]
        raise Degenerate("texts_too_short", f"2 passages of {length} characters are needed, have {longest}")
    english = text_entropy([text[:length] for text in usable.values()]).values
    alphabet = len(set("".join(usable.values())))
    record = ReferenceLevels(
        english=float(english.mean()),
        english_low=float(english.min()),
        english_high=float(english.max()),
        shuffled=float(np.mean([_shuffled(text, length) for text in usable.values()])),
        uniform=_uniform(alphabet, length),
        alphabet=alphabet,
        length=length,
        passages=tuple(usable),
        n=len(usable),
        unit="nats",
        method="character_plug_in",
    )
    return convert(record, unit=unit)


def _shuffled(text: str, length: int) -> float:
    """Expect the plug-in entropy of ``length`` characters drawn from the text without replacement."""
    from scipy.stats import hypergeom  # a quarter of a second that most audits do not need

    found = np.array(list(Counter(text).values()))[:, None]
    times = np.arange(length + 1)
    chance = hypergeom.pmf(times, len(text), found, length)
    return float(-(chance * xlogy(times / length, times / length)).sum())


def _uniform(alphabet: int, length: int) -> float:
    """Expect the plug-in entropy of ``length`` independent, equally likely characters."""
    from scipy.stats import binom  # as above

    times = np.arange(length + 1)
    chance = binom.pmf(times, length, 1 / alphabet)
    return float(-alphabet * (chance * xlogy(times / length, times / length)).sum())
