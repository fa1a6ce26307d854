"""The title block of a study: who, when, on what terms. What is wrong here would be published wrong."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

SLUG = r"^[a-z0-9][a-z0-9._-]*$"
Slug = Annotated[str, Field(pattern=SLUG)]
Share = Annotated[float, Field(gt=0, lt=1)]
DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>]+")
ORCID = re.compile(r"([0-9]{4}-){3}[0-9]{3}[0-9X]")
NODE = re.compile(r"(?:https://osf\.io/)?([a-z0-9]{5})/?")
ADDRESS = re.compile(r"https://[^\s/\"<>]+\.[^\s\"<>]+")


class Part(BaseModel):
    """What all parts of a study share: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _without(*beginnings: str) -> Callable[[Any], Any]:
    """Take an address's beginning away: people paste what the browser shows."""

    def shorten(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = value.strip()
        return next((text[len(each) :] for each in beginnings if text.lower().startswith(each)), text)

    return shorten


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("this is empty")
    return text


def _doi(text: str) -> str:
    if text and not DOI.fullmatch(text):
        raise ValueError("a DOI is written 10.NNNN/suffix, e.g. 10.17605/OSF.IO/T65VS")
    return text


def _orcid(text: str) -> str:
    if text and not ORCID.fullmatch(text):
        raise ValueError("an ORCID iD is written 0000-0002-1825-0097")
    if text and check_character(text[:-1].replace("-", "")) != text[-1]:
        raise ValueError("the last character does not fit the others, so one of them is mistyped")
    return text


def check_character(digits: str) -> str:
    """Compute the last character of an ORCID iD from the others (ISO 7064, MOD 11-2).

    >>> check_character("000000021825009")
    '7'
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    found = (12 - total % 11) % 11
    return "X" if found == 10 else str(found)


def _osf(text: str) -> str:
    found = NODE.fullmatch(text)
    if text and not found:
        raise ValueError("a project of OSF is written https://osf.io/xxxxx/, five letters or digits")
    return f"https://osf.io/{found[1]}/" if found else text


def _link(text: str) -> str:
    if DOI.fullmatch(text):
        return f"https://doi.org/{text}"
    if text and not ADDRESS.fullmatch(text):
        raise ValueError("this is neither an https address nor a DOI")
    return text


Filled = Annotated[str, AfterValidator(_filled)]
Doi = Annotated[str, BeforeValidator(_without("https://doi.org/", "doi:")), AfterValidator(_doi)]
Orcid = Annotated[str, BeforeValidator(_without("https://orcid.org/")), AfterValidator(_orcid)]
Node = Annotated[str, BeforeValidator(_without()), AfterValidator(_osf)]
Link = Annotated[str, BeforeValidator(_without("doi:")), AfterValidator(_link)]


class Author(Part):
    """Somebody who answers for the study or its data: a person, or a group of them."""

    name: Filled  # as it is printed
    kind: Literal["person", "group"] = "person"
    family_name: str = ""  # which part of the name is that
    role: str = ""
    affiliation: str | tuple[Filled, ...] = ""
    orcid: Orcid = ""

    @field_validator("family_name")
    @classmethod
    def _is_in_the_name(cls, family_name: str, info: ValidationInfo) -> str:
        if family_name not in info.data.get("name", family_name):
            raise ValueError("it is no part of the name")
        return family_name

    @field_validator("family_name", "orcid")
    @classmethod
    def _is_of_a_person(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("kind") == "group":
            raise ValueError("a person has this, and a group has not")
        return value

    @property
    def affiliations(self) -> tuple[str, ...]:
        """Where they work."""
        if isinstance(self.affiliation, str):
            return (self.affiliation,) if self.affiliation else ()
        return self.affiliation

    @property
    def parts(self) -> tuple[str, str, str]:
        """Given names, family name and what follows it; all but the family name empty if it is not told."""
        given, _, rest = self.name.partition(self.family_name) if self.family_name else ("", "", "")
        return given.strip(), self.family_name, rest.strip(" ,")


class Funding(Part):
    """Who paid."""

    funder: Filled
    award: str = ""

    @property
    def words(self) -> str:
        """Funder and award in one line."""
        return f"{self.funder} ({self.award})" if self.award else self.funder


class Licences(Part):
    """The terms of what is published, by their SPDX identifiers: those whose texts we carry."""

    data: Literal["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"] = "CC-BY-4.0"
    code: Literal["GPL-3.0-or-later", "Apache-2.0", "BSD-3-Clause", "MIT"] = "GPL-3.0-or-later"


class About(Part):
    """The title block, and the constants that every analysis uses."""

    name: Slug
    title: str
    short_title: str
    subtitle: str = ""
    emoji: str = ""
    date: datetime.date
    doi: Doi = ""
    osf: Node = ""
    preregistration: Link = ""
    experiment: str
    hypothesis: str
    keywords: tuple[Filled, ...] = ()
    language: str = "en"
    seed: int = Field(ge=0)
    alpha: Share = 0.05
    level: Share = 0.95
    licence: Licences = Licences()
    competing_interests: str = ""
    data_availability: str = ""
    authors: tuple[Author, ...] = ()
    funding: tuple[Funding, ...] = ()
    components: dict[Slug, Filled] = Field(default={})  # on OSF: the title of the one for a deposit's folder
    headline: tuple[str, ...] = ()  # the numbers that the printed register lists; see headline.py
