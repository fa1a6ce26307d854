"""A built report against the register of numbers that lies beside it."""

from __future__ import annotations

import dataclasses

import pytest

from reporter.audit.checks.register import register
from reporter.audit.document import Document
from reporter.audit.facts import Facts
from reporter.audit.reading import Reading, Registered

TEXT = """# A report

The mean changed by +0.055 nats (95 % CI 0.014 to 0.096; p <0.0001).

| Model | Mean | Change |
| :--- | ---: | ---: |
| Alpha | 2.86 ± 0.04 | −0.10\\* |
| Beta | **2.94** ± 0.02 | ±0.00 |

6 of 8 models rose.
"""
BUILT = TEXT.split("\n")


def read(lines, **more):
    document = Document(name="report.md", lines=tuple(lines))
    return Reading(document=document, facts=Facts(document=document, facts=(), aliases={}), **more)


def with_text(old, new):
    assert sum(old in line for line in BUILT) == 1
    return [line.replace(old, new, 1) for line in BUILT]


REGISTER = (
    Registered(address="mean_change.estimate", text="+0.055", lines=(3,)),
    Registered(address="mean_change.p", text="<0.0001", lines=(3,)),
    Registered(address="first/alpha.mean", text="2.86", lines=(7,)),
    Registered(address="change/alpha.estimate", text="−0.10", lines=(7,)),
    Registered(address="changes.rose", text="6", lines=(10,)),
    Registered(address="dead/alpha.count", text="6 of 8", lines=(10,)),
)


def registered(made, lines, **more):
    return made.found(register, read(lines, register=REGISTER, **more))


def test_a_report_that_holds_its_register_passes(made):
    assert registered(made, BUILT) == []
    assert len([*register(read(BUILT, register=REGISTER))]) == 3


@pytest.mark.parametrize(
    ("old", "new", "address"),
    [
        ("+0.055", "+0.505", "mean_change.estimate"),
        ("<0.0001", "<0.0010", "mean_change.p"),
        ("2.86", "12.86", "first/alpha.mean"),
        ("−0.10", "0.10", "change/alpha.estimate"),
        ("6 of", "5 of", "changes.rose"),
    ],
)
def test_a_number_that_the_register_lacks_is_found(made, old, new, address):
    findings = registered(made, with_text(old, new))
    assert address in " ".join(finding.expected for finding in findings)
    assert {finding.place.line for finding in findings} == {
        1 + next(i for i, x in enumerate(BUILT) if old in x)
    }


def test_a_number_that_stands_twice_must_stand_twice(made):
    twice = (dataclasses.replace(REGISTER[2], lines=(7, 7)),)
    assert len(made.found(register, read(BUILT, register=twice))) == 1


def test_a_file_that_was_cut_lacks_the_lines(made):
    assert len(registered(made, BUILT[:6])) == 4


def test_with_the_study_at_hand_the_register_is_not_asked(made):
    assert [*register(read(BUILT, register=REGISTER, built_lines=tuple(BUILT)))] == []
