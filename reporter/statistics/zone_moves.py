"""Which members changed their zone between two conditions?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.results import Selection, ZoneMoves
from reporter.statistics._cells import checked_cuts, zone_of
from reporter.statistics._inputs import pairs


def zone_moves(
    first: ArrayLike, second: ArrayLike, *, cuts: Sequence[float], unit: str = "nats"
) -> ZoneMoves:
    """Compare the zones of the point values; how sure a crossing is, ``zone_crossing`` says.

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n >= 1 members under two conditions, aligned.
    cuts : sequence of float, in ``unit``
        The increasing cuts between zones. A value on a cut belongs to the upper zone.

    Returns
    -------
    ZoneMoves

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``no_cuts``, ``cuts_not_increasing``.
    """
    one, two = pairs(first, second, least=1)
    edges = checked_cuts(cuts)
    before = np.array([zone_of(value, edges) for value in one])
    after = np.array([zone_of(value, edges) for value in two])
    return ZoneMoves(
        crossed=_where(before != after),
        kept=_where(before == after),
        below_first=_where(before == 0),
        below_second=_where(after == 0),
        n=one.size,
        unit=unit,
        method="point_values",
    )


def _where(mask: NDArray[np.bool_]) -> Selection:
    return Selection(indices=tuple(np.flatnonzero(mask).tolist()), n=mask.size)
