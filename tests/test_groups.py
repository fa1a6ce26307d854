"""Whom a question is asked for: members, pairs of them, those without rows, and the members of an answer."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from reporter.analyse import analyse
from reporter.dataset import load_dataset
from reporter.errors import DataError, Degenerate, EstimandError, StudyError
from reporter.findings import NotComputable
from reporter.groups import groups_of
from reporter.numbers import Register
from reporter.observations import frame, write_parquet
from reporter.project import load_study

MODELS = ("zeta", "alpha", "beta", "paper", "idle", "unseen")  # in no alphabet's order
AXES = ("flat", "warm", "tact")  # the first never varies
QUESTIONS = ("q1", "q2", "q3", "q4", "q5")
STUDY = f"""
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
[[source]]
file = "rows.parquet"
kind = "observations"
origin = "imported"
citation = "c"
[[source]]
file = "printed.csv"
kind = "observations"
origin = "published"
citation = "c"
{"".join(f'[[model]]{chr(10)}key = "{key}"{chr(10)}label = "{key.title()}"{chr(10)}vendor = "V"{chr(10)}' for key in MODELS)}
{"".join(f'[[axis]]{chr(10)}key = "{key}"{chr(10)}label = "{key}"{chr(10)}' for key in AXES)}
"""
KINDS = {"zeta": "base", "alpha": "instruct", "beta": "instruct", "idle": "base", "paper": ""}


def row(model, prompt, measure, value, **changes):
    given = {
        "token_entropy": {
            "symbol": "token", "unit": "nats", "estimator": "exact", "tokenizer": "t", "logprob_mode": "raw",
            "n": 50,
        },
        "axis_projection": {"unit": "projection"},
        "layer_entropy": {
            "symbol": "activation", "unit": "nats", "estimator": "histogram", "bin_rule": "fd", "n": 64,
        },
        "generation_time": {"unit": "s"},
    }[measure]  # fmt: skip
    place = "/".join(str(changes.get(name, "")) for name in ("axis", "layer", "pole"))
    return {
        "study": "small", "source": "run", "origin": "imported", "prompt_set": "p", "run": "1", "model": model,
        "model_kind": KINDS[model], "prompt": prompt, "measure": measure, "value": value,
        "address": f"{model}/{prompt}/{measure}/{place}", **given, **changes,
    }  # fmt: skip


rng = np.random.default_rng(16)  # no correlation of 1 or 0, no peak that ties
ENTROPY = {model: rng.uniform(1, 3, 5).round(3) for model in MODELS[:3]}
POSITION = {
    (model, axis): np.full(5, 0.25) if axis == "flat" else rng.uniform(-1, 1, 5).round(3)
    for model in MODELS[:3]
    for axis in AXES
}
LAYERS = {(model, layer): rng.uniform(1, 3, 5).round(3) for model in MODELS[:3] for layer in (0, 2, 10)}
ROWS = [
    *(
        row(model, q, "token_entropy", v)
        for model in ENTROPY
        for q, v in zip(QUESTIONS, ENTROPY[model], strict=True)
    ),
    *(
        row(model, q, "axis_projection", v, axis=axis)
        for (model, axis), values in POSITION.items()
        for q, v in zip(QUESTIONS, values, strict=True)
    ),
    *(
        row(model, q, "layer_entropy", v, layer=layer)
        for (model, layer), values in LAYERS.items()
        for q, v in zip(QUESTIONS, values, strict=True)
    ),
    row("idle", "q1", "generation_time", 2.0),
]
PRINTED = [
    row("paper", "", "token_entropy", 2.0, origin="published"),
    row("alpha", "", "token_entropy", 2.5, origin="published", prompt_set="printed"),
]


@pytest.fixture
def read(tmp_path):
    """Write a study with one analysis, and read it with its rows."""

    def reading(analysis, rows=ROWS, printed=PRINTED):
        folder = tmp_path / "inputs" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        text = f'{STUDY}[analysis.it]\nquestion = "q"\n{analysis}'
        (folder / "study.toml").write_text(text, encoding="utf-8")
        shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
        write_parquet(frame(shuffled), folder / "rows.parquet")
        frame(printed).to_csv(folder / "printed.csv", index=False)
        study = load_study(tmp_path, "small")
        return study, load_dataset(study)

    return reading


@pytest.fixture
def asked(read):
    """List the members that an analysis is asked for."""

    def asking(analysis, rows=ROWS):
        study, dataset = read(analysis, rows)
        return groups_of(study.analyses["it"], study, dataset, "here")

    return asking


@pytest.fixture
def ask(read):
    """Answer a study's only question."""

    def asking(analysis, rows=ROWS):
        study, dataset = read(analysis, rows)
        return Register(study, analyse(study, dataset))

    return asking


