"""Corrupted numbers in our own reports are found: nearly all with the rows at hand, most without.

The small version runs with the suite; the two hundred of the full measurement are marked slow:
``pytest -m slow tests/audit``. ``python tests/audit/mutations.py`` prints what is missed.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.audit import built, mutations

FEW, MANY = 40, 200
WITH_ROWS, ALONE = 0.95, 0.60  # the shares that have to be found
ALONE_OF_FEW = 0.45  # of so few, two standard errors (0.08 each) below: another report is another sample


@pytest.fixture(scope="module", params=built.STUDIES)
def report(request) -> tuple[str, str]:
    return request.param, built.report_text(request.param)


def test_a_corruption_changes_one_line_and_is_the_same_each_time(report):
    _, text = report
    changed = mutations.mutations(text, FEW, np.random.default_rng(mutations.SEED))
    again = mutations.mutations(text, FEW, np.random.default_rng(mutations.SEED))
    assert changed == again
    before = text.split("\n")
    for mutation in changed:
        after = mutation.text.split("\n")
        assert [i for i, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b] == [mutation.line]
        assert mutation.before != mutation.after


def test_no_name_and_no_source_is_corrupted(report):
    _, text = report
    lines = text.split("\n")
    closed = [i for i, line in enumerate(lines, 1) if line.startswith(("## Provenance", "## References"))]
    for spot in mutations.spots(text):
        line = lines[spot.line - 1]
        assert not line.startswith(("#", "**DOI", "**Date"))
        assert not any(word in line for word in ("SHA-256", "doi:10."))
        around = line[max(0, spot.start - 1) : spot.end + 1]
        assert not re.search(r"[A-Za-z]\d|\d[A-Za-z]", around.replace("L", "")), (line, spot)
    assert len(closed) == 2


def test_every_way_and_both_places_come_up(report):
    _, text = report
    changed = mutations.mutations(text, MANY // 2, np.random.default_rng(mutations.SEED))
    assert {mutation.way for mutation in changed} == set(mutations.SHARES)
    share = np.mean([spot.in_table for spot in mutations.spots(text)])
    assert abs(np.mean([mutation.in_table for mutation in changed]) - share) < 0.2


def _shares(count: int) -> dict[str, float]:
    """Give the share found with rows and without, over both reports, and print what is missed."""
    left = {"with rows": 0, "alone": 0}
    for name in built.STUDIES:
        text = built.report_text(name)
        changed = mutations.mutations(text, count // 2, np.random.default_rng(mutations.SEED))
        for how, audit in (("with rows", built.audit_with_rows(name)), ("alone", built.audit_alone)):
            for mutation in mutations.missed(changed, audit(text), audit):
                left[how] += 1
                print(f"{name}, {how}, missed: {mutation}")
    return {how: 1 - missed / count for how, missed in left.items()}


def test_a_few_are_found():
    shares = _shares(FEW)
    assert shares["with rows"] >= WITH_ROWS
    assert shares["alone"] >= ALONE_OF_FEW


@pytest.mark.slow
def test_two_hundred_are_found():
    shares = _shares(MANY)
    assert shares["with rows"] >= WITH_ROWS
    assert shares["alone"] >= ALONE
