"""Over how many directions does the variance of hidden states spread?"""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import Columns, SpectralEntropy


def von_neumann(states: Columns, *, unit: str = "nats") -> SpectralEntropy:
    """Compute the von Neumann entropy of the states' covariance, and the effective rank.

    The eigenvalues of the covariance, divided by their sum, are taken as probabilities. With n states the
    entropy cannot exceed log(n - 1), however large the hidden size: compare equal n only.

    Parameters
    ----------
    states : array (n, hidden)
        One row per answer or token; centred here.
    unit : {"nats", "bits"}

    Returns
    -------
    SpectralEntropy
        ``effective_rank`` is the exponential of the entropy in nats.

    Raises
    ------
    Degenerate
        ``not_two_dimensional``, ``too_few`` below 2 states, ``not_finite``, ``constant_series`` where all
        states are equal.

    References
    ----------
    Roy and Vetterli (2007), The effective rank: a measure of effective dimensionality, 15th European Signal
    Processing Conference, 606-610.

    Examples
    --------
    >>> round(von_neumann([[1, 0], [-1, 0], [0, 1], [0, -1]]).effective_rank, 12)
    2.0
    """
    array = np.asarray(states, dtype=np.float64)
    if array.ndim != 2:
        raise Degenerate("not_two_dimensional", f"states have shape {array.shape}, (n, hidden) is needed")
    if len(array) < 2 or not array.size:
        raise Degenerate("too_few", f"states have shape {array.shape}, at least 2 are needed")
    if not np.isfinite(array).all():
        raise Degenerate("not_finite", f"{np.sum(~np.isfinite(array))} entries of the states are nan or inf")
    if not np.ptp(array, axis=0).any():
        raise Degenerate("constant_series", f"all {len(array)} states are equal, there is no variance")
    singular = np.linalg.svd(array - array.mean(axis=0), compute_uv=False)
    singular = singular[singular > singular[0] * max(array.shape) * np.finfo(np.float64).eps]
    share = singular**2 / (singular**2).sum()
    value = float(-xlogy(share, share).sum()) + 0.0
    record = SpectralEntropy(
        value=value,
        effective_rank=float(np.exp(value)),
        rank=share.size,
        largest_share=float(share[0]),
        dimension=array.shape[1],
        n=len(array),
        unit="nats",
        method="von_neumann",
    )
    return convert(record, unit=unit)
