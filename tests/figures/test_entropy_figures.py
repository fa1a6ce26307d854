"""The figures of an entropy study: what stands where, what is said where nothing does, and that it can be read."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from reporter.errors import StudyError
from reporter.figures import DRAWINGS, _figure, _heat, draw
from reporter.figures import _page as page
from reporter.figures import _panels as panels
from reporter.figures._rows import MOST_MODELS

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    "Qwen 2.5 7B",
    "Mistral 7B v0.3",
    "DeepSeek 7B",
    "Llama 3.1 8B",
    "Gemma 2 9B",
    "Yi 1.5 9B",
    "Phi-4 14B",
]
AXES = ["warm_cold", "formal_casual", "verbose_concise", "empathetic_analytical"]
AXES += ["confident_cautious", "patient_irritated", "proactive_reluctant"]
BOX = ("minimum", "q1", "median", "q3", "maximum")


@dataclass(frozen=True, slots=True)
class Mark:
    value: float
    text: str


def mark(value, form=".2f"):
    return Mark(float(value), format(float(value), form).replace("-", "−"))


def names(n):
    return [NAMES[i] if i < len(NAMES) else f"organisation/Model-{i}-Instruct" for i in range(n)]


def wave(i, length, scale=0.8):
    """A value for each layer, another for each i."""
    return [scale * np.sin(0.7 * i + 3 * layer / max(1, length - 1)) for layer in range(length)]


# Rows: a study of n models, so many layers, and so many answers to each question


def bars_boxes_rows(models, layers, answers):
    rows = []
    for i, name in enumerate(models):
        values = np.linspace(0.2 + 0.01 * (i % 9), 0.4, answers)
        five = np.quantile(values, [0, 0.25, 0.5, 0.75, 1])
        mean = values.mean()
        row = {"label": name, "mean": mark(mean), "low": mark(mean - 0.02), "high": mark(mean + 0.03)}
        rows.append(row | {column: mark(value) for column, value in zip(BOX, five, strict=True)})
    return rows


def layer_curves_rows(models, layers, answers):
    return [
        {
            "label": name,
            "layer": mark(layer, ".0f"),
            "value": mark(y),
            "low": mark(y - 0.1),
            "high": mark(y + 0.1),
        }
        for i, name in enumerate(models)
        for layer, y in enumerate(wave(i, layers + i % 3))
    ]


def scatters_rows(models, layers, answers):
    pairs = ["Entropy and confidence", "Entropy and verbosity", "Entropy and effective dimension"]
    words = {
        "x_axis": "mean entropy (nats)",
        "y_axis": "projection",
        "note": "rho = 0.37, exact p = 0.50, n = 6",
    }
    return [
        {"panel": pair, "x": mark(0.2 + 0.01 * i + 0.003 * j), "y": mark(np.cos(i + j)), "label": name}
        | words
        for pair in pairs
        for i, name in enumerate(models)
        for j in range(answers if len(models) < 10 else 2)
    ]


def pole_bars_rows(models, layers, answers):
    rows = []
    for i, name in enumerate(models):
        for j, label in enumerate(AXES):
            row = {"panel": name, "label": label, "mark": "p < 0.001" if len(models) < 4 else "*"}
            for pole, value in (("positive", 0.3 + 0.01 * (i % 5)), ("negative", 0.35 - 0.02 * j)):
                row |= {
                    pole: mark(value),
                    f"{pole}_low": mark(value - 0.04),
                    f"{pole}_high": mark(value + 0.05),
                }
            rows.append(row)
    return rows


def layer_heatmaps_rows(models, layers, answers):
    return [
        {"panel": name, "row": label, "column": mark(layer, ".0f"), "value": mark(r), "significant": flag(r)}
        for i, name in enumerate(models)
        for j, label in enumerate(AXES)
        for layer, r in enumerate(wave(i + j, layers + i % 3))
    ]


def flag(r):
    return "yes" if abs(r) > 0.6 else ""


def axis_panels_rows(models, layers, answers):
    return [
        {
            "panel": axis,
            "label": name,
            "depth": mark(k / max(1, layers - 1)),
            "value": mark(r),
            "threshold": mark(0.5),
        }
        for j, axis in enumerate(AXES)
        for i, name in enumerate(models)
        for k, r in enumerate(wave(i + j, layers))
    ]


def binned_heatmap_rows(models, layers, answers):
    return [
        {"panel": name, "row": label, "column": f"{10 * k}–{10 * k + 10} %", "value": mark(r)}
        for i, name in enumerate(models)
        for j, label in enumerate(AXES)
        for k, r in enumerate(wave(i + j, 10))
    ]


def peak_positions_rows(models, layers, answers):
    rows = []
    for j, axis in enumerate(AXES):
        for i, name in enumerate(models):
            r = 0.8 * np.sin(3 * i + j)
            position = ((i * 7 + j * 3) % 11) / 10
            row = {"panel": axis, "label": name, "position": mark(position), "value": mark(r, "+.2f")}
            rows.append(row | {"significant": flag(r)})
    return rows


ROWS = {name.removesuffix("_rows"): made for name, made in list(globals().items()) if name.endswith("_rows")}
OPTIONS = {
    "bars_boxes": {"unit": "nats", "axis": "mean entropy", "spread_axis": "entropy of answers"},
    "layer_curves": {"unit": "nats", "axis": "activation entropy"},
    "scatters": {},
    "pole_bars": {"unit": "nats", "axis": "entropy"},
    "layer_heatmaps": {"measure": "Spearman's rho"},
    "axis_panels": {"measure": "Spearman's rho"},
    "binned_heatmap": {"measure": "Spearman's rho"},
    "peak_positions": {},
}
# Which column of a word names the model.
MODEL = {"pole_bars": "panel", "layer_heatmaps": "panel", "binned_heatmap": "panel"}
# Columns without which a row has no mark.
NUMBERS = {
    "bars_boxes": ("mean", "low", "high", *BOX),
    "layer_curves": ("value", "low", "high"),
    "scatters": ("x", "y"),
    "pole_bars": [f"{pole}{end}" for pole in ("positive", "negative") for end in ("", "_low", "_high")],
    "layer_heatmaps": ("value",),
    "axis_panels": ("value", "threshold"),
    "binned_heatmap": ("value",),
    "peak_positions": ("position", "value"),
}
STUDIES = {  # models, layers, answers
    "usual": (7, 29, 30),
    "pair": (2, 31, 30),
    "one": (1, 13, 30),
    "two_answers": (2, 2, 2),
    "one_layer": (2, 1, 2),
    "thirty": (30, 100, 30),
    "dozen": (12, 40, 30),
}


def rows_of(word, study="usual"):
    n, layers, answers = STUDIES[study]
    return ROWS[word](names(n), layers, answers)


def figure_of(word, rows=None, **options):
    with page.style():
        figure = DRAWINGS[word](rows_of(word) if rows is None else rows, **OPTIONS[word] | options)
        FigureCanvasAgg(figure).draw()
    return figure


@cache
def figure_of_study(word, study):
    return figure_of(word, rows_of(word, study))


def without(word, model, words=None):
    """The usual rows, where nothing is known of one model."""
    column = MODEL.get(word, "label")
    empty = dict.fromkeys(NUMBERS[word]) | ({NUMBERS[word][0]: words} if words else {})
    return [row | empty if row[column] == model else row for row in rows_of(word)]


def lines_of(axes, label):
    return [line for line in axes.get_lines() if line.get_label() == label]


def texts_of(figure):
    """The texts that are seen."""
    hidden = set()
    for axes in figure.axes:
        for axis, view in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            for tick in axis.get_major_ticks():
                if not min(view) <= tick.get_loc() <= max(view):
                    hidden |= {tick.label1, tick.label2}
    return [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and t not in hidden]


def printed(figure):
    return [text.get_text() for text in texts_of(figure)]


def patches_of(axes, start=""):
    """The bars and other shapes of a panel by their labels; a bar is held by its container's label."""
    bars = {group.get_label(): group[0] for group in axes.containers}
    return {
        label: patch
        for label, patch in ({patch.get_label(): patch for patch in axes.patches} | bars).items()
        if str(label).startswith(start)
    }


