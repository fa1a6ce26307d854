"""The same units in the same order for every role; what is left out is named, and lists get their shapes."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from reporter.align import align, digest_of, shaped, unit_of
from reporter.bind import Bound
from reporter.errors import DataError, Degenerate, EstimandError
from reporter.rows import Chosen, Rows

NOTHING = Chosen(Rows(pd.DataFrame({"address": []})), np.array([], dtype=np.intp))


def bound(values, units, over="prompt", **matrix):
    names = (over,) if isinstance(over, str) else over
    named = tuple((unit,) if isinstance(unit, str) else unit for unit in units)
    return Bound(np.array(values), NOTHING, named, names, **matrix)


def matrix(values, units, *columns, by, partial=()):
    return bound(values, units, columns=columns, by=by, partial=tuple((unit,) for unit in partial))


def test_units_are_put_in_one_order():
    found, units, dropped = align(
        {"first": bound([1, 2, 3], "abc"), "second": bound([30, 10, 20], "cab")}, "here"
    )
    assert units == (("a",), ("b",), ("c",))
    assert dropped == ()
    assert found["first"].argument.tolist() == [1, 2, 3]
    assert found["second"].argument.tolist() == [10, 20, 30]


def test_units_that_some_role_lacks_are_left_out_of_all_and_named():
    roles = {"first": bound([1, 2, 3], "abc"), "second": bound([30, 40, 10], "cda")}
    found, units, dropped = align(roles, "here")
    assert units == (("a",), ("c",))
    assert dropped == (("b",), ("d",))
    assert [found[name].argument.tolist() for name in roles] == [[1, 3], [10, 30]]


def test_no_common_unit_is_no_answer():
    with pytest.raises(Degenerate, match="no_common_unit"):
        align({"first": bound([1], "a"), "second": bound([2], "b")}, "here")


def test_roles_without_named_units_must_speak_of_the_same_members():
    roles = {"first": bound([1, 2], "ab", over=()), "second": bound([1, 2], "bc", over=())}
    with pytest.raises(DataError, match='The role "second" has other members: a, c'):
        align(roles, "here")


FINE = [("m", "x"), ("m", "y"), ("n", "x"), ("o", "y")]


def test_coarser_units_are_repeated_for_the_finer_ones():
    roles = {
        "first": bound([1.0, 2.0, 3.0, 4.0], FINE, over=("model", "axis")),
        "second": bound([10.0, 20.0, 30.0], "nom", over="model"),
        "third": bound([5.0, 6.0], "yx", over="axis"),
    }
    found, units, dropped = align(roles, "here")
    assert units == tuple(FINE)
    assert dropped == ()
    assert found["second"].argument.tolist() == [30.0, 30.0, 10.0, 20.0]
    assert found["third"].argument.tolist() == [6.0, 5.0, 6.0, 5.0]
    assert {member.over for member in found.values()} == {("model", "axis")}


def test_finer_units_whose_coarse_one_is_lacking_are_left_out():
    roles = {
        "first": bound([10.0, 20.0], "mo", over="model"),
        "second": bound([1.0, 2.0, 3.0, 4.0], FINE, over=("model", "axis")),
    }
    found, _, dropped = align(roles, "here")
    assert dropped == (("n", "x"),)
    assert found["first"].argument.tolist() == [10.0, 10.0, 20.0]
    assert found["second"].argument.tolist() == [1.0, 2.0, 4.0]


def test_units_of_two_columns_may_name_them_in_either_order():
    turned = [unit[::-1] for unit in reversed(FINE)]
    roles = {
        "first": bound([1.0, 2.0, 3.0, 4.0], FINE, over=("model", "axis")),
        "second": bound([40.0, 30.0, 20.0, 10.0], turned, over=("axis", "model")),
    }
    found, units, dropped = align(roles, "here")
    assert (units, dropped) == (tuple(FINE), ())
    assert found["second"].argument.tolist() == [10.0, 20.0, 30.0, 40.0]


def test_an_answer_with_a_hole_is_named_even_where_no_other_role_has_it():
    alone = {"layers": matrix([[1, 2], [3, 4]], "ac", (0, 1), by=("layer",), partial="b")}
    found, units, dropped = align(alone, "here")
    assert (units, dropped) == ((("a",), ("c",)), (("b",),))
    assert found["layers"].argument.tolist() == [[1, 2], [3, 4]]
    both = alone | {"axes": matrix([[5, 6]], "c", ("x", "y"), by=("axis",), partial="ab")}
    found, units, dropped = align(both, "here")
    assert (units, dropped) == ((("c",),), (("a",), ("b",)))
    assert found["layers"].argument.tolist() == [[3, 4]]


def test_a_matrix_without_one_whole_answer_is_no_answer():
    holed = matrix(np.zeros((0, 2)), "", (0, 1), by=("layer",), partial="ab")
    for roles in ({"layers": holed}, {"first": bound([1, 2], "ab"), "layers": holed}):
        with pytest.raises(Degenerate, match="no_common_unit"):
            align(roles, "here")


def test_models_and_axes_of_two_matrices_are_matched_by_name():
    roles = {
        "first": matrix([[1, 2, 3], [4, 5, 6]], "pq", ("a", "b", "c"), by=("model",)),
        "second": matrix(
            [[[10, 11], [20, 21]], [[30, 31], [40, 41]]], "pq", ("c", "a"), ("x", "y"), by=("model", "axis")
        ),
        "third": matrix([[7, 8, 9], [0, 1, 2]], "pq", ("y", "z", "x"), by=("axis",)),
    }
    found, _, dropped = align(roles, "here")
    assert dropped == (("b",), ("z",))
    assert found["first"].columns == (("a", "c"),)
    assert found["first"].argument.tolist() == [[1, 3], [4, 6]]
    assert found["second"].columns == (("a", "c"), ("x", "y"))
    assert found["second"].argument.tolist() == [[[20, 21], [10, 11]], [[40, 41], [30, 31]]]
    assert found["third"].argument.tolist() == [[9, 7], [2, 0]]


def test_layers_of_two_models_are_their_own():
    roles = {
        "first_layers": matrix([[1, 2]], "p", (0, 1), by=("layer",)),
        "second_layers": matrix([[1, 2, 3]], "p", (0, 1, 2), by=("layer",)),
    }
    found, _, dropped = align(roles, "here")
    assert dropped == ()
    assert [found[name].argument.shape for name in roles] == [(1, 2), (1, 3)]


def test_matrices_without_a_common_axis_are_no_answer():
    roles = {
        "first": matrix([[1]], "p", ("x",), by=("axis",)),
        "second": matrix([[1]], "p", ("y",), by=("axis",)),
    }
    with pytest.raises(Degenerate, match="no_common_unit: no axis has a row in every role"):
        align(roles, "here")


LISTS = Bound([np.array([1.0, 2.0]), np.array([3.0]), np.array([4.0, 5.0])], NOTHING, (("a",), ("b",), ("c",)),
              ("prompt",))  # fmt: skip


def test_lists_follow_the_order_of_units_and_get_their_shapes():
    roles = {"values": bound([1, 2, 3], "cab"), "entropies": LISTS, "offsets": LISTS}
    found, units, _ = align(roles, "here")
    assert units == (("c",), ("a",), ("b",))
    assert shaped(found["entropies"], "Flat").tolist() == [4.0, 5.0, 1.0, 2.0, 3.0]
    assert shaped(found["offsets"], "Offsets").tolist() == [0, 2, 4, 5]


def test_a_series_has_its_units_last():
    three = np.arange(24).reshape(4, 2, 3)
    given = shaped(Bound(three, NOTHING), "Series")
    assert given.shape == (2, 3, 4)
    assert all(
        given[i, j, k] == three[k, i, j]
        for i, j, k in np.ndindex(2, 3, 4)
    )  # fmt: skip
    assert shaped(Bound(three, NOTHING), "ArrayLike") is three


def test_states_of_two_hidden_sizes_stand_in_no_matrix():
    rows = Rows(pd.DataFrame({"address": ["small/1", "large/1"]}))
    states = Bound([np.ones(3), np.ones(5)], Chosen(rows, np.arange(2)))
    with pytest.raises(DataError, match=r"small/1 to large/1: States of 3 and of 5 components"):
        shaped(states, "Columns")
    alike = Bound([np.ones(3), np.zeros(3)], Chosen(rows, np.arange(2)))
    assert shaped(alike, "Columns").tolist() == [[1, 1, 1], [0, 0, 0]]


def measured(*rows):
    names = ("address", "measure", "symbol", "estimator", "unit", "tokenizer", "source")
    table = Rows(pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows]))
    return Bound(None, Chosen(table, np.arange(len(rows))))


ENTROPY = ("1", "token_entropy", "token", "exact", "nats", "one", "f")
OTHER = ("2", "token_entropy", "token", "exact", "nats", "two", "f")
POSITION = ("3", "axis_projection", "", "", "projection", "", "f")


def test_roles_of_one_question_hold_one_entropy():
    assert unit_of([measured(ENTROPY), measured(ENTROPY)], "here", apart=False, across=()) == "nats"
    with pytest.raises(EstimandError, match="measure"):
        unit_of([measured(ENTROPY), measured(POSITION)], "here", apart=False, across=())


def test_roles_of_a_rank_correlation_may_differ_but_not_the_rows_of_one():
    assert unit_of([measured(ENTROPY), measured(POSITION)], "here", apart=True, across=()) == "1"
    for apart in (True, False):
        with pytest.raises(EstimandError, match="tokens of two tokenizers are different symbols"):
            unit_of([measured(ENTROPY, OTHER)], "here", apart=apart, across=())
        unit_of([measured(ENTROPY, OTHER)], "here", apart=apart, across=("tokenizer",))
    with pytest.raises(EstimandError, match="measure"):
        unit_of([measured(ENTROPY, POSITION)], "here", apart=True, across=("tokenizer",))


def test_rows_without_a_measure_have_the_unit_of_tokens():
    assert unit_of([Bound(None, NOTHING)], "here", apart=False, across=()) == "nats"


def test_the_digest_is_over_the_roles_in_their_order():
    one, two = measured(ENTROPY), measured(OTHER)
    each = [member.chosen.rows.digest(member.chosen.at) for member in (one, two)]
    assert digest_of([one, two]) == hashlib.sha256("\n".join(each).encode()).hexdigest()
    assert digest_of([two, one]) != digest_of([one, two])
