"""How firmly a peak stands where it does: the same scan over resamples of the answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reporter.statistics._ranks import TIE, counts_of, resampled_ranks
from reporter.statistics._strata import Members

AT_ONCE = 250  # resamples in memory together


def peak_support(
    axes: NDArray[np.float64],
    layers: NDArray[np.float64],
    peaks: NDArray[np.intp],
    members: Members,
    *,
    resamples: int,
    level: float,
    rng: Generator,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Count how often each axis peaks where it was observed to, and which layers do as well.

    Parameters
    ----------
    axes, layers : array (n, axes), array (n, layers)
        Columns that vary within some stratum.
    peaks : array (axes,)
        The observed peak of each axis, as a column of ``layers``.
    members : list of arrays
        Strata within which answers are drawn and whose mean rank is taken off; one of all where there are
        none.

    Returns
    -------
    support : array (axes,)
        Share of resamples in which no layer exceeds the observed peak.
    not_worse : array (axes, layers)
        Layers that reach the peak's |r| in more than 1 - level of the resamples.
    """
    reached = np.zeros((axes.shape[1], layers.shape[1]))
    picked = np.zeros(axes.shape[1])
    for absolute in _resampled_cells(axes, layers, members, resamples=resamples, rng=rng):
        at_peak = np.take_along_axis(absolute, peaks[np.newaxis, :, np.newaxis], axis=2)
        reached += (absolute >= at_peak - TIE).sum(axis=0)
        picked += (at_peak[..., 0] >= absolute.max(axis=2) - TIE).sum(axis=0)
    return picked / resamples, reached > round((1 - level) * resamples, 9)


def _resampled_cells(
    axes: NDArray[np.float64],
    layers: NDArray[np.float64],
    members: Members,
    *,
    resamples: int,
    rng: Generator,
) -> Iterator[NDArray[np.float64]]:
    """Yield |r| of all cells (resamples, axes, layers), a few resamples at a time."""
    chosen = np.empty((resamples, len(axes)), dtype=np.intp)
    for one in members:
        chosen[:, one] = one[rng.integers(one.size, size=(resamples, one.size))]
    counts = counts_of(chosen, len(axes))
    for start in range(0, resamples, AT_ONCE):
        drawn = counts[start : start + AT_ONCE]
        by_axis, by_layer = _weighted(axes, drawn, members), _weighted(layers, drawn, members)
        yield np.abs(by_axis @ by_layer.transpose(0, 2, 1))


def _weighted(
    values: NDArray[np.float64], counts: NDArray[np.float64], members: Members
) -> NDArray[np.float64]:
    """Rank columns in each resample, less the mean rank of each stratum, which is 0 where there is one.

    Returns an array (resamples, columns, n) of rows of length 1; 0 where a resample is constant.
    """
    ranks = np.stack([resampled_ranks(column, counts) for column in values.T], axis=1)
    for one in members:
        total = (ranks[:, :, one] * counts[:, np.newaxis, one]).sum(axis=2, keepdims=True)
        ranks[:, :, one] -= total / one.size  # every resample draws as many as the stratum has
    ranks *= np.sqrt(counts)[:, np.newaxis, :]
    length = np.sqrt((ranks**2).sum(axis=2, keepdims=True))
    scaled: NDArray[np.float64] = np.divide(ranks, length, out=np.zeros_like(ranks), where=length > 0)
    return scaled
