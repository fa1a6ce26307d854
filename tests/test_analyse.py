"""The question meets the rows: the study's answers against the methods page, and how they follow the data.

The expected values were computed outside this project (R 4.2, closed forms, enumeration of all resamples and
orders) from the sixteen published cells; digits are as many as are given there.
"""

from __future__ import annotations

import pickle
import random
import re
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from reporter.analyse import analyse
from reporter.dataset import load_dataset
from reporter.errors import DataError, StudyError
from reporter.findings import Verdict
from reporter.project import load_study
from reporter.sharing import shared

MODELS = ("llama-3.3-70b", "gpt-4o", "deepseek-v3.2", "gemini-2.0-flash", "claude-opus-4.5",
          "claude-sonnet-4.5", "claude-haiku-4.5", "grok-4.1-fast")  # fmt: skip
LLAMA, GPT, DEEPSEEK, GEMINI, OPUS, SONNET, HAIKU, GROK = MODELS
BELOW = {  # P(mean < 3.0), ddof 0
    "zone_first": (0.980762, 0.974342, 0.890434, 0.146447, 0.174604, 0.014929, 0.022110, 0.146447),
    "zone_second": (0.853553, 0.947214, 0.341886, 0.262950, 0.170748, 0.061052, 0.005814, 0.047591),
}
CENTRES = (3.010206, 3.050206, 3.090206, 3.140206, 3.165206, 3.195206, 3.230206, 3.200206)
OWN_SLOPES = (3.0922, 2.9864, 3.1358, 3.1493, 3.0832, 3.1497, 3.1300, 3.3551)
# Gemini's low end is 3.00448 on a grid over the share of true heterogeneity; 3.005 would be rounded twice.
ENVELOPES = ((2.885, 3.185), (2.886, 3.176), (2.962, 3.246), (3.0045, 3.281), (2.991, 3.290), (3.040, 3.324),
             (3.045, 3.355), (3.075, 3.422))  # fmt: skip
CONFIDENCE = ("none", "none", "none", "medium", "low", "medium", "medium", "medium")


def printed(value):
    """Match a value to half a unit of the last digit that the source prints."""
    digits = len(str(value).partition(".")[2])
    return pytest.approx(value, abs=0.5 * 10**-digits * (1 + 1e-9))


@pytest.fixture(scope="module")
def f(answered_published):
    """Look a record up by its address."""
    return lambda address: answered_published.findings.get(address).record


def test_the_mean_change(f):
    change = f("mean_change")
    assert change.estimate == pytest.approx(0.055, rel=1e-12)
    assert (change.interval.low, change.interval.high) == (printed(0.01404), printed(0.09596))
    assert (change.t, change.df, change.p, change.n) == (printed(3.1754), 7, printed(0.01559), 8)


def test_the_bootstrap_interval_of_the_mean_change_by_enumeration(f):
    interval = f("mean_change_bca").interval
    assert (interval.low, interval.high) == pytest.approx((0.0275, 0.09125), rel=1e-12)


def test_the_signed_rank_test_and_its_floor(f):
    ranks = f("signed_rank")
    assert (ranks.statistic, ranks.n, ranks.n_used) == (28, 8, 7)
    assert ranks.p == ranks.p_floor == 2 / 2**7


def test_the_sign_test_of_seven_rises_and_one_tie(f):
    signs = f("signs")
    assert (signs.statistic, signs.n_used, signs.p) == (7, 7, 2 / 2**7)


def test_the_order_of_the_models(f):
    order = f("rank_stability")
    assert order.r == printed(0.83139)
    assert order.p == pytest.approx(560 / 40320, rel=1e-12)


def test_the_equivalence_of_the_mean_change(f):
    equivalence = f("mean_equivalence")
    assert equivalence.bound == 0.10
    assert (equivalence.p, equivalence.smallest_bound) == (printed(0.0178), printed(0.0878))


