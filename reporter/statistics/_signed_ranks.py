"""The exact distribution of a sum of ranks of which a fair coin picks each or not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def signed_sums(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Distribute the sum of those ranks that a fair coin picks; entry s is the probability of sum s."""
    density = np.zeros(int(ranks.sum()) + 1)
    density[0] = 1.0
    for rank in ranks:
        picked = np.zeros_like(density)
        picked[rank:] = density[:-rank]
        density = (density + picked) / 2
    return density
