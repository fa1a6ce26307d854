"""Where in each model is an axis tied to a quantity, and more than a search over layers finds by chance?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from reporter.errors import TooManyToDrawError
from reporter.figures import _curves as curves
from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures import _rows as cells
from reporter.figures._page import AXIS, GAP, WIDTH, Look
from reporter.figures._panels import Grid
from reporter.figures._rows import Row

GUTTER = 14.0
FOOT = 28.0  # room for tick labels and the title of the x axis
ROOMS = (44.0, 110.0)  # the least and the most height of a panel
BELOW = 8.0
MOST_LINES = 3  # of a head that names the models without a line
BANDS = ("#ebebeb", "#f6f6f6")  # below every model's threshold; below that of some
EDGES: dict[str, Any] = {"color": page.QUIET, "linewidth": 0.5, "linestyle": (0, (4, 2)), "zorder": 0.4}


def axis_panels(
    rows: Sequence[Row],
    *,
    measure: str,
    threshold_label: str = "below the max-statistic threshold",
    depth_axis: str = "depth: first layer 0, last layer 1",
    models: Sequence[str] = (),
) -> Figure:
    """Show a panel per axis, with a line per model over normalised depth and the band of the threshold.

    Columns: ``panel`` (the axis), ``label`` (the model), ``depth``, ``value``, ``threshold``. The band
    reaches from minus to plus the threshold; where models differ in it, the darker band is below all of
    them and the lighter one below some. A line without any number is named with its words; where there
    are many such lines, they are counted.
    """
    groups, labels = cells.panels(rows), cells.grouped(rows, "label")
    cells.check_models(len(labels))
    table = page.looks([*models, *labels])
    entries = panels.handles(labels, table) + _bands(groups, threshold_label)
    titles, grid = _layout(groups, FOOT + panels.key_height(entries, AXIS))
    figure = page.sheet(grid.height)
    most = 1.08 * max([abs(value) for value in cells.values(rows, ("value", "threshold"))] or [1.0]) or 1.0
    for place, (found, title) in enumerate(zip(groups.values(), titles, strict=True)):
        axes = grid.axes(figure, place)
        if cells.values(found, ("value",)):
            _panel(axes, found, table, len(labels))
        else:
            panels.say(axes, f"no model has a line: {', '.join(_missing(found))}", grid.width)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-most, most)
        axes.set_xticks([0.0, 0.5, 1.0])
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, symmetric=True))
        axes.tick_params(length=2, labelleft=grid.starts_line(place), labelbottom=grid.is_lowest(place))
        panels.head(axes, *title)
    figure.text(AXIS / WIDTH, (grid.foot - FOOT + 6) / grid.height, depth_axis)
    figure.text(6 / WIDTH, (1 + grid.foot / grid.height) / 2, measure, rotation=90, va="center")
    panels.key(figure, entries, AXIS)
    return figure


def _bands(groups: Mapping[str, Sequence[Row]], label: str) -> list[tuple[str, Artist]]:
    """Explain the band; two shades of it only where models differ in their thresholds."""
    ranges = [cells.values(rows, ("threshold",)) for rows in groups.values()]
    all_of, some = (Patch(facecolor=shade, edgecolor=page.HAIRLINE, linewidth=0.5) for shade in BANDS)
    differ = any(len(set(found)) > 1 for found in ranges)
    entries: list[tuple[str, Artist]] = [(label, all_of)] if any(ranges) else []
    return [*entries, (f"{label} of some", some)] if differ else entries


def _layout(groups: Mapping[str, Sequence[Row]], foot: float) -> tuple[list[tuple[str, str]], Grid]:
    """Choose two columns of panels where they are high enough, and three otherwise."""
    for most in (2, 3):
        columns = min(most, len(groups))
        width = (WIDTH - AXIS - GAP + GUTTER) / columns - GUTTER
        titles = [_title(rows, width) for rows in groups.values()]
        head = panels.head_height(titles)
        room = min(ROOMS[1], (page.TALLEST - foot) / math.ceil(len(titles) / columns) - head - BELOW)
        if room >= ROOMS[0]:
            return titles, Grid(
                tuple(name for name, _ in titles), columns, AXIS, width, room, head, BELOW, GUTTER, foot
            )
    raise TooManyToDrawError(
        f"A figure has {len(groups)} panels, more than a page can show.",
        remedy="Select fewer, or leave the figure out.",
    )


def _title(rows: Sequence[Row], width: float) -> tuple[str, str]:
    """Set the axis's name, and the models that have no line, to the width of a panel."""
    name = page.wrapped(panels.text_of(rows[0], "panel"), width, bold=True)
    if not cells.values(rows, ("value",)):
        return name, ""  # the panel says it
    labels, missing = cells.grouped(rows, "label"), _missing(rows)
    parts = [f"{', '.join(models)} ({why})" for why, models in missing.items()]
    words = panels.paragraph(f"not drawn: {'; '.join(parts)}", width) if missing else ""
    if page.height_of(words) > MOST_LINES * page.LEADING:
        parts = [f"{len(models)} of {len(labels)} models ({why})" for why, models in missing.items()]
        words = panels.paragraph(f"not drawn: {'; '.join(parts)}", width)
    return name, words


def _missing(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Put the models that have no line together by the reason."""
    missing: dict[str, list[str]] = {}
    for found in cells.grouped(rows, "label").values():
        if not cells.values(found, ("value",)):
            missing.setdefault(panels.reason(found[0], "value"), []).append(panels.text_of(found[0], "label"))
    return missing


def _panel(axes: Axes, rows: Sequence[Row], table: Mapping[str, Look], models: int) -> None:
    """Draw the lines of one axis over its band."""
    axes.axhline(0, color=page.HAIRLINE, linewidth=0.6, zorder=0.5, label="zero")
    if thresholds := cells.values(rows, ("threshold",)):
        most, least = max(thresholds), min(thresholds)
        axes.axhspan(-most, most, color=BANDS[1], linewidth=0, zorder=0, label="band of some")
        axes.axhspan(-least, least, color=BANDS[0], linewidth=0, zorder=0.1, label="band of all")
        for edge in (-most, -least, least, most):
            axes.axhline(edge, label="threshold", **EDGES)
    for place, (label, found) in enumerate(cells.grouped(rows, "label").items()):
        if not cells.values(found, ("value",)):
            continue
        ordered = curves.in_order(found, "depth")
        depths = np.array([cells.needed(row, "depth").value for row in ordered])
        curves.curve(axes, depths, curves.y_of(ordered, "value"), table[label], (place, models))
