"""How uncertain is the next symbol, by the estimate with the least bias for independent counts?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma

from reporter.entropy._counts import Table, Values, entropy_record, sum_over_symbols, table_of_one
from reporter.results import Entropy


def grassberger(counts: ArrayLike, *, unit: str = "nats") -> Entropy:
    """Estimate Shannon entropy by log N - (1/N) sum n G(n), the estimate of 2003.

    Parameters
    ----------
    counts : array (symbols,)
        How often each distinct symbol occurs; zeros are ignored.
    unit : {"nats", "bits"}

    Returns
    -------
    Entropy
        The value can exceed log K: unseen symbols are allowed for.

    Raises
    ------
    Degenerate
        As :func:`~reporter.entropy.plug_in.plug_in`.

    Notes
    -----
    Ours, because infomeasure 0.6 has the estimate of 1988 under this name, whose bias is larger.

    References
    ----------
    Grassberger (2003), Entropy estimates from insufficient samplings, arXiv:physics/0307138,
    doi:10.48550/arXiv.physics/0307138.

    Examples
    --------
    >>> round(grassberger([3, 3, 2]).value, 6)
    1.349804
    """
    table = table_of_one(counts)
    return entropy_record(table, grassberger_rows(table), method="grassberger_2003", unit=unit)


def grassberger_rows(table: Table) -> Values:
    """Estimate each text of a table; returns (texts,), nats."""
    n = table.n
    return np.asarray(np.log(n) - sum_over_symbols(lambda count: count * _expected_log(count), table) / n)


def _expected_log(count: Values) -> Values:
    """Evaluate G(n) = psi(n) + (-1)^n [psi((n + 1)/2) - psi(n/2)]/2, which stands in for log n."""
    sign = 1 - 2 * (count % 2)
    return np.asarray(digamma(count) + sign / 2 * (digamma((count + 1) / 2) - digamma(count / 2)))
