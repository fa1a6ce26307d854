"""Which rows play a role: averaged over units, counted by a word, gathered as texts; and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reporter.align import shaped
from reporter.analyse import analyse
from reporter.bind import bind
from reporter.columns import KINDS
from reporter.dataset import load_dataset
from reporter.errors import DataError, Degenerate, EstimandError, StudyError
from reporter.findings import NotComputable
from reporter.observations import frame, write_parquet
from reporter.project import load_study
from reporter.study import Role

HEAD = """
schema = 1
[study]
name = "small"
title = "t"
short_title = "t"
date = 2026-01-04
experiment = "e"
hypothesis = "h"
seed = 1
[declared]
short = 100
cuts = [2.5]
long = 200
[[source]]
file = "rows.parquet"
kind = "observations"
origin = "imported"
citation = "c"
[[source]]
file = "texts.parquet"
kind = "responses"
origin = "imported"
citation = "c"
[[model]]
key = "a"
label = "A"
vendor = "V"
[[model]]
key = "b"
label = "B"
vendor = "V"
"""
CELL = {"study": "small", "source": "run", "origin": "imported", "prompt_set": "p", "run": "1"}
MEASURED = {"measure": "text_entropy", "symbol": "character", "unit": "nats", "estimator": "plug_in"}
TEXTS = {"a": ["abab", "aabb", "abcabc"], "b": ["xyxy", "xxyy"]}


def observed(model, prompt, replicate, limit, value, **changes):
    return (
        CELL
        | MEASURED
        | {
            "address": f"{model}/{prompt}/{replicate}@{limit}" + changes.pop("suffix", ""),
            "model": model, "prompt": prompt, "replicate": replicate, "token_limit": limit, "value": value,
            "n": int(100 * value), "finish_reason": "length" if limit == 100 else "stop",
        }
        | changes
    )  # fmt: skip


ROWS = [
    observed(model, prompt, replicate, limit, base + 0.1 * replicate + (0.25 if limit == 200 else 0))
    for model, base in (("a", 2.0), ("b", 3.0))
    for prompt in ("one", "two", "three")
    for replicate in (1, 2)
    for limit in (100, 200)
]


@pytest.fixture
def ask(tmp_path):
    """Answer one question of a small study: rows, then the analysis as TOML."""

    def asking(analysis: str, rows=ROWS):
        folder = tmp_path / "inputs" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "study.toml").write_text(
            f'{HEAD}[analysis.it]\nquestion = "q"\n{analysis}', encoding="utf-8"
        )
        write_parquet(frame(rows), folder / "rows.parquet")
        texts = [
            CELL | {"address": f"{model}/{i}", "model": model, "prompt": f"t{i}", "characters": len(text),
                    "text_sha256": "0" * 64, "text": text}
            for model, several in TEXTS.items()
            for i, text in enumerate(several)
        ]  # fmt: skip
        write_parquet(frame(texts, "responses"), folder / "texts.parquet", "responses")
        study = load_study(tmp_path, "small")
        return analyse(study, load_dataset(study))

    return asking


VALUES = 'kind = "observations", of = "value"'


def test_replicates_are_averaged_within_units_first(ask):
    (a, b) = ask(
        f'statistic = "describe_values"\neach = "model"\nroles.values = {{ {VALUES}, over = "prompt", token_limit = "short" }}'
    )
    assert (a.label, b.label) == ("a", "b")
    assert a.units == ("one", "three", "two")
    assert (a.record.n, a.record.mean, a.record.sd) == (3, pytest.approx(2.15), pytest.approx(0, abs=1e-12))
    assert len(a.trace.addresses) == 6


def test_values_that_were_never_rounded_print_three_decimals(ask):
    (a, _) = ask(
        f'statistic = "describe_values"\neach = "model"\nroles.values = {{ {VALUES}, over = "prompt", token_limit = 100 }}'
    )
    assert (a.decimals, a.data_decimals) == (3, 3)


def test_units_may_be_named_by_two_columns(ask):
    roles = "\n".join(
        f'roles.{name} = {{ {VALUES}, over = ["prompt", "replicate"], token_limit = {limit} }}'
        for name, limit in (("first", 100), ("second", 200))
    )
    (left_out, whole) = ask(
        f'statistic = "sign_test"\neach = "model"\n{roles}',
        [row for row in ROWS if row["address"] != "a/one/1@100"],
    )
    assert (left_out.record.n, left_out.dropped) == (5, ("one/1",))
    assert (whole.record.n, whole.dropped) == (6, ())
    (a, _) = ask(f'statistic = "sign_test"\neach = "model"\n{roles}')
    assert a.units == ("one/1", "one/2", "three/1", "three/2", "two/1", "two/2")
    assert (a.record.n, a.record.statistic) == (6, 6)


def test_single_values_are_summarised_where_a_cell_is_asked_for(ask):
    zones = 'statistic = "zone_probability"\neach = "model"\noptions = { ddof = 1 }\ndeclared = ["cuts"]\n'
    rows = [row | {"value": row["value"] + 0.2 * (row["prompt"] == "two")} for row in ROWS]
    (a, _) = ask(f'{zones}roles.cell = {{ {VALUES}, over = "prompt", token_limit = "short" }}', rows)
    means = np.array([2.15, 2.15, 2.35])  # over two replicates each
    t = (2.5 - means.mean()) / (means.std(ddof=1) / np.sqrt(3))
    assert a.record.below == pytest.approx(stats.t.cdf(t, 2))
    assert a.record.n == 3


def test_a_word_is_counted(ask):
    (a, _) = ask(
        'statistic = "share"\neach = "model"\nroles.values = { kind = "observations", of = "finish_reason", is = "length" }'
    )
    assert (a.record.count, a.record.n, a.record.share) == (6, 12, 0.5)


def test_texts_are_gathered_by_model(ask):
    lengths = 'kind = "observations", of = "n", over = ["prompt", "replicate"]'
    rows = [row | {"n": 2 if row["token_limit"] == 100 else 4} for row in ROWS]
    found = ask(
        'statistic = "length_matched_null"\noptions = { estimator = "plug_in", draws = "short" }\n'
        f'roles.first = {{ {lengths}, model = "a", token_limit = 100 }}\n'
        f'roles.second = {{ {lengths}, model = "a", token_limit = 200 }}\n'
        'roles.texts = { kind = "responses", of = "text" }',
        rows,
    )
    (null,) = found
    # from 2 to 4 characters: abab 0, aabb ln 2 and abca of abcabc H(2/4,1/4,1/4) - ln 2; xyxy 0, xxyy ln 2
    by_text = [0.0, np.log(2), 1.5 * np.log(2) - np.log(2), 0.0, np.log(2)]
    assert null.record.expected == pytest.approx(np.mean(by_text))
    assert null.record.sources == ("a", "b")
    assert null.record.draws == 100
    assert null.trace.options["estimator"] == "plug_in"


def test_an_empty_cell_is_refused_by_address(ask):
    rows = [
        row | {"measure": "axis_projection", "axis": "warm", "unit": "projection", "value": 0.5}
        for row in ROWS
    ]
    rows[3] |= {"n": None}
    with pytest.raises(DataError, match=r'"n" is empty in a/one/2@200'):
        ask('statistic = "describe_values"\nroles.values = { kind = "observations", of = "n" }', rows)


def test_what_optional_rows_do_not_say_is_no_answer(ask):
    (it,) = ask(
        'statistic = "value_range"\nroles.values = { kind = "observations", of = "top_p", optional = true }'
    )
    assert it.record == NotComputable("not_said", "the rows do not say their top p")


def test_two_estimators_never_meet(ask):
    rows = [*ROWS, *(row | {"estimator": "miller_madow", "address": row["address"] + "/mm"} for row in ROWS)]
    with pytest.raises(EstimandError, match="estimators differ in their bias"):
        ask(f'statistic = "describe_values"\nroles.values = {{ {VALUES} }}', rows)
    (one,) = ask(
        f'statistic = "describe_values"\nroles.values = {{ {VALUES}, estimator = "miller_madow" }}', rows
    )
    assert one.record.n == 24


def test_two_runs_meet_only_if_the_study_says_so(ask):
    rows = [*ROWS, *(row | {"run": "2", "address": row["address"] + "/again"} for row in ROWS)]
    question = f'statistic = "describe_values"\nroles.values = {{ {VALUES}, token_limit = 100'
    with pytest.raises(DataError, match=r'run more than once.*run = "1"'):
        ask(f"{question} }}", rows)
    (both,) = ask(f'{question}, runs = "all" }}', rows)
    (one,) = ask(f'{question}, run = "2" }}', rows)
    assert (both.record.n, one.record.n) == (24, 12)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ('kind = "observations", of = "finish_reason"', 'of = "finish_reason" is a column of text'),
        ('kind = "observations", of = "valeu"', 'of = "valeu" is no column'),
        (
            'kind = "observations", of = "value", over = ["prompt", "replica"]',
            'over = "replica" is no column',
        ),
        ('kind = "summaries", of = "mean"', "The study has no summaries"),
        ('kind = "observations", of = "value", token_limit = 77', 'No row has the token_limit "77"'),
    ],
)
def test_roles_are_refused_in_words(ask, role, words):
    with pytest.raises((DataError, StudyError), match=words):
        ask(f'statistic = "describe_values"\nroles.values = {{ {role} }}')


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ('{ level = "high" }', 'options.level: "high" is not known'),
        ('{ estimator = "plugin", draws = 100 }', None),
    ],
)
def test_an_option_is_a_number_or_a_word_where_words_belong(ask, options, words):
    if words:
        with pytest.raises(StudyError, match=words):
            ask(f'statistic = "describe_values"\noptions = {options}\nroles.values = {{ {VALUES} }}')
        return
    lengths = 'kind = "observations", of = "n", over = ["prompt", "replicate"], model = "a"'
    (found,) = ask(
        f'statistic = "length_matched_null"\noptions = {options}\n'
        f"roles.first = {{ {lengths}, token_limit = 100 }}\nroles.second = {{ {lengths}, token_limit = 200 }}\n"
        'roles.texts = { kind = "responses", of = "text" }',
        [row | {"n": 2} for row in ROWS],
    )
    assert isinstance(found.record, NotComputable)
    assert found.record.reason == "unknown_estimator"


def test_a_member_without_rows_has_no_answer_and_others_have(ask):
    rows = [row for row in ROWS if (row["model"], row["token_limit"]) != ("b", 200)]
    a, b = ask(
        f'statistic = "describe_values"\neach = "model"\nroles.values = {{ {VALUES}, over = "prompt", token_limit = 200 }}',
        rows,
    )
    assert a.record.n == 3
    assert isinstance(b.record, NotComputable)
    assert b.record.reason == "missing_cell"


def test_each_member_meets_its_own_equivalence_test(tmp_path, ask):
    roles = "\n".join(
        f'roles.{name} = {{ {VALUES}, over = "prompt", token_limit = {limit} }}'
        for name, limit in (("first", 100), ("second", 200))
    )
    rows = [
        row
        | {
            "value": row["value"]
            + 0.01 * (i % 5)
            + (5 * (i % 3) if row["model"] == "b" and row["token_limit"] == 200 else 0)
        }
        for i, row in enumerate(ROWS)
    ]
    found = ask(
        f'statistic = "paired_t"\neach = "model"\nequivalence = "bound"\n{roles}\n'
        f'[analysis.bound]\nquestion = "q"\nstatistic = "equivalence"\neach = "model"\noptions = {{ bound = "short" }}\n{roles}',
        rows,
    )
    verdicts = {finding.address: finding.verdict for finding in found if finding.key == "it"}
    # within 100 nats both are; only a's change differs from zero
    assert {address: str(verdict) for address, verdict in verdicts.items()} == {
        "it/a": "different_within_bound",
        "it/b": "equivalent",
    }


# Matrices, labels and lists: the shapes that a signature asks for

MORE = (
    HEAD
    + """
