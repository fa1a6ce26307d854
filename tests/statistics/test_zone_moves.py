"""Zones of the document's point values, read off its table by hand."""

from __future__ import annotations

import pytest

from reporter.errors import Degenerate
from reporter.statistics.zone_moves import zone_moves

FIRST = [2.86, 2.94, 2.95, 3.01, 3.06, 3.08, 3.13, 3.03]
SECOND = [2.96, 2.96, 3.03, 3.07, 3.07, 3.11, 3.13, 3.17]


def test_only_deepseek_crosses():
    moves = zone_moves(FIRST, SECOND, cuts=[3.0, 4.0, 6.0])
    assert moves.crossed.indices == (2,)
    assert moves.kept.indices == (0, 1, 3, 4, 5, 6, 7)
    assert moves.below_first.indices == (0, 1, 2)
    assert moves.below_second.indices == (0, 1)
    assert moves.n == 8


def test_a_value_on_a_cut_lies_above_it():
    moves = zone_moves([2.99, 3.0], [3.0, 3.0], cuts=[3.0])
    assert moves.crossed.indices == (0,)
    assert moves.below_second.indices == ()


def test_refuses_cuts_that_do_not_increase():
    with pytest.raises(Degenerate, match="cuts_not_increasing"):
        zone_moves(FIRST, SECOND, cuts=[4.0, 3.0])
