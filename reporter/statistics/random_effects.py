"""How much do effects of several models differ beyond their own errors? A description, never the test."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from reporter.errors import Degenerate
from reporter.results import Interval, RandomEffects
from reporter.statistics._inputs import pairs

STEPS = 1000
SMALL = 1e-14  # change of tau2, relative to the mean variance, at which Fisher scoring ends


def random_effects(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    estimator: Literal["reml", "dersimonian_laird"] = "reml",
    level: float = 0.95,
    unit: str = "1",
) -> RandomEffects:
    """Pool effects with independent errors and estimate their heterogeneity.

    Models that answered the same questions do not have independent errors: as a test this rejects in
    11 to 14 % of cases at a nominal 5 %. The test is
    :func:`reporter.statistics.pooled_spearman.pooled_spearman`, hence no p value here.

    Parameters
    ----------
    effects : array (k,), in ``unit``
        At least two, for instance atanh(rho) of each model.
    variances : array (k,), in ``unit`` squared
        Their sampling variances, for instance (1 + rho^2/2)/(n - 3).
    estimator : {"reml", "dersimonian_laird"}
        Of tau2: restricted maximum likelihood, or the method of moments.
    level : float
        Level of the interval (Hartung and Knapp, t with k - 1 df).

    Returns
    -------
    RandomEffects
        ``i2`` is the share of tau2 in the total variance at the typical sampling variance of Higgins and
        Thompson; ``q`` is Cochran's Q.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``not_positive`` for a variance of 0 or less;
        ``not_converged`` where Fisher scoring does not settle; ``constant_series`` where all effects agree.

    References
    ----------
    DerSimonian, Laird (1986), doi:10.1016/0197-2456(86)90046-2. Viechtbauer (2005),
    doi:10.3102/10769986030003261. Hartung, Knapp (2001), doi:10.1002/sim.1009.
    """
    y, v = pairs(effects, variances, least=2)
    if (v <= 0).any():
        raise Degenerate("not_positive", f"the least variance is {v.min():g}, it must be above 0")
    if np.ptp(y) == 0:
        raise Degenerate("constant_series", f"all {y.size} effects are {y[0]:g}")
    df = y.size - 1
    fixed = 1 / v
    q = float(fixed @ (y - _mean(y, fixed)) ** 2)
    typical = df / _information(fixed)
    tau2 = _reml(y, v) if estimator == "reml" else max(0.0, (q - df) / _information(fixed))
    weights = 1 / (v + tau2)
    mean = _mean(y, weights)
    se = math.sqrt(float(weights @ (y - mean) ** 2) / df / float(weights.sum()))
    half = se * float(stdtrit(df, (1 + level) / 2))
    return RandomEffects(
        estimate=mean,
        interval=Interval(low=mean - half, high=mean + half, level=level, method="hartung_knapp"),
        se=se,
        tau2=tau2,
        i2=tau2 / (tau2 + typical),
        q=q,
        df=df,
        n=y.size,
        unit=unit,
        method=f"random_effects_{estimator}",
    )


def _mean(y: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    return float(weights @ y / weights.sum())


def _information(weights: NDArray[np.float64]) -> float:
    """Find the trace of W - W 1 1' W / sum(w)."""
    return float(weights.sum() - (weights**2).sum() / weights.sum())


def _reml(y: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    """Estimate tau2 by Fisher scoring, started at the method of moments with equal weights."""
    tau2 = max(0.0, float(y.var(ddof=1) - v.mean()))
    for _ in range(STEPS):
        w = 1 / (v + tau2)
        total = w.sum()
        left = w * (y - _mean(y, w))
        # with P = W - W 1 1' W / sum(w): y'PPy - tr P, over tr PP
        information = (w**2).sum() - 2 * (w**3).sum() / total + ((w**2).sum() / total) ** 2
        new = max(0.0, tau2 + float((left @ left - _information(w)) / information))
        if abs(new - tau2) <= SMALL * float(v.mean()):
            return new
        tau2 = new
    raise Degenerate("not_converged", f"tau2 has not settled after {STEPS} steps, last at {tau2:g}")