def test_the_mean_change_is_both_different_and_within_the_bound(answered_published):
    assert answered_published.findings.get("mean_change").verdict is Verdict.DIFFERENT_WITHIN_BOUND
    assert answered_published.findings.get("mean_equivalence").verdict is None


def test_changes_of_single_models(f):
    assert f(f"change/{LLAMA}").t == pytest.approx(2.5, rel=1e-9)
    assert f(f"change/{LLAMA}").df == pytest.approx(4, rel=1e-12)
    assert f(f"change/{GROK}").p == printed(0.1187)


def test_holm_over_the_eight_changes_leaves_none(answered_published):
    changes = answered_published.findings.of("change")
    assert [change.label for change in changes] == list(MODELS)
    assert {change.family_size for change in changes} == {8}
    assert all(change.adjusted_p > 0.05 for change in changes)
    assert {change.verdict for change in changes} == {Verdict.NOT_SEPARABLE}
    smallest = min(change.record.p for change in changes)
    assert min(change.adjusted_p for change in changes) == pytest.approx(8 * smallest, rel=1e-12)


def test_a_verdict_within_a_family_goes_by_the_adjusted_p(project):
    project.change_cell(LLAMA, 100, sd="0.03")
    project.change_cell(LLAMA, 200, sd="0.03")
    change = project.answer().findings.get(f"change/{LLAMA}")
    assert change.record.t == pytest.approx(10 / 3, rel=1e-9)  # 0.10 / sqrt(2 x 0.03^2 / 2)
    assert change.record.p < 0.05 < change.adjusted_p
    assert change.verdict is Verdict.NOT_SEPARABLE


@pytest.mark.parametrize("key", BELOW)
@pytest.mark.parametrize("position", range(8), ids=MODELS)
def test_the_zone_of_each_cell(f, key, position):
    zone = f(f"{key}/{MODELS[position]}")
    assert zone.below == printed(BELOW[key][position])
    assert sum(zone.probabilities) == pytest.approx(1, abs=1e-12)
    assert zone.zone == (zone.value >= 3.0)


def test_deepseek_crossed_by_its_point_value_and_nothing_is_established(f, answered_published):
    crossing = f(f"crossing/{DEEPSEEK}")
    assert (crossing.low, crossing.high) == (printed(0.5485), printed(0.6581))
    assert crossing.crossed and not crossing.established
    crossed = [each.label for each in answered_published.findings.of("crossing") if each.record.crossed]
    assert crossed == [DEEPSEEK]


def test_which_divisor_of_the_sd_fits(f):
    first, second = f("feasible_cells_first"), f("feasible_cells_second")
    assert (len(first.population), len(second.population)) == (8, 8)
    assert [MODELS[i] for i in first.sample] == [LLAMA, DEEPSEEK, GEMINI, SONNET, HAIKU, GROK]
    assert [MODELS[i] for i in second.sample] == [OPUS, HAIKU]


@pytest.mark.parametrize(
    ("address", "low", "high"),
    [
        (f"feasible_first/{LLAMA}", 0.028577, 0.037417),
        (f"feasible_first/{GPT}", 0.021602, 0.032998),
        (f"feasible_second/{GPT}", 0.021602, 0.032998),
        (f"feasible_second/{GEMINI}", 0.120277, 0.131403),
    ],
)
def test_the_range_of_sd_that_a_cell_allows(f, address, low, high):
    cell = f(address)
    assert (cell.sd_low, cell.sd_high) == (printed(low), printed(high))
    assert cell.feasible_population


def test_the_prediction_of_all_models(f):
    common = f("prediction")
    assert (common.half_width, common.sigma, common.df) == (printed(0.1250309), printed(0.0346410), 7)
    assert (common.envelope_half_width, common.worst_heterogeneity) == (printed(0.138304), printed(0.29946))
    assert common.extrapolated


