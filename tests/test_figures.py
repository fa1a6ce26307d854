"""Slope, forest and fan: what stands where, what is printed, and that it can be read."""

from __future__ import annotations

import hashlib
import io
import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation, Text
from PIL import Image
from scipy.optimize import isotonic_regression

from reporter.errors import StudyError
from reporter.figures import DRAWINGS, _figure, draw, draw_svg
from reporter.figures import _page as page
from reporter.figures._rows import MOST_ROWS

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Mark:
    value: float
    text: str


def mark(value, form=".2f"):
    return None if value is None else Mark(value, format(value, form).replace("-", "−"))


FIRST = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
SECOND = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]
MODELS = ["Llama", "GPT-4o", "DeepSeek", "Gemini", "Opus", "Sonnet", "Haiku", "Grok"]
ZONED = {"cuts": [3.0, 4.0], "zones": ["LASER", "TRANSITION", "LANTERN"], "unit": "nats", "axis": "entropy"}
OPTIONS = {
    "slope": {"first_label": "100 tokens", "second_label": "200 tokens", **ZONED},
    "forest": {"bound": mark(0.1), "unit": "nats", "axis": "change"},
    "fan": {"first_at": 100, "second_at": 200, "at": 500, **ZONED},
}
SPANS = {
    "slope": [("first_low", "first_high"), ("second_low", "second_high")],
    "forest": [("low", "high")],
    "fan": [("low", "high"), ("envelope_low", "envelope_high")],
}


def slope_row(label, first, second):
    row = {"label": label, "first": mark(first), "second": mark(second)}
    row |= {"first_low": mark(first - 0.12), "first_high": mark(first + 0.11)}
    return row | {"second_low": mark(second - 0.22), "second_high": mark(second + 0.21)}


def forest_row(label, first, second):
    change = second - first
    row = {"label": label, "kind": "model", "estimate": mark(change, "+.2f")}
    return row | {"low": mark(change - 0.08), "high": mark(change + 0.09)}


def fan_row(label, first, second):
    centre = (first + second) / 2 + 0.1
    row = {"label": label, "first": mark(first), "second": mark(second), "centre": mark(centre)}
    row |= {"low": mark(centre - 0.12), "high": mark(centre + 0.13)}
    row |= {"envelope_low": mark(centre - 0.15), "envelope_high": mark(centre + 0.16)}
    return row | {"plateau": mark(second), "linear": mark(second + 3 * (second - first))}


ROW = {"slope": slope_row, "forest": forest_row, "fan": fan_row}
SUMMARY = {
    "label": "all models",
    "kind": "all",
    "estimate": mark(0.055),
    "low": mark(0.014),
    "high": mark(0.096),
}


def rows_of(word, models=tuple(MODELS), first=tuple(FIRST), second=tuple(SECOND)):
    rows = [ROW[word](*values) for values in zip(models, first, second, strict=True)]
    return [*rows, SUMMARY] if word == "forest" else rows


def waves(n, name="model {}"):
    place = range(n)
    return [name.format(i) for i in place], [2.9 + 0.1 * math.sin(i) for i in place], [
        3.0 + 0.1 * math.cos(i) for i in place
    ]  # fmt: skip


LONG = "meta-llama/Llama-3.3-70B-Instruct-Turbo, a name that no line holds, variant {}"
STUDIES = {
    "published": (MODELS, FIRST, SECOND),
    "one": waves(1),
    "two": waves(2),
    "thirty": waves(30),
    "long_names": waves(MOST_ROWS, LONG),
    "one_word": (["A" * 90, "B" * 90], [3.0, 3.1], [3.2, 3.0]),
    "all_equal": (MODELS[:3], [3.0] * 3, [3.0] * 3),
    "all_zero": (MODELS[:3], [0.0] * 3, [0.0] * 3),
    "falling": (MODELS[:2], [3.3, 3.2], [2.9, 3.1]),
    "far_zone": (MODELS[:2], [7.3, 8.2], [8.9, 8.1]),
    "three_zones": (MODELS[:2], [2.3, 4.9], [4.6, 2.1]),
    "large": (MODELS[:2], [51234.5, 51236.5], [51239.5, 51230.25]),
    "small": (MODELS[:2], [-0.00012, 0.00031], [0.00043, -0.00021]),
}


