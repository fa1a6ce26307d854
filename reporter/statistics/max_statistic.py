"""Which members of a family stand out, when the largest of all decides?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import MaxStatistic
from reporter.statistics._inputs import sample
from reporter.statistics._permutations import reached


def max_statistic(
    observed: ArrayLike, null: ArrayLike, *, level: float = 0.95, exact: bool = False, unit: str = "1"
) -> MaxStatistic:
    """Adjust a family's p values by the joint distribution of its statistics under permutation.

    Parameters
    ----------
    observed : array (members,), in ``unit``
        One statistic per member, larger being more extreme (for two sides, absolute values).
    null : array (orders, members), in ``unit``
        The same statistics for each order; a row is one order of the rows of data, so that the
        members' dependence is kept.
    level : float
        Level of the threshold.
    exact : bool
        ``null`` holds every order once, the observed one among them: then p is b/m, otherwise
        (b + 1)/(m + 1).

    Returns
    -------
    MaxStatistic
        Per member ``p`` alone, ``p_single_step`` against the largest of all, and ``p_step_down`` against
        the largest of those not yet passed (Westfall and Young); ``n`` counts orders. A statistic
        above ``threshold`` has a single-step p of at most 1 - level.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``mismatched_lengths``.

    References
    ----------
    Westfall, Young (1993), Resampling-based multiple testing, Wiley, algorithm 4.1.

    Examples
    --------
    >>> max_statistic([3.0, 1.0], [[1.0, 2.0], [3.0, 0.0], [2.0, 1.0]]).p_step_down
    (0.5, 0.75)
    """
    values = sample(observed, name="observed", least=1)
    drawn = _null(null, members=values.size)
    order = np.argsort(-values, kind="stable")
    # column j: the largest of the members from place j on
    successive = np.maximum.accumulate(drawn.T[order[::-1]])[::-1].T
    step_down = np.empty(values.size)
    step_down[order] = np.maximum.accumulate(_p(successive, values[order], exact=exact))
    largest = successive[:, 0]
    return MaxStatistic(
        p=_tuple(_p(drawn, values, exact=exact)),
        p_single_step=_tuple(_p(largest[:, np.newaxis], values, exact=exact)),
        p_step_down=_tuple(step_down),
        p_floor=1 / (drawn.shape[0] + (not exact)),
        threshold=float(np.quantile(largest, level, method="inverted_cdf")),
        level=level,
        family_size=values.size,
        n=drawn.shape[0],
        unit=unit,
        method="max_statistic",
    )


def _null(null: ArrayLike, *, members: int) -> NDArray[np.float64]:
    drawn = np.asarray(null, dtype=np.float64)
    if drawn.ndim != 2 or drawn.shape[1] != members:
        raise Degenerate("mismatched_lengths", f"null has shape {drawn.shape}, (orders, {members}) is needed")
    if not drawn.shape[0]:
        raise Degenerate("too_few", "null has no order")
    if not np.isfinite(drawn).all():
        raise Degenerate("not_finite", "null holds statistics that are not finite")
    return drawn


def _p(null: NDArray[np.float64], observed: NDArray[np.float64], *, exact: bool) -> NDArray[np.float64]:
    more = 0 if exact else 1
    share: NDArray[np.float64] = (reached(null, observed) + more) / (null.shape[0] + more)
    return share


def _tuple(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
