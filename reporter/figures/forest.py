"""How far did each model move, and is it far enough to matter?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reporter.figures import _page as page
from reporter.figures import _rows as cells
from reporter.figures._page import GAP, LEADING, WIDTH, Look
from reporter.figures._rows import Numeric, Row


def forest(
    rows: Sequence[Row],
    *,
    bound: float | Numeric,
    unit: str,
    axis: str,
    models: Sequence[str] = (),
) -> Figure:
    """Show each model's change with its interval against the smallest effect of interest.

    Columns: ``label``, ``estimate``, ``low``, ``high``; a row whose ``kind`` is ``"all"`` is a summary and
    stands at the bottom as a diamond. An estimate that is no number is printed in its words. A ``bound``
    that knows its text is printed as well.
    """
    ours = [row for row in rows if row.get("kind") != "all"]
    summaries = [row for row in rows if row.get("kind") == "all"]
    names = page.names(ours, 0.3 * WIDTH) + page.names(summaries, 0.3 * WIDTH, bold=True)
    rows = [*ours, *summaries]
    texts = [cells.with_interval(row, "estimate") for row in rows]
    half = bound.value if isinstance(bound, Numeric) else float(bound)

    left = max(page.breadth(name, bold=True) for name in names) + 3 * GAP
    width = WIDTH - left - max(page.breadth(text, bold=True) for text in texts) - 3 * GAP
    tallest = max(page.height_of(name) for name in names)
    room = len(rows) * max(tallest, min(1.45 * tallest, page.TALLEST / len(rows)))
    figure = page.sheet(room + 34 + 2 * LEADING)
    axes = page.frame(figure, left, 34, width, room)
    axes.set_xlim(*page.view([-half, half, *cells.values(rows, ("estimate", "low", "high"))]))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xlabel(f"{axis} ({unit})")
    axes.spines["left"].set_visible(False)
    _effect_of_interest(axes, bound, half, width)
    for y, (row, look) in enumerate(zip(ours, page.looks_of(ours, models), strict=True)):
        _change(axes, row, look, y)
    for y, row in enumerate(summaries, start=len(ours)):
        _diamond(axes, row, y)
    if ours and summaries:
        axes.axhline(len(ours) - 0.5, color=page.HAIRLINE, linewidth=0.6, label="end of models")
    for y, (name, text) in enumerate(zip(names, texts, strict=True)):
        weight = "bold" if y >= len(ours) else "normal"
        page.note(axes, -2 * GAP, y, name, ha="right", weight=weight)
        page.note(axes, width + 2 * GAP, y, text, weight=weight)
    return figure


def _effect_of_interest(axes: Axes, bound: float | Numeric, half: float, width: float) -> None:
    """Shade the changes that are too small to matter, and say so above."""
    axes.axvspan(-half, half, color=page.SHADES[1], linewidth=0, zorder=0, label="bound")
    for edge in (-half, half):
        axes.axvline(edge, color=page.HAIRLINE, linewidth=0.8, linestyle="dashed", zorder=0.5, label="edge")
    axes.axvline(0, color=page.QUIET, linewidth=0.8, zorder=0.5, label="zero")
    words = f"smallest effect of interest{f' ±{bound.text}' if isinstance(bound, Numeric) else ''}"
    low, high = axes.get_xlim()
    side = page.breadth(words) / 2 / width  # half of the words, as a share of the axis
    centre = float(np.clip(-low / (high - low), min(side, 0.5), max(1 - side, 0.5)))
    axes.text(centre, 1, words, transform=axes.transAxes, color=page.QUIET, ha="center", va="bottom")


def _change(axes: Axes, row: Row, look: Look, y: float) -> None:
    estimate, span = cells.number(row, "estimate"), cells.ends(row)
    if span is not None:
        axes.plot(span, [y, y], color=look.colour, label=f"interval {row['label']}")
    if estimate is not None:
        page.mark(axes, estimate.value, y, look, f"estimate {row['label']}")


def _diamond(axes: Axes, row: Row, y: float) -> None:
    estimate, span = cells.number(row, "estimate"), cells.ends(row)
    if estimate is None:
        return
    low, high = span or (estimate.value, estimate.value)
    xs, ys = [low, estimate.value, high, estimate.value], [y, y - 0.28, y, y + 0.28]
    axes.fill(
        xs,
        ys,
        facecolor=page.INK,
        edgecolor=page.INK,
        linewidth=0.8,
        zorder=4,
        label=f"summary {row['label']}",
    )