def figure_of(word, rows=None, **options):
    with page.style():
        figure = DRAWINGS[word](rows_of(word) if rows is None else rows, **OPTIONS[word] | options)
        FigureCanvasAgg(figure).draw()
    return figure


@cache
def figure_of_study(word, study):
    return figure_of(word, rows_of(word, *STUDIES[study]))


def drawn(figure):
    """Every labelled mark: label -> (xs, ys)."""
    lines = [line for axes in figure.axes for line in axes.get_lines()]
    return {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in lines}


def zones_of(axes):
    edges = {
        patch.get_label(): patch.get_extents().transformed(axes.transData.inverted())
        for patch in axes.patches
    }
    return {
        label.removeprefix("zone "): (box.y0, box.y1)
        for label, box in edges.items()
        if label.startswith("zone")
    }


def texts_of(figure):
    """The texts that are seen: tick labels outside an axis's view exist, but are not drawn."""
    hidden = set()
    for axes in figure.axes:
        for axis, view in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            for tick in axis.get_major_ticks():
                if not min(view) <= tick.get_loc() <= max(view):
                    hidden |= {tick.label1, tick.label2}
    return [
        text for text in figure.findobj(Text) if text.get_visible() and text.get_text() and text not in hidden
    ]  # fmt: skip


# What stands where


def test_slope_draws_every_row_at_its_values():
    marks = drawn(figure_of("slope"))
    for row in rows_of("slope"):
        label = row["label"]
        for end in ("first", "second"):
            assert marks[f"{end} {label}"][1] == [row[end].value]
            assert marks[f"{end} interval {label}"][1] == [row[f"{end}_low"].value, row[f"{end}_high"].value]
        assert marks[f"slope {label}"][1] == [row["first"].value, row["second"].value]


def test_slope_moves_both_ends_alike_so_that_slopes_stay_true():
    marks = drawn(figure_of("slope"))
    runs = {round(marks[f"slope {model}"][0][1] - marks[f"slope {model}"][0][0], 9) for model in MODELS}
    assert len(runs) == 1


def test_slope_stands_intervals_side_by_side_about_the_tick():
    figure = figure_of("slope")
    xs = np.array([drawn(figure)[f"slope {model}"][0] for model in MODELS])
    assert len(set(xs[:, 0])) == len(MODELS)
    np.testing.assert_allclose(xs.mean(axis=0), figure.axes[0].get_xticks())


def test_forest_draws_every_row_and_the_summary_last():
    figure = figure_of("forest", [SUMMARY, *rows_of("forest")[:-1]])
    marks, (axes,) = drawn(figure), figure.axes
    for place, row in enumerate(rows_of("forest")[:-1]):
        assert marks[f"estimate {row['label']}"] == ([row["estimate"].value], [place])
        assert marks[f"interval {row['label']}"] == ([row["low"].value, row["high"].value], [place, place])
    diamond = next(patch for patch in axes.patches if patch.get_label() == "summary all models")
    xs, ys = diamond.get_xy()[:4].T
    assert list(xs) == [0.014, 0.055, 0.096, 0.055]
    assert list(ys[[0, 2]]) == [len(MODELS)] * 2
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first row is on top
    heights = {text.get_text(): text.xy[1] for text in axes.texts if isinstance(text, Annotation)}
    for place, row in enumerate(rows_of("forest")):
        printed = f"{row['estimate'].text} [{row['low'].text}, {row['high'].text}]"
        assert heights[row["label"]] == heights[printed] == place


@pytest.mark.parametrize("bound", [mark(0.1), 0.1])
def test_forest_shades_the_effects_too_small_to_matter(bound):
    figure = figure_of("forest", bound=bound)
    (axes,) = figure.axes
    band = next(patch for patch in axes.patches if patch.get_label() == "bound")
    assert (band.get_x(), band.get_x() + band.get_width()) == (-0.1, 0.1)
    words = [text.get_text() for text in texts_of(figure) if "smallest effect" in text.get_text()]
    assert words == [
        "smallest effect of interest ±0.10" if isinstance(bound, Mark) else "smallest effect of interest"
    ]


