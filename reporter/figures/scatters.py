"""Do two quantities go together?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reporter.errors import TooManyToDrawError
from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures import _rows as cells
from reporter.figures._page import AXIS, GAP, WIDTH, Look
from reporter.figures._panels import Grid
from reporter.figures._rows import Row

MOST_COLUMNS = 3
FOOT = 34.0  # below each panel: tick labels and the title of its x axis
ROOM = 130.0
LEAST_ROOM = 60.0
CROWD = 60  # points in a panel from which they are drawn smaller


def scatters(rows: Sequence[Row], *, panel_names: Sequence[str] = (), models: Sequence[str] = ()) -> Figure:
    """Show one quantity against another, a panel per pair of quantities.

    Columns: ``panel`` (its title), ``x``, ``y``, ``label`` (the model), ``x_axis``, ``y_axis`` and
    ``note`` (words that stand above the panel, such as a correlation; the first ones found are printed).
    A row without x or y brings the words of its panel only. ``panel_names`` may name panels that have no
    row at all; a panel without points says so.
    """
    found: dict[str, list[Row]] = {name: [] for name in panel_names} | cells.grouped(rows, "panel")
    labels = cells.grouped([row for row in rows if _point(row)], "label")
    cells.check_models(len(labels))
    table = page.looks([*models, *labels])
    entries = panels.handles(labels, table, lines=False)
    notes, grid = _layout(found, panels.key_height(entries, AXIS))
    figure = page.sheet(grid.height)
    for place, (group, note) in enumerate(zip(found.values(), notes, strict=True)):
        axes = grid.axes(figure, place)
        panels.head(axes, grid.names[place], note)
        _panel(axes, group, table, grid)
    panels.key(figure, entries, AXIS)
    return figure


def _layout(found: Mapping[str, Sequence[Row]], foot: float) -> tuple[list[str], Grid]:
    """Set titles and notes to the width of a panel, and find its height."""
    columns = min(MOST_COLUMNS, len(found))
    width = min((WIDTH - GAP) / columns - AXIS, 1.6 * ROOM)
    titles = [panels.text_of(group[0], "panel") if group else name for name, group in found.items()]
    names = tuple(panels.paragraph(title, width) for title in titles)
    notes = [panels.paragraph(panels.first_words(group, "note"), width) for group in found.values()]
    head = panels.head_height(list(zip(names, notes, strict=True)))
    room = min(ROOM, (page.TALLEST - foot) / math.ceil(len(found) / columns) - head - FOOT)
    if room < LEAST_ROOM:
        raise TooManyToDrawError(
            f"A figure has {len(found)} panels, more than a page can show.",
            remedy="Select fewer, or leave the figure out.",
        )
    return notes, Grid(names, columns, AXIS, width, room, head, FOOT, AXIS, foot)


def _point(row: Row) -> bool:
    return cells.number(row, "x") is not None and cells.number(row, "y") is not None


def _panel(axes: Axes, rows: Sequence[Row], table: Mapping[str, Look], grid: Grid) -> None:
    """Draw the points of one panel, or say that there is none."""
    points = [row for row in rows if _point(row)]
    axes.set_xlabel(panels.first_words(rows, "x_axis"))
    axes.set_ylabel(panels.short(panels.first_words(rows, "y_axis"), grid.room))
    if not points:
        panels.say(axes, _why_empty(rows), grid.width)
        return
    axes.tick_params(length=2)
    axes.grid(color=page.SHADES[1], linewidth=0.6)
    axes.set_xlim(*page.view(cells.values(points, ("x",))))
    axes.set_ylim(*page.view(cells.values(points, ("y",))))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    scale = 1.0 if len(points) < CROWD else 0.65
    for row in points:
        look = table[cells.words(row, "label")]
        x, y = cells.needed(row, "x").value, cells.needed(row, "y").value
        size = {"markersize": scale * page.SIZES[look.marker], "markeredgewidth": 0.4}
        page.mark(axes, x, y, look, f"point {row['label']}", **size)


def _why_empty(rows: Sequence[Row]) -> str:
    """Say which of the two numbers is missing, in the words of its cell if it has any."""
    words = [panels.why(panels.first_words([row], column)) for row in rows for column in ("x", "y")
             if cells.number(row, column) is None]  # fmt: skip
    return next((f"no point to show: {word}" for word in words if word), "no model has both numbers")
