"""How does a quantity run through the layers: where is it lowest and highest, and where does it dip?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reporter.errors import Degenerate
from reporter.results import Columns, LayerProfile
from reporter.statistics._columns import table
from reporter.statistics._ranks import DECIMALS_OF_TIES, TIE
from reporter.statistics._selections import where
from reporter.statistics.describe_values import describe_values
from reporter.statistics.value_range import value_range


def layer_profile(
    layers: Columns, *, dip: float = 3.0, level: float = 0.95, unit: str = "nats"
) -> LayerProfile:
    """Average over answers at every layer, and find the extremes and the dips of that curve.

    Adjacent layers with equal means are one place of the curve. A place is a dip where both its neighbours
    are higher and its prominence is more than ``dip`` times the median absolute step from place to
    place. Prominence: on either side the highest mean is sought, as far as the first lower place or
    the end of the curve; the lesser of the two, less the mean of the place. So an end is never a dip, but
    may be what a dip falls from, and a ripple on the floor of a dip does not hide it.

    Parameters
    ----------
    layers : array (n, layers), in ``unit``
        One row per answer, n >= 2; the layers in order, at least 2.
    dip : float
        How many typical steps deep a dip is at least.
    level : float
        Level of the interval at each layer by itself, not of the curve as a whole.

    Returns
    -------
    LayerProfile
        ``low`` and ``high`` are None at a layer where all answers agree. ``depth`` is l/(L - 1) for the
        layers l = 0..L - 1. Every layer of a flat dip is named.

    Raises
    ------
    Degenerate
        ``not_two_dimensional``, ``not_finite``, ``too_few``; ``too_few_layers`` below two.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6, 1-25, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> layer_profile([[3.0, 3.2, 1.1, 3.0, 3.1, 3.2, 3.1], [3.2, 3.2, 1.3, 3.0, 3.1, 3.2, 3.3]]).dips
    Selection(indices=(2,), n=7)
    """
    answers = np.round(table(layers, name="layers", least=2), DECIMALS_OF_TIES)  # noise is no spread
    n, count = answers.shape
    if count < 2:
        raise Degenerate("too_few_layers", f"layers has {count} columns, at least 2 are needed")
    by_layer = [describe_values(layer, level=level) for layer in answers.T]
    intervals = [layer.interval for layer in by_layer]
    means = np.array([layer.mean for layer in by_layer])
    depth = np.arange(count) / (count - 1)
    extremes = value_range(means)
    return LayerProfile(
        at=tuple(range(count)),
        mean=tuple(means.tolist()),
        low=tuple(None if within is None else within.low for within in intervals),
        high=tuple(None if within is None else within.high for within in intervals),
        depth=tuple(depth.tolist()),
        least=extremes.minimum,
        most=extremes.maximum,
        lowest=extremes.lowest,
        highest=extremes.highest,
        depth_lowest=float(depth[extremes.lowest.indices[0]]),
        depth_highest=float(depth[extremes.highest.indices[0]]),
        dips=where(_dips(means, dip)),
        dip=dip,
        layers=count,
        level=level,
        n=n,
        unit=unit,
        method="student_t_at_each_layer",
    )


def _dips(means: NDArray[np.float64], dip: float) -> NDArray[np.bool_]:
    """Say of each layer whether it belongs to a dip."""
    rounded = np.round(means, DECIMALS_OF_TIES)
    new = np.concatenate([[True], np.diff(rounded) != 0])
    places = rounded[new]
    steps = np.abs(np.diff(places))
    least = dip * np.median(steps) + TIE if steps.size else np.inf
    found = np.array([_prominence(places, at) > least for at in range(places.size)])
    of_layers: NDArray[np.bool_] = found[np.cumsum(new) - 1]
    return of_layers


def _prominence(places: NDArray[np.float64], at: int) -> float:
    """Measure how far a place lies below what surrounds it; 0 where it is no minimum."""
    floor = places[at]
    walls = []
    for side in (places[:at][::-1], places[at + 1 :]):
        lower = np.flatnonzero(side < floor)
        reach = side[: lower[0]] if lower.size else side
        walls.append(float(reach.max(initial=floor)))
    return min(walls) - float(floor)
