"""Predictions: what the rows foretell when a plan is frozen, and how that fares when more rows are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from reporter.align import digest_of
from reporter.analyse import analyse
from reporter.bind import Bound, bind
from reporter.dataset import Dataset, load_dataset
from reporter.errors import DataError, Degenerate, EstimandError
from reporter.findings import Finding, NotComputable, Trace, Used
from reporter.groups import groups_of
from reporter.preregistration.plan import Plan
from reporter.results import Predictions
from reporter.statistics.score_prediction import score_prediction
from reporter.study import Analysis, Role, Scalar, Study

PREDICTING = "common_slope"  # the statistic that foretells single members
SCORED = "frozen_predictions"
NOT_YET = "no rows yet"


def predict(study: Study) -> dict[str, Any]:
    """Compute what a study's predicting analyses say of the rows that are there, or why they say nothing.

    Returns
    -------
    dict
        By address (``prediction``, or ``prediction/gpt-4o`` of one that is asked for each model): centre
        and interval of each member, level, degrees of freedom and unit; or the reason.
    """
    asked = {key: each for key, each in study.analyses.items() if each.statistic == PREDICTING}
    there = tuple(source for source in study.sources if (study.folder / source.file).is_file())
    if not asked:
        return {}
    if not there:
        return {key: {"not_computable": NOT_YET} for key in asked}
    dataset = load_dataset(study.model_copy(update={"sources": there}))
    found: dict[str, Any] = {}
    for key, analysis in asked.items():
        alone = study.model_copy(update={"sources": there, "analyses": {key: analysis}, "families": {}})
        try:
            answers = tuple(analyse(alone, dataset))
        except (DataError, EstimandError) as error:
            found[key] = {"not_computable": error.what}
            continue
        found |= {answer.address: _said(answer) for answer in answers if not answer.is_member}
    return found


def _said(answer: Finding) -> dict[str, Any]:
    record = answer.record
    if not isinstance(record, Predictions):
        return {"not_computable": record.detail}
    members = {
        name: {"centre": member.centre, "low": member.interval.low, "high": member.interval.high}
        for name, member in zip(answer.units, record.members, strict=True)
    }
    return {
        "at": record.at, "level": record.members[0].interval.level, "df": record.df, "unit": record.unit,
        "half_width": record.half_width, "members": members,
    }  # fmt: skip


def scores(plan: Plan, study: Study, dataset: Dataset) -> Iterator[Finding]:
    """Score every frozen prediction by the rows that are there now, under the plan's own constants."""
    analyses = {
        key: Analysis.model_validate(each)
        for key, each in plan.content["analyses"].items()
        if each["statistic"] == PREDICTING
    }
    constants = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in plan.content["declared"].items()
    }
    planned = study.model_copy(update={"declared": constants, "analyses": analyses})
    for address, said in plan.predictions.items():
        key, _, label = address.partition("/")
        unanswered = Finding(
            SCORED, address, f"How did the frozen predictions of {key.replace('_', ' ')} fare?",
            record=NotComputable("not_predicted", str(said.get("not_computable"))), units=(),
            trace=Trace("score_prediction", {}, digest_of(()), None),
        )  # fmt: skip
        yield (
            unanswered
            if "not_computable" in said
            else _scored(unanswered, said, _measured(analyses[key], label, planned, dataset))
        )


def _measured(analysis: Analysis, label: str, study: Study, dataset: Dataset) -> Bound | Degenerate:
    """Select the rows of the first role, with the limit that was predicted for in the place of its own."""
    place = f"{study.folder / 'plan'}: {analysis.question}"
    first = analysis.roles["first"]
    limits = [
        name
        for name, value in first.where.items()
        if _limit(value, study) == _limit(analysis.options["first_at"], study)
    ]
    if not limits:
        return Degenerate("no_rows", "the plan does not say which rows are those of the predicted limit")
    later = Role.model_validate(
        {**first.model_dump(by_alias=True), limits[0]: analysis.options["at"], "optional": True}
    )
    try:
        groups = {group.label: group.conditions for group in groups_of(analysis, study, dataset, place)}
        if label not in groups:
            return Degenerate("no_rows", f"no row is of {label}")
        return bind(later, "ArrayLike", groups[label].get("first", {}), study, dataset, place)
    except Degenerate as reason:
        return reason


def _limit(value: Scalar, study: Study) -> Any:
    return study.constant(value) if value in study.declared else value


def _scored(unanswered: Finding, said: Mapping[str, Any], measured: Bound | Degenerate) -> Finding:
    """Compare the members that were measured with what had been predicted for them."""
    if isinstance(measured, Degenerate):
        return unanswered.with_(record=NotComputable(measured.reason, measured.detail))
    names = ["/".join(map(str, unit)) for unit in measured.units]
    values = {} if measured.argument is None else dict(zip(names, measured.argument.tolist(), strict=True))
    members = {name: member for name, member in said["members"].items() if name in values}
    options = {name: said[name] for name in ("df", "level", "unit")}
    rows = measured.chosen
    common: dict[str, Any] = {
        "units": tuple(members),
        "dropped": tuple(name for name in said["members"] if name not in values),
        "trace": replace(
            unanswered.trace,
            options=options,
            digest=digest_of((measured,)),
            roles={"measured": Used(rows.digest, rows.addresses)},
        ),
    }
    if not members:
        return unanswered.with_(record=NotComputable("no_rows", "no predicted member was measured"))
    centres = [member["centre"] for member in members.values()]
    halves = [said["half_width"]] * len(members)
    try:
        record = score_prediction(centres, halves, [values[name] for name in members], **options)
    except Degenerate as reason:
        return unanswered.with_(record=NotComputable(reason.reason, reason.detail), **common)
    return unanswered.with_(record=record, **common)
