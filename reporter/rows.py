"""Choose rows of a table by conditions: positions first, values only of what was chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PLACES = ("line", "source")  # where a row stands in a file, which is not part of what it says
UNKNOWN = -2  # the code of a word that a column does not hold


class Rows:
    """The rows of one table, read column by column as plain values, each column when it is first asked for.

    A study asks hundreds of questions of the same rows; a data frame would be cut and copied for each.

    Parameters
    ----------
    table : DataFrame
        Its cells must not change afterwards.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table
        self._values: dict[str, list[Any]] = {}
        self._keys: dict[str, tuple[NDArray[Any], dict[str, int] | None]] = {}
        self._digests: dict[int, bytes] = {}
        self._numeric: dict[str, bool] = {}
        self._repeating: dict[str, bool] = {}
        self._numbers: dict[tuple[str, ...], NDArray[np.int64]] = {}
        self._met: dict[tuple[str, Any], NDArray[np.bool_]] = {}
        self.names = tuple(str(name) for name in table.columns)

    def __len__(self) -> int:
        return len(self._table)

    def is_numeric(self, name: str) -> bool:
        """Say whether a column holds numbers."""
        if name not in self._numeric:
            self._numeric[name] = pd.api.types.is_numeric_dtype(self._table[name])
        return self._numeric[name]

    def values(self, name: str) -> list[Any]:
        """Give a column as plain values, None where a cell is empty."""
        if name not in self._values:
            keys, codes = self._key(name) if self._is_text(name) else (None, None)
            if keys is not None and codes is not None:  # each word once, not once for each row
                words = [*codes, None]
                self._values[name] = [words[code] for code in keys.tolist()]
            else:
                column = self._table[name]
                self._values[name] = column.astype(object).where(column.notna(), None).tolist()
        return self._values[name]

    def _is_text(self, name: str) -> bool:
        """Say whether a column holds words; lists of numbers are neither words nor numbers."""
        return pd.api.types.is_string_dtype(self._table[name])

    def where(self, conditions: Mapping[str, Any]) -> NDArray[np.intp]:
        """Find the positions of the rows that meet every condition, in order."""
        keep = np.ones(len(self), dtype=bool)
        for condition in conditions.items():
            if condition not in self._met:
                name, value = condition
                keys, codes = self._key(name)
                self._met[condition] = keys == (value if codes is None else codes.get(value, UNKNOWN))
            keep &= self._met[condition]
        return np.flatnonzero(keep)

    def distinct(self, name: str, at: NDArray[np.intp] | None = None) -> list[Any]:
        """List the different values of a column, in order, without empty cells."""
        values = self.values(name)
        found = [values[position] for position in self.firsts((name,), at)]
        return [value for value in found if value is not None and value != ""]

    def firsts(self, names: tuple[str, ...], at: NDArray[np.intp] | None = None) -> list[int]:
        """Find, among chosen rows, the first of those that agree in all of these columns, in order."""
        chosen = np.arange(len(self)) if at is None else at
        _, first = np.unique(self.numbers(names)[chosen], return_index=True)
        positions: list[int] = chosen[np.sort(first)].tolist()
        return positions

    def numbers(self, names: tuple[str, ...]) -> NDArray[np.int64]:
        """Number the rows so that two have the same number where they agree in all of these columns."""
        if names not in self._numbers:
            self._numbers[names] = number_rows(self._table, names)
        return self._numbers[names]

    def digest(self, at: NDArray[np.intp]) -> str:
        """SHA-256 over the digests of chosen rows, in their order and without their places in files."""
        positions = at.tolist()
        self._digest_each([position for position in positions if position not in self._digests])
        return hashlib.sha256(b"".join(map(self._digests.__getitem__, positions))).hexdigest()

    def _digest_each(self, positions: list[int]) -> None:
        """Digest rows, column by column: thousands of rows of twenty cells are asked for."""
        if not positions:
            return
        cells = [self._written(name, positions) for name in self.names if name not in PLACES]
        for position, row in zip(positions, zip(*cells, strict=True), strict=True):
            self._digests[position] = hashlib.sha256("\x1f".join(row).encode()).digest()

    def _written(self, name: str, positions: list[int]) -> list[str]:
        """Write a column's cells with its name; words and whole numbers, which repeat, once each."""
        values = self.values(name)
        chosen = [values[position] for position in positions]
        if self._repeats(name):
            known = {value: f"{name}={value!r}" for value in set(chosen)}
            return [known[value] for value in chosen]
        return [f"{name}={_exact(value)}" for value in chosen]

    def _repeats(self, name: str) -> bool:
        """Say whether a column holds words or whole numbers, of which equal ones are written alike."""
        if name not in self._repeating:
            whole = pd.api.types.is_integer_dtype(self._table[name])
            self._repeating[name] = whole or self._is_text(name)
        return self._repeating[name]

    def _key(self, name: str) -> tuple[NDArray[Any], dict[str, int] | None]:
        """Give a column as an array that compares fast: numbers as they are, words by their codes."""
        if name not in self._keys:
            column = self._table[name]
            if self.is_numeric(name):
                self._keys[name] = column.to_numpy(dtype=float, na_value=np.nan), None
            else:
                numbers, words = pd.factorize(column)
                self._keys[name] = numbers, {str(word): code for code, word in enumerate(words)}
        return self._keys[name]