def panels_of(figure):
    return [axes for axes in figure.axes if axes.get_label() != "colour bar"]


# What stands where


def test_bars_and_boxes_stand_at_their_values():
    bars, boxes = figure_of("bars_boxes").axes
    for y, row in enumerate(rows_of("bars_boxes")):
        label = row["label"]
        bar, box = patches_of(bars)[f"mean {label}"], patches_of(boxes)[f"box {label}"]
        assert (bar.get_x(), bar.get_width(), bar.get_y() + bar.get_height() / 2) == (0, row["mean"].value, y)
        assert [box.get_x(), box.get_x() + box.get_width()] == pytest.approx(
            [row["q1"].value, row["q3"].value]
        )
        (interval,) = lines_of(bars, f"interval {label}")
        assert list(interval.get_xdata()) == [row["low"].value, row["high"].value]
        (median,), (ends,) = lines_of(boxes, f"median {label}"), lines_of(boxes, f"ends {label}")
        assert set(median.get_xdata()) == {row["median"].value}
        assert list(ends.get_xdata()) == [row["minimum"].value, row["maximum"].value]


def test_the_lowest_and_the_highest_mean_are_named_unless_all_are_equal():
    rows = rows_of("bars_boxes", "pair")
    texts = [text for text in printed(figure_of("bars_boxes", rows)) if "(m" in text]
    assert [text[-5:] for text in texts] == ["(min)", "(max)"]
    rows[1] = rows[1] | {column: rows[0][column] for column in ("mean", "low", "high")}
    assert not [text for text in printed(figure_of("bars_boxes", rows)) if "(m" in text]
    assert not [text for text in printed(figure_of_study("bars_boxes", "one")) if "(m" in text]


