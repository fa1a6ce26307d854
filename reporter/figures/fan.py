"""What is predicted beyond the limits that were observed?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from reporter.errors import StudyError
from reporter.figures import _page as page
from reporter.figures import _rows as cells
from reporter.figures._page import AXIS, GAP, LEADING, WIDTH, Look
from reporter.figures._rows import Row

COLUMNS = ("first", "second", "centre", "low", "high", "envelope_low", "envelope_high", "plateau", "linear")
FOOT = 44.0  # room for tick labels, axis title and key
GUTTER = 8.0  # between panels
HEAD = 8.0  # air above and below the head of a panel

INTERVAL: dict[str, Any] = {"linewidth": 2.8, "solid_capstyle": "butt"}
ENVELOPE: dict[str, Any] = {"linewidth": 0.8, "marker": "_", "markersize": 6, "markeredgewidth": 0.8}
JOIN: dict[str, Any] = {"linewidth": 0.8, "linestyle": (0, (3, 1.5))}
SHAPES: dict[str, dict[str, Any]] = {
    "plateau": {"marker": "_", "markersize": 6, "markeredgewidth": 1.2},
    "linear": {"marker": "x", "markersize": 4, "markeredgewidth": 1.0},
}


def fan(
    rows: Sequence[Row],
    *,
    first_at: float,
    second_at: float,
    at: float,
    cuts: Sequence[float],
    zones: Sequence[str],
    unit: str,
    axis: str,
    x_axis: str = "token limit (log scale)",
    models: Sequence[str] = (),
) -> Figure:
    """Show what was observed at two limits and what is predicted at a third, a panel per model.

    Columns: ``label``, ``first``, ``second``; ``centre``, ``low``, ``high``; ``envelope_low``,
    ``envelope_high``; ``plateau``, ``linear``. Only the first three must hold a value. The x axis is log2 of
    the limit. Intervals are known at ``at`` only, so nothing is shaded on the way there.
    """
    if not 0 < first_at < second_at < at:
        raise StudyError(
            f"The limits of a fan rise from above 0; these do not: {first_at}, {second_at}, {at}."
        )
    observed = [cells.needed(row, column).value for row in rows for column in COLUMNS[:2]]
    ends = page.view([*observed, *cells.values(rows, COLUMNS[2:])])
    grid = _grid(rows, zones)
    figure = page.sheet(grid.height)
    for place, (row, look) in enumerate(zip(rows, page.looks_of(rows, models), strict=True)):
        axes = page.frame(figure, *grid.corner(place), grid.width, grid.room)
        axes.set_ylim(*ends)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=max(2, int(grid.room / 20))))
        axes.tick_params(length=2, labelleft=grid.starts_line(place), labelbottom=grid.is_lowest(place))
        _head(axes, grid.names[place], grid.texts[place])
        seen = page.bands(axes, cuts, zones)
        if grid.ends_line(place):
            page.name_zones(axes, seen, grid.width + GAP, grid.room)
        _panel(axes, row, look, (first_at, second_at, at))
    figure.text(AXIS / WIDTH, 18 / grid.height, x_axis)
    figure.text(6 / WIDTH, (1 + FOOT / grid.height) / 2, f"{axis} ({unit})", rotation=90, va="center")
    _key(figure)
    return figure


def _head(axes: Axes, name: str, text: str) -> None:
    """Write a panel's name and its prediction above it, on the same baselines in every panel."""
    above: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "baseline"}
    axes.annotate(text, (0, 1), (0, HEAD / 2), **above)
    axes.annotate(name, (0, 1), (0, HEAD / 2 + LEADING), weight="bold", linespacing=1.1, **above)


