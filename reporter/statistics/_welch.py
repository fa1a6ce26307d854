"""The difference of two independent means, its standard error and its degrees of freedom."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.statistics._inputs import sample


class Welch(NamedTuple):
    """What Welch's test and its equivalence version share."""

    estimate: float
    se: float
    df: float
    n: int


def welch(first: ArrayLike, second: ArrayLike) -> Welch:
    """Compare two means with separate variances; raises ``constant_series`` where se would be 0."""
    one, two = sample(first, name="first", least=2), sample(second, name="second", least=2)
    # range, not variance: the variance of equal values can come out as 1e-33
    if np.ptp(one) == 0 and np.ptp(two) == 0:
        raise Degenerate("constant_series", f"first is always {one[0]:g} and second always {two[0]:g}")
    parts = np.array([one.var(ddof=1) / one.size, two.var(ddof=1) / two.size])
    df = float(parts.sum() ** 2 / (parts**2 / [one.size - 1, two.size - 1]).sum())
    return Welch(float(two.mean() - one.mean()), math.sqrt(parts.sum()), df, one.size + two.size)