def test_the_extremes_of_means_without_a_common_scale_may_stay_unnamed():
    rows = rows_of("bars_boxes", "pair")
    assert not [text for text in printed(figure_of("bars_boxes", rows, mark_extremes="no")) if "(m" in text]
    with pytest.raises(StudyError, match='"mark_extremes" of a figure is "never"'):
        figure_of("bars_boxes", rows, mark_extremes="never")


def test_layer_curves_run_over_layers_and_over_depth():
    by_layer, by_depth = figure_of("layer_curves").axes
    rows = [row for row in rows_of("layer_curves") if row["label"] == NAMES[2]]
    for axes, xs in ((by_layer, range(31)), (by_depth, np.linspace(0, 1, 31))):
        line = lines_of(axes, "curve")[2]
        np.testing.assert_allclose(line.get_xdata(), list(xs), rtol=1e-12)
        assert list(line.get_ydata()) == [row["value"].value for row in rows]
        assert line.get_color() == page.looks(NAMES)[NAMES[2]].colour
    assert by_layer.get_ylim() == by_depth.get_ylim()


def test_a_missing_layer_is_a_gap_and_a_layer_alone_a_mark():
    rows = rows_of("layer_curves", "one")
    for layer in (4, 6):
        rows[layer] = rows[layer] | dict.fromkeys(NUMBERS["layer_curves"])
    figure = figure_of("layer_curves", rows)
    (line,), (marks,) = lines_of(figure.axes[0], "curve"), lines_of(figure.axes[0], "marks")
    assert np.flatnonzero(np.isnan(line.get_ydata())).tolist() == [4, 6]
    assert 5 in marks.get_xdata() and not {4, 6} & set(marks.get_xdata())


def test_bands_are_left_out_in_words_where_they_would_hide_each_other():
    few, many = figure_of_study("layer_curves", "usual"), figure_of_study("layer_curves", "thirty")
    assert len(few.axes[0].collections) == len(NAMES)
    assert len(many.axes[0].collections) == 0
    said = [text for text in printed(many) if text.startswith("Bands are drawn for at most 8 models")]
    assert len(said) == 1 and not [text for text in printed(few) if text.startswith("Bands")]


def test_scatters_draw_every_point_and_the_words_of_each_panel():
    figure = figure_of_study("scatters", "usual")
    assert len(figure.axes) == 3
    rows = rows_of("scatters")
    for axes, panel in zip(figure.axes, dict.fromkeys(row["panel"] for row in rows), strict=True):
        points = [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.get_lines()]
        assert points == [(row["x"].value, row["y"].value) for row in rows if row["panel"] == panel]
        assert axes.get_xlabel() == "mean entropy (nats)"
    texts = [text.replace("\n", " ") for text in printed(figure)]
    assert texts.count("rho = 0.37, exact p = 0.50, n = 6") == 3
    assert "Entropy and effective dimension" in texts


