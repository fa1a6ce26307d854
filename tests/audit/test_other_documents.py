"""No false alarm on what this project has written for people: numbers in it were checked elsewhere."""

from __future__ import annotations

import pytest

from reporter.audit.audit import audit
from tests.audit.built import ROOT
from tests.audit.measure import strong

WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "tests/calibration/measured.md"])


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_our_own_pages_hold_no_error(path):
    loud = [finding for finding in audit(path).findings if strong(finding)]
    assert not loud, [f"line {f.place.line} {f.check}: {f.quoted[:60]} | {f.how[:90]}" for f in loud[:9]]
