"""Can everybody read it? Contrasts as WCAG 2.2 counts them: 4.5 for text, 3 for what figures draw."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from reporter.figures import _heat, _page
from reporter.figures.axis_panels import BANDS
from reporter.render import html

AA_TEXT, AA_GRAPHIC = 4.5, 3.0
SHEETS = ("page.css", "paper.css")
# What stands on what, by the names of the sheet.
PAIRS = [*itertools.product(("ink", "quiet", "link"), ("paper", "tint")), ("paper", "ink")]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def schemes() -> dict[str, dict[str, str]]:
    """The named colours in the light, where they stand first, and in the dark."""
    light, dark = re.findall(r":root \{(.*?)\}", html.stylesheet(), re.DOTALL)
    return {
        name: dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", text))
        for name, text in (("light", light), ("dark", dark))
    }


def test_the_measure_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.005
    )  # its textbook example of too little


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids="-on-".join)
def test_text_shows_on_every_ground(scheme, text, ground):
    colours = schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= AA_TEXT


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_text_has_another_colour(sheet):
    """What is not named stands in the margin of a page, where names are not known: on white."""
    text = html.stylesheet(sheet)
    for colour in re.findall(r"(?<![-\w])color: ([^;]+);", text):
        if colour.startswith("#"):
            assert contrast(colour, "#ffffff") >= AA_TEXT
        else:
            assert colour in ("inherit", *(f"var(--{name})" for name in ("ink", "quiet", "link", "paper")))
    grounds = {ground.split()[0] for ground in re.findall(r"background: ([^;]+);", text)}
    assert grounds <= {"#fff", *(f"var(--{name})" for name in ("ink", "tint", "paper"))}


@pytest.mark.parametrize("ground", [*_page.SHADES, *BANDS])
@pytest.mark.parametrize("ink", [_page.INK, _page.QUIET])
def test_words_in_figures_show_on_every_band(ink, ground):
    assert contrast(ink, ground) >= AA_TEXT


def test_marks_on_heat_maps_show_on_every_cell():
    for step in range(-_heat.STEPS, _heat.STEPS + 1):
        assert contrast(_page.INK, _heat._colour(step)) >= AA_GRAPHIC


@pytest.mark.parametrize("ground", _page.SHADES)
@pytest.mark.parametrize("colour", _page.COLOURS)
def test_lines_of_models_show_on_every_band(colour, ground):
    assert contrast(colour, ground) >= AA_GRAPHIC


# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1, on linear RGB.
SEEN_WITH = {
    "all": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour: str, seen: object) -> np.ndarray:
    """CIE 1976 L*a*b* under D65; a distance of 2.3 is just noticeable."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.asarray(seen) @ linear, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", SEEN_WITH)
def test_models_differ_in_colour_to_every_eye(eye):
    places = [lab(colour, SEEN_WITH[eye]) for colour in _page.COLOURS]
    nearest = min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(places, 2))
    assert nearest > 12
