"""Layouts of Numbers: what stands in a cell, in which order rows come, and what is refused."""

from __future__ import annotations

import csv
import io

import pytest

from reporter.errors import StudyError
from reporter.numbers import Missing, Number
from reporter.study import Column, Layout
from reporter.tables import Labels, Table, fill, headline, lay_out, of_member, text_of, to_csv

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
        "mean change", "+0.055", "[0.014, 0.096]", "3.18", "7", "0.0156", "", "", "8", "different within bound",
    ]  # fmt: skip
    assert by_name["change, Grok 4.1 Fast"][5:] == ["0.119", "0.831", "8", "6", "not separable"]
    assert by_name["rank stability"][1] == "0.831"
    assert by_name["family order second, Claude 4.5"][-1] == "not decidable"


def test_the_headline_numbers_stand_with_their_addresses(register, tables):
    rows = {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in tables["headline"].rows}
    assert list(rows) == list(register.study.about.headline)
    assert rows["mean_change.estimate"][:2] == ["+0.055", "nats"]
    assert rows["changes.rose"][0] == "6"
    with pytest.raises(StudyError, match="is no number"):
        headline(register, ["mean_change.interval"])
    missing = headline(register, ["own_trend/gpt-4o.slope"])
    assert isinstance(missing.rows[0][1][0], Missing)
