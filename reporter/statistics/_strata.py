"""What strata leave of ranks, and which strata say anything about a relation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reporter.errors import Degenerate
from reporter.statistics._ranks import centred_ranks

Members = list[NDArray[np.intp]]  # positions of each stratum's members


def ranks_within(values: NDArray[np.float64], members: Members) -> NDArray[np.float64]:
    """Rank along the first axis over all members, ties averaged, and take off each stratum's mean rank.

    Ranks are multiples of 1/2, so what is constant within a stratum becomes 0 exactly.
    """
    ranks = centred_ranks(values)
    for one in members:
        ranks[one] -= ranks[one].mean(axis=0)
    return ranks


def informative(
    first: NDArray[np.float64], second: NDArray[np.float64], members: Members, *, names: tuple[str, str]
) -> Members:
    """Keep the strata in which both vary; the others add nothing to a product of ranks.

    Parameters
    ----------
    first, second : array (n,) or (n, columns)
        Ranks within strata. A table varies where one of its columns does.

    Raises
    ------
    Degenerate
        ``constant_series`` where one varies in no stratum, or both in none together.
    """
    for name, ranks in zip(names, (first, second), strict=True):
        if not ranks.any():
            raise Degenerate("constant_series", f"{name} varies in none of the {len(members)} strata")
    both = [one for one in members if first[one].any() and second[one].any()]
    if not both:
        raise Degenerate(
            "constant_series", f"in none of the {len(members)} strata do {names[0]} and {names[1]} both vary"
        )
    return both
