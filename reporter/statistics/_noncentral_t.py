"""Limits for the noncentrality of an observed t, from which intervals for standardised effects follow."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.special import gammaln, nctdtr


def noncentrality_limits(t: float, df: float, level: float) -> tuple[float, float]:
    """Find the noncentralities under which t is just not surprising (pivoting the noncentral t)."""

    def limit(probability: float) -> float:
        low, high = t - 2, t + 2
        while nctdtr(df, low, t) < probability:
            low -= high - low
        while nctdtr(df, high, t) > probability:
            high += high - low
        return float(brentq(lambda ncp: nctdtr(df, ncp, t) - probability, low, high, xtol=1e-13, rtol=1e-14))

    return limit((1 + level) / 2), limit((1 - level) / 2)


def small_sample_factor(df: float) -> float:
    """Hedges's exact factor, which removes the bias of Cohen's d."""
    return math.exp(gammaln(df / 2) - gammaln((df - 1) / 2) - math.log(df / 2) / 2)
