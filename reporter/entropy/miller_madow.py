"""How uncertain is the next symbol, once the first-order bias of the plug-in estimate is added back?"""

from __future__ import annotations

from numpy.typing import ArrayLike

from reporter.entropy._counts import Table, Values, entropy_record, table_of_one
from reporter.entropy.plug_in import plug_in_rows
from reporter.results import Entropy


def miller_madow(counts: ArrayLike, *, unit: str = "nats") -> Entropy:
    """Estimate Shannon entropy by the plug-in value plus (K - 1)/(2N) nats.

    The correction assumes independent symbols; on running text it removes about half of the bias.

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
        As :func:`~reporter.entropy.plug_in.plug_in`.

    References
    ----------
    Miller (1955), Note on the bias of information estimates, in Information Theory in Psychology, 95-100.

    Examples
    --------
    >>> round(miller_madow([3, 3, 2]).value, 6)
    1.207196
    """
    table = table_of_one(counts)
    return entropy_record(table, miller_madow_rows(table), method="miller_madow", unit=unit)


def miller_madow_rows(table: Table) -> Values:
    """Estimate each text of a table; returns (texts,), nats."""
    return plug_in_rows(table) + (table.k - 1) / (2 * table.n)
