"""How good were past predictions, now that the measurements are there?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, stdtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import PredictionScore, Selection
from reporter.statistics._inputs import pairs, sample


def score_prediction(
    centre: ArrayLike,
    half_width: ArrayLike,
    measured: ArrayLike,
    *,
    df: float,
    level: float = 0.95,
    unit: str = "nats",
) -> PredictionScore:
    """Score prediction intervals by hits, and their t distributions by the ranked probability score.

    Parameters
    ----------
    centre, half_width, measured : array (n,), in ``unit``
        Of each prediction its centre and the half width of its interval, and what was measured later.
    df : float
        Degrees of freedom of the predictions, above 1.
    level : float
        Level of the predicted intervals.

    Returns
    -------
    PredictionScore
        ``crps`` compares with the absolute error of a prediction without spread: the same unit, and
        equal to it in the limit.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``half_width_not_positive``; ``too_few_df``.

    References
    ----------
    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal of the
    American Statistical Association 102, 359-378, doi:10.1198/016214506000001437. Jordan, Krueger and
    Lerch (2019), Evaluating probabilistic forecasts with scoringRules, Journal of Statistical Software 90,
    12, doi:10.18637/jss.v090.i12 (the closed form for t).
    """
    middle, later = pairs(centre, measured, least=1)
    half = sample(half_width, name="half_width", least=1)
    if half.size != middle.size:
        raise Degenerate("mismatched_lengths", f"centre has n = {middle.size}, half_width n = {half.size}")
    if (half <= 0).any():
        raise Degenerate("half_width_not_positive", f"half_width goes down to {half.min():g}")
    if not df > 1:
        raise Degenerate("too_few_df", f"df = {df:g}, the score needs more than 1")
    scale = half / stdtrit(df, (1 + level) / 2)
    each = scale * _crps_of_t((later - middle) / scale, df)
    inside = np.flatnonzero(np.abs(later - middle) <= half)
    return PredictionScore(
        hits=Selection(indices=tuple(inside.tolist()), n=middle.size),
        hit_share=inside.size / middle.size,
        level=level,
        crps=float(each.mean()),
        each_crps=tuple(each.tolist()),
        mean_error=float((later - middle).mean()),
        n=middle.size,
        unit=unit,
        method="score_prediction",
    )


def _crps_of_t(z: NDArray[np.float64], df: float) -> NDArray[np.float64]:
    spread = 2 * np.sqrt(df) / (df - 1) * np.exp(betaln(0.5, df - 0.5) - 2 * betaln(0.5, df / 2))
    density = (1 + z**2 / df) ** (-(df + 1) / 2) * np.exp(-betaln(0.5, df / 2)) / np.sqrt(df)
    score = z * (2 * stdtr(df, z) - 1) + 2 * density * (df + z**2) / (df - 1) - spread
    return np.asarray(score)