def test_a_cell_of_words_may_hold_a_number_of_which_the_text_is_printed():
    rows = [row | {"note": mark(0.371), "label": mark(7, ".0f")} for row in rows_of("scatters", "one")]
    assert {"0.37", "7"} <= set(printed(figure_of("scatters", rows)))
    rows = [row | {"mark": mark(0.012, ".3f")} for row in rows_of("pole_bars", "one")]
    assert printed(figure_of("pole_bars", rows)).count("0.012") == len(AXES)


@pytest.mark.parametrize(
    ("words", "said"), [(None, "no model has both numbers"), ("constant", "no point to show: constant")]
)
def test_a_panel_without_points_says_so(words, said):
    rows = rows_of("scatters")
    for place, row in enumerate(rows):
        if row["panel"].endswith("dimension"):
            rows[place] = row | {"x": None, "y": words}
    figure = figure_of("scatters", rows, panel_names=["Entropy and confidence", "Entropy and a fourth"])
    texts = [text.replace("\n", " ") for text in printed(figure)]
    assert len(figure.axes) == 4
    assert said in texts and "no model has both numbers" in texts
    assert {"Entropy and effective dimension", "Entropy and a fourth"} <= set(texts)
    assert not [text for text in texts if "nan" in text.lower()]


def test_poles_stand_side_by_side_with_their_marks():
    figure = figure_of("pole_bars")
    assert len(figure.axes) == len(NAMES)
    for axes, name in zip(figure.axes, NAMES, strict=True):
        for y, row in enumerate(row for row in rows_of("pole_bars") if row["panel"] == name):
            for pole, side in (("positive", -1), ("negative", 1)):
                bar = patches_of(axes)[f"{pole} {row['label']}"]
                assert bar.get_width() == row[pole].value
                assert np.sign(bar.get_y() + bar.get_height() / 2 - y) == side
                (interval,) = lines_of(axes, f"interval {pole} {row['label']}")
                assert list(interval.get_xdata()) == [row[f"{pole}_low"].value, row[f"{pole}_high"].value]
    assert printed(figure).count("*") == len(NAMES) * len(AXES)


def test_an_axis_that_one_model_lacks_is_named_in_its_panel():
    rows = rows_of("pole_bars", "pair")
    rows[6] = rows[6] | dict.fromkeys(NUMBERS["pole_bars"]) | {"positive": "token offsets lost", "mark": ""}
    figure = figure_of("pole_bars", rows[:-1])
    assert len(patches_of(figure.axes[0], "positive")) == len(patches_of(figure.axes[1], "positive")) == 6
    assert {"token offsets lost", "no data"} <= set(printed(figure))


def test_the_words_beside_the_poles_are_explained_where_asked_for():
    figure = figure_of("pole_bars", rows_of("pole_bars", "pair"), mark_label="p of the difference")
    assert "entropy (nats); beside the bars: p of the difference" in printed(figure)
    assert_readable(figure)


