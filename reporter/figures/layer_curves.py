"""How does a quantity run through the layers of each model?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reporter.figures import _curves as curves
from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures import _rows as cells
from reporter.figures._page import AXIS, GAP, LEADING, WIDTH, Look
from reporter.figures._rows import Row

ROOM = 210.0
GUTTER = 12.0
FOOT = 28.0  # room for tick labels and the titles of the x axes
MOST_BANDS = 8  # more of them hide each other and the lines


def layer_curves(
    rows: Sequence[Row],
    *,
    unit: str,
    axis: str,
    layer_axis: str = "layer",
    depth_axis: str = "depth: first layer 0, last layer 1",
    models: Sequence[str] = (),
) -> Figure:
    """Show each model's line over its layers, and over normalised depth beside it.

    Columns: ``label``, ``layer``, ``value``, ``low``, ``high``; a row per model and layer. A missing
    value is a gap in the line, a missing interval a gap in the band. Beyond eight models the bands are
    left out, which the figure says.
    """
    groups = cells.grouped(rows, "label")
    cells.check_models(len(groups))
    table = page.looks([*models, *groups])
    banded = len(groups) <= MOST_BANDS
    entries = _entries(groups, table)
    said = _left_out(rows, banded)
    foot = FOOT + panels.key_height(entries, AXIS) + (LEADING if said else 0.0)
    figure = page.sheet(foot + ROOM + GAP)
    width = (WIDTH - AXIS - GUTTER - GAP) / 2
    by_layer = page.frame(figure, AXIS, foot, width, ROOM)
    by_depth = page.frame(figure, AXIS + width + GUTTER, foot, width, ROOM)
    by_layer.set_ylabel(f"{axis} ({unit})")
    by_layer.set_xlabel(layer_axis)
    by_depth.set_xlabel(depth_axis)
    by_depth.tick_params(labelleft=False)
    known = cells.values(rows, ("value", "low", "high") if banded else ("value",))
    for axes in (by_layer, by_depth):
        axes.tick_params(length=2)
        axes.grid(color=page.SHADES[1], linewidth=0.6)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=axes is by_layer))
        axes.set_ylim(*page.view(known or [0.0, 1.0]))
    for place, (label, found) in enumerate(groups.items()):
        _model(by_layer, by_depth, found, table[label], (place, len(groups)), banded)
    if not known:
        panels.say(by_layer, "no model has a number here", width)
        panels.say(by_depth, "no model has a number here", width)
    figure.text(AXIS / WIDTH, (foot - FOOT - LEADING + 3) / (foot + ROOM + GAP), said, color=page.QUIET)
    panels.key(figure, entries, AXIS)
    return figure


def _left_out(rows: Sequence[Row], banded: bool) -> str:
    if banded or not cells.values(rows, ("low", "high")):
        return ""
    return (
        f"Bands are drawn for at most {MOST_BANDS} models, and left out here; the figure's CSV file has them."
    )


def _entries(groups: Mapping[str, Sequence[Row]], table: Mapping[str, Look]) -> list[tuple[str, Artist]]:
    """Name the models in the key, and say there when nothing of one is drawn."""
    whys = [
        "" if cells.values(rows, ("value",)) else f" ({panels.reason(rows[0], 'value')})"
        for rows in groups.values()
    ]
    named = panels.handles(groups, table)
    return [(f"{name}{why}", handle) for (name, handle), why in zip(named, whys, strict=True)]


def _model(
    by_layer: Axes, by_depth: Axes, rows: Sequence[Row], look: Look, place: tuple[int, int], banded: bool
) -> None:
    """Draw one model in both panels."""
    if not (placed := curves.in_order(rows, "layer")):
        return
    layers = np.array([cells.needed(row, "layer").value for row in placed])
    depths = (layers - layers[0]) / (np.ptp(layers) or 1.0)
    ys, lows, highs = (curves.y_of(placed, column) for column in ("value", "low", "high"))
    for axes, xs in ((by_layer, layers), (by_depth, depths)):
        curves.curve(axes, xs, ys, look, place)
        if banded:
            curves.band(axes, xs, lows, highs, look)
