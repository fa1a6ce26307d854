"""Layouts of Numbers: what stands in a cell, in which order rows come, and what is refused."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import replace
from pathlib import Path

import pytest

from reporter.entropy.entropy_rate import entropy_rate
from reporter.errors import StudyError
from reporter.findings import Finding, Findings, NotComputable, Trace
from reporter.headline import headline
from reporter.numbers import Members, Missing, Number, Register
from reporter.results import Correlation, DeadZones, Range, Selection
from reporter.study import Column, Layout, Study
from reporter.tables import (
    Labels,
    Table,
    address_for,
    fill,
    lay_out,
    lay_out_all,
    members_of,
    of_member,
    text_of,
    to_csv,
)

LABELS = Labels({"gpt-4o": {"key": "gpt-4o", "label": "GPT-4o", "provider": "OpenAI"}})


@pytest.fixture(scope="module")
def register(report_published):
    return report_published.register


@pytest.fixture(scope="module")
def tables(report_published) -> dict[str, Table]:
    return {table.key: table for table in report_published.tables}


def lay(register, *patterns: str, **layout: object) -> Table:
    columns = tuple(Column(head=f"{i}", show=pattern) for i, pattern in enumerate(patterns))
    return lay_out("t", Layout(columns=columns, **layout), register, LABELS)


def cell(register, pattern: str) -> str:
    return text_of(fill(pattern, "gpt-4o", register, LABELS.of("gpt-4o"), "here"))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("{label}", "GPT-4o"),
        ("{label} by {provider}.", "GPT-4o by OpenAI."),
        ("{cell_first.mean} ± {cell_first.sd}", "2.94 ± 0.02"),
        ("{change.estimate}", "+0.02"),
        ("{mean_change.estimate}", "+0.055"),  # no member: the same for every row
        ("{declared.bound}", "0.10"),
        ("{zone_first.zone}", "LASER"),
        ("{crossing.established}", "no"),
        ("{change.verdict}", "not separable"),
        ("{changes.rose}", "6"),
        ("{mean_change.equivalence}", None),
        ("plain", "plain"),
        ("", ""),
        ("{own_trend.slope}", "not computable (no residual df)"),
    ],
)
def test_a_pattern_is_filled(register, pattern, text):
    if text is None:
        with pytest.raises(StudyError, match='There is no "equivalence"'):
            cell(register, pattern)
    else:
        assert cell(register, pattern) == text


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{lable}", 'Did you mean "label"'),
        ("{chnge.estimate}", 'Did you mean "change"'),
        ("{change.estimat}", 'Did you mean "estimate"'),
        ("{change.interval}", "stands for no number and no word"),
        ("{declared.nothing}", '"nothing" is not declared'),
    ],
)
def test_a_wrong_place_is_refused_with_the_nearest(register, pattern, words):
    with pytest.raises(StudyError, match=words):
        cell(register, pattern)


def test_an_address_of_a_member():
    assert of_member("change.interval.low", "gpt-4.5") == "change/gpt-4.5.interval.low"
    assert of_member("change", "gpt-4.5") == "change/gpt-4.5"


def test_rows_follow_the_study_or_the_order_that_is_asked(register):
    keys = [model.key for model in register.study.models]
    assert [text_of(row[0]) for row in lay(register, "{key}").rows] == keys
    rising = [
        row[1][0].value for row in lay(register, "{key}", "{change.estimate}", order="change.estimate").rows
    ]
    assert rising == sorted(rising)
    falling = lay(register, "{change.estimate}", order="change.estimate", descending=True)
    assert [row[0][0].value for row in falling.rows] == rising[::-1]


def test_ties_keep_the_order_of_the_study(register):
    """Llama and GPT-4o share 2.96, Gemini and Opus 3.07 at the second limit."""
    for descending in (False, True):
        keys = [
            text_of(r[0])
            for r in lay(register, "{key}", order="cell_second.mean", descending=descending).rows
        ]
        assert keys.index("llama-3.3-70b") < keys.index("gpt-4o")
        assert keys.index("gemini-2.0-flash") < keys.index("claude-opus-4.5")


def test_rows_can_be_a_selection_or_the_labels_of_an_analysis(register):
    assert len(lay(register, "{key}", only="changes.rose").rows) == 6
    assert lay(register, "{key}", only="changes.fell").rows == ()
    families = lay(register, "{key}", "{family_order_first.p}", rows="family_order_first")
    assert [[text_of(cell) for cell in row] for row in families.rows] == [["Claude 4.5", "0.167"]]
    with pytest.raises(StudyError, match="selects nobody"):
        lay(register, "{key}", only="changes.n")


def test_what_cannot_be_ordered_comes_last(register):
    """No member has a trend of its own: nothing can be sorted by it, and the study's order stays."""
    keys = [text_of(row[0]) for row in lay(register, "{key}", order="own_trend.slope").rows]
    assert keys == [model.key for model in register.study.models]