@pytest.mark.parametrize("position", range(8), ids=MODELS)
def test_the_prediction_of_each_model(f, position):
    one = f(f"prediction/{MODELS[position]}")
    assert (one.centre, one.own_slope) == (printed(CENTRES[position]), printed(OWN_SLOPES[position]))
    assert (one.envelope.low, one.envelope.high) == tuple(map(printed, ENVELOPES[position]))
    assert (one.interval.low + one.interval.high) / 2 == pytest.approx(one.centre, rel=1e-12)
    assert one.plateau == f(f"cell_second/{MODELS[position]}").mean
    assert one.confidence == CONFIDENCE[position]
    assert one.marginal == (MODELS[position] == GEMINI)


def test_seven_of_eight_rose_and_two_are_lowest(answered_published, f):
    changes = f("changes")
    assert len(changes.above_zero) == 7
    units = answered_published.findings.get("range_second").units
    assert [units[i] for i in f("range_second").lowest] == [LLAMA, GPT]
    assert [units[i] for i in changes.most_rising] == [GROK]
    assert changes.largest_change == pytest.approx(0.14, rel=1e-9)


def test_three_models_cannot_decide_an_order(answered_published, f):
    for key in ("family_order_first", "family_order_second"):
        assert f(f"{key}/Claude 4.5").p_floor == pytest.approx(1 / 6, rel=1e-12)
        assert answered_published.findings.get(f"{key}/Claude 4.5").verdict is Verdict.NOT_DECIDABLE


def test_what_cannot_be_answered_says_why_and_hides_nothing_else(answered_published):
    for trend in answered_published.findings.of("own_trend"):
        assert trend.record.reason == "no_residual_df"
        assert trend.verdict is None
    assert answered_published.findings.get("temperature").record.reason == "constant_series"
    assert "first" not in answered_published.findings.get("temperature").record.detail


# --- traces -----------------------------------------------------------------------------------------------


def test_every_finding_names_its_rows_and_their_digest(answered_published):
    known = set(answered_published.dataset.tables["summaries"]["address"])
    for finding in answered_published.findings:
        assert finding.trace.addresses and set(finding.trace.addresses) <= known
        assert re.fullmatch("[0-9a-f]{64}", finding.trace.digest)
        assert finding.trace.statistic == answered_published.study.analyses[finding.key].statistic


@pytest.fixture
def sharing(monkeypatch):
    """Share, whatever threads the process of the tests has; list how often that was done."""
    times = []
    monkeypatch.setattr("reporter.analyse.can_share", lambda: sys.platform == "linux")
    monkeypatch.setattr("reporter.analyse.shared", lambda *jobs: times.append(1) or shared(*jobs))
    return times


def test_two_processes_give_the_findings_of_one(answered_published, sharing):
    study, dataset = answered_published.study, load_dataset(answered_published.study)
    both = analyse(study, dataset, share=True)
    assert sharing == [1] * (sys.platform == "linux")
    alone = answered_published.findings
    assert [finding.address for finding in both] == [finding.address for finding in alone]
    for one, other in zip(alone, both, strict=True):
        assert pickle.dumps(one.record) == pickle.dumps(other.record), one.address
        assert (one.trace, one.trace.addresses) == (other.trace, other.trace.addresses)
        assert (one.adjusted_p, one.verdict, one.units) == (other.adjusted_p, other.verdict, other.units)


def test_the_first_refusal_of_a_study_is_raised_by_two_processes_as_by_one(answered_published, sharing):
    study, dataset = answered_published.study, load_dataset(answered_published.study)
    keys = list(study.analyses)
    wrong = {key: study.analyses[key].model_copy(update={"statistic": f"no_{key}"}) for key in keys[5:]}
    broken = study.model_copy(update={"analyses": {**study.analyses, **wrong}})
    refusals = []
    for share in (False, True):
        with pytest.raises(StudyError) as met:
            analyse(broken, dataset, share=share)
        refusals.append(str(met.value))
    assert refusals[0] == refusals[1]
    assert keys[5] in refusals[0]


