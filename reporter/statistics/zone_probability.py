"""In which zone does a cell's mean lie, and how sure is that?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reporter.results import Summary, ZoneProbability
from reporter.statistics._cells import checked_cuts, zone_of, zone_probabilities
from reporter.statistics._inputs import DECIMALS_OF_NOISE


def zone_probability(
    cell: Summary, *, cuts: Sequence[float], ddof: int, unit: str = "nats"
) -> ZoneProbability:
    """Place a cell's mean among zones, with the probability of each zone.

    The probabilities come from the confidence distribution m + se t(n - 1) of the mean over units like
    those behind the cell; they speak of that mean, not of single values.

    Parameters
    ----------
    cell : Summary, in ``unit``
        Of n >= 2 values.
    cuts : sequence of float, in ``unit``
        The k >= 1 increasing cuts between k + 1 zones. A value on a cut belongs to the upper zone.
    ddof : int
        What the cell's sd was divided by: n - ddof.

    Returns
    -------
    ZoneProbability
        ``zone`` is that of the mean itself, counted from 0; ``distance`` is the mean minus the nearest cut.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``negative_sd``, ``unknown_ddof``, ``no_cuts``,
        ``cuts_not_increasing``; ``zero_spread`` where the sd is 0.

    References
    ----------
    Xie & Singh (2013), Confidence distribution, the frequentist distribution estimator of a parameter,
    International Statistical Review 81, 3-39, doi:10.1111/insr.12000.
    """
    edges = checked_cuts(cuts)
    probabilities = zone_probabilities(cell, edges, ddof=ddof)
    distances = np.round(cell.mean - edges, DECIMALS_OF_NOISE) + 0.0
    return ZoneProbability(
        value=cell.mean,
        zone=zone_of(cell.mean, edges),
        below=float(probabilities[0]),
        probabilities=tuple(probabilities.tolist()),
        distance=float(distances[np.abs(distances).argmin()]),
        n=cell.n,
        unit=unit,
        method="student_t_confidence_distribution",
    )
