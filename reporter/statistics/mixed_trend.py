"""How fast does the value change on average over models whose own slopes differ?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import Interval, MixedTrend
from reporter.statistics._curves import Array, Scale, on_scale
from reporter.statistics._inputs import pairs
from reporter.statistics._random_slopes import fit

BOUNDARY = 1e-4  # of the residual variance: a smaller variance component counts as 0


def mixed_trend(
    x: ArrayLike,
    y: ArrayLike,
    model: ArrayLike,
    *,
    scale: Scale = "log2",
    level: float = 0.95,
    unit: str = "nats",
) -> MixedTrend:
    """Fit a line with a random intercept and slope per model, by restricted maximum likelihood.

    The slope is tested by t on models - 1 degrees of freedom, the stratum in which it varies; exact where
    every model has the same x. The z test that mixed-model programs print is too optimistic at few models.

    Parameters
    ----------
    x : array (n,)
        Where each value was measured, e.g. the token limit.
    y : array (n,), in ``unit``
        The values.
    model : array (n,)
        Labels; at least 3 models, each with at least 2 distinct x.
    scale : {"log2", "linear"}
        On log2 the slope is the change per doubling of x.
    level : float
        Level of the slope's interval.

    Returns
    -------
    MixedTrend
        ``intercept`` is the mean value at x = 0, or at x = 1 on the log2 scale.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``not_positive``, ``constant_series``;
        ``no_residual_df`` where every model's line runs through its values; ``not_converged``.

    References
    ----------
    Laird and Ware (1982), Random-effects models for longitudinal data, Biometrics 38, 963-974,
    doi:10.2307/2529876.
    """
    limits, values = pairs(x, y, least=2)
    labels = np.asarray(model)
    if labels.shape != values.shape:
        raise Degenerate("mismatched_lengths", f"model has shape {labels.shape}, y has n = {values.size}")
    names, codes = np.unique(labels, return_inverse=True)
    places = on_scale(limits, scale)
    _check(places, values, codes, names.size)
    centre, spread, size = float(places.mean()), float(places.std()), float(values.std())
    fixed, errors, random, sigma2 = fit((places - centre) / spread, values / size, codes)
    # from the standardised scale, on which the search is stable, back to the declared one
    back = size * np.array([[1, -centre / spread], [0, 1 / spread]])
    intercept, slope = (back @ fixed).tolist()
    covariance = back @ random @ back.T
    se = float(errors[1]) * size / spread
    df = names.size - 1
    t, half = slope / se, se * float(stdtrit(df, (1 + level) / 2))
    sd = np.sqrt(np.diag(covariance))
    return MixedTrend(
        slope=slope,
        interval=Interval(low=slope - half, high=slope + half, level=level, method="student_t"),
        se=se,
        t=t,
        df=df,
        p=float(2 * stdtr(df, -abs(t))),
        intercept=intercept,
        sd_intercept=float(sd[0]),
        sd_slope=float(sd[1]),
        correlation=float(covariance[0, 1] / sd.prod()) if sd.all() else None,
        sigma=size * math.sqrt(sigma2),
        on_boundary=bool(np.linalg.eigvalsh(random)[0] < BOUNDARY * sigma2),
        scale=scale,
        models=names.size,
        n=values.size,
        unit=unit,
        method="mixed_trend",
    )


def _check(places: Array, values: Array, codes: NDArray[np.intp], models: int) -> None:
    if models < 3:
        raise Degenerate("too_few", f"{models} models, at least 3 are needed")
    rest = 0.0
    for code in range(models):
        own = codes == code
        if np.ptp(places[own]) == 0:
            raise Degenerate("too_few", f"a model has values at x = {places[own][0]:g} only")
        line = np.column_stack([np.ones(own.sum()), places[own]])
        rest += float(((values[own] - line @ np.linalg.lstsq(line, values[own])[0]) ** 2).sum())
    if values.size <= 2 * models or rest <= 1e-20 * float(((values - values.mean()) ** 2).sum()):
        raise Degenerate("no_residual_df", f"{models} lines run through all {values.size} values")
