"""Which shape of trend describes the values best, and which predicts a limit that it did not see?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from reporter.errors import Degenerate
from reporter.results import TrendComparison, TrendShape
from reporter.statistics._curves import Array, Curve, approach, line, on_scale
from reporter.statistics._inputs import pairs

Fit = Callable[[Array, Array], Curve]


def trend_comparison(x: ArrayLike, y: ArrayLike, *, unit: str = "nats") -> TrendComparison:
    """Compare a line, a line in log2 x and an approach to a plateau by AICc and by left-out limits.

    Parameters
    ----------
    x : array (n,)
        Where each value was measured, e.g. the token limit, above 0; at least 3 distinct.
    y : array (n,), in ``unit``
        The values.

    Returns
    -------
    TrendComparison
        One entry per shape. Each limit is left out in turn, all its values at once, and predicted from
        the others: at the ends that is an extrapolation. A shape that the data do not identify, whole or
        with a limit left out, is in ``refused``.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``not_positive``, ``constant_series``;
        ``perfect_fit`` where a shape leaves no error, so that its likelihood has no bound.

    References
    ----------
    Hurvich and Tsai (1989), Regression and time series model selection in small samples, Biometrika 76,
    297-307, doi:10.1093/biomet/76.2.297.
    """
    limits, values = pairs(x, y, least=5)
    distinct = np.unique(limits)
    if distinct.size < 3:
        raise Degenerate("too_few", f"{distinct.size} distinct limits, at least 3 are needed")
    if np.ptp(values) == 0:
        raise Degenerate("constant_series", f"y is always {values[0]:g}")
    candidates: dict[str, tuple[Array, Fit]] = {
        "linear": (limits, line),
        "log2": (on_scale(limits, "log2"), line),
        "saturating": (limits, approach),
    }
    scores: dict[str, tuple[float, float]] = {}
    refused = []
    for shape, (places, fit) in candidates.items():
        try:
            scores[shape] = _aicc(fit(places, values), values), _left_out_error(fit, places, values)
        except Degenerate as reason:
            if reason.reason == "perfect_fit":
                raise
            refused.append(f"{shape}: {reason}")
    best = min(aicc for aicc, _ in scores.values())
    likelihood = {shape: math.exp((best - aicc) / 2) for shape, (aicc, _) in scores.items()}
    shapes = tuple(
        TrendShape(
            shape=shape,
            aicc=aicc,
            weight=likelihood[shape] / sum(likelihood.values()),
            left_out_error=error,
            n=values.size,
        )
        for shape, (aicc, error) in scores.items()
    )
    return TrendComparison(
        shapes=shapes,
        best_by_aicc=min(shapes, key=lambda one: one.aicc).shape,
        best_by_left_out_error=min(shapes, key=lambda one: one.left_out_error).shape,
        refused=tuple(refused),
        limits=distinct.size,
        n=values.size,
        unit=unit,
        method="trend_comparison",
    )


def _aicc(curve: Curve, values: Array) -> float:
    """Akaike's criterion with the small-sample term; the residual variance is a parameter too."""
    n, k = values.size, curve.coefficients.size + 1
    if n - k - 1 < 1:
        raise Degenerate("no_residual_df", f"n = {n} values are too few for AICc with {k} parameters")
    if curve.sse <= 1e-20 * float(((values - values.mean()) ** 2).sum()):
        raise Degenerate("perfect_fit", f"all {n} values lie on the curve")
    deviance = n * (math.log(2 * math.pi * curve.sse / n) + 1)
    return deviance + 2 * k + 2 * k * (k + 1) / (n - k - 1)


def _left_out_error(fit: Fit, places: Array, values: Array) -> float:
    squares = []
    for limit in np.unique(places):
        out = places == limit
        curve = fit(places[~out], values[~out])
        squares.extend((values[out] - curve.value(places[out])) ** 2)
    return math.sqrt(float(np.mean(squares)))
