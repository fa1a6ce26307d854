"""No false alarm on the two reports that this project builds itself, nor on one of many models."""

from __future__ import annotations

import numpy as np
import pytest

from reporter import pipeline
from tests.audit import built
from tests.audit.measure import strong
from tests.benchmarks import bench_entropy_study as many


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


def test_nothing_is_wrong_where_chance_has_much_to_play_with(tmp_path, monkeypatch):
    """Of thousands of numbers of the same kind some are one digit apart, and some columns nearly alike."""
    monkeypatch.setattr(many, "MODELS", 14)
    monkeypatch.setattr(many, "LAYERS", 12)
    seeded = np.random.default_rng
    monkeypatch.setattr(many.np.random, "default_rng", lambda *_: seeded(20261122))
    many.made_up(tmp_path)
    monkeypatch.undo()
    text = pipeline.report(tmp_path, pipeline.answer(tmp_path, many.STUDY)).text
    assert text.count("\n| Model 13 |") > 10
    loud = [finding for finding in built.audit_alone(text) if strong(finding)]
    assert not loud, _said(loud)
