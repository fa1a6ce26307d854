"""The check that activation statistics make of their arrays, with one wording."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate


def matrix_of(activations: ArrayLike, *, least: int) -> tuple[NDArray[np.floating[Any]], tuple[int, ...]]:
    """Check activations (..., n) and lay them out as (series, n).

    Returns
    -------
    (array (series, n), shape (...))

    Raises
    ------
    Degenerate
        ``too_few`` values in a series, or no series; ``not_finite``.
    """
    array = np.asarray(activations)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if not array.ndim or not array.size or array.shape[-1] < least:
        raise Degenerate(
            "too_few", f"activations have shape {array.shape}, the last axis needs {least} or more"
        )
    rows = array.reshape(-1, array.shape[-1])
    if not np.isfinite(rows).all():
        bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
        place = tuple(int(index) for index in np.unravel_index(bad[0], array.shape[:-1] or (1,)))
        raise Degenerate(
            "not_finite", f"{bad.size} of {len(rows)} series hold nan or inf, the first is {place}"
        )
    return rows, array.shape[:-1]
