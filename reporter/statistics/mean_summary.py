"""How well is the mean behind a published cell known?"""

from __future__ import annotations

import math

from scipy.special import stdtrit

from reporter.errors import Degenerate
from reporter.results import Estimate, Interval, Summary
from reporter.statistics._cells import sample_sd


def mean_summary(cell: Summary, *, ddof: int, level: float = 0.95, unit: str = "nats") -> Estimate:
    """Give a cell's mean its t interval over units like those behind the cell.

    Parameters
    ----------
    cell : Summary, in ``unit``
        Of n >= 2 values.
    ddof : int
        What the cell's sd was divided by: n - ddof.
    level : float
        Level of the interval.

    Returns
    -------
    Estimate

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``negative_sd``, ``unknown_ddof``; ``zero_spread`` where the sd is 0.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6, 1-25, doi:10.1093/biomet/6.1.1.
    """
    sd = sample_sd(cell, ddof=ddof)
    if sd == 0:
        raise Degenerate("zero_spread", f"the sd of a cell with n = {cell.n} is 0: its mean has no interval")
    half = float(stdtrit(cell.n - 1, (1 + level) / 2)) * sd / math.sqrt(cell.n)
    return Estimate(
        value=cell.mean,
        interval=Interval(low=cell.mean - half, high=cell.mean + half, level=level, method="student_t"),
        n=cell.n,
        unit=unit,
        method="student_t",
    )
