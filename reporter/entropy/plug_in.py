"""How uncertain is the next symbol, if the observed frequencies were the probabilities?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from reporter.entropy._counts import Table, Values, entropy_record, sum_over_symbols, table_of_one
from reporter.results import Entropy


def plug_in(counts: ArrayLike, *, unit: str = "nats") -> Entropy:
    """Estimate Shannon entropy by the observed frequencies, -sum p log p (maximum likelihood).

    It is biased downwards by about (K - 1)/(2N) nats, so that it rises with the length of a text.

    Parameters
    ----------
    counts : array (symbols,)
        How often each distinct symbol occurs; zeros are ignored.
    unit : {"nats", "bits"}

    Returns
    -------
    Entropy

    Raises
    ------
    Degenerate
        ``too_few`` where nothing was counted, ``not_counts``, ``not_one_dimensional``, ``unknown_unit``.

    References
    ----------
    Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27, 379-423,
    doi:10.1002/j.1538-7305.1948.tb01338.x.

    Examples
    --------
    >>> round(plug_in([2, 2, 2, 2], unit="bits").value, 12)
    2.0
    """
    table = table_of_one(counts)
    return entropy_record(table, plug_in_rows(table), method="plug_in", unit=unit)


def plug_in_rows(table: Table) -> Values:
    """Estimate each text of a table; returns (texts,), nats."""
    n = table.n
    values = np.log(n) - sum_over_symbols(lambda count: xlogy(count, count), table) / n
    # log N - N log N / N is not always exactly 0
    return np.where(table.k == 1, 0.0, values)
