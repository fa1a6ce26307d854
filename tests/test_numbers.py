"""The only rounding rules in the project, and the register that finds a number by its address."""

from __future__ import annotations

import math
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.errors import StudyError
from reporter.findings import Finding, Findings, NotComputable, Trace, Verdict
from reporter.numbers import MINUS, Members, Missing, Number, Register, as_row, write
from reporter.results import AxisPeak, Difference, Interval, Kind, LayerProfile, Selection, kind_of
from reporter.statistics.layer_profile import layer_profile
from reporter.tables import fill, text_of, to_csv

HALF_EVEN = [
    (0.125, 2, "0.12"),
    (0.375, 2, "0.38"),
    (2.5, 0, "2"),
    (3.5, 0, "4"),
    (1.005, 2, "1.00"),  # the float lies below 1.005; the shortest decimal is a tie and goes to even
    (1.015, 2, "1.02"),
    (0.1 + 0.2, 1, "0.3"),
    (3.13 - 3.08, 2, "0.05"),
    (0.054999999999999938, 3, "0.055"),
]


@pytest.mark.parametrize(("value", "decimals", "text"), HALF_EVEN)
def test_half_goes_to_even_on_the_decimal_that_a_float_stands_for(value, decimals, text):
    assert write(value, Kind.VALUE, decimals) == text
    assert write(-value, Kind.VALUE, decimals) == f"{MINUS}{text}"
    assert write(value, Kind.CHANGE, decimals) == f"+{text}"
    assert write(-value, Kind.CHANGE, decimals) == f"{MINUS}{text}"


RULES = [
    (Kind.DATUM, 2.96, 2, "2.96"),
    (Kind.DATUM_CHANGE, -0.04, 2, "−0.04"),
    (Kind.DATUM_CHANGE, 0.0, 2, "±0.00"),
    (Kind.VALUE, -0.07, 2, "−0.07"),
    (Kind.VALUE, 0.0, 2, "0.00"),
    (Kind.VALUE, -0.0, 2, "0.00"),
    (Kind.VALUE, -0.004, 2, "0.00"),
    (Kind.VALUE, -0.4, 0, "0"),
    (Kind.VALUE, math.inf, 3, "∞"),
    (Kind.VALUE, -math.inf, 3, "−∞"),
    (Kind.CHANGE, 0.055, 3, "+0.055"),
    (Kind.CHANGE, -0.0, 2, "±0.00"),
    (Kind.CHANGE, 0.0049, 2, "±0.00"),
    (Kind.CHANGE, -0.0049, 2, "±0.00"),
    (Kind.CHANGE, 0.0051, 2, "+0.01"),
    (Kind.STATISTIC, -3.1754, 9, "−3.18"),
    (Kind.TALLY, 28.0, 9, "28"),
    (Kind.TALLY, 27.5, 9, "27.50"),
    (Kind.DF, 7.0, 9, "7"),
    (Kind.DF, 3.4567, 9, "3.5"),
    (Kind.DF, 7, 9, "7"),
    (Kind.COUNT, 8, 9, "8"),
    (Kind.COUNT, 8.0, 9, "8"),
    (Kind.COUNT, 10000, 9, "10000"),
    (Kind.P, 1.0, 9, "1.000"),
    (Kind.P, 0.1, 9, "0.100"),
    (Kind.P, 0.09994, 9, "0.0999"),
    (Kind.P, 0.01559, 9, "0.0156"),
    (Kind.P, 0.0001, 9, "0.0001"),
    (Kind.P, 0.00009999, 9, "<0.0001"),
    (Kind.P, 1e-300, 9, "<0.0001"),
    (Kind.P, 0.0, 9, "<0.0001"),
    (Kind.PROBABILITY, 0.0, 9, "0.00"),
    (Kind.PROBABILITY, 1.0, 9, "1.00"),
    (Kind.PROBABILITY, 0.0099, 9, "<0.01"),
    (Kind.PROBABILITY, 0.01, 9, "0.01"),
    (Kind.PROBABILITY, 0.99, 9, "0.99"),
    (Kind.PROBABILITY, 0.9901, 9, ">0.99"),
    (Kind.PROBABILITY, 0.845, 9, "0.84"),
    (Kind.SHARE, 0.5, 9, "0.50"),
    (Kind.CORRELATION, -0.8314, 9, "−0.831"),
    (Kind.CORRELATION, -0.0001, 9, "0.000"),
    (Kind.EFFECT, 1.234, 9, "1.23"),
    (Kind.FACTOR, 12.345, 9, "12.34"),
    (Kind.LEVEL, 0.95, 9, "95\N{NO-BREAK SPACE}%"),
    (Kind.LEVEL, 0.999, 9, "99.9\N{NO-BREAK SPACE}%"),
    (Kind.LEVEL, 0.07, 9, "7\N{NO-BREAK SPACE}%"),
    (Kind.SETTING, 100, 9, "100"),
    (Kind.SETTING, 0.25, 9, "0.25"),
]


