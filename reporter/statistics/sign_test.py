"""Do more units rise than fall between two conditions?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

from reporter.errors import Degenerate
from reporter.results import Test
from reporter.statistics._inputs import differences


def sign_test(first: ArrayLike, second: ArrayLike, *, unit: str = "nats") -> Test:
    """Test by the exact binomial whether second - first is as often above zero as below.

    Parameters
    ----------
    first, second : array (n,), in ``unit``
        The same n units under two conditions, aligned. Pairs without a change are dropped.

    Returns
    -------
    Test
        ``statistic`` counts the units that rose; ``p`` is two-sided; ``n_used`` counts those that changed.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``; ``no_change`` where every difference is 0.

    References
    ----------
    Dixon & Mood (1946), The statistical sign test, Journal of the American Statistical Association 41,
    557-566, doi:10.1080/01621459.1946.10501898.

    Examples
    --------
    >>> sign_test([0.0, 0.0, 0.0, 0.0], [0.1, 0.3, 0.2, 0.0]).p
    0.25
    """
    change = differences(first, second, least=1)
    rose, fell = int(np.sum(change > 0)), int(np.sum(change < 0))
    used = rose + fell
    if used == 0:
        raise Degenerate("no_change", f"all {change.size} differences are 0")
    return Test(
        statistic=float(rose),
        p=min(1.0, 2 * float(bdtr(min(rose, fell), used, 0.5))),
        p_floor=2.0 ** (1 - used),
        n=change.size,
        n_used=used,
        unit=unit,
        method="sign_test_exact",
    )
