"""What strata leave of ranks, and which strata say anything about a relation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reporter.errors import Degenerate
from reporter.statistics._ranks import TIE, centred_ranks, resampled_ranks, unit_length

Members = list[NDArray[np.intp]]  # positions of each stratum's members


def ranks_within(values: NDArray[np.float64], members: Members) -> NDArray[np.float64]:
    """Rank along the first axis over all members, ties averaged, and take off each stratum's mean rank.

    Ranks are multiples of 1/2, so what is constant within a stratum becomes 0 exactly.
    """
    ranks = centred_ranks(values)
    for one in members:
        ranks[one] -= ranks[one].mean(axis=0)
    return ranks


def unit_rows_within(rows: NDArray[np.float64], members: Members) -> NDArray[np.float64]:
    """Rank each row (rows, n) within strata, of length 1; a row that varies in none of them stays 0."""
    return unit_length(ranks_within(rows.T, members)).T


def without_means(rho: NDArray[np.float64], means: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
    """Correct products with series that were moved: their means in the strata are taken off again.

    What strata leave of a series' ranks has means in them again once an order has moved it. They lie on
    ``directions``, at right angles to what strata leave of any other series, so only the length changes.

    Parameters
    ----------
    rho : array
        Products of the moved series with others; changed in place, and returned.
    means : array
        Its products with the directions, which stand along ``axis``.
    """
    kept = 1 - (means**2).sum(axis=axis, keepdims=True)
    rho *= np.where(kept > TIE, 1 / np.sqrt(np.maximum(kept, TIE)), 0)
    return rho


def directions(members: Members) -> NDArray[np.float64]:
    """Make the rows (strata, n) of length 1 on which a series' means of strata lie."""
    rows = np.zeros((len(members), sum(one.size for one in members)))
    for row, one in zip(rows, members, strict=True):
        row[one] = one.size**-0.5
    return rows


def rho_within(
    first: NDArray[np.float64], second: NDArray[np.float64], members: Members
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Correlate one series (n,) with every row of another (rows, n) by ranks within strata.

    Returns
    -------
    rho, defined : array (rows,)
        Undefined, and 0, where the two vary in no stratum together.

    Examples
    --------
    >>> falls, differs = [7.0, 6.0, 9.0, 8.0], [1.0, 1.0, 3.0, 3.0]
    >>> strata = [np.array([0, 1]), np.array([2, 3])]
    >>> rho_within(np.array([1.0, 2.0, 8.0, 9.0]), np.array([falls, differs]), strata)
    (array([-1.,  0.]), array([ True, False]))
    """
    one, rows = ranks_within(first, members), ranks_within(second.T, members).T
    both = [(one[of] != 0).any() & (rows[:, of] != 0).any(axis=1) for of in members]
    defined: NDArray[np.bool_] = np.any(both, axis=0)
    length = np.sqrt((one**2).sum() * (rows**2).sum(axis=1))
    rho: NDArray[np.float64] = np.divide(rows @ one, length, out=np.zeros(len(rows)), where=defined)
    return rho, defined


def resampled_rho_within(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    counts: NDArray[np.float64],
    strata: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Correlate two series in each resample by ranks within the strata of what was drawn.

    Parameters
    ----------
    first, second : array (n,)
    counts : array (resamples, n)
        How often each member was drawn.
    strata : array (n,)
        The stratum of each member, numbered from 0.

    Returns
    -------
    array (resamples,)
        Not a number where the two vary in no stratum together.
    """
    held = (strata == np.arange(strata.max() + 1)[:, np.newaxis]).astype(np.float64).T
    drawn = np.maximum(counts @ held, 1)
    ranks = [resampled_ranks(series, counts) for series in (first, second)]
    # Sums of whole numbers: what is constant within a stratum becomes 0 exactly.
    one, two = (of - ((counts * of) @ held / drawn)[:, strata] for of in ranks)
    weighted = counts * one
    squares = weighted * one, counts * two * two
    product, square = (weighted * two).sum(axis=1), squares[0].sum(axis=1) * squares[1].sum(axis=1)
    defined = ((squares[0] @ held > 0) & (squares[1] @ held > 0)).any(axis=1)
    rho: NDArray[np.float64] = np.divide(
        product, np.sqrt(square), out=np.full(square.shape, np.nan), where=defined
    )
    return rho


def informative(
    first: NDArray[np.float64], second: NDArray[np.float64], members: Members, *, names: tuple[str, str]
) -> Members:
    """Keep the strata in which both vary; the others add nothing to a product of ranks.

    Parameters
    ----------
    first, second : array (n,) or (n, columns)
        Ranks within strata. A table varies where one of its columns does.

    Raises
    ------
    Degenerate
        ``constant_series`` where one varies in no stratum, or both in none together.
    """
    for name, ranks in zip(names, (first, second), strict=True):
        if not ranks.any():
            raise Degenerate("constant_series", f"{name} varies in none of the {len(members)} strata")
    both = [one for one in members if first[one].any() and second[one].any()]
    if not both:
        raise Degenerate(
            "constant_series", f"in none of the {len(members)} strata do {names[0]} and {names[1]} both vary"
        )
    return both
