"""How much entropy does each further token of an answer bring?"""

from __future__ import annotations

import numpy as np

from reporter.entropy.units import convert
from reporter.errors import Degenerate
from reporter.results import EntropyRate, Flat, Offsets


def entropy_rate(
    entropies: Flat, offsets: Offsets, *, least_answers: int = 2, unit: str = "nats"
) -> EntropyRate:
    """Average the entropy of each step given the steps before it, position by position.

    By the chain rule the entropy of an answer is the sum over positions of the expected conditional entropy
    there; the mean over the answers that reach a position estimates it, and the mean over positions is
    the rate. Late positions are reached by long answers only, so the number of answers is kept beside.

    Parameters
    ----------
    entropies : array (tokens,), nats
        Conditional entropy of each generated token, answer after answer.
    offsets : array (n + 1,), int
        Answer i owns the tokens offsets[i]:offsets[i + 1].
    least_answers : int
        Positions that fewer answers reach are left out.
    unit : {"nats", "bits"}
        Of the result.

    Returns
    -------
    EntropyRate

    Raises
    ------
    Degenerate
        ``not_one_dimensional``, ``not_finite``, ``bad_offsets``, ``too_few`` where no position is reached
        by enough answers.

    References
    ----------
    Cover and Thomas (2006), Elements of Information Theory, 2nd edition, chapter 4,
    doi:10.1002/047174882X.

    Examples
    --------
    >>> entropy_rate([1.0, 2.0, 3.0, 4.0], [0, 2, 4]).by_position
    array([2., 3.])
    """
    values, ends = np.asarray(entropies, dtype=np.float64), np.asarray(offsets)
    if values.ndim != 1 or ends.ndim != 1:
        raise Degenerate(
            "not_one_dimensional", f"shapes are {values.shape} and {ends.shape}, one axis is needed"
        )
    if not np.isfinite(values).all():
        raise Degenerate(
            "not_finite", f"{np.sum(~np.isfinite(values))} of {values.size} entropies are nan or inf"
        )
    lengths = np.diff(ends)
    if (
        ends.size < 2
        or ends.dtype.kind not in "iu"
        or ends[0] != 0
        or ends[-1] != values.size
        or lengths.min() < 0
    ):
        raise Degenerate("bad_offsets", f"offsets must rise from 0 to the number of tokens, {values.size}")
    position = np.arange(values.size) - np.repeat(ends[:-1], lengths)
    answers = np.bincount(position)
    kept = int(np.count_nonzero(answers >= least_answers))  # answers never rise with the position
    if not kept:
        raise Degenerate("too_few", f"no position is reached by {least_answers} of {lengths.size} answers")
    by_position = np.bincount(position, weights=values)[:kept] / answers[:kept]
    record = EntropyRate(
        value=float(by_position.mean()),
        over_tokens=float(values.mean()),
        by_position=by_position,
        answers=answers[:kept],
        n=lengths.size,
        unit="nats",
        method=f"mean_over_positions_of_{least_answers}_or_more_answers",
    )
    return convert(record, unit=unit)
