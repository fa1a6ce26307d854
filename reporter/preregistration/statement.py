"""The plan in the report: what templates may say of it, and its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reporter.dataset import Dataset
from reporter.numbers import Register
from reporter.preregistration.following import PLAN, Followed
from reporter.preregistration.plan import Plan
from reporter.preregistration.predictions import SCORED
from reporter.render.environment import Look
from reporter.results import SlopeScore
from reporter.tables import Cell, Labels, Table

VERSIONS, ROWS, DEVIATIONS, ANALYSES = "plan-versions", "plan-rows", "plan-deviations", "plan-analyses"


def words_of(followed: Followed, register: Register, labels: Labels) -> dict[str, Any] | None:
    """Give what a template needs to speak of the plan; None where none was frozen."""
    if not followed.steps:
        return None
    differ = [step for step in followed.steps if step.deviations]
    return {
        "counts": Look(register, PLAN),
        "versions": [{"sha256": plan.sha256, "found": Look(register, _at(plan))} for plan in followed.plans],
        "has_rows": any(step.plan.n_rows for step in followed.steps),
        "differs": bool(differ),
        "scores": list(_scores(followed, register, labels)),
        "frozen": [
            {"words": finding.label.replace("_", " "), "found": Look(register, finding.address)}
            for finding in followed.findings.of(SCORED)
        ],
    }


def _at(plan: Plan) -> str:
    return f"{PLAN}/version-{plan.version}"


def _scores(followed: Followed, register: Register, labels: Labels) -> Iterator[dict[str, Any]]:
    """Name the scores of predictions that analyses of the study ask for, with how far they were planned."""
    for finding in followed.findings:
        if isinstance(finding.record, SlopeScore):
            who = f", {labels.of(finding.label)['label']}" if finding.label else ""
            yield {
                "words": f"{finding.key.replace('_', ' ')}{who}",
                "mark": followed.marks[finding.key],
                "found": Look(register, finding.address),
            }


def tables_of(followed: Followed, register: Register, dataset: Dataset) -> dict[str, Table]:
    """Lay out versions, rows that existed, deviations, and how far each analysis was planned."""
    if not followed.steps:
        return {}
    asked = {key: (each["question"], each["statistic"]) for key, each in followed.planned.items()}
    asked |= {key: (each.question, each.statistic) for key, each in register.study.analyses.items()}
    rows = {
        VERSIONS: (
            ("Version", "Frozen", "Rows that existed", "Analyses"),
            _versions(followed, register),
        ),
        ROWS: (("Version", "File", "Rows that existed", "Since then"), _rows(followed, register, dataset)),
        DEVIATIONS: (
            ("From", "To", "Field", "What", "Planned", "Instead", "What follows"),
            _deviations(followed),
        ),
        ANALYSES: (
            ("Analysis", "Question", "Statistic", "Plan"),
            (_texts(key.replace("_", " "), *asked[key], mark) for key, mark in followed.marks.items()),
        ),
    }
    return {key: Table(key, _texts(*heads), tuple(lines)) for key, (heads, lines) in rows.items()}


def _texts(*texts: str) -> tuple[Cell, ...]:
    return tuple((text,) if text else () for text in texts)


def _versions(followed: Followed, register: Register) -> Iterator[tuple[Cell, ...]]:
    for plan in followed.plans:
        version, rows, n = (register.look_up(f"{_at(plan)}.{name}") for name in ("version", "rows", "n"))
        yield (version,), (plan.time,), (rows,), (n,)


def _rows(followed: Followed, register: Register, dataset: Dataset) -> Iterator[tuple[Cell, ...]]:
    for plan in followed.plans:
        for position, file in enumerate(plan.rows):
            rows = register.look_up(f"{_at(plan)}.rows_by_file.{position}")
            now = dataset.digests.get(file.file)
            since = "no source" if now is None else "unchanged" if now == file.sha256 else "changed"
            yield (register.look_up(f"{_at(plan)}.version"),), (file.file,), (rows,), (since,)


def _deviations(followed: Followed) -> Iterator[tuple[Cell, ...]]:
    for step in followed.steps:
        for each in step.deviations:
            yield _texts(
                f"version {step.plan.version}", step.label, each.field, each.how.value, each.old, each.new,
                each.follows,
            )  # fmt: skip
