"""The question meets the rows: select, bind, call, and catch what cannot be answered."""

from __future__ import annotations

import inspect
import re
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

from reporter import families, results
from reporter.align import align, digest_of, shaped, sources_of, unit_of
from reporter.bind import Bound, bind
from reporter.dataset import Dataset
from reporter.errors import Degenerate, StudyError
from reporter.findings import Finding, Findings, NotComputable, Trace, Used
from reporter.groups import Group, groups_of
from reporter.names import did_you_mean, find
from reporter.sharing import can_share, shared
from reporter.study import RAW_DECIMALS, Analysis, Source, Study
from reporter.verdicts import decide

NUMBERS = ("float", "int")
WORDS = ("str", "Literal")  # an option of one of these may stand for itself
PACKAGES = ("reporter.statistics", "reporter.entropy")
# Options that every statistic gets that knows the word; the last two change nothing in the answer.
OFFERED = ("level", "unit", "half_width", "rng", "engine")
UNTRACED = ("rng", "engine")
BY_NAME = inspect.Parameter.KEYWORD_ONLY
ADJUST = {
    "holm": families.holm,
    "benjamini_hochberg": families.benjamini_hochberg,
    "benjamini_yekutieli": families.benjamini_yekutieli,
}


def analyse(study: Study, dataset: Dataset, *, engine: str | None = None, share: bool = False) -> Findings:
    """Answer every question of a study.

    Parameters
    ----------
    engine : {"loky", "ray", "dask"}, optional
        Where large resampling jobs run; the answers do not depend on it.
    share : bool
        Let a copy of this process answer half of the questions, where that can be done. Same answers.

    Raises
    ------
    StudyError
        An analysis does not fit the signature of its statistic.
    DataError, EstimandError
        Its rows are not there, are ambiguous, or must not be combined.
    """

    def answers(key: str) -> list[Finding]:
        return list(_answers(key, study, dataset, engine))

    keys = list(study.analyses)
    asked = shared(keys, answers) if share and engine is None and can_share() else map(answers, keys)
    found = [finding for answered in asked for finding in answered]
    _refuse_without_p(found, study)
    adjusted = _adjust(found, study)
    by_address = {finding.address: finding for finding in adjusted}
    bounds = _bounds(study)
    judged = (f if f.key in bounds else _judge(f, by_address, study.about.alpha) for f in adjusted)
    return Findings(tuple(judged))


def _answers(key: str, study: Study, dataset: Dataset, engine: str | None) -> Iterator[Finding]:
    """Answer one question, once for each member of its group."""
    analysis = study.analyses[key]
    place = f"{study.folder / 'study.toml'}: analysis.{key}"
    statistic = find(analysis.statistic, packages=PACKAGES, where=place)
    check_signature(statistic, analysis, place)
    try:
        groups = groups_of(analysis, study, dataset, place)
    except Degenerate as reason:
        yield _unanswered(key, "", reason, analysis, {})
        return
    known: dict[Hashable, Bound] = {}  # in pairs, what a model plays it plays beside every other
    for group in groups:
        try:
            bound, dropped = _bound(analysis, group, statistic, study, dataset, place, known)
        except Degenerate as reason:
            yield _unanswered(key, group.label, reason, analysis, {})
            continue
        yield from _answer(key, group.label, bound, dropped, statistic, study, place, engine)


def _unanswered(
    key: str, label: str, reason: Degenerate, analysis: Analysis, known: Mapping[str, Any]
) -> Finding:
    """Say why a question has no answer; ``known`` is what is known of its rows."""
    rows: dict[str, Any] = {
        "question": analysis.question, "units": (),
        "trace": Trace(analysis.statistic, {}, digest_of(()), None), "population": analysis.population,
        "family": analysis.family, "equivalence": analysis.equivalence,
    }  # fmt: skip
    return Finding(
        key,
        label,
        record=NotComputable(reason.reason, reason.detail),
        **{**rows, **known},
    )


def _bound(
    analysis: Analysis,
    group: Group,
    statistic: Callable[..., Any],
    study: Study,
    dataset: Dataset,
    place: str,
    known: dict[Hashable, Bound],
) -> tuple[dict[str, Bound], tuple[str, ...]]:
    """Select the rows of every role, with the units that all of them have, and name those left out."""
    parameters = _parameters(statistic)
    bound: dict[str, Bound] = {}
    for name, role in analysis.roles.items():
        conditions = group.conditions.get(name, {})
        asked = (name, *conditions.items())
        if asked not in known:
            annotation = str(parameters[name].annotation)
            known[asked] = bind(role, annotation, conditions, study, dataset, f"{place}.roles.{name}")
        bound[name] = known[asked]
    for name, member in bound.items():
        if member.argument is None:
            raise Degenerate(
                "missing_cell", _in_words(f"no row holds the {name} that is asked for", analysis)
            )
    aligned, _, dropped = align(bound, place)
    return aligned, tuple("/".join(map(str, unit)) for unit in dropped)


