"""Do the means of two independent groups differ, whatever their variances?"""

from __future__ import annotations

from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from reporter.results import Difference, Interval
from reporter.statistics._welch import welch


def welch_t(first: ArrayLike, second: ArrayLike, *, level: float = 0.95, unit: str = "nats") -> Difference:
    """Test mean(second) - mean(first) by Welch's t.

    Parameters
    ----------
    first, second : array (n1,), (n2,), in ``unit``
        Two independent groups of at least 2 values each.
    level : float
        Level of the interval.

    Returns
    -------
    Difference
        ``n`` counts both groups together; ``df`` is the Welch-Satterthwaite approximation.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``; ``constant_series`` where both groups are constant, so that the
        standard error is 0 and t does not exist.

    References
    ----------
    Welch (1947), The generalization of "Student's" problem, Biometrika 34, 28-35,
    doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> round(welch_t([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]).df, 4)
    2.9412
    """
    parts = welch(first, second)
    t = parts.estimate / parts.se
    half = parts.se * float(stdtrit(parts.df, (1 + level) / 2))
    low, high = parts.estimate - half, parts.estimate + half
    return Difference(
        estimate=parts.estimate,
        interval=Interval(low=low, high=high, level=level, method="welch_t"),
        se=parts.se,
        t=t,
        df=parts.df,
        p=float(2 * stdtr(parts.df, -abs(t))),
        n=parts.n,
        unit=unit,
        method="welch_t",
    )
