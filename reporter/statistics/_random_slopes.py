"""Restricted maximum likelihood for a line with a random intercept and slope per group.

Not statsmodels' MixedLM: on a table of 6 models x 5 limits its BFGS stopped at t = 16.02 where lme4 and the
groups' own slopes give 12.73, and which of its optimisers arrives depends on the data.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from reporter.errors import Degenerate

Array = NDArray[np.float64]
STARTS = ((1.0, 0.0, 1.0), (0.1, 0.0, 0.1))  # relative factors; the better end is taken


class Fit(NamedTuple):
    """Fixed intercept and slope, their standard errors, the random covariance, the residual variance."""

    fixed: Array
    errors: Array
    random: Array
    sigma2: float


class _Products(NamedTuple):
    """Per group X'X (groups, 2, 2) and X'y (groups, 2); y'y and n over all."""

    xx: Array
    xy: Array
    yy: float
    n: int


def fit(x: Array, y: Array, codes: NDArray[np.intp]) -> Fit:
    """Search the Cholesky factor of the random covariance over sigma, with all else profiled out."""
    design = np.column_stack([np.ones_like(x), x])
    groups = [design[codes == code] for code in range(int(codes.max()) + 1)]
    sides = [y[codes == code] for code in range(len(groups))]
    products = _Products(
        np.array([one.T @ one for one in groups]),
        np.array([one.T @ side for one, side in zip(groups, sides, strict=True)]),
        float(y @ y),
        y.size,
    )
    # the likelihood itself is rounded at about 1e-12: with fatol that small the search did not stop for a
    # third of simulated samples
    options = {"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000}
    ends = [
        minimize(lambda theta: _solve(products, theta)[0], start, method="Nelder-Mead", options=options)
        for start in STARTS
    ]
    best = min(ends, key=lambda end: float(end.fun))
    if not best.success:
        raise Degenerate("not_converged", f"no maximum was found for {y.size} values")
    _, fixed, covariance, sigma2 = _solve(products, best.x)
    factor = _factor(best.x)
    return Fit(fixed, np.sqrt(sigma2 * np.diag(covariance)), sigma2 * factor @ factor.T, sigma2)


def _factor(theta: Array) -> Array:
    return np.array([[theta[0], 0.0], [theta[1], theta[2]]])


def _solve(products: _Products, theta: Array) -> tuple[float, Array, Array, float]:
    """-2 log restricted likelihood up to a constant; fixed effects, their covariance / sigma^2, sigma^2."""
    factor = _factor(theta)
    inner = np.eye(2) + factor.T @ products.xx @ factor
    # Woodbury: X'V^-1 X = X'X - X'X L (I + L'X'X L)^-1 L'X'X
    left = products.xx @ factor
    solved = np.linalg.solve(inner, np.swapaxes(left, 1, 2))
    xx = (products.xx - left @ solved).sum(axis=0)
    reduced = products.xy @ factor  # (groups, 2)
    bent = np.linalg.solve(inner, reduced[..., None])
    xy = (products.xy[..., None] - left @ bent).sum(axis=0)[:, 0]
    yy = products.yy - float((reduced[..., None] * bent).sum())
    covariance = np.linalg.inv(xx)
    fixed = covariance @ xy
    sigma2 = (yy - float(xy @ fixed)) / (products.n - 2)
    log_det = float(np.log(np.linalg.det(inner)).sum()) + math.log(float(np.linalg.det(xx)))
    return log_det + (products.n - 2) * math.log(sigma2), fixed, covariance, sigma2
