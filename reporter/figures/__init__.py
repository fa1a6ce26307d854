"""Layouts of Numbers as pictures: a mark stands at a Number's ``value``, what is printed is its ``text``.

A figure is a word of study.toml and a function of rows; the function's keyword-only parameters are the
figure's options. Nothing is computed here but places on the page: every number comes with the rows.
"""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from reporter.errors import StudyError, TooManyToDrawError
from reporter.figures import _page as page
from reporter.figures._lean import lean
from reporter.figures._rows import MOST_ROWS, Cell, Numeric, check_models, check_rows
from reporter.figures.axis_panels import axis_panels
from reporter.figures.bars_boxes import bars_boxes
from reporter.figures.binned_heatmap import binned_heatmap
from reporter.figures.fan import fan
from reporter.figures.forest import forest
from reporter.figures.layer_curves import layer_curves
from reporter.figures.layer_heatmaps import layer_heatmaps
from reporter.figures.peak_positions import peak_positions
from reporter.figures.pole_bars import pole_bars
from reporter.figures.scatters import scatters
from reporter.figures.slope import slope
from reporter.names import did_you_mean

__all__ = ["DRAWINGS", "Cell", "Drawing", "Numeric", "draw", "draw_svg"]

DRAWINGS: Mapping[str, Callable[..., Figure]] = {
    "slope": slope,
    "forest": forest,
    "fan": fan,
    "bars_boxes": bars_boxes,
    "layer_curves": layer_curves,
    "scatters": scatters,
    "pole_bars": pole_bars,
    "layer_heatmaps": layer_heatmaps,
    "axis_panels": axis_panels,
    "binned_heatmap": binned_heatmap,
    "peak_positions": peak_positions,
}
# Figures where a row is a model; the others count their models themselves.
ONE_ROW_EACH = {"slope", "forest", "fan"}
PNG_DPI = 200


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure in both file formats; the same rows give the same bytes."""

    svg: bytes
    png: bytes


def draw(word: str, rows: Sequence[Mapping[str, Cell]], *, options: Mapping[str, Any]) -> Drawing:
    """Draw one figure.

    Parameters
    ----------
    word : str
        A key of ``DRAWINGS``.
    rows : sequence of mappings
        In the order in which they are to appear, one per model or one per point; the columns are those
        of the function that the word names.
    options : mapping
        The function's keyword-only parameters.

    Raises
    ------
    StudyError
        An unknown word or option, a missing option or column, or a number missing where a row cannot be
        drawn without it. Of more rows than a page can show, the figure says so instead.
    """
    with page.style():
        figure = _figure(word, rows, options)
        return Drawing(
            svg=_svg(figure), png=_saved(figure, format="png", metadata={"Software": None}, dpi=PNG_DPI)
        )


def draw_svg(word: str, rows: Sequence[Mapping[str, Cell]], *, options: Mapping[str, Any]) -> bytes:
    """Draw one figure for a page that brings the fonts: letters stay letters, which a PDF sets faster."""
    with page.style(page.LETTERS):
        drawn = _svg(_figure(word, rows, options))
    return lean(drawn.replace(page.FAMILY.encode(), page.FAMILY_ON_PAGES.encode()))


def _figure(word: str, rows: Sequence[Mapping[str, Cell]], options: Mapping[str, Any]) -> Figure:
    if word not in DRAWINGS:
        raise StudyError(f'"{word}" is not a figure.', remedy=did_you_mean(word, DRAWINGS))
    _check_options(word, options)
    check_rows(rows)
    taken = {name: _as_asked(word, name, value) for name, value in options.items()}
    try:
        if word in ONE_ROW_EACH:
            check_models(sum(row.get("kind") != "all" for row in rows), MOST_ROWS)
        return DRAWINGS[word](rows, **taken)
    except TooManyToDrawError as reason:
        return page.words(f"Not drawn. {reason.what} The file beside this figure has its rows.")


def _svg(figure: Figure) -> bytes:
    return _saved(figure, format="svg", metadata={"Date": None, "Creator": None})


def _as_asked(word: str, name: str, value: Any) -> Any:
    """Hand a Number over as a float where the figure asks for one: there it is a place, and not printed."""
    if inspect.signature(DRAWINGS[word]).parameters[name].annotation != "float":
        return value
    if isinstance(value, str):
        raise StudyError(f'The option "{name}" of the figure "{word}" is "{value}", and must be a number.',
                         remedy="A word must name a declared constant.")  # fmt: skip
    return float(value.value) if isinstance(value, Numeric) else value


def _check_options(word: str, options: Mapping[str, Any]) -> None:
    """Compare the options with the figure's keyword-only parameters."""
    parameters = inspect.signature(DRAWINGS[word]).parameters.values()
    required = {p.name: p.default is p.empty for p in parameters if p.kind is p.KEYWORD_ONLY}
    for name in options:
        if name not in required:
            raise StudyError(f'"{name}" is no option of "{word}".', remedy=did_you_mean(name, required))
    for name, is_required in required.items():
        if is_required and name not in options:
            raise StudyError(f'The figure "{word}" needs the option "{name}".')


def _saved(figure: Figure, **how: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, **how)
    return buffer.getvalue()
