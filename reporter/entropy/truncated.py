"""What do the k likeliest tokens tell about the entropy of the next one?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from reporter.entropy._counts import Values
from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import TruncatedEntropies, TruncatedEntropy

LOGPROB_MODES = ("raw", "warped")  # of the model's logits; after temperature and nucleus, renormalised


def truncated(
    logprobs: ArrayLike,
    *,
    logprob_mode: str,
    vocabulary: int | None = None,
    tolerance: float = 1e-4,
    unit: str = "nats",
) -> TruncatedEntropy:
    """Bound the entropy of one step by its k largest log probabilities.

    Parameters
    ----------
    logprobs : array (k,), natural logarithms
        In any order; -inf is a probability of 0.
    logprob_mode : {"raw", "warped"}
        Which distribution they belong to; the two are never compared.
    vocabulary : int, optional
        How many tokens there are in all. There is no upper bound without it.
    tolerance : float
        By how much the probabilities may exceed what is possible, through rounding.
    unit : {"nats", "bits"}

    Returns
    -------
    TruncatedEntropy

    Raises
    ------
    Degenerate
        As :func:`truncated_batch`.

    Examples
    --------
    >>> import numpy as np
    >>> bounds = truncated(np.log([0.5, 0.25]), logprob_mode="raw", vocabulary=4, unit="bits")
    >>> round(bounds.lower, 6), round(bounds.upper, 6)
    (1.5, 1.75)
    """
    values = np.asarray(logprobs, dtype=np.float64)
    if values.ndim != 1:
        raise Degenerate("not_one_dimensional", f"logprobs have shape {values.shape}, one axis is needed")
    batch = truncated_batch(
        values[None], logprob_mode=logprob_mode, vocabulary=vocabulary, tolerance=tolerance, unit=unit
    )
    return TruncatedEntropy(
        partial=float(batch.partial[0]),
        renormalised=float(batch.renormalised[0]),
        lower=float(batch.lower[0]),
        upper=None if batch.upper is None else float(batch.upper[0]),
        mass=float(batch.mass[0]),
        missing=float(batch.missing[0]),
        k=batch.k,
        vocabulary=vocabulary,
        logprob_mode=logprob_mode,
        n=1,
        unit=unit,
        method=batch.method,
    )


def truncated_batch(
    logprobs: ArrayLike,
    *,
    logprob_mode: str,
    vocabulary: int | None = None,
    tolerance: float = 1e-4,
    unit: str = "nats",
) -> TruncatedEntropies:
    """Bound the entropy of every step by its k largest log probabilities.

    The missing mass lies on tokens no likelier than the least listed one, p_k: entropy is least where as
    few of them as possible share it, each with p_k, and largest where all unlisted tokens share it equally.

    Parameters
    ----------
    logprobs : array (steps, k), natural logarithms
    logprob_mode, vocabulary, tolerance, unit
        As for :func:`truncated`.

    Returns
    -------
    TruncatedEntropies

    Raises
    ------
    Degenerate
        ``unknown_logprob_mode``, ``unknown_unit``, ``not_two_dimensional``, ``too_few``; ``not_a_logprob``
        (nan, or above 0); ``no_mass``; ``mass_above_one``; ``missing_mass_impossible`` where the unlisted
        tokens cannot hold the missing mass: k is not below the vocabulary, or p_k is too small.
    """
    if logprob_mode not in LOGPROB_MODES:
        raise Degenerate(
            "unknown_logprob_mode", f"{logprob_mode!r}, allowed are {' and '.join(LOGPROB_MODES)}"
        )
    logs = np.asarray(logprobs, dtype=np.float64)
    if logs.ndim != 2:
        raise Degenerate("not_two_dimensional", f"logprobs have shape {logs.shape}, (steps, k) is needed")
    if not logs.size:
        raise Degenerate("too_few", f"logprobs have shape {logs.shape}, one step and one token are needed")
    _refuse(np.any(~(logs <= tolerance), axis=1), "not_a_logprob", "a log probability that is nan or above 0")
    p = np.exp(logs)
    mass = p.sum(axis=1)
    _refuse(mass == 0, "no_mass", "no token with a probability above 0")
    _refuse(mass > 1 + tolerance, "mass_above_one", "probabilities that sum to more than 1")
    partial = -xlogy(p, p).sum(axis=1) + 0.0
    missing = np.maximum(1 - mass, 0)
    least = p.min(axis=1)
    tail = np.minimum(missing, _room(missing, least, logs.shape[1], vocabulary, tolerance))
    result = TruncatedEntropies(
        partial=partial,
        renormalised=np.maximum(partial / mass + np.log(mass), 0),
        lower=partial + _least_tail(tail, least),
        upper=None if vocabulary is None else partial + _largest_tail(tail, vocabulary - logs.shape[1]),
        mass=mass,
        missing=missing,
        k=logs.shape[1],
        vocabulary=vocabulary,
        logprob_mode=logprob_mode,
        n=len(logs),
        unit="nats",
        method=f"truncated_{logprob_mode}",
    )
    return convert(result, unit=unit)


def _least_tail(missing: Values, least: Values) -> Values:
    """Bound the unlisted tokens' part from below: as many tokens of p_k as fit, and one with the rest."""
    usable = least > 0  # otherwise the missing mass is rounding
    share = np.where(usable, least, 1)
    whole = np.floor(missing / share)
    rest = np.maximum(missing - whole * share, 0)
    return np.where(usable, -whole * xlogy(share, share) - xlogy(rest, rest), 0.0)


def _largest_tail(missing: Values, unlisted: int) -> Values:
    """Bound the unlisted tokens' part from above: all of them equally likely."""
    return np.asarray(-xlogy(missing, missing / max(unlisted, 1)) if unlisted else np.zeros_like(missing))


def _room(missing: Values, least: Values, k: int, vocabulary: int | None, tolerance: float) -> Values:
    """Find the mass that the unlisted tokens can hold; refuse if more is missing."""
    if vocabulary is not None and vocabulary < k:
        raise Degenerate("missing_mass_impossible", f"{k} tokens are listed of a vocabulary of {vocabulary}")
    room = np.where(least > 0, np.inf, 0) if vocabulary is None else (vocabulary - k) * least
    _refuse(
        missing > room + tolerance,
        "missing_mass_impossible",
        "more missing mass than the unlisted tokens can hold, each no likelier than the least listed one",
    )
    return np.asarray(room)


def _refuse(bad: NDArray[np.bool_], reason: str, words: str) -> None:
    if bad.any():
        raise Degenerate(reason, f"{bad.sum()} of {bad.size} steps have {words}, the first is {bad.argmax()}")
