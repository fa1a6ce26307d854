"""What the figures share: style, fonts, one look per model, zone bands, labels that do not overlap.

Lengths are in points (1/72 inch) at print size unless a name says otherwise. Figures are made without
pyplot, which would keep every figure alive and choose a backend for the whole process.
"""

from __future__ import annotations

import importlib.resources
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import text_to_path

from reporter.errors import StudyError
from reporter.figures._rows import Row, cell, label

WIDTH = 160 / 25.4 * 72  # the text column of an A4 page
TALLEST = 600.0  # what panels or rows may take of its height, where their text allows it
TEXT = 8.0
LEADING = 1.25 * TEXT
GAP = 4.0  # between a mark and its text
LEADER = 14.0  # the line from a mark to its text
AXIS = 44.0  # room for the tick labels and the title of a y axis

INK, QUIET, HAIRLINE = "#1a1a1a", "#595959", "#a6a6a6"
SHADES = ("#ffffff", "#f0f0f0")  # neighbouring zones

# After Okabe & Ito (2008), without yellow and with the grey that R adds: darkened until each has a contrast
# of 3 with the ground of every figure (WCAG 2.2, 1.4.11), moved until the colour-blind tell any two apart.
COLOURS = ("#000000", "#B48200", "#2F93C8", "#008A62", "#0059A0", "#B23A00", "#C2649F", "#606060")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
SIZES = {"o": 4.5, "s": 4.5, "D": 4.5, "^": 5.5, "v": 5.5, "P": 6.5, "X": 6.5, "*": 9.0}  # alike to the eye
LINES = ("solid", (0, (5, 1.5)), (0, (6, 1.5, 1, 1.5)), (0, (1.2, 1.2)))

FAMILY = "reporter sans"  # a name of our own, so that no installed font can take its place
FAMILY_ON_PAGES = "Source Sans Pro"  # the same font files, as reporter.render.fonts calls them
STYLE: dict[Any, Any] = {
    "font.family": [FAMILY, "DejaVu Sans"],
    "font.size": TEXT,
    "axes.labelsize": TEXT,
    "axes.titlesize": TEXT,
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
    "legend.fontsize": TEXT,
    "text.color": INK,
    "text.parse_math": False,  # a "$" in a model's name is a dollar
    "axes.labelcolor": INK,
    "axes.edgecolor": HAIRLINE,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": HAIRLINE,
    "ytick.color": HAIRLINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 1.2,
    "lines.markersize": 4.5,
    "lines.markeredgewidth": 0.6,
    "svg.fonttype": "path",  # the same letters on every machine, whatever fonts it has
    "svg.hashsalt": "reporter",
}


class Look(NamedTuple):
    """How one model is drawn, in every figure."""

    colour: str
    marker: str
    line: Any


@cache
def _font_files() -> tuple[str, ...]:
    """Make our fonts known to matplotlib, once per process."""
    folder = importlib.resources.files("font_source_sans_pro") / "files"
    weights = {"SourceSansPro-Regular.ttf": 400, "SourceSansPro-Bold.ttf": 700}
    for file, weight in weights.items():
        path = str(folder / file)
        fontManager.ttflist.append(FontEntry(fname=path, name=FAMILY, weight=weight, size="scalable"))
    return str(folder / "SourceSansPro-Regular.ttf"), fontManager.findfont("DejaVu Sans")


# For a page that brings our fonts with it.
LETTERS: dict[Any, Any] = {"svg.fonttype": "none"}


