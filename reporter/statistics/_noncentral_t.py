"""Limits for the noncentrality of an observed t, from which intervals for standardised effects follow."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.special import gammaln, nctdtr

from reporter.errors import Degenerate

LARGEST_T = 1e4  # from a few times this size on, nctdtr has no value near the limits either


def noncentrality_limits(t: float, df: float, level: float) -> tuple[float, float]:
    """Find the noncentralities under which t is just not surprising (pivoting the noncentral t)."""
    if abs(t) > LARGEST_T:
        raise Degenerate("not_estimable", f"t is {t:g}; its limits can be found up to {LARGEST_T:g}")

    def share_below(ncp: float) -> float:
        share = float(nctdtr(df, ncp, t))
        # nctdtr has no value in parts of the far tails, where the share is 0 or 1
        return share if math.isfinite(share) else float(ncp < t)

    def limit(probability: float) -> float:
        low, high = t - 2, t + 2
        while share_below(low) < probability:
            low -= high - low
        while share_below(high) > probability:
            high += high - low
        return float(brentq(lambda ncp: share_below(ncp) - probability, low, high, xtol=1e-13, rtol=1e-14))

    return limit((1 + level) / 2), limit((1 - level) / 2)


def small_sample_factor(df: float) -> float:
    """Hedges's exact factor, which removes the bias of Cohen's d."""
    return math.exp(gammaln(df / 2) - gammaln((df - 1) / 2) - math.log(df / 2) / 2)
