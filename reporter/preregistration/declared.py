"""What a study plans, as plain values: all that decides its answers, and nothing of how they are shown."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from reporter.analyse import BY_NAME, OFFERED, PACKAGES, check_signature
from reporter.names import find
from reporter.study import Analysis, Role, Study, Tier

PROMPTS = "prompts.toml"
NOT_PLANNED = ("file", "citation", "note")  # of a source: its key, and words about it
Content = dict[str, Any]


def content_of(study: Study) -> Content:
    """Give what a study plans: strings, numbers and lists of them, in tables by name.

    What is written in two ways that mean the same is the same here: shared rows stand in each role that
    names them, a constant named in ``declared`` is an option, and options that are not set have the
    default of their statistic. Tables, figures and the title block are no part of a plan.

    Raises
    ------
    StudyError
        An analysis does not fit its statistic, or prompts.toml cannot be read.
    """
    about = study.about
    return {
        "hypothesis": about.hypothesis,
        "experiment": about.experiment,
        "alpha": about.alpha,
        "level": about.level,
        "seed": about.seed,
        "declared": plain(study.declared),
        "models": _named((model.key, _dump(model, without={"key"})) for model in study.models),
        "axes": _named((axis.key, _dump(axis, without={"key"})) for axis in study.axes),
        "sources": _named((source.file, _dump(source, without=NOT_PLANNED)) for source in study.sources),
        "analyses": {key: _analysis(key, each, study) for key, each in study.analyses.items()},
        "families": {name: _dump(family) for name, family in study.families.items()},
        "tiers": _named((tier.label, _tier(tier)) for tier in study.tiers),
        "zones": _dump(study.zones) if study.zones else {},
        "prompts": _prompts(study.folder),
    }


def answers_of(study: Study) -> dict[str, int]:
    """Count the answers that prompts.toml asks of each model, by run; empty where it is not there."""
    from reporter.collectors.plan import read_plans

    path = study.folder / PROMPTS
    counts: dict[str, int] = {}
    for run in read_plans(path) if path.is_file() else ():
        counts[run.name] = counts.get(run.name, 0) + len(run.jobs)
    return counts


def plain(value: Any) -> Any:
    """Write a value as JSON has it; a decimal as the float that enters the computation."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (tuple, list)) else value


def _dump(part: BaseModel, *, without: Iterable[str] = ()) -> Content:
    found: Content = plain(part.model_dump(by_alias=True, exclude_defaults=True, exclude={*without}))
    return found


def _named(parts: Iterable[tuple[str, Any]]) -> Content:
    """Put parts under their names; the second of one name has another one."""
    found: Content = {}
    for name, part in parts:
        free = (f"{name} ({n})" if n > 1 else name for n in range(1, len(found) + 2))
        found[next(each for each in free if each not in found)] = part
    return found


def _analysis(key: str, analysis: Analysis, study: Study) -> Content:
    place = f"{study.folder / 'study.toml'}: analysis.{key}"
    statistic = find(analysis.statistic, packages=PACKAGES, where=place)
    check_signature(statistic, analysis, place)
    defaults = {
        name: plain(parameter.default)
        for name, parameter in inspect.signature(statistic).parameters.items()
        if parameter.kind is BY_NAME and name not in OFFERED and _is_set(parameter.default)
    }
    named = {name: name for name in analysis.declared}
    lists = {"each": _one_or_many(analysis.groups)} if analysis.groups else {}
    return {
        **_dump(analysis, without=("roles", "options", "declared", "each")),
        **lists,
        "options": defaults | named | plain(analysis.options),
        "roles": {name: _role(role) for name, role in analysis.roles.items()},
    }


def _is_set(default: Any) -> bool:
    return isinstance(default, (str, int, float, tuple))


def _role(role: Role) -> Content:
    lists = {"of": role.words, "over": role.units, "by": role.columns}
    named = {name: _one_or_many(names) for name, names in lists.items() if names}
    return named | _dump(role, without=lists)


def _one_or_many(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)


def _tier(tier: Tier) -> Content:
    rules = {
        name: [f"{rule.finding} {rule.op} {rule.value}" for rule in held]
        for name, held in (("all", tier.all), ("any", tier.any))
        if held
    }
    return {"meaning": tier.meaning, **rules}


def _prompts(folder: Path) -> Content:
    """Read what is to be asked of the models, if that is declared."""
    from reporter.collectors.plan import read_plans

    path = folder / PROMPTS
    if not path.is_file():
        return {}
    read_plans(path)  # refuses what is wrong with it
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    names: dict[str, Callable[[Content], str]] = {
        "prompt": lambda prompt: f"{prompt['set']}/{prompt['key']}",
        "axis": lambda axis: str(axis["name"]),
        "run": lambda run: str(run["name"]),
    }
    tables = {
        table: _named((name_of(entry), entry) for entry in content.get(table, ()))
        for table, name_of in names.items()
    }
    return {"seed": content["seed"]} | {table: found for table, found in tables.items() if found}