def test_forest_prints_words_where_there_is_no_estimate():
    rows = rows_of("forest")
    rows[1] = rows[1] | {"estimate": "not computable", "low": None, "high": None}
    figure = figure_of("forest", rows)
    assert "estimate GPT-4o" not in drawn(figure)
    assert {"GPT-4o", "not computable"} <= {text.get_text() for text in texts_of(figure)}


def test_fan_draws_a_panel_per_row_on_a_log2_axis():
    figure = figure_of("fan")
    assert len(figure.axes) == len(MODELS)
    assert len({axes.get_ylim() for axes in figure.axes}) == 1
    for axes, row in zip(figure.axes, rows_of("fan"), strict=True):
        marks, label = drawn(figure), row["label"]
        where = {"first": 0.0, "second": 1.0, "centre": math.log2(5)}
        for column, x in where.items():
            assert marks[f"{column} {label}"] == ([x], [row[column].value])
        assert marks[f"interval {label}"] == ([math.log2(5)] * 2, [row["low"].value, row["high"].value])
        assert marks[f"envelope {label}"][1] == [row["envelope_low"].value, row["envelope_high"].value]
        for shape in ("plateau", "linear"):
            assert marks[f"{shape} {label}"][1] == [row[shape].value]
        assert list(axes.get_xticks()) == [0.0, 1.0, math.log2(5)]


@pytest.mark.parametrize("word", ["slope", "fan"])
@pytest.mark.parametrize(
    ("study", "seen"),
    [("published", ["LASER", "TRANSITION"]), ("far_zone", ["LANTERN"]), ("three_zones", ZONED["zones"])],
)
def test_only_zones_in_view_are_drawn_and_named(word, study, seen):
    figure = figure_of_study(word, study)
    bottom, top = figure.axes[0].get_ylim()
    edges = dict(zip(ZONED["zones"], [(-np.inf, 3), (3, 4), (4, np.inf)], strict=True))
    for axes in figure.axes:
        assert list(zones_of(axes)) == seen
        for name, (low, high) in zones_of(axes).items():
            assert low == pytest.approx(max(edges[name][0], bottom))
            assert high == pytest.approx(min(edges[name][1], top))
    printed = {text.get_text() for text in texts_of(figure)}
    assert printed & set(ZONED["zones"]) == set(seen)


@pytest.mark.parametrize("word", ROW)
@pytest.mark.parametrize("study", STUDIES)
def test_everything_drawn_is_in_view(word, study):
    for axes in figure_of_study(word, study).axes:
        low, high = sorted(axes.get_ylim())
        ys = [y for line in axes.get_lines() for y in line.get_ydata() if line.get_label() != "leader"]
        inside = [y for y in ys if low <= y <= high]
        assert len(ys) == len(inside)


@pytest.mark.parametrize("word", ROW)
def test_a_missing_interval_is_left_out_and_nothing_else(word):
    rows = rows_of(word)
    rows[2] = rows[2] | {column: None for pair in SPANS[word] for column in pair}
    complete, partial = set(drawn(figure_of(word))), set(drawn(figure_of(word, rows)))
    gone = {label for label in complete - partial if label.endswith(" DeepSeek")}
    assert complete - partial == gone
    assert len(gone) == len(SPANS[word])
    assert partial <= complete


@pytest.mark.parametrize("word", ROW)
@pytest.mark.parametrize("value", [0.0, 3.0])
def test_one_value_alone_has_an_axis_around_it(word, value):
    row = ROW[word]("model", value, value)
    row |= {column: None for pair in SPANS[word] for column in pair}
    (axes,) = figure_of(word, [row], **({"bound": 0.0} if word == "forest" else {})).axes
    low, high = axes.get_xlim() if word == "forest" else axes.get_ylim()
    assert low < (0.0 if word == "forest" else value) < high


# What is printed


@pytest.mark.parametrize("word", ROW)
def test_digits_come_from_the_cells_only(word):
    rows = rows_of(word)
    figure = figure_of(word, rows, **({} if word == "forest" else {"unit": "nats"}))
    ticks = {
        id(label) for axes in figure.axes for label in (*axes.get_xticklabels(), *axes.get_yticklabels())
    }  # fmt: skip
    cells = [cell.text if isinstance(cell, Mark) else str(cell) for row in rows for cell in row.values()]
    known = sorted({*cells, *(str(value) for value in OPTIONS[word].values()), "0.10"}, key=len, reverse=True)
    for text in texts_of(figure):
        if id(text) not in ticks:
            rest = re.sub("|".join(map(re.escape, known)), "", text.get_text())
            assert not re.search(r"\d", rest), text.get_text()


