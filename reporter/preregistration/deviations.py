"""Where two plans differ: field by field, with what follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reporter.preregistration.declared import Content

NOTHING = "nothing"  # what stands where a field is not set
BARE = re.compile(r"[A-Za-z0-9_-]+")
# Parts of a plan whose entries are added or removed whole, and at which depth their names stand.
WHOLE = {"analyses": (2, 4), "prompts": (3,)} | dict.fromkeys(
    ("declared", "models", "axes", "sources", "families", "tiers"), (2,)
)
WORDING = {"question", "population", "decimals"}  # of an analysis, what changes none of its answers

# What follows from a deviation at a place; the first line that fits. "*" stands for any name.
FOLLOWS = (
    ("hypothesis", "The hypothesis is worded differently."),
    ("experiment", "The experiment is worded differently."),
    ("alpha", "Every verdict is judged at another level."),
    ("level", "Every interval has another level."),
    ("seed", "Random numbers differ; answers without them do not."),
    ("declared", "Whatever uses this constant has another value."),
    ("models.*.label", "A name is worded differently."),
    ("models", "The models are not those planned."),
    ("axes", "The axes are not those planned, or named differently."),
    ("sources.*.decimals", "Values are taken to be rounded differently."),
    ("sources", "The rows come from other files, or are of another kind."),
    ("analyses.*.question", "The question is worded differently; its rows and statistic say what is asked."),
    ("analyses.*.population", "The words for what the error is over differ."),
    ("analyses.*.decimals", "The answer is printed with other decimals."),
    ("analyses.*.statistic", "Another statistic answers the question."),
    ("analyses.*.roles", "The question is asked of other rows."),
    ("analyses.*.options", "The statistic has another option."),
    ("analyses.*.family", "The tests that p is adjusted with are others."),
    ("analyses.*.equivalence", "The verdict rests on another bound, or on none."),
    ("analyses.*.each", "The question is asked for other members."),
    ("analyses.*.pairs", "The question is asked for other members."),
    ("analyses.*.across", "Other values may be put together."),
    ("families", "The tests of the family are adjusted differently."),
    ("tiers", "Models are put into classes by other rules."),
    ("zones", "The stretches of the entropy axis are others."),
    ("prompts.prompt", "The models are asked other things."),
    ("prompts.axis", "The models are asked other things."),
    ("prompts", "Answers are sampled differently, or others are measured."),
)  # fmt: skip


class How(StrEnum):
    """How a plan and a study differ at a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One field that is not as it was planned: what stood there, what stands there now."""

    path: tuple[str, ...]
    how: How
    old: str
    new: str

    @property
    def field(self) -> str:
        """The path as TOML writes it: ``analyses.change.roles.first.token_limit``."""
        return ".".join(name if BARE.fullmatch(name) else json.dumps(name) for name in self.path)

    @property
    def follows(self) -> str:
        """What follows from it, as a sentence."""
        if self.how is How.RENAMED:
            return "The same question under another name; random numbers may differ."
        if self.path[0] == "analyses" and len(self.path) == 2:
            return "Not planned: exploratory." if self.how is How.ADDED else "Planned, and not in the report."
        return next(words for place, words in FOLLOWS if _fits(place, self.path))


def _fits(place: str, path: tuple[str, ...]) -> bool:
    names = place.split(".")
    return len(names) <= len(path) and all(a in ("*", b) for a, b in zip(names, path, strict=False))


def deviations(planned: Content, now: Content) -> tuple[Deviation, ...]:
    """List every field in which two plans differ.

    Whole entries (an analysis, a role, a model) are added or removed in one line; the order of names
    counts for nothing. An analysis that differs in nothing but its name is renamed.
    """
    names = renamed(planned, now)
    found = [Deviation(("analyses", old), How.RENAMED, old, new) for old, new in names.items()]
    return (*found, *_differences((), _with_names(planned, names), now))


def renamed(planned: Content, now: Content) -> dict[str, str]:
    """Match analyses that differ in nothing but their names: the old name with the new one."""
    before, after = planned["analyses"], now["analyses"]
    free = [key for key in after if key not in before]
    found: dict[str, str] = {}
    for key in [key for key in before if key not in after]:
        same = [other for other in free if _question(after[other]) == _question(before[key])]
        if same:
            found[key] = same[0]
            free.remove(same[0])
    return found


def _question(analysis: Content) -> Content:
    """Leave out the name of another analysis, which may have been renamed as well."""
    return {name: value for name, value in analysis.items() if name != "equivalence"}


def _with_names(planned: Content, names: Mapping[str, str]) -> Content:
    """Call the analyses of a plan as they are called now, wherever it names them."""
    if not names:
        return planned
    analyses = {names.get(key, key): dict(analysis) for key, analysis in planned["analyses"].items()}
    for analysis in analyses.values():
        if analysis.get("equivalence") in names:
            analysis["equivalence"] = names[analysis["equivalence"]]
    tiers = {
        label: {name: _rules(value, names) for name, value in tier.items()}
        for label, tier in planned["tiers"].items()
    }
    return planned | {"analyses": analyses, "tiers": tiers}


def _rules(rules: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(rules, list):
        return rules
    found = []
    for rule in rules:
        key, dot, rest = rule.partition(".")
        found.append(f"{names.get(key, key)}{dot}{rest}")
    return found


def _differences(path: tuple[str, ...], old: Content, new: Content) -> Iterator[Deviation]:
    for name in dict.fromkeys((*old, *new)):
        place = (*path, name)
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        tables = all(isinstance(value, dict) for value in (before, after) if value is not None)
        if tables and not (_is_whole(place) and None in (before, after)):
            yield from _differences(place, before or {}, after or {})
        else:
            how = How.ADDED if before is None else How.REMOVED if after is None else How.CHANGED
            yield Deviation(place, how, *_texts(before, after))


def _is_whole(path: tuple[str, ...]) -> bool:
    return len(path) in WHOLE.get(path[0], ())


def _texts(*values: Any) -> tuple[str, str]:
    one, other = map(text_of, values)
    if one == other:  # a word and a number that read alike
        one, other = map(json.dumps, values)
    return one, other


def text_of(value: Any) -> str:
    """Write a planned value as people read it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(text_of, value))}]"
    if isinstance(value, dict) and "question" in value:
        return f"{value['statistic']}: {value['question']}"
    if isinstance(value, dict):
        return ", ".join(f"{name} = {text_of(each)}" for name, each in value.items()) or NOTHING
    return value if isinstance(value, str) else repr(value)