def role(name, measure, words=""):
    return f'roles.{name} = {{ kind = "observations", of = "value", measure = "{measure}"{words} }}\n'


OVER = ', over = "prompt", origin = "imported"'
BOTH = role("first", "token_entropy", OVER) + role("second", "axis_projection", OVER)
DESCRIBE = 'statistic = "describe_values"\n'


def labels(groups):
    return [group.label for group in groups]


def test_a_question_without_members_is_asked_once(asked):
    (one,) = asked(DESCRIBE + role("values", "axis_projection"))
    assert (one.label, one.conditions) == ("", {})


def test_models_and_axes_come_as_the_study_declares_them(asked):
    found = asked(f'statistic = "spearman"\neach = ["model", "axis"]\n{BOTH}')
    assert labels(found) == [f"{model}/{axis}" for model in MODELS[:3] for axis in AXES]
    turned = asked(f'statistic = "spearman"\neach = ["axis", "model"]\n{BOTH}')
    assert labels(turned) == [f"{axis}/{model}" for axis in AXES for model in MODELS[:3]]


def test_each_role_gets_the_conditions_that_its_rows_know(asked):
    found = asked(f'statistic = "spearman"\neach = ["model", "axis"]\n{BOTH}')
    assert found[1].conditions == {"first": {"model": "zeta"}, "second": {"model": "zeta", "axis": "warm"}}


def test_only_combinations_that_rows_have_are_asked_for(asked):
    rows = [r for r in ROWS if (r["model"], r.get("axis")) != ("alpha", "tact")]
    found = asked(f'statistic = "spearman"\neach = ["model", "axis"]\n{BOTH}', rows)
    assert "alpha/tact" not in labels(found)
    assert len(found) == 8


def test_an_empty_cell_names_nobody(asked):
    every = asked(
        f'{DESCRIBE}each = ["model", "axis"]\n' + role("values", "").replace('measure = ""', 'run = "1"')
    )
    assert labels(every) == [*(f"{model}/{axis}" for model in MODELS[:3] for axis in AXES), "idle"]


def test_numbers_are_in_their_order(asked):
    rows = [
        r for r in ROWS if (r["model"], r["prompt"], r.get("layer")) != ("zeta", "q1", 0)
    ]  # 2 comes first
    found = asked(f'{DESCRIBE}each = "layer"\n' + role("values", "layer_entropy"), rows)
    assert labels(found) == ["0", "2", "10"]


def test_measured_models_without_a_row_of_the_question_are_listed(asked, ask):
    question = f'{DESCRIBE}each = "model"\n' + role("values", "axis_projection")
    assert labels(asked(question)) == ["zeta", "alpha", "beta", "idle"]  # neither paper nor unseen
    idle = ask(question).findings.get("it/idle")
    assert isinstance(idle.record, NotComputable)
    assert (idle.record.reason, idle.record.detail) == (
        "missing_cell",
        "no row holds the axis projection that is asked for",
    )


def test_a_question_that_names_models_lists_no_others(asked):
    for words in (', model = "alpha"', ', model_kind = "instruct"', ', vendor = "V"'):
        found = labels(asked(f'{DESCRIBE}each = "model"\n' + role("values", "axis_projection", words)))
        assert "idle" not in found
        assert "alpha" in found


