"""The checks that every statistic makes of its arrays, with one wording."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate

DECIMALS_OF_NOISE = 10  # 3.03 - 2.93 is stored as 0.0999...; ranks and signs must not see that


def sample(values: ArrayLike, *, name: str, least: int) -> NDArray[np.float64]:
    """Check one series of finite numbers.

    Parameters
    ----------
    values : array (n,)
    name : str
        What the series is called in the message.
    least : int
        The smallest n that the statistic accepts.

    Raises
    ------
    Degenerate
        ``not_one_dimensional``, ``not_finite``, ``too_few``.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise Degenerate("not_one_dimensional", f"{name} has shape {array.shape}, one axis is needed")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise Degenerate(
            "not_finite", f"{name} has {bad.size} values that are not finite, the first at {bad[0]}"
        )
    if array.size < least:
        raise Degenerate("too_few", f"{name} has n = {array.size}, at least {least} are needed")
    return array


def pairs(
    first: ArrayLike, second: ArrayLike, *, least: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Check two aligned series; also raises ``mismatched_lengths``."""
    one, two = sample(first, name="first", least=least), sample(second, name="second", least=least)
    if one.size != two.size:
        raise Degenerate("mismatched_lengths", f"first has n = {one.size}, second has n = {two.size}")
    return one, two


def differences(first: ArrayLike, second: ArrayLike, *, least: int) -> NDArray[np.float64]:
    """Subtract first from second, pair by pair, rounded to ``DECIMALS_OF_NOISE`` decimals."""
    one, two = pairs(first, second, least=least)
    # + 0.0 turns -0.0 into 0.0, which otherwise sorts and prints differently
    return np.round(two - one, DECIMALS_OF_NOISE) + 0.0
