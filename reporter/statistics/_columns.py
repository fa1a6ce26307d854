"""Tables of answers: one row per answer, one column per axis or layer, constant columns left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reporter.errors import Degenerate
from reporter.results import Selection
from reporter.statistics._ranks import centred_ranks, live, unit_length


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The columns that vary; ``positions`` says where they stood among ``total``."""

    values: NDArray[np.float64]  # (n, live)
    positions: NDArray[np.intp]  # (live,)
    total: int

    @property
    def n(self) -> int:
        """Count the answers."""
        return len(self.values)

    @property
    def ranks(self) -> NDArray[np.float64]:
        """Rank each column: (live, n), centred, each row of length 1."""
        return np.ascontiguousarray(unit_length(centred_ranks(self.values)).T)

    def selection(self, mask: NDArray[np.bool_] | None = None) -> Selection:
        """Point at live columns by their place in the input."""
        chosen = self.positions if mask is None else self.positions[mask]
        return Selection(indices=tuple(int(position) for position in chosen), n=self.total)


def table(values: ArrayLike, *, name: str, least: int = 4) -> NDArray[np.float64]:
    """Check a table (n, columns); raises ``not_two_dimensional``, ``not_finite``, ``too_few``."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2:
        raise Degenerate("not_two_dimensional", f"{name} has shape {array.shape}, two axes are needed")
    bad = int((~np.isfinite(array)).sum())
    if bad:
        raise Degenerate("not_finite", f"{name} has {bad} values that are not finite")
    if array.shape[0] < least:
        raise Degenerate("too_few", f"{name} has n = {array.shape[0]}, at least {least} are needed")
    return array


def live_columns(values: ArrayLike, *, name: str) -> Live:
    """Keep the columns that vary; raises ``constant_series`` where none does."""
    array = table(values, name=name)
    positions = live(array)
    if not positions.size:
        raise Degenerate("constant_series", f"none of the {array.shape[1]} columns of {name} varies")
    return Live(values=array[:, positions], positions=positions, total=array.shape[1])


def live_pair(first: ArrayLike, second: ArrayLike, *, names: tuple[str, str]) -> tuple[Live, Live]:
    """Keep the columns that vary of two aligned tables; also raises ``mismatched_lengths``."""
    one, two = live_columns(first, name=names[0]), live_columns(second, name=names[1])
    if one.n != two.n:
        raise Degenerate("mismatched_lengths", f"{names[0]} has n = {one.n}, {names[1]} has n = {two.n}")
    return one, two
