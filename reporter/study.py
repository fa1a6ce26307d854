"""study.toml -> Study: what is asked, of which rows, in which words. Unknown keys are refused."""

from __future__ import annotations

import datetime
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from reporter.columns import KINDS
from reporter.errors import ProjectError, StudyError
from reporter.names import did_you_mean

Scalar = str | int | float
SLUG = r"^[a-z0-9][a-z0-9._-]*$"
Slug = Annotated[str, Field(pattern=SLUG)]
Share = Annotated[float, Field(gt=0, lt=1)]

# Marks that this project puts around printed numbers; text that holds them could forge an address.
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


class Part(BaseModel):
    """What all parts of a study share: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Author(Part):
    """Somebody who answers for the study or its data."""

    name: str
    role: str = ""
    affiliation: str = ""


class About(Part):
    """The title block, and the constants that every analysis uses."""

    name: Slug
    title: str
    short_title: str
    subtitle: str = ""
    emoji: str = ""
    date: datetime.date
    doi: str = ""
    osf: str = ""
    experiment: str
    hypothesis: str
    language: str = "en"
    seed: int = Field(ge=0)
    alpha: Share = 0.05
    level: Share = 0.95
    authors: tuple[Author, ...] = ()
    headline: tuple[str, ...] = ()  # addresses of the numbers that the printed register lists


class Source(Part):
    """A file of rows in the study's folder."""

    file: str
    kind: str
    origin: Literal["published", "imported", "collected"]
    decimals: int = Field(ge=0, le=12)
    citation: str

    @property
    def half_width(self) -> float:
        """Half a unit of the last printed digit."""
        return 0.5 * 10.0**-self.decimals


class Subject(Part):
    """A model that was measured; ``size`` orders the members of a family, smallest first."""

    key: Slug
    label: str
    vendor: str
    family: str = ""
    size: int | None = None


class Role(BaseModel):
    """Which values play a role of a statistic: ``of`` one column (or ``cell``), under conditions.

    Every key that is not ``of``, ``over`` or ``order`` is a condition on a column.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    of: str
    over: str = ""  # average the rows of each value of this column first
    order: str = ""  # sort by this column instead of the study's order of models

    @property
    def where(self) -> dict[str, Scalar]:
        """The conditions, by column."""
        return dict(self.model_extra or {})


class Analysis(Part):
    """One question: a statistic, the rows that play its roles, and its options."""

    question: str
    statistic: str
    roles: dict[str, Role]
    each: str = ""
    declared: tuple[str, ...] = ()
    options: dict[str, Scalar] = {}
    family: str = ""
    population: str = ""
    equivalence: str = ""
    decimals: int | None = Field(default=None, ge=0, le=12)


class Family(Part):
    """Tests that are adjusted together."""

    method: Literal["holm", "benjamini_hochberg", "benjamini_yekutieli"]


class Rule(Part):
    """One condition of a tier: a finding's value against a declared constant."""

    finding: str
    op: Literal["<", "<=", ">=", ">"]
    value: str


class Tier(Part):
    """A class of models: all of ``all`` and, if there are any, one of ``any`` must hold."""

    label: str
    meaning: str
    all: tuple[Rule, ...] = ()
    any: tuple[Rule, ...] = ()


class Zones(Part):
    """Names for stretches of the entropy axis; ``cuts`` names the declared constant with their edges."""

    cuts: str
    names: tuple[str, ...]


class Column(Part):
    """A column of a table: its head and what its cells show, with ``{addresses}`` in braces."""

    head: str
    show: str


class Layout(Part):
    """A table: one row per member of ``rows``, optionally sorted by a finding."""

    rows: str = "model"
    order: str = ""
    descending: bool = False
    only: str = ""
    columns: tuple[Column, ...]


class Picture(Part):
    """A figure: which drawing, of which findings."""

    draw: str
    columns: dict[str, str]
    summary: dict[str, str] = {}
    options: dict[str, Scalar] = {}
    zones: bool = False  # draw the study's zones behind it


class Study(Part):
    """Everything that a study declares. ``folder`` is where it was read from."""

    version: Literal[1] = Field(alias="schema")
    about: About = Field(alias="study")
    declared: dict[str, int | Decimal | tuple[Decimal, ...]]  # decimals print as they were declared
    zones: Zones | None = None
    sources: tuple[Source, ...] = Field(alias="source", min_length=1)
    models: tuple[Subject, ...] = Field(alias="model", min_length=1)
    analyses: dict[str, Analysis] = Field(alias="analysis")
    families: dict[str, Family] = Field(alias="family", default={})
    tiers: tuple[Tier, ...] = Field(alias="tier", default=())
    tables: dict[str, Layout] = Field(alias="table", default={})
    figures: dict[str, Picture] = Field(alias="figure", default={})
    folder: Path

    @model_validator(mode="after")
    def _names_resolve(self) -> Study:
        for place, word, allowed in self._references():
            if word and word not in allowed:
                raise ValueError(f'{place}: "{word}" is not known. {did_you_mean(word, allowed)}')
        cuts = self.declared.get(self.zones.cuts) if self.zones else None
        if self.zones and (not isinstance(cuts, tuple) or len(cuts) + 1 != len(self.zones.names)):
            raise ValueError("zones: there must be one name more than cuts")
        keys = [model.key for model in self.models]
        if len(set(keys)) < len(keys):
            raise ValueError(f"model: {max(keys, key=keys.count)} is declared twice")
        return self

    def _references(self) -> list[tuple[str, str, set[str]]]:
        """List every (place, word, allowed words) where one part of the study names another."""
        declared, analyses, families = set(self.declared), set(self.analyses), set(self.families)
        found = [(f"source[{i}].kind", s.kind, set(KINDS)) for i, s in enumerate(self.sources)]
        for key, analysis in self.analyses.items():
            place = f"analysis.{key}"
            found += [(f"{place}.declared", word, declared) for word in analysis.declared]
            found += [
                (f"{place}.options.{name}", value, declared)
                for name, value in analysis.options.items()
                if isinstance(value, str)
            ]
            found.append((f"{place}.family", analysis.family, families))
            found.append((f"{place}.equivalence", analysis.equivalence, analyses))
        for i, tier in enumerate(self.tiers):
            for rule in (*tier.all, *tier.any):
                found.append((f"tier[{i}].finding", rule.finding.partition(".")[0], analyses))
                found.append((f"tier[{i}].value", rule.value, declared))
        if self.zones:
            found.append(("zones.cuts", self.zones.cuts, declared))
        return found

    @property
    def half_width(self) -> float:
        """Half a unit of the last digit of the coarsest source."""
        return max(source.half_width for source in self.sources)

    def constant(self, word: Scalar) -> Any:
        """Look up a declared constant as floats; anything but a word stands for itself."""
        if not isinstance(word, str):
            return word
        declared = self.declared[word]
        if isinstance(declared, tuple):
            return tuple(float(value) for value in declared)
        return declared if isinstance(declared, int) else float(declared)

    @property
    def data_decimals(self) -> int:
        """How many decimals the finest source has."""
        return max(source.decimals for source in self.sources)

    def subject(self, key: str) -> Subject:
        """Find a model by its key."""
        return next(model for model in self.models if model.key == key)


