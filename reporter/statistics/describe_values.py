"""What are single values like: their mean, how well it is known, and how far they spread?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from reporter.results import DescribedValues, Interval
from reporter.statistics._inputs import sample


def describe_values(values: ArrayLike, *, level: float = 0.95, unit: str = "nats") -> DescribedValues:
    """Describe a series, with Student's t interval of its mean.

    Parameters
    ----------
    values : array (n,), in ``unit``
        Of n >= 2 units, such as one mean per prompt.
    level : float
        Level of the interval.

    Returns
    -------
    DescribedValues
        There is no interval where all values are equal.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``not_one_dimensional``.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6, 1-25, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> describe_values([1.0, 2.0, 3.0]).sd
    1.0
    """
    array = sample(values, name="values", least=2)
    mean, low, high = float(array.mean()), float(array.min()), float(array.max())
    lower, median, upper = np.quantile(array, [0.25, 0.5, 0.75]).tolist()  # type 7, which R has too
    sd = float(array.std(ddof=1))
    interval = None
    if high > low:
        half = float(stdtrit(array.size - 1, (1 + level) / 2)) * sd / math.sqrt(array.size)
        interval = Interval(low=mean - half, high=mean + half, level=level, method="student_t")
    return DescribedValues(
        mean=mean,
        interval=interval,
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
        sd=sd,
        minimum=low,
        maximum=high,
        width=high - low,
        total=math.fsum(array.tolist()),
        n=array.size,
        unit=unit,
        method="student_t",
    )
