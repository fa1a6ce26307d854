"""From a bootstrap distribution to an interval: percentile, BCa, studentised; and the jackknife they use."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from reporter.errors import Degenerate
from reporter.statistics._resampling import (
    VALUES_AT_ONCE,
    Array,
    Distribution,
    Positions,
    Statistic,
    Units,
    evaluate,
)


def check(values: Array, observed: float) -> None:
    """Refuse a distribution with holes in it, or with a single value."""
    undefined = np.count_nonzero(~np.isfinite(values))
    if undefined or not np.isfinite(observed):
        raise Degenerate("statistic_undefined", f"{undefined} of {values.size} resamples have no value")
    if np.ptp(values) == 0:
        raise Degenerate("constant_series", f"all {values.size} resamples give {observed:g}")


def percentile(found: Distribution, level: float) -> tuple[float, float]:
    """Read the equal-tailed quantiles off the distribution."""
    return _ends(quantiles(found.values, found.weights, np.array([(1 - level) / 2, (1 + level) / 2])))


def bca(found: Distribution, observed: float, acceleration: float, level: float) -> tuple[float, float]:
    """Correct the quantiles for bias and skewness; resamples that tie with the estimate count half."""
    weights = np.full(found.values.size, 1 / found.values.size) if found.weights is None else found.weights
    below = weights[found.values < observed].sum() + weights[found.values == observed].sum() / 2
    bias = float(ndtri(min(below, 1.0)))
    shifted = bias + ndtri(np.array([(1 - level) / 2, (1 + level) / 2]))
    scale = 1 - acceleration * shifted
    if not np.isfinite(bias) or (scale <= 0).any():
        raise Degenerate(
            "bca_undefined", f"bias {bias:g} and acceleration {acceleration:g} leave no quantile"
        )
    return _ends(quantiles(found.values, found.weights, ndtr(bias + shifted / scale)))


def studentised(found: Distribution, observed: float, se: float, level: float) -> tuple[float, float]:
    """Read the quantiles of t* = (value* - value) / se* and turn them round."""
    assert found.errors is not None
    away = found.values - observed
    with np.errstate(divide="ignore", invalid="ignore"):
        # resamples of one unit only have no spread: t* is infinite, or 0 where they hit the estimate
        t = np.where(away == 0, 0.0, away / found.errors)
    low, high = quantiles(t, found.weights, np.array([(1 - level) / 2, (1 + level) / 2]))
    if not np.isfinite([low, high]).all():
        raise Degenerate("unbounded_interval", "too many resamples have a standard error of 0")
    return _ends(observed - se * np.array([high, low]))


def _ends(interval: Array) -> tuple[float, float]:
    low, high = float(interval[0]), float(interval[1])
    if low == high:
        raise Degenerate("zero_width", f"both ends of the interval fall on {low:g}")
    return low, high


def quantiles(values: Array, weights: Array | None, probabilities: Array) -> Array:
    """Find quantiles: of all resamples exactly, of random ones between order statistics.

    Between order statistics we interpolate on the normal scale, at rank probability * (resamples + 1)
    (Davison and Hinkley 1997, equation 5.8).
    """
    if weights is not None:
        order = np.argsort(values, kind="stable")
        reached = np.searchsorted(weights[order].cumsum(), probabilities - 1e-12)
        return values[order][np.minimum(reached, values.size - 1)]
    size = values.size
    rank = np.round(probabilities * (size + 1), 9)
    if (rank < 1).any() or (rank > size).any():
        raise Degenerate("too_few_resamples", f"{size} resamples do not reach the quantiles asked for")
    ordered = np.sort(values)
    below = np.floor(rank).astype(int)
    above = np.minimum(below + 1, size)
    share = np.zeros(rank.size)
    between = rank > below
    here, low, high = (ndtri(part[between] / (size + 1)) for part in (rank, below, above))
    share[between] = (here - low) / (high - low)
    low_value, high_value = ordered[below - 1], ordered[above - 1]
    # equal neighbours are left alone: two infinite ones would make inf - inf
    apart = between & (low_value != high_value)
    found = np.array(low_value)
    found[apart] += share[apart] * (high_value - low_value)[apart]
    return found


def influence(statistic: Statistic, rows: Array, units: Units) -> list[Array]:
    """Measure, per stratum, how the statistic moves when a unit is left out (the delete-one jackknife)."""
    everyone = np.concatenate(units.strata)
    left_out = np.array([np.delete(everyone, place) for place in range(units.size)])
    values = evaluate(statistic, rows, units, left_out)
    ends = np.cumsum([one.size for one in units.strata])[:-1]
    return [(part.size - 1) * (part.mean() - part) for part in np.split(values, ends)]


def acceleration_of(influences: list[Array]) -> float:
    """Turn influences into BCa's acceleration; 0 where the statistic does not move at all."""
    third = sum(float((part**3).sum()) / part.size**3 for part in influences)
    second = sum(float((part**2).sum()) / part.size**2 for part in influences)
    return third / (6 * second**1.5) if second > 0 else 0.0


def jackknife_error(statistic: Statistic, rows: Array, units: Units, chosen: Positions) -> Array:
    """Estimate the statistic's standard error within each resample; ``chosen`` is (resamples, units)."""
    size = units.size
    keep = np.array([np.delete(np.arange(size), place) for place in range(size)])
    ends = np.cumsum([one.size for one in units.strata])[:-1]
    step = max(1, VALUES_AT_ONCE // (size * size * units.table.shape[1]))
    errors = []
    for start in range(0, len(chosen), step):
        part = chosen[start : start + step]
        values = evaluate(statistic, rows, units, part[:, keep].reshape(-1, size - 1)).reshape(-1, size)
        strata = np.split(values, ends, axis=1)
        variance = sum((one.shape[1] - 1) * one.var(axis=1) for one in strata)
        errors.append(np.sqrt(variance))
    return np.concatenate(errors)
