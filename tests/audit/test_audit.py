"""An audit: findings in order, three things first, waivers with reasons, and what was looked at."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reporter.audit.audit import audit
from reporter.audit.checks import CHECKS
from reporter.audit.coverage import ARITHMETIC, ITSELF, ROWS, WAYS
from reporter.audit.document import Kind
from reporter.audit.finding import AuditFinding, Looked, Severity
from reporter.audit.opening import read_document, read_text
from reporter.audit.reading import CellValues
from reporter.audit.terminal import show
from reporter.audit.to_json import to_json
from reporter.audit.to_markdown import to_markdown
from reporter.errors import DocumentError, StudyError
from reporter.waiver import Waiver

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "audit-schema.json").read_text(encoding="utf-8"))

TEXT = """\
# Heights

There were 3 towers of 9 m. See Table 1, of 2024-01-02.

| Tower | Mean | Odd |
|---|---|---|
| North | 2.5 | 7,25 |
| South | 13.0 | 4 |
"""


def finding(number, severity, check, suggestion="Print less."):
    return AuditFinding(
        severity=severity,
        check=check,
        place=number.place,
        quoted=f"it says {number.text} | *so*",
        expected="less",
        how=f"{number.text} - 1",
        suggestion=suggestion,
    )


def claims(reading):
    return [q.first for q in reading.document.quantities() if q.kind is Kind.VALUE]


def small(reading):
    """Every number under 4 is an error, every other under 10 passes."""
    for number in claims(reading):
        if number.value < 10:
            wrong = finding(number, Severity.ERROR, "small") if number.value < 4 else None
            yield Looked(check="small", numbers=(number,), finding=wrong)


def large(reading):
    """The number above 10 is worth a note."""
    for number in claims(reading):
        if number.value > 10:
            yield Looked(
                check="large", numbers=(number,), finding=finding(number, Severity.NOTE, "large", "")
            )


def even(reading):
    """4 is suspicious."""
    for number in claims(reading):
        if number.value == 4:
            yield Looked(check="even", numbers=(number,), finding=finding(number, Severity.WARNING, "even"))


def idle(_reading):
    """Find nothing to test."""
    yield from ()


MINE = (small, large, even, idle)


@pytest.fixture(scope="module")
def made():
    return audit(TEXT, checks=MINE, name="towers.md")


def test_findings_stand_the_worst_first_then_by_place(made):
    assert [(f.severity.value, f.place.line, f.check) for f in made.findings] == [
        ("error", 3, "small"),
        ("error", 7, "small"),
        ("warning", 8, "even"),
        ("note", 8, "large"),
    ]
    assert [made.count(severity) for severity in Severity] == [2, 1, 1]


def test_three_things_first_each_of_another_check(made):
    assert [(f.check, more) for f, more in made.first_things] == [("small", 1), ("even", 0), ("large", 0)]


def test_the_same_finding_is_told_once():
    twice = audit(TEXT, checks=(small, small))
    assert len(twice.findings) == 2


def test_coverage_counts_what_was_seen_checked_and_left(made):
    coverage = made.coverage
    assert (coverage.seen, coverage.checked, coverage.names) == (5, 5, 2)
    assert coverage.by_check["small"].tests == 4
    assert coverage.by_check["small"].passed == 2
    assert coverage.by_check["idle"].tests == 0
    assert [number.text for number in coverage.unread] == ["7,25"]
    alone = audit(TEXT, checks=(large,)).coverage
    assert (alone.seen, alone.checked) == (5, 1)
    assert [quantity.text for quantity in alone.unchecked] == ["2.5", "4", "3", "9"]


def test_coverage_leaves_words_and_names_out():
    def all_(reading):
        """Look at every number."""
        yield Looked(check="all_", numbers=tuple(n for q in reading.document.quantities() for n in q.numbers))

    coverage = audit("All three rose by 2.5 nats in Table 1.", checks=(all_,)).coverage
    assert (coverage.seen, coverage.checked, coverage.names) == (1, 1, 1)


def test_ways_of_checking_name_checks_that_there_are():
    names = {check.__name__ for check in CHECKS} | {"reading"}
    assert set(WAYS) <= names
    assert set(WAYS.values()) == {ITSELF, ROWS}
    assert {"summaries", "reported_tests", "stars"} <= names - set(WAYS)
    assert ARITHMETIC not in WAYS.values()


def test_a_waiver_puts_a_finding_aside_with_its_reason():
    waivers = (
        Waiver(check="small", quoted="2.5", reason="It is one tower."),
        Waiver(check="even", line=8, reason="Four is right."),
        Waiver(check="large", quoted="never", reason="Old."),
    )
    made = audit(TEXT, checks=MINE, waivers=waivers)
    assert [f.check for f in made.findings] == ["small", "large"]
    reasons = [(waived.finding.check, waived.reason) for waived in made.waived]
    assert reasons == [("small", "It is one tower."), ("even", "Four is right.")]
    assert [waiver.reason for waiver in made.idle] == ["Old."]
    assert made.coverage.by_check["small"].errors == 2


def test_a_waiver_of_no_check_is_refused():
    with pytest.raises(StudyError, match='no check "smal"'):
        audit(TEXT, checks=MINE, waivers=(Waiver(check="smal", line=1, reason="x"),))


def test_a_waiver_says_which_finding():
    with pytest.raises(ValueError, match="names the words"):
        Waiver(check="small", reason="All of it.")


def test_repairs_are_notes():
    spoiled = "± 0.1 is “less”".encode().decode("cp1252", errors="replace")
    made = audit(spoiled, checks=())
    assert [(f.check, f.severity) for f in made.findings] == [("reading", Severity.NOTE)]
    assert "another encoding" in made.findings[0].quoted


def test_rows_are_handed_to_the_checks():
    seen = []

    def rows(reading):
        """Remember the rows."""
        seen.extend(reading.rows)
        yield from ()

    value = CellValues(subject="North", condition="", run="", values=(2.4, 2.6))
    assert audit(TEXT, rows=(value,), checks=(rows,)).with_rows
    assert seen == [value]
    assert not audit(TEXT, checks=()).with_rows


# --- forms ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def waived():
    waivers = (
        Waiver(check="small", quoted="2.5", reason="It is one tower."),
        Waiver(check="large", line=99, reason="Old."),
    )
    return audit(
        TEXT,
        checks=MINE,
        waivers=waivers,
        rows=(CellValues(subject="a", condition="", run="", values=(1.0,)),),
    )


def test_json_keeps_its_schema(made, waived):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for audits in ([], [made], [made, waived]):
        jsonschema.validate(json.loads(json.dumps(to_json(audits))), SCHEMA)


def test_json_says_all(waived):
    (document,) = to_json([waived])["documents"]
    assert document["counts"] == {"error": 1, "warning": 1, "note": 1}
    assert document["first_things"][0]["more"] == 0
    assert document["waived"][0]["reason"] == "It is one tower."
    assert document["idle_waivers"] == [{"check": "large", "reason": "Old."}]
    assert document["coverage"]["unread"][0]["text"] == "7,25"
    assert document["findings"][0]["place"] == {"line": 3, "column": 12, "length": 1, "row": "", "head": ""}


def test_the_schema_refuses_what_is_no_audit(made):
    spoiled = to_json([made])
    spoiled["documents"][0]["findings"][0]["severity"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoiled, SCHEMA)


def test_markdown_holds_all_findings_and_no_foreign_marks(waived):
    text = to_markdown([waived])
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<h1>Audit of text</h1>" in html
    assert "<em>so</em>" not in html
    assert html.count("it says") == 3 + 3 + 1  # first things, findings, waived
    assert "It is one tower." in html
    assert "fits no finding any more: Old." in html
    assert ">against itself</td>" in html
    assert "7,25" in html


def printed(*audits):
    from rich.console import Console

    file = io.StringIO()
    show(audits, Console(file=file))
    return file.getvalue()


def test_the_terminal_opens_with_the_verdict_and_ends_with_coverage(waived):
    lines = printed(waived).splitlines()
    assert lines[0] == "text: it contradicts itself, arithmetic or its data."
    assert any(line.split()[:3] == ["against", "itself", "0"] for line in lines)
    order = [
        next(i for i, line in enumerate(lines) if line.startswith(words))
        for words in ("Fix first", "small (1", "Waived (1)", "What was looked at")
    ]
    assert order == sorted(order)
    assert any("line 3:12" in line for line in lines)
    assert any("waived: It is one tower." in line for line in lines)
    assert any(line.startswith("  Not understood: 7,25 (line 7:17") for line in lines[order[-1] :])
    assert not any(line.endswith(" ") for line in lines)
    assert "\x1b" not in "".join(lines)


def test_the_terminal_says_what_it_lacks(made):
    text = printed(made)
    assert "no rows given" in text
    assert "Nothing to test for: reading, idle." in text


def test_marks_of_the_console_are_not_obeyed():
    def loud(reading):
        """Quote brackets."""
        number = claims(reading)[0]
        bracketed = AuditFinding(
            severity=Severity.ERROR,
            check="loud",
            place=number.place,
            quoted="[red]x[/red] [/]",
            expected="[b]",
            how="[i]",
        )
        yield Looked(check="loud", numbers=(), finding=bracketed)

    assert "[red]x[/red] [/]" in printed(audit(TEXT, checks=(loud,)))


def test_nothing_found_is_said():
    assert "text: nothing was found." in printed(audit("Just words.", checks=()))


# --- opening files ----------------------------------------------------------------------------------------


def test_kinds_of_files(tmp_path):
    (tmp_path / "a.md").write_text("# T\n\nIt is 2.5 nats.", encoding="utf-8")
    (tmp_path / "b.html").write_text("<p>It is\n\n2.5 nats.</p>", encoding="utf-8")
    (tmp_path / "c.txt").write_text("<!DOCTYPE html><p>It is 2.5 nats.</p>", encoding="utf-16")
    for name in ("a.md", "b.html", "c.txt"):
        document = read_document(tmp_path / name)
        assert [q.first.value for q in document.quantities()] == [2.5]
        assert document.sentences[-1].text == "It is 2.5 nats."
    assert document.repairs == ("read as UTF-16, as its first bytes say",)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.docx", b"PK\x03\x04", 'kind ".docx"'),
        ("b.md", b"PK\x03\x04", "no text"),
        ("c.png", b"\x89PNG", 'kind ".png"'),
        ("d.pdf", b"nothing", "no PDF"),
    ],
)
def test_other_files_are_refused(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=words):
        read_document(path)


def test_no_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(DocumentError, match="no such file"):
        read_document(tmp_path / "x.md")
    with pytest.raises(DocumentError, match="folder"):
        read_document(tmp_path)


# --- whatever is given ------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "# Results (n = 3)",
        "| Model | Mean | Std | Min | Max | p |\n|---|---|---|---|---|---|\n| Ada 1B | 2.5 | 0.1 | 2.4 | 2.6 | .03* |\n| Bob 2B | 2.7 | 0 | 2.9 | 2.6 | 0 |",
        "| Axis | A | B | Delta |\n|---|---|---|---|\n| a/b | 1 | 2 | +1 |",
        "Ada is the only model below 2.6 (r(3) = .99, p = 1.2), 5/4 of all.",
        "All 8 models rose by 0.3 nats, 3x more than Bob; not significant, p = .04.",
        "At 500 tokens we predict 3.1 nats.",
        "t(0) = 3.1, p < .001; F(1, 0) = 2; r = 1.00, n = 2, p = 0.000",
        "**100 tokens:** 2.5 ± 0.1 nats",
        "95 % CI [3, 2] and [1, 1]; chi2(1) = -3, p = .5",
        "It could not be computed.",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=7).map("\n\n".join))
def test_every_check_bears_every_document(source):
    made = audit(source)
    assert all(f.place.line <= len(made.document.lines) for f in made.findings)
    json.dumps(to_json([made]), allow_nan=False)
    assert to_markdown([made])


def test_text_is_read_as_what_it_is():
    assert read_text("<html><p>2.5", "x").lines[0].startswith("<html>")
    assert read_text(b"2.5 nats", "x").sentences[0].text == "2.5 nats"


def test_the_docs_list_every_check():
    """If this fails: python tests/audit/listed.py."""
    from tests.audit.listed import PAGE, listed, within

    assert within(PAGE.read_text(encoding="utf-8")) == listed()
