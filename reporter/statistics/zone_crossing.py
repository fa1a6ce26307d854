"""Did a cell's mean move from one zone into another, and is that established?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reporter.results import Crossing, Summary
from reporter.statistics._cells import checked_cuts, zone_of, zone_probabilities


def zone_crossing(
    first: Summary,
    second: Summary,
    *,
    cuts: Sequence[float],
    ddof: int,
    level: float = 0.95,
    unit: str = "nats",
) -> Crossing:
    """Bound the probability of what the point values say: that the mean crossed, or stayed in its zone.

    Two means that lie in zones A and B have crossed where the first lies on A's side of every cut between
    the zones and the second on B's side. Two that lie in the same zone have stayed where both lie in it.
    Let P1 and P2 be the probabilities of the two halves of that claim. Cells measured on the same units are
    dependent, and summaries do not say how much; under any dependence the probability of the whole lies
    between max(0, P1 + P2 - 1) and min(P1, P2).

    Parameters
    ----------
    first, second : Summary, in ``unit``
        Each of n >= 2 values.
    cuts : sequence of float, in ``unit``
        The k >= 1 increasing cuts between k + 1 zones.
    ddof : int
        What the cells' sd were divided by: n - ddof.
    level : float
        The claim is established where the lower bound reaches this.

    Returns
    -------
    Crossing
        ``n`` counts both cells together.

    Raises
    ------
    Degenerate
        As :func:`~reporter.statistics.zone_probability.zone_probability`.

    References
    ----------
    Fréchet (1935), Généralisation du théorème des probabilités totales, Fundamenta Mathematicae 25,
    379-387, doi:10.4064/fm-25-1-379-387.
    """
    edges = checked_cuts(cuts)
    start, end = (zone_of(cell.mean, edges) for cell in (first, second))
    one = _share(zone_probabilities(first, edges, ddof=ddof), start, away_from=end)
    two = _share(zone_probabilities(second, edges, ddof=ddof), end, away_from=start)
    low = max(0.0, one + two - 1)
    return Crossing(
        first_zone=start,
        second_zone=end,
        crossed=start != end,
        established=low >= level,
        low=low,
        high=min(one, two),
        level=level,
        n=first.n + second.n,
        unit=unit,
        method="frechet_bounds",
    )


def _share(probabilities: NDArray[np.float64], zone: int, *, away_from: int) -> float:
    """Sum the zones from ``zone`` on, away from the other; only ``zone`` itself where both are the same."""
    if zone < away_from:
        return float(probabilities[: zone + 1].sum())
    if zone > away_from:
        return float(probabilities[zone:].sum())
    return float(probabilities[zone])
