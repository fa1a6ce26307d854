"""Panels that share the names of their rows: where they stand, their heads, and the key below them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reporter.errors import TooManyToDrawError
from reporter.figures import _page as page
from reporter.figures import _rows as cells
from reporter.figures._page import GAP, LEADING, TEXT, WIDTH, Look
from reporter.figures._rows import Row

TALLEST = 540.0  # what the panels of one figure may take together, so that key and caption fit the page
LEAST_PITCH = 8.5  # the least height of a row that is named beside it
MOST_COLUMNS = 7
HEAD = 6.0  # air above and below a panel's name
SWATCH = 9.0  # the model's mark before its name
TICKS = 11.0  # the height of tick labels
KEY_LINE = 11.5
HANDLE = 26.0  # a line of the key before its text, and the space after it


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the panels stand, filled line by line; lengths in points."""

    names: tuple[str, ...]  # set to the width of a panel
    columns: int
    left: float  # what stands left of the first panel of a line
    width: float  # of a panel
    room: float  # its height
    head: float  # the height of its name
    below: float  # what stands below each panel
    gutter: float  # between two panels of a line
    foot: float  # what stands below all panels

    @property
    def lines(self) -> int:
        """Count the lines of panels."""
        return math.ceil(len(self.names) / self.columns)

    @property
    def height(self) -> float:
        """Add up the height of the figure."""
        return self.foot + self.lines * (self.room + self.head + self.below)

    def axes(self, figure: Figure, place: int) -> Axes:
        """Add the axes of one panel."""
        line, column = divmod(place, self.columns)
        left = self.left + column * (self.width + self.gutter)
        bottom = self.height - self.head - self.room - line * (self.room + self.head + self.below)
        return page.frame(figure, left, bottom, self.width, self.room)

    def starts_line(self, place: int) -> bool:
        """Say whether a panel is the first of its line."""
        return place % self.columns == 0

    def is_lowest(self, place: int) -> bool:
        """Say whether there is no panel below."""
        return place + self.columns >= len(self.names)

    def title(self, axes: Axes, place: int, look: Look | None = None) -> None:
        """Write a panel's name above it, after the mark of its model."""
        start = SWATCH if look else 0.0
        axes.annotate(
            self.names[place], (0, 1), (start, HEAD / 2 + 1), xycoords="axes fraction",
            textcoords="offset points", va="bottom", weight="bold", linespacing=1.1,
        )  # fmt: skip
        if look:
            first_line = HEAD / 2 + page.height_of(self.names[place]) - LEADING / 2
            spot = {"transform": axes.transAxes, "clip_on": False}
            page.mark(axes, 3 / self.width, 1 + first_line / self.room, look, "swatch", **spot)


def rows_grid(names: Sequence[str], rows: int, **lengths: float) -> Grid:
    """Find the fewest columns of panels whose rows are high enough to be named beside them.

    Names in two lines come before wide panels. ``lengths`` are those of :class:`Grid`; besides, ``right``
    is left free, ``narrowest`` is the least width of a panel, ``pitch`` the most height of a row, and
    ``swatch`` what stands before a name.
    """
    rest = dict(lengths)
    right, narrowest, pitch = rest.pop("right", 0.0), rest.pop("narrowest", 36.0), rest.pop("pitch", 14.0)
    beside = rest["gutter"] - GAP - rest.pop("swatch", SWATCH)  # a name may end above the gutter
    for lines in (2, 1):
        for columns in range(min(len(names), 3), min(len(names), MOST_COLUMNS) + 1):
            width = (WIDTH - rest["left"] - right + rest["gutter"]) / columns - rest["gutter"]
            if width < narrowest and columns > 1:
                break
            heads = tuple(_head(name, width + beside, lines) for name in names)
            head = max(map(page.height_of, heads)) + HEAD
            share = TALLEST / math.ceil(len(names) / columns) - head - rest["below"]
            if share / rows >= LEAST_PITCH:
                room = min(rows * pitch, share)
                return Grid(heads, columns, width=width, room=room, head=head, **rest)
    raise TooManyToDrawError(
        f"A figure has {len(names)} panels of {rows} rows each, more than a page can show.",
        remedy="Select fewer, or leave the figure out.",
    )


def _head(name: str, width: float, lines: int) -> str:
    return short(name, width, bold=True) if lines == 1 else page.wrapped(name, width, bold=True)


def head_height(titles: Sequence[tuple[str, str]]) -> float:
    """Say how much room the tallest of some heads takes: a name, and words below it or none."""
    return HEAD + max(
        page.height_of(name) + (page.height_of(words) if words else 0.0) for name, words in titles
    )


