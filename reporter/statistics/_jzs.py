"""The Bayes factor of a t statistic under the Jeffreys-Zellner-Siow prior."""

from __future__ import annotations

import math
from itertools import pairwise

from reporter.errors import Degenerate

PRIOR_SCALE = 0.5**0.5  # "medium": half of the prior mass lies within this standardised effect
PRECISION = 1e-11  # of the integral, relative


def jzs(t: float, first: int, second: int | None, prior_scale: float) -> float:
    """Weigh a Cauchy(0, prior_scale) effect against none; ``second`` is None for pairs.

    The Cauchy prior is a normal one whose variance g has an inverse gamma distribution; over log g the
    integrand is smooth and falls off on both sides.
    """
    from scipy.integrate import quad  # only where a Bayes factor is asked for

    if not prior_scale > 0:
        raise Degenerate("prior_not_positive", f"the prior scale is {prior_scale:g}, above 0 is needed")
    n = first if second is None else first * second / (first + second)
    df = first - 1 if second is None else first + second - 2
    power = (df + 1) / 2

    def integrand(log_g: float) -> float:
        g = math.exp(log_g)
        wide = 1 + n * g
        ratio = power * (math.log1p(t * t / df) - math.log1p(t * t / (wide * df)))
        return math.exp(ratio - 0.5 * math.log(wide) - 0.5 * log_g - prior_scale**2 / (2 * g))

    lowest = math.log(prior_scale**2 / 1400)  # below, exp(-r^2 / 2g) is nothing
    highest = max(120.0, math.log(prior_scale**2) + 120.0)
    edges = [lowest + (highest - lowest) * step / 12 for step in range(13)]
    parts = [quad(integrand, low, high, epsrel=PRECISION)[0] for low, high in pairwise(edges)]
    return prior_scale / math.sqrt(2 * math.pi) * math.fsum(parts)
