"""What would the models show at another limit, if their changes are taken to share one slope?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from reporter.errors import Degenerate
from reporter.results import Confidence, Interval, Prediction, Predictions
from reporter.statistics._cells import checked_cuts, zone_of
from reporter.statistics._inputs import DECIMALS_OF_NOISE, pairs

Array = NDArray[np.float64]
JUST_LESS = 1 - 1e-9


def common_slope(
    first: ArrayLike,
    second: ArrayLike,
    *,
    first_at: float,
    second_at: float,
    at: float,
    cuts: Sequence[float],
    half_width: float,
    heterogeneity: float = 0.0,
    level: float = 0.95,
    unit: str = "nats",
) -> Predictions:
    """Predict each model at a third limit from two, linear in the logarithm of the limit.

    A share lambda of the variance of the models' changes is true difference of slope, the rest noise: at 0
    all models share the mean slope (the prediction interval of a linear model), at 1 each keeps its own.
    The envelope covers every lambda, and leads where lambda is not known: with a true lambda of .6 the 95 %
    interval at lambda 0 covered 89.2 % for 8 models and 78.0 for 30, the envelope 95 to 98 for every lambda
    tried (docs/validation.md). None of this covers the shape: two limits cannot tell a logarithm from a
    plateau or a line, so these stand beside it.

    Parameters
    ----------
    first, second : array (M,), in ``unit``
        The means of M >= 2 models at the two limits, aligned.
    first_at, second_at, at : float
        The two limits and the one predicted for, all above 0.
    cuts : sequence of float, in ``unit``
        The k >= 1 increasing cuts between k + 1 zones.
    half_width : float, in ``unit``
        Half a unit of the last digit of the means; 0 for raw values.
    heterogeneity : float
        lambda of the centre and the interval, 0 <= lambda < 1. From replicates:
        :func:`~reporter.statistics.slope_heterogeneity.slope_heterogeneity`.
    level : float
        Level of interval and envelope.

    Returns
    -------
    Predictions
        The confidence is medium where the envelope lies in one zone, low where only the interval does, and
        none otherwise; ``marginal`` where a shift of less than ``half_width`` would change that word.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``no_cuts``, ``cuts_not_increasing``;
        ``limits_not_usable``; ``heterogeneity_out_of_range``; ``constant_series`` where all models change
        by the same amount.

    References
    ----------
    Robinson (1991), That BLUP is a good thing: the estimation of random effects, Statistical Science 6,
    15-32, doi:10.1214/ss/1177011926.
    """
    y1, y2 = pairs(first, second, least=2)
    edges = checked_cuts(cuts)
    if not (min(first_at, second_at, at) > 0 and first_at != second_at):
        raise Degenerate("limits_not_usable", f"limits {first_at:g} and {second_at:g}, prediction at {at:g}")
    if not 0 <= heterogeneity < 1:
        raise Degenerate(
            "heterogeneity_out_of_range", f"lambda is {heterogeneity:g}, it lies in 0 <= lambda < 1"
        )
    change = y2 - y1
    mean_change, spread = float(change.mean()), float(np.ptp(change))
    if spread < 10.0**-DECIMALS_OF_NOISE:
        raise Degenerate("constant_series", f"all {change.size} changes are {mean_change:g}")
    reach = math.log(at / first_at) / math.log(second_at / first_at) - 0.5
    model = _Model(change.size, reach, float(change.var(ddof=1)), level)
    worst = model.worst_heterogeneity(0.0)
    shared = (y1 + y2) / 2 + reach * mean_change
    own_slope = (y1 + y2) / 2 + reach * change
    linear = y1 + change * (at - first_at) / (second_at - first_at)
    members = (
        _member(*row, model=model, heterogeneity=heterogeneity, cuts=edges, half_width=half_width)
        for row in zip(shared.tolist(), own_slope.tolist(), linear.tolist(), y2.tolist(), strict=True)
    )
    return Predictions(
        members=tuple(members),
        at=at,
        mean_change=mean_change,
        sigma=math.sqrt(model.variance * (1 - heterogeneity) / 2),
        half_width=model.half_width(heterogeneity),
        envelope_half_width=model.half_width(worst),
        heterogeneity=heterogeneity,
        worst_heterogeneity=worst,
        df=change.size - 1,
        extrapolated=not min(first_at, second_at) <= at <= max(first_at, second_at),
        n=change.size,
        unit=unit,
        method="common_slope",
    )


def _member(
    shared: float,
    own_slope: float,
    linear: float,
    plateau: float,
    *,
    model: _Model,
    heterogeneity: float,
    cuts: Array,
    half_width: float,
) -> Prediction:
    centre = shared + heterogeneity * (own_slope - shared)
    half = model.half_width(heterogeneity)
    interval = Interval(low=centre - half, high=centre + half, level=model.level, method="prediction_t")
    envelope = model.envelope(shared, own_slope - shared)
    word = _confidence(interval, envelope, cuts, shift=0.0)
    shift = half_width * JUST_LESS
    shifted = [_confidence(interval, envelope, cuts, shift=by) for by in (-shift, shift)]
    return Prediction(
        centre=centre,
        interval=interval,
        envelope=envelope,
        own_slope=own_slope,
        linear=linear,
        plateau=plateau,
        zone=zone_of(centre, cuts),
        confidence=word,
        marginal=any(other != word for other in shifted),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    """The prediction error of M models with changes of this variance, ``reach`` from the middle limit.

    Its variance is V (1 - lambda) (3/4 + reach^2 (lambda + (1 - lambda)/M)): a concave parabola in lambda,
    so that the half width is an arc of an ellipse, and centre + half width has one maximum.
    """

    members: int
    reach: float
    variance: float
    level: float

    @property
    def _t(self) -> float:
        return float(stdtrit(self.members - 1, (1 + self.level) / 2))

    def half_width(self, heterogeneity: float) -> float:
        noise = 1 - heterogeneity
        slope = self.reach**2 * (heterogeneity + noise / self.members)
        return self._t * math.sqrt(self.variance * noise * (0.75 + slope))

    def worst_heterogeneity(self, drift: float) -> float:
        """Find the lambda in 0..1 that maximises drift * lambda + half width."""
        curvature = self.reach**2 * (1 - 1 / self.members)
        if curvature == 0:  # a prediction at the middle: the error only falls with lambda
            return 0.0
        level_term = 0.75 + self.reach**2 / self.members
        middle = (curvature - level_term) / (2 * curvature)
        peak = level_term + curvature * middle**2
        scale = self._t**2 * self.variance * curvature
        return min(max(middle + drift * math.sqrt(peak / (curvature * (scale + drift**2))), 0.0), 1.0)

    def envelope(self, shared: float, own: float) -> Interval:
        """Join the intervals of one member, centred on shared + lambda own, over all lambda."""
        lowest, highest = self.worst_heterogeneity(-own), self.worst_heterogeneity(own)
        return Interval(
            low=shared + lowest * own - self.half_width(lowest),
            high=shared + highest * own + self.half_width(highest),
            level=self.level,
            method="envelope_over_heterogeneity",
        )


def _confidence(interval: Interval, envelope: Interval, cuts: Array, *, shift: float) -> Confidence:
    def in_one_zone(span: Interval) -> bool:
        return zone_of(span.low + shift, cuts) == zone_of(span.high + shift, cuts)

    if in_one_zone(envelope):
        return Confidence.MEDIUM
    return Confidence.LOW if in_one_zone(interval) else Confidence.NONE
