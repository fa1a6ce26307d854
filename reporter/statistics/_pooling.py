"""Correlations of several models that answered the same questions, pooled by the mean of atanh(rho)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import SeriesOfLabels
from reporter.statistics._permutations import Orders, members_of, products
from reporter.statistics._ranks import counts_of, fisher_z
from reporter.statistics._strata import (
    directions,
    resampled_rho_within,
    rho_within,
    unit_rows_within,
    without_means,
)

Codes = NDArray[np.intp]  # (n,): the stratum of each question, numbered from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Two checked series per model and axis; ``live`` says where both vary in the same stratum.

    first (models, n), second (models, axes, n), strata (models, n), live (models, axes); ``rho`` names
    the correlation for a record's ``method``.
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    strata: Codes
    live: NDArray[np.bool_]
    rho: str

    @property
    def n(self) -> int:
        """Count the questions."""
        return int(self.first.shape[1])

    def keep(self, axes: NDArray[np.intp]) -> Pool:
        """Keep some axes."""
        return replace(self, second=self.second[:, axes], live=self.live[:, axes])

    def permuted(self, orders: Orders) -> NDArray[np.float64]:
        """Pool z for orders of the questions, the same for every model: (orders, axes)."""
        models = zip(self.first, self.second, self.strata, strict=True)
        by_model = np.stack([_permuted_rho(*model, orders) for model in models])
        return self._mean(by_model, self.live[..., np.newaxis]).T

    def resampled(self, axis: int, chosen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pool z of one axis for resamples of the questions, (resamples, drawn) -> (resamples,).

        A model whose series do not vary in the same stratum of a resample is left out of that resample.
        """
        counts = counts_of(chosen.astype(np.intp), self.n)
        rho = np.stack(
            [
                resampled_rho_within(self.first[model], self.second[model, axis], counts, self.strata[model])
                for model in np.flatnonzero(self.live[:, axis])
            ]
        )
        defined = np.isfinite(rho)
        return np.where(defined.any(axis=0), self._mean(np.where(defined, rho, 0.0), defined), np.nan)

    @staticmethod
    def _mean(rho: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
        mean: NDArray[np.float64] = (fisher_z(rho) * counted).sum(axis=0) / np.maximum(counted.sum(axis=0), 1)
        return mean


def pool(first: ArrayLike, second: ArrayLike, strata: SeriesOfLabels | None = None) -> Pool:
    """Check (models, n) against (models, axes, n), and against strata (models, n) where there are any.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``; ``constant_series`` where no model has an
        axis on which both series vary, or none with which it does so in the same stratum.
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
    codes = _codes(strata, one.shape)
    live = np.stack(
        [rho_within(x, y, members_of(x.size, held))[1] for x, y, held in zip(one, two, codes, strict=True)]
    )
    if not live.any():
        where = "" if strata is None else " in the same stratum"
        raise Degenerate("constant_series", f"in none of the {len(one)} models do both series vary{where}")
    rho = "spearman" if strata is None else "stratified_spearman"
    return Pool(first=one, second=two, strata=codes, live=live, rho=rho)


def _codes(strata: SeriesOfLabels | None, shape: tuple[int, ...]) -> Codes:
    """Number the strata of each model; one stratum of all questions where none are given."""
    if strata is None:
        return np.zeros(shape, dtype=np.intp)
    labels = np.asarray(strata)
    if labels.shape != shape:
        raise Degenerate("mismatched_lengths", f"strata has shape {labels.shape}, {shape} is needed")
    return np.stack([np.unique(of_model, return_inverse=True)[1] for of_model in labels])


def _permuted_rho(
    first: NDArray[np.float64], second: NDArray[np.float64], strata: Codes, orders: Orders
) -> NDArray[np.float64]:
    """Correlate one model's first series, in each order, with its axes: (axes, orders)."""
    members = members_of(strata.size, strata)
    axes = unit_rows_within(second, members)
    # Of a single stratum the mean stays 0.
    fixed = np.concatenate([axes, directions(members)]) if len(members) > 1 else axes
    moving = unit_rows_within(first[np.newaxis], members)
    found = np.concatenate([part[0] for _, part in products(fixed, moving, orders)], axis=1)
    rho, means = np.split(found, [len(axes)])
    return without_means(rho, means, axis=0)