def concerned(deviation: Deviation, planned: Content, now: Content) -> set[str]:
    """Name the analyses of now whose own answers a deviation can change.

    What is common to all of them (levels, models, files) is not told of each.
    """
    part, *names = deviation.path
    analyses = now["analyses"]
    if deviation.how is How.RENAMED:
        return set()
    if part == "declared":
        uses = {key for key, each in analyses.items() if names[0] in _words(each)}
        return uses | {k for k, each in planned["analyses"].items() if names[0] in _words(each)}
    if part == "families":
        return {key for key, analysis in analyses.items() if analysis.get("family") == names[0]}
    if part == "analyses" and not WORDING.intersection(names[1:2]):
        judged = {key for key, each in analyses.items() if each.get("equivalence") == names[0]}
        return {names[0]} | judged | _beside(names, planned["analyses"], analyses)
    return set()


def _beside(names: list[str], before: Content, after: Content) -> set[str]:
    """Name the tests whose adjusted p changes with one that joins or leaves their family."""
    if names[1:] not in ([], ["family"]):
        return set()
    families = {part[names[0]].get("family") for part in (before, after) if names[0] in part} - {None}
    return {key for key, each in after.items() if each.get("family") in families}


def _words(analysis: Content) -> set[Any]:
    """Every word that may name a constant: options, and conditions of roles."""
    values = [*analysis["options"].values()]
    for role in analysis["roles"].values():
        values += role.values()
    return {value for value in values if isinstance(value, str)}
