"""Would a prediction from two limits have met what a third one showed?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

from reporter.results import Selection, SlopeScore
from reporter.statistics._inputs import pairs
from reporter.statistics.common_slope import common_slope
from reporter.statistics.describe_values import describe_values
from reporter.statistics.score_prediction import score_prediction


def score_common_slope(
    first: ArrayLike,
    second: ArrayLike,
    measured: ArrayLike,
    *,
    first_at: float,
    second_at: float,
    at: float,
    level: float = 0.95,
    unit: str = "nats",
) -> SlopeScore:
    """Predict a third limit from two as :func:`common_slope` does, and score it by what was measured there.

    Parameters
    ----------
    first, second, measured : array (M,), in ``unit``
        Values of M >= 3 units, such as prompts, at the two limits and at the one predicted for, aligned.
    first_at, second_at, at : float
        The limits, all above 0.
    level : float
        Level of the prediction intervals.

    Returns
    -------
    SlopeScore
        ``hits_probability`` takes the units to miss independently; the envelope is that of every share of
        true slope heterogeneity, see :func:`common_slope`.

    Raises
    ------
    Degenerate
        As :func:`common_slope` and :func:`score_prediction`.

    References
    ----------
    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal of the
    American Statistical Association 102, 359-378, doi:10.1198/016214506000001437.
    """
    one, later = pairs(first, measured, least=3)
    predicted = common_slope(
        one, second, first_at=first_at, second_at=second_at, at=at, cuts=(0.0,), half_width=0.0, level=level,
        unit=unit,
    )  # fmt: skip
    centres = [member.centre for member in predicted.members]
    widths = [predicted.half_width] * len(centres)
    score = score_prediction(centres, widths, later, df=predicted.df, level=level, unit=unit)
    inside = [m.envelope.low <= y <= m.envelope.high for m, y in zip(predicted.members, later, strict=True)]
    return SlopeScore(
        hits=score.hits,
        hits_probability=float(bdtr(len(score.hits), score.n, level)),
        envelope_hits=Selection(indices=tuple(np.flatnonzero(inside).tolist()), n=score.n),
        level=level,
        mean_error=score.mean_error,
        interval=describe_values(later - np.asarray(centres), level=level).interval,
        crps=score.crps,
        n=score.n,
        unit=unit,
        method="score_common_slope",
    )
