"""How uncertain is the next symbol, with the frequencies shrunk towards equal ones?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from reporter.entropy._counts import Table, Values, alphabet_of, entropy_record, table_of_one
from reporter.results import Entropy


def james_stein(counts: ArrayLike, *, alphabet: int | None = None, unit: str = "nats") -> Entropy:
    """Estimate Shannon entropy by the plug-in value of James-Stein shrunk frequencies.

    Parameters
    ----------
    counts : array (symbols,)
        How often each distinct symbol occurs, at least 2 in all; zeros are ignored.
    alphabet : int, optional
        How many symbols are possible. Without it the observed ones are taken for all there are.
    unit : {"nats", "bits"}

    Returns
    -------
    Entropy
        ``method`` says whether the alphabet was declared or observed.

    Raises
    ------
    Degenerate
        As :func:`~reporter.entropy.plug_in.plug_in`; ``alphabet_too_small``; ``too_few`` below 2 symbols.

    References
    ----------
    Hausser and Strimmer (2009), Entropy inference and the James-Stein estimator, Journal of Machine
    Learning Research 10, 1469-1484, doi:10.48550/arXiv.0811.3579.

    Examples
    --------
    >>> round(james_stein([3, 2, 1]).value, 6)
    1.098612
    """
    table = table_of_one(counts, least=2)
    possible, source = alphabet_of(table, alphabet)
    values = james_stein_rows(table, alphabet=np.array([possible]))
    return entropy_record(table, values, method=f"james_stein_alphabet_{source}", unit=unit)


def james_stein_rows(table: Table, *, alphabet: NDArray[np.int64] | None = None) -> Values:
    """Estimate each text of a table, N >= 2; returns (texts,), nats."""
    possible = table.k if alphabet is None else alphabet
    p, target = table.counts / table.n[:, None], 1 / possible
    squares = (p**2).sum(axis=1)
    distance = squares - target  # sum (p - 1/K)^2 over all K possible symbols
    with np.errstate(divide="ignore", invalid="ignore"):  # distance 0: every weight gives the target
        weight = np.where(distance > 0, np.minimum((1 - squares) / (table.n - 1) / distance, 1), 1)
    unseen = weight * target
    shrunk = np.where(table.counts > 0, (1 - weight)[:, None] * p + unseen[:, None], 0)
    return np.asarray(-xlogy(shrunk, shrunk).sum(axis=1) - (possible - table.k) * xlogy(unseen, unseen) + 0.0)
