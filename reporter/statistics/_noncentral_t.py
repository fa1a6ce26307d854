"""The noncentral t, and limits for its noncentrality: intervals for standardised effects follow from them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, nctdtr

from reporter.errors import Degenerate

LARGEST_T = 1e4  # from a few times this size on, nctdtr has no value near the limits either

Shares = NDArray[np.float64]


def noncentrality_limits(t: float, df: float, level: float) -> tuple[float, float]:
    """Find the noncentralities under which t is just not surprising (pivoting the noncentral t)."""
    from scipy.optimize import brentq  # a tenth of a second that plans do not need

    if abs(t) > LARGEST_T:
        raise Degenerate("not_estimable", f"t is {t:g}; its limits can be found up to {LARGEST_T:g}")

    def limit(probability: float) -> float:
        low, high = t - 2, t + 2
        while share_below(t, df, low) < probability:
            low -= high - low
        while share_below(t, df, high) > probability:
            high += high - low
        return float(
            brentq(lambda ncp: share_below(t, df, ncp) - probability, low, high, xtol=1e-13, rtol=1e-14)
        )

    return limit((1 + level) / 2), limit((1 - level) / 2)


def share_below(t: ArrayLike, df: float, ncp: float) -> Shares:
    """Give the chance that a noncentral t lies below each value."""
    share = nctdtr(df, ncp, t)
    # nctdtr has no value in parts of the far tails, where the share is 0 or 1
    found: Shares = np.where(np.isfinite(share), share, np.less(ncp, t))
    return found


def small_sample_factor(df: float) -> float:
    """Hedges's exact factor, which removes the bias of Cohen's d."""
    return math.exp(gammaln(df / 2) - gammaln((df - 1) / 2) - math.log(df / 2) / 2)
