"""How uncertain is the next symbol, allowing for the symbols that the sample has not shown yet?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reporter.entropy._counts import Table, Values, entropy_record, table_of_one
from reporter.results import Entropy


def chao_shen(counts: ArrayLike, *, unit: str = "nats") -> Entropy:
    """Estimate Shannon entropy from coverage-adjusted frequencies, each weighted by its chance to be seen.

    Parameters
    ----------
    counts : array (symbols,)
        How often each distinct symbol occurs, at least 2 in all; zeros are ignored.
    unit : {"nats", "bits"}

    Returns
    -------
    Entropy

    Raises
    ------
    Degenerate
        As :func:`~reporter.entropy.plug_in.plug_in`; ``too_few`` below 2 symbols.

    Notes
    -----
    Where every symbol is a singleton the estimated coverage is 0; one singleton is then not counted, as
    the R package entropy does.

    References
    ----------
    Chao and Shen (2003), Nonparametric estimation of Shannon's index of diversity when there are unseen
    species in sample, Environmental and Ecological Statistics 10, 429-443, doi:10.1023/A:1026096204727.

    Examples
    --------
    >>> round(chao_shen([3, 2, 1]).value, 6)
    1.257316
    """
    table = table_of_one(counts, least=2)
    return entropy_record(table, chao_shen_rows(table), method="chao_shen", unit=unit)


def chao_shen_rows(table: Table) -> Values:
    """Estimate each text of a table, N >= 2; returns (texts,), nats."""
    n = table.n
    coverage = 1 - np.where(table.once == n, n - 1, table.once) / n
    text, symbol = np.nonzero(table.counts)
    p = coverage[text] * table.counts[text, symbol] / n[text]
    with np.errstate(divide="ignore"):  # p = 1: log1p(-1) = -inf, a symbol that is surely seen
        seen = -np.expm1(n[text] * np.log1p(-p))
    return np.asarray(np.bincount(text, weights=-p * np.log(p) / seen, minlength=n.size) + 0.0)