def cell_colours(axes):
    """The colour of every cell: (row, column) -> colour."""
    found = {}
    for patch in patches_of(axes, "r ").values():
        for corners in np.split(patch.get_path().vertices, len(patch.get_path().vertices) // 5):
            (start, top), (end, bottom) = corners[0], corners[2]
            for column in range(round(start + 0.5), round(end + 0.5)):
                found[round((top + bottom) / 2), column] = to_hex(patch.get_facecolor())
    return found


@pytest.mark.parametrize("word", ["layer_heatmaps", "binned_heatmap"])
def test_every_cell_has_the_colour_of_its_value(word):
    figure = figure_of(word)
    assert len(panels_of(figure)) == len(NAMES)
    for axes, name in zip(panels_of(figure), NAMES, strict=True):
        rows = [row for row in rows_of(word) if row["panel"] == name]
        columns = list(
            dict.fromkeys(row["column"] if word == "binned_heatmap" else row["column"].value for row in rows)
        )
        wanted = {
            (AXES.index(row["row"]), columns.index(getattr(row["column"], "value", row["column"]))): to_hex(
                _heat.COLOURS(0.5 + round(20 * row["value"].value) / 40)
            )
            for row in rows
        }
        assert cell_colours(axes) == wanted


def test_the_colour_bar_stands_beside_the_panels():
    for word in ("layer_heatmaps", "binned_heatmap"):
        for study in STUDIES:
            figure = figure_of_study(word, study)
            (bar,) = [axes for axes in figure.axes if axes.get_label() == "colour bar"]
            assert bar.get_position().x0 > max(axes.get_position().x1 for axes in panels_of(figure))
            assert bar.get_ylabel() == "Spearman's rho"


def test_significant_cells_are_marked_above_or_below_by_their_sign():
    figure = figure_of_study("layer_heatmaps", "one")
    found = set()
    for line in panels_of(figure)[0].get_lines():
        if line.get_label().startswith("significant"):
            y = AXES.index(line.get_label().removeprefix("significant "))
            start, end = line.get_xdata()
            sign = int(np.sign(y - line.get_ydata()[0]))
            found |= {(y, layer, sign) for layer in range(round(start + 0.5), round(end + 0.5))}
    assert found == {
        (AXES.index(row["row"]), row["column"].value, int(np.sign(row["value"].value)))
        for row in rows_of("layer_heatmaps", "one")
        if row["significant"]
    }


@pytest.mark.parametrize("word", ["layer_heatmaps", "binned_heatmap"])
@pytest.mark.parametrize(("value", "said"), [("constant", "constant"), (None, "not computed")])
def test_a_row_without_numbers_is_hatched_and_labelled(word, value, said):
    rows = [
        row | {"value": value, "significant": ""}
        if (row["panel"], row["row"]) == (NAMES[2], AXES[6])
        else row
        for row in rows_of(word)
    ]
    figure = figure_of(word, rows)
    axes = panels_of(figure)[2]
    assert printed(figure).count(said) == 1
    assert [text.xy[1] for text in axes.texts if text.get_text() == said] == [6]
    assert {y for y, _ in cell_colours(axes)} == set(range(6))
    assert patches_of(axes)["ground"].get_hatch()


def test_a_cell_without_a_number_stays_open_between_neighbours_of_one_colour():
    rows = [row | {"value": mark(0.5)} for row in rows_of("layer_heatmaps", "one") if row["row"] == AXES[0]]
    rows[5] = rows[5] | {"value": None}
    (axes,) = panels_of(figure_of("layer_heatmaps", rows))
    assert {layer for _, layer in cell_colours(axes)} == {*range(13)} - {5}
    (shape,) = patches_of(axes, "r ").values()
    assert len(shape.get_path().vertices) == 2 * 5  # neighbours of one colour are one shape


def test_a_model_without_any_layer_has_a_panel_that_says_why():
    damaged = {"panel": "Qwen3-8B", "row": None, "column": None, "value": "damaged file", "significant": None}
    figure = figure_of("layer_heatmaps", [*rows_of("layer_heatmaps", "pair"), damaged])
    assert len(panels_of(figure)) == 3
    assert_readable(figure)
    assert {"Qwen3-8B", "damaged file"} <= set(printed(figure))
    assert [axes.get_xlim()[1] for axes in panels_of(figure)] == [30.5, 31.5, 0.5]  # none widens another
    assert "damaged file" in printed(figure_of("layer_heatmaps", [damaged]))
    damaged = {"label": "Qwen3-8B", "layer": None, "value": "damaged file", "low": None, "high": None}
    texts = printed(figure_of("layer_curves", [*rows_of("layer_curves", "pair"), damaged]))
    assert "Qwen3-8B (damaged file)" in texts


def tick_labels(axes):
    return [label.get_text() for label in axes.get_xticklabels()]


def test_each_model_has_its_own_layers_and_no_other():
    long, short = names(2)
    rows = ROWS["layer_heatmaps"]([long], 31, 30) + ROWS["layer_heatmaps"]([short], 19, 30)
    for place, row in enumerate(rows):  # an axis of which nothing is known brings words for its layer
        if row["row"] == AXES[3]:
            rows[place] = row | {"column": "not computable (constant series)", "value": None}
    figure = figure_of("layer_heatmaps", rows)
    for axes, layers, last in zip(panels_of(figure), (31, 19), ("30", "18"), strict=True):
        assert axes.get_xlim() == (-0.5, layers - 0.5)
        assert (tick_labels(axes)[0], tick_labels(axes)[-1]) == ("0", last)
        assert {place for _, place in cell_colours(axes)} == set(range(layers))
        (ground,) = patches_of(axes, "ground").values()
        assert (ground.get_x(), ground.get_width()) == (-0.5, layers)
    assert_readable(figure)


def test_layers_that_were_not_measured_leave_no_gap():
    rows = [row for row in rows_of("layer_heatmaps", "one") if row["column"].value % 4 == 0]
    (axes,) = panels_of(figure_of("layer_heatmaps", rows))
    assert axes.get_xlim() == (-0.5, 3.5)
    assert tick_labels(axes) == ["0", "4", "8", "12"]
    assert {place for _, place in cell_colours(axes)} == {0, 1, 2, 3}


def test_depth_bins_are_named_at_their_edges():
    rows = [
        row
        for row in rows_of("binned_heatmap", "pair")
        if (row["panel"], row["column"][0]) != (NAMES[1], "9")
    ]
    for axes in panels_of(figure_of("binned_heatmap", rows)):
        assert axes.get_xlim() == (-0.5, 9.5)  # a bin that one model lacks is hatched, and still a bin
        assert (axes.get_xticks().tolist(), tick_labels(axes)) == ([-0.5, 4.5, 9.5], ["0", "50", "100"])


@pytest.mark.parametrize("measure", ["Spearman's rho", "Spearman's rho, mean of all the layers of a bin"])
def test_the_colour_bar_has_its_whole_title_also_beside_one_row(measure):
    rows = [row for row in rows_of("layer_heatmaps", "pair") if row["row"] == AXES[0]]
    figure = figure_of("layer_heatmaps", rows, measure=measure)
    (bar,) = [axes for axes in figure.axes if axes.get_label() == "colour bar"]
    assert bar.get_ylabel().replace("\n", " ") == measure
    assert_readable(figure)


def test_axis_panels_have_the_band_of_the_threshold():
    rows = rows_of("axis_panels", "pair")
    rows = [row | {"threshold": mark(0.6)} if row["label"] == NAMES[1] else row for row in rows]
    figure = figure_of("axis_panels", rows)
    assert len(figure.axes) == len(AXES)
    for axes in figure.axes:
        bands = {
            label: patch.get_extents().transformed(axes.transData.inverted())
            for label, patch in patches_of(axes, "band").items()
        }
        assert [bands["band of all"].y0, bands["band of all"].y1] == pytest.approx([-0.5, 0.5])
        assert [bands["band of some"].y0, bands["band of some"].y1] == pytest.approx([-0.6, 0.6])
        assert len(lines_of(axes, "curve")) == 2
    assert "below the max-statistic threshold of some" in printed(figure)
    assert "below the max-statistic threshold of some" not in printed(figure_of_study("axis_panels", "pair"))


def test_a_model_that_has_no_line_is_named_with_its_reason():
    rows = [
        row | {"value": "constant", "threshold": None}
        if (row["panel"], row["label"]) == (AXES[6], NAMES[2])
        else row
        for row in rows_of("axis_panels")
    ]
    figure = figure_of("axis_panels", rows)
    assert [len(lines_of(axes, "curve")) for axes in figure.axes] == [7] * 6 + [6]
    assert printed(figure).count("not drawn: DeepSeek 7B (constant)") == 1


def test_of_words_that_say_there_is_no_number_the_reason_is_printed():
    for word in ("axis_panels", "peak_positions", "pole_bars", "layer_heatmaps", "bars_boxes"):
        texts = printed(figure_of(word, without(word, "DeepSeek 7B", "not computable (constant series)")))
        assert any("constant series" in text for text in texts), word
    axis_of = {"value": "not computable (constant series)", "threshold": None}
    rows = [row | axis_of if row["panel"] == AXES[3] else row for row in rows_of("axis_panels")]
    assert "no model has a line: constant series" in printed(figure_of("axis_panels", rows))


def test_many_models_without_a_line_are_counted():
    some = names(30)[:20]
    rows = [
        row | {"value": "constant"} if row["label"] in some else row
        for row in rows_of("axis_panels", "thirty")
    ]
    texts = printed(figure_of("axis_panels", rows))
    assert texts.count("not drawn: 20 of 30 models (constant)") == len(AXES)


def test_long_words_keep_their_beginning():
    assert panels.beginning("constant series", 100) == "constant series"
    assert panels.beginning("constant series", 40) == "constant…"
    assert panels.beginning("constant series", 20) == "con…"


def test_peaks_stand_at_their_depth_filled_where_significant():
    figure = figure_of("peak_positions")
    for axes, axis in zip(figure.axes, AXES, strict=True):
        rows = [row for row in rows_of("peak_positions") if row["panel"] == axis]
        for y, row in enumerate(rows):
            (peak,) = lines_of(axes, f"peak {row['label']}")
            assert (peak.get_xdata()[0], peak.get_ydata()[0]) == (row["position"].value, y)
            hollow = to_hex(peak.get_markerfacecolor()) == "#ffffff"
            assert hollow == (row["significant"] == "")
        assert [text.get_text() for text in axes.texts if text.get_text()[:1] in "+−"] == [
            row["value"].text for row in rows
        ]


def test_beyond_28_models_the_heights_of_peaks_are_left_out_in_words():
    texts = printed(figure_of_study("peak_positions", "thirty"))
    assert not [text for text in texts if text[:1] in "+−"]
    assert [text for text in texts if "Heights of the peaks are left out" in text]


# That it can be read


@pytest.mark.parametrize("word", ROWS)
@pytest.mark.parametrize("study", STUDIES)
def test_texts_neither_overlap_nor_leave_the_figure(word, study):
    assert_readable(figure_of_study(word, study))


@pytest.mark.parametrize("word", ROWS)
@pytest.mark.parametrize("words", [None, "constant"])
def test_a_model_of_which_nothing_is_known_leaves_the_rest_readable(word, words):
    figure = figure_of(word, without(word, "DeepSeek 7B", words))
    assert_readable(figure)
    assert len(panels_of(figure)) == len(panels_of(figure_of_study(word, "usual")))
    if words and word != "scatters":
        assert any(words in text for text in printed(figure))


@pytest.mark.parametrize("word", ROWS)
def test_a_figure_of_nothing_but_names_says_so(word):
    column = NUMBERS[word][0]
    rows = [row | dict.fromkeys(NUMBERS[word]) | {column: "no rows"} for row in rows_of(word)]
    figure = figure_of(word, rows)
    assert_readable(figure)
    said = "no model has a number here" if word == "layer_curves" else "no rows"
    assert any(said in text for text in printed(figure))


def assert_readable(figure):
    renderer = figure.canvas.get_renderer()
    width, height = figure.get_size_inches() * 72
    assert width == pytest.approx(page.WIDTH)
    assert height <= 610  # what 229 mm leave to a figure with its caption
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 8
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts_of(figure)]
    for text, box in boxes:
        assert "nan" not in text.lower().split()
        assert box.x0 >= 0 and box.y0 >= 0, text
        assert box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height, text
    for (one, a), (two, b) in combinations(boxes, 2):
        shared = min(min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0))
        assert shared <= 1.0, (one, two)  # a pixel of 100 dpi shared is no ink on ink


