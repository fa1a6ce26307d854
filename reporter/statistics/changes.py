"""Which units rose, which fell, and which stayed within a declared threshold?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Changes, Selection
from reporter.statistics._inputs import differences

TIE = 1e-9


def changes(first: ArrayLike, second: ArrayLike, *, threshold: float, unit: str = "nats") -> Changes:
    """Sort the units by their change, second - first.

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n >= 1 units under two conditions, aligned.
    threshold : float, in ``unit``
        A change up to this size, this size included, counts as steady.

    Returns
    -------
    Changes
        ``rose``, ``fell`` and ``steady`` share out the units. ``largest_rise`` is the greatest change with
        its sign, ``largest_change`` and ``smallest_change`` go by size. Ties are all named.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``negative_threshold``.

    Examples
    --------
    >>> changes([1.0, 1.0, 1.0], [1.5, 1.0, 0.5], threshold=0.1).rose
    Selection(indices=(0,), n=3)
    """
    if not (math.isfinite(threshold) and threshold >= 0):
        raise Degenerate("negative_threshold", f"the threshold is {threshold:g}, it must be 0 or more")
    change = differences(first, second, least=1)
    size = np.abs(change)
    return Changes(
        threshold=threshold,
        above_zero=_select(change > 0),
        rose=_select(change > threshold + TIE),
        fell=_select(change < -threshold - TIE),
        steady=_select(size <= threshold + TIE),
        largest_rise=float(change.max()),
        most_rising=_select(change >= change.max() - TIE),
        smallest_change=float(size.min()),
        steadiest=_select(size <= size.min() + TIE),
        largest_change=float(size.max()),
        n=change.size,
        unit=unit,
        method="changes",
    )


def _select(mask: NDArray[np.bool_]) -> Selection:
    return Selection(indices=tuple(np.flatnonzero(mask).tolist()), n=mask.size)