def test_a_question_of_published_rows_lists_no_measured_models(asked):
    printed = role("values", "token_entropy", ', prompt_set = "printed"')
    assert labels(asked(f'{DESCRIBE}each = "model"\n{printed}')) == ["alpha"]
    every = labels(asked(f'{DESCRIBE}each = "model"\n' + role("values", "token_entropy")))
    assert every == ["zeta", "alpha", "beta", "paper", "idle"]


def test_rows_that_may_be_lacking_ask_nobody(asked):
    question = (
        f'{DESCRIBE}each = "model"\nroles.values = {{ kind = "states", of = "state", optional = true }}'
    )
    with pytest.raises(Degenerate, match="no_rows: the study has no states"):
        asked(question)
    with pytest.raises(DataError, match="The study has no states"):
        asked(question.replace(", optional = true", ""))
    nobody = f'{DESCRIBE}each = "model"\n' + role(
        "values", "token_entropy", ', estimator = "none", optional = true'
    )
    with pytest.raises(Degenerate, match=r"no_rows: no row has .*estimator = none"):
        asked(nobody)


def test_a_question_without_rows_is_an_answer_with_its_reason(ask):
    found = ask(
        f'{DESCRIBE}each = "model"\nroles.values = {{ kind = "states", of = "state", optional = true }}'
    )
    (only,) = found.findings
    assert (only.label, only.record) == ("", NotComputable("no_rows", "the study has no states"))


@pytest.mark.parametrize("key", ["each", "pairs"])
def test_members_of_an_unknown_column_are_refused(asked, key):
    with pytest.raises(StudyError, match=f'{key} = "modell" is no column\\..*Did you mean "model"'):
        asked(f'{DESCRIBE}{key} = "modell"\n' + role("values", "axis_projection"))


# Pairs

PAIRED = "".join(
    role(f"{name}_{part}", measure, words)
    for name in ("first", "second")
    for part, measure, words in (
        ("axes", "axis_projection", ', over = "prompt", by = "axis"'),
        ("layers", "layer_entropy", ', over = "prompt", by = "layer"'),
    )
)


def test_every_two_models_are_a_pair_once(asked):
    found = asked(
        f'statistic = "fingerprint"\npairs = "model"\n{PAIRED}' + role("blocks", "token_entropy", OVER)
    )
    assert labels(found) == ["zeta/alpha", "zeta/beta", "alpha/beta"]
    assert found[1].conditions == {
        "first_axes": {"model": "zeta"}, "first_layers": {"model": "zeta"},
        "second_axes": {"model": "beta"}, "second_layers": {"model": "beta"}, "blocks": {"model": "zeta"},
    }  # fmt: skip


def kinds(first, second, measure="layer_entropy"):
    return role("first", measure, f', over = "prompt", model_kind = "{first}"') + role(
        "second", measure, f', over = "prompt", model_kind = "{second}"'
    )


def test_conditions_say_who_is_first(asked):
    pairs = 'statistic = "paired_t"\npairs = "model"\n'
    assert labels(asked(pairs + kinds("base", "instruct"))) == ["zeta/alpha", "zeta/beta"]
    assert labels(asked(pairs + kinds("instruct", "base"))) == ["alpha/zeta", "beta/zeta"]
    assert labels(asked(pairs + kinds("instruct", "instruct"))) == ["alpha/beta"]
    with pytest.raises(Degenerate, match="no_pair"):  # zeta alone is base
        asked(pairs + kinds("base", "base"))


def test_pairs_stand_beside_other_members(asked):
    pairs = 'statistic = "paired_t"\neach = "axis"\npairs = "model"\n'
    found = asked(pairs + kinds("base", "instruct", "axis_projection"))
    assert labels(found) == [f"zeta/{model}/{axis}" for model in ("alpha", "beta") for axis in AXES]
    assert found[2].conditions == {
        "first": {"model": "zeta", "axis": "tact"}, "second": {"model": "alpha", "axis": "tact"},
    }  # fmt: skip


def test_a_pair_is_answered_from_the_rows_of_both(ask):
    found = ask('statistic = "paired_t"\npairs = "model"\n' + kinds("base", "instruct")).findings.get(
        "it/zeta/beta"
    )
    means = [np.mean([LAYERS[model, layer] for layer in (0, 2, 10)], axis=0) for model in ("zeta", "beta")]
    assert found.record.estimate == pytest.approx(np.mean(means[1] - means[0]))
    assert found.record.p == pytest.approx(stats.ttest_rel(*means).pvalue)


