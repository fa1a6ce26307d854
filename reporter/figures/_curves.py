"""Lines over layers, one per model, that can be told apart where many cross."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures import _rows as cells
from reporter.figures._page import Look
from reporter.figures._rows import Row

MARKS = (5, 3)  # about as many on a line, each model's at other places; fewer where lines are many
WIDTHS = (1.1, 0.7)  # of a line
MANY = 12


def in_order(rows: Sequence[Row], column: str) -> list[Row]:
    """Sort one model's rows along x; a row that has neither place nor value only says why."""
    placed = [row for row in rows if cells.number(row, column) or cells.number(row, "value")]
    return sorted(placed, key=lambda row: cells.needed(row, column).value)


def y_of(rows: Sequence[Row], column: str) -> np.ndarray:
    """Read a column as heights; a gap of the line stands where there is no number."""
    numbers = [cells.number(row, column) for row in rows]
    return np.array([np.nan if number is None else number.value for number in numbers])


def curve(axes: Axes, xs: np.ndarray, ys: np.ndarray, look: Look, place: tuple[int, int]) -> None:
    """Draw one model's line, and its marker at some of its points and wherever a point stands alone.

    ``place`` is the model's place among all and how many there are.
    """
    which, models = place
    crowded = models > MANY
    width = {"linewidth": WIDTHS[crowded], "linestyle": look.line}
    known = np.isfinite(ys)
    axes.plot(xs, ys, color=look.colour, zorder=3, label="curve", **width)
    around = np.concatenate([[False], known, [False]])
    alone = known & ~around[:-2] & ~around[2:]
    every = max(1, len(xs) // MARKS[crowded])
    marked = alone | (known & (np.arange(len(xs)) % every == 2 * which % every))
    size = {"markersize": 0.8 * page.SIZES[look.marker], "markeredgewidth": 0.4}
    page.mark(axes, xs[marked], ys[marked], look, "marks", **size)


def band(axes: Axes, xs: np.ndarray, lows: np.ndarray, highs: np.ndarray, look: Look) -> None:
    """Shade the interval about a line, where both its ends are known."""
    known = np.isfinite(lows) & np.isfinite(highs)
    if known.sum() == 1:
        axes.plot(
            [xs[known][0]] * 2,
            [lows[known][0], highs[known][0]],
            color=look.colour,
            linewidth=0.8,
            label="band",
        )
    else:
        axes.fill_between(
            xs, lows, highs, where=known.tolist(), color=panels.tint(look.colour, 0.6), alpha=0.35,
            linewidth=0, zorder=1, label="band",
        )  # fmt: skip
