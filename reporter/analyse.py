"""The question meets the rows: select, bind, call, and catch what cannot be answered."""

from __future__ import annotations

import inspect
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from reporter import families, results
from reporter.bind import Bound, bind, digest_of, groups_of, sources_of, unit_of, units_of
from reporter.dataset import Dataset
from reporter.errors import Degenerate, StudyError
from reporter.findings import Finding, Findings, NotComputable, Trace
from reporter.names import did_you_mean, find
from reporter.study import RAW_DECIMALS, Analysis, Scalar, Source, Study
from reporter.verdicts import decide

NUMBERS = ("float", "int")
WORDS = ("str", "Literal")  # an option of one of these may stand for itself
PACKAGES = ("reporter.statistics", "reporter.entropy")
# Options that every statistic gets that knows the word; the last two change nothing in the answer.
OFFERED = ("level", "unit", "half_width", "rng", "engine")
UNTRACED = ("rng", "engine")
ADJUST = {
    "holm": families.holm,
    "benjamini_hochberg": families.benjamini_hochberg,
    "benjamini_yekutieli": families.benjamini_yekutieli,
}


def analyse(study: Study, dataset: Dataset, *, engine: str | None = None) -> Findings:
    """Answer every question of a study.

    Parameters
    ----------
    engine : {"loky", "ray", "dask"}, optional
        Where large resampling jobs run; the answers do not depend on it.

    Raises
    ------
    StudyError
        An analysis does not fit the signature of its statistic.
    DataError, EstimandError
        Its rows are not there, are ambiguous, or must not be combined.
    """
    found: list[Finding] = []
    for key in study.analyses:
        found += _answers(key, study, dataset, engine)
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
    for group in groups_of(analysis, dataset, place):
        yield from _answer(key, group, statistic, study, dataset, place, engine)


def _answer(
    key: str,
    group: Mapping[str, Scalar],
    statistic: Callable[..., Any],
    study: Study,
    dataset: Dataset,
    place: str,
    engine: str | None,
) -> Iterator[Finding]:
    analysis = study.analyses[key]
    label = "".join(map(str, group.values()))
    parameters = inspect.signature(statistic).parameters
    bound = {
        name: bind(role, str(parameters[name].annotation), group, study, dataset, f"{place}.roles.{name}")
        for name, role in analysis.roles.items()
    }
    unit = unit_of(bound.values(), place)
    seed = zlib.crc32(f"{study.about.seed}/{key}/{label}".encode()) if "rng" in parameters else None
    rng = None if seed is None else np.random.default_rng(seed)
    sources = sources_of(bound.values(), study)
    half_width = max((source.half_width for source in sources), default=0.0)
    offered = dict(zip(OFFERED, (study.about.level, unit, half_width, rng, engine), strict=True))
    options = _options(analysis, parameters, study, offered, place)
    units = units_of(bound, place)
    trace = Trace(
        statistic=analysis.statistic,
        options={name: value for name, value in options.items() if name not in UNTRACED},
        addresses=tuple(dict.fromkeys(a for b in bound.values() for a in b.chosen.column("address"))),
        digest=digest_of(bound.values()),
        seed=seed,
    )
    common_fields: dict[str, Any] = {
        "question": analysis.question, "units": units, "trace": trace, "population": analysis.population,
        "family": analysis.family, "equivalence": analysis.equivalence,
        **_decimals(analysis, sources),
    }  # fmt: skip
    try:
        _refuse_missing(bound)
        record = statistic(*(bound[name].argument for name in analysis.roles), **options)
    except Degenerate as reason:
        missing = NotComputable(reason.reason, _in_words(reason.detail, analysis))
        for name in (label, *(units if _answers_for_members(statistic) else ())):
            yield Finding(key, name, record=missing, **common_fields)
        return
    yield Finding(key, label, record=record, **common_fields)
    for name, member in zip(units, getattr(record, "members", ()), strict=False):
        yield Finding(key, name, record=member, **common_fields)


def _answers_for_members(statistic: Callable[..., Any]) -> bool:
    """Whether a statistic's record has one answer for each member of its input besides the common one."""
    record = getattr(results, str(inspect.signature(statistic).return_annotation), None)
    return record is not None and "members" in {entry.name for entry in fields(record)}


def _in_words(detail: str, analysis: Analysis) -> str:
    """Call each role by the column that played it: readers do not know a statistic's parameters."""
    for name, role in analysis.roles.items():
        detail = re.sub(rf"\b{name}\b", role.of.replace("_", " "), detail)
    return detail


def check_signature(statistic: Callable[..., Any], analysis: Analysis, place: str) -> None:
    """Refuse roles and options that are not parameters of the statistic, and roles that are missing."""
    parameters = inspect.signature(statistic).parameters.values()
    roles = [p.name for p in parameters if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    options = [p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
    for name in analysis.roles:
        if name not in roles:
            raise StudyError(f'{analysis.statistic} has no role "{name}".', where=place,
                             remedy=did_you_mean(name, roles))  # fmt: skip
    for name in roles:
        if name not in analysis.roles:
            raise StudyError(f'The role "{name}" of {analysis.statistic} is missing.', where=place)
    if list(analysis.roles) != roles:
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


def _refuse_missing(bound: Mapping[str, Bound]) -> None:
    for name, member in bound.items():
        if member.argument is None:
            raise Degenerate("missing_cell", f"no row plays the role {name}")


def _decimals(analysis: Analysis, sources: Iterable[Source]) -> dict[str, int]:
    """Print data as they were rounded, and what is made of them with one digit more if not told otherwise."""
    stated = [source.decimals for source in sources if source.decimals is not None]
    data = max(stated, default=RAW_DECIMALS)
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
    if p is None:
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
