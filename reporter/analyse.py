"""The question meets the rows: select, bind, call, and catch what cannot be answered."""

from __future__ import annotations

import hashlib
import inspect
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from reporter import families, results
from reporter.dataset import Dataset, estimand, records
from reporter.errors import DataError, Degenerate, StudyError
from reporter.estimand import common
from reporter.findings import Finding, Findings, NotComputable, Trace
from reporter.names import did_you_mean, find
from reporter.results import Summary
from reporter.study import Analysis, Role, Scalar, Study
from reporter.verdicts import decide

CELL = "cell"
NUMBERS = ("float", "int")
PLACES = ("line", "source")  # where a row stands in a file, which is not part of what it says
# Options that every statistic gets that knows the word; the last two change nothing in the answer.
OFFERED = ("level", "unit", "half_width", "rng", "engine")
UNTRACED = ("rng", "engine")
ADJUST = {
    "holm": families.holm,
    "benjamini_hochberg": families.benjamini_hochberg,
    "benjamini_yekutieli": families.benjamini_yekutieli,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What plays a role: the argument itself, the rows it was made of, and the names of its entries."""

    argument: Any
    rows: Sequence[Mapping[str, Any]]
    units: tuple[str, ...]


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
    return Findings(tuple(_judge(finding, by_address, study.about.alpha) for finding in adjusted))


def _answers(key: str, study: Study, dataset: Dataset, engine: str | None) -> Iterator[Finding]:
    """Answer one question, once for each member of its group."""
    analysis = study.analyses[key]
    place = f"{study.folder / 'study.toml'}: analysis.{key}"
    statistic = find(analysis.statistic, package="reporter.statistics", where=place)
    check_signature(statistic, analysis, place)
    for group in _groups(analysis, dataset, place):
        yield from _answer(key, group, statistic, study, dataset, place, engine)


def _groups(analysis: Analysis, dataset: Dataset, place: str) -> list[dict[str, Scalar]]:
    """List the conditions that select each member: none at all where the question is asked once."""
    if not analysis.each:
        return [{}]
    rows = dataset.select({}, place=place)
    _refuse_no_column("each", analysis.each, rows, place)
    return [{analysis.each: value} for value in rows[analysis.each].dropna().unique() if value != ""]


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
        name: _bind(role, str(parameters[name].annotation), group, study, dataset, f"{place}.roles.{name}")
        for name, role in analysis.roles.items()
    }
    rows = [row for member in bound.values() for row in member.rows]
    unit = common(map(estimand, rows), where=place).unit if rows else "nats"
    seed = zlib.crc32(f"{study.about.seed}/{key}/{label}".encode()) if "rng" in parameters else None
    rng = None if seed is None else np.random.default_rng(seed)
    offered = dict(zip(OFFERED, (study.about.level, unit, study.half_width, rng, engine), strict=True))
    options = _options(analysis, parameters, study, offered, place)
    units = _units(bound, place)
    trace = Trace(
        statistic=analysis.statistic,
        options={name: value for name, value in options.items() if name not in UNTRACED},
        addresses=tuple(dict.fromkeys(row["address"] for row in rows)),
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
    stated |= {name: study.constant(value) for name, value in analysis.options.items()}
    for name, value in stated.items():
        if isinstance(value, tuple) and parameters[name].annotation in NUMBERS:
            raise StudyError(f'The option "{name}" is a list where a number belongs.', where=place)
    return options | stated


def _bind(
    role: Role, annotation: str, group: Mapping[str, Scalar], study: Study, dataset: Dataset, place: str
) -> Bound:
    """Select a role's rows and shape them as the statistic's signature asks."""
    table = dataset.select({}, place=place)
    where = {name: _condition(name, value, study, table, place) for name, value in role.where.items()}
    rows = dataset.select({**group, **where}, place=place)
    if role.order:
        _refuse_no_column("order", role.order, rows, place)
        rows = rows.sort_values(role.order, kind="stable")
    used = records(rows)
    if role.of == CELL:
        cells = [_summary(row, study) for row in used]
        if annotation == "Summary":
            _refuse_two(used, place)
            return Bound(cells[0] if cells else None, used, ())
        return Bound(cells, used, tuple(rows["model"]))
    _refuse_no_column("of", role.of, rows, place)
    if not is_numeric_dtype(rows[role.of]):
        raise DataError(f'of = "{role.of}" is a column of text.', where=place, remedy="Name one of numbers.")
    if role.over:
        _refuse_no_column("over", role.over, rows, place)
        means = rows.groupby(role.over, sort=False)[role.of].mean()
        return Bound(means.to_numpy(), used, tuple(map(str, means.index)))
    if len(rows) == 0:
        raise DataError("No row meets the conditions.", where=place, remedy=f"They are {where or 'none'}.")
    names = rows["model"] if rows["model"].is_unique else rows["address"]
    return Bound(rows[role.of].to_numpy(dtype=float), used, tuple(names))


def _condition(name: str, value: Scalar, study: Study, table: pd.DataFrame, place: str) -> Scalar:
    """Read a condition's value: a word on a column of numbers names a declared constant."""
    if name not in table.columns:
        return value  # the selection refuses it
    numeric = is_numeric_dtype(table[name])
    meant = study.constant(value) if numeric and value in study.declared else value
    if not (table[name] == meant).any():
        words = [
            *map(str, table[name].unique()),
            *(study.declared if numeric and isinstance(value, str) else ()),
        ]
        raise DataError(
            f'No row has the {name} "{value}".', where=place, remedy=did_you_mean(str(value), words)
        )
    return meant


def _refuse_no_column(key: str, name: str, rows: pd.DataFrame, place: str) -> None:
    if name not in rows.columns:
        raise StudyError(f'{key} = "{name}" is no column.', where=place,
                         remedy=did_you_mean(name, rows.columns))  # fmt: skip


def _summary(row: Mapping[str, Any], study: Study) -> Summary:
    source = next(source for source in study.sources if source.file == row["source"])
    names = ("mean", "sd", "minimum", "maximum", "n")
    return Summary(**{name: row[name] for name in names}, half_width=source.half_width)


def _refuse_two(rows: Sequence[Mapping[str, Any]], place: str) -> None:
    if len(rows) > 1:
        raise DataError(
            f"{len(rows)} rows are candidates for one cell: {', '.join(row['address'] for row in rows)}.",
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


def _digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the rows that were read, without their places in files."""
    total = hashlib.sha256()
    for row in rows:
        cells = (f"{name}={value!r}" for name, value in row.items() if name not in PLACES)
        total.update(("\x1f".join(cells) + "\n").encode())
    return total.hexdigest()


def _decimals(analysis: Analysis, study: Study) -> int:
    """One digit more than the data have, unless the study says otherwise."""
    if analysis.decimals is not None:
        return analysis.decimals
    return study.data_decimals + 1


def _refuse_without_p(found: list[Finding], study: Study) -> None:
    """Refuse a family, or a bound for a verdict, of answers that are no tests."""
    bounds = {analysis.equivalence for analysis in study.analyses.values()}
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
