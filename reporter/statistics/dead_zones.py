"""On which axes does a model hardly move?"""

from __future__ import annotations

import numpy as np

from reporter.results import Columns, DeadZones
from reporter.statistics._columns import table
from reporter.statistics._ranks import DECIMALS_OF_TIES
from reporter.statistics._selections import where


def dead_zones(
    projections: Columns, *, mean_below: float, sd_below: float, iqr_below: float, unit: str = "1"
) -> DeadZones:
    """Find the axes that a declared rule calls dead, and those that other rules would.

    An axis is dead where its mean lies within ``mean_below`` of 0 and its standard deviation is below
    ``sd_below``. An axis that is stuck at one end of its scale moves as little, but is dead only by the
    other rules: ``sd_below`` alone, or an interquartile range below ``iqr_below``, which a few outlying
    answers do not hide.

    Parameters
    ----------
    projections : array (n, axes), in ``unit``
        One row per answer, n >= 2.
    mean_below, sd_below, iqr_below : float
        Declared bounds, in ``unit``; what reaches one is not below it.

    Returns
    -------
    DeadZones
        The standard deviation is the sample one (ddof 1), quartiles are interpolated linearly (type 7 of
        Hyndman and Fan). How many axes are dead is the size of the selection.

    Raises
    ------
    Degenerate
        ``not_two_dimensional``, ``not_finite``, ``too_few``.

    Examples
    --------
    >>> found = dead_zones([[0.01, 0.9, -1.0], [-0.02, 0.9, 1.0], [0.01, 0.9, 0.0]],
    ...                    mean_below=0.1, sd_below=0.05, iqr_below=0.05)
    >>> found.dead.indices, found.dead_by_sd.indices, found.constant.indices
    ((0,), (0, 1), (1,))
    """
    answers = table(projections, name="projections", least=2)
    n, axes = answers.shape
    near_zero = np.abs(answers.mean(axis=0)) < mean_below
    still = answers.std(axis=0, ddof=1) < sd_below
    lower, upper = np.quantile(answers, [0.25, 0.75], axis=0)
    return DeadZones(
        dead=where(near_zero & still),
        dead_by_sd=where(still),
        dead_by_iqr=where(upper - lower < iqr_below),
        constant=where(np.ptp(np.round(answers, DECIMALS_OF_TIES), axis=0) == 0),
        mean_below=mean_below,
        sd_below=sd_below,
        iqr_below=iqr_below,
        axes=axes,
        n=n,
        unit=unit,
        method="mean_and_sd_below_declared_bounds",
    )
