"""How spread out are activations, by an estimate that needs no bins?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import differential_entropy, kurtosis

from reporter.entropy._activations import matrix_of
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import SpacingEntropies, SpacingEntropy


def spacing(activations: ArrayLike, *, unit: str = "nats") -> SpacingEntropy:
    """Estimate differential entropy by the spacings of Vasicek and of van Es, with the excess kurtosis.

    Robustness columns for :func:`~reporter.entropy.histogram.histogram`: a few huge values hardly move a
    spacing estimate, and the kurtosis shows that they are there. Differential entropy can be negative and
    changes by log c when the activations are multiplied by c.

    Parameters
    ----------
    activations : array (n,)
    unit : {"nats", "bits"}

    Returns
    -------
    SpacingEntropy
        ``window`` is floor(sqrt(n) + 1/2).

    Raises
    ------
    Degenerate
        ``not_finite``, ``too_few`` below 4 values, ``ties`` where equal values make a spacing 0.

    References
    ----------
    Vasicek (1976), A test for normality based on sample entropy, Journal of the Royal Statistical Society
    B 38, 54-59, doi:10.1111/j.2517-6161.1976.tb01566.x. van Es (1992), Estimating functionals related to a
    density by a class of statistics based on spacings, Scandinavian Journal of Statistics 19, 61-72.
    """
    batch = spacing_batch(np.asarray(activations)[None], unit=unit)
    return SpacingEntropy(
        vasicek=float(batch.vasicek[0]),
        van_es=float(batch.van_es[0]),
        excess_kurtosis=float(batch.excess_kurtosis[0]),
        window=batch.window,
        n=batch.n,
        unit=unit,
        method=batch.method,
    )


def spacing_batch(activations: ArrayLike, *, unit: str = "nats") -> SpacingEntropies:
    """Estimate the differential entropy of every series along the last axis.

    Parameters
    ----------
    activations : array (..., n), as (answers, layers, hidden)
    unit : {"nats", "bits"}

    Returns
    -------
    SpacingEntropies
        Arrays of shape (...).

    Raises
    ------
    Degenerate
        As :func:`spacing`.
    """
    rows, shape = matrix_of(activations, least=4)
    values = np.sort(rows.astype(np.float64), axis=1)
    window = int(np.sqrt(values.shape[1]) + 0.5)
    tied = np.flatnonzero((values[:, window:] == values[:, :-window]).any(axis=1))
    if tied.size:
        raise Degenerate(
            "ties", f"{tied.size} of {len(rows)} series repeat a value {window} times, the first is {tied[0]}"
        )
    result = SpacingEntropies(
        vasicek=np.asarray(
            differential_entropy(values, window_length=window, axis=1, method="vasicek")
        ).reshape(shape),
        van_es=np.asarray(
            differential_entropy(values, window_length=window, axis=1, method="van es")
        ).reshape(shape),
        excess_kurtosis=np.asarray(kurtosis(values, axis=1)).reshape(shape),
        window=window,
        n=values.shape[1],
        unit="nats",
        method="spacing",
    )
    return convert(result, unit=unit)
