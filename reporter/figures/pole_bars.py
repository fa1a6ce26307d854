"""Does a quantity differ between the two poles of an axis?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures import _rows as cells
from reporter.figures._page import GAP, WIDTH, Look
from reporter.figures._rows import Row

POLES = ("positive", "negative")
THICK = 0.36  # of a bar, where the bars of two poles share a row
FOOT = 28.0  # room for tick labels and the title of the x axis


def pole_bars(
    rows: Sequence[Row],
    *,
    unit: str,
    axis: str,
    positive_label: str = "positive pole",
    negative_label: str = "negative pole",
    mark_label: str = "",
    models: Sequence[str] = (),
) -> Figure:
    """Show the two poles of each axis as a pair of bars with intervals, a panel per model.

    Columns: ``panel`` (the model), ``label`` (the axis); ``positive``, ``positive_low``,
    ``positive_high``; ``negative``, ``negative_low``, ``negative_high``; ``mark``, words that stand beside
    the pair, which ``mark_label`` explains. An axis that a model lacks is named in its panel with the words
    of its cell.
    """
    groups = cells.grouped(rows, "panel")
    axes_of = {label: found for label, found in cells.grouped(rows, "label").items() if label}
    cells.check_models(len(groups))
    table = page.looks([*models, *groups])
    names = [panels.short(panels.text_of(found[0], "label"), 0.22 * WIDTH) for found in axes_of.values()]
    entries = _entries(positive_label, negative_label)
    left = max(map(page.breadth, names)) + 2 * GAP
    beside = max(page.breadth(cells.words(row, "mark")) for row in rows) + 2 * GAP
    foot = FOOT + panels.key_height(entries, left)
    heads = [panels.text_of(found[0], "panel") for found in groups.values()]
    grid = panels.rows_grid(
        heads, len(names), left=left, right=beside, below=4.0, foot=foot, gutter=beside, pitch=22.0
    )
    figure = page.sheet(grid.height)
    known = cells.values(rows, [f"{pole}{end}" for pole in POLES for end in ("", "_low", "_high")])
    low, high = page.view([0.0, *known])
    for place, (model, found) in enumerate(groups.items()):
        axes = grid.axes(figure, place)
        panels.row_axis(axes, len(names))
        axes.set_xlim(low if min(known, default=0.0) < 0 else 0.0, high)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=max(2, int(grid.width / 36))))
        axes.tick_params(labelbottom=grid.is_lowest(place))
        grid.title(axes, place, table[model])
        if grid.starts_line(place):
            panels.name_rows(axes, names)
        if not cells.values(found, POLES):
            panels.say(axes, next((panels.reason(row, POLES[0]) for row in found), ""), grid.width)
            continue
        own = {cells.words(row, "label"): row for row in found}
        for y, label in enumerate(axes_of):
            _pair(axes, own.get(label, {}), table[model], y, grid.width)
    words = f"{axis} ({unit}); beside the bars: {mark_label}" if mark_label else f"{axis} ({unit})"
    figure.text(left / WIDTH, (foot - FOOT + 6) / grid.height, words)
    panels.key(figure, entries, left)
    return figure


def _pair(axes: Axes, row: Row, look: Look, y: float, width: float) -> None:
    """Draw the two poles of one axis, or say why there is none."""
    numbers = [cells.number(row, pole) if row else None for pole in POLES]
    if numbers == [None, None]:
        words = panels.reason(row, POLES[0]) if row else "no data"
        page.note(axes, GAP / 2, y, panels.beginning(words, width - GAP), color=page.QUIET)
        return
    for pole, number, side in zip(POLES, numbers, (-1, 1), strict=True):
        middle, label = y + side * THICK / 2, f"{pole} {row['label']}"
        if number is not None:
            axes.barh(middle, number.value, THICK, label=label, **_fill(look.colour, pole))
        if (span := cells.ends(row, f"{pole}_low", f"{pole}_high")) is not None:
            panels.interval(axes, span, [middle, middle], f"interval {label}", halo=pole == "positive")
    page.note(axes, width + GAP, y, panels.text_of(row, "mark") if cells.words(row, "mark") else "")


def _fill(colour: str, pole: str) -> Mapping[str, Any]:
    """Fill the bars of one pole and leave those of the other white, so that grey tells them apart."""
    face = panels.tint(colour, 0.7) if pole == "positive" else "white"
    return {"facecolor": face, "edgecolor": colour, "linewidth": 0.7}


def _entries(positive: str, negative: str) -> list[tuple[str, Artist]]:
    return [
        (positive, Patch(**_fill(page.INK, "positive"))),
        (negative, Patch(**_fill(page.INK, "negative"))),
        ("interval", Line2D([], [], color=page.INK, linewidth=1.0)),
    ]
