"""study.toml -> Study: what is asked, of which rows, in which words. Unknown keys are refused."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from reporter.about import About, Part, Slug
from reporter.columns import ADDED, KINDS
from reporter.names import did_you_mean
from reporter.waiver import Waiver

Scalar = str | int | float
# The columns that rows of any kind have: what a condition may be on.
CONDITIONS = {column.name for columns in KINDS.values() for column in columns} | {*ADDED}


def _number_or_numbers(value: Any) -> Any:
    """Say in one sentence what pydantic would say three times, once for each type."""
    members = value if isinstance(value, list) else [value]
    if not all(type(member) in (int, Decimal) and math.isfinite(member) for member in members):
        raise ValueError("a declared constant is a number or a list of numbers")
    return value


Constant = Annotated[int | Decimal | tuple[Decimal, ...], BeforeValidator(_number_or_numbers)]

# Marks that this project puts around printed numbers; text that holds them could forge an address.
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


MEMBERS = "/*"  # behind an analysis: the members of its answers
RAW_DECIMALS = 3  # to print values with that were never rounded


class Source(Part):
    """A file of rows in the study's folder."""

    file: Annotated[str, Field(pattern=r"^[^\x00]+$")]
    kind: str
    origin: Literal["published", "imported", "collected"]
    decimals: int | None = Field(default=None, ge=0, le=12)  # to which its values were rounded, if at all
    citation: str
    note: str = ""  # what its rows cannot say and a reader must know

    @property
    def half_width(self) -> float:
        """Half a unit of the last printed digit; 0 where values were never rounded."""
        return 0.0 if self.decimals is None else 0.5 * 10.0**-self.decimals


class Subject(Part):
    """A model that was measured; ``size`` orders the members of a family, smallest first."""

    key: Slug
    label: str
    vendor: str
    family: str = ""
    size: int | None = None


class Axis(Part):
    """A direction of behaviour: what its poles are called, the positive one first."""

    key: Slug
    label: str


def _tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """One name, or several."""
    return ((names,) if names else ()) if isinstance(names, str) else names


class Role(BaseModel):
    """Which values play a role of a statistic: ``of`` one column (or ``cell``), under conditions.

    Every key that is not one of the fields here is a condition on a column.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    __pydantic_extra__: dict[str, Scalar]

    of: str | tuple[str, ...]  # several columns only where the role is a word for each unit
    over: str | tuple[str, ...] = ()  # average the rows of each value of these columns first
    by: str | tuple[str, ...] = ()  # one column of numbers for each value of these
    without: tuple[Scalar, ...] = ()  # columns of the matrix that are left out, by name
    order: str = ""  # sort by this column instead of the study's order of models
    is_: str = Field(alias="is", default="")  # 1 where a column of text has this word, 0 where not
    kind: Literal["summaries", "observations", "responses", "states", "tokens"] = "summaries"
    runs: Literal["one", "all"] = "one"  # whether runs of one cell may meet
    optional: bool = False  # rows may be lacking: then there is no answer, where otherwise we refuse

    @property
    def units(self) -> tuple[str, ...]:
        """The columns whose values name the units of a role."""
        return _tuple(self.over)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values name the columns of a matrix."""
        return _tuple(self.by)

    @property
    def words(self) -> tuple[str, ...]:
        """The columns that the values come from."""
        return _tuple(self.of)

    @property
    def where(self) -> dict[str, Scalar]:
        """The conditions, by column."""
        return dict(self.model_extra or {})


class Shared(Role):
    """Rows that several roles name; what they are ``of`` may be left to the roles."""

    of: str | tuple[str, ...] = ()


