"""How high is each model on average, and how do its single values spread?"""

from __future__ import annotations

from collections.abc import Sequence
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

BOX = ("minimum", "q1", "median", "q3", "maximum")
PITCH = 12.0  # of a row
FOOT = 28.0  # room for tick labels and the title of the x axes
END: dict[str, Any] = {"marker": "|", "markersize": 6, "markeredgewidth": 1.0, "linestyle": "none"}


def bars_boxes(
    rows: Sequence[Row],
    *,
    unit: str,
    axis: str,
    spread_axis: str = "single values",
    mark_extremes: str = "yes",
    models: Sequence[str] = (),
) -> Figure:
    """Show each model's mean with its interval as a bar, and beside it a box plot of its single values.

    Columns: ``label``; ``mean``, ``low``, ``high``; ``minimum``, ``q1``, ``median``, ``q3``, ``maximum``.
    The lowest and the highest mean are marked (min) and (max), unless ``mark_extremes`` is "no", as it
    should be where the means have no common scale. Where a number is missing its words are printed.
    ``axis`` names what the bars show and ``spread_axis`` what the boxes show.
    """
    cells.check_models(len(rows))
    names, texts = page.names(rows, 0.25 * WIDTH), _texts(rows, cells.asked("mark_extremes", mark_extremes))
    entries = _entries()
    left = max(map(page.breadth, names)) + 3 * GAP
    middle = max(map(page.breadth, texts)) + 4 * GAP
    width = (WIDTH - left - middle - 2 * GAP) / 2
    room = len(rows) * max(PITCH, *map(page.height_of, names), min(18.0, 120.0 / len(rows)))
    foot = FOOT + panels.key_height(entries, left)
    figure = page.sheet(room + foot + GAP)
    bars = page.frame(figure, left, foot, width, room)
    boxes = page.frame(figure, left + width + middle, foot, width, room)
    known = cells.values(rows, ("mean", "low", "high")) or [1.0]
    low, high = page.view([0.0, *known])
    _ready(bars, len(rows), f"{axis} ({unit})", (min(known) and low if min(known) < 0 else 0.0, high))
    _ready(boxes, len(rows), f"{spread_axis} ({unit})", page.view(cells.values(rows, BOX) or [0.0, 1.0]))
    for y, (row, look) in enumerate(zip(rows, page.looks_of(rows, models), strict=True)):
        page.note(bars, -2 * GAP, y, names[y], ha="right")
        page.note(bars, width + 2 * GAP, y, texts[y])
        _bar(bars, row, look, y)
        _box(boxes, row, look, y)
    panels.key(figure, entries, left)
    return figure


def _texts(rows: Sequence[Row], mark_extremes: bool) -> list[str]:
    """Print the means, and say which is the lowest and which the highest where that is asked for."""
    means = [cells.number(row, "mean") for row in rows]
    known = [mean.value for mean in means if mean is not None]
    marks = {max(known): " (max)", min(known): " (min)"} if mark_extremes and len(set(known)) > 1 else {}
    texts = [panels.why(cells.with_interval(row, "mean")) for row in rows]
    return [
        text if mean is None else text + marks.get(mean.value, "")
        for text, mean in zip(texts, means, strict=True)
    ]


def _ready(axes: Axes, rows: int, title: str, ends: tuple[float, float]) -> None:
    panels.row_axis(axes, rows)
    axes.set_xlim(*ends)
    axes.set_xlabel(title)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.grid(axis="x", color=page.SHADES[1], linewidth=0.6)


def _bar(axes: Axes, row: Row, look: Look, y: float) -> None:
    mean, span = cells.number(row, "mean"), cells.ends(row)
    if mean is not None:
        axes.barh(
            y, mean.value, 0.62, color=panels.tint(look.colour, 0.6), edgecolor=look.colour,
            linewidth=0.8, label=f"mean {row['label']}",
        )  # fmt: skip
    if span is not None:
        panels.interval(axes, span, [y, y], f"interval {row['label']}")


def _box(axes: Axes, row: Row, look: Look, y: float) -> None:
    """Draw the quartiles as a box, the median as a line in it, and whiskers to the least and the most."""
    found = [cells.number(row, column) for column in BOX]
    five = [number.value for number in found if number is not None]
    if len(five) < len(BOX):
        column = BOX[found.index(None)]
        axes.text(
            0.5, y, panels.reason(row, column), transform=axes.get_yaxis_transform(), color=page.QUIET,
            ha="center", va="center_baseline",
        )  # fmt: skip
        return
    least, q1, median, q3, most = five
    label = row["label"]
    axes.plot([least, most], [y, y], color=look.colour, linewidth=0.8, label=f"whisker {label}", zorder=2)
    axes.plot([least, most], [y, y], color=look.colour, label=f"ends {label}", zorder=2, **END)
    axes.barh(
        y, q3 - q1, 0.62, left=q1, color=panels.tint(look.colour, 0.3), edgecolor=look.colour,
        linewidth=0.8, label=f"box {label}", zorder=3,
    )  # fmt: skip
    axes.plot(
        [median, median],
        [y - 0.31, y + 0.31],
        color=page.INK,
        linewidth=1.4,
        label=f"median {label}",
        zorder=4,
    )


def _entries() -> list[tuple[str, Artist]]:
    edge: dict[str, Any] = {"edgecolor": page.INK, "linewidth": 0.8}
    ink: dict[str, Any] = {"color": page.INK}
    return [
        ("mean", Patch(facecolor=panels.tint(page.INK, 0.6), **edge)),
        ("interval", Line2D([], [], linewidth=1.0, **ink)),
        ("quartiles", Patch(facecolor=panels.tint(page.INK, 0.3), **edge)),
        ("median", Line2D([], [], linestyle="none", marker="|", markersize=8, markeredgewidth=1.4, **ink)),
        ("minimum and maximum", Line2D([], [], **ink | END | {"linestyle": "solid", "linewidth": 0.8})),
    ]
