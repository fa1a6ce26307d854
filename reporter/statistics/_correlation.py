"""The step that all single correlations share: a permutation test and an interval make a record."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reporter.results import Correlation
from reporter.statistics._permutations import Orders, Plan, Statistic, null_distribution, reached
from reporter.statistics._ranks import fisher_interval


def absolute_product(x: NDArray[np.float64], y: NDArray[np.float64], orders: Orders) -> NDArray[np.float64]:
    """Find |r| of two series of length 1 for every order of the first."""
    # without BLAS, whose threads cost more than they save on so small a product
    r: NDArray[np.float64] = np.einsum("n,no->o", y, x[orders])
    return np.abs(r)


def by_permutation(
    r: float,
    statistic: Statistic,
    of: Plan,
    *,
    n: int,
    estimated: int = 0,
    level: float,
    unit: str,
    method: str,
) -> Correlation:
    """Compare |r| with its permutation distribution.

    Parameters
    ----------
    r : float
    statistic : function of (n, orders), giving |r| of each order
    of : Plan
    estimated : int
        What was estimated beside r, which widens the interval: covariates, or strata less one.
    """
    null = null_distribution(statistic, of)
    return Correlation(
        r=r,
        interval=fisher_interval(r, n=n - estimated, level=level),
        p=of.p_value(int(reached(null, abs(r)))),
        p_floor=of.p_value(int(reached(null, null.max())) if of.exact else 0),
        n=n,
        unit=unit,
        method=f"{method}_{of.name}",
    )
