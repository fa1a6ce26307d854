"""Which rows play a role: averaged over units, counted by a word, gathered as texts; and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reporter.analyse import analyse
from reporter.dataset import load_dataset
from reporter.errors import DataError, EstimandError, StudyError
from reporter.findings import NotComputable
from reporter.observations import frame, write_parquet
from reporter.project import load_study

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
