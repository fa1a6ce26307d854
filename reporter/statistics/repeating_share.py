"""How many answers end by repeating themselves?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reporter.results import Share
from reporter.statistics.share import share


def repeating_share(
    texts: Mapping[str, Sequence[str]], *, tail: int = 200, match: float = 0.9, level: float = 0.95
) -> Share:
    """Count the answers whose last characters are those of some characters before.

    A model that has fallen into a loop is predictable for another reason than one that is sure of what it
    says. Its mean entropy, its last state and its place on an axis are those of the loop.

    Parameters
    ----------
    texts : mapping of source to texts
        All are counted together.
    tail : int
        How many characters at the end of an answer are looked at.
    match : float
        Share of them that must equal the character one period before, for some period of 1 to ``tail``
        characters. An answer of fewer than ``2 * tail`` characters repeats nothing that could be seen.
    level : float
        Level of Wilson's interval.

    Returns
    -------
    Share

    Raises
    ------
    Degenerate
        ``too_few`` where there is no text.

    Examples
    --------
    >>> repeating_share({"a": ["to be or not to be, " * 40, "a short answer"]}).count
    1
    """
    found = [_repeats(text, tail, match) for several in texts.values() for text in several]
    return share(np.array(found, dtype=float), level=level)


def _repeats(text: str, tail: int, match: float) -> bool:
    if len(text) < 2 * tail:
        return False
    characters = np.frombuffer(text[-2 * tail :].encode("utf-32-le"), dtype=np.uint32)
    before = np.lib.stride_tricks.sliding_window_view(characters, tail)[:tail]  # ending 1 to tail ahead
    return bool(np.max(np.mean(before == characters[tail:], axis=1)) >= match)
