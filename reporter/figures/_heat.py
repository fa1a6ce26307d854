"""Panels of coloured cells, with one colour bar beside them.

Cells are shapes, not pixels: neighbours of one colour are one shape, and a panel has one path per colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from reporter.errors import StudyError
from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures import _rows as cells
from reporter.figures._page import GAP, WIDTH
from reporter.figures._panels import Grid
from reporter.figures._rows import Row

STEPS = 20  # colours from 0 to 1: a step is finer than the eye sees
COLOURS = LinearSegmentedColormap.from_list("r", ["#0072B2", "#ffffff", "#D55E00"])  # blue and vermilion
FOOT = 14.0  # room for the title of the x axes
MANY = 24  # panels from which they share an x axis, which saves a line of tick labels in each
BAR = 46.0  # the colour bar, its numbers and its title
BAR_ROOM = 130.0
GROUND: dict[str, Any] = {"facecolor": "white", "edgecolor": page.HAIRLINE, "hatch": "/////", "linewidth": 0}
PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # below words that stand on the ground
MARKS: dict[str, Any] = {"color": page.INK, "linewidth": 1.3, "solid_capstyle": "butt", "zorder": 3}
MARK_AT = 0.25  # above or below the middle of a cell


class Run(NamedTuple):
    """Neighbouring cells of one row that look alike: where they begin and end, and how they look."""

    start: float
    end: float
    look: int


def heat_panels(
    rows: Sequence[Row], *, measure: str, axis: str, models: Sequence[str], significant: str = ""
) -> Figure:
    """Draw a panel per model: ``row`` by ``column``; ``significant`` names the marks of such cells."""
    groups = cells.grouped(rows, "panel")
    by_row = {name: found for name, found in cells.grouped(rows, "row").items() if name}
    cells.check_models(len(groups))
    table = page.looks([*models, *groups])
    names = [panels.short(panels.text_of(found[0], "row"), 0.22 * WIDTH) for found in by_row.values()]
    left = max(map(page.breadth, names), default=0.0) + 2 * GAP
    entries = _entries(significant)
    heads = [panels.text_of(found[0], "panel") for found in groups.values()]
    placed = {text: found for text, found in cells.grouped(rows, "column").items() if text}
    places = {text: place for place, text in enumerate(placed)}
    widest = _span([found[0] for found in placed.values()], places) or (-0.5, 0.5)
    spans = {model: _span(found, places) or widest for model, found in groups.items()}
    shared = len(groups) > MANY or len(set(spans.values())) == 1
    grid = panels.rows_grid(
        heads, max(1, len(names)), left=left, right=BAR + 2 * GAP, below=4.0 if shared else panels.TICKS + 2,
        foot=FOOT + shared * panels.TICKS + panels.key_height(entries, left), gutter=2 * GAP,
    )  # fmt: skip
    figure = page.sheet(grid.height)
    for place, (model, found) in enumerate(groups.items()):
        axes = grid.axes(figure, place)
        grid.title(axes, place, table[model])
        if grid.starts_line(place):
            panels.name_rows(axes, names)
        axes.set_xlim(widest if shared else spans[model])
        axes.axvspan(*spans[model], label="ground", zorder=0, **GROUND)
        _panel(axes, found, list(by_row), places, grid.width)
        if significant:
            _marks(axes, found, list(by_row), places)
        if not shared or grid.is_lowest(place):
            _ticks(axes, rows if shared else found, places, grid.width)
    _colour_bar(figure, grid, measure)
    figure.text(left / WIDTH, (grid.foot - FOOT - shared * panels.TICKS + 4) / grid.height, axis)
    panels.key(figure, entries, left)
    return figure


def _panel(
    axes: Axes, rows: Sequence[Row], names: Sequence[str], places: Mapping[str, int], width: float
) -> None:
    """Draw one model over a hatched ground, which shows wherever there is no number."""
    panels.row_axis(axes, max(1, len(names)))
    axes.set_xticks([])
    if not cells.values(rows, ("value",)):
        _say_why(axes, rows, (len(names) - 1) / 2, width)
        return
    by_row = cells.grouped(rows, "row")
    shapes: dict[int, list[tuple[float, Run]]] = {}
    for y, name in enumerate(names):
        values = _values(by_row.get(name, []), places)
        for run in _runs([(x, round(STEPS * r)) for x, r in values.items()]):
            shapes.setdefault(run.look, []).append((y, run))
        if not values:
            _say_why(axes, by_row.get(name, []), y, width)
    for step, found in sorted(shapes.items()):
        axes.add_patch(_cells(found, step))
    for y in range(1, len(names)):
        axes.axhline(y - 0.5, color="white", linewidth=1.0, zorder=2, label="between rows")


def _marks(axes: Axes, rows: Sequence[Row], names: Sequence[str], places: Mapping[str, int]) -> None:
    """Mark what is significant: above the middle of a cell where positive, below where negative."""
    flagged = cells.grouped([row for row in rows if cells.flag(row, "significant")], "row")
    for name, found in flagged.items():
        signs = [(x, 1 if r >= 0 else -1) for x, r in _values(found, places).items()]
        for run in _runs(signs):
            height = names.index(name) - MARK_AT * run.look
            axes.plot([run.start, run.end], [height, height], label=f"significant {name}", **MARKS)


def _values(rows: Sequence[Row], places: Mapping[str, int]) -> dict[float, float]:
    """Read the numbers of one row of cells, from left to right."""
    found = {_x(row, places): r for row in rows if (r := _correlation(row)) is not None}
    return dict(sorted(found.items()))


def _span(rows: Sequence[Row], places: Mapping[str, int]) -> tuple[float, float] | None:
    """Find the ends of one model's columns; None where it has none."""
    xs = [_x(row, places) for row in rows if cells.words(row, "column")]
    return (min(xs) - 0.5, max(xs) + 0.5) if xs else None


