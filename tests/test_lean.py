"""A picture in fewer elements is the same picture: a browser, which knows nothing of us, draws both."""

from __future__ import annotations

import io
import shutil
import subprocess
import xml.etree.ElementTree as ET

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from reporter.figures._lean import lean


def drawn():
    """Draw what our figures are made of: marks, bands, dashes, clips, hatches, turned and centred letters."""
    figure = Figure(figsize=(5, 4))
    left, right = figure.subplots(1, 2)
    x = np.arange(12)
    left.plot(x, np.sin(x), marker="o", markeredgecolor="white", linestyle=(0, (3, 1)))
    left.plot(x, np.cos(x), marker="^", color="#B23A00", linewidth=0.7)
    left.axhspan(-0.5, 0.5, color="#eeeeee", linewidth=0)
    left.set(xlabel="depth of a layer", ylabel="turned words", title="Ünïts & <signs>", ylim=(-0.8, 0.9))
    right.pcolormesh(np.arange(12.0).reshape(3, 4), cmap="cividis")
    right.bar([1, 2], [1, 2], hatch="///", edgecolor="black", facecolor="none")
    right.text(1, 1, "a − b", ha="center", rotation=30)
    written = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "lean"}):
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def seen(svg, folder):
    """Let Chromium draw an SVG."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    folder.mkdir()
    (folder / "picture.svg").write_bytes(svg)
    subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=700,600",
         f"--user-data-dir={folder / 'profile'}", f"--screenshot={folder / 'seen.png'}",
         (folder / "picture.svg").as_uri()],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    return np.asarray(Image.open(folder / "seen.png").convert("L"), dtype=int)


def test_a_browser_sees_no_difference(tmp_path):
    svg = drawn()
    whole, plain = seen(svg, tmp_path / "whole"), seen(lean(svg), tmp_path / "lean")
    assert np.ptp(whole) > 200  # something is drawn
    # A mark moved by its coordinates and one moved by a matrix may round the shade of an edge otherwise.
    assert np.abs(whole - plain).max() <= 1


def test_nothing_is_left_that_has_to_be_looked_up():
    root = ET.fromstring(lean(drawn()))
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert not {"use", "style", "metadata"} & set(tags)
    assert not [element for element in root.iter() if "style" in element.attrib]
    assert len(tags) < 0.6 * len(list(ET.fromstring(drawn()).iter()))


def test_every_word_is_kept():
    def words(svg):
        return ["".join(each.itertext()) for each in ET.fromstring(svg).iter() if each.tag.endswith("}text")]

    assert words(lean(drawn())) == words(drawn())
    assert "Ünïts & <signs>" in words(lean(drawn()))