@contextmanager
def style(besides: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Draw in our style only: matplotlib's defaults, not the user's matplotlibrc, and put back after."""
    _font_files()
    defaults: dict[Any, Any] = {
        key: value for key, value in matplotlib.rcParamsDefault.items() if key != "backend"
    }
    with matplotlib.rc_context(defaults | STYLE | dict(besides or {})):
        yield


def looks(models: Iterable[str]) -> dict[str, Look]:
    """Give each model its colour, marker and line by its place; without colour they differ as well."""
    found = {}
    for place, model in enumerate(dict.fromkeys(models)):
        lap = place // len(COLOURS)
        colour = COLOURS[place % len(COLOURS)]
        marker = MARKERS[(place + lap) % len(MARKERS)]
        found[model] = Look(colour, marker, LINES[(place + 2 * lap) % len(LINES)])
    return found


@cache
def glyphs() -> frozenset[int]:
    """List the characters that our fonts can draw."""
    return frozenset().union(*(FT2Font(file).get_charmap() for file in _font_files()))


def view(values: Iterable[float]) -> tuple[float, float]:
    """Choose the ends of an axis: the values and a margin, also where they are all equal."""
    known = list(values)
    low, high = min(known), max(known)
    margin = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
    return low - margin, high + margin


def bands(axes: Axes, cuts: Sequence[float], zones: Sequence[str]) -> list[tuple[str, float]]:
    """Shade the zones that the y axis shows; return their names and the middles of what is seen."""
    if len(zones) != len(cuts) + 1 or list(cuts) != sorted(set(cuts)):
        raise StudyError(
            f"Zones {list(zones)} do not fit the cuts {list(cuts)}.",
            remedy="Cuts rise, and there is one zone more than there are cuts.",
        )
    bottom, top = axes.get_ylim()
    edges = [-math.inf, *cuts, math.inf]
    seen = []
    for place, name in enumerate(zones):
        low, high = max(edges[place], bottom), min(edges[place + 1], top)
        if low < high:
            axes.axhspan(low, high, color=SHADES[place % 2], linewidth=0, zorder=0, label=f"zone {name}")
            seen.append((name, (low + high) / 2))
    for cut in cuts:
        if bottom < cut < top:
            axes.axhline(cut, color=HAIRLINE, linewidth=0.6, zorder=0.5, label="cut")
    return seen


def name_zones(axes: Axes, seen: Sequence[tuple[str, float]], x: float, room: float) -> None:
    """Write the names of the zones in one column, ``x`` points right of the y axis."""
    middles = beside(axes, [middle for _, middle in seen], [LEADING] * len(seen), room)
    for (name, _), y in zip(seen, middles, strict=True):
        note(axes, x, y, name, color=QUIET)


def beside(axes: Axes, ys: Sequence[float], sizes: Sequence[float], room: float) -> list[float]:
    """Spread labels along a y axis that is ``room`` points long; in and out in data units."""
    low, high = axes.get_ylim()
    scale = room / (high - low)
    return [low + y / scale for y in spread([(y - low) * scale for y in ys], sizes, 0.0, room)]


def note(axes: Axes, x: float, y: float, text: str, **how: Any) -> None:
    """Write at a height in data units, ``x`` points right of the axes' left edge."""
    axes.annotate(
        text, (0, y), (x, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
        va="center_baseline", linespacing=1.1, annotation_clip=False, zorder=5, **how,
    )  # fmt: skip


def mark(axes: Axes, x: float, y: float, look: Look, label: str, **how: Any) -> None:
    """Draw one point in a model's look; ``how`` may override it."""
    own = {"color": look.colour, "markeredgecolor": "white", "markersize": SIZES[look.marker], "zorder": 4}
    drawn: dict[str, Any] = own | how
    axes.plot(x, y, marker=look.marker, linestyle="none", label=label, **drawn)


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels apart as little as possible.

    The least-squares answer under "no overlap, order kept, inside [low, high]": an isotonic regression
    by pooling adjacent violators, after each label's share of the stack below it is taken off.

    Parameters
    ----------
    wanted : sequence (n,)
        Where the middles of the labels should be.
    sizes : sequence (n,)
        Their heights.
    low, high : float
        The room; where it is too small the stack grows past ``high``.

    Examples
    --------
    >>> spread([1.0, 1.0, 5.0], [1.0, 1.0, 1.0], 0.0, 6.0)
    [0.5, 1.5, 5.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    below = [0.0]
    for i in order:
        below.append(below[-1] + sizes[i])
    pools: list[tuple[float, int]] = []  # (mean of the shifted lower ends, how many labels)
    for i, shift in zip(order, below, strict=False):
        mean, count = wanted[i] - sizes[i] / 2 - shift, 1
        while pools and pools[-1][0] > mean:
            other, others = pools.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        pools.append((mean, count))
    starts = [max(low, min(mean, high - below[-1])) for mean, count in pools for _ in range(count)]
    placed = [0.0] * len(wanted)
    for i, start, shift in zip(order, starts, below, strict=False):
        placed[i] = start + shift + sizes[i] / 2
    return placed


@cache
def breadth(text: str, *, bold: bool = False) -> float:
    """Measure the widest line of a text, in points."""
    font = FontProperties(family=[FAMILY, "DejaVu Sans"], size=TEXT, weight="bold" if bold else "normal")
    lines = text.split("\n")
    return max(float(text_to_path.get_text_width_height_descent(line, font, False)[0]) for line in lines)


def wrapped(text: str, width: float, *, bold: bool = False) -> str:
    """Set a name in one line or two; of a longer one, the beginning and the end stay."""

    def fits(part: str) -> bool:
        return breadth(part.strip(), bold=bold) <= width

    if fits(text):
        return text
    longest = max((i for i in range(1, len(text)) if fits(text[:i])), default=1)
    breaks = [gap.end() for gap in re.finditer(r"[\s/_-]+", text[: longest + 1])]
    head = text[: min(breaks[-1], longest) if breaks else longest]
    tail = text[len(head) :]
    if not fits(tail):
        tail = next((f"…{tail[i:]}" for i in range(1, len(tail)) if fits(f"…{tail[i:]}")), "…")
    return f"{head.strip()}\n{tail.strip()}"


def height_of(text: str) -> float:
    """Say how much height a wrapped text takes."""
    return LEADING * (text.count("\n") + 1)


def sheet(height: float) -> Figure:
    """Make an empty figure as wide as the text column."""
    return Figure(figsize=(WIDTH / 72, height / 72))


def words(said: str) -> Figure:
    """Make a figure of words only."""
    text = wrapped(said, WIDTH - 4 * GAP)
    height = height_of(text) + 4 * GAP
    figure = sheet(height)
    figure.text(2 * GAP / WIDTH, 0.5, text, va="center", color=QUIET)
    return figure


def frame(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a place given in points from the lower left corner."""
    all_width, all_height = figure.get_size_inches() * 72
    return figure.add_axes((left / all_width, bottom / all_height, width / all_width, height / all_height))


def names(rows: Sequence[Row], width: float, *, bold: bool = False) -> list[str]:
    """Set the rows' labels within a width."""
    return [wrapped(label(row, glyphs()), width, bold=bold) for row in rows]


def looks_of(rows: Sequence[Row], models: Sequence[str]) -> list[Look]:
    """Look up each row's look; models that the study's order does not name come after it."""
    labels = [str(cell(row, "label")) for row in rows]
    table = looks([*models, *labels])
    return [table[label] for label in labels]
