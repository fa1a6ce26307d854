"""What is known of a published cell's mean: its sample sd, its standard error, its zone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from reporter.errors import Degenerate
from reporter.results import Summary
from reporter.statistics._inputs import DECIMALS_OF_NOISE


def sample_sd(cell: Summary, *, ddof: int) -> float:
    """Turn a cell's sd, which was printed with ``ddof``, into the sample sd (ddof 1).

    Raises
    ------
    Degenerate
        ``unknown_ddof``, ``too_few``, ``not_finite``, ``negative_sd``.
    """
    if ddof not in (0, 1):
        raise Degenerate("unknown_ddof", f"ddof is {ddof}, it can be 0 (population) or 1 (sample)")
    if cell.n < 2:
        raise Degenerate("too_few", f"a cell has n = {cell.n}, at least 2 are needed")
    if not (math.isfinite(cell.mean) and math.isfinite(cell.sd)):
        raise Degenerate("not_finite", f"a cell has mean {cell.mean} and sd {cell.sd}")
    if cell.sd < 0:
        raise Degenerate("negative_sd", f"a cell has sd {cell.sd:g}")
    return cell.sd * math.sqrt(cell.n / (cell.n - 1)) if ddof == 0 else cell.sd


def zone_of(value: float, cuts: NDArray[np.float64]) -> int:
    """Number the zone of a value from the lowest; a value on a cut lies above it."""
    return int(np.searchsorted(cuts, round(value, DECIMALS_OF_NOISE), side="right"))


def checked_cuts(cuts: Sequence[float]) -> NDArray[np.float64]:
    """Check the cuts between zones; raises ``no_cuts``, ``cuts_not_increasing``."""
    array = np.asarray(cuts, dtype=np.float64)
    if array.size == 0:
        raise Degenerate("no_cuts", "zones need at least one cut between them")
    if not (np.isfinite(array).all() and (np.diff(array) > 0).all()):
        raise Degenerate("cuts_not_increasing", f"the cuts {array.tolist()} do not increase")
    return array


def zone_probabilities(cell: Summary, cuts: NDArray[np.float64], *, ddof: int) -> NDArray[np.float64]:
    """Spread the confidence distribution of a cell's mean over the zones.

    The mean over units like these has the distribution m + se t(n - 1); also raises ``zero_spread``.
    """
    se = sample_sd(cell, ddof=ddof) / math.sqrt(cell.n)
    if se == 0:
        raise Degenerate(
            "zero_spread", f"the sd of a cell with n = {cell.n} is 0: its mean has no distribution"
        )
    below = stdtr(cell.n - 1, (cuts - cell.mean) / se)
    return np.diff(below, prepend=0.0, append=1.0)
