"""What a report says of its plan: which analyses were planned, what differs, how predictions fared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reporter.align import digest_of
from reporter.dataset import Dataset
from reporter.findings import Finding, Findings, Trace
from reporter.preregistration.declared import Content, content_of
from reporter.preregistration.deviations import Deviation, concerned, deviations, renamed
from reporter.preregistration.frozen import RESERVED, read_plans, refuse_reserved
from reporter.preregistration.plan import Plan
from reporter.preregistration.predictions import scores
from reporter.results import FrozenPlan, PlanFollowed
from reporter.study import Study

PLANNED, EXPLORATORY, CHANGED = "planned", "exploratory", "changed"
ABSENT, NOT_COMPUTABLE, ROWS_EXISTED = "not asked", "not computable", "rows existed"
PLAN = RESERVED[0]


@dataclass(frozen=True)
class Step:
    """A version of the plan, and what came after it: the next version, or the report."""

    plan: Plan
    after: Content
    label: str  # of what came after

    @cached_property
    def deviations(self) -> tuple[Deviation, ...]:
        """Every field that differs."""
        return deviations(self.plan.content, self.after)

    @cached_property
    def before(self) -> Mapping[str, str]:
        """What each analysis was called in the plan, where it has another name after."""
        return {new: old for old, new in renamed(self.plan.content, self.after).items()}

    @cached_property
    def concerned(self) -> frozenset[str]:
        """The analyses, by their names after, whose answers are not those that were planned."""
        found = (concerned(each, self.plan.content, self.after) for each in self.deviations)
        return frozenset(key for keys in found for key in keys)


@dataclass(frozen=True, slots=True)
class Followed:
    """The plans of a study beside its report; ``marks`` says of each analysis how far it was planned."""

    steps: tuple[Step, ...]
    marks: Mapping[str, str]
    findings: Findings

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Every version, the first one first."""
        return tuple(step.plan for step in self.steps)

    @property
    def planned(self) -> Content:
        """The analyses of the last version."""
        return dict(self.plans[-1].content["analyses"]) if self.steps else {}


def follow(study: Study, dataset: Dataset, findings: Findings) -> Followed:
    """Compare a study and its answers with its frozen plans.

    Returns
    -------
    Followed
        Without steps and marks where no plan was frozen. Its findings are those given, and what there is to
        count and to score of the plan.

    Raises
    ------
    PlanError
        A plan is not what was frozen.
    """
    plans = read_plans(study)
    if not plans:
        return Followed((), {}, findings)
    refuse_reserved(study)
    now = content_of(study)
    later = [(plan.content, f"version {plan.version}") for plan in plans[1:]]
    steps = tuple(
        Step(plan, after, label)
        for plan, (after, label) in zip(plans, [*later, (now, "report")], strict=True)
    )
    existed = {plan.version: _addresses(plan, dataset) for plan in plans}
    marks = {key: _mark(key, steps, findings.of(key), existed) for key in study.analyses}
    absent = [old for old in plans[-1].content["analyses"] if _is_absent(old, steps[-1])]
    marks |= dict.fromkeys(absent, f"{PLANNED}, {ABSENT}")
    about_plan = (*_counts(steps, marks, now), *scores(plans[-1], study, dataset))
    return Followed(steps, marks, Findings((*findings, *about_plan)))


def _is_absent(old: str, last: Step) -> bool:
    return old not in last.after["analyses"] and old not in last.before.values()


def _addresses(plan: Plan, dataset: Dataset) -> frozenset[str]:
    """Every row of the files that held rows when a plan was frozen."""
    held = {file.file for file in plan.rows if file.rows}
    return frozenset(
        address
        for rows in dataset.rows.values()
        for address, source in zip(rows.values("address"), rows.values("source"), strict=True)
        if source in held
    )


def _mark(
    key: str, steps: tuple[Step, ...], answers: Iterable[Finding], existed: Mapping[int, frozenset[str]]
) -> str:
    """Say how far an analysis was planned, going back to the first version that has it as it is."""
    since: Plan | None = None
    found = tuple(answers)
    name, words = key, [PLANNED]
    for step in reversed(steps):
        old = step.before.get(name, name)
        if old not in step.plan.content["analyses"]:
            break
        if name in step.concerned or _has_other_level(found, step):
            if since is None:
                since, words = step.plan, [PLANNED, CHANGED]
            break
        since, name = step.plan, old
    if since is None:
        return EXPLORATORY
    if any(not existed[since.version].isdisjoint(answer.trace.addresses) for answer in found):
        words.append(ROWS_EXISTED)
    if found and not any(answer.computable for answer in found):
        words.append(NOT_COMPUTABLE)
    return ", ".join(words)


def _has_other_level(answers: Iterable[Finding], step: Step) -> bool:
    """Whether verdicts or intervals of answers are at another level than was planned."""
    fields = {each.field for each in step.deviations}
    return any(
        ("alpha" in fields and answer.verdict is not None)
        or ("level" in fields and "level" in answer.trace.options)
        for answer in answers
    )


def _counts(steps: tuple[Step, ...], marks: Mapping[str, str], now: Content) -> Iterable[Finding]:
    """Count what the report says of its plan, so that each number has an address."""
    for step in steps:
        yield _finding(
            f"version-{step.plan.version}",
            FrozenPlan(
                version=step.plan.version,
                rows=step.plan.n_rows,
                rows_by_file=tuple(file.rows for file in step.plan.rows),
                deviations=len(step.deviations),
                n=len(step.plan.content["analyses"]),
                unit="analyses",
                method=PLAN,
            ),
        )
    said = [words.split(", ") for words in marks.values()]
    absent = sum(ABSENT in words for words in said)
    changed = sum(CHANGED in words for words in said)
    yield _finding(
        "",
        PlanFollowed(
            planned=sum(PLANNED in words for words in said) - absent - changed,
            changed=changed,
            exploratory=sum(EXPLORATORY in words for words in said),
            absent=absent,
            versions=len(steps),
            deviations=len(steps[-1].deviations),
            rows=steps[0].plan.n_rows,
            n=len(now["analyses"]),
            unit="analyses",
            method=PLAN,
        ),
    )


def _finding(label: str, record: Any) -> Finding:
    trace = Trace(PLAN, {}, digest_of(()), None)
    return Finding(PLAN, label, "How far does the report follow its plan?", record, (), trace)
