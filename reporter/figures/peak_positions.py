"""How deep in each model does an axis reach its peak?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures import _rows as cells
from reporter.figures._page import GAP, LEADING, WIDTH, Look
from reporter.figures._rows import Row

FOOT = 28.0  # room for tick labels and the title of the x axis
ENDS = (-0.06, 1.06)  # of the x axis, so that marks at both ends of the depth are inside
MOST_PRINTED = 28  # models whose numbers find room beside their marks
LEFT_OUT = "Heights of the peaks are left out for want of room; the figure's CSV file has them."
MARK = 5.0  # from the middle of a mark to its text


def peak_positions(
    rows: Sequence[Row],
    *,
    depth_axis: str = "depth of the peak: first layer 0, last layer 1",
    filled: str = "significant",
    hollow: str = "not significant",
    models: Sequence[str] = (),
) -> Figure:
    """Show where each model's peak stands, a panel per axis, with its height printed beside it.

    Columns: ``panel`` (the axis), ``label`` (the model), ``position`` (0 to 1), ``value`` (printed),
    ``significant`` ("yes" is filled). A model without a peak is given the words of its cell. Beyond 28
    models the heights are not printed, which the figure says.
    """
    groups, labels = cells.panels(rows), cells.grouped(rows, "label")
    cells.check_models(len(labels))
    table = page.looks([*models, *labels])
    names = [panels.short(panels.text_of(found[0], "label"), 0.22 * WIDTH) for found in labels.values()]
    entries = _entries(filled, hollow)
    left = max(map(page.breadth, names)) + 3 * GAP
    printed = len(names) <= MOST_PRINTED
    foot = FOOT + panels.key_height(entries, left) + (0.0 if printed else LEADING)
    heights = [cells.number(row, "value") for row in rows if printed]
    texts = {height.text for height in heights if height is not None} or {""}
    heads = [panels.text_of(found[0], "panel") for found in groups.values()]
    grid = panels.rows_grid(
        heads, len(names), left=left, right=2 * GAP, below=4.0, foot=foot, gutter=3 * GAP, swatch=0.0,
        narrowest=2.24 * (max(map(page.breadth, texts)) + 2 * MARK),
    )  # fmt: skip
    figure = page.sheet(grid.height)
    for place, found in enumerate(groups.values()):
        axes = grid.axes(figure, place)
        panels.row_axis(axes, len(names))
        axes.set_xlim(*ENDS)
        axes.set_xticks([0.0, 0.5, 1.0], ["0", "0.5", "1"])
        axes.tick_params(labelbottom=grid.is_lowest(place))
        axes.grid(axis="x", color=page.SHADES[1], linewidth=0.6)
        grid.title(axes, place)
        if grid.starts_line(place):
            panels.name_rows(axes, names)
        own = {cells.words(row, "label"): row for row in found}
        for y, label in enumerate(labels):
            _peak(axes, own.get(label, {}), table[label], y, grid.width, printed)
    words = depth_axis if printed else f"{depth_axis}\n{LEFT_OUT}"
    figure.text(left / WIDTH, (foot - 14) / grid.height, words, va="top")
    panels.key(figure, entries, left)
    return figure


def _peak(axes: Axes, row: Row, look: Look, y: float, width: float, printed: bool) -> None:
    """Draw one peak, and its height on the side that has more room."""
    position = cells.number(row, "position") if row else None
    if position is None:
        words = panels.reason(row, "position") if row else "no data"
        page.note(axes, width / 2, y, panels.beginning(words, width), ha="center", color=page.QUIET)
        return
    axes.plot([0, 1], [y, y], color=page.HAIRLINE, linewidth=0.4, zorder=0.5, label="rail")
    how: dict[str, Any] = _closed(look.colour) if cells.flag(row, "significant") else _open(look.colour)
    page.mark(axes, position.value, y, look, f"peak {row['label']}", clip_on=False, **how)
    if not printed:
        return
    to_the_right = position.value < 0.5
    place = (position.value - ENDS[0]) / (ENDS[1] - ENDS[0]) * width
    page.note(
        axes, place + (MARK if to_the_right else -MARK), y, cells.words(row, "value"),
        ha="left" if to_the_right else "right",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 2.5},  # so that the rail is no minus sign
    )  # fmt: skip


def _closed(colour: str) -> dict[str, Any]:
    return {"markeredgecolor": colour, "markeredgewidth": 1.0}


def _open(colour: str) -> dict[str, Any]:
    return {"markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 1.0}


def _entries(filled: str, hollow: str) -> list[tuple[str, Artist]]:
    how: dict[str, Any] = {"marker": "o", "markersize": 4.5, "linestyle": "none", "color": page.INK}
    return [(filled, Line2D([], [], **how)), (hollow, Line2D([], [], **how | _open(page.INK)))]
