"""Shapes of trend fitted by least squares: a line, a line in log2 x, and an approach to a plateau."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reporter.errors import Degenerate

Array = NDArray[np.float64]
Scale = Literal["linear", "log2"]
PACES = 60  # first search: this many paces between a tenth of the smallest step and ten times the range


class Curve(NamedTuple):
    """A fitted shape, and how to evaluate it."""

    coefficients: Array
    unscaled: Array  # covariance / sigma^2
    sse: float
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]  # (m,) -> (m, coefficients)


def on_scale(x: Array, scale: Scale) -> Array:
    """Put x on the declared scale; raises ``not_positive`` where log2 does not exist."""
    if scale == "linear":
        return x
    if (x <= 0).any():
        raise Degenerate("not_positive", f"log2 needs x above 0, it goes down to {x.min():g}")
    return np.log2(x)


def line(x: Array, y: Array) -> Curve:
    """Fit y = intercept + slope x; sums are taken about the means, so that no digits are lost."""
    if np.ptp(x) == 0:
        raise Degenerate("constant_series", f"x is always {x[0]:g}, a slope needs two values")
    centre, spread = x.mean(), x - x.mean()
    sxx = float(spread @ spread)
    slope = float(spread @ (y - y.mean())) / sxx
    intercept = float(y.mean() - slope * centre)
    rest = (y - y.mean()) - slope * spread
    unscaled = np.array([[1 / x.size + centre**2 / sxx, -centre / sxx], [-centre / sxx, 1 / sxx]])
    return Curve(
        np.array([intercept, slope]),
        unscaled,
        float(rest @ rest),
        lambda new: intercept + slope * new,
        lambda new: np.column_stack([np.ones_like(new), new]),
    )


def approach(x: Array, y: Array) -> Curve:
    """Fit y = top - drop exp(-x / pace), x > 0, by searching the pace; the rest is linear.

    Raises
    ------
    Degenerate
        ``too_few`` with fewer than 3 distinct x; ``not_identified`` where the best pace lies at an end
        of the search: the data are a line, or a step.
    """
    distinct = np.unique(x)
    if distinct.size < 3:
        raise Degenerate("too_few", f"{distinct.size} distinct x, a plateau needs at least 3")
    low, high = math.log(np.diff(distinct).min() / 10), math.log(10 * np.ptp(x))
    grid = np.linspace(low, high, PACES)

    def misfit(log_pace: float) -> float:
        return line(-np.exp(-x / math.exp(log_pace)), y).sse

    best = int(np.argmin([misfit(log_pace) for log_pace in grid]))
    if best in (0, PACES - 1):
        raise Degenerate("not_identified", f"the best pace lies at the end of {np.exp(grid[best]):g}")
    from scipy.optimize import minimize_scalar  # a tenth of a second that a straight line does not need

    found = minimize_scalar(misfit, bracket=tuple(grid[best - 1 : best + 2]), method="brent", tol=1e-10)
    pace = math.exp(float(found.x))
    inner = line(-np.exp(-x / pace), y)
    top, drop = inner.coefficients

    def gradient(new: Array) -> Array:
        fall = np.exp(-new / pace)
        return np.column_stack([np.ones_like(new), -fall, -drop * fall * new / pace**2])

    jacobian = gradient(x)
    scale = np.sqrt((jacobian**2).sum(axis=0))
    if not scale.all():
        raise Degenerate("not_identified", "the values do not move with x")
    inverse = np.linalg.pinv((jacobian / scale).T @ (jacobian / scale), hermitian=True)
    return Curve(
        np.array([top, drop, pace]),
        inverse / np.outer(scale, scale),
        inner.sse,
        lambda new: top - drop * np.exp(-new / pace),
        gradient,
    )


def residual_df(n: int, coefficients: int) -> int:
    """Count what is left to estimate the error from; raises ``no_residual_df``."""
    df = n - coefficients
    if df < 1:
        raise Degenerate("no_residual_df", f"n = {n} values and {coefficients} coefficients leave no error")
    return df


def prediction_error(curve: Curve, at: float, sigma: float) -> float:
    """Give the standard error of one new value at a point, its own scatter included."""
    slope = curve.gradient(np.array([at]))[0]
    return sigma * math.sqrt(1 + float(slope @ curve.unscaled @ slope))
