"""Towards which plateau does the value rise, and what would one new value be?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from reporter.errors import Degenerate
from reporter.results import Interval, SaturatingTrend
from reporter.statistics._curves import approach, prediction_error, residual_df
from reporter.statistics._inputs import pairs


def saturating_trend(
    x: ArrayLike, y: ArrayLike, *, at: float, level: float = 0.95, unit: str = "nats"
) -> SaturatingTrend:
    """Fit top - drop exp(-x / pace) by nonlinear least squares and predict one new value from it.

    Parameters
    ----------
    x : array (n,)
        Where each value was measured, e.g. the token limit; at least 3 distinct.
    y : array (n,), in ``unit``
        The values.
    at : float
        Where to predict.
    level : float
        Level of the prediction interval.

    Returns
    -------
    SaturatingTrend
        Standard errors and the prediction interval linearise the curve at the estimate.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``no_residual_df`` with three values;
        ``constant_series``; ``not_identified`` where the data are a line or a step; ``perfect_fit``.

    References
    ----------
    Bates and Watts (1988), Nonlinear Regression Analysis and its Applications, doi:10.1002/9780470316757.
    """
    limits, values = pairs(x, y, least=2)
    df = residual_df(values.size, 3)
    total = float(((values - values.mean()) ** 2).sum())
    if total == 0:
        raise Degenerate("constant_series", f"y is always {values[0]:g}")
    curve = approach(limits, values)
    if curve.sse <= 1e-20 * total:
        raise Degenerate("perfect_fit", f"all {values.size} values lie on the curve")
    sigma = math.sqrt(curve.sse / df)
    top, drop, pace = curve.coefficients.tolist()
    top_se, drop_se, pace_se = (sigma * np.sqrt(np.diag(curve.unscaled))).tolist()
    predicted = float(curve.value(np.array([at], dtype=np.float64))[0])
    reach = float(stdtrit(df, (1 + level) / 2)) * prediction_error(curve, at, sigma)
    return SaturatingTrend(
        top=top,
        top_se=top_se,
        drop=drop,
        drop_se=drop_se,
        pace=pace,
        pace_se=pace_se,
        df=df,
        sigma=sigma,
        at=at,
        predicted=predicted,
        prediction=Interval(
            low=predicted - reach, high=predicted + reach, level=level, method="prediction_delta_t"
        ),
        extrapolated=not limits.min() <= at <= limits.max(),
        n=values.size,
        unit=unit,
        method="saturating_trend",
    )
