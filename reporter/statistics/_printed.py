"""What the statistics of printed figures share: a single number, and the test of a correlation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

from reporter.errors import Degenerate
from reporter.statistics._inputs import sample

Array = NDArray[np.float64]


def single(values: ArrayLike, *, name: str) -> float:
    """Take the one number that plays a role; raises ``not_single``, ``not_finite``."""
    array = sample(values, name=name, least=0)
    if array.size != 1:
        raise Degenerate("not_single", f"{name} has {array.size} numbers, exactly one is needed")
    return float(array[0])


def correlations(r: ArrayLike) -> Array:
    """Check printed correlations; raises ``not_correlations``, and ``perfect_correlation`` for -1 and 1."""
    array = sample(r, name="r", least=1)
    size = np.abs(array)
    if size.max() > 1:
        raise Degenerate("not_correlations", f"r has the value {array[size.argmax()]:g}, beyond -1..1")
    if size.max() == 1:
        raise Degenerate("perfect_correlation", "r is -1 or 1 as printed, where Student's t would give p = 0")
    return array


def counts(values: ArrayLike, *, name: str, least: int, members: int) -> NDArray[np.int64]:
    """Check one whole number per correlation; raises ``mismatched_lengths``, ``not_counts``, ``too_few``."""
    array = sample(values, name=name, least=1)
    if array.size != members:
        raise Degenerate("mismatched_lengths", f"{name} has {array.size} values for {members} correlations")
    if (array != np.floor(array)).any():
        raise Degenerate("not_counts", f"{name} has values that are no whole numbers")
    if array.min() < least:
        raise Degenerate("too_few", f"{name} goes down to {array.min():g}, at least {least} is needed")
    return array.astype(np.int64)


def p_of_correlations(r: Array, n: NDArray[np.int64]) -> Array:
    """Test each correlation of n pairs against none by Student's t with n - 2 df, on two sides.

    With t = r sqrt((n - 2) / (1 - r^2)) the two tails are the beta distribution of 1 - r^2, which needs no
    division and is 1 at r = 0.
    """
    p: Array = betainc((n - 2) / 2, 0.5, (1 - r) * (1 + r))
    return p
