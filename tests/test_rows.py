"""Rows are found by numbers; what is found is what plain Python finds by looking at every cell."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reporter.rows import Chosen, Rows

CELLS = st.fixed_dictionaries(
    {
        "word": st.sampled_from(["", "a", "b", "ä", "b "]),
        "whole": st.none() | st.integers(-3, 3),
        "number": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    }
)
TABLES = st.lists(CELLS, min_size=1, max_size=30)


def table_of(cells):
    columns = {name: [cell[name] for cell in cells] for name in ("word", "whole", "number")}
    return pd.DataFrame(
        {
            "word": pd.Series(columns["word"], dtype="str"),
            "whole": pd.Series(columns["whole"], dtype="Int64"),
            "number": pd.Series(columns["number"], dtype="float64"),
            "line": range(len(cells)),
        }
    )


@given(TABLES, st.data())
def test_different_values_in_their_order(cells, data):
    rows = Rows(table_of(cells))
    at = np.array(data.draw(st.lists(st.integers(0, len(cells) - 1), max_size=40)), dtype=np.intp)
    for name in ("word", "whole", "number"):
        seen = [value for value in dict.fromkeys(cells[i][name] for i in at) if value not in (None, "")]
        assert rows.distinct(name, at) == seen
    pairs = [(cells[i]["word"], cells[i]["whole"]) for i in at]
    firsts = rows.firsts(("word", "whole"), at)
    assert [(cells[i]["word"], cells[i]["whole"]) for i in firsts] == list(dict.fromkeys(pairs))
    assert Chosen(rows, at).column("number") == [cells[i]["number"] for i in at]


@given(TABLES, st.sampled_from(["", "a", "b", "none"]), st.integers(-3, 3))
def test_conditions_find_the_rows_that_meet_them_all(cells, word, whole):
    rows = Rows(table_of(cells))
    met = [i for i, cell in enumerate(cells) if cell["word"] == word and cell["whole"] == whole]
    for _ in range(2):  # a condition that was asked before is not asked again
        assert rows.where({"word": word, "whole": whole}).tolist() == met
    assert rows.where({}).tolist() == list(range(len(cells)))


@given(TABLES)
def test_a_digest_says_every_cell(cells):
    rows = Rows(table_of(cells))
    each = [
        hashlib.sha256(
            "\x1f".join(f"{name}={cell[name]!r}" for name in ("word", "whole", "number")).encode()
        ).digest()
        for cell in cells
    ]
    assert rows.digest(np.arange(len(cells))) == hashlib.sha256(b"".join(each)).hexdigest()