@pytest.mark.parametrize("word", ROW)
def test_every_row_is_named(word):
    printed = [text.get_text() for text in texts_of(figure_of(word))]
    for row in rows_of(word):
        assert printed.count(row["label"]) == 1


@pytest.mark.parametrize("word", ROW)
@pytest.mark.parametrize("study", STUDIES)
def test_texts_neither_overlap_nor_leave_the_figure(word, study):
    figure = figure_of_study(word, study)
    renderer = figure.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts_of(figure)]
    for text, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0, text
        assert box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height, text
    for (one, a), (two, b) in combinations(boxes, 2):
        width, height = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        # an extent has the height of ascender and descender: a pixel of 100 dpi shared is no ink on ink
        assert min(width, height) <= 1.0, (one, two)


@pytest.mark.parametrize("word", ROW)
@pytest.mark.parametrize("study", STUDIES)
def test_fits_a_page_and_is_printed_large_enough(word, study):
    figure = figure_of_study(word, study)
    width, height = figure.get_size_inches() * 25.4
    assert width == pytest.approx(160)
    assert height <= 257  # A4 less two centimetres above and below
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 8


def test_a_long_name_keeps_its_beginning_and_its_end():
    with page.style():
        lines = page.wrapped(LONG.format(17), 100.0).split("\n")
        assert [page.breadth(line) <= 100 for line in lines] == [True, True]
    assert lines[0].startswith("meta-llama/Llama")
    assert lines[1].startswith("…") and lines[1].endswith("variant 17")


def test_emoji_are_dropped_and_dollars_are_dollars():
    rows = [slope_row("🌀 $x_1$ model 🎯", 3.0, 3.1)]
    texts = texts_of(figure_of("slope", rows))
    assert "$x_1$ model" in {text.get_text() for text in texts}
    assert not any(text.get_parse_math() for text in texts)


# That models can be told apart


def test_without_colour_marker_and_line_tell_models_apart():
    looks = page.looks(str(i) for i in range(MOST_ROWS)).values()
    assert len({(look.marker, str(look.line)) for look in looks}) == MOST_ROWS
    assert (
        len({look.marker for look in list(looks)[:8]}) == len({look.colour for look in list(looks)[:8]}) == 8
    )


def test_a_model_has_the_same_look_in_every_figure_and_order():
    for model in MODELS:
        looks = set()
        for word in ROW:
            lines = [
                line
                for axes in figure_of(word, rows_of(word)[::-1], models=MODELS).axes
                for line in axes.get_lines()
            ]
            named = [line for line in lines if line.get_label() in {f"first {model}", f"estimate {model}"}]
            assert len(named) == 1
            looks |= {(line.get_color(), line.get_marker()) for line in named}
        assert looks == {page.looks(MODELS)[model][:2]}


def test_labels_are_spread_as_little_as_possible():
    rng = np.random.default_rng(7)
    for n in (1, 2, 5, 30):
        wanted, sizes = rng.normal(50, 20, n), rng.uniform(1, 3, n)
        placed = np.array(page.spread(wanted.tolist(), sizes.tolist(), 0.0, 100.0))
        order = np.argsort(wanted)
        below = np.concatenate([[0.0], np.cumsum(sizes[order])])
        # scipy's isotonic regression is the oracle
        lows = isotonic_regression((wanted - sizes / 2)[order] - below[:-1]).x.clip(0, 100 - below[-1])
        np.testing.assert_allclose(placed[order], lows + below[:-1] + sizes[order] / 2, rtol=1e-12)


# The files


def digests():
    drawings = [draw(word, rows_of(word), options=OPTIONS[word]) for word in ROW]
    return [hashlib.sha256(data).hexdigest() for drawing in drawings for data in (drawing.svg, drawing.png)]


def test_same_rows_same_bytes_whatever_the_process_and_the_users_settings(tmp_path):
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 20\naxes.grid: True\nlines.solid_capstyle: round\nsvg.fonttype: none\n"
    )
    code = (
        f"import runpy, sys; digests = runpy.run_path({str(Path(__file__))!r})['digests']()\n"
        "assert 'matplotlib.pyplot' not in sys.modules\nprint(*digests)"
    )
    ours = digests()
    assert digests() == ours
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.split() == ours