def test_every_record_has_the_unit_of_its_rows(project):
    project.write_rows([row | {"unit": "bits"} for row in project.rows()])
    units = {getattr(finding.record, "unit", None) for finding in project.answer().findings}
    assert "bits" in units and "nats" not in units


# --- how findings follow the data ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_changes_no_finding_and_no_digest(project, answered_published, seed):
    """What changes is the file's own digest, and the line numbers that a trace prints."""
    rows = project.rows()
    random.Random(seed).shuffle(rows)
    project.write_rows(rows)
    again = project.answer()
    assert again.findings == answered_published.findings
    assert again.dataset.fingerprint != answered_published.dataset.fingerprint


def test_another_value_changes_the_digests_of_those_who_read_it_and_of_no_others(project, answered_published):
    project.change_cell(GPT, 100, sd="0.03")
    again = project.answer().findings
    address = f"document.md#100-token-results/{GPT}"
    for before, after in zip(answered_published.findings, again, strict=True):
        assert (before.trace.digest != after.trace.digest) == (address in before.trace.addresses)


def test_a_model_that_rises_most_is_named_and_crosses(project):
    project.change_cell(GPT, 200, mean="3.50", minimum="3.40", maximum="3.60")
    findings = project.answer().findings
    changes = findings.get("changes")
    assert [changes.units[i] for i in changes.record.most_rising] == [GPT]
    assert findings.get(f"crossing/{GPT}").record.crossed
    assert [findings.get("moves").units[i] for i in findings.get("moves").record.crossed] == [GPT, DEEPSEEK]
    assert [changes.units[i] for i in findings.get("range_second").record.highest] == [GPT]
    assert findings.get("range_second").record.maximum == 3.50


def test_the_mean_change_turns_when_the_limits_are_swapped(project, answered_published):
    swap = {"100": "200", "200": "100"}
    project.write_rows([row | {"token_limit": swap[row["token_limit"]]} for row in project.rows()])
    there, back = answered_published.findings, project.answer().findings
    assert back.get("mean_change").record.estimate == pytest.approx(-there.get("mean_change").record.estimate)
    assert back.get("mean_change").record.p == pytest.approx(there.get("mean_change").record.p)
    assert back.get("mean_change").verdict is there.get("mean_change").verdict
    assert back.get("changes").record.fell == there.get("changes").record.rose


def test_no_change_at_all_is_an_answer_without_a_test(project):
    first = {row["model"]: row for row in project.rows() if row["token_limit"] == "100"}
    same = ("mean", "sd", "minimum", "maximum")
    project.write_rows([row | {name: first[row["model"]][name] for name in same} for row in project.rows()])
    findings = project.answer().findings
    assert len(findings.get("changes").record.steady) == 8
    assert findings.get("signed_rank").record.reason == "no_change"
    assert not findings.get("mean_change").computable
    assert findings.get("mean_change").verdict is None


def test_a_cell_of_one_value_has_no_spread_and_leaves_its_family(project):
    project.change_cell(GPT, 100, n="1")
    findings = project.answer().findings
    assert findings.get(f"change/{GPT}").record.reason == "too_few"
    assert findings.get(f"change/{GPT}").adjusted_p is None
    assert {f.family_size for f in findings.of("change") if f.computable} == {7}
    assert findings.get("mean_change").computable


def test_members_of_an_answer_that_is_missing_are_missing_too(project):
    # all models change alike: no spread, hence no prediction interval
    means = {row["model"]: row["mean"] for row in project.rows() if row["token_limit"] == "100"}
    for model, mean in means.items():
        project.change_cell(model, 200, mean=mean, minimum=mean, maximum=mean)
    findings = project.answer().findings
    assert not findings.get("prediction").computable
    assert [finding.label for finding in findings.of("prediction")] == ["", *MODELS]
    assert not findings.get(f"prediction/{GPT}").computable


