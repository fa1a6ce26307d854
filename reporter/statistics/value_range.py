"""Which values are the lowest and the highest, and how far do the values spread?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reporter.results import Range, Selection
from reporter.statistics._inputs import sample

TIE = 1e-9


def value_range(values: ArrayLike, *, unit: str = "nats") -> Range:
    """Describe several values by their extremes, all ties named, and their spread.

    Parameters
    ----------
    values : array (n,), in ``unit``
        n >= 2 values.

    Returns
    -------
    Range
        ``sd`` is the sample sd (ddof 1); values within 1e-9 of an extreme share it.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``not_one_dimensional``.

    Examples
    --------
    >>> value_range([2.96, 3.17, 2.96]).lowest
    Selection(indices=(0, 2), n=3)
    """
    array = sample(values, name="values", least=2)
    low, high = float(array.min()), float(array.max())
    return Range(
        minimum=low,
        maximum=high,
        width=high - low,
        mean=float(array.mean()),
        sd=float(array.std(ddof=1)),
        lowest=Selection(indices=tuple(np.flatnonzero(array <= low + TIE).tolist()), n=array.size),
        highest=Selection(indices=tuple(np.flatnonzero(array >= high - TIE).tolist()), n=array.size),
        n=array.size,
        unit=unit,
        method="value_range",
    )