@pytest.mark.parametrize(("kind", "value", "decimals", "text"), RULES)
def test_every_kind_has_its_rule(kind, value, decimals, text):
    assert write(value, kind, decimals) == text


def test_no_kind_is_left_out():
    assert {kind for kind, *_ in RULES} == set(Kind)


@given(value=st.floats(-1e6, 1e6), decimals=st.integers(0, 5))
@pytest.mark.parametrize("kind", [Kind.VALUE, Kind.CHANGE, Kind.DATUM, Kind.DATUM_CHANGE])
def test_what_is_printed_is_within_half_a_unit(kind, value, decimals):
    text = write(value, kind, decimals)
    read = Decimal(text.replace(MINUS, "-").replace("±", ""))
    half = Decimal(5).scaleb(-decimals - 1)
    # The value is read at 12 digits first, so that binary noise makes no tie.
    assert abs(read - Decimal(f"{value:.12g}")) <= half
    assert len(text.partition(".")[2]) == decimals
    assert write(value, kind, decimals) == text
    if read == 0:
        assert not re.search(r"[-+−]", text)


@given(p=st.floats(0, 1))
def test_a_p_value_is_never_printed_as_nought(p):
    text = write(p, Kind.P, 3)
    assert float(text.removeprefix("<")) > 0
    assert text.startswith("<") == (p < 0.0001)


@given(probability=st.floats(0, 1))
def test_a_probability_claims_no_certainty_by_rounding(probability):
    text = write(probability, Kind.PROBABILITY, 2)
    assert (text == "0.00") == (probability == 0)
    assert (text == "1.00") == (probability == 1)


# --- the register ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def register(token_scaling) -> Register:
    return token_scaling.register


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("mean_change.estimate", "+0.055"),
        ("mean_change.interval.low", "0.014"),
        ("mean_change.interval.level", "95\N{NO-BREAK SPACE}%"),
        ("mean_change.t", "3.18"),
        ("mean_change.n", "8"),
        ("change/gpt-4o.estimate", "+0.02"),
        ("change/claude-opus-4.5.interval.low", "−0.20"),
        ("change/claude-haiku-4.5.estimate", "±0.00"),
        ("change/gpt-4o.family_size", "8"),
        ("change/gpt-4o.adjusted_p", "1.000"),
        ("family_order_second/Claude 4.5.p", "0.167"),
        ("zone_second/llama-3.3-70b.distance", "−0.04"),
        ("zone_second/llama-3.3-70b.probabilities.0", "0.85"),
        ("prediction/grok-4.1-fast.plateau", "3.170"),
        ("declared.bound", "0.10"),
        ("declared.first_limit", "100"),
        ("declared.cuts.1", "4.0"),
        ("mean_equivalence.bound", "0.10"),
        ("changes.threshold", "0.015"),
    ],
)
def test_an_address_leads_to_its_number(register, address, text):
    number = register.look_up(address)
    assert isinstance(number, Number)
    assert number.text == text
    assert number.address == address


def test_an_address_leads_to_other_things(register):
    assert register.look_up("mean_change.verdict") is Verdict.DIFFERENT_WITHIN_BOUND
    assert register.look_up("mean_change.unit") == "nats"
    assert register.look_up("zone_first/gpt-4o.zone") == "LASER"
    assert register.look_up("crossing/deepseek-v3.2.established") is False
    assert isinstance(register.look_up("mean_change"), Difference)
    assert isinstance(register.look_up("mean_change.interval"), Interval)
    lowest = register.look_up("range_second.lowest")
    assert isinstance(lowest, Members)
    assert (lowest.keys, lowest.count.text) == (("llama-3.3-70b", "gpt-4o"), "2")
    gone = register.look_up("own_trend/gpt-4o.slope")
    assert isinstance(gone, Missing)
    assert gone.text == "not computable (no residual df)"
    assert isinstance(register.look_up("own_trend/gpt-4o.detail"), str)