def _answer(
    key: str,
    label: str,
    bound: Mapping[str, Bound],
    dropped: tuple[str, ...],
    statistic: Callable[..., Any],
    study: Study,
    place: str,
    engine: str | None,
) -> Iterator[Finding]:
    analysis = study.analyses[key]
    parameters = _parameters(statistic)
    unit = unit_of(bound.values(), place, apart=_has_no_unit(parameters), across=analysis.across)
    alone = "" if analysis.pairs else f"/{label}"  # a model meets all others under the same orders
    seed = zlib.crc32(f"{study.about.seed}/{key}{alone}".encode()) if "rng" in parameters else None
    rng = None if seed is None else np.random.default_rng(seed)
    sources = sources_of(bound.values(), study)
    half_width = max((source.half_width for source in sources), default=0.0)
    offered = dict(zip(OFFERED, (study.about.level, unit, half_width, rng, engine), strict=True))
    options = _options(analysis, parameters, study, offered, place)
    units = next((member.units for member in bound.values() if member.units), ())
    trace = Trace(
        statistic=analysis.statistic,
        options={name: value for name, value in options.items() if name not in UNTRACED},
        digest=digest_of(bound.values()),
        seed=seed,
        roles={name: Used(b.chosen.digest, b.chosen.addresses) for name, b in bound.items()},
    )
    common_fields: dict[str, Any] = {
        "question": analysis.question, "units": tuple("/".join(map(str, names)) for names in units),
        "trace": trace, "population": analysis.population, "family": analysis.family,
        "equivalence": analysis.equivalence, "dropped": dropped,
        "names": {name: member.columns[-1] for name, member in bound.items() if member.columns},
        **_decimals(analysis, sources),
    }  # fmt: skip
    arguments = {name: shaped(member, str(parameters[name].annotation)) for name, member in bound.items()}
    roles = [arguments.pop(name) for name in analysis.roles if parameters[name].kind is not BY_NAME]
    try:
        record = statistic(*roles, **arguments, **options)
    except Degenerate as reason:
        said = Degenerate(reason.reason, _in_words(reason.detail, analysis))
        for name in (label, *(_members_asked(statistic, common_fields))):
            yield _unanswered(key, name, said, analysis, common_fields)
        return
    yield Finding(key, label, record=record, **common_fields)
    yield from _members(key, label, record, common_fields)


