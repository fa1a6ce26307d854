"""How much does knowing the symbols before it reduce the entropy of a symbol?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reporter.entropy.plug_in import plug_in
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import BlockEntropies


def block_entropy(symbols: ArrayLike, *, longest: int = 3, unit: str = "nats") -> BlockEntropies:
    """Estimate the entropy of blocks of 1 .. longest successive symbols, and their increments.

    The increments fall towards the entropy rate of a stationary source, and fall far below it once blocks
    hardly repeat: an increment counts only where the coverage of its blocks is high.

    Parameters
    ----------
    symbols : str, or array (n,) of int
        A text by characters, or token ids.
    longest : int
        Length of the longest blocks.
    unit : {"nats", "bits"}

    Returns
    -------
    BlockEntropies

    Raises
    ------
    Degenerate
        ``not_one_dimensional``; ``too_few`` where fewer than longest + 1 symbols, or no length, are asked.

    References
    ----------
    Shannon (1951), Prediction and entropy of printed English, Bell System Technical Journal 30, 50-64,
    doi:10.1002/j.1538-7305.1951.tb01366.x.

    Examples
    --------
    >>> [round(value, 6) for value in block_entropy("abababab", longest=2, unit="bits").conditional]
    [1.0, -0.014772]
    """
    values = (
        np.array([ord(symbol) for symbol in symbols]) if isinstance(symbols, str) else np.asarray(symbols)
    )
    if values.ndim != 1:
        raise Degenerate("not_one_dimensional", f"symbols have shape {values.shape}, one axis is needed")
    if longest < 1 or values.size <= longest:
        raise Degenerate("too_few", f"{values.size} symbols do not show how blocks of {longest} vary")
    ids = np.unique(values, return_inverse=True)[1]
    alphabet, codes = int(ids.max()) + 1, ids
    found = []
    for length in range(1, longest + 1):
        if length > 1:  # renumbered at every step, so that the codes never overflow
            codes = np.unique(codes[:-1] * alphabet + ids[length - 1 :], return_inverse=True)[1]
        found.append(plug_in(np.bincount(codes)))
    blocks = tuple(entropy.value for entropy in found)
    record = BlockEntropies(
        blocks=blocks,
        conditional=tuple(np.diff(blocks, prepend=0.0).tolist()),
        k=tuple(entropy.k for entropy in found),
        coverage=tuple(entropy.coverage for entropy in found),
        n=values.size,
        unit="nats",
        method="plug_in_blocks",
    )
    return convert(record, unit=unit)
