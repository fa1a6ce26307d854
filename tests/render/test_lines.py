"""Line numbers: one beside each line of text, on its baseline, and none where places have names."""

from __future__ import annotations

import itertools
import re

import pytest
from pypdf import PdfReader

from reporter.render import html

POINTS_PER_MM = 72 / 25.4
TEXT = "# T\n\n" + "\n\n".join(
    [
        "## One",
        "Word " * 120,
        "- An item.\n- Another one.",
        "**Table 1.** Caption of a table.\n\n| A | B |\n|---|--:|\n| x | 1 |\n| y | 2 |",
        "![A dark square and a light square.](figures/squares.png)\n\n**Figure 1.** Caption.",
        "Last words. " * 300,
    ]
)


@pytest.fixture(scope="module")
def placed(write, sample):
    """Each piece of text on each page as (page, left edge, baseline, text)."""

    def pieces(**changes):
        css = html.stylesheet() + html.stylesheet("paper.css")
        path = write(TEXT, figures=sample.figures(), css=css, **changes)
        found = []
        for page in PdfReader(path).pages:

            def note(text, transform, matrix, _font, _size, number=page.page_number):
                left, foot = (matrix[4 + i] * abs(transform[3 * i]) for i in (0, 1))
                found.append(
                    (number, left + transform[4], transform[5] + foot * (-1 if transform[3] < 0 else 1), text)
                )

            page.extract_text(visitor_text=note)
        return [piece for piece in found if piece[3].strip()]

    return pieces


def split(pieces):
    """Numbers in the margin, and everything else."""
    edge = 32 * POINTS_PER_MM - 5
    numbers = [piece for piece in pieces if piece[1] < edge and re.fullmatch(r"\s*\d+\s*", piece[3])]
    return numbers, [piece for piece in pieces if piece not in numbers]


@pytest.mark.parametrize("kind", ["paper numbered", "paper double numbered"])
def test_every_line_of_text_has_its_number_on_its_baseline(placed, kind):
    numbers, others = split(placed(kind=kind, line_numbers=True))
    assert [int(number[3]) for number in numbers] == list(range(1, len(numbers) + 1))
    assert len({page for page, *_ in numbers}) > 1, "the numbers go on over pages"
    for page, _, foot, _ in numbers:
        assert any(other[0] == page and abs(other[2] - foot) < 0.1 for other in others)
    numbered = {(page, round(foot, 1)) for page, _, foot, _ in numbers}
    texts = [
        (page, round(foot, 1)) for page, _, foot, text in others if re.search("[Ww]ord|item|One|one", text)
    ]
    assert {*texts} <= numbered
    assert len({*texts}) == len(numbers) - 1  # the title has one too


def test_tables_pictures_and_captions_have_none(placed):
    numbers, others = split(placed(kind="paper numbered", line_numbers=True))
    taken = {(page, round(foot, 1)) for page, _, foot, _ in numbers}
    for page, _, foot, text in others:
        if text.strip() in ("x", "y", "A", "B") or "Caption" in text:
            assert (page, round(foot, 1)) not in taken


def test_double_spacing_gives_twice_the_room(placed):
    def leading(kind):
        _, others = split(placed(kind=kind))
        feet = [foot for page, _, foot, text in others if page == 0 and text.startswith("Word")]
        gaps = [
            high - low for high, low in itertools.pairwise(sorted({round(f, 2) for f in feet}, reverse=True))
        ]
        return sum(gaps) / len(gaps)

    assert leading("paper double") == pytest.approx(2 * 10.5, abs=0.1)  # points, at 10.5 points a letter
    assert leading("paper") == pytest.approx(1.45 * 10.5, abs=0.1)


def test_without_the_wish_there_is_no_number(placed):
    numbers, _ = split(placed(kind="paper"))
    assert numbers == []