def _exact(value: Any) -> str:
    """Write a value so that no two values are written alike; a list of numbers by all of its bytes."""
    return value.tobytes().hex() if isinstance(value, np.ndarray) else repr(value)


class Chosen:
    """Some rows of a table, in a stated order."""

    def __init__(self, rows: Rows, at: NDArray[np.intp]) -> None:
        self.rows, self.at = rows, at
        self._digest = ""
        self._addresses: tuple[str, ...] | None = None
        self._positions: list[int] | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the chosen rows."""
        if self._addresses is None:
            self._addresses = tuple(self.column("address"))
        return self._addresses

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the chosen rows."""
        self._digest = self._digest or self.rows.digest(self.at)
        return self._digest

    def __len__(self) -> int:
        return len(self.at)

    def column(self, name: str) -> list[Any]:
        """Give one column of the chosen rows as plain values."""
        if self._positions is None:
            self._positions = self.at.tolist()
        return list(map(self.rows.values(name).__getitem__, self._positions))

    def records(self) -> list[dict[str, Any]]:
        """Give each chosen row by column."""
        columns = [self.column(name) for name in self.rows.names]
        return [dict(zip(self.rows.names, row, strict=True)) for row in zip(*columns, strict=True)]

    def sorted_by(self, name: str) -> Chosen:
        """Order the rows by a column; equal ones keep their order."""
        values = self.rows.values(name)
        return Chosen(self.rows, np.array(sorted(self.at.tolist(), key=values.__getitem__), dtype=np.intp))


def codes_of(table: pd.DataFrame, names: Sequence[str]) -> list[NDArray[np.int64]]:
    """Number the values of each column in their order, an empty cell lowest; leave out columns of one value.

    Whole numbers sort and compare many times faster than the words of twenty columns.
    """
    found = []
    for name in names:
        codes = pd.factorize(table[name], sort=True)[0].astype(np.int64)
        if codes.size and codes.min() != codes.max():
            found.append(codes + 1)
    return found


def number_rows(table: pd.DataFrame, names: Sequence[str]) -> NDArray[np.int64]:
    """Number rows so that two have the same number where they agree in all of these columns."""
    numbers = np.zeros(len(table), np.int64)
    for codes in codes_of(table, names):
        # at most rows x values of a column, so that no number outgrows 64 bits
        numbers = pd.factorize(numbers * (codes.max() + 1) + codes)[0].astype(np.int64)
    return numbers
