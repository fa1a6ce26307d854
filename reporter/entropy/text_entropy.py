"""How uncertain is the next symbol in each of many texts?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporter.entropy._counts import Table, Values
from reporter.entropy.chao_shen import chao_shen_rows
from reporter.entropy.grassberger import grassberger_rows
from reporter.entropy.james_stein import james_stein_rows
from reporter.entropy.miller_madow import miller_madow_rows
from reporter.entropy.plug_in import plug_in_rows
from reporter.entropy.symbols import character_tables, token_tables, word_tables
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import Entropies

LEVELS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "character": character_tables,
    "word": word_tables,
    "token": token_tables,
}
ESTIMATORS: dict[str, Callable[[Table], Values]] = {
    "plug_in": plug_in_rows,
    "miller_madow": miller_madow_rows,
    "grassberger": grassberger_rows,
    "chao_shen": chao_shen_rows,
    "james_stein": james_stein_rows,
}
LEAST_SYMBOLS = {"chao_shen": 2, "james_stein": 2}  # 1 for the others


def text_entropy(
    texts: Sequence[Any], *, level: str = "character", estimator: str = "plug_in", unit: str = "nats"
) -> Entropies:
    """Estimate the Shannon entropy of the symbol frequencies of each text.

    Parameters
    ----------
    texts : sequence of str; of arrays of token ids at the level of tokens
    level : {"character", "word", "token"}
        What a symbol is. Values of different levels, or of different tokenizers, do not compare.
    estimator : {"plug_in", "miller_madow", "grassberger", "chao_shen", "james_stein"}
    unit : {"nats", "bits"}

    Returns
    -------
    Entropies
        One entry per text, in order.

    Raises
    ------
    Degenerate
        ``unknown_level``, ``unknown_estimator``, ``unknown_unit``, ``no_texts``; ``too_few`` where a text
        is too short.

    Examples
    --------
    >>> text_entropy(["aabb", "abcd"], unit="bits").values
    array([1., 2.])
    """
    _known(level, LEVELS, "level")
    _known(estimator, ESTIMATORS, "estimator")
    if not len(texts):
        raise Degenerate("no_texts", "there is no text to measure")
    least, start = LEAST_SYMBOLS.get(estimator, 1), 0
    blocks: list[tuple[NDArray[Any], ...]] = []
    for table in LEVELS[level](texts):
        n = table.n
        if n.min() < least:
            raise Degenerate("too_few", f"text {start + n.argmin()} has n = {n.min()}, {least} are needed")
        blocks.append((ESTIMATORS[estimator](table), n, table.k, table.once))
        start += n.size
    values, n, k, once = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    method = f"{level}_{estimator}"
    return convert(
        Entropies(values=values, symbols=n, k=k, coverage=1 - once / n, n=start, unit="nats", method=method),
        unit=unit,
    )


def _known(word: str, allowed: dict[str, Any], what: str) -> None:
    if word not in allowed:
        raise Degenerate(f"unknown_{what}", f"{what} is {word!r}, allowed are {', '.join(allowed)}")
