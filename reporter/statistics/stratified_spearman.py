"""Do two series rise together among members of the same stratum?"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Correlation, Labels
from reporter.statistics._correlation import absolute_product, by_permutation
from reporter.statistics._inputs import pairs
from reporter.statistics._permutations import members_of, plan
from reporter.statistics._ranks import centred_ranks, unit_length


def stratified_spearman(
    first: ArrayLike,
    second: ArrayLike,
    strata: Labels,
    *,
    level: float = 0.95,
    permutations: int = 9999,
    rng: Generator | None = None,
    unit: str = "1",
) -> Correlation:
    """Correlate ranks after each stratum's mean rank is taken off; permute within strata only.

    What differs between strata (cut and finished answers, topics) can then neither make nor hide the
    correlation.

    Parameters
    ----------
    first, second : array (n,), any units
        The same n >= 3 members, aligned. Ranked over all members, ties averaged.
    strata : array (n,), labels of any type
    level : float
        Level of the Fisher z interval (Bonett and Wright) with n less the number of further strata.
    permutations : int
        Random orders where more than 9! orders within strata exist; otherwise all are enumerated.
    rng : numpy.random.Generator, optional
        Needed where the orders are drawn.

    Returns
    -------
    Correlation
        ``p`` is two-sided; see :func:`reporter.statistics.spearman.spearman`.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``no_generator``; ``nothing_to_permute`` where
        every stratum has one member; ``constant_series`` where a series varies in no stratum.

    References
    ----------
    Taylor (1987), Kendall's and Spearman's correlation coefficients in the presence of a blocking
    variable, Biometrics 43, 409-416, doi:10.2307/2531822.
    """
    one, two = pairs(first, second, least=3)
    members = members_of(one.size, strata)
    orders = plan(one.size, strata=strata, permutations=permutations, rng=rng)
    x = _within(one, members, name="first")
    y = _within(two, members, name="second")
    return by_permutation(
        float(x @ y),
        partial(absolute_product, x, y),
        orders,
        n=one.size,
        estimated=len(members) - 1,
        level=level,
        unit=unit,
        method="stratified_spearman",
    )


def _within(
    values: NDArray[np.float64], members: list[NDArray[np.intp]], *, name: str
) -> NDArray[np.float64]:
    ranks = centred_ranks(values)
    for one in members:
        ranks[one] = 0.0 if np.ptp(ranks[one]) == 0 else ranks[one] - ranks[one].mean()
    if not ranks.any():
        raise Degenerate("constant_series", f"{name} varies in none of the {len(members)} strata")
    return unit_length(ranks)