class Analysis(Part):
    """One question: a statistic, the rows that play its roles, and its options."""

    question: str
    statistic: str
    roles: dict[str, Role]
    each: str | tuple[str, ...] = ()  # ask once for each value of these columns
    pairs: str = ""  # and for each two values of this one: of the roles called first_..., and of second_...
    declared: tuple[str, ...] = ()
    options: dict[str, Scalar] = Field(default={})
    family: str = ""
    population: str = ""
    equivalence: str = ""
    across: tuple[
        Literal["measure", "tokenizer", "bin_rule"], ...
    ] = ()  # in which the rows of models may differ here
    decimals: int | None = Field(default=None, ge=0, le=12)

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns whose values name the members that answers are for."""
        return _tuple(self.each)


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
    """A table: one row per member of the analysis ``rows``, optionally sorted by a finding.

    Without one, each model has its row. ``rows = "scan/*"`` are the members of the answers: the axes of each
    model, where the analysis was asked for models.
    """

    rows: str = ""
    order: str = ""
    descending: bool = False
    only: str = ""
    apart: bool = False  # a table for each model
    columns: tuple[Column, ...]


class Marks(Part):
    """What a figure draws of one analysis: a row for each of its members, or for each entry of a tuple."""

    rows: str = ""  # as of a table
    along: str = ""  # a tuple in that finding: a row for each entry, whose position "#" stands for
    columns: dict[str, str]


class Picture(Part):
    """A figure: which drawing, of which findings; ``part`` draws several analyses in one."""

    draw: str
    rows: str = ""
    along: str = ""
    columns: dict[str, str] = Field(default={})
    parts: tuple[Marks, ...] = Field(alias="part", default=())
    summary: dict[str, str] = Field(default={})
    options: dict[str, Scalar] = Field(default={})
    zones: bool = False  # draw the study's zones behind it

    @property
    def marks(self) -> tuple[Marks, ...]:
        """What it draws, part by part."""
        return self.parts or (Marks(rows=self.rows, along=self.along, columns=self.columns),)


def _filled(place: str, analysis: Any, shared: dict[str, Any]) -> Any:
    """Replace ``rows = "name"`` in the roles of an analysis by what ``[rows.name]`` declares."""
    if not isinstance(analysis, dict) or not isinstance(analysis.get("roles"), dict):
        return analysis
    roles = {}
    for role, given in analysis["roles"].items():
        roles[role] = given
        if isinstance(given, dict) and (word := given.get("rows")) is not None:
            if not isinstance(word, str) or word not in shared:
                raise ValueError(
                    f'{place}.roles.{role}.rows: "{word}" is not known. {did_you_mean(str(word), shared)}'
                )
            if isinstance(shared[word], dict):  # otherwise the types say what is wrong
                roles[role] = shared[word] | {name: value for name, value in given.items() if name != "rows"}
    return analysis | {"roles": roles}


class Study(Part):
    """Everything that a study declares. ``folder`` is where it was read from."""

    version: Literal[1] = Field(alias="schema")
    about: About = Field(alias="study")
    declared: dict[str, Constant]  # decimals print as they were declared
    zones: Zones | None = None
    sources: tuple[Source, ...] = Field(alias="source", min_length=1)
    models: tuple[Subject, ...] = Field(alias="model", min_length=1)
    axes: tuple[Axis, ...] = Field(alias="axis", default=())
    rows: dict[str, Shared] = Field(default={})
    analyses: dict[str, Analysis] = Field(alias="analysis")
    families: dict[str, Family] = Field(alias="family", default={})
    tiers: tuple[Tier, ...] = Field(alias="tier", default=())
    tables: dict[Slug, Layout] = Field(alias="table", default={})
    figures: dict[Slug, Picture] = Field(alias="figure", default={})
    waivers: tuple[Waiver, ...] = Field(alias="waiver", default=())
    folder: Path

    @model_validator(mode="before")
    @classmethod
    def _fill_in_rows(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Give each role the conditions of the rows that it names; its own come first."""
        shared = given.get("rows", {})
        analyses = given.get("analysis")
        if not isinstance(shared, dict) or not isinstance(analyses, dict):
            return given  # the types say what is wrong
        return given | {
            "analysis": {key: _filled(f"analysis.{key}", each, shared) for key, each in analyses.items()}
        }

    @model_validator(mode="after")
    def _names_resolve(self) -> Study:
        for place, word, allowed in self._references():
            if word and word not in allowed:
                raise ValueError(f'{place}: "{word}" is not known. {did_you_mean(word, allowed)}')
        cuts = self.declared.get(self.zones.cuts) if self.zones else None
        if isinstance(cuts, tuple) and list(cuts) != sorted(set(cuts)):
            raise ValueError("zones: the cuts must increase")
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
        keys = {entry.alias or name for name, entry in Role.model_fields.items()}
        for key, shared in self.rows.items():
            found += [(f"rows.{key}", word, keys | CONDITIONS) for word in shared.where]
        for key, analysis in self.analyses.items():
            place = f"analysis.{key}"
            found += [(f"{place}.declared", word, declared) for word in analysis.declared]
            found.append((f"{place}.family", analysis.family, families))
            found.append((f"{place}.equivalence", analysis.equivalence, analyses))
        for i, tier in enumerate(self.tiers):
            for rule in (*tier.all, *tier.any):
                found.append((f"tier[{i}].finding", rule.finding.partition(".")[0], analyses))
                found.append((f"tier[{i}].value", rule.value, declared))
        for kind, shown in (("table", self.tables), ("figure", self.figures)):
            found += [
                (f"{kind}.{name}.rows", each.rows.removesuffix(MEMBERS), analyses)
                for name, each in shown.items()
            ]
        for name, picture in self.figures.items():
            for i, part in enumerate(picture.parts):
                found.append((f"figure.{name}.part[{i}].rows", part.rows.removesuffix(MEMBERS), analyses))
        if self.zones:
            found.append(("zones.cuts", self.zones.cuts, declared))
        return found

    def constant(self, word: Scalar) -> Any:
        """Look up a declared constant as floats; anything but a word stands for itself."""
        if not isinstance(word, str):
            return word
        declared = self.declared[word]
        if isinstance(declared, tuple):
            return tuple(float(value) for value in declared)
        return declared if isinstance(declared, int) else float(declared)

    def label_of(self, key: str) -> str:
        """Name a model or an axis; whatever is neither is called by its key."""
        labels = {each.key: each.label for each in self.models} | {each.key: each.label for each in self.axes}
        return labels.get(key, key)

    def source(self, file: str) -> Source:
        """Find a source by its file."""
        return next(source for source in self.sources if source.file == file)

    def subject(self, key: str) -> Subject:
        """Find a model by its key."""
        return next(model for model in self.models if model.key == key)
