"""Are the means of two independent groups the same, up to a declared bound?"""

from __future__ import annotations

import math

from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from reporter.errors import Degenerate
from reporter.results import Equivalence, Interval
from reporter.statistics._inputs import DECIMALS_OF_NOISE
from reporter.statistics._welch import welch


def equivalence_welch(
    first: ArrayLike, second: ArrayLike, *, bound: float, level: float = 0.95, unit: str = "nats"
) -> Equivalence:
    """Test whether mean(second) - mean(first) lies within -bound .. bound, by two one-sided Welch tests.

    Parameters
    ----------
    first, second : array (n1,), (n2,), in ``unit``
        Two independent groups of at least 2 values each.
    bound : float, in ``unit``
        The largest difference that still counts as none; declared before the data are seen.
    level : float
        1 - alpha, of each one-sided test.

    Returns
    -------
    Equivalence
        ``p`` is the larger of the two one-sided p values. ``interval`` has level 1 - 2 alpha: equivalence
        holds where it lies within the bound, and ``smallest_bound`` is the end farther from zero.

    Raises
    ------
    Degenerate
        ``too_few``, ``not_finite``, ``constant_series`` as :func:`welch_t`; ``bound_not_positive``.

    References
    ----------
    Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach, Journal
    of Pharmacokinetics and Biopharmaceutics 15, 657-680, doi:10.1007/BF01068419.
    """
    if not (math.isfinite(bound) and bound > 0):
        raise Degenerate("bound_not_positive", f"the bound is {bound:g}, it must lie above 0")
    parts = welch(first, second)
    half = parts.se * float(stdtrit(parts.df, level))
    low, high = parts.estimate - half, parts.estimate + half
    return Equivalence(
        estimate=parts.estimate,
        bound=bound,
        p=float(stdtr(parts.df, (abs(parts.estimate) - bound) / parts.se)),
        smallest_bound=abs(parts.estimate) + half,
        interval=Interval(
            low=low, high=high, level=round(2 * level - 1, DECIMALS_OF_NOISE), method="welch_t"
        ),
        df=parts.df,
        n=parts.n,
        unit=unit,
        method="equivalence_welch",
    )