def test_a_column_is_numeric_where_every_cell_starts_with_a_number(tables):
    comparison = tables["comparison"]
    assert [comparison.is_numeric(column) for column in range(7)] == [
        False,
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert not Table("t", (("A",),), ()).is_numeric(0)
    number = Number(1.0, "1", "a", "", "value")
    assert Table("t", (("A",),), (((number,),), ((),))).is_numeric(0)
    assert not Table("t", (("A",),), (((number,),), (("x",),))).is_numeric(0)


def test_csv_has_the_texts_that_the_report_prints(tables):
    rows = list(csv.reader(io.StringIO(to_csv(tables["comparison"]))))
    assert rows[0] == [
        "Model",
        "Provider",
        "100 tokens",
        "200 tokens",
        "Δ entropy",
        "Zone (100)",
        "Zone (200)",
    ]
    assert rows[1] == [
        "Meta Llama 3.3 70B",
        "OpenRouter",
        "2.86 ± 0.04",
        "2.96 ± 0.04",
        "+0.10",
        "LASER",
        "LASER",
    ]
    assert len(rows) == 9
    awkward = Table("t", (("a,b",), ('"',)), ((("x\ny",), ("é",)),))
    assert list(csv.reader(io.StringIO(to_csv(awkward)))) == [["a,b", '"'], ["x\ny", "é"]]


def test_every_test_of_the_study_is_listed(tables, register):
    tests = tables["tests"]
    tested = [f for f in register.findings if f.computable and hasattr(f.record, "p")]
    assert len(tests.rows) == len(tested) > 10
    by_name = {text_of(row[0]): [text_of(cell) for cell in row] for row in tests.rows}
    assert by_name["mean change"] == [
        "mean change", "+0.055", "[0.014, 0.096]", "3.18", "7", "0.0156", "", "", "8",
        "different\N{NO-BREAK SPACE}within\N{NO-BREAK SPACE}bound",
    ]  # fmt: skip
    assert by_name["change, Grok 4.1 Fast"][5:] == [
        "0.119",
        "0.831",
        "8",
        "6",
        "not\N{NO-BREAK SPACE}separable",
    ]
    assert by_name["rank stability"][1] == "0.831"
    assert by_name["family order second, Claude 4.5"][-1] == "not\N{NO-BREAK SPACE}decidable"


def test_the_headline_numbers_stand_with_their_addresses(register, tables):
    rows = {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in tables["headline"].rows}
    assert list(rows) == list(register.study.about.headline)
    assert rows["mean_change.estimate"][:2] == ["+0.055", "nats"]
    assert rows["changes.rose"][0] == "6"
    with pytest.raises(StudyError, match="is no number"):
        headline(register, ["mean_change.interval"], LABELS)
    missing = headline(register, ["own_trend/gpt-4o.slope"], LABELS)
    assert isinstance(missing.rows[0][1][0], Missing)


# Rows about models, about axes, and about both: hand-made answers to five questions


def answered(r=None, p=0.25):
    """A correlation, or the reason why there is none."""
    if r is None:
        return NotComputable("too_few", "n = 2, at least 3 are needed")
    return Correlation(r=r, interval=None, p=p, p_floor=0.0, n=9, unit="1", method="m")


STILL = DeadZones(
    dead=Selection(indices=(1,), n=2), dead_by_sd=Selection(indices=(0, 1), n=2),
    dead_by_iqr=Selection(indices=(), n=2), constant=Selection(indices=(), n=2), mean_below=0.1, sd_below=0.1,
    iqr_below=0.1, axes=2, n=9, unit="1", method="m",
)  # fmt: skip
SPREAD = Range(
    minimum=1.0, maximum=3.0, width=2.0, mean=2.0, sd=1.0, lowest=Selection(indices=(1,), n=2),
    highest=Selection(indices=(0,), n=2), n=2, unit="nats", method="m",
)  # fmt: skip
ANSWERS = {
    "own": {"m": answered(0.5), "n": answered(-0.25), "o": answered()},
    "both": {"m/x": answered(0.125), "m/y": answered(0.75, 0.01), "n/y": answered(-0.5), "o": answered()},
    "axis": {"x": answered(0.0625), "y": answered(0.875)},
    "all": {"": SPREAD},
    "still": {"m": STILL},
    "scan": {
        "m": answered(0.9),
        "m/x": answered(0.3),
        "m/y": answered(),
        "n": answered(0.1),
        "n/y": answered(0.2),
    },
    "none": {"": NotComputable("no_rows", "the study has no states")},
    "pair": {"m/n/x": answered(0.4)},
    "part": {"m": answered(), "m/x": answered(0.3)},
}
PARTS = Labels(
    {key: {"key": key, "label": key.upper(), "vendor": f"V{key}"} for key in "mno"}, {"x": "an X", "y": "a Y"}
)


@pytest.fixture(scope="module")
def asked() -> Register:
    study = Study(
        schema=1,
        study={"name": "s", "title": "t", "short_title": "t", "date": datetime.date(2026, 1, 4),
               "experiment": "e", "hypothesis": "h", "seed": 1},
        declared={"edge": 0},
        source=({"file": "f", "kind": "summaries", "origin": "published", "citation": "c"},),
        model=tuple({"key": key, "label": key.upper(), "vendor": "V"} for key in "mno"),
        axis=({"key": "x", "label": "an X"}, {"key": "y", "label": "a Y"}),
        analysis={key: {"question": "?", "statistic": "s", "roles": {}} for key in ANSWERS},
        folder=Path(),
    )  # fmt: skip
    findings = tuple(
        Finding(
            key, label, "?", record, ("m", "n"), Trace("s", {}, "", None),
            is_member=key == "scan" and "/" in label, names={"projections": ("x", "y")},
        )
        for key, several in ANSWERS.items()
        for label, record in several.items()
    )  # fmt: skip
    return Register(study, Findings(findings))


def said(register: Register, pattern: str, member: str) -> str:
    return text_of(fill(pattern, member, register, PARTS.of(member), "here"))


@pytest.mark.parametrize(
    ("pattern", "member", "text"),
    [
        # words if there is a number
        ("{own.r?r = }", "m", "r = 0.500"),
        ("{own.r?}", "m", "0.500"),
        ("{own.r?r = }", "o", ""),
        ("{own.interval?at }", "m", ""),
        ("{both.r?r = }", "m/z", ""),
        ("{label}{own.r?, r = }!", "o", "O!"),
        ("[{own.r?}]", "o", ""),  # brackets of nothing
        # words for a member of a selection
        ("{all.lowest?least}{all.highest?most}", "m", "most"),
        ("{all.lowest?least}{all.highest?most}", "n", "least"),
        ("{all.lowest?least}{all.highest?most}", "o", ""),
        # names instead of a count
        ("{still.dead}: {still.dead!}", "m", "1: a Y"),
        ("{still.dead_by_sd!}", "m", "an X, a Y"),
        ("{still.constant!}", "m", "none"),
        ("{all.lowest!}", "m", "N"),
        ("{own.n!}", "m", "9"),
        # a part that the pattern names
        ("{both[y].r} {both[y].p?p = }", "m", "0.750 p = 0.0100"),
        ("{both[x].r?r = }", "n", ""),
        ("{both[x].r}", "n", "no data"),
        ("{both[x].r}", "o", "not computable (too few)"),
        ("{scan[y].r}", "m", "not computable (too few)"),
        # what is asked of a part of the row's member
        ("{own.r}", "m/x", "0.500"),
        ("{axis.r}", "m/x", "0.062"),
        ("{axis.r}", "m/y", "0.875"),
        ("{axis.r}", "m/n/y", "0.875"),
        ("{own.r}", "m/n/y", "0.500"),
        ("{all.width}", "m/x", "2.00"),
        ("{own.r}", "n/z", "\N{MINUS SIGN}0.250"),
        ("{part.r}", "m/x", "0.300"),
        ("{part.r}", "m/y", "not computable (too few)"),
        ("{both.r}", "m/z", "no data"),
        ("{both.r}", "p/x", "no data"),
        ("{none.r}", "m", "not computable (no rows)"),
        ("{all.width} of {declared.edge}", "", "2.00 of 0"),
        ("{own.r}", "", "no data"),
    ],
)  # fmt: skip
def test_a_place_is_about_the_member_or_a_part_of_it(asked, pattern, member, text):
    assert said(asked, pattern, member) == text


def test_no_data_says_which_number_is_lacking(asked):
    (missing,) = fill("{both.r}", "p/x", asked, {}, "here")
    assert isinstance(missing, Missing)
    assert missing.address == "both/p/x.r"
    assert missing.reason == NotComputable("no_rows", "p/x has no row of this question")


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        ((), "none"),
        ((0,), "L1"),
        ((0, 1), "L1–L2"),
        ((0, 1, 2), "L1–L2, L4"),  # neighbours by their numbers, not by their places
        ((2, 3, 4, 5), "L4–L6, L9"),
        ((0, 1, 2, 3, 4, 5), "all 6"),
    ],
)
def test_neighbours_of_a_selection_stand_together(asked, chosen, text):
    register = layered(asked, chosen)
    cell = fill("{still.dead!L}", "m", register, {}, "here")
    assert text_of(cell) == text
    for number in cell:
        if isinstance(number, Number):
            found = register.look_up(number.address)
            assert (found.count if isinstance(found, Members) else found) == number