def test_a_question_can_be_asked_for_each_value_of_a_column_of_numbers(project):
    project.edit("[analysis.range_first]", '[analysis.range_first]\neach = "token_limit"')
    project.edit(
        'roles.values = { of = "mean", token_limit = "first_limit" }', 'roles.values = { of = "mean" }'
    )
    found = project.answer().findings.of("range_first")
    assert [(finding.label, finding.record.minimum) for finding in found] == [("100", 2.86), ("200", 2.96)]


def test_a_role_that_averages_has_one_value_per_group(answered_published):
    finding = answered_published.findings.get("vendor_change")
    assert finding.units == ("Meta", "OpenAI", "DeepSeek", "Google", "Anthropic", "xAI")
    assert finding.record.n == 6
    anthropic = (3.07 + 3.11 + 3.13 - 3.06 - 3.08 - 3.13) / 3
    mean = (0.10 + 0.02 + 0.08 + 0.06 + anthropic + 0.14) / 6
    assert finding.record.estimate == pytest.approx(mean, rel=1e-9)


def test_one_missing_cell_is_named(project):
    project.write_rows(
        [row for row in project.rows() if row["address"] != f"document.md#200-token-results/{HAIKU}"]
    )
    with pytest.raises(DataError, match=HAIKU):
        project.answer()


MEANS = some.lists(some.integers(150, 450), min_size=8, max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=MEANS, second=MEANS)
def test_whatever_the_means_the_findings_agree_with_them(project, answered_published, first, second):
    """Means in hundredths, so that every expectation is exact integer arithmetic."""
    means = {("100", model): mean for model, mean in zip(MODELS, first, strict=True)}
    means |= {("200", model): mean for model, mean in zip(MODELS, second, strict=True)}
    rows = project.rows()
    for row in rows:
        mean = means[row["token_limit"], row["model"]]
        row |= {"mean": f"{mean / 100:.2f}", "minimum": f"{mean / 100 - 0.5:.2f}"}
        row |= {"maximum": f"{mean / 100 + 0.5:.2f}", "sd": "0.30"}
    project.write_rows(rows)
    study = load_study(project.root, "token-scaling")
    findings = analyse(study, load_dataset(study))
    change = [late - early for early, late in zip(first, second, strict=True)]

    changes = findings.get("changes").record
    assert changes.rose.indices == tuple(i for i, value in enumerate(change) if value >= 2)  # above 0.015
    assert changes.fell.indices == tuple(i for i, value in enumerate(change) if value <= -2)
    assert len(changes.rose) + len(changes.fell) + len(changes.steady) == changes.n == 8
    assert changes.above_zero.indices == tuple(i for i, value in enumerate(change) if value > 0)
    assert changes.most_rising.indices == tuple(i for i, value in enumerate(change) if value == max(change))
    assert changes.largest_change == pytest.approx(max(map(abs, change)) / 100, abs=1e-9)

    spread = findings.get("range_second").record
    assert (spread.minimum, spread.maximum) == (min(second) / 100, max(second) / 100)
    assert spread.lowest.indices == tuple(i for i, mean in enumerate(second) if mean == min(second))

    zones = [[sum(mean >= cut for cut in (300, 400, 600)) for mean in means] for means in (first, second)]
    crossed = [MODELS[i] for i in range(8) if zones[0][i] != zones[1][i]]
    assert [each.label for each in findings.of("crossing") if each.record.crossed] == crossed
    assert [MODELS[i] for i in findings.get("moves").record.crossed] == crossed

    for finding in findings:
        p = getattr(finding.record, "p", None)
        if finding.verdict is not None and finding.verdict is not Verdict.NOT_DECIDABLE:
            decided = finding.adjusted_p if finding.adjusted_p is not None else p
            different = finding.verdict in (Verdict.DIFFERENT, Verdict.DIFFERENT_WITHIN_BOUND)
            assert different == (decided <= 0.05), finding.address
