"""Do two series rise together in the mean over models that answered the same questions?"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from reporter.errors import Degenerate
from reporter.results import Labels, PooledCorrelation, Series, SeriesOfLabels
from reporter.statistics.pooled_scan import pooled_scan


def pooled_spearman(
    first: Series,
    second: Series,
    *,
    rng: Generator,
    strata: SeriesOfLabels | None = None,
    blocks: Labels | None = None,
    level: float = 0.95,
    permutations: int = 9999,
    resamples: int = 2000,
    unit: str = "1",
) -> PooledCorrelation:
    """Average atanh(rho) over models; test by one permutation of questions applied to every model.

    The models' correlations are not independent, since all answered the same questions. A joint
    permutation keeps that dependence; a meta-analysis with independent errors rejects too often.

    Parameters
    ----------
    first, second : array (models, n), any units
        One value per question, the same n >= 4 questions for every model.
    rng : numpy.random.Generator
        For orders and resamples.
    strata : array (models, n), labels of any type, optional
        Each model's strata, as for :func:`reporter.statistics.pooled_scan.pooled_scan`.
    blocks : array (n,), labels of any type, optional
        Questions are permuted only within a block.
    level : float
        Level of the interval.
    permutations : int
        Random orders of the questions.
    resamples : int
        Resamples of the questions, the same for every model.

    Returns
    -------
    PooledCorrelation
        ``z`` is the mean of atanh(rho) and ``r`` its tanh; ``models`` names the ``k`` models in which both
        series vary. The interval is BCa over questions; None where too few resamples have a correlation.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``nothing_to_permute``; ``constant_series``
        where both series vary in no model.

    References
    ----------
    Winkler et al. (2015), Multi-level block permutation, NeuroImage 123, 253-268,
    doi:10.1016/j.neuroimage.2015.05.092.
    """
    one_axis = np.asarray(second, dtype=np.float64)
    if one_axis.ndim != 2:
        raise Degenerate("mismatched_lengths", f"second has shape {one_axis.shape}, (models, n) is needed")
    scan = pooled_scan(
        first,
        one_axis[:, np.newaxis],
        rng=rng,
        strata=strata,
        blocks=blocks,
        level=level,
        permutations=permutations,
        resamples=resamples,
        unit=unit,
    )
    return scan.members[0]
