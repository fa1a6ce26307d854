"""What share of units has a property?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from reporter.errors import Degenerate
from reporter.results import Share
from reporter.statistics._inputs import sample


def share(values: ArrayLike, *, level: float = 0.95) -> Share:
    """Count how many of n units have a property, with Wilson's score interval of the share.

    The interval takes units to be independent: with five replies to each of n prompts that differ, it
    covered 87 to 91 instead of 95 % (docs/validation.md).

    Parameters
    ----------
    values : array (n,)
        1 where a unit has the property, 0 where not.
    level : float
        Level of the interval.

    Returns
    -------
    Share

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``not_one_dimensional``; ``not_yes_or_no`` where a value is neither 0
        nor 1.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the
    American Statistical Association 22, 209-212, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> share([1, 0, 0, 1]).share
    0.5
    """
    array = sample(values, name="values", least=1)
    if not np.isin(array, (0, 1)).all():
        odd = array[~np.isin(array, (0, 1))][0]
        raise Degenerate("not_yes_or_no", f"a value is {odd:g}, only 0 and 1 can be counted")
    n, count = array.size, int(array.sum())
    z2 = float(ndtri((1 + level) / 2)) ** 2
    centre = (count + z2 / 2) / (n + z2)
    half = math.sqrt(z2 * (count * (n - count) / n + z2 / 4)) / (n + z2)
    return Share(
        count=count,
        share=count / n,
        low=max(centre - half, 0.0),
        high=min(centre + half, 1.0),
        level=level,
        n=n,
        unit="",
        method="wilson",
    )
