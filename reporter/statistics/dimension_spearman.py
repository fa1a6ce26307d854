"""Do models of higher mean entropy have a higher effective dimension?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from reporter.errors import Degenerate
from reporter.results import Correlation, Series
from reporter.statistics.spearman import spearman


def dimension_spearman(
    first: Series,
    second: Series,
    *,
    level: float = 0.95,
    permutations: int = 9999,
    rng: Generator | None = None,
    unit: str = "1",
) -> Correlation:
    """Correlate each model's mean with the participation ratio of its axes, over models.

    Parameters
    ----------
    first : array (models, n), any units
        One value per question, such as its entropy.
    second : array (models, axes, n), dimensionless
        Projections of the same questions; an axis that is constant in a model adds nothing to its ratio.
    level : float
        Level of the Fisher z interval.
    permutations : int
        Random orders of models where there are more than nine; otherwise all are enumerated.
    rng : numpy.random.Generator, optional
        Needed where orders are drawn.

    Returns
    -------
    Correlation
        ``n`` counts models. The error is over models alone: that of each mean and ratio is not in it.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``; ``constant_series`` where no axis of a model varies;
        ``too_few`` below three models, and what else :func:`reporter.statistics.spearman.spearman` raises.

    References
    ----------
    Bonett, Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations, Psychometrika 65, 23-28, doi:10.1007/BF02294183.
    """
    values, axes = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if axes.ndim != 3 or values.shape != (axes.shape[0], axes.shape[2]):
        raise Degenerate("mismatched_lengths", f"first has shape {values.shape}, second has {axes.shape}")
    if not (np.isfinite(values).all() and np.isfinite(axes).all()):
        raise Degenerate("not_finite", "some value is not finite")
    centred = axes - axes.mean(axis=2, keepdims=True)
    covariance = centred @ centred.transpose(0, 2, 1)
    squares = (covariance**2).sum(axis=(1, 2))
    if not squares.all():
        raise Degenerate("constant_series", "no axis of a model varies")
    ratios = np.trace(covariance, axis1=1, axis2=2) ** 2 / squares
    found = spearman(values.mean(axis=1), ratios, level=level, permutations=permutations, rng=rng, unit=unit)
    return replace(found, method=f"participation_ratio_{found.method}")
