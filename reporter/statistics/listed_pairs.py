"""Which pairs of values were measured?"""

from __future__ import annotations

from numpy.typing import ArrayLike

from reporter.results import ListedPairs
from reporter.statistics._inputs import pairs


def listed_pairs(first: ArrayLike, second: ArrayLike, *, unit: str = "1") -> ListedPairs:
    """List the pairs of two aligned series as they stand: the points of a scatter plot.

    Parameters
    ----------
    first, second : array (n,), any units
        Two quantities of the same n >= 1 units, aligned; they need not have a unit in common.

    Returns
    -------
    ListedPairs
        Every pair in the order of the units, equal ones as often as they occur; nothing is estimated.

    Raises
    ------
    Degenerate
        ``mismatched_lengths``, ``not_finite``, ``too_few``, ``not_one_dimensional``.

    Examples
    --------
    >>> listed_pairs([3.1, 2.9], [120.0, 80.0]).second
    (120.0, 80.0)
    """
    one, two = pairs(first, second, least=1)
    return ListedPairs(
        first=tuple(one.tolist()),
        second=tuple(two.tolist()),
        n=one.size,
        unit=unit,
        method="as_measured",
    )