@pytest.mark.parametrize(
    ("address", "nearest"),
    [
        ("mean_chnge.estimate", "mean_change"),
        ("mean_change.estimat", "estimate"),
        ("mean_change.interval.lo", "low"),
        ("change/gpt-4.estimate", "change/gpt-4o"),
        ("declared.bond", "bound"),
    ],
)
def test_a_wrong_address_names_the_nearest(register, address, nearest):
    with pytest.raises(StudyError, match=f'Did you mean "{nearest}"'):
        register.look_up(address)


@pytest.mark.parametrize(
    "address",
    [
        "mean_change.estimate.value", "mean_change.unit.upper", "declared.cuts.9", "declared.cuts.x",
        "declared.cuts.-1", "declared.bound.0", "declared", "change", "", ".", "changes.rose.keys",
        "zone_second/gpt-4o.probabilities.9", "mean_change.__class__", "mean_change/gpt-4o.estimate",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_refused(register, address):
    with pytest.raises(StudyError):
        register.look_up(address)


def made(label: str, low: float) -> Finding:
    interval = Interval(low=low, high=1.0, level=0.95, method="t")
    record = Difference(
        estimate=0.5, interval=interval, se=0.1, t=5.0, df=7.0, p=0.001, n=8, unit="nats", method="m"
    )
    return Finding("change", label, "?", record, (), Trace("paired_t", {}, "", None))


def test_labels_may_hold_dots_and_begin_alike(token_scaling):
    findings = Findings((made("gpt-4", 0.125), made("gpt-4.5", 0.25)))
    register = Register(token_scaling.study, findings)
    assert register.look_up("change/gpt-4.interval.low").value == 0.125
    assert register.look_up("change/gpt-4.5.interval.low").value == 0.25


COLUMNS = {"axes": ("wit", "tact"), "layers": (1, 2, 4, 8)}  # the layers' names are numbers, and start at 1


@pytest.fixture
def scanned(token_scaling) -> Register:
    """The findings on one axis of a scan with a layer that does not vary, under a question of the study."""
    peak = AxisPeak(
        layer=1, threshold=0.5, axis=1, layers=Selection(indices=(3,), n=4), depth=1.0, r=-0.75, p=0.01, p_step_down=0.02,
        support=0.5, not_worse=Selection(indices=(2, 3), n=4), survives=True,
        surviving=Selection(indices=(3,), n=4), cells=(0.125, 0.25, -0.75), at=(0, 2, 3),
        depths=(0.0, 2 / 3, 1.0), survive=(False, False, True), bins=(0.125, None, 0.25, -0.75),
    )  # fmt: skip
    profile = layer_profile([[1.0, 2.0, 4.0, 3.0], [2.0, 3.0, 5.0, 4.5]])
    findings = tuple(
        Finding("change", label, "?", record, ("q1", "q2"), Trace("peak_scan", {}, "", None), names=COLUMNS)
        for label, record in (("tact", peak), ("profile", profile))
    )
    return Register(token_scaling.study, Findings(findings))


def test_entries_of_aligned_tuples_have_addresses(scanned):
    assert [number.text for number in scanned.look_up("change/tact.at")] == ["1", "4", "8"]
    third = scanned.look_up("change/tact.at.2")
    assert (third.value, third.address, third.kind) == (8, "change/tact.at.2", Kind.SETTING)
    assert scanned.look_up("change/tact.cells.2").text == f"{MINUS}0.750"
    assert scanned.look_up("change/tact.depths.1").text == "0.67"
    assert scanned.look_up("change/tact.survive.1") is False
    assert scanned.look_up("change/tact.survive.2") is scanned.look_up("change/tact.survives") is True
    assert scanned.look_up("change/tact.bins.1") is None
    assert scanned.look_up("change/tact.bins.3").text == f"{MINUS}0.750"
    assert scanned.look_up("change/tact.axis") == "tact"
    assert scanned.look_up("change/profile.at.3").text == "8"
    with pytest.raises(StudyError):
        scanned.look_up("change/tact.at.3")


def test_members_of_a_selection_have_addresses(scanned):
    found = scanned.look_up("change/tact.not_worse")
    assert (found.keys, found.count.value, found.whole) == (("4", "8"), 2, False)
    second = scanned.look_up("change/tact.not_worse.1")
    assert (second.value, second.text, second.address) == (8, "8", "change/tact.not_worse.1")
    assert found.names[1] == second
    with pytest.raises(StudyError, match='Nothing called "2"'):
        scanned.look_up("change/tact.not_worse.2")


def test_entries_of_aligned_tuples_are_listed_where_they_are_numbers(scanned):
    listed = {number.address: number for number in scanned.numbers()}
    below = {address.removeprefix("change/tact.") for address in listed if address.startswith("change/tact")}
    assert {"at.0", "at.1", "at.2", "cells.0", "depths.2", "depth", "bins.0", "bins.2"} <= below
    assert not below & {"bins.1", "survive.0", "survives", "axis", "at"}
    for address, number in listed.items():
        found = scanned.look_up(address)
        assert (found.count if isinstance(found, Members) else found) == number
        assert as_row(number)["text"] == number.text


def test_entries_of_aligned_tuples_fill_a_row(scanned):
    def cell(pattern):
        return text_of(fill(pattern, "tact", scanned, {}, "here"))

    assert cell("{change.at.1}: {change.cells.1}, {change.survive.1}") == "4: 0.250, no"
    assert cell("{change.survive.2}") == "yes"
    assert cell("{change.bins.1}") == ""


def test_positions_without_columns_are_those_of_units(token_scaling):
    profile = layer_profile([[1.0, 2.0, 4.0], [2.0, 3.0, 5.0]])
    assert isinstance(profile, LayerProfile)
    trace = Trace("layer_profile", {}, "", None)
    finding = Finding("change", "", "?", profile, ("first", "second", "third"), trace)
    register = Register(token_scaling.study, Findings((finding,)))
    assert register.look_up("change.at") == ("first", "second", "third")
    assert register.look_up("change.highest").keys == ("third",)
    assert "change.at.0" not in {number.address for number in register.numbers()}


def number_fields(record: object, address: str) -> set[str]:
    """Every address below a record whose field declares a kind or selects members: by brute force."""
    found = set()
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if name == "members" or value is None:
            continue
        if kind_of(record, name) is not None and isinstance(value, tuple):
            found |= {f"{address}.{name}.{i}" for i in range(len(value))}
        elif kind_of(record, name) is not None or type(value).__name__ == "Selection":
            found.add(f"{address}.{name}")
        elif hasattr(value, "__dataclass_fields__"):
            found |= number_fields(value, f"{address}.{name}")
    return found


def test_the_register_lists_every_number_once(register):
    listed = [number.address for number in register.numbers()]
    assert len(listed) == len(set(listed))
    wanted = set()
    for finding in register.findings:
        if not isinstance(finding.record, NotComputable):
            wanted |= number_fields(finding.record, finding.address)
            if finding.family:
                wanted |= {f"{finding.address}.adjusted_p", f"{finding.address}.family_size"}
    assert set(listed) == wanted


def test_every_listed_number_is_found_at_its_address(register):
    for number in register.numbers():
        found = register.look_up(number.address)
        found = found.count if isinstance(found, Members) else found
        assert (found.value, found.text, found.kind) == (number.value, number.text, number.kind)


def test_one_number_has_one_text_everywhere(token_scaling):
    """Prose, table and figure draw from the register: no address has two texts."""
    texts = {number.address: number.text for number in token_scaling.register.numbers()}
    for number in token_scaling.quoted:
        if isinstance(number, Number) and not number.address.startswith("declared."):
            assert texts[number.address] == number.text
    for figure in token_scaling.figures:
        for row in figure.rows:
            for piece in row.values():
                if isinstance(piece, Number):
                    assert texts[piece.address] == piece.text
    comparison = next(table for table in token_scaling.tables if table.key == "comparison")
    assert texts["change/grok-4.1-fast.estimate"] in to_csv(comparison)


def test_a_row_of_numbers_csv_says_where_a_number_comes_from(register):
    row = as_row(register.look_up("change/gpt-4o.adjusted_p"))
    assert row["statistic"] == "welch_summary"
    assert (row["family"], row["family_size"], row["n"], row["level"]) == ("changes", "8", "6", "0.95")
    assert row["rows"] == "2"
    assert re.fullmatch("[0-9a-f]{64}", row["rows_sha256"])
    declared = as_row(register.look_up("declared.bound"))
    assert (declared["statistic"], declared["text"], declared["value"]) == ("declared", "0.10", "0.1")