@cache
def _parameters(statistic: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(statistic).parameters


def _has_no_unit(parameters: Mapping[str, inspect.Parameter]) -> bool:
    """Whether an answer has no unit, as a rank correlation: its roles may then hold different entropies."""
    return "unit" in parameters and parameters["unit"].default == "1"


def _members_asked(statistic: Callable[..., Any], common_fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the units that would have had an answer each besides the common one."""
    record = getattr(results, str(inspect.signature(statistic).return_annotation), None)
    members = [entry for entry in (() if record is None else fields(record)) if entry.name == "members"]
    asked: tuple[str, ...] = common_fields["units"] if members and not members[0].metadata else ()
    return asked


def _members(key: str, label: str, record: Any, common_fields: Mapping[str, Any]) -> Iterator[Finding]:
    """Give the answers for single members their addresses: units, or columns of the role they are about."""
    members = getattr(record, "members", ())
    chosen = next((entry.metadata.get("for") for entry in fields(record) if entry.name == "members"), None)
    if chosen is None:
        for name, member in zip(common_fields["units"], members, strict=False):
            yield Finding(key, name, record=member, is_member=True, **common_fields)
        return
    names = common_fields["names"][results.names_of(record, chosen)]
    there = {position: place for place, position in enumerate(getattr(record, chosen))}
    for position, name in enumerate(names):
        address = f"{label}/{name}" if label else str(name)
        if position not in there:
            missing = NotComputable("constant_series", f"{name} does not vary")
            yield Finding(key, address, record=missing, is_member=True, **common_fields)
            continue
        place = there[position]
        yield Finding(key, address, record=members[place], is_member=True, **common_fields,
                      **_stepped_down(record, place))  # fmt: skip


def _stepped_down(record: Any, place: int) -> dict[str, Any]:
    """Read what a statistic that judges several members together has adjusted itself."""
    member = record.members[place]
    p = getattr(member, "p_step_down", None)
    if p is None and hasattr(record, "p_step_down"):
        p = record.p_step_down[place]
    return {} if p is None else {"adjusted_p": p, "family_size": len(record.members)}


def _in_words(detail: str, analysis: Analysis) -> str:
    """Call each role by what played it: readers do not know a statistic's parameters, but what strata are."""
    for name, role in analysis.roles.items():
        if len(role.words) > 1:
            continue
        said = role.where.get("measure") if role.of == "value" else None
        words = " and ".join(role.words) if said is None else str(said)
        detail = re.sub(rf"\b{name}\b", words.replace("_", " "), detail)
    return detail


def check_signature(statistic: Callable[..., Any], analysis: Analysis, place: str) -> None:
    """Refuse roles and options that are not parameters of the statistic, and roles that are missing."""
    parameters = _parameters(statistic).values()
    roles = [p.name for p in parameters if p.kind is not BY_NAME]
    labels = [p.name for p in parameters if p.kind is BY_NAME and "Labels" in str(p.annotation)]
    options = [p.name for p in parameters if p.kind is BY_NAME and p.name not in labels]
    for name in analysis.roles:
        if name not in (*roles, *labels):
            raise StudyError(f'{analysis.statistic} has no role "{name}".', where=place,
                             remedy=did_you_mean(name, [*roles, *labels]))  # fmt: skip
    for name in roles:
        if name not in analysis.roles:
            raise StudyError(f'The role "{name}" of {analysis.statistic} is missing.', where=place)
    if [name for name in analysis.roles if name in roles] != roles:
        raise StudyError(f"The roles stand in the order {', '.join(roles)}.", where=place)
    for name in (*analysis.options, *analysis.declared):
        if name not in options:
            raise StudyError(f'{analysis.statistic} has no option "{name}".', where=place,
                             remedy=did_you_mean(name, options))  # fmt: skip
    needed = {p.name for p in parameters if p.name in options and p.default is inspect.Parameter.empty}
    for name in sorted(needed - {*analysis.options, *analysis.declared, *OFFERED}):
        raise StudyError(f'The option "{name}" of {analysis.statistic} is missing.', where=place,
                         remedy="Name a constant in `declared`, or set it in `options`.")  # fmt: skip


def _options(
    analysis: Analysis,
    parameters: Mapping[str, inspect.Parameter],
    study: Study,
    offered: Mapping[str, Any],
    place: str,
) -> dict[str, Any]:
    """Gather options: what the study states, and what every statistic gets that knows the word."""
    options: dict[str, Any] = {name: value for name, value in offered.items() if name in parameters}
    stated = {name: study.constant(name) for name in analysis.declared}
    for name, value in analysis.options.items():
        annotation = str(parameters[name].annotation)
        if isinstance(value, str) and value not in study.declared:
            if annotation.startswith(WORDS):
                stated[name] = value
                continue
            raise StudyError(
                f'options.{name}: "{value}" is not known.',
                where=place,
                remedy=did_you_mean(value, study.declared),
            )
        stated[name] = study.constant(value)
    for name, value in stated.items():
        if isinstance(value, tuple) and parameters[name].annotation in NUMBERS:
            raise StudyError(f'The option "{name}" is a list where a number belongs.', where=place)
    return options | stated


def _decimals(analysis: Analysis, sources: Iterable[Source]) -> dict[str, int]:
    """Print data as they were rounded, and what is made of them with one digit more if not told otherwise."""
    stated = [source.decimals for source in sources if source.decimals is not None]
    data = max(stated, default=RAW_DECIMALS if analysis.decimals is None else analysis.decimals)
    made = analysis.decimals if analysis.decimals is not None else data + bool(stated)
    return {"decimals": made, "data_decimals": data}


def _bounds(study: Study) -> set[str]:
    """Name the equivalence tests: they enter the verdicts of other findings, and have none of their own."""
    return {analysis.equivalence for analysis in study.analyses.values()}


def _refuse_without_p(found: list[Finding], study: Study) -> None:
    """Refuse a family, or a bound for a verdict, of answers that are no tests."""
    bounds = _bounds(study)
    for finding in found:
        wanted = "family" if finding.family else "equivalence" if finding.key in bounds else ""
        if wanted and finding.computable and not hasattr(finding.record, "p"):
            raise StudyError(
                f"{finding.trace.statistic} gives no p value, which {wanted} needs.",
                where=f"{study.folder / 'study.toml'}: analysis.{finding.key}",
            )


def _adjust(found: list[Finding], study: Study) -> list[Finding]:
    """Adjust p within each declared family; members without an answer are left out and not counted."""
    adjusted: dict[str, Finding] = {finding.address: finding for finding in found}
    for name, family in study.families.items():
        members = [f for f in found if f.family == name and f.computable]
        if not members:
            continue
        values = ADJUST[family.method](np.array([f.record.p for f in members]))
        for finding, value in zip(members, values, strict=True):
            adjusted[finding.address] = finding.with_(adjusted_p=float(value), family_size=len(members))
    return list(adjusted.values())


def _judge(finding: Finding, by_address: Mapping[str, Finding], alpha: float) -> Finding:
    """Give a finding with a p value its verdict."""
    p = getattr(finding.record, "p", None)
    if not isinstance(p, float):  # no test, or several in one answer
        return finding
    bound = by_address.get(f"{finding.equivalence}/{finding.label}") or by_address.get(finding.equivalence)
    return finding.with_(
        verdict=decide(
            p=p if finding.adjusted_p is None else finding.adjusted_p,
            p_floor=getattr(finding.record, "p_floor", 0.0),
            equivalence_p=bound.record.p if bound is not None and bound.computable else None,
            alpha=alpha,
        )
    )