# What roles of one question may hold


def test_roles_of_a_rank_correlation_may_hold_different_entropies(ask):
    found = ask(f'statistic = "spearman"\neach = ["model", "axis"]\n{BOTH}').findings.get("it/alpha/tact")
    rho = stats.spearmanr(ENTROPY["alpha"], POSITION["alpha", "tact"]).statistic
    assert found.record.r == pytest.approx(rho)
    assert found.record.unit == "1"
    assert found.units == QUESTIONS
    with pytest.raises(EstimandError, match="they measure different things"):
        ask(f'statistic = "paired_t"\neach = ["model", "axis"]\n{BOTH}')


def test_rows_may_differ_in_what_the_study_says(ask):
    rows = [r | {"tokenizer": r["model"]} if "tokenizer" in r else r for r in ROWS]
    question = 'statistic = "sign_pattern"\n' + role("first", "token_entropy", f'{OVER}, by = "model"')
    question += role("second", "axis_projection", f'{OVER}, by = ["model", "axis"]')
    with pytest.raises(EstimandError, match="tokens of two tokenizers"):
        ask(question, rows)
    assert ask(f'across = ["tokenizer"]\n{question}', rows).findings.get("it").record.n == 5
    with pytest.raises(EstimandError, match="estimators differ"):
        ask(
            f'across = ["tokenizer"]\n{question}',
            [r | {"estimator": r["model"]} if "tokenizer" in r else r for r in rows],
        )


# Members of an answer

SCAN = (
    'statistic = "peak_scan"\neach = "model"\n'
    + role("axes", "axis_projection", f'{OVER}, by = "axis"')
    + role("layers", "layer_entropy", f'{OVER}, by = "layer"')
)


def peak(model, axis):
    """Find the layer of the largest |rho| of an axis, and that rho, with scipy."""
    rho = {
        layer: stats.spearmanr(POSITION[model, axis], LAYERS[model, layer]).statistic for layer in (0, 2, 10)
    }
    layer = max(rho, key=lambda each: abs(round(rho[each], 9)))  # the first of ties
    return layer, rho[layer]


def stepped_down(model):
    """Adjust the peaks of two axes by enumeration of all orders: Westfall and Young's step-down."""
    axes = ("warm", "tact")
    ranks = {layer: stats.rankdata(LAYERS[model, layer]) for layer in (0, 2, 10)}

    def largest(axis, order):
        moved = stats.rankdata(POSITION[model, axis])[list(order)]
        return max(abs(np.corrcoef(moved, ranks[layer])[0, 1]) for layer in ranks)

    null = [{axis: largest(axis, order) for axis in axes} for order in itertools.permutations(range(5))]
    observed = null[0]
    high, low = sorted(axes, key=observed.__getitem__, reverse=True)
    first = np.mean([max(each.values()) >= observed[high] - 1e-9 for each in null])
    second = np.mean([each[low] >= observed[low] - 1e-9 for each in null])
    return {high: first, low: max(first, second)}


@pytest.mark.parametrize("model", MODELS[:3])
def test_the_axes_of_a_scan_are_findings(ask, model):
    register = ask(SCAN)
    adjusted = stepped_down(model)
    for axis in ("warm", "tact"):
        finding = register.findings.get(f"it/{model}/{axis}")
        layer, rho = peak(model, axis)
        assert finding.is_member
        assert finding.record.r == pytest.approx(rho)
        assert register.look_up(f"it/{model}/{axis}.layer").value == layer
        assert register.look_up(f"it/{model}/{axis}.axis") == axis
        assert finding.adjusted_p == pytest.approx(adjusted[axis])
        assert finding.family_size == 2
    flat = register.findings.get(f"it/{model}/flat")
    assert flat.record == NotComputable("constant_series", "flat does not vary")
    assert flat.is_member
    assert not register.findings.get(f"it/{model}").is_member