def head(axes: Axes, name: str, words: str) -> None:
    """Write a panel's name above it, and words between the two."""
    how: dict[str, Any] = {
        "xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom", "linespacing": 1.1,
    }  # fmt: skip
    above = page.height_of(words) if words else 0.0
    axes.annotate(name, (0, 1), (0, HEAD / 2 + above), weight="bold", **how)
    axes.annotate(words, (0, 1), (0, HEAD / 2), color=page.QUIET, **how)


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Write the names of the rows left of a panel, the first on top."""
    for y, name in enumerate(names):
        page.note(axes, -GAP, y, name, ha="right")


def row_axis(axes: Axes, rows: int) -> None:
    """Give a panel one unit of height for each row, from the top."""
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.tick_params(length=2, pad=1.5)


def text_of(row: Row, column: str) -> str:
    """Read a name that our fonts can draw."""
    return cells.label(row, page.glyphs(), column)


def first_words(rows: Sequence[Row], column: str) -> str:
    """Read the first words that stand in a column."""
    return next((text_of(row, column) for row in rows if cells.words(row, column)), "")


def reason(row: Row, column: str) -> str:
    """Say why a cell holds no number."""
    return why(text_of(row, column)) if cells.words(row, column) else "not computed"


def why(words: str) -> str:
    """Leave the reason of a missing number alone: that there is none shows in the drawing."""
    found = re.fullmatch(r"not computable \((.+)\)", words)
    return found[1] if found else words


def short(text: str, width: float, *, bold: bool = False) -> str:
    """Set a name in one line; of a longer one, the beginning and the end stay."""
    kept = len(text)
    shown = text
    while page.breadth(shown, bold=bold) > width and kept > 2:
        kept -= 1
        shown = f"{text[: (kept + 1) // 2]}…{text[-(kept // 2) :]}"
    return shown


def beginning(words: str, width: float) -> str:
    """Set words in one line; of longer ones only the beginning stays, whole words where they fit."""
    if page.breadth(words) <= width:
        return words
    kept = [words[:end] for end in range(len(words)) if page.breadth(f"{words[:end]}…") <= width]
    longest = kept[-1] if kept else ""
    whole = words[: len(longest) + 1].rpartition(" ")[0]
    return f"{whole or longest}…"


def paragraph(text: str, width: float) -> str:
    """Set a text in as many lines as it needs."""
    lines = [""]
    for word in re.split(r"(?<![=<>≤≥]) (?![=<>≤≥])", text):  # "n = 6" stays in one line
        longer = f"{lines[-1]} {word}".strip()
        if page.breadth(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(short(word, width))
    return "\n".join(line for line in lines if line)


def say(axes: Axes, words: str, width: float) -> None:
    """Write in the middle of a panel why nothing is drawn there."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.text(
        0.5, 0.5, paragraph(words, width - 2 * GAP), transform=axes.transAxes, color=page.QUIET,
        ha="center", va="center", linespacing=1.2,
    )  # fmt: skip


def tint(colour: str, share: float) -> str:
    """Thin a colour with white; ``share`` is what stays of it."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return to_hex((red, green, blue))


def interval(axes: Axes, xs: Sequence[float], ys: Sequence[float], label: str, *, halo: bool = True) -> None:
    """Draw an interval that shows on every bar: a dark line in a white one."""
    if halo:
        axes.plot(xs, ys, color="white", linewidth=2.6, solid_capstyle="butt", zorder=3, label="halo")
    axes.plot(xs, ys, color=page.INK, linewidth=1.0, solid_capstyle="butt", zorder=3.5, label=label)


def handles(
    groups: Mapping[str, Sequence[Row]], looks: Mapping[str, Look], *, lines: bool = True
) -> list[tuple[str, Artist]]:
    """Make the key's entries for models, whose rows are ``groups``."""
    names = {label: short(text_of(rows[0], "label"), 0.4 * WIDTH) for label, rows in groups.items()}
    return [(name, _handle(looks[label], lines)) for label, name in names.items()]


def _handle(look: Look, lines: bool) -> Line2D:
    return Line2D(
        [], [], color=look.colour, marker=look.marker, markersize=page.SIZES[look.marker],
        markeredgecolor="white", linestyle=look.line if lines else "none",
    )  # fmt: skip


def _key_columns(names: Sequence[str], left: float) -> int:
    """Find the most columns that fit; they are filled one after the other, as a legend does."""
    for columns in range(len(names), 1, -1):
        parts = np.array_split([page.breadth(name) + HANDLE for name in names], columns)
        if sum(float(part.max()) for part in parts) <= WIDTH - left:
            return columns
    return 1


def key_height(entries: Sequence[tuple[str, Artist]], left: float) -> float:
    """Say how much height the key takes; none without entries."""
    columns = _key_columns([name for name, _ in entries], left)
    return KEY_LINE * math.ceil(len(entries) / columns) + GAP if entries else 0.0


def key(figure: Figure, entries: Sequence[tuple[str, Artist]], left: float) -> None:
    """Explain marks and models once, below the panels."""
    if not entries:
        return
    names = [name for name, _ in entries]
    figure.legend(
        [handle for _, handle in entries], names, loc="lower left", bbox_to_anchor=(left / WIDTH, 0),
        ncols=_key_columns(names, left), frameon=False, borderpad=0.0, borderaxespad=0.2,
        handlelength=2.0, columnspacing=0.8, handletextpad=0.4, labelspacing=(KEY_LINE - TEXT) / TEXT - 0.1,
    )  # fmt: skip
