"""Numbers in Markdown: marked, found again, taken away."""

from __future__ import annotations

import pytest

from reporter.render.marks import CLOSE, MIDDLE, OPEN, mark, spans, strip


def test_a_mark_is_what_the_interface_says():
    assert mark(12, "3.05") == "\ue00012\ue0013.05\ue002"


def test_strip_gives_the_text_back():
    marked = f"From {mark(0, '2.86')} to {mark(1, '2.96')} (**{mark(2, '+0.10')}**)."
    assert strip(marked) == "From 2.86 to 2.96 (**+0.10**)."


def test_spans_stand_where_the_stripped_text_has_them():
    marked = f"é {mark(0, '2.86')}{mark(11, '−0.1')} end {mark(0, '2.86')}"
    found = list(spans(marked))
    assert found == [(0, "2.86", 2), (11, "−0.1", 6), (0, "2.86", 15)]
    plain = strip(marked)
    assert all(plain[offset : offset + len(text)] == text for _, text, offset in found)


@pytest.mark.parametrize("text", [OPEN, f"1{MIDDLE}", f"{CLOSE}2"])
def test_a_text_with_marks_of_its_own_is_refused(text):
    with pytest.raises(ValueError, match="cannot mark"):
        mark(0, text)


def test_an_index_below_zero_is_refused():
    with pytest.raises(ValueError, match="number -1"):
        mark(-1, "3.05")