def test_labels_are_roles_by_name(ask):
    """Within strata of one answer each there is nothing to permute: the labels did reach the statistic."""
    rows = [r | {"block": r["prompt"]} for r in ROWS]
    strata = f'roles.strata = {{ kind = "observations", of = ["block", "finish_reason"], measure = "token_entropy"{OVER} }}\n'
    found = ask(SCAN + strata, rows).findings.get("it/zeta")
    assert found.record.reason == "nothing_to_permute"
    rows = [r | {"block": "x" if r["prompt"] < "q3" else "y"} for r in ROWS]
    found = ask(SCAN + strata, rows).findings.get("it/zeta")
    assert found.record.permutations == math.factorial(2) * math.factorial(3)


def test_an_answer_that_the_labels_lack_is_left_out_and_named(ask):
    rows = [r for r in ROWS if (r["measure"], r["prompt"]) != ("token_entropy", "q2")]
    strata = (
        f'roles.strata = {{ kind = "observations", of = "finish_reason", measure = "token_entropy"{OVER} }}\n'
    )
    found = ask(SCAN + strata, rows).findings.get("it/zeta")
    assert (found.record.n, found.dropped) == (4, ("q2",))


def test_an_answer_with_a_hole_is_left_out_and_named(ask):
    rows = [r for r in ROWS if (r["model"], r.get("layer"), r["prompt"]) != ("alpha", 2, "q4")]
    register = ask(SCAN, rows)
    assert register.findings.get("it/alpha").dropped == ("q4",)
    assert register.findings.get("it/alpha").units == ("q1", "q2", "q3", "q5")
    assert register.findings.get("it/zeta").dropped == ()
    layers = ask(
        'statistic = "layer_profile"\neach = "model"\n'
        + role("layers", "layer_entropy", f'{OVER}, by = "layer"'),
        rows,
    )
    assert layers.findings.get("it/alpha").dropped == ("q4",)
    wanted = [np.delete(LAYERS["alpha", layer], 3).mean() for layer in (0, 2, 10)]
    assert layers.findings.get("it/alpha").record.mean == pytest.approx(wanted)
    assert [number.value for number in layers.look_up("it/alpha.at")] == [0, 2, 10]


POOLED = role("first", "token_entropy", f'{OVER}, by = "model"') + role(
    "second", "axis_projection", f'{OVER}, by = ["model", "axis"]'
)


def pooled(axis, models=MODELS[:3]):
    rho = [stats.spearmanr(ENTROPY[model], POSITION[model, axis]).statistic for model in models]
    return math.tanh(np.mean(np.arctanh(rho)))


def test_the_axes_of_a_pooled_scan_are_findings(ask):
    register = ask(f'statistic = "pooled_scan"\n{POOLED}')
    record = register.findings.get("it").record
    for place, axis in enumerate(("warm", "tact")):  # flat is constant, and no member of the family
        finding = register.findings.get(f"it/{axis}")
        assert finding.record.r == pytest.approx(pooled(axis))
        assert finding.adjusted_p == record.p_step_down[place]
        assert finding.adjusted_p >= finding.record.p
        assert finding.family_size == 2
    assert register.findings.get("it/flat").record.reason == "constant_series"


def test_a_model_without_an_axis_is_left_out_of_that_axis(ask):
    rows = [r for r in ROWS if (r["model"], r.get("axis")) != ("alpha", "warm")]
    register = ask(f'statistic = "pooled_scan"\n{POOLED}', rows)
    assert register.look_up("it/warm.models").keys == ("zeta", "beta")
    assert register.findings.get("it/warm").record.r == pytest.approx(pooled("warm", ("zeta", "beta")))
    assert register.look_up("it/tact.models").keys == ("zeta", "alpha", "beta")


def test_a_model_that_one_role_lacks_is_left_out_and_named(ask):
    """The second model of one matrix must not meet the third of the other."""
    rows = [r for r in ROWS if (r["model"], r["measure"]) != ("alpha", "axis_projection")]
    register = ask(f'statistic = "pooled_scan"\n{POOLED}', rows)
    assert register.findings.get("it").dropped == ("alpha",)
    assert register.findings.get("it/tact").record.r == pytest.approx(pooled("tact", ("zeta", "beta")))


