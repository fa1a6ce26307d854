"""Loops at the end of answers: by hand, by a slow definition, and what is no loop."""

from __future__ import annotations

import random

import pytest

from reporter.errors import Degenerate
from reporter.statistics.repeating_share import repeating_share

SENTENCE = "The owl hears the mouse under the snow and glides down without a sound. "
PROSE = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz      ", k=2000))


def by_definition(text: str, tail: int, match: float) -> bool:
    """In loops over characters."""
    for period in range(1, tail + 1):
        equal = sum(text[-i] == text[-i - period] for i in range(1, tail + 1) if i + period <= len(text))
        if len(text) >= 2 * tail and equal / tail >= match:
            return True
    return False


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        (SENTENCE * 10, True),
        (PROSE + "x" * 500, True),
        (PROSE + SENTENCE * 6, True),
        (SENTENCE * 6 + PROSE, False),  # it came out of the loop
        (PROSE, False),
        (SENTENCE * 2, False),  # too short to tell
        ("", False),
    ],
)
def test_what_is_a_loop(text, repeats):
    found = repeating_share({"a": [text]})
    assert (found.count, found.n) == (int(repeats), 1)


def test_agrees_with_the_slow_definition():
    draw = random.Random(2)
    for _ in range(40):
        unit = "".join(draw.choices("abc", k=draw.randint(1, 60)))
        noise = [c if draw.random() > 0.06 else "z" for c in unit * 40]
        text = "".join(draw.choices("abc", k=30)) + "".join(noise)[: draw.randint(50, 400)]
        found = repeating_share({"a": [text]}, tail=50, match=0.8)
        assert found.count == by_definition(text, 50, 0.8), text


def test_a_period_longer_than_the_tail_is_not_seen():
    assert repeating_share({"a": [PROSE[:150] * 4]}, tail=100).count == 0
    assert repeating_share({"a": [PROSE[:100] * 4]}, tail=100).count == 1


def test_sources_are_counted_together():
    found = repeating_share({"a": [SENTENCE * 10], "b": [PROSE, SENTENCE * 20]})
    assert (found.count, found.n, found.share) == (2, 3, pytest.approx(2 / 3))


def test_no_text_is_no_share():
    with pytest.raises(Degenerate) as refused:
        repeating_share({})
    assert refused.value.reason == "too_few"
