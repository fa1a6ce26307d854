"""How uncertain is the next symbol, for a reader who beforehand held every entropy to be equally likely?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln, polygamma

from reporter.entropy._counts import Values, alphabet_of, entropy_record, table_of_one
from reporter.errors import Degenerate
from reporter.results import Entropy

LOG_RANGE = (-40.0, 40.0)  # of log beta; both tails of the posterior fall at least like exp(-|log beta|)
POINTS = 1601
NEGLIGIBLE = 45.0  # nats below the peak of the posterior
SERIES_FROM = 1e3  # of beta or of kappa: where differences of special functions lose digits


def nsb(counts: ArrayLike, *, alphabet: int | None = None, unit: str = "nats") -> Entropy:
    """Estimate Shannon entropy by the posterior mean of Nemenman, Shafee and Bialek.

    Parameters
    ----------
    counts : array (symbols,)
        How often each distinct symbol occurs; zeros are ignored.
    alphabet : int, optional
        How many symbols are possible. Without it the observed ones are taken for all there are.
    unit : {"nats", "bits"}

    Returns
    -------
    Entropy
        ``method`` says whether the alphabet was declared or observed.

    Raises
    ------
    Degenerate
        As :func:`~reporter.entropy.plug_in.plug_in`; ``alphabet_too_small``; ``no_coincidences`` where no
        symbol occurs twice, so that the answer would be the prior's.

    Notes
    -----
    Ours, because infomeasure 0.6 multiplies the log likelihood of a symbol by its count, integrates
    beta over the range of xi, and leaves unseen symbols out of the posterior mean.

    References
    ----------
    Nemenman, Shafee and Bialek (2002), Entropy and inference, revisited, Advances in Neural Information
    Processing Systems 14, doi:10.48550/arXiv.physics/0108025.

    Examples
    --------
    >>> round(nsb([4, 2, 2, 1], alphabet=10).value, 4)
    1.6183
    """
    table = table_of_one(counts)
    possible, source = alphabet_of(table, alphabet)
    if table.counts.max() == 1:
        raise Degenerate("no_coincidences", f"each of the {table.n[0]} symbols occurs once")
    value = 0.0 if possible == 1 else _posterior_mean(table.counts[0], possible)
    return entropy_record(table, np.array([value]), method=f"nsb_alphabet_{source}", unit=unit)


def _posterior_mean(counts: NDArray[np.integer[Any]], alphabet: int) -> float:
    """Average the Dirichlet posterior mean over beta, by the trapezoid rule in log beta.

    The rule converges exponentially on a smooth integrand that vanishes at both ends; a coarse grid finds
    where the mass lies, two finer ones resolve it.
    """
    low, high = LOG_RANGE
    for _ in range(3):
        grid = np.linspace(low, high, POINTS)
        beta = np.exp(grid)
        log_weight = _log_likelihood(beta, counts, alphabet) + np.log(_prior(beta, alphabet)) + grid
        weight = np.exp(log_weight - log_weight.max())
        last = grid, weight, beta
        heavy = np.flatnonzero(log_weight > log_weight.max() - NEGLIGIBLE)
        low, high = grid[max(heavy[0] - 1, 0)], grid[min(heavy[-1] + 1, POINTS - 1)]
    _, weight, beta = last
    return float(np.average(_dirichlet_mean(beta, counts, alphabet), weights=weight))


def _prior(beta: Values, alphabet: int) -> Values:
    """Evaluate d xi/d beta for xi = psi(K beta + 1) - psi(beta + 1), flat in the prior mean entropy."""
    tail = (1 - 1 / alphabet) / (2 * beta**2) - (1 - 1 / alphabet**2) / (6 * beta**3)
    full = alphabet * polygamma(1, alphabet * beta + 1) - polygamma(1, beta + 1)
    return np.where(beta > SERIES_FROM, tail, full)


def _log_likelihood(beta: Values, counts: NDArray[np.integer[Any]], alphabet: int) -> Values:
    """Evaluate log [Gamma(K beta)/Gamma(N + K beta) prod Gamma(n + beta)/Gamma(beta)] + N log K."""
    values, times = np.unique(counts, return_counts=True)
    symbols = _log_rising(beta[:, None], values[None].astype(np.float64)) @ times
    return np.asarray(symbols - _log_rising(alphabet * beta, np.asarray(counts.sum(), dtype=np.float64)))


def _log_rising(x: Values, n: Values) -> Values:
    """Evaluate log [Gamma(x + n)/Gamma(x)] - n log x without subtracting two huge numbers."""

    def series(z: Values) -> Values:
        return np.asarray(1 / (12 * z) - 1 / (360 * z**3))

    far = (x + n - 0.5) * np.log1p(n / x) - n + series(x + n) - series(x)
    near = gammaln(x + n) - gammaln(x) - n * np.log(x)
    return np.where(x > SERIES_FROM, far, near)


def _dirichlet_mean(beta: Values, counts: NDArray[np.integer[Any]], alphabet: int) -> Values:
    """Evaluate the posterior mean entropy at each beta, unseen symbols included."""
    total = counts.sum() + alphabet * beta
    values, times = np.unique(counts, return_counts=True)
    alpha = beta[:, None] + values[None]
    seen = (alpha * digamma(alpha + 1)) @ times
    unseen = (alphabet - counts.size) * beta * digamma(beta + 1)
    return np.asarray(digamma(total + 1) - (seen + unseen) / total)
