"""Numbers in sentences: every notation is read back with its value, its digits and what it stands for."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reporter.audit.document import Kind, Place
from reporter.audit.quantities import read_quantities


def at(start, end):
    return Place(line=1, column=start + 1, length=end - start)


def read(text, **more):
    return read_quantities(text, at, **more).quantities


def claims(text, **more):
    return [quantity for quantity in read(text, **more) if quantity.kind is not Kind.IDENTIFIER]


def one(text, **more):
    found = claims(text, **more)
    assert len(found) == 1, [quantity.text for quantity in found]
    return found[0]


# Text, kind, values, decimals of the first, label.
NOTATIONS = [
    ("2.86", Kind.VALUE, (2.86,), 2, ""),
    ("−0.53", Kind.VALUE, (-0.53,), 2, ""),
    ("-0.53", Kind.VALUE, (-0.53,), 2, ""),
    ("–0.53", Kind.VALUE, (-0.53,), 2, ""),
    ("2.86 ± 0.04", Kind.PLUS_MINUS, (2.86, 0.04), 2, ""),
    ("2.86±0.04 nats", Kind.PLUS_MINUS, (2.86, 0.04), 2, ""),
    ("2.86 +/- 0.04", Kind.PLUS_MINUS, (2.86, 0.04), 2, ""),
    ("−1.2 ± 0.30", Kind.PLUS_MINUS, (-1.2, 0.3), 1, ""),
    ("±0.00", Kind.VALUE, (0.0,), 2, ""),
    ("[1.22, 1.73]", Kind.INTERVAL, (1.22, 1.73), 2, ""),
    ("[−0.07, 0.35]", Kind.INTERVAL, (-0.07, 0.35), 2, ""),
    ("[100,200]", Kind.INTERVAL, (100, 200), 0, ""),
    ("[0.2; 0.4]", Kind.INTERVAL, (0.2, 0.4), 1, ""),
    ("2.86-3.17", Kind.RANGE, (2.86, 3.17), 2, ""),
    ("0.173–0.209", Kind.RANGE, (0.173, 0.209), 3, ""),
    ("between 2.96 and 3.17 nats", Kind.RANGE, (2.96, 3.17), 2, ""),
    ("from −0.014 to 0.094", Kind.RANGE, (-0.014, 0.094), 3, ""),
    ("6/8", Kind.SHARE, (6, 8), 0, ""),
    ("7 of the 8 models", Kind.SHARE, (7, 8), 0, ""),
    ("two of eight", Kind.SHARE, (2, 8), 0, ""),
    ("33 out of 60", Kind.SHARE, (33, 60), 0, ""),
    ("at 1/10th the cost", Kind.SHARE, (1, 10), 0, "ratio"),
    ("100→200", Kind.MOVE, (100, 200), 0, ""),
    ("2.86 → 2.96 nats", Kind.MOVE, (2.86, 2.96), 2, ""),
    ("3.1 nats -> 3.2 nats", Kind.MOVE, (3.1, 3.2), 1, ""),
    ("r=−0.53", Kind.VALUE, (-0.53,), 2, "r"),
    ("r = .53", Kind.VALUE, (0.53,), 2, "r"),
    ("|r| = 0.59–0.82", Kind.RANGE, (0.59, 0.82), 2, "abs_r"),
    ("rho = 0.831", Kind.VALUE, (0.831,), 3, "rho"),
    ("ρ = −.2", Kind.VALUE, (-0.2,), 1, "rho"),
    ("p<0.05", Kind.VALUE, (0.05,), 2, "p"),
    ("p 0.626", Kind.VALUE, (0.626,), 3, "p"),
    ("z = 2.33", Kind.VALUE, (2.33,), 2, "z"),
    ("n = 30", Kind.VALUE, (30,), 0, "n"),
    ("Δ=+0.055", Kind.VALUE, (0.055,), 3, "change"),
    ("mean change: +0.055", Kind.VALUE, (0.055,), 3, "mean_change"),
    ("SD = 0.4", Kind.VALUE, (0.4,), 1, "sd"),
    ("M = 3.2", Kind.VALUE, (3.2,), 1, "mean"),
    ("at temp=1.0", Kind.VALUE, (1.0,), 1, "temperature"),
    ("eff dim 1.28", Kind.VALUE, (1.28,), 2, "effective_dimension"),
    ("highest entropy (0.319)", Kind.VALUE, (0.319,), 3, "mean"),
    ("below the threshold (3.0)", Kind.VALUE, (3.0,), 1, "threshold"),
    ("3x", Kind.VALUE, (3,), 0, "ratio"),
    ("2.5 times", Kind.VALUE, (2.5,), 1, "ratio"),
    ("10,238 tokens", Kind.VALUE, (10238,), 0, ""),
    ("10\u202f238", Kind.VALUE, (10238,), 0, ""),
    ("0,05", Kind.VALUE, (0.05,), 2, ""),
    ("1.2e-5", Kind.VALUE, (1.2e-5,), 6, ""),
    ("3 × 10⁻⁵", Kind.VALUE, (3e-5,), 5, ""),
    ("3.1 x 10^-4", Kind.VALUE, (3.1e-4,), 5, ""),
    ("10⁻⁶", Kind.VALUE, (1e-6,), 6, ""),
    ("25 %", Kind.VALUE, (25,), 0, ""),
    ("0–30%", Kind.RANGE, (0, 30), 0, ""),
    ("L27", Kind.LAYER, (27,), 0, ""),
    ("L31–32", Kind.LAYER, (31, 32), 0, ""),
    ("layers 3 to 7", Kind.LAYER, (3, 7), 0, ""),
    ("eight models", Kind.VALUE, (8,), 0, "word"),
    ("no two", Kind.VALUE, (2,), 0, "word"),
]


@pytest.mark.parametrize(
    ("text", "kind", "values", "decimals", "label"), NOTATIONS, ids=[row[0] for row in NOTATIONS]
)
def test_a_notation_is_read(text, kind, values, decimals, label):
    quantity = one(text)
    assert (quantity.kind, quantity.label) == (kind, label)
    assert [number.value for number in quantity.numbers] == pytest.approx(list(values), rel=1e-12)
    assert quantity.first.decimals == decimals


@pytest.mark.parametrize(
    ("text", "label", "value", "df"),
    [
        ("t(7) = 3.18", "t", 3.18, (7,)),
        ("t(4.6)=−2.50", "t", -2.5, (4.6,)),
        ("F(2, 27) = 3.1", "F", 3.1, (2, 27)),
        ("F(2,127) = 3.1", "F", 3.1, (2, 127)),
        ("r(28) = .53", "r", 0.53, (28,)),
        ("χ²(1) = 4.2", "chi2", 4.2, (1,)),
    ],
)
def test_degrees_of_freedom_belong_to_the_statistic(text, label, value, df):
    quantity = one(text)
    assert (quantity.label, quantity.first.value) == (label, value)
    assert tuple(degree.value for degree in quantity.df) == df


def test_n_beside_degrees_of_freedom_is_a_number_of_its_own():
    chi2, n = sorted(claims("χ²(1, N = 90) = 4.2"), key=lambda quantity: quantity.label)
    assert [degree.value for degree in chi2.df] == [1]
    assert (n.label, n.first.value) == ("n", 90)


@pytest.mark.parametrize(
    ("text", "relation", "value"),
    [
        ("p < .001", "<", 0.001),
        ("p <0.0001", "<", 0.0001),
        ("p > .05", ">", 0.05),
        ("p ≤ 0.01", "<=", 0.01),
        ("~1.5 nats", "~", 1.5),
        ("about 1.5 nats", "~", 1.5),
        ("at least 3 replies", ">=", 3),
        ("4.0+", ">=", 4.0),
        ("more than 0.015 nats", ">", 0.015),
        ("up to 20", "<=", 20),
        ("<0.01", "<", 0.01),
    ],
)
def test_relations(text, relation, value):
    first = one(text).first
    assert (first.relation, first.value) == (relation, value)


@pytest.mark.parametrize(
    "text",
    ["95% CI [0.014, 0.096]", "95 % CI 0.014 to 0.096", "95% CI: 0.014–0.096", "(95 % CI, 0.014, 0.096)"],
)
def test_a_confidence_interval_has_its_level(text):
    level, interval = claims(text)
    assert (level.label, interval.label, interval.kind) == ("level", "interval", Kind.INTERVAL)
    assert interval.level is not None
    assert interval.level.value == 95
    assert [number.value for number in interval.numbers] == [0.014, 0.096]


def test_a_level_goes_to_one_interval_only():
    found = claims("95 % CI 0.01 to 0.09, later 0.3 to 0.5")
    assert [(quantity.kind, quantity.level is not None) for quantity in found] == [
        (Kind.VALUE, False),
        (Kind.INTERVAL, True),
        (Kind.RANGE, False),
    ]


@pytest.mark.parametrize(("text", "stars"), [("−0.38*", 1), ("0.53**", 2), (".7***", 3), ("0.53", 0)])
def test_stars(text, stars):
    assert one(text).stars == stars


@pytest.mark.parametrize(
    ("text", "mark"),
    [("0.173 (min)", "min"), ("3.66 (max)", "max"), ("3.1 (lowest of all)", "min"), ("3.1 (minus)", "")],
)
def test_marks_of_extremes(text, mark):
    assert one(text).mark == mark


def test_a_layer_and_its_correlation_are_two():
    layer, r = claims("L27 −0.38*")
    assert (layer.kind, layer.first.value) == (Kind.LAYER, 27)
    assert (r.kind, r.first.value, r.stars) == (Kind.VALUE, -0.38, 1)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("+0.08 nats", "nats"),
        ("a 2.9-3.0 nat level", "nats"),
        ("500-token replies", "tokens"),
        ("200 Tokens", "tokens"),
        ("1.63 nats a token", "nats/token"),
        ("1.63 bits/token", "bits/token"),
        ("30 neutral questions", "questions"),
        ("4 dead zones", "dead zones"),
        ("3 is", ""),
    ],
)
def test_units_and_nouns(text, unit):
    assert one(text).numbers[-1].unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4o",
        "Llama 3.3 70B",
        "Qwen3-8B",
        "Claude 3.5 Opus",
        "Grok 4.1 Fast",
        "Mistral 7B v0.3",
        "10.17605/OSF.IO/AB12C",
        "https://example.org/7nw8t/",
        "osf.io/7nw8t",
        "2026-01-04",
        "4 January 2026",
        "January 2026",
        "version 1.2.3",
        "exp1_generation_entropy.png",
        "top-50",
        "Table 3",
        "Figures 2 and 3",
        "TIER 1",
        "Experiment 2",
        "Grassberger (2003)",
        "Smith et al., 2019",
        "seed 42",
        "[12]",
        "family_k5",
        "#7",
        "12:30",
    ],
)
def test_names_and_dates_are_no_claims(text):
    found = read(f"As in {text}" if text == "[12]" else text)
    assert found
    assert {quantity.kind for quantity in found} == {Kind.IDENTIFIER}


def test_an_outline_number_is_no_claim():
    assert claims("3. Results", outline=True) == []
    assert claims("3.1 Results", outline=True) == []
    assert one("3.1 nats", outline=True).first.value == 3.1
    assert one("100 tokens", outline=True).first.value == 100


def test_a_list_in_brackets_is_no_interval():
    found = claims("temp [0.5, 1.0, 1.5]")
    assert [quantity.kind for quantity in found] == [Kind.VALUE] * 3
    assert found[0].label == "temperature"


def test_arithmetic_is_no_range():
    assert [quantity.first.value for quantity in claims("the difference 7−2 and 5 - 3")] == [7, 2, 5, 3]


def test_a_product_keeps_its_factors():
    found = claims("420 replies = 7 axes × 2 poles × 30 questions")
    assert [(q.first.value, q.first.unit) for q in found] == [
        (420, "replies"),
        (7, "axes"),
        (2, "poles"),
        (30, "questions"),
    ]


def test_not_significant_is_told():
    assert [(q.label, q.first.relation, q.first.value) for q in claims("Yi, n.s.")] == [("n.s.", ">", 0.05)]


@pytest.mark.parametrize(("text", "left"), [("it was 2,86 nats", "2,86"), ("٣ models", "٣")])
def test_what_nobody_can_tell_is_listed(text, left):
    read_ = read_quantities(text, at)
    assert [number.text for number in read_.unread] == [left]
    assert [quantity for quantity in read_.quantities if quantity.kind is not Kind.IDENTIFIER] == []


def test_places_point_at_the_number():
    text = "rose from 3.13 ± 0.04 (L27, r = −0.38*)"
    for quantity in claims(text):
        for number in quantity.numbers:
            begin = number.place.column - 1
            assert text[begin : begin + number.place.length] == number.text


def test_bold_is_kept():
    plain, bold = claims("3.1 and 3.2", bold=((8, 11),))
    assert (plain.bold, bold.bold) == (False, True)


def test_the_interval_of_rounding():
    first = one("2.86").first
    assert (round(first.low, 6), round(first.high, 6)) == (2.855, 2.865)
    assert first.holds(2.8649)
    assert not first.holds(2.866)
    assert first.holds(2.866, truncated=True)


# --- whatever is printed is read back ----------------------------------------------------------------------

DIGITS = st.integers(0, 4)
SIZES = st.floats(-999, 999, allow_nan=False).filter(lambda value: abs(value) >= 1e-4 or value == 0)


def printed(value, decimals, minus="-"):
    return f"{value:.{decimals}f}".replace("-", minus)


@given(
    SIZES,
    DIGITS,
    st.sampled_from("-−"),
    st.sampled_from(["{}", "it was {} nats", "({})", "r={}", "n.b. {}, and", "value: {}."]),
)
@example(-0.0004, 3, "−", "{}")
def test_a_number_is_read_as_it_was_printed(value, decimals, minus, frame):
    text = printed(value, decimals, minus)
    quantity = one(frame.format(text))
    assert quantity.first.value == pytest.approx(float(printed(value, decimals)), abs=1e-12)
    assert quantity.first.decimals == decimals
    assert math.copysign(1, quantity.first.value) == (-1 if minus in text else 1)


@given(SIZES, st.floats(0, 99), DIGITS)
def test_plus_minus_is_read_as_it_was_printed(value, spread, decimals):
    text = f"{printed(value, decimals, '−')} ± {printed(spread, decimals)}"
    quantity = one(text)
    assert quantity.kind is Kind.PLUS_MINUS
    assert [n.value for n in quantity.numbers] == [
        float(printed(value, decimals)),
        float(printed(spread, decimals)),
    ]


@given(SIZES, SIZES, DIGITS, st.sampled_from(["[{}, {}]", "{} to {}", "{} → {}", "({}, {})"]))
def test_pairs_keep_their_order_and_their_signs(low, high, decimals, frame):
    texts = [printed(low, decimals, "−"), printed(high, decimals, "−")]
    numbers = [number for quantity in claims(frame.format(*texts)) for number in quantity.numbers]
    assert [number.value for number in numbers] == [float(printed(v, decimals)) for v in (low, high)]


@given(st.floats(1e-12, 9e12), st.integers(0, 6))
def test_powers_of_ten(value, decimals):
    text = f"{value:.{decimals}e}"
    assert one(text).first.value == pytest.approx(float(text), rel=1e-12)


@given(st.integers(0, 10**9), st.sampled_from([",", "\u202f", "\u2009"]))
def test_thousands(value, mark):
    assert one(f"{value:,}".replace(",", mark) + " tokens").first.value == value


@given(st.text(max_size=80))
@example("1" * 400)
@example("−±+/-5")
@example("10^{-5")
@example("(((((3")
@example("³² 1⁄2 ½")
def test_any_text_is_read_without_complaint(text):
    found = read_quantities(text, at)
    assert all(quantity.numbers for quantity in found.quantities)
    assert all(
        math.isfinite(number.value) or len(number.text) > 300
        for q in found.quantities
        for number in q.numbers
    )
