"""Did the mean change between two conditions that the same units went through?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import Difference, Interval
from reporter.statistics._inputs import differences


def paired_t(first: ArrayLike, second: ArrayLike, *, level: float = 0.95, unit: str = "nats") -> Difference:
    """Test the mean of second - first by Student's t.

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n >= 2 units under two conditions, aligned.
    level : float
        Level of the interval.

    Returns
    -------
    Difference
        ``n`` counts pairs; ``p`` is two-sided.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``constant_series`` where all differences
        are equal, so that the standard error is 0 and t does not exist.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6, 1-25, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> paired_t([1.0, 2.0, 3.0], [1.5, 2.0, 4.0]).df
    2.0
    """
    change = differences(first, second, least=2)
    n = change.size
    mean = float(change.mean())
    se = float(change.std(ddof=1)) / math.sqrt(n)
    if np.ptp(change) == 0:
        raise Degenerate("constant_series", f"all {n} differences are {mean:g}")
    df = float(n - 1)
    t = mean / se
    half = se * float(stdtrit(df, (1 + level) / 2))
    return Difference(
        estimate=mean,
        interval=Interval(low=mean - half, high=mean + half, level=level, method="student_t"),
        se=se,
        t=t,
        df=df,
        p=float(2 * stdtr(df, -abs(t))),
        n=n,
        unit=unit,
        method="paired_t",
    )