def _panel(axes: Axes, row: Row, look: Look, limits: tuple[float, float, float]) -> None:
    """Draw one model: observed filled, predicted open, its interval inside the envelope, shapes beside it."""
    label, colour = row["label"], look.colour
    start, turn, end = (math.log2(limit / limits[0]) for limit in limits)
    axes.set_xlim(-0.25, end + 0.55)
    axes.set_xticks([start, turn, end], [f"{limit:g}" for limit in limits])
    first, second = (cells.needed(row, column).value for column in ("first", "second"))
    axes.plot([start, turn], [first, second], color=colour, label=f"observed {label}")
    page.mark(axes, start, first, look, f"first {label}")
    page.mark(axes, turn, second, look, f"second {label}")
    if (span := cells.ends(row, "envelope_low", "envelope_high")) is not None:
        axes.plot([end, end], span, color=colour, label=f"envelope {label}", **ENVELOPE)
    if (span := cells.ends(row)) is not None:
        axes.plot([end, end], span, color=colour, label=f"interval {label}", **INTERVAL)
    if (centre := cells.number(row, "centre")) is not None:
        axes.plot([turn, end], [second, centre.value], color=colour, label=f"join {label}", **JOIN)
        open_mark = {"markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 1.0}
        page.mark(axes, end, centre.value, look, f"centre {label}", **open_mark)
    for column, mark in SHAPES.items():
        if (shape := cells.number(row, column)) is not None:
            axes.plot(end + 0.28, shape.value, color=page.INK, label=f"{column} {label}", **mark)


def _key(figure: Figure) -> None:
    """Explain the marks once, below the panels."""
    ink: dict[str, Any] = {"color": page.INK}
    white = ink | {"markerfacecolor": "white", "markeredgewidth": 1.0, "marker": "o"}
    entries = {
        "observed": Line2D([], [], marker="o", **ink),
        "predicted": Line2D([], [], **white, **JOIN),
        "interval": Line2D([], [], **ink, **INTERVAL),
        "envelope": Line2D([], [], **ink, **ENVELOPE),
        "if it stays level": Line2D([], [], linestyle="none", **ink, **SHAPES["plateau"]),
        "if it grows with the limit": Line2D([], [], linestyle="none", **ink, **SHAPES["linear"]),
    }
    figure.legend(
        list(entries.values()), list(entries), loc="lower left", bbox_to_anchor=(AXIS / WIDTH, 0),
        ncols=len(entries), frameon=False, borderpad=0.2, borderaxespad=0.2, handlelength=1.8,
        columnspacing=1.0, handletextpad=0.5,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the panels stand, filled line by line; lengths in points."""

    names: tuple[str, ...]
    texts: tuple[str, ...]  # the predictions, printed
    columns: int
    width: float  # of a panel
    room: float  # its height
    head: float  # the height of its name and its prediction

    @property
    def height(self) -> float:
        lines = math.ceil(len(self.names) / self.columns)
        return FOOT + lines * (self.room + self.head + GUTTER)

    def corner(self, place: int) -> tuple[float, float]:
        line, column = divmod(place, self.columns)
        left = AXIS + column * (self.width + GUTTER)
        return left, self.height - self.head - self.room - line * (self.room + self.head + GUTTER)

    def starts_line(self, place: int) -> bool:
        return place % self.columns == 0

    def ends_line(self, place: int) -> bool:
        return place + 1 == len(self.names) or (place + 1) % self.columns == 0

    def is_lowest(self, place: int) -> bool:
        return place + self.columns >= len(self.names)


def _grid(rows: Sequence[Row], zones: Sequence[str]) -> _Grid:
    """Choose as many columns as the printed predictions allow, at most four."""
    texts = [cells.with_interval(row, "centre") for row in rows]
    zone = max((page.breadth(zone) for zone in zones), default=0.0) + 2 * GAP
    room = WIDTH - AXIS - zone
    fitting = int((room + GUTTER) // (max(page.breadth(text) for text in texts) + GUTTER))
    columns = max(1, min(4, fitting, len(rows)))
    width = (room + GUTTER) / columns - GUTTER
    names = page.names(rows, width, bold=True)
    head = max(page.height_of(name) for name in names) + LEADING + HEAD
    lines = math.ceil(len(rows) / columns)
    tallest = page.TALLEST / lines - head - GUTTER
    height = min(170.0 if lines == 1 else 100.0, tallest)
    return _Grid(tuple(names), tuple(texts), columns, width, height, head)
