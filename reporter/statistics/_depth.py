"""How deep in a model its layers lie, and which of them share a bin of depth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reporter.errors import Degenerate


def relative_depth(positions: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    """Find l/(count - 1) for some of ``count`` layers; a model's only layer lies at 0.

    >>> relative_depth(np.array([0, 3, 4]), 5)
    array([0.  , 0.75, 1.  ])
    """
    return positions / max(count - 1, 1)


def bin_weights(positions: NDArray[np.intp], count: int, *, bins: int) -> NDArray[np.float64]:
    """Make the weights that average, in equal bins of relative depth, values at some of ``count`` layers.

    Returns
    -------
    array (bins, positions)
        A row of zeros where a bin is empty. The last bin holds its upper end.

    Raises
    ------
    Degenerate
        ``too_few_bins``.

    Examples
    --------
    >>> bin_weights(np.array([0, 3, 4]), 5, bins=2)
    array([[1. , 0. , 0. ],
           [0. , 0.5, 0.5]])
    """
    if bins < 1:
        raise Degenerate("too_few_bins", f"depth is cut into {bins} bins, at least 1 is needed")
    # in whole numbers, so that rounding moves no layer across the border of two bins
    held_by = np.minimum(positions * bins // max(count - 1, 1), bins - 1)
    member = (held_by == np.arange(bins)[:, np.newaxis]).astype(np.float64)
    weights: NDArray[np.float64] = member / np.maximum(member.sum(axis=1, keepdims=True), 1)
    return weights
