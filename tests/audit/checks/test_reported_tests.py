"""Tests that papers report: p against statistic and df, intervals against estimates, numbers that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from reporter.audit.checks._p_values import Span, p_span
from reporter.audit.checks.reported_tests import reported_tests as check
from reporter.audit.facts import facts_of
from reporter.audit.finding import Severity
from reporter.audit.markdown import read_markdown
from reporter.audit.reading import Reading

HEADS = "| Question | Estimate | Interval | Statistic | df | p | Adjusted p | n |\n|---|---|---|---|---|---|---|---|\n"
RIGHT = (
    "The change was +0.055 nats (95 % CI 0.014 to 0.096; t(7) = 3.18, p = 0.0156, n = 8).",
    "Scores differed, t(28) = 2.20, p = .036.",
    "There was an effect, F(2, 145) = 8.81, p < .001.",
    "Groups differed, χ2(1) = 4.53, p = .033.",
    "They correlated, r(28) = -.53, p = .003.",
    "The drift was clear, z = 1.96, p = .050.",
    "The one-sided test gave t(28) = 2.20, p = .018.",
    "Rank correlation rho = 0.831 (95 % CI 0.174 to 0.976; permutation p = 0.0139, n = 8).",
    "Equivalence was tested, t(7) = 3.18, p = 0.4.",
    "The odds ratio was 1.42 per bit, 95% CI [1.21, 1.67], χ2(1) = 18.20, p < .001.",
    "The hazard ratio was 1.42, 95% CI [1.21, 1.67], t(90) = 4.20, p < .001.",
    "A Bayesian analysis gave BF10 = 4.2, 89% HDI [0.10, 0.52].",
    "| Effect | Estimate | SE | 95% CI | z | p |\n|---|---|---|---|---|---|\n| Length | 0.05 | 0.02 | [0.01, 0.09] | 2.50 | .012 |\n",
    "A test gave p > .99 and another p < .001.",
)


@pytest.mark.parametrize(
    ("case", "name", "value", "df"),
    [
        ("t_28_2.20", "t", 2.20, (28,)),
        ("t_7_3.18", "t", 3.18, (7,)),
        ("t_2.6_2.32", "t", 2.32, (2.6,)),
        ("z_1.96", "z", 1.96, ()),
        ("F_2_145_8.81", "F", 8.81, (2, 145)),
        ("chi2_1_4.53", "chi2", 4.53, (1,)),
        ("r_28_0.53", "r", 0.53, (28,)),
        ("r_28_0.36", "r", -0.36, (28,)),
    ],
)
def test_p_agrees_with_r(reference, case, name, value, df):
    span = p_span(name, Span(value, value), [Span(x, x) for x in df])
    assert span.low == span.high == pytest.approx(reference("audit_p_values")[case, "p"], rel=1e-8)


def test_a_box_of_roundings_is_spanned_by_its_corners():
    wide = p_span("t", Span(-0.05, 2.25), [Span(27.5, 28.5)])
    assert wide.high == 1
    assert wide.low == p_span("t", Span(2.25, 2.25), [Span(28.5, 28.5)]).low


@pytest.mark.parametrize("text", RIGHT)
def test_right_reports_pass(written, text):
    assert written(check, text) == []


@pytest.mark.parametrize(
    ("text", "severity", "expected"),
    [
        ("Scores differed, t(28) = 2.20, p = .016.", Severity.ERROR, "p from 0.036 to 0.037"),
        ("Scores differed, t(28) = 2.20, p < .001.", Severity.ERROR, "p from 0.036 to 0.037"),
        ("Scores differed, t(28) = 2.20, p = .018.", Severity.WARNING, "p from 0.036 to 0.037"),
        ("There was an effect, F(2, 145) = 3.81, p < .001.", Severity.ERROR, "p from 0.024 to 0.025"),
        ("Groups differed, χ2(1) = 4.53, p = .330.", Severity.ERROR, "p = 0.033"),
        ("They correlated, r(28) = -.53, p = .030.", Severity.ERROR, "p from 0.0023 to 0.0029"),
        (
            "The change was +0.155 nats (95 % CI 0.014 to 0.096).",
            Severity.ERROR,
            "an estimate from 0.014 to 0.096",
        ),
        ("The change was +0.055 nats (95 % CI 0.014 to 0.096, p = .62).", Severity.WARNING, "p below .05"),
        ("Its p = 1.3 was odd.", Severity.ERROR, "p lies between 0 and 1"),
        ("Its p = 0.000 was odd.", Severity.WARNING, "p < 0.001"),
        ("They correlated, r = 1.53.", Severity.ERROR, "a correlation lies between -1 and 1"),
    ],
)
def test_wrong_reports_are_found(written, text, severity, expected):
    [finding] = written(check, text)
    assert (finding.severity, finding.expected, finding.check) == (severity, expected, "reported_tests")


ROW = "| change | +0.10 | [−0.01, 0.21] | 2.50 | 4 | 0.0668 | 0.534 | 6 |\n"


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("0.0668", "0.0768", "two-sided p"),
        ("2.50", "3.50", "two-sided p"),
        ("+0.10", "+0.20", "in the middle"),
        ("0.21]", "0.61]", "in the middle"),
        ("0.534", "0.034", "no adjustment"),
        ("2.50", "−2.50", "half width"),
    ],
)
def test_a_row_of_a_table_of_tests(written, old, new, word):
    assert written(check, HEADS + ROW) == []
    findings = written(check, HEADS + ROW.replace(old, new))
    assert any(word in finding.how for finding in findings), findings


def test_an_interval_apart_from_p_is_not_held_against_it(written):
    text = "| Model | Share | Interval | rho | p |\n|---|---|---|---|---|\n| a | 0.97 | [0.83, 0.99] | −0.311 | 0.0666 |\n"
    assert written(check, text) == []


def test_ties_and_permutations_may_differ_from_student(written):
    head = "| Axis | rho | p | n |\n|---|---|---|---|\n"
    assert written(check, head + "| a | −0.520 | 0.0007 | 30 |\n| b | 0.092 | 1.000 | 30 |\n") == []
    [finding] = written(check, head + "| a | −0.520 | 0.6007 | 30 |\n")
    assert finding.severity is Severity.WARNING


def test_a_spread_that_so_few_values_cannot_tell_apart(written):
    text = "## 100 token results (3 prompts each)\n\nThe standard deviation decreased with more tokens (0.04 → 0.02)."
    [finding] = written(check, text)
    assert finding.severity is Severity.NOTE
    assert "p = 0.400" in finding.how  # pf(4, 2, 2) of R, two-sided


MIDDLES = "| Axis | Estimate | Interval |\n|---|---|---|\n" + "".join(
    f"| a{i} | {m:+.2f} | [{m - 0.2:.2f}, {m + 0.2:.2f}] |\n"
    for i, m in enumerate((0.1, 0.3, -0.2, 0.5, 0.4, 0.15))
)


def test_rows_whose_estimate_is_not_in_the_middle_like_all_others(written):
    assert written(check, MIDDLES) == []
    [finding] = written(check, MIDDLES.replace("+0.50", "+0.60"))
    assert "in 5 of 6 rows" in finding.how
    assert (
        written(
            check,
            "Intervals by the bootstrap.\n\n"
            + MIDDLES.replace("Interval", "Bootstrap interval").replace("+0.50", "+0.60"),
        )
        == []
    )


def t_row(estimate, df, p):
    half = 0.3
    return f"| {estimate:+.3f} | [{estimate - half:.3f}, {estimate + half:.3f}] | {p(estimate / (half / student.ppf(0.975, df)), df):.3f} |\n"


def two_sided(t, df):
    return 2 * student.sf(abs(t), df)


def test_p_of_rows_that_have_one_df_in_common(written):
    head = "| Delta | Interval | p |\n|---|---|---|\n"
    rows = [t_row(e, 29, two_sided) for e in (0.055, -0.061, 0.114, -0.081, 0.178, -0.21)]
    labelled = [f"| axis {i} {row}" for i, row in enumerate(rows)]
    head = head.replace("| Delta", "| Axis | Delta").replace("|---|", "|---|---|", 1)
    assert written(check, head + "".join(labelled)) == []
    wrong = labelled[2].rsplit("|", 2)[0] + "| 0.951 |\n"
    findings = written(check, head + "".join([*labelled[:2], wrong, *labelled[3:]]))
    assert any("df is the standard error" in finding.how for finding in findings)


def test_df_and_n_of_one_table(written):
    head = "| Question | Statistic | df | n |\n|---|---|---|---|\n"
    rows = "".join(f"| q{n} | 1.50 | {n - 1} | {n} |\n" for n in (8, 12, 30, 6, 20, 9))
    assert written(check, head + rows + "| welch | 1.20 | 4 | 6 |\n| welch too | 1.20 | 2.8 | 6 |\n") == []
    [finding] = written(check, head + rows.replace("| 29 |", "| 27 |").replace("| 20 |", "| 20 |"))
    assert finding.expected == "df 29, or n 28"


def test_correlations_and_p_in_one_cell_share_an_n(written):
    text = "Table 1. Correlations with p.\n\n| Axis | One | Two |\n|---|---|---|\n" + "".join(
        f"| a{i} | {one:+.3f}, p {two_sided(one * (28 / (1 - one**2)) ** 0.5, 28):.3f} "
        f"| {two:+.3f}, p {two_sided(two * (28 / (1 - two**2)) ** 0.5, 28):.3f} |\n"
        for i, (one, two) in enumerate([(0.1, -0.2), (0.3, 0.15), (-0.25, 0.05), (0.4, -0.1)])
    )
    assert written(check, text) == []
    [finding] = written(check, text.replace("+0.150", "+0.650"))
    assert "n of about" in finding.how
    [beyond] = written(check, text.replace("+0.150", "+8.150"))
    assert beyond.severity is Severity.ERROR


def test_one_estimate_with_two_intervals(written):
    text = (
        "It rose by +0.055 nats (95 % CI 0.014 to 0.096).\n\nIn short: +0.055 nats (95 % CI 0.014 to {}).\n"
    )
    assert written(check, text.format("0.096")) == []
    [finding] = written(check, text.format("0.196"))
    assert finding.expected == "[0.014, 0.096]"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Of them 6/8 rose, 0/8 fell and 2/8 stayed.", False),
        ("Of them 6/8 rose, 0/8 fell and 2/5 stayed.", True),
        ("| a | Share |\n|---|---|\n| b | 0.98 |\n", False),
        ("| a | Share |\n|---|---|\n| b | 1.98 |\n", True),
        ("| a | Std |\n|---|---|\n| b | −0.1 |\n", True),
        ("| a | Value |\n|---|---|\n| signs.p | 0.31 |\n| signs.n | 12 |\n", False),
        ("| a | Value |\n|---|---|\n| signs.p | 3.31 |\n| signs.n | 12 |\n", True),
        ("The effect was 0.05, to 2 decimals: a 95 % interval of [-0.0029, 0.0001] is not [0, 0].", False),
        ("t(7) = 3.18, p = .015, n = 8.", False),
        ("t(18) = 3.18, p = .005, n = 12.", True),
        ("| a | Value |\n|---|---|\n| x.low | 0.28 |\n| x.high | 0.91 |\n", False),
        ("| a | Value |\n|---|---|\n| x.low | 0.28 |\n| x.high | 0.01 |\n", True),
    ],
)
def test_numbers_that_cannot_be(written, text, wrong):
    assert bool(written(check, text)) is wrong


NUMBERS = "| a | One | Two |\n|---|---|---|\n| b | 1.1 | 2.2 |\n| c | 1.2{} | 2.3 |\n| d | 1.3 | {} |\n| e | 1.4 | 2.5 |\n"


def test_a_lone_star_and_a_lone_bold_number(written):
    assert written(check, NUMBERS.format("", "2.4")) == []
    assert len(written(check, NUMBERS.format("\\*", "2.4"))) == 1
    assert len(written(check, NUMBERS.format("", "**2.4**"))) == 1
    assert written(check, NUMBERS.format("", "**2.9**")) == []  # the largest of its column
    assert written(check, "Table 1. Stars: p below .05.\n\n" + NUMBERS.format("\\*", "2.4")) == []


def test_a_level_that_nothing_else_has(written):
    text = "".join(f"Row {i}: +0.1{i} nats (95 % CI 0.01 to 0.{i + 2}9).\n\n" for i in range(1, 7))
    assert not any("95 %" in finding.expected for finding in written(check, text))
    findings = written(check, text.replace("(95 % CI 0.01 to 0.49)", "(85 % CI 0.01 to 0.49)"))
    assert [finding.expected for finding in findings if "85" in finding.how] == ["95 %"]


@pytest.mark.parametrize("p", [".01", ".02"])
def test_a_bound_on_a_statistic_bounds_its_size(written, p):
    assert len(written(check, f"They differed, t(28) < 2.2, p = {p}.")) == 1
    assert written(check, f"They differed, t(28) > 2.2, p < {p}.") == []


@given(
    df=st.integers(2, 200),
    statistic=st.floats(-8, 8),
    digits=st.integers(2, 4),
)
@settings(max_examples=60, deadline=None)
def test_consistent_triples_never_raise_a_finding(df, statistic, digits):
    p = 2 * student.sf(abs(statistic), df)
    shown = "p < .0001" if p < 0.0001 else f"p = {p:.4f}"
    if p >= 0.99995:
        return
    text = f"They differed, t({df}) = {statistic:.{digits}f}, {shown}."
    document = read_markdown(text, "made.md")
    looked = [*check(Reading(document=document, facts=facts_of(document)))]
    assert [each.finding for each in looked if each.finding] == []
    assert any(len(each.numbers) == 3 for each in looked)
