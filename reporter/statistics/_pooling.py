"""Correlations of several models that answered the same questions, pooled by the mean of atanh(rho)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.statistics._permutations import Orders, products
from reporter.statistics._ranks import (
    DECIMALS_OF_TIES,
    counts_of,
    fisher_z,
    resampled_rho,
    unit_rows,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Two checked series per model and axis; ``live`` says where both vary.

    first (models, n), second (models, axes, n), live (models, axes)
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    live: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """Count the questions."""
        return int(self.first.shape[1])

    def keep(self, axes: NDArray[np.intp]) -> Pool:
        """Keep some axes."""
        return Pool(first=self.first, second=self.second[:, axes], live=self.live[:, axes])

    def permuted(self, orders: Orders) -> NDArray[np.float64]:
        """Pool z for orders of the questions, the same for every model: (orders, axes)."""
        by_model = [
            np.concatenate(
                [rho[0] for _, rho in products(unit_rows(second), unit_rows(first[np.newaxis]), orders)],
                axis=1,
            )
            for first, second in zip(self.first, self.second, strict=True)
        ]
        return self._mean(np.stack(by_model), self.live[..., np.newaxis]).T

    def resampled(self, axis: int, chosen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pool z of one axis for resamples of the questions, (resamples, drawn) -> (resamples,).

        A model whose series does not vary in a resample is left out of that resample.
        """
        counts = counts_of(chosen.astype(np.intp), self.n)
        rho = np.stack(
            [
                resampled_rho(self.first[model], self.second[model, axis], counts)
                for model in np.flatnonzero(self.live[:, axis])
            ]
        )
        defined = np.isfinite(rho)
        return np.where(defined.any(axis=0), self._mean(np.where(defined, rho, 0.0), defined), np.nan)

    @staticmethod
    def _mean(rho: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
        mean: NDArray[np.float64] = (fisher_z(rho) * counted).sum(axis=0) / np.maximum(counted.sum(axis=0), 1)
        return mean


def pool(first: ArrayLike, second: ArrayLike) -> Pool:
    """Check (models, n) against (models, axes, n).

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``; ``constant_series`` where no model has an
        axis on which both series vary.
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 2 or two.ndim != 3 or one.shape != (two.shape[0], two.shape[2]):
        raise Degenerate(
            "mismatched_lengths",
            f"first has shape {one.shape}, second {two.shape}; needed: (models, n), (models, axes, n)",
        )
    if not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise Degenerate("not_finite", "a series holds values that are not finite")
    if one.shape[1] < 4:
        raise Degenerate("too_few", f"n = {one.shape[1]} questions, at least 4 are needed")
    live = _varies(one)[:, np.newaxis] & _varies(two)
    if not live.any():
        raise Degenerate("constant_series", f"in none of the {len(one)} models do both series vary")
    return Pool(first=one, second=two, live=live)


def _varies(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    varies: NDArray[np.bool_] = np.ptp(np.round(values, DECIMALS_OF_TIES), axis=-1) > 0
    return varies