def _x(row: Row, places: Mapping[str, int]) -> float:
    """Place a column: a number at its value, words in the order in which they appear."""
    number = cells.number(row, "column")
    return float(places[cells.words(row, "column")] if number is None else number.value)


def _correlation(row: Row) -> float | None:
    number = cells.number(row, "value")
    if number is not None and abs(number.value) > 1 + 1e-9:
        raise StudyError(
            f'A heatmap found {number.value:g} for "{row.get("panel")}", "{row.get("row")}".',
            remedy="It shows correlations, from -1 to 1.",
        )
    return None if number is None else number.value


def _runs(cells_of_row: Sequence[tuple[float, int]]) -> list[Run]:
    """Join neighbouring cells that look alike."""
    runs: list[Run] = []
    for x, look in cells_of_row:
        if runs and runs[-1].look == look and runs[-1].end == x - 0.5:
            runs[-1] = runs[-1]._replace(end=x + 0.5)
        else:
            runs.append(Run(x - 0.5, x + 0.5, look))
    return runs


def _cells(found: Sequence[tuple[float, Run]], step: int) -> PathPatch:
    """Make one shape of all cells of one colour; its thin edge closes the seams that viewers show."""
    corners = [
        [(run.start, y - 0.5), (run.end, y - 0.5), (run.end, y + 0.5), (run.start, y + 0.5), (0.0, 0.0)]
        for y, run in found
    ]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(found)
    path = Path(np.concatenate(corners), codes)
    return PathPatch(path, color=_colour(step), linewidth=0.3, zorder=1, label=f"r {step / STEPS:g}")


def _colour(step: int) -> str:
    return to_hex(COLOURS(0.5 + step / STEPS / 2))


def _ticks(axes: Axes, rows: Sequence[Row], places: Mapping[str, int], width: float) -> None:
    """Name the columns at round numbers; of columns that are named by words, the first and the last."""
    named = [found[0] for text, found in cells.grouped(rows, "column").items() if text]
    if not named:
        return
    numbered = cells.values(named, ("column",))
    columns = {_x(row, places): cells.words(row, "column") for row in named}
    first, last = min(columns), max(columns)
    if numbered:
        count = max(1, int(width / (2 * max(map(page.breadth, columns.values())) + GAP)))
        rounds = MaxNLocator(nbins=min(6, count), steps=[1, 2, 5, 10], integer=True).tick_values(first, last)
        shown = [x for x in rounds if x in columns] or [first]
        axes.set_xticks(shown, [columns[x] for x in shown])
        return
    fits = page.breadth(columns[first]) + page.breadth(columns[last]) + GAP <= width
    ends = [first - 0.5, last + 0.5] if fits and last > first else [first - 0.5]
    axes.set_xticks(ends, [columns[first], columns[last]][: len(ends)])
    labels = axes.get_xticklabels()
    labels[0].set_horizontalalignment("left")
    if len(ends) > 1:
        labels[-1].set_horizontalalignment("right")


def _say_why(axes: Axes, rows: Sequence[Row], y: float, width: float) -> None:
    """Label a hatched row."""
    words = panels.first_words(rows, "value") or ("not computed" if rows else "no data")
    page.note(axes, width / 2, y, panels.short(words, width - GAP), ha="center", bbox=PLATE)


def _colour_bar(figure: Figure, grid: Grid, measure: str) -> None:
    """Draw the one colour bar right of the panels, where none of them is."""
    room = min(BAR_ROOM, grid.lines * (grid.room + grid.head + grid.below) - grid.head - grid.below)
    axes = page.frame(figure, WIDTH - BAR, grid.height - grid.head - room, 8.0, room)
    axes.set_label("colour bar")
    for step in range(-STEPS, STEPS + 1):
        axes.axhspan((step - 0.5) / STEPS, (step + 0.5) / STEPS, color=_colour(step), linewidth=0.3)
    axes.set_ylim(-1 - 0.5 / STEPS, 1 + 0.5 / STEPS)
    axes.set_xticks([])
    axes.yaxis.tick_right()
    axes.yaxis.set_label_position("right")
    axes.set_yticks([-1.0, 0.0, 1.0] if room < 60 else [-1.0, -0.5, 0.0, 0.5, 1.0])
    axes.tick_params(length=2, pad=1.5)
    axes.set_ylabel(panels.short(measure, room), labelpad=2)


def _entries(significant: str) -> list[tuple[str, Artist]]:
    words = f"{significant}: the line is high where positive, low where negative"
    ground: list[tuple[str, Artist]] = [("no number", Patch(**GROUND))]
    return [(words, Line2D([], [], **MARKS)), *ground] if significant else ground
