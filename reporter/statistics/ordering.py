"""Do a few values stand in the claimed order, and can so few say so?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reporter.results import Ordering
from reporter.statistics._falls import orders_by_falls
from reporter.statistics._inputs import DECIMALS_OF_NOISE, sample


def ordering(values: ArrayLike, *, unit: str = "nats") -> Ordering:
    """Test whether values fall in the order given, against all n! orders.

    Parameters
    ----------
    values : array (n,), in ``unit``
        n >= 2 values, the one that is claimed to be greatest first.

    Returns
    -------
    Ordering
        ``statistic`` counts the pairs that fall as claimed; ``p`` is one-sided and exact (Kendall's
        distribution, of these very values where some are tied); ``p_floor`` is 1/n! without ties. ``holds``
        asks for a fall at every step: a tie is no order.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``not_one_dimensional``.

    References
    ----------
    Kendall (1938), A new measure of rank correlation, Biometrika 30, 81-93, doi:10.1093/biomet/30.1-2.81.

    Examples
    --------
    >>> ordering([3.13, 3.08, 3.06]).p == 1 / 6
    True
    """
    array = np.round(sample(values, name="values", least=2), DECIMALS_OF_NOISE)
    falls = int(np.triu(array[:, None] > array[None, :], 1).sum())
    multiplicities = np.unique(array, return_counts=True)[1].tolist()
    orders = orders_by_falls(multiplicities)
    total = sum(orders)
    return Ordering(
        holds=bool((np.diff(array) < 0).all()),
        statistic=float(falls),
        p=sum(orders[falls:]) / total,
        p_floor=1 / total,
        n=array.size,
        unit=unit,
        method="kendall_exact",
    )
