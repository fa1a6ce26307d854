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
from reporter.figures._page import GAP, LEADING, WIDTH
from reporter.figures._panels import Grid
from reporter.figures._rows import Row

STEPS = 20  # colours from 0 to 1: a step is finer than the eye sees
COLOURS = LinearSegmentedColormap.from_list("r", ["#0072B2", "#ffffff", "#D55E00"])  # blue and vermilion
FOOT = 14.0  # room for the title of the x axes
PITCH = 14.0  # the most height of a row, where rows are not so few that the colour bar wants more
BAR = 46.0  # the colour bar, its numbers and one line of its title
BAR_ROOM = 130.0
LEAST_BAR = 80.0  # its least height, to which its title is set
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
    rows: Sequence[Row],
    *,
    measure: str,
    axis: str,
    models: Sequence[str],
    significant: str = "",
    edges: Sequence[str] = (),
) -> Figure:
    """Draw a panel per model: ``row`` by ``column``, cells of one width over the panel's own columns.

    Columns are numbers, and each panel has those of its model; or words with ``edges``, names of places
    evenly along them, and every panel has them all. ``significant`` names the marks of such cells.
    """
    groups = cells.grouped(rows, "panel")
    by_row = {name: found for name, found in cells.grouped(rows, "row").items() if name}
    cells.check_models(len(groups))
    table = page.looks([*models, *groups])
    names = [panels.short(panels.text_of(found[0], "row"), 0.22 * WIDTH) for found in by_row.values()]
    left = max(map(page.breadth, names), default=0.0) + 2 * GAP
    entries, title = _entries(significant), panels.paragraph(measure, LEAST_BAR)
    heads = [panels.text_of(found[0], "panel") for found in groups.values()]
    places = {name: _places(rows if edges else found, edges) for name, found in groups.items()}
    shared = len({tuple(found) for found in places.values()}) == 1
    grid = panels.rows_grid(
        heads, max(1, len(names)), left=left, right=BAR + page.height_of(title) - LEADING + 2 * GAP,
        below=4.0 if shared else panels.TICKS + 2, gutter=2 * GAP,
        foot=FOOT + shared * panels.TICKS + panels.key_height(entries, left),
        pitch=max(PITCH, LEAST_BAR / max(1, len(names))),
    )  # fmt: skip
    figure = page.sheet(grid.height)
    for place, (model, found) in enumerate(groups.items()):
        axes, own = grid.axes(figure, place), places[model]
        grid.title(axes, place, table[model])
        if grid.starts_line(place):
            panels.name_rows(axes, names)
        span = (-0.5, max(1, len(own)) - 0.5)
        axes.set_xlim(span)
        axes.axvspan(*span, label="ground", zorder=0, **GROUND)
        _panel(axes, found, list(by_row), own, grid.width)
        if significant:
            _marks(axes, found, list(by_row), own)
        if own and (not shared or grid.is_lowest(place)):
            _ticks(axes, own, edges, grid.width)
    _colour_bar(figure, grid, title)
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
    found = {
        float(places[text]): r
        for row in rows
        if (text := cells.words(row, "column")) in places and (r := _correlation(row)) is not None
    }
    return dict(sorted(found.items()))


def _places(rows: Sequence[Row], edges: Sequence[str]) -> dict[str, int]:
    """Number the columns from left to right; words that stand for a missing number are no column."""
    named = {text: found[0] for text, found in cells.grouped(rows, "column").items() if text}
    if not edges:
        values = {text: cells.number(row, "column") for text, row in named.items()}
        known = {text: number.value for text, number in values.items() if number is not None}
        return {text: place for place, text in enumerate(sorted(known, key=known.__getitem__))}
    return {text: place for place, text in enumerate(named)}


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


def _ticks(axes: Axes, places: Mapping[str, int], edges: Sequence[str], width: float) -> None:
    """Name the edges, or the first column, the last one, and those between that have room."""
    if edges:
        axes.set_xticks(np.linspace(-0.5, len(places) - 0.5, len(edges)).tolist(), list(edges))
        _keep_inside(axes)
        return
    names, cell = list(places), width / len(places)
    inner = [round(x) for x in MaxNLocator(nbins=5, steps=[1, 2, 5, 10]).tick_values(0, len(names) - 1)]
    shown = [0]
    for place in [len(names) - 1, *inner]:
        if 0 <= place < len(names) and all(_apart(names, place, other, cell) for other in shown):
            shown.append(place)
    shown.sort()
    axes.set_xticks(shown, [names[place] for place in shown])
    if len(shown) > 1 and page.breadth(names[-1]) - cell > GAP:
        _keep_inside(axes)


def _keep_inside(axes: Axes) -> None:
    """Let the first and the last label not reach into the room of the neighbouring panels."""
    labels = axes.get_xticklabels()
    labels[0].set_horizontalalignment("left")
    labels[-1].set_horizontalalignment("right")


def _apart(names: Sequence[str], one: int, other: int, cell: float) -> bool:
    """Say whether the names of two columns, each ``cell`` wide, stand side by side."""
    return cell * abs(one - other) >= (page.breadth(names[one]) + page.breadth(names[other])) / 2 + 3 * GAP


def _say_why(axes: Axes, rows: Sequence[Row], y: float, width: float) -> None:
    """Label a hatched row."""
    words = panels.why(panels.first_words(rows, "value")) or ("not computed" if rows else "no data")
    page.note(axes, width / 2, y, panels.beginning(words, width - GAP / 2), ha="center", bbox=PLATE)


def _colour_bar(figure: Figure, grid: Grid, title: str) -> None:
    """Draw the one colour bar right of the panels, where none of them is."""
    room = min(BAR_ROOM, grid.lines * (grid.room + grid.head + grid.below) - grid.head - grid.below)
    left = WIDTH - BAR - page.height_of(title) + LEADING
    axes = page.frame(figure, left, grid.height - grid.head - room, 8.0, room)
    axes.set_label("colour bar")
    for step in range(-STEPS, STEPS + 1):
        axes.axhspan((step - 0.5) / STEPS, (step + 0.5) / STEPS, color=_colour(step), linewidth=0.3)
    axes.set_ylim(-1 - 0.5 / STEPS, 1 + 0.5 / STEPS)
    axes.set_xticks([])
    axes.yaxis.tick_right()
    axes.yaxis.set_label_position("right")
    axes.set_yticks([-1.0, 0.0, 1.0] if room < 60 else [-1.0, -0.5, 0.0, 0.5, 1.0])
    axes.tick_params(length=2, pad=1.5)
    axes.set_ylabel(title, labelpad=2, linespacing=1.1)


def _entries(significant: str) -> list[tuple[str, Artist]]:
    words = f"{significant}: the line is high where positive, low where negative"
    ground: list[tuple[str, Artist]] = [("no number", Patch(**GROUND))]
    return [(words, Line2D([], [], **MARKS)), *ground] if significant else ground