def layered(asked, chosen) -> Register:
    """One answer that selects some of six layers, of which two were not measured in between."""
    zones = replace(STILL, dead=Selection(indices=chosen, n=6))
    names = {"projections": (1, 2, 4, 5, 6, 9)}
    finding = Finding("still", "m", "?", zones, ("m", "n"), Trace("s", {}, "", None), names=names)
    return Register(asked.study, Findings((finding,)))


def test_names_without_numbers_have_no_neighbours(asked):
    with pytest.raises(StudyError, match='"y" is no number, so it has no neighbours'):
        said(asked, "{still.dead!L}", "m")
    assert said(asked, "{still.dead_by_sd!L}", "m") == "all 2"
    assert said(asked, "{own.r!L}", "o") == "not computable (too few)"
    assert said(asked, "{own.r?!}", "m") == "!0.500"  # a mark of exclamation before a number


def test_an_answer_with_parts_is_found_whole_where_nobody_is_meant(asked):
    """The whole of an answer whose members are findings stands in heads and summaries."""
    pooled = Findings(
        tuple(
            Finding("own", label, "?", answered(r), (), Trace("s", {}, "", None), is_member=label != "")
            for label, r in (("", 0.5), ("x", 0.25))
        )
    )
    register = Register(asked.study, pooled)
    assert address_for("own.r", "", register) == "own.r"
    assert address_for("own.r", "x", register) == "own/x.r"
    assert address_for("own.r", "m/x", register) == "own/x.r"
    assert address_for("own.r", "y", register) is None
    assert members_of("own", register) == members_of("own/*", register) == ["x"]


