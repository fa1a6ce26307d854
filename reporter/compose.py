"""Study + Findings -> Report: fill the template, number its tables and figures, list every quoted number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from jinja2 import FileSystemLoader, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from reporter import gaps, tables, tiers
from reporter.dataset import Dataset
from reporter.errors import TemplateError
from reporter.findings import Findings, Verdict
from reporter.headline import headline
from reporter.numbers import Missing, Number, Register
from reporter.preregistration.following import follow
from reporter.preregistration.frozen import RESERVED
from reporter.preregistration.statement import tables_of, words_of
from reporter.provenance import Made, Provenance, templates_folder
from reporter.references import used
from reporter.render import marks
from reporter.render.environment import Look, Quote, Quoted, environment
from reporter.render.markdown import pipe_table
from reporter.results import Confidence
from reporter.study import Marks, Picture, Study, Subject
from reporter.tables import Labels, Table

SAID = ("provider", "model_kind", "quantisation", "bin_rule")  # what rows say of a model in words
SEPARABLE = (Verdict.DIFFERENT, Verdict.DIFFERENT_WITHIN_BOUND)
MOST_ROWS = 120  # of a table that is printed whole
FIRST_ROWS = 12  # of a longer one, as a sample: nobody reads more, and its file has them all
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing to be made: its word, the rows it draws, and its options."""

    key: str
    draw: str
    rows: tuple[Mapping[str, Number | str | None], ...]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """The text with its marks, every number it quotes, and the tables and figures that it shows."""

    study: Study
    made: Made
    register: Register
    marked: str
    quoted: tuple[Number | Missing, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    preregistration: Mapping[str, Any] | None  # what templates say of the plan, if one was frozen
    rests_on: frozenset[str]  # statistics, adjustments and estimators, by their words

    @property
    def text(self) -> str:
        """The report as plain Markdown."""
        return marks.strip(self.marked)


class Shelf:
    """Hands out tables and figures to the template, and numbers them in the order of the text."""

    def __init__(self, report_tables: Mapping[str, Table], report_figures: Mapping[str, Figure]) -> None:
        self.items: dict[str, Mapping[str, Any]] = {"Table": report_tables, "Figure": report_figures}
        self.shown: dict[str, list[str]] = {"Table": [], "Figure": []}

    def take(self, kind: str, key: str) -> tuple[Any, str]:
        """Show an item: the item itself and its label, as in "Table 3"."""
        if key not in self.items[kind]:
            raise TemplateError(f'The study declares no {kind.lower()} "{key}".')
        if key in self.shown[kind]:
            raise TemplateError(f'The {kind.lower()} "{key}" is shown twice.')
        self.shown[kind].append(key)
        return self.items[kind][key], f"{kind} {len(self.shown[kind])}"

    def refer(self, kind: str, key: str) -> Markup:
        """Stand for a link to an item, which may come later in the text."""
        return Markup(f"{marks.REFER}{kind}/{key}{marks.REFERRED}")

    def resolve(self, text: str) -> str:
        """Put links where references stand, now that every item has its number."""
        return marks.REFERENCE.sub(self._link, text)

    def _link(self, found: re.Match[str]) -> str:
        kind, key = found.groups()
        if key not in self.shown[kind]:
            raise TemplateError(f'The text refers to the {kind.lower()} "{key}", which it does not show.')
        number = self.shown[kind].index(key) + 1
        return f"[{kind} {number}](#{kind.lower()}-{number})"


def compose(
    study: Study,
    dataset: Dataset,
    findings: Findings,
    provenance: Provenance,
    *,
    ahead: Callable[[Sequence[Figure]], None] = lambda _: None,
) -> Report:
    """Write the report.

    Parameters
    ----------
    ahead : function of the study's figures, optional
        Called before the text is written, so that somebody else can begin to draw.

    Raises
    ------
    TemplateError
        The template is missing or broken, prints a bare number, or uses an unknown name.
    StudyError
        A table, figure or tier names an address that does not exist.
    """
    followed = follow(study, dataset, findings)
    register = Register(study, followed.findings)
    placements = tiers.place(register)
    labels = _labels(study, dataset, placements)
    figures = {key: _figure(key, picture, register, labels) for key, picture in study.figures.items()}
    ahead(tuple(figures.values()))
    laid = tables.lay_out_all(study.tables, register, labels)
    laid["tests"] = tables.tests(register, labels, plan=followed.marks)
    laid["headline"] = headline(register, study.about.headline, labels)
    laid |= tables_of(followed, register, dataset)
    shelf, quoted = Shelf(laid, figures), Quoted()
    # A study's own template wins, then the bundled one for its name, then the plain one.
    shared = templates_folder()
    loader = FileSystemLoader([study.folder, shared / study.about.name, shared])
    env = environment(loader, quoted)
    env.globals |= _words(study, dataset, register, labels, placements, provenance, laid)
    plan = words_of(followed, register, labels)
    env.globals |= {"preregistration": plan}
    env.globals |= _shelves(shelf, quoted)

    marked = shelf.resolve(_render(env))
    shown = shelf.shown
    return Report(
        study=study,
        made=provenance.made,
        register=register,
        marked=marked,
        quoted=tuple(quoted.numbers),
        tables=tuple(laid[key] for key in shown["Table"]),
        figures=tuple(figures[key] for key in shown["Figure"]),
        preregistration=plan,
        rests_on=_rests_on(study, dataset, findings),
    )


def _rests_on(study: Study, dataset: Dataset, findings: Findings) -> frozenset[str]:
    """Name the statistics, adjustments and estimators that a report uses."""
    estimators = {
        str(name)
        for rows in dataset.rows.values()
        if "estimator" in rows.names
        for name in rows.distinct("estimator")
    }
    statistics = {finding.trace.statistic for finding in findings}
    return frozenset(statistics | estimators | {family.method for family in study.families.values()})


def _render(env: Any) -> str:
    """Fill the template, and say in words what is wrong with it."""
    name = "report.md.jinja"
    try:
        return str(env.get_template(name).render())
    except TemplateSyntaxError as error:
        raise TemplateError(
            f"{error.message}.", where=f"{error.filename or error.name}, line {error.lineno}"
        ) from error
    except TemplateNotFound as error:
        raise TemplateError(f'The template "{error.name}" does not exist.') from error
    except (UndefinedError, SecurityError) as error:
        raise TemplateError(f"{error.message}.", where=name) from error
    except JinjaError as error:
        raise TemplateError(f"{error}.", where=name) from error
    except (TypeError, ValueError, LookupError, RecursionError) as error:
        raise TemplateError(f"The template does what cannot be done: {error}.", where=name) from error


def _labels(study: Study, dataset: Dataset, placements: tuple[tiers.Placement, ...]) -> Labels:
    """Gather the words that stand for each model: its label, who made it, who served it, its tier."""
    tier = {
        placement.model: placement.tier.label if placement.tier else "not computable"
        for placement in placements
    }
    words = {}
    for model in study.models:
        own = [(rows, rows.where({"model": model.key})) for rows in dataset.rows.values()]
        names = {
            name: sorted({str(v) for rows, at in own if name in rows.names for v in rows.distinct(name, at)})
            for name in SAID
        }
        words[model.key] = {
            "key": model.key,
            "label": model.label,
            "vendor": model.vendor,
            "provider": ", ".join(names["provider"]),
            "kind": ", ".join(names["model_kind"]),
            "weights": ", ".join(names["quantisation"]),
            "bins": ", ".join(names["bin_rule"]).replace("_", " "),
            "tier": tier.get(model.key, ""),
        }
    return Labels(words, {axis.key: axis.label for axis in study.axes})


def _figure(key: str, picture: Picture, register: Register, labels: Labels) -> Figure:
    """Look up everything that a figure draws."""
    rows = [
        _figure_row(columns, member, register, labels, key)
        for part in picture.marks
        for member in tables.members_of(part.rows, register)
        for columns in _along(part, member, register)
    ]
    if picture.summary:
        rows.append({"kind": "all", **_figure_row(picture.summary, "", register, labels, key)})
    options = {name: _option(value, register, f"figure.{key}") for name, value in picture.options.items()}
    if picture.zones and register.study.zones:
        options |= {
            "zones": register.study.zones.names,
            "cuts": register.study.constant(register.study.zones.cuts),
        }
    options["models"] = [labels.of(model.key)["label"] for model in register.study.models]
    return Figure(key, picture.draw, tuple(rows), options)


def _along(part: Marks, member: str, register: Register) -> list[Mapping[str, str]]:
    """Repeat a figure's columns for each entry of a tuple; a member without an answer keeps its words."""
    if not part.along:
        return [part.columns]
    place = tables.address_for(part.along, member, register)
    found = None if place is None else register.look_up(place)
    entries = range(len(found)) if isinstance(found, tuple) else range(1)
    return [
        {name: pattern.replace("#", str(position)) for name, pattern in part.columns.items()}
        for position in entries
    ]


def _option(value: Any, register: Register, where: str) -> Any:
    """Read a figure's option: the name of a declared constant stands for its number, text may quote some."""
    if not isinstance(value, str):
        return value
    if value in register.study.declared:
        return register.look_up(f"declared.{value}")
    return tables.text_of(tables.fill(value, "", register, {}, where))


def _figure_row(
    columns: Mapping[str, str], member: str, register: Register, labels: Labels, key: str
) -> dict[str, Number | str | None]:
    row: dict[str, Number | str | None] = {}
    for name, pattern in columns.items():
        cell = tables.fill(pattern, member, register, labels.of(member), f"figure.{key}.columns.{name}")
        piece = cell[0] if len(cell) == 1 else tables.text_of(cell)
        row[name] = piece.text if isinstance(piece, Missing) else piece
    return row


def _words(
    study: Study,
    dataset: Dataset,
    register: Register,
    labels: Labels,
    placements: tuple[tiers.Placement, ...],
    provenance: Provenance,
    laid: Mapping[str, Table],
) -> dict[str, Any]:
    """Everything that a template may name."""
    works = used(_rests_on(study, dataset, register.findings))
    return {
        "f": Look(register),
        "declared": Look(register, "declared"),
        "about": _texts(dict(study.about)) | {"authors": [_texts(dict(a)) for a in study.about.authors]},
        "zones": study.zones.names if study.zones else (),
        "sources": [_texts(dict(source)) for source in study.sources],
        "collected": any(source.origin == "collected" for source in study.sources),
        "models": tuple(labels.words.values()),
        "families": _families(study),
        "family_methods": {name: family.method for name, family in study.families.items()},
        "separable": lambda key: [f.label for f in register.findings.of(key) if f.verdict in SEPARABLE],
        "established": _members_with(register, "crossing", "established"),
        "undecided": _members_with(register, "prediction", "confidence", Confidence.NONE),
        "tier_of": lambda key: labels.of(key)["tier"],
        "cut": lambda zone: (
            Quote(register.look_up(f"declared.{study.zones.cuts}.{zone - 1}")) if study.zones else None
        ),
        "roman": lambda number: ROMAN[number - 1],
        "table_keys": tuple(study.tables),
        "figure_keys": tuple(study.figures),
        "members": lambda key: tables.members_of(key, register),
        "members_with": lambda key, name, value=True: _members_with(register, key, name, value),
        "label": lambda key: labels.of(key)["label"],
        "tables_of": lambda key: [
            (model.key, f"{key}-{model.key}") for model in study.models if f"{key}-{model.key}" in laid
        ],
        "labels": lambda keys: [labels.of(key)["label"] for key in keys],
        "tiers": [
            (_texts(dict(tier)), [_placed(p) for p in placements if p.tier == tier]) for tier in study.tiers
        ],
        "unplaced": [placement.model for placement in placements if placement.tier is None],
        "distinct": lambda *addresses: _distinct(register, addresses),
        "statistics": tuple(
            dict.fromkeys(f.trace.statistic for f in register.findings if f.key not in RESERVED)
        ),
        "references": [{"text": reference.text} for reference in works],
        "missing": gaps.missing(register, labels),
        "dropped": gaps.dropped(register, labels),
        "exclusions": [_texts(asdict(exclusion)) for exclusion in dataset.exclusions],
        "provenance": provenance,
    }


def _texts(part: Mapping[str, Any]) -> dict[str, Any]:
    """What a template sees of a part of the study: words and dates. Numbers have addresses."""
    return {name: value for name, value in part.items() if isinstance(value, (str, date))}


def _placed(placement: tiers.Placement) -> dict[str, Any]:
    """What a template sees of a model's place among the tiers."""
    return {"model": placement.model, "near": [Quote(number) for number in placement.near]}


def _families(study: Study) -> list[dict[str, Any]]:
    """List the families with at least two members of known size, from small to large."""
    names = dict.fromkeys(model.family for model in study.models if model.family)
    found = []
    for name in names:
        members = sorted((m for m in study.models if m.family == name and m.size is not None), key=_size)
        if len(members) > 1:
            found.append({"label": name, "members": tuple(model.key for model in members)})
    return found


def _size(model: Subject) -> int:
    return model.size or 0


def _members_with(register: Register, key: str, name: str, value: object = True) -> list[str]:
    """Name the members whose finding has a field of that value."""
    return [
        f.label
        for f in register.findings.of(key)
        if f.label and f.computable and getattr(f.record, name) == value
    ]


def _distinct(register: Register, addresses: tuple[str, ...]) -> list[Quote]:
    """Quote the different values that the members have at some addresses, each value once."""
    found: dict[float, Number] = {}
    for address in addresses:
        for member in tables.members_of(address.partition(".")[0], register):
            number = register.look_up(tables.of_member(address, member))
            if isinstance(number, Number):
                found.setdefault(number.value, number)
    return [Quote(found[value]) for value in sorted(found)]


def _on_one_line(words: str) -> str:
    """Fold line ends; no-break spaces stay, they are part of the numbers."""
    return re.sub(r"[ \t\n]+", " ", words).strip()


def _shelves(shelf: Shelf, quoted: Quoted) -> dict[str, Callable[..., Markup]]:
    """What a template calls to place tables and figures, and to refer to them."""

    def table(key: str, caller: Callable[[], Markup]) -> Markup:
        item, label = shelf.take("Table", key)
        caption = _on_one_line(caller())
        rest = ""
        if len(item.rows) > MOST_ROWS:
            item = replace(item, rows=item.rows[:FIRST_ROWS])
            rest = f"\n\nThese are the first rows; `tables/{key}.csv` has all of them.\n"
        return Markup(f"**{label}.** {caption}\n\n{pipe_table(item, quoted.show)}{rest}")

    def figure(key: str, alt: Markup, caller: Callable[[], Markup]) -> Markup:
        _, label = shelf.take("Figure", key)
        words = _on_one_line(alt)
        return Markup(f"![{words}](figures/{key}.svg)\n\n**{label}.** {_on_one_line(caller())}")

    return {
        "table": table,
        "figure": figure,
        "table_ref": lambda key: shelf.refer("Table", key),
        "figure_ref": lambda key: shelf.refer("Figure", key),
    }