[[axis]]
key = "warm"
label = "warm/cold"
[[axis]]
key = "tact"
label = "tact/candour"
[[source]]
file = "states.parquet"
kind = "states"
origin = "imported"
citation = "c"
[[source]]
file = "tokens.parquet"
kind = "tokens"
origin = "imported"
citation = "c"
[analysis.it]
question = "q"
statistic = "describe_values"
roles.values = { of = "value" }
"""
)
PROJECTED = {"measure": "axis_projection", "unit": "projection"}
AXES, QUESTIONS = ("warm", "tact"), ("q1", "q2", "q3", "q4")  # warm is declared first


def projected(model, axis, prompt, replicate=1, **changes):
    value = (ord(model) + 3 * QUESTIONS.index(prompt) ** 2 + 7 * AXES.index(axis) + 11 * replicate) % 19 / 20
    return (
        CELL
        | PROJECTED
        | {"address": f"{model}/{axis}/{prompt}/{replicate}", "model": model, "axis": axis, "prompt": prompt,
           "replicate": replicate, "value": value}
        | changes
    )  # fmt: skip


def of_layer(layer, prompt, value, model="a", **changes):
    return (
        CELL
        | {"measure": "layer_entropy", "symbol": "activation", "unit": "nats", "estimator": "histogram",
           "bin_rule": "fd", "n": 64, "layer": layer, "prompt": prompt, "model": model, "value": value,
           "address": f"{model}/L{layer}/{prompt}"}
        | changes
    )  # fmt: skip


def answer(model, prompt, **changes):
    return (
        CELL
        | {"address": f"{model}/{prompt}", "model": model, "prompt": prompt, "characters": 3,
           "text_sha256": "0" * 64, "text": "abc"}
        | changes
    )  # fmt: skip


STATES = {("a", "q2"): [1.0, 2.0, 4.0], ("a", "q1"): [0.5, -1.0, 8.0], ("b", "q1"): [3.0, 3.0]}
STEPS = {"a/q2": [1.0, 2.0], "a/q1": [0.5, 1.5, 4.0], "b/q1": [2.5]}


def stepped(steps):
    return [
        {"address": address, "step": at, "token": at, "raw_entropy": value}
        for address, values in steps.items()
        for at, value in reversed(list(enumerate(values)))  # a file may have them in any order
    ]


@pytest.fixture
def small(tmp_path):
    """Write the rows of a small study of every kind, and read it."""

    def reading(rows, *, responses=None, states=STATES, steps=STEPS, tokens=None):
        folder = tmp_path / "inputs" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "study.toml").write_text(MORE, encoding="utf-8")
        replies = [answer(*address.split("/")) for address in STEPS] if responses is None else responses
        given = [
            answer(model, prompt, state=values, address=f"state/{model}/{prompt}")
            for (model, prompt), values in states.items()
        ]
        kinds = {"observations": ("rows", rows), "responses": ("texts", replies), "states": ("states", given),
                 "tokens": ("tokens", tokens or stepped(steps))}  # fmt: skip
        for kind, (name, several) in kinds.items():
            known = {column.name for column in KINDS[kind]}
            listed = [{key: row[key] for key in row if key in known} for row in several]
            write_parquet(frame(listed, kind), folder / f"{name}.parquet", kind)
        study = load_study(tmp_path, "small")
        return study, load_dataset(study)

    return reading


def laid(read, annotation="Columns", group=None, /, **role):
    study, dataset = read
    keys = {"kind": "observations", "of": "value"} | role
    return bind(Role(**keys), annotation, group or {}, study, dataset, "here")


GRID = [
    projected(model, axis, prompt, replicate)
    for model in "ab"
    for axis in AXES
    for prompt in QUESTIONS
    for replicate in (1, 2)
]


def mean_of(model, axis, prompt, rows=GRID):
    values = [r["value"] for r in rows if (r["model"], r["axis"], r["prompt"]) == (model, axis, prompt)]
    return sum(values) / len(values)


def test_a_matrix_has_a_row_for_each_answer_and_a_column_for_each_axis(small):
    found = laid(small(GRID), over="prompt", by="axis", model="a")
    assert found.columns == (("warm", "tact"),)  # as declared, not as the alphabet has them
    assert found.units == tuple((prompt,) for prompt in QUESTIONS)
    assert (found.over, found.by) == (("prompt",), ("axis",))
    wanted = [[mean_of("a", axis, prompt) for axis in AXES] for prompt in QUESTIONS]
    np.testing.assert_allclose(found.argument, wanted, rtol=1e-15)


LAYERED = [
    of_layer(layer, prompt, layer + QUESTIONS.index(prompt) / 8)
    for layer in (10, 0, 2)
    for prompt in QUESTIONS
]


def test_layers_are_in_the_order_of_their_numbers(small):
    found = laid(small(LAYERED), over="prompt", by="layer")
    assert found.columns == ((0, 2, 10),)
    np.testing.assert_allclose(found.argument, [[layer + i / 8 for layer in (0, 2, 10)] for i in range(4)])


def test_a_column_is_left_out_by_name(small):
    found = laid(small(LAYERED), over="prompt", by="layer", without=(0,))
    assert found.columns == ((2, 10),)
    assert found.argument.shape == (4, 2)
    assert found.argument[1].tolist() == [2.125, 10.125]
    with pytest.raises(StudyError, match=r"without = 1 is no column of the matrix\. .*Allowed: 0, 10, 2"):
        laid(small(LAYERED), over="prompt", by="layer", without=(1,))


def test_an_answer_that_only_the_left_out_column_lacks_is_whole(small):
    rows = [row for row in LAYERED if (row["layer"], row["prompt"]) != (0, "q3")]
    assert laid(small(rows), over="prompt", by="layer", without=(0,)).partial == ()
    found = laid(small(rows), over="prompt", by="layer")
    assert found.partial == (("q3",),)
    assert found.units == (("q1",), ("q2",), ("q4",))
    assert found.argument[:, 0].tolist() == [0.0, 0.125, 0.375]


def test_models_beside_questions(small):
    found = laid(small(GRID), "Series", over="prompt", by="model", axis="tact")
    assert found.columns == (("a", "b"),)
    wanted = [[mean_of(model, "tact", prompt) for prompt in QUESTIONS] for model in "ab"]
    np.testing.assert_allclose(shaped(found, "Series"), wanted, rtol=1e-15)


def test_an_axis_that_one_model_lacks_is_constant_in_it(small):
    rows = [row for row in GRID if (row["model"], row["axis"]) != ("b", "warm")]
    found = laid(small(rows), "Series", over="prompt", by=["model", "axis"])
    assert found.columns == (("a", "b"), ("warm", "tact"))
    given = shaped(found, "Series")
    assert given.shape == (2, 2, 4)
    wanted = [[mean_of("a", axis, prompt) for prompt in QUESTIONS] for axis in AXES]
    np.testing.assert_allclose(given[0], wanted, rtol=1e-15)
    assert not given[1, 0].any()
    np.testing.assert_allclose(
        given[1, 1], [mean_of("b", "tact", prompt) for prompt in QUESTIONS], rtol=1e-15
    )


def test_a_question_that_one_model_lacks_on_an_axis_is_left_out_of_all(small):
    rows = [row for row in GRID if (row["model"], row["axis"], row["prompt"]) != ("b", "warm", "q2")]
    found = laid(small(rows), "Series", over="prompt", by=["model", "axis"])
    assert found.partial == (("q2",),)
    assert found.argument.shape == (3, 2, 2)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ({"by": "axis"}, "A matrix .* needs `over`"),
        ({"by": "axs", "over": "prompt"}, 'by = "axs" is no column.*Did you mean "axis"'),
        (
            {"by": "axis", "over": "prompt", "of": ("value", "n")},
            "several columns, which only labels can have",
        ),
        ({"by": "axis", "over": "prompt", "of": "axis"}, 'of = "axis" is a column of text'),
    ],
)
def test_a_matrix_is_refused_in_words(small, role, words):
    with pytest.raises((StudyError, DataError), match=words):
        laid(small(GRID), **role)


SAID = [
    observed("a", prompt, 1, 100, 2.0, block=block, finish_reason=reason)
    for prompt, block, reason in (("q1", "news", "stop"), ("q2", "news", ""), ("q3", "", "length"))
]


def test_labels_of_two_columns_are_joined(small):
    found = laid(small(SAID), "Labels", of=("block", "finish_reason"), over="prompt")
    assert found.units == (("q1",), ("q2",), ("q3",))
    assert list(found.argument) == ["news / stop", "news / ", " / length"]
    assert list(laid(small(SAID), "Labels | None", of="block", over="prompt").argument) == [
        "news",
        "news",
        "",
    ]


def test_rows_of_one_unit_must_agree_in_their_label(small):
    again = SAID[0] | {"replicate": 2, "address": "again"}
    agreeing = laid(small([*SAID, again]), "Labels", of=("block", "finish_reason"), over="prompt")
    assert list(agreeing.argument) == ["news / stop", "news / ", " / length"]
    with pytest.raises(
        DataError, match=r'"q1" has the label "news / stop" and the label "news / length"\. .*condition'
    ):
        laid(small([*SAID, again | {"finish_reason": "length"}]), "Labels", of=("block", "finish_reason"),
             over="prompt")  # fmt: skip
    with pytest.raises(StudyError, match="Labels need `over`"):
        laid(small(SAID), "Labels", of="block")


def test_labels_of_each_model_are_a_matrix(small):
    """One question may be cut in one model and not in another; one that a model lacks is left out."""
    of_b = [r | {"model": "b", "address": f"b{r['address']}", "finish_reason": "length"} for r in SAID[:2]]
    by_model = {"of": ("block", "finish_reason"), "over": "prompt", "by": "model"}
    found = laid(small([*of_b, *SAID]), "SeriesOfLabels | None", **by_model)
    assert (found.units, found.partial, found.columns) == ((("q1",), ("q2",)), (("q3",),), (("a", "b"),))
    assert shaped(found, "SeriesOfLabels | None").tolist() == [
        ["news / stop", "news / "],
        ["news / length", "news / length"],
    ]
    without = laid(small([*of_b, *SAID]), "SeriesOfLabels", **by_model, without=("a",))
    assert shaped(without, "SeriesOfLabels").tolist() == [["news / length", "news / length"]]
    with pytest.raises(DataError, match=r'"q1/b" has the label "news / length" and the label "news / stop"'):
        laid(small([*of_b, of_b[0] | {"replicate": 2, "address": "again", "finish_reason": "stop"}]),
             "SeriesOfLabels", **by_model)  # fmt: skip


@pytest.mark.parametrize(
    ("annotation", "by", "words"),
    [
        ("Labels", "model", "these labels need no column"),
        ("SeriesOfLabels", "", "these labels need one column: whose series they are"),
        ("SeriesOfLabels", ("model", "block"), "these labels need one column"),
    ],
)
def test_labels_say_whose_series_they_are(small, annotation, by, words):
    with pytest.raises(StudyError, match=words):
        laid(small(SAID), annotation, of="finish_reason", over="prompt", by=by)


def test_states_are_a_matrix(small):
    found = laid(small(GRID), "Columns", {"model": "a"}, kind="states", of="state", over="prompt")
    assert found.units == (("q1",), ("q2",))
    given = shaped(found, "Columns")
    assert given.tolist() == [STATES["a", "q1"], STATES["a", "q2"]]
    assert laid(small(GRID), "Columns", {"model": "b"}, kind="states", of="state").units == (("state/b/q1",),)


def test_tokens_are_flat_with_offsets(small):
    read = small(GRID)
    entropies, offsets = (
        shaped(laid(read, shape, {"model": "a"}, kind="tokens", of="raw_entropy", over="prompt"), shape)
        for shape in ("Flat", "Offsets")
    )
    assert entropies.tolist() == [0.5, 1.5, 4.0, 1.0, 2.0]
    assert offsets.tolist() == [0, 3, 5]
    assert offsets.dtype.kind == "i"


def test_tokens_meet_their_responses_conditions(small):
    responses = [answer("a", "q1", block="x"), answer("a", "q2", block="y"), answer("b", "q1", block="y")]
    found = laid(small(GRID, responses=responses), "Flat", kind="tokens", of="raw_entropy", block="y")
    assert np.concatenate(found.argument).tolist() == [1.0, 2.0, 2.5]


def test_tokens_without_a_response_are_refused(small):
    with pytest.raises(DataError, match=r"The tokens of b/q1 have no response.*file of responses"):
        small(GRID, responses=[answer("a", "q1"), answer("a", "q2")])


@pytest.mark.parametrize(
    ("address", "step", "words"),
    [
        ("a/q1", 3, "The tokens of a/q1 have step 3 where step 2 belongs"),
        ("a/q1", 1, "The tokens of a/q1 have step 1 where step 2 belongs"),
        ("a/q2", 0, "The tokens of a/q2 have step 0 where step 1 belongs"),
    ],
)
def test_each_step_of_a_reply_is_there_once(small, address, step, words):
    given = stepped(STEPS)
    (last,) = (row for row in given if (row["address"], row["step"]) == ("a/q1", 2))
    tokens = [row | {"address": address, "step": step} if row is last else row for row in given]
    with pytest.raises(DataError, match=words):
        small(GRID, tokens=tokens)


@pytest.mark.parametrize(
    ("annotation", "role", "words"),
    [
        ("ArrayLike", {"kind": "tokens", "of": "raw_entropy"}, "is a column of lists"),
        ("Flat", {"kind": "tokens", "of": "characters"}, 'of = "characters" holds no lists of numbers'),
        ("Columns", {"kind": "states", "of": "prompt"}, 'of = "prompt" holds no lists of numbers'),
    ],
)
def test_lists_stand_where_lists_belong(small, annotation, role, words):
    with pytest.raises(DataError, match=words):
        laid(small(GRID), annotation, **role)


@pytest.mark.parametrize(("kind", "of"), [("states", "state"), ("tokens", "raw_entropy")])
def test_the_digest_sees_the_last_number_of_a_list(small, kind, of):
    def digest(**changes):
        found = laid(small(GRID, **changes), "Columns", kind=kind, of=of)
        return found.chosen.rows.digest(found.chosen.at)

    before = digest()
    assert digest() == before
    last = {("b", "q1"): [3.0, 3.0000005]} if kind == "states" else {"a/q1": [0.5, 1.5, 4.0000001]}
    given = {"states": STATES | last} if kind == "states" else {"steps": STEPS | last}
    assert digest(**given) != before


def test_rows_may_be_lacking_where_the_study_says_so(small):
    study, dataset = small(GRID)
    with pytest.raises(Degenerate, match="no_rows: no row has axis = wram"):
        laid((study, dataset), "ArrayLike", axis="wram", optional=True)
    with pytest.raises(DataError, match=r'No row has the axis "wram".*Did you mean "warm"'):
        laid((study, dataset), "ArrayLike", axis="wram")
    with pytest.raises(Degenerate, match="no_rows: the study has no summaries"):
        laid((study, dataset), "ArrayLike", kind="summaries", of="mean", optional=True)
    with pytest.raises(DataError, match="The study has no summaries"):
        laid((study, dataset), "ArrayLike", kind="summaries", of="mean")
    with pytest.raises(StudyError, match='of = "valeu" is no column'):
        laid((study, dataset), "ArrayLike", of="valeu", optional=True)
