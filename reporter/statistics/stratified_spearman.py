"""Do two series rise together among members of the same stratum?"""

from __future__ import annotations

from functools import partial

from numpy.random import Generator
from numpy.typing import ArrayLike

from reporter.results import Correlation, Labels
from reporter.statistics._correlation import absolute_product, by_permutation
from reporter.statistics._inputs import pairs
from reporter.statistics._permutations import members_of, plan
from reporter.statistics._ranks import unit_length
from reporter.statistics._strata import informative, ranks_within


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
        Level of the Fisher z interval (Bonett and Wright) with ``n`` less the number of further
        strata that it counts.
    permutations : int
        Random orders where more than 9! orders within strata exist; otherwise all are enumerated.
    rng : numpy.random.Generator, optional
        Needed where the orders are drawn.

    Returns
    -------
    Correlation
        ``n`` counts the members of strata in which both series vary: the others (single members, or values
        that are all at a clip) carry no information. ``p`` is two-sided; see
        :func:`reporter.statistics.spearman.spearman`.

    Raises
    ------
    Degenerate
        ``too_few``, ``mismatched_lengths``, ``not_finite``, ``no_generator``; ``nothing_to_permute`` where
        every stratum has one member; ``constant_series`` where a series varies in no stratum, or both in
        none together.

    References
    ----------
    Taylor (1987), Kendall's and Spearman's correlation coefficients in the presence of a blocking
    variable, Biometrics 43, 409-416, doi:10.2307/2531822.
    """
    one, two = pairs(first, second, least=3)
    members = members_of(one.size, strata)
    orders = plan(one.size, strata=strata, permutations=permutations, rng=rng)
    x, y = (ranks_within(series, members) for series in (one, two))
    saying = informative(x, y, members, names=("first", "second"))
    x, y = unit_length(x), unit_length(y)
    return by_permutation(
        float(x @ y),
        partial(absolute_product, x, y),
        orders,
        n=sum(stratum.size for stratum in saying),
        estimated=len(saying) - 1,
        level=level,
        unit=unit,
        method="stratified_spearman",
    )
