"""A built report against what its rows give now, line by line."""

from __future__ import annotations

import pytest

from reporter.audit.checks.as_built import as_built
from reporter.audit.document import Document
from reporter.audit.facts import Facts
from reporter.audit.finding import Severity
from reporter.audit.reading import Reading

TEXT = """# A report

The mean changed by +0.055 nats (95 % CI 0.014 to 0.096; p <0.0001).

| Model | Mean | Change |
| :--- | ---: | ---: |
| Alpha | 2.86 ± 0.04 | −0.10\\* |
| Beta | **2.94** ± 0.02 | ±0.00 |

6 of 8 models rose.

## Provenance

- Versions: numpy 2.4.6
"""
BUILT = TEXT.split("\n")


def read(lines, **more):
    document = Document(name="report.md", lines=tuple(lines))
    return Reading(document=document, facts=Facts(document=document, facts=(), aliases={}), **more)


def against(made, lines, *, notes=False):
    return made.found(as_built, read(lines, built_lines=tuple(BUILT)), notes=notes)


def with_text(old, new):
    assert sum(old in line for line in BUILT) == 1
    return [line.replace(old, new, 1) for line in BUILT]


def test_the_report_itself_passes(made):
    assert against(made, BUILT, notes=True) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+0.055", "+0.505"),
        ("0.014", "0.041"),
        ("<0.0001", "0.0001"),
        ("2.86", "2.96"),
        ("−0.10", "0.10"),
        ("−0.10\\*", "−0.10"),
        ("**2.94**", "2.94"),
        ("±0.00", "+0.01"),
        ("6 of 8", "8 of 6"),
        ("rose", "fell"),
        ("2.86 ± 0.04", "0.04 ± 2.86"),
    ],
)
def test_every_corruption_is_found_in_its_line(made, old, new):
    [finding] = against(made, with_text(old, new))
    assert finding.place.line == 1 + next(i for i, line in enumerate(BUILT) if old in line)


def test_the_finding_says_what_the_rows_give(made):
    [finding] = against(made, with_text("2.94", "2.49"))
    assert finding.severity is Severity.ERROR
    assert "2.94 where 2.49 is printed" in finding.how


def test_a_line_too_few_or_too_many(made):
    assert len(against(made, BUILT[:6] + BUILT[7:])) == 1
    assert len(against(made, [*BUILT[:9], "All 8 models rose.", *BUILT[9:]])) == 1


def test_versions_may_differ(made):
    assert against(made, with_text("2.4.6", "2.4.7")) == []
    assert len(against(made, with_text("2.4.6", "2.4.7"), notes=True)) == 1


def test_another_document_is_not_compared(made):
    [finding] = against(made, ["# Something else", "", "It was 3.5."], notes=True)
    assert finding.severity is Severity.NOTE
