"""How does next-token entropy go with the position in the answer?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reporter.errors import Degenerate
from reporter.results import Flat, Interval, Offsets, PositionProfile
from reporter.statistics._inputs import differences, sample
from reporter.statistics._ranks import DECIMALS_OF_TIES
from reporter.statistics.describe_values import describe_values


class Bins(NamedTuple):
    """Each answer's mean in each bin of position, 0 where it does not reach the bin."""

    start: NDArray[np.int64]  # (bins,)
    stop: NDArray[np.int64]  # (bins,): last position of the bin
    means: NDArray[np.float64]  # (n, bins)
    tokens: NDArray[np.int64]  # (n, bins)


def position_profile(
    entropies: Flat,
    offsets: Offsets,
    *,
    first: int = 16,
    least_answers: int = 3,
    level: float = 0.95,
    unit: str = "nats",
) -> PositionProfile:
    """Average each answer in bins of position that double in width, then over the answers that reach a bin.

    Late bins are reached by long answers only, so the curve mixes position with which answers are long.
    ``change`` does not: it is the mean over answers of the last bin that the answer fills less its first
    bin, within the answer.

    Parameters
    ----------
    entropies : array (tokens,), in ``unit``
        Of the next-token distribution at each generated token, answer after answer.
    offsets : array (n + 1,), int
        Answer i owns the tokens offsets[i]:offsets[i + 1].
    first : int
        Width of the first bin and of the second; each further one is twice as wide.
    least_answers : int
        Bins that fewer answers reach are left out.
    level : float
        Level of the interval of each bin by itself, and of the change.

    Returns
    -------
    PositionProfile
        An answer reaches a bin by one token in it. Intervals are Student's t over answers; None where
        fewer than two answers speak, or all agree. ``change`` is None where no answer fills two bins.

    Raises
    ------
    Degenerate
        ``not_one_dimensional``, ``not_finite``, ``bad_offsets``, ``bins_without_width``; ``too_few`` where no
        bin is reached by enough answers.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6, 1-25, doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> found = position_profile([4.0, 2.0, 5.0, 3.0, 1.0], [0, 2, 5], first=1, least_answers=2)
    >>> found.mean, found.stop, found.change
    ((4.5, 2.5), (0, 1), -2.0)
    """
    values, ends = sample(entropies, name="entropies", least=0), np.asarray(offsets)
    if first < 1:
        raise Degenerate("bins_without_width", f"the first bin is {first} positions wide")
    bins = _in_bins(values, ends, first=first)
    reached = bins.tokens > 0
    answers = reached.sum(axis=0)
    kept = int(np.count_nonzero(answers >= max(least_answers, 1)))  # answers never rise with the position
    if not kept:
        raise Degenerate("too_few", f"no bin is reached by {least_answers} of {len(reached)} answers")
    described = [_mean(bins.means[reached[:, at], at], level=level) for at in range(kept)]
    changes = _changes(bins)
    change, interval = _mean(changes, level=level) if changes.size else (None, None)
    return PositionProfile(
        start=tuple(bins.start[:kept].tolist()),
        stop=tuple(bins.stop[:kept].tolist()),
        mean=tuple(mean for mean, _ in described),
        low=tuple(None if within is None else within.low for _, within in described),
        high=tuple(None if within is None else within.high for _, within in described),
        answers=tuple(answers[:kept].tolist()),
        change=change,
        interval=interval,
        followed=changes.size,
        level=level,
        n=len(reached),
        unit=unit,
        method="student_t_in_bins_of_doubling_width",
    )


def _in_bins(values: NDArray[np.float64], ends: NDArray[np.int64], *, first: int) -> Bins:
    """Average each answer's tokens in each bin; raises ``bad_offsets``."""
    whole = ends.ndim == 1 and ends.size > 1 and ends.dtype.kind in "iu"
    if not whole or ends[0] != 0 or ends[-1] != values.size or (ends[1:] < ends[:-1]).any():
        raise Degenerate("bad_offsets", f"offsets must rise from 0 to the number of tokens, {values.size}")
    ends = ends.astype(np.int64)  # unsigned numbers do not subtract
    lengths = np.diff(ends)
    n, longest = lengths.size, int(lengths.max())
    start = [0]
    while (following := max(first, 2 * start[-1])) < longest:
        start.append(following)
    owner = np.repeat(np.arange(n), lengths)
    position = np.arange(values.size) - ends[:-1][owner]
    cell = owner * len(start) + np.searchsorted(start, position, side="right") - 1
    tokens = np.bincount(cell, minlength=n * len(start)).reshape(n, -1)
    sums = np.bincount(cell, weights=values, minlength=n * len(start)).reshape(n, -1)
    stop = np.append(start[1:], following) - 1
    return Bins(np.array(start), stop, sums / np.maximum(tokens, 1), tokens)


def _changes(bins: Bins) -> NDArray[np.float64]:
    """Subtract the first bin from the last full one, for the answers that fill two or more."""
    full = (bins.tokens == bins.stop - bins.start + 1).sum(axis=1)
    at = np.flatnonzero(full >= 2)
    return differences(bins.means[at, 0], bins.means[at, full[at] - 1], least=0)


def _mean(values: NDArray[np.float64], *, level: float) -> tuple[float, Interval | None]:
    """Average over answers; there is no interval of one answer, nor where all agree."""
    if values.size == 1:
        return float(values[0]), None
    described = describe_values(np.round(values, DECIMALS_OF_TIES), level=level)
    return described.mean, described.interval