def test_signs_name_the_models_of_an_axis(ask):
    register = ask(f'statistic = "sign_pattern"\n{POOLED}')
    for axis in ("warm", "tact"):
        rho = {m: stats.spearmanr(ENTROPY[m], POSITION[m, axis]).statistic for m in MODELS[:3]}
        assert register.look_up(f"it/{axis}.positive").keys == tuple(m for m in rho if rho[m] > 0)
        assert register.look_up(f"it/{axis}.negative").keys == tuple(m for m in rho if rho[m] < 0)
        assert register.findings.get(f"it/{axis}").adjusted_p is None
    assert register.look_up("it/flat.undefined").keys == MODELS[:3]


@pytest.fixture
def cut():
    """Say how each answer ended: the same question is cut in one model and not in another."""
    asked = {"zeta": "q1 q2 q5", "alpha": "q1 q5", "beta": "q1 q3 q4"}
    return {m: ["length" if q in those else "stop" for q in QUESTIONS] for m, those in asked.items()}


@pytest.fixture
def ask_within(ask, cut):
    """Put a question about the series of all models, each within strata of its own."""
    rows = [
        r | {"finish_reason": cut[r["model"]][QUESTIONS.index(r["prompt"])]} if r["model"] in cut else r
        for r in ROWS
    ]
    strata = role("strata", "token_entropy", f'{OVER}, by = "model"').replace('"value"', '"finish_reason"')
    return lambda statistic: ask(f'statistic = "{statistic}"\n{POOLED}{strata}', rows)


def test_signs_are_those_within_the_strata_of_each_model(ask_within, cut):
    """Each model has a sign that strata turn."""
    found = ask_within("sign_pattern")
    assert found.findings.get("it").record.method == "signs_of_stratified_spearman"
    for axis in ("warm", "tact"):
        rho = {m: within(ENTROPY[m], POSITION[m, axis], cut[m]) for m in MODELS[:3]}
        assert found.look_up(f"it/{axis}.positive").keys == tuple(m for m in rho if rho[m] > 0)
        assert found.look_up(f"it/{axis}.negative").keys == tuple(m for m in rho if rho[m] < 0)


def test_a_pooled_scan_is_that_within_the_strata_of_each_model(ask_within, cut):
    found = ask_within("pooled_scan")
    assert found.findings.get("it").record.method == "max_pooled_stratified_spearman_exact_permutation"
    for axis in ("warm", "tact"):
        z = [np.arctanh(within(ENTROPY[m], POSITION[m, axis], cut[m])) for m in MODELS[:3]]
        assert found.findings.get(f"it/{axis}").record.z == pytest.approx(np.mean(z))


def within(first, second, strata):
    """Correlate by least squares what strata leave of ranks."""
    dummies = (np.array(strata)[:, np.newaxis] == np.unique(strata)).astype(float)
    ranks = [stats.rankdata(series) for series in (first, second)]
    left = [rank - dummies @ np.linalg.lstsq(dummies, rank, rcond=None)[0] for rank in ranks]
    return np.corrcoef(*left)[0, 1]


def test_a_fingerprint_compares_the_axes_that_both_models_have(ask):
    """zeta lacks flat, beta lacks warm: tact must meet tact."""
    rows = [
        r | {"prompt": f"{r['prompt']}{copy}", "address": f"{r['address']}{copy}",
             "value": r["value"] * (1 - 0.01 * copy * len(r["prompt"]))}
        for r in ROWS
        for copy in (1, 2)
        if (r["model"], r.get("axis")) not in {("zeta", "flat"), ("beta", "warm")}
    ]  # fmt: skip
    question = f'statistic = "fingerprint"\npairs = "model"\noptions = {{ bins = 2, splits = 20, permutations = 19 }}\n{PAIRED}'
    found = ask(question, rows).findings.get("it/zeta/beta")
    assert found.dropped == ("warm", "flat")
    assert found.names["first_axes"] == found.names["second_axes"] == ("tact",)
