"""Did the mean change between two published cells, of which only n, mean and sd are known?"""

from __future__ import annotations

import math

from scipy.special import stdtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import Difference, Interval, Summary
from reporter.statistics._cells import sample_sd
from reporter.statistics._inputs import DECIMALS_OF_NOISE


def welch_summary(
    first: Summary, second: Summary, *, ddof: int, level: float = 0.95, unit: str = "nats"
) -> Difference:
    """Test the difference of two cells' means, second - first, by Welch's t.

    The same units may stand behind both cells, but pairs cannot be recovered from summaries: the test is
    unpaired and, where the units agree with themselves, conservative.

    Parameters
    ----------
    first, second : Summary, in ``unit``
        Each of n >= 2 values.
    ddof : int
        What the cells' sd were divided by: n - ddof. 0 for the population sd, 1 for the sample sd.
    level : float
        Level of the interval.

    Returns
    -------
    Difference
        ``n`` counts both cells together; ``df`` is Welch and Satterthwaite's; ``p`` is two-sided.

    Raises
    ------
    Degenerate
        ``too_few``, ``unknown_ddof``, ``negative_sd``, ``not_finite``; ``zero_spread`` where both sd are 0.

    References
    ----------
    Welch (1947), The generalization of 'Student's' problem when several different population variances
    are involved, Biometrika 34, 28-35, doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> low = Summary(mean=2.86, sd=0.04, minimum=2.82, maximum=2.90, n=3, half_width=0.005)
    >>> high = Summary(mean=2.96, sd=0.04, minimum=2.90, maximum=3.00, n=3, half_width=0.005)
    >>> round(welch_summary(low, high, ddof=0).t, 10)
    2.5
    """
    variances = [sample_sd(cell, ddof=ddof) ** 2 / cell.n for cell in (first, second)]
    total = sum(variances)
    if total == 0:
        raise Degenerate("zero_spread", f"both cells have sd 0 (n = {first.n} and {second.n})")
    change = round(second.mean - first.mean, DECIMALS_OF_NOISE) + 0.0
    se = math.sqrt(total)
    df = total**2 / (variances[0] ** 2 / (first.n - 1) + variances[1] ** 2 / (second.n - 1))
    t = change / se
    half = se * float(stdtrit(df, (1 + level) / 2))
    return Difference(
        estimate=change,
        interval=Interval(low=change - half, high=change + half, level=level, method="welch_t"),
        se=se,
        t=t,
        df=df,
        p=float(2 * stdtr(df, -abs(t))),
        n=first.n + second.n,
        unit=unit,
        method="welch_summary",
    )
