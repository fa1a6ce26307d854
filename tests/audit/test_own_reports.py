"""No false alarm on the two reports that this project builds itself."""

from __future__ import annotations

import pytest

from tests.audit import built
from tests.audit.measure import strong


def _said(findings) -> str:
    return "\n".join(
        f"line {f.place.line} {f.severity.value} {f.check}: {f.quoted} | {f.how}" for f in findings
    )


@pytest.mark.parametrize("name", built.STUDIES)
def test_alone_nothing_is_wrong(name):
    loud = [finding for finding in built.audit_alone(built.report_text(name)) if strong(finding)]
    assert not loud, _said(loud)


@pytest.mark.parametrize("name", built.STUDIES)
def test_with_its_rows_nothing_is_wrong(name):
    loud = [f for f in built.audit_with_rows(name)(built.report_text(name)) if strong(f)]
    assert not loud, _said(loud)
