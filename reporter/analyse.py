"""The question meets the rows: select, bind, call, and catch what cannot be answered."""

from __future__ import annotations

import hashlib
import inspect
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reporter import families
from reporter.dataset import Dataset, estimands, records
from reporter.errors import DataError, Degenerate, StudyError
from reporter.estimand import common
from reporter.findings import Finding, Findings, NotComputable, Trace
from reporter.names import did_you_mean, find
from reporter.results import Summary
from reporter.study import Analysis, Role, Scalar, Study
from reporter.verdicts import decide

CELL = "cell"
ADJUST = {
    "holm": families.holm,
    "benjamini_hochberg": families.benjamini_hochberg,
    "benjamini_yekutieli": families.benjamini_yekutieli,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What plays a role: the argument itself, the rows it was made of, and the names of its entries."""

    argument: Any
    rows: pd.DataFrame
    units: tuple[str, ...]


def analyse(study: Study, dataset: Dataset) -> Findings:
    """Answer every question of a study.

    Raises
    ------
    StudyError
        An analysis does not fit the signature of its statistic.
    DataError, EstimandError
        Its rows are not there, are ambiguous, or must not be combined.
    """
    found: list[Finding] = []
    for key in study.analyses:
        found += _answers(key, study, dataset)
    adjusted = _adjust(found, study)
    by_address = {finding.address: finding for finding in adjusted}
    return Findings(tuple(_judge(finding, by_address, study.about.alpha) for finding in adjusted))


def _answers(key: str, study: Study, dataset: Dataset) -> Iterator[Finding]:
    """Answer one question, once for each member of its group."""
    analysis = study.analyses[key]
    place = f"{study.folder / 'study.toml'}: analysis.{key}"
    statistic = find(analysis.statistic, package="reporter.statistics", where=place)
    check_signature(statistic, analysis, place)
    for label in _labels(analysis, dataset, place):
        yield from _answer(key, label, statistic, study, dataset, place)


def _labels(analysis: Analysis, dataset: Dataset, place: str) -> list[str]:
    if not analysis.each:
        return [""]
    column = dataset.select({}, place=place)
    if analysis.each not in column.columns:
        raise StudyError(f'each = "{analysis.each}" is no column.', where=place,
                         remedy=did_you_mean(analysis.each, column.columns))  # fmt: skip
    return [str(value) for value in column[analysis.each].unique() if value]


def _answer(
    key: str, label: str, statistic: Callable[..., Any], study: Study, dataset: Dataset, place: str
) -> Iterator[Finding]:
    analysis = study.analyses[key]
    group: dict[str, Scalar] = {analysis.each: label} if analysis.each else {}
    parameters = inspect.signature(statistic).parameters
    bound = {
        name: _bind(role, str(parameters[name].annotation), group, study, dataset, f"{place}.roles.{name}")
        for name, role in analysis.roles.items()
    }
    rows = pd.concat([member.rows for member in bound.values()], ignore_index=True)
    unit = common(estimands(rows)).unit if len(rows) else "nats"
    seed = zlib.crc32(f"{study.about.seed}/{key}/{label}".encode()) if "rng" in parameters else None
    options = _options(analysis, parameters, study, unit, seed)
    units = _units(bound, place)
    trace = Trace(
        statistic=analysis.statistic,
        options={name: value for name, value in options.items() if name != "rng"},
        addresses=tuple(dict.fromkeys(rows["address"])) if len(rows) else (),
        digest=_digest(rows),
        seed=seed,
    )
    common_fields: dict[str, Any] = {
        "question": analysis.question, "units": units, "trace": trace, "population": analysis.population,
        "family": analysis.family, "equivalence": analysis.equivalence,
        "decimals": _decimals(analysis, study),
        "data_decimals": study.data_decimals,
    }  # fmt: skip
    try:
        _refuse_missing(bound)
        record = statistic(*(bound[name].argument for name in analysis.roles), **options)
    except Degenerate as reason:
        yield Finding(
            key,
            label,
            record=NotComputable(reason.reason, _in_words(reason.detail, analysis)),
            **common_fields,
        )
        return
    yield Finding(key, label, record=record, **common_fields)
    for name, member in zip(units, getattr(record, "members", ()), strict=False):
        yield Finding(key, name, record=member, **common_fields)


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


def _options(
    analysis: Analysis, parameters: Mapping[str, inspect.Parameter], study: Study, unit: str, seed: int | None
) -> dict[str, Any]:
    """Gather options: what the study states, and what every statistic gets that knows the word."""
    offered = {"level": study.about.level, "unit": unit, "half_width": study.half_width}
    options: dict[str, Any] = {name: value for name, value in offered.items() if name in parameters}
    options |= {name: study.constant(name) for name in analysis.declared}
    options |= {name: study.constant(value) for name, value in analysis.options.items()}
    if seed is not None:
        options["rng"] = np.random.default_rng(seed)
    return options


def _bind(
    role: Role, annotation: str, group: Mapping[str, Scalar], study: Study, dataset: Dataset, place: str
) -> Bound:
    """Select a role's rows and shape them as the statistic's signature asks."""
    where = {name: _condition(name, value, study, dataset) for name, value in role.where.items()}
    rows = dataset.select({**group, **where}, place=place)
    if role.order:
        rows = rows.sort_values(role.order, kind="stable")
    if role.of == CELL:
        cells = [_summary(row, study) for row in records(rows)]
        if annotation == "Summary":
            _refuse_two(rows, place)
            return Bound(cells[0] if cells else None, rows, ())
        return Bound(cells, rows, tuple(rows["model"]))
    if role.of not in rows.columns:
        raise DataError(
            f'of = "{role.of}" is no column.', where=place, remedy=did_you_mean(role.of, rows.columns)
        )
    if role.over:
        means = rows.groupby(role.over, sort=False)[role.of].mean()
        return Bound(means.to_numpy(), rows, tuple(map(str, means.index)))
    if len(rows) == 0:
        raise DataError("No row meets the conditions.", where=place, remedy=f"They are {where or 'none'}.")
    names = rows["model"] if rows["model"].is_unique else rows["address"]
    return Bound(rows[role.of].to_numpy(dtype=float), rows, tuple(names))


def _condition(name: str, value: Scalar, study: Study, dataset: Dataset) -> Scalar:
    """Read a condition's value: a word on a column of numbers names a declared constant."""
    if isinstance(value, str) and value in study.declared and name in ("token_limit", "temperature"):
        return study.constant(value)  # type: ignore[no-any-return]
    return value


def _summary(row: Mapping[str, Any], study: Study) -> Summary:
    source = next(source for source in study.sources if source.file == row["source"])
    names = ("mean", "sd", "minimum", "maximum", "n")
    return Summary(**{name: row[name] for name in names}, half_width=source.half_width)


def _refuse_two(rows: pd.DataFrame, place: str) -> None:
    if len(rows) > 1:
        raise DataError(
            f"{len(rows)} rows are candidates for one cell: {', '.join(rows['address'])}.",
            where=place,
            remedy="Add a condition that singles one out.",
        )


def _refuse_missing(bound: Mapping[str, Bound]) -> None:
    for name, member in bound.items():
        if member.argument is None:
            raise Degenerate("missing_cell", f"no row plays the role {name}")


def _units(bound: Mapping[str, Bound], place: str) -> tuple[str, ...]:
    """Check that roles with many values speak of the same members in the same order."""
    named = {name: member.units for name, member in bound.items() if member.units}
    first = next(iter(named.values()), ())
    for name, units in named.items():
        if units != first:
            odd = sorted(set(units) ^ set(first))
            raise DataError(f'The role "{name}" has other members: {", ".join(odd)}.', where=place,
                            remedy="Every member needs a row in every role.")  # fmt: skip
    return first


def _digest(rows: pd.DataFrame) -> str:
    """SHA-256 over the rows that were read, as CSV without positions in files."""
    text = rows.drop(columns=["line", "source"], errors="ignore").to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(text.encode()).hexdigest()


def _decimals(analysis: Analysis, study: Study) -> int:
    """One digit more than the data have, unless the study says otherwise."""
    if analysis.decimals is not None:
        return analysis.decimals
    return study.data_decimals + 1


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
    if p is None or finding.key in {f.equivalence for f in by_address.values()}:
        return finding
    bound = by_address.get(finding.equivalence)
    return finding.with_(
        verdict=decide(
            p=p if finding.adjusted_p is None else finding.adjusted_p,
            p_floor=getattr(finding.record, "p_floor", 0.0),
            equivalence_p=bound.record.p if bound is not None and bound.computable else None,
            alpha=alpha,
        )
    )