def test_members_are_of_the_question_or_of_its_answers(asked):
    assert members_of("", asked) == ["m", "n", "o"]
    assert members_of("both", asked) == ["m/x", "m/y", "n/y", "o"]
    assert members_of("scan", asked) == ["m", "n"]
    assert members_of("scan/*", asked) == ["m/x", "m/y", "n/y"]
    assert members_of("all", asked) == []


def test_entries_of_an_array_have_addresses_though_they_are_not_listed(asked):
    record = entropy_rate([1.0, 2.0, 3.0, 5.0], [0, 2, 4])
    rate = Finding("own", "m", "?", record, (), Trace("entropy_rate", {}, "", None))
    register = Register(asked.study, Findings((rate,)))
    assert said(register, "{own.by_position.1} of {own.answers.1}", "m") == "3.500 of 2"
    assert not any("by_position" in number.address for number in register.numbers())
    with pytest.raises(StudyError, match="stands for no number and no word"):
        said(register, "{own.by_position}", "m")
    with pytest.raises(StudyError):
        said(register, "{own.by_position.2}", "m")


def lines(table: Table) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in table.rows]


def test_a_table_for_each_model(asked):
    columns = (Column(head="Axis", show="{axis}"), Column(head="r", show="{both.r}"))
    layouts = {
        "poles": Layout(rows="both", apart=True, columns=columns),
        "whole": Layout(rows="both", columns=columns),
    }
    laid = lay_out_all(layouts, asked, PARTS)
    assert list(laid) == ["poles-m", "poles-n", "whole"]  # of o nothing is known but its name
    assert laid["poles-m"].key == "poles-m"
    assert lines(laid["poles-m"]) == [["an X", "0.125"], ["a Y", "0.750"]]
    assert lines(laid["poles-n"]) == [["a Y", "\N{MINUS SIGN}0.500"]]
    assert len(laid["whole"].rows) == 4


