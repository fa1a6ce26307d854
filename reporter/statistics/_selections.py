"""Which members a condition holds for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reporter.results import Selection


def where(mask: NDArray[np.bool_]) -> Selection:
    """Select the members for which a condition holds.

    >>> where(np.array([True, False, True]))
    Selection(indices=(0, 2), n=3)
    """
    return Selection(indices=tuple(np.flatnonzero(mask).tolist()), n=mask.size)
