"""How fast does the value change along a declared scale, and what would one new value be?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import Interval, Trend
from reporter.statistics._curves import Scale, line, on_scale, prediction_error, residual_df
from reporter.statistics._inputs import pairs


def trend(
    x: ArrayLike,
    y: ArrayLike,
    *,
    at: float,
    scale: Scale = "log2",
    level: float = 0.95,
    unit: str = "nats",
) -> Trend:
    """Fit a straight line on a declared scale and predict one new value from it.

    Parameters
    ----------
    x : array (n,)
        Where each value was measured, e.g. the token limit.
    y : array (n,), in ``unit``
        The values.
    at : float
        Where to predict.
    scale : {"log2", "linear"}
        On log2 the slope is the change per doubling of x.
    level : float
        Level of both intervals.

    Returns
    -------
    Trend
        ``prediction`` is for one new value, so it includes the scatter; ``extrapolated`` says that ``at``
        lies outside the x that were measured, where no interval covers a wrong shape.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``not_positive`` for log2; ``no_residual_df``
        with two values; ``constant_series`` where x is constant; ``perfect_fit`` where no value leaves
        the line, so that there is no error to judge by.

    References
    ----------
    Draper and Smith (1998), Applied Regression Analysis, 3rd edition, chapter 3,
    doi:10.1002/9781118625590.
    """
    limits, values = pairs(x, y, least=2)
    places = on_scale(limits, scale)
    place = float(on_scale(np.array([at], dtype=np.float64), scale)[0])
    df = residual_df(values.size, 2)
    curve = line(places, values)
    total = float(((values - values.mean()) ** 2).sum())
    if total == 0:
        raise Degenerate("constant_series", f"y is always {values[0]:g}")
    if curve.sse <= 1e-24 * total:  # rounding: the line runs through every value
        raise Degenerate("perfect_fit", f"all {values.size} values lie on the line")
    intercept, slope = curve.coefficients.tolist()
    sigma = math.sqrt(curve.sse / df)
    se = sigma * math.sqrt(curve.unscaled[1, 1])
    quantile = float(stdtrit(df, (1 + level) / 2))
    half, reach = quantile * se, quantile * prediction_error(curve, place, sigma)
    predicted = intercept + slope * place
    return Trend(
        slope=slope,
        interval=Interval(low=slope - half, high=slope + half, level=level, method="student_t"),
        se=se,
        t=slope / se,
        df=df,
        p=float(2 * stdtr(df, -abs(slope / se))),
        intercept=intercept,
        sigma=sigma,
        r_squared=1 - curve.sse / total,
        at=at,
        predicted=predicted,
        prediction=Interval(
            low=predicted - reach, high=predicted + reach, level=level, method="prediction_student_t"
        ),
        extrapolated=not limits.min() <= at <= limits.max(),
        scale=scale,
        n=values.size,
        unit=unit,
        method="trend",
    )
