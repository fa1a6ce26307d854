"""How evenly do activations spread over the bins of a histogram?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.entropy._activations import matrix_of
from reporter.entropy._counts import Values, table_of
from reporter.entropy.plug_in import plug_in_rows
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import HistogramEntropies, HistogramEntropy

METHOD = "freedman_diaconis"


def histogram(
    activations: ArrayLike, *, fewest: int = 50, most: int = 200, unit: str = "nats"
) -> HistogramEntropy:
    """Estimate the plug-in entropy of a histogram with the Freedman-Diaconis number of bins.

    The value depends on the bin rule, and a few huge activations pull it down: they stretch the range, so
    that all others share few bins. Print the spacing estimate and the kurtosis beside it.

    Parameters
    ----------
    activations : array (hidden,)
    fewest, most : int
        The rule's number of bins is brought into these limits.
    unit : {"nats", "bits"}

    Returns
    -------
    HistogramEntropy

    Raises
    ------
    Degenerate
        ``not_finite``, ``too_few`` below 4 values, ``constant_series``; ``zero_iqr`` where the rule has no
        bin width because half of the values are equal.

    References
    ----------
    Freedman and Diaconis (1981), On the histogram as a density estimator: L2 theory, Zeitschrift fuer
    Wahrscheinlichkeitstheorie und verwandte Gebiete 57, 453-476, doi:10.1007/BF01025868.

    Examples
    --------
    >>> histogram(range(100), unit="nats").bins_asked
    5
    """
    batch = histogram_batch(np.asarray(activations)[None], fewest=fewest, most=most, unit=unit)
    return HistogramEntropy(
        value=float(batch.values[0]),
        bins=int(batch.bins[0]),
        bins_asked=int(batch.bins_asked[0]),
        occupied=int(batch.occupied[0]),
        n=batch.n,
        unit=unit,
        method=batch.method,
    )


def histogram_batch(
    activations: ArrayLike, *, fewest: int = 50, most: int = 200, unit: str = "nats"
) -> HistogramEntropies:
    """Estimate the histogram entropy of every series along the last axis.

    Parameters
    ----------
    activations : array (..., hidden), as (answers, layers, hidden)
    fewest, most, unit
        As for :func:`histogram`.

    Returns
    -------
    HistogramEntropies
        Arrays of shape (...).

    Raises
    ------
    Degenerate
        As :func:`histogram`; the message names the first series.
    """
    rows, shape = matrix_of(activations, least=4)
    asked = np.empty(len(rows), np.int64)
    bins = np.empty(len(rows), np.int64)
    counts = np.zeros((len(rows), most), np.int32)
    for place, row in enumerate(rows):
        ordered = np.sort(row).astype(np.float64)
        asked[place] = _freedman_diaconis(ordered)
        bins[place] = min(max(asked[place], fewest), most)
        counts[place, : bins[place]] = _counts_of_sorted(ordered, int(bins[place]))
    table = table_of(counts)
    result = HistogramEntropies(
        values=plug_in_rows(table).reshape(shape),
        bins=bins.reshape(shape),
        bins_asked=asked.reshape(shape),
        occupied=table.k.reshape(shape),
        n=rows.shape[1],
        unit="nats",
        method=f"{METHOD}_{fewest}_to_{most}",
    )
    return convert(result, unit=unit)


def _freedman_diaconis(ordered: Values) -> int:
    """Find the number of bins of width 2 IQR n^(-1/3) between the extremes."""
    low, high = _quantile(ordered, 0.25), _quantile(ordered, 0.75)
    width = 2 * (high - low) * ordered.size ** (-1 / 3)
    if ordered[0] == ordered[-1]:
        raise Degenerate(
            "constant_series", f"a series of {ordered.size} activations is {ordered[0]:g} throughout"
        )
    if width == 0:
        raise Degenerate("zero_iqr", f"half of {ordered.size} activations are {low:g}, there is no bin width")
    return int(np.ceil((ordered[-1] - ordered[0]) / width))


def _quantile(ordered: Values, share: float) -> float:
    """Interpolate linearly between the two nearest of sorted values, as numpy.percentile does."""
    whole, part = divmod(share * (ordered.size - 1), 1)
    left, right = ordered[int(whole)], ordered[min(int(whole) + 1, ordered.size - 1)]
    return float(left + (right - left) * part)


def _counts_of_sorted(ordered: Values, bins: int) -> NDArray[np.int64]:
    """Count what numpy.histogram counts: bins closed on the left, the last one on both sides."""
    inner = np.linspace(ordered[0], ordered[-1], bins + 1)[1:-1]
    return np.diff(np.searchsorted(ordered, inner), prepend=0, append=ordered.size)
