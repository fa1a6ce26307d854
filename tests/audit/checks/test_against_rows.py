"""Numbers against raw values: what fits, what fits in another way, what does not; and the published runs."""

from __future__ import annotations

import statistics
from collections import Counter
from pathlib import Path

import pytest

from reporter.audit.checks.against_rows import against_rows
from reporter.audit.document import Place
from reporter.audit.facts import Fact, facts_of
from reporter.audit.finding import Severity
from reporter.audit.markdown import read_markdown
from reporter.audit.reading import CellValues, Reading
from reporter.audit.rows import rows_of_folder

VALUES = (3.1479, 3.1403, 3.1027)
LATER = (3.1529, 3.1308, 3.1032)


def cell(values=VALUES, condition="100", run="a", subject="claude-haiku-4-5", measure="text_entropy"):
    return CellValues(subject=subject, condition=condition, run=run, values=values, measure=measure)


def fact(
    made, statistic, text, *, condition="100", words="", line=1, source="cell", subject="Claude Haiku 4.5"
):
    place = Place(line=line)
    return Fact(
        subject=subject,
        statistic=statistic,
        condition=condition,
        number=made.printed(text, place),
        quantity=made.quantity(text, place),
        source=source,
        place=place,
        words=words or f"{statistic} {text}",
    )


def told(made, *facts, rows=None, notes=True):
    rows = (cell(), cell(LATER, "200")) if rows is None else rows
    return made.found(against_rows, made.reading(facts=facts, rows=rows), notes=notes)


@pytest.mark.parametrize(
    ("statistic", "text"),
    [("mean", "3.13"), ("min", "3.10"), ("max", "3.148"), ("range", "0.05"), ("n", "3")],
)
def test_what_comes_out_of_the_rows_passes(made, statistic, text):
    assert told(made, fact(made, statistic, text)) == []


@pytest.mark.parametrize(
    ("statistic", "text", "expected"),
    [("mean", "3.31", "3.13"), ("min", "3.09", "3.10"), ("max", "3.17", "3.15"), ("sd", "0.04", "0.02")],
)
def test_what_does_not_is_an_error(made, statistic, text, expected):
    [finding] = told(made, fact(made, statistic, text), notes=False)
    assert finding.severity is Severity.ERROR
    assert finding.expected == f"{expected}, from the rows"


def test_an_sd_may_have_either_divisor_and_the_document_is_told_which(made):
    """.0198 with divisor n, .0242 with n - 1."""
    assert statistics.pstdev(VALUES) == pytest.approx(0.0197, abs=1e-4)
    [note] = told(made, fact(made, "sd", "0.020"))
    assert (note.severity, note.expected) == (Severity.NOTE, "the words: divisor n")
    mixed = told(made, fact(made, "sd", "0.020"), fact(made, "sd", "0.0249", condition="200"))
    assert [finding.severity for finding in mixed] == [Severity.WARNING]


def test_a_median_that_is_called_a_mean(made):
    [finding] = told(made, fact(made, "mean", "3.1403"))
    assert (finding.severity, "median" in finding.how) == (Severity.WARNING, True)


def test_a_number_cut_off_where_others_are_rounded(made):
    facts = (fact(made, "max", "3.14"), fact(made, "sd", "0.02"))  # .0197 is .01 where digits are cut off
    [finding] = told(made, *facts)
    assert finding.severity is Severity.WARNING and "cut off" in finding.how


def test_a_number_of_another_condition_is_said_to_be(made):
    [finding] = told(made, fact(made, "max", "3.1529"))
    assert finding.how.endswith("3.1529 is that at 200")


def test_another_run_of_the_cell_is_no_error(made):
    again = cell((3.201, 3.250, 3.190), run="b")
    facts = (fact(made, "mean", "3.13"), fact(made, "min", "3.10"), fact(made, "max", "3.250"))
    [finding] = told(made, *facts, rows=(cell(), again))
    assert finding.severity is Severity.NOTE and "another run of this cell, b" in finding.how


@pytest.mark.parametrize(
    ("text", "severity"), [("±0.00", None), ("+0.01", Severity.NOTE), ("+0.10", Severity.ERROR)]
)
def test_a_change_is_that_of_the_unrounded_means(made, text, severity):
    """3.12897 less 3.1303 is -.0013; +0.01 may be the difference of two rounded means."""
    findings = told(made, fact(made, "change", text, condition="100→200"))
    assert [finding.severity for finding in findings] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("words", "n_found"), [("The sd fell with more tokens", 1), ("The sd rose", 0), ("The sd", 0)]
)
def test_fell_and_rose(made, words, n_found):
    """.0197 to .0203: it rose, by next to nothing."""
    facts = [
        fact(made, "sd", text, condition=condition, words=words, source="sentence")
        for text, condition in (("0.020", "100"), ("0.020", "200"))
    ]
    assert len(told(made, *facts, notes=False)) == n_found


def test_other_subjects_conditions_and_measures_are_not_compared(made):
    facts = (fact(made, "mean", "9.9", subject="Claude Opus 4.5"), fact(made, "mean", "9.9", condition="500"))
    assert told(made, *facts) == []
    assert told(made, fact(made, "n_tokens", "600", condition="")) == []
    lengths = cell((100.0, 200.0, 300.0), measure="token_count")
    assert told(made, fact(made, "n_tokens", "600", condition=""), rows=(cell(), lengths)) == []
    assert len(told(made, fact(made, "n_tokens", "601", condition=""), rows=(cell(), lengths))) == 1


# --- the published runs -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(shared: Path) -> Reading:
    path = shared / "documents" / "token-scaling.md"
    document = read_markdown(path.read_text(encoding="utf-8"), path.name)
    return Reading(
        document=document, facts=facts_of(document), rows=rows_of_folder(shared / "data" / "nat-challenge")
    )


def test_means_agree_and_the_spreads_of_the_100_token_table_do_not(made, published):
    """The issue: all means agree, no sd, minimum or maximum at 100 tokens does, and all at 200 tokens do."""
    said = Counter(
        (fact.condition, fact.statistic, looked.finding is None)
        for looked in against_rows(published)
        for fact in published.facts.facts
        if fact.source == "cell" and fact.statistic in ("mean", "sd", "min", "max")
        if len(looked.numbers) == 1 and looked.numbers[0] is fact.number
    )
    assert {key: n for key, n in said.items() if key[1] == "mean"} == {
        ("100", "mean", True): 8,
        ("200", "mean", True): 8,
    }
    for statistic, times in (("sd", 8), ("min", 4), ("max", 4)):
        assert said["100", statistic, True] == 0 and said["100", statistic, False] == times
        assert said["200", statistic, False] == 0 and said["200", statistic, True] == times


def test_the_fall_of_the_standard_deviation_is_not_in_the_data(made, published):
    """The issue: .0198 to .0203."""
    [finding] = [f for f in made.found(against_rows, published) if f.expected.startswith("rose")]
    assert finding.expected == "rose: 0.0198 to 0.0203"


def test_effective_dimensions_come_out_of_the_projections(made, shared):
    """formats.md: Qwen 1.91, DeepSeek 3.66, as printed in the second document."""
    path = shared / "documents" / "entropy-analysis.md"
    document = read_markdown(path.read_text(encoding="utf-8"), path.name)
    rows = rows_of_folder(shared / "data" / "mood-axis")
    reading = Reading(document=document, facts=facts_of(document), rows=rows)
    looked = [*against_rows(reading)]
    assert {number.text for each in looked for number in each.numbers} >= {"1.91", "3.66", "10654", "5775"}
    assert [each.finding for each in looked if each.finding] == []