@pytest.mark.parametrize("word", ROW)
def test_files_are_clean(word):
    drawing = draw(word, rows_of(word), options=OPTIONS[word])
    root = ET.fromstring(drawing.svg)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert {"path", "use"} <= tags  # letters are drawn, whatever fonts the reader has
    assert not tags & {"text", "image", "script", "date", "creator"}
    assert float(root.get("width").removesuffix("pt")) == pytest.approx(160 / 25.4 * 72)
    image = Image.open(io.BytesIO(drawing.png))
    assert image.width == pytest.approx(160 / 25.4 * 200, abs=1)
    assert set(image.info) == {"dpi"}


def test_on_pages_with_our_fonts_letters_stay_letters():
    svg = draw_svg("slope", rows_of("slope"), options=OPTIONS["slope"])
    words = ["".join(text.itertext()) for text in ET.fromstring(svg).iter() if text.tag.endswith("}text")]
    assert set(words) >= {row["first"].text for row in rows_of("slope")}
    assert b"Source Sans Pro" in svg
    assert b"reporter sans" not in svg


def test_matplotlibs_settings_are_put_back():
    import matplotlib

    before = dict(matplotlib.rcParams)
    digests()
    assert dict(matplotlib.rcParams) == before


# Refusals


@pytest.mark.parametrize(
    ("word", "rows", "options", "words"),
    [
        ("slop", [], {}, '"slop" is not a figure. Did you mean "slope"?'),
        ("slope", None, {"cut": [3]}, '"cut" is no option of "slope". Did you mean "cuts"?'),
        ("forest", None, {"bound": ...}, 'The figure "forest" needs the option "bound".'),
        ("slope", [], {}, "A figure was asked for without any row."),
        ("fan", None, {"at": 150}, "The limits of a fan rise from above 0; these do not: 100, 200, 150."),
        ("slope", None, {"cuts": [4.0, 3.0]}, "Cuts rise, and there is one zone more than there are cuts."),
        ("fan", None, {"zones": ["LASER"]}, "do not fit the cuts [3.0, 4.0]"),
        (
            "slope",
            [{"label": "x", "first": mark(3)}],
            {},
            'needs the column "second". There are: label, first.',
        ),
        (
            "slope",
            [slope_row("x", 3, 3) | {"first": None}],
            {},
            'row "x" has no number in the column "first"',
        ),
        ("fan", [fan_row("x", 3, 3) | {"low": mark(math.nan)}], {}, 'row "x" has nan in the column "low"'),
        (
            "fan",
            [dict.fromkeys(fan_row("", 3, 3)) | {"label": "x"}],
            {},
            '"x" has no number in the column "first"',
        ),
        ("fan", [fan_row("模型", 3, 3)], {}, 'lack letters of the label "模型": 模 型.'),
    ],
)
def test_refuses_in_words(word, rows, options, words):
    options = {name: value for name, value in (OPTIONS.get(word, {}) | options).items() if value is not ...}
    with pytest.raises(StudyError) as refusal:
        draw(word, rows_of(word) if rows is None else rows, options=options)
    assert words in str(refusal.value)


@pytest.mark.parametrize("word", ROW)
def test_more_models_than_a_page_can_tell_apart_are_named_in_place_of_the_drawing(word):
    drawing = draw(word, rows_of(word, *waves(33)), options=OPTIONS.get(word, {}))
    assert drawing.svg != draw(word, rows_of(word, *waves(34)), options=OPTIONS.get(word, {})).svg
    with page.style():
        (said,) = _figure(word, rows_of(word, *waves(33)), OPTIONS.get(word, {})).texts
    assert "A figure has 33 models, more than a page can tell apart." in " ".join(said.get_text().split())


@pytest.mark.parametrize("word", ROW)
def test_a_column_that_is_not_there_is_named(word):
    for column in rows_of(word)[0]:
        if column == "kind":
            continue
        rows = [{name: cell for name, cell in row.items() if name != column} for row in rows_of(word)]
        with pytest.raises(StudyError, match=f'needs the column "{column}"'):
            draw(word, rows, options=OPTIONS[word])
