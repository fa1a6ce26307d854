"""How often does each symbol occur in a text? Symbols are characters, words, or tokens of a tokenizer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from reporter.entropy._counts import Table, table_of
from reporter.errors import Degenerate

WORD = re.compile(r"\w+(?:['’]\w+)*")  # letters and digits, inner apostrophes kept: don't is one word
ASCII = 128
TEXTS_PER_BLOCK = 256  # with texts of 1,000 characters the work of a block stays in the L2 cache
CHARACTERS_PER_BLOCK = 1 << 18


def character_counts(text: str) -> NDArray[np.int64]:
    """Count the distinct characters of a text: Unicode code points, no case folding.

    Parameters
    ----------
    text : str

    Returns
    -------
    array (distinct characters,)
        By code point; empty for an empty text.

    Examples
    --------
    >>> character_counts("Banana")
    array([1, 3, 2])
    """
    return np.unique(_code_points(text), return_counts=True)[1]


def word_counts(text: str) -> NDArray[np.int64]:
    """Count the distinct words of a text: runs of letters and digits, no case folding.

    Parameters
    ----------
    text : str

    Returns
    -------
    array (distinct words,)

    Examples
    --------
    >>> word_counts("The cat, the cat.")
    array([1, 2, 1])
    """
    return np.unique_counts(np.array(WORD.findall(text), dtype=str)).counts


def token_counts(token_ids: ArrayLike) -> NDArray[np.int64]:
    """Count the distinct tokens of a text that a tokenizer has cut.

    Parameters
    ----------
    token_ids : array (tokens,), int

    Returns
    -------
    array (distinct tokens,)

    Raises
    ------
    Degenerate
        ``not_one_dimensional``, ``not_token_ids``.
    """
    ids = np.asarray(token_ids)
    if ids.ndim != 1:
        raise Degenerate("not_one_dimensional", f"token ids have shape {ids.shape}, one axis is needed")
    if ids.size and ids.dtype.kind not in "iu":
        raise Degenerate("not_token_ids", f"token ids are {ids.dtype}, whole numbers are needed")
    return np.unique(ids, return_counts=True)[1]


def character_tables(texts: Sequence[str]) -> Iterator[Table]:
    """Count characters of many texts, in blocks of successive texts.

    A block is a sparse matrix with a one for every character, whose duplicates are summed as it is made
    dense; that is the fastest counter of ragged rows that NumPy and SciPy have.
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    longest = int(lengths.max(initial=0))
    ones = np.ones(max(longest, CHARACTERS_PER_BLOCK), np.min_scalar_type(longest))
    matrix = csr_array((0, 0), dtype=ones.dtype)
    ends = np.concatenate(([0], lengths.cumsum()))
    for start, stop in _blocks(ends):
        codes, width = _numbered(_code_points("".join(texts[start:stop])))
        if matrix.shape != (stop - start, width):
            matrix = csr_array((stop - start, width), dtype=ones.dtype)
        matrix.data, matrix.indices = ones[: codes.size], codes
        matrix.indptr = (ends[start : stop + 1] - ends[start]).astype(np.int32)
        counts = matrix.toarray()
        yield table_of(counts[:, counts.any(axis=0)], lengths[start:stop])


def word_tables(texts: Sequence[str]) -> Iterator[Table]:
    """Count words of many texts, one text a block."""
    return _tables(word_counts, texts)


def token_tables(texts: Sequence[ArrayLike]) -> Iterator[Table]:
    """Count tokens of many texts, one text a block."""
    return _tables(token_counts, texts)


def _tables(count: Callable[..., NDArray[np.int64]], texts: Sequence[object]) -> Iterator[Table]:
    for text in texts:
        yield table_of(count(text)[None])


def _code_points(text: str) -> NDArray[np.int32]:
    """Read the code points of a text. NumPy stores strings so, and copies faster than a codec encodes."""
    return np.array(text).reshape(1).view(np.int32)[: len(text)]


def _numbered(codes: NDArray[np.int32]) -> tuple[NDArray[np.int32], int]:
    """Renumber the code points beyond ASCII without gaps: a curly quote or an emoji costs one column."""
    width = int(codes.max(initial=0)) + 1
    if width <= ASCII:
        return codes, ASCII
    places = np.flatnonzero(codes >= ASCII)
    beyond = codes[places]
    occurs = np.zeros(width, bool)
    occurs[beyond] = True
    rank = np.cumsum(occurs, dtype=np.int32) + np.int32(ASCII - 1)
    codes[places] = rank[beyond]
    return codes, int(rank[-1]) + 1


def _blocks(ends: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut texts that end there into runs of limited size, of at least one text each."""
    start, n = 0, ends.size - 1
    while start < n:
        fitting = int(ends.searchsorted(ends[start] + CHARACTERS_PER_BLOCK, side="right")) - 1
        stop = min(max(fitting, start + 1), start + TEXTS_PER_BLOCK, n)
        yield start, stop
        start = stop
