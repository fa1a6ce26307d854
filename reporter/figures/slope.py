"""Where did each model stand under two conditions?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reporter.figures import _page as page
from reporter.figures import _rows as cells
from reporter.figures._page import AXIS, GAP, LEADER, LEADING, WIDTH, Look
from reporter.figures._rows import Numeric, Row

COLUMNS = ("first", "first_low", "first_high", "second", "second_low", "second_high")


def slope(
    rows: Sequence[Row],
    *,
    first_label: str,
    second_label: str,
    cuts: Sequence[float],
    zones: Sequence[str],
    unit: str,
    axis: str,
    models: Sequence[str] = (),
) -> Figure:
    """Show where each model stood under two conditions, over the zones.

    Columns: ``label``; ``first``, ``first_low``, ``first_high``; ``second``, ``second_low``,
    ``second_high``. Intervals may be missing. ``models`` is the study's order, which fixes the colours;
    without it the order of the rows does.
    """
    firsts, seconds = ([cells.needed(row, column) for row in rows] for column in ("first", "second"))
    names = page.names(rows, 0.27 * WIDTH)
    heights = [page.height_of(name) for name in names]
    left_text, right_text = (max(page.breadth(n.text) for n in numbers) for numbers in (firsts, seconds))
    beside = LEADER + right_text + 2 * GAP + max(page.breadth(name) for name in names) + GAP
    width, room = WIDTH - AXIS - beside, max(240.0, 1.02 * sum(heights))

    figure = page.sheet(room + 28)
    axes = page.frame(figure, AXIS, 20, width, room)
    axes.set_xlim(0, width)  # along x, a unit is a point
    axes.set_ylim(*page.view(cells.values(rows, COLUMNS)))
    axes.set_ylabel(f"{axis} ({unit})")
    seen = page.bands(axes, cuts, zones)
    page.name_zones(axes, seen, GAP, room)

    dodge = min(24.0, 3.0 * (len(rows) - 1))  # intervals side by side; both ends move, so slopes stay true
    left = 3 * GAP + max(page.breadth(name) for name, _ in seen) + left_text
    ends = left + LEADER + dodge, width - dodge - GAP
    axes.set_xticks(ends, [first_label, second_label])
    axes.tick_params(axis="x", length=0)
    shifts = [dodge * (2 * i / (len(rows) - 1) - 1) if dodge else 0.0 for i in range(len(rows))]
    looks = page.looks_of(rows, models)
    for row, look, shift in zip(rows, looks, shifts, strict=True):
        _line(axes, row, look, [end + shift for end in ends])
    low, high = _spread(axes, firsts, [LEADING] * len(rows), room), _spread(axes, seconds, heights, room)
    edge = width + LEADER
    for i, (look, shift) in enumerate(zip(looks, shifts, strict=True)):
        _value(axes, firsts[i], (ends[0] + shift, left), low[i], look)
        _value(axes, seconds[i], (ends[1] + shift, edge), high[i], look)
        page.note(axes, edge + right_text + 2 * GAP, high[i], names[i])
    return figure


def _line(axes: Axes, row: Row, look: Look, xs: Sequence[float]) -> None:
    """Draw one model: its two points, their intervals, and the line between them."""
    label, colour = row["label"], look.colour
    for x, end in zip(xs, ("first", "second"), strict=True):
        span = cells.ends(row, f"{end}_low", f"{end}_high")
        if span is not None:
            axes.plot([x, x], span, color=colour, linewidth=0.8, zorder=2, label=f"{end} interval {label}")
        page.mark(axes, x, cells.needed(row, end).value, look, f"{end} {label}")
    ys = [cells.needed(row, end).value for end in ("first", "second")]
    axes.plot(xs, ys, color=colour, linestyle=look.line, linewidth=1.4, zorder=3, label=f"slope {label}")


def _value(axes: Axes, number: Numeric, xs: tuple[float, float], y: float, look: Look) -> None:
    """Print a number at (xs[1], y), and lead to it from its mark at xs[0]."""
    mark, edge = xs
    to_the_right = edge > mark
    page.note(axes, edge, y, number.text, ha="left" if to_the_right else "right")
    end = edge - GAP / 2 if to_the_right else edge + GAP / 2
    leader: dict[str, Any] = {"color": look.colour, "linewidth": 0.4, "clip_on": False, "zorder": 1}
    axes.plot([mark, end], [number.value, y], label="leader", **leader)


def _spread(axes: Axes, numbers: Sequence[Numeric], heights: Sequence[float], room: float) -> list[float]:
    return page.beside(axes, [number.value for number in numbers], heights, room)
