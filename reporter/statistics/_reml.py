"""The restricted likelihood of crossed random effects, by Woodbury's identity on the labels' cross table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import chdtri

from reporter.errors import Degenerate

Array = NDArray[np.float64]
LARGEST = 1e6  # sd relative to that of the values; a profile that is still low there has no upper end

SMALLEST = 1e-6  # residual sd, relative to the same


@dataclass(frozen=True, slots=True)
class Crossed:
    """Standardised values with several sets of labels, reduced to the products that the likelihood needs."""

    n: int
    members: tuple[int, ...]
    residual_df: int
    cross: Array  # Z'Z
    by_label: Array  # Z'[X, y], where X holds the fixed effects, a column of ones first
    products: Array  # [X, y]'[X, y]

    @classmethod
    def of(cls, values: Array, labels: list[NDArray[Any]], fixed: NDArray[Any] | None) -> Crossed:
        """Check and count the labels; raises ``mismatched_lengths``, ``too_few``, ``no_residual_df``."""
        columns, members = [], []
        for one in labels:
            if one.shape != values.shape:
                raise Degenerate("mismatched_lengths", f"labels of shape {one.shape}, n = {values.size}")
            names, codes = np.unique(one, return_inverse=True)
            if names.size < 2:
                raise Degenerate("too_few", f"only one label, {names[0]}; at least 2 are needed")
            columns.append(np.eye(names.size)[codes])
            members.append(names.size)
        design, effects = np.hstack(columns), _fixed_effects(values, fixed)
        everything = np.hstack([effects, design])
        coefficients, _, rank, _ = np.linalg.lstsq(everything, values)
        rest = values - everything @ coefficients
        if values.size <= rank or float(rest @ rest) <= 1e-20 * values.size:
            raise Degenerate("no_residual_df", f"the labels explain all {values.size} values")
        sides = np.column_stack([effects, values])
        return cls(
            n=values.size,
            members=tuple(members),
            residual_df=values.size - int(rank),
            cross=design.T @ design,
            by_label=design.T @ sides,
            products=sides.T @ sides,
        )

    def _inner(self, sds: Array) -> tuple[Array, float]:
        """[X, y]' V^-1 [X, y] and log |V|, for V = residual + sum of sd^2 Z Z'."""
        residual = float(sds[-1])
        scale = np.repeat(sds[:-1], self.members) / residual
        root = np.linalg.cholesky(np.eye(scale.size) + scale[:, None] * self.cross * scale)
        side = np.linalg.solve(root, scale[:, None] * self.by_label)
        log_det = 2 * self.n * math.log(residual) + 2 * float(np.log(np.diag(root)).sum())
        return (self.products - side.T @ side) / residual**2, log_det

    def criterion(self, sds: Array) -> float:
        """-2 log restricted likelihood, up to a constant; ``sds`` end with the residual's."""
        inner, log_det = self._inner(sds)
        fixed, cross = inner[:-1, :-1], inner[:-1, -1]
        rest = inner[-1, -1] - cross @ np.linalg.solve(fixed, cross)
        return log_det + float(np.linalg.slogdet(fixed)[1]) + float(rest)

    def mean(self, sds: Array) -> float:
        """Estimate the mean by generalised least squares."""
        inner, _ = self._inner(sds)
        return float(np.linalg.solve(inner[:-1, :-1], inner[:-1, -1])[0])

    def best(self, fixed: dict[int, float] | None = None) -> tuple[Array, float]:
        """Minimise the criterion, with some standard deviations held fixed."""
        held = fixed or {}
        free = [place for place in range(len(self.members) + 1) if place not in held]

        def filled(values: Array) -> Array:
            sds = np.empty(len(self.members) + 1)
            sds[free] = np.abs(values)  # the criterion is even in every sd, so 0 is no wall
            sds[list(held)] = list(held.values())
            sds[-1] = max(sds[-1], SMALLEST)
            return sds

        found = minimize(
            lambda values: self.criterion(filled(values)),
            np.full(len(free), 0.6),
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 2000},
        )
        sds = filled(found.x)
        for place in range(len(self.members)):  # a search ends near 0, not on it
            zeroed = sds.copy()
            zeroed[place] = 0.0
            if place in free and self.criterion(zeroed) <= float(found.fun) + 1e-9:
                sds = zeroed
        return sds, float(found.fun)


def _fixed_effects(values: Array, labels: NDArray[Any] | None) -> Array:
    """Code labels by sums to zero, so that the first coefficient is the mean over the labels."""
    if labels is None:
        return np.ones((values.size, 1))
    if labels.shape != values.shape:
        raise Degenerate("mismatched_lengths", f"labels of shape {labels.shape}, n = {values.size}")
    names, codes = np.unique(labels, return_inverse=True)
    contrasts = np.vstack([np.eye(names.size - 1), -np.ones(names.size - 1)])
    return np.column_stack([np.ones(values.size), contrasts[codes]])


def profile_interval(
    crossed: Crossed, which: int, sds: Array, least: float, level: float
) -> tuple[float, float]:
    """Find where the profiled criterion rises by chi-square's quantile on 1 df."""
    rise = float(chdtri(1, 1 - level))

    def above(sd: float) -> float:
        return crossed.best({which: sd})[1] - least - rise

    estimate = float(sds[which])
    residual = which == len(crossed.members)
    near_zero = SMALLEST if residual else 0.0
    low = 0.0 if above(near_zero) <= 0 else float(brentq(above, near_zero, estimate, xtol=1e-9))
    high = max(2 * estimate, 0.5)
    while above(high) < 0:
        high *= 2
        if high > LARGEST:
            raise Degenerate("unbounded_interval", "the likelihood sets no upper limit")
    return low, float(brentq(above, estimate, high, xtol=1e-9))