def luminance(name):  # WCAG 2.1
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(name)]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(one, two):
    bright, dark = sorted([luminance(one), luminance(two)], reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_without_colour_marks_bands_and_poles_show():
    for step in (-20, 0, 20):
        assert (
            contrast(page.INK, _heat._colour(step)) > 3
        )  # a mark on its cell: what WCAG 2.1 asks of graphics
    steps = [luminance(_heat._colour(step)) for step in range(21)]
    assert steps == sorted(steps, reverse=True)  # a stronger correlation is darker
    steps = [luminance(_heat._colour(-step)) for step in range(21)]
    assert steps == sorted(steps, reverse=True)
    for colour in page.COLOURS:
        assert min(contrast(colour, band) for band in axis_panels_bands()) > 1.8
        face = {pole: pole_bars_fill(colour, pole)["facecolor"] for pole in ("positive", "negative")}
        assert contrast(face["positive"], face["negative"]) > 1.5


def axis_panels_bands():
    return sys.modules["reporter.figures.axis_panels"].BANDS


def pole_bars_fill(colour, pole):
    return sys.modules["reporter.figures.pole_bars"]._fill(colour, pole)


def test_a_model_has_the_same_look_in_every_figure_and_order():
    assert len(set(page.looks(map(str, range(MOST_MODELS))).values())) == MOST_MODELS
    look = page.looks(NAMES)["Llama 3.1 8B"]
    seen = set()
    for word in ROWS:
        rows = [row for row in rows_of(word) if row[MODEL.get(word, "label")] == "Llama 3.1 8B"]
        figure = figure_of(word, rows, models=NAMES)
        marks = ("curve", "marks", "point Llama 3.1 8B", "peak Llama 3.1 8B", "swatch")
        lines = [line for axes in panels_of(figure) for line in axes.get_lines() if line.get_label() in marks]
        patches = [patch for axes in panels_of(figure) for patch in patches_of(axes, "mean").values()]
        assert {to_hex(line.get_color()) for line in lines} | {
            to_hex(p.get_edgecolor()) for p in patches
        } == {look.colour.lower()}
        seen |= {line.get_marker() for line in lines} - {"None"}
    assert seen == {look.marker}


# The files


def digests():
    drawings = [draw(word, rows_of(word), options=OPTIONS[word] | {"models": NAMES}) for word in ROWS]
    return [hashlib.sha256(data).hexdigest() for drawing in drawings for data in (drawing.svg, drawing.png)]


def test_same_rows_same_bytes_in_another_process():
    code = f"import runpy; print(*runpy.run_path({str(Path(__file__))!r})['digests']())"
    environment = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == digests()


@pytest.mark.parametrize("word", ROWS)
def test_files_hold_no_nan_and_no_pixels(word):
    drawing = draw(word, without(word, "DeepSeek 7B"), options=OPTIONS[word])
    assert b"nan" not in drawing.svg.lower()
    assert b"<image" not in drawing.svg
    assert len(drawing.svg) < 1_000_000


# Too many, and refusals


def said_by(word, rows) -> list[str]:
    """The words of a figure that is not drawn, each on one line."""
    with page.style():
        figure = _figure(word, rows, OPTIONS[word])
    return [" ".join(text.get_text().split()) for text in figure.texts]


@pytest.mark.parametrize("word", ROWS)
def test_more_models_than_a_page_shows_are_named_in_place_of_the_drawing(word):
    (said,) = said_by(word, ROWS[word](names(MOST_MODELS + 1), 3, 2))
    assert said.startswith("Not drawn. A figure has 41 models, more than a page can tell apart.")
    assert said.endswith("The file beside this figure has its rows.")


@pytest.mark.parametrize("word", ROWS)
def test_a_column_that_is_not_there_is_named(word):
    for column in rows_of(word)[0]:
        rows = [{name: cell for name, cell in row.items() if name != column} for row in rows_of(word, "pair")]
        with pytest.raises(StudyError, match=f'needs the column "{column}"'):
            draw(word, rows, options=OPTIONS[word])


@pytest.mark.parametrize(
    ("word", "change", "words"),
    [
        ("layer_heatmaps", {"value": mark(1.2)}, 'A heatmap found 1.2 for "Qwen 2.5 7B", "warm_cold".'),
        ("layer_heatmaps", {"significant": "maybe"}, 'found "maybe" in the column "significant"'),
        ("layer_heatmaps", {"panel": "模型"}, 'lack letters of the panel "模型"'),
        ("layer_curves", {"layer": None}, 'has no number in the column "layer"'),
        ("axis_panels", {"depth": None}, 'has no number in the column "depth"'),
        ("peak_positions", {"position": mark(np.nan)}, 'has nan in the column "position"'),
    ],
)
def test_refuses_in_words(word, change, words):
    rows = rows_of(word)
    with pytest.raises(StudyError) as refusal:
        draw(word, [rows[0] | change, *rows[1:]], options=OPTIONS[word])
    assert words in str(refusal.value)


@pytest.mark.parametrize("word", ["axis_panels", "layer_heatmaps", "scatters"])
def test_more_panels_than_a_page_shows_are_named_in_place_of_the_drawing(word):
    column = {"layer_heatmaps": "row"}.get(word, "panel")
    rows = [row | {column: f"panel {i}"} for i in range(70) for row in rows_of(word, "one_layer")[:2]]
    (said,) = said_by(word, rows)
    assert "more than a page can show" in said