@pytest.mark.parametrize("descending", [False, True])
def test_a_member_without_a_number_comes_last(asked, descending):
    columns = (Column(head="Model", show="{key}"),)
    laid = lay_out(
        "t", Layout(rows="own", order="own.r", descending=descending, columns=columns), asked, PARTS
    )
    assert [line[0] for line in lines(laid)] == (["m", "n", "o"] if descending else ["n", "m", "o"])


def test_rows_are_ordered_by_a_finding_of_their_part(asked):
    columns = (Column(head="Member", show="{key}"),)
    laid = lay_out("t", Layout(rows="both", order="axis.r", descending=True, columns=columns), asked, PARTS)
    assert [line[0] for line in lines(laid)] == ["m/y", "n/y", "m/x", "o"]


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("m", {"label": "M", "vendor": "Vm", "key": "m"}),
        (
            "m/x",
            {"label": "M, an X", "model": "M", "axis": "an X", "vendor": "Vm", "other": "", "key": "m/x"},
        ),
        ("m/n/y", {"label": "M, N, a Y", "model": "M", "other": "N", "axis": "a Y", "vendor": "Vm"}),
        ("x", {"label": "an X", "model": "", "axis": "an X", "other": ""}),
        ("y/m", {"label": "a Y, M", "model": "M", "axis": "a Y"}),
        ("m/unknown", {"label": "M, unknown", "axis": "unknown"}),
    ],
)
def test_a_member_is_called_by_its_parts(member, words):
    assert PARTS.of(member).items() >= words.items()