def find_root(start: Path) -> Path:
    """Find the nearest folder, upwards from ``start``, that holds ``inputs/*/study.toml``."""
    for folder in (start, *start.parents):
        if any(folder.glob("inputs/*/study.toml")):
            return folder
    raise ProjectError(
        f"No project found: neither {start} nor a folder above it holds inputs/*/study.toml.",
        remedy="Go to a project's folder, name one with --root, or start one with `report new NAME`.",
    )


def check_name(name: str) -> None:
    """Refuse a study name that is no plain folder name: it must not lead out of its place."""
    if not re.fullmatch(SLUG, name):
        raise ProjectError(
            f'"{name}" cannot name a study.',
            remedy="Allowed: lower-case letters, digits, dots and dashes, with a letter or digit first.",
        )


def list_studies(root: Path) -> tuple[str, ...]:
    """Name the studies of a project."""
    return tuple(sorted(path.parent.name for path in root.glob("inputs/*/study.toml")))


def load_study(root: Path, name: str) -> Study:
    """Read and check ``inputs/<name>/study.toml``.

    Raises
    ------
    ProjectError
        There is no study of that name.
    StudyError
        The file is not TOML, or has an unknown, missing or wrong key.
    """
    check_name(name)
    studies = list_studies(root)
    if name not in studies:
        raise ProjectError(
            f'There is no study "{name}" in {root / "inputs"}.', remedy=did_you_mean(name, studies)
        )
    path = root / "inputs" / name / "study.toml"
    try:
        text = path.read_text(encoding="utf-8")
        declared = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise StudyError(f"The file is not UTF-8 (byte {error.start}).", where=path) from error
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"This is not TOML: {error}.", where=path) from error
    if mark := PRIVATE_USE.search(text):
        raise StudyError(f"Private-use character U+{ord(mark.group()):04X} is not allowed.", where=path)
    try:
        study = Study(**declared, folder=path.parent)
    except ValidationError as error:
        raise _refusal(error, path, text) from error
    if study.about.name != name:
        raise StudyError(
            f'study.name is "{study.about.name}", but the folder is "{name}".',
            where=path,
            remedy="Make them equal.",
        )
    return study


def _refusal(error: ValidationError, path: Path, text: str) -> StudyError:
    """Turn pydantic's first complaint into our words, with the line where the key stands."""
    first = error.errors()[0]
    keys = [str(key) for key in first["loc"]]
    place = ".".join(keys)
    last = keys[-1] if keys else ""
    lines = text.splitlines()
    line = next((i for i, row in enumerate(lines, 1) if re.match(rf"\s*\[*{re.escape(place)}\b", row)), None)
    line = line or next(
        (i for i, row in enumerate(lines, 1) if re.search(rf"\b{re.escape(last)}\s*[=\].]", row)), None
    )
    where = f"{path}, line {line}" if line and last else f"{path}"
    remedy = None
    if first["type"] == "extra_forbidden":
        what = f'Unknown key "{place}".'
        remedy = did_you_mean(last, _allowed(keys[:-1]))
    elif first["type"] == "missing":
        what = f'The key "{place}" is missing.'
    elif first["type"] == "value_error":
        what = f"{first['msg'].removeprefix('Value error, ')}."
    else:
        what = f'The key "{place}" has the value {first["input"]!r}: {first["msg"]}.'
    return StudyError(what.replace("..", "."), where=where, remedy=remedy)


def _allowed(keys: list[str]) -> set[str]:
    """Name the keys that are allowed at a place, by walking the models' fields."""
    part: Any = Study
    for key in keys:
        if isinstance(part, type) and issubclass(part, BaseModel):
            part = next(
                (entry.annotation for name, entry in part.model_fields.items() if key in (name, entry.alias)),
                None,
            )
        part = next((arg for arg in getattr(part, "__args__", ()) if _is_part(arg)), part)
    if not _is_part(part):
        return set()
    return {entry.alias or name for name, entry in part.model_fields.items()} - {"folder"}


def _is_part(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)
