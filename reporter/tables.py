"""Layouts of Numbers: a table is heads and cells, and a cell is a run of numbers and words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reporter.errors import StudyError
from reporter.findings import Finding, NotComputable, Verdict
from reporter.names import did_you_mean
from reporter.numbers import NO_BREAK, Members, Missing, Number, Register
from reporter.study import MEMBERS, Layout

Piece = Number | Missing | str
Cell = tuple[Piece, ...]
PLACE = re.compile(r"\{([^{}]+)\}")
INNER = re.compile(r"(\w+)\[([^\[\]]+)\](.*)")  # analysis[part of a member].path
PLAIN = re.compile(r"[^?]+!\w*")  # names of a selection are asked for, not words for one
RANGE = "\N{EN DASH}"
NOBODY = [""]  # the one row of a table whose question has no answer for anybody, which says why
YES_NO = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows; a column whose cells all start with a number is numeric."""

    key: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def is_numeric(self, column: int) -> bool:
        """Whether a column should be set flush right."""
        cells = [row[column] for row in self.rows if row[column]]
        return bool(cells) and all(isinstance(cell[0], (Number, Missing)) for cell in cells)


def text_of(cell: Cell) -> str:
    """Write a cell as plain text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in cell)


def to_csv(table: Table) -> str:
    """Write a table as CSV, with the texts that the report prints."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([text_of(head) for head in table.heads])
    writer.writerows([text_of(cell) for cell in row] for row in table.rows)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Labels:
    """What a pattern may say of a row besides findings: its label, provider, tier and so on."""

    words: dict[str, dict[str, str]]

    axes: Mapping[str, str] = field(default_factory=dict)

    def of(self, member: str) -> dict[str, str]:
        """The words of one member; an unknown member is called by its key.

        A member such as ``gpt-4o/warm_cold`` has those of its model, its own label, and ``axis`` and
        ``model``, the labels of its parts.
        """
        parts = member.split("/")
        labels = [
            self.words[part]["label"] if part in self.words else self.axes.get(part, part) for part in parts
        ]
        models = [part for part in parts if part in self.words]
        known = self.words[models[0]] if models else dict.fromkeys(next(iter(self.words.values()), {}), "")
        axis = next((self.axes.get(part, part) for part in parts if part not in self.words), "")
        return {
            **known,
            "key": member,
            "label": ", ".join(labels),
            "model": known.get("label", ""),
            "axis": axis,
            "other": self.words[models[1]]["label"] if len(models) > 1 else "",
        }


def lay_out_all(layouts: Mapping[str, Layout], register: Register, labels: Labels) -> dict[str, Table]:
    """Fill all declared layouts; one that is ``apart`` gives a table for each model, ``key-model``.

    A model of which there is nothing but its name has no such table.
    """
    laid: dict[str, Table] = {}
    for key, layout in layouts.items():
        if not layout.apart:
            laid[key] = lay_out(key, layout, register, labels)
            continue
        parts = [member.split("/") for member in _members(layout, register, key)]
        for model in dict.fromkeys(names[0] for names in parts if len(names) > 1):
            laid[f"{key}-{model}"] = lay_out(f"{key}-{model}", layout, register, labels, of=model)
    return laid


def lay_out(key: str, layout: Layout, register: Register, labels: Labels, *, of: str = "") -> Table:
    """Fill a declared layout with numbers; ``of`` keeps the rows of one model.

    Raises
    ------
    StudyError
        A pattern names an address or a word that does not exist.
    """
    members = [
        member
        for member in _members(layout, register, f"table.{key}") or (NOBODY if layout.rows else ())
        if member.split("/")[0] == of or not of
    ]
    heads = tuple(fill(column.head, "", register, {}, f"table.{key}") for column in layout.columns)
    rows = tuple(
        tuple(
            fill(column.show, member, register, labels.of(member), f"table.{key}")
            for column in layout.columns
        )
        for member in members
    )
    return Table(key, heads, rows)


def _members(layout: Layout, register: Register, where: str) -> list[str]:
    """Name the rows: models, or the labels of the findings that the layout names."""
    if layout.only:
        found = register.look_up(layout.only)
        if not isinstance(found, Members):
            raise StudyError(f'only = "{layout.only}" selects nobody.', where=where)
        members = list(found.keys)
    else:
        members = members_of(layout.rows, register)
    if not layout.order:
        return members
    return sorted(members, key=lambda member: _order(layout, member, register))


def members_of(key: str, register: Register) -> list[str]:
    """Name the members that an analysis answered for; without one, the study's models.

    ``scan/*`` are the axes of each model, and a model whose scan has no answer.
    """
    if not key:
        return [model.key for model in register.study.models]
    named = [finding for finding in register.findings.of(key.removesuffix(MEMBERS)) if finding.label]
    whole = [finding for finding in named if not finding.is_member]
    within = [finding for finding in named if finding.is_member or not finding.computable]
    return [finding.label for finding in (within if key.endswith(MEMBERS) else whole or within)]


def _order(layout: Layout, member: str, register: Register) -> float:
    """Give what a member is sorted by; one without a number comes last."""
    place = address_for(layout.order, member, register)
    found = None if place is None else register.look_up(place)
    if not isinstance(found, Number):
        return float("inf")
    return -found.value if layout.descending else found.value


def of_member(address: str, member: str) -> str:
    """Turn ``change.estimate`` into ``change/gpt-4o.estimate``."""
    key, dot, path = address.partition(".")
    return f"{key}/{member}{dot}{path}"


def fill(pattern: str, member: str, register: Register, words: dict[str, str], where: str) -> Cell:
    """Replace each ``{place}`` of a pattern by the number or word that it names.

    Where no place holds anything the cell is empty; where all numbers are missing, it says so once.
    """
    pieces: list[Piece] = []
    found: list[Piece] = []
    for position, part in enumerate(PLACE.split(pattern)):
        if position % 2:  # what stands between braces
            here = _pieces(part, member, register, words, where)
            found += here
            pieces += here
        else:
            pieces.append(part)
    missing = [piece for piece in found if isinstance(piece, Missing)]
    if len(missing) > 1 and not any(isinstance(piece, Number) for piece in found):
        return (missing[0],)
    if PLACE.search(pattern) and not any(found):
        return ()
    return tuple(piece for piece in pieces if piece != "")


def _pieces(place: str, member: str, register: Register, words: dict[str, str], where: str) -> Cell:
    """Read a place: a word, a finding of the row's member or of one that it names, or words if there is one.

    ``{peak[warm_cold].r}`` is about the member ``gpt-4o/warm_cold`` in the row of ``gpt-4o``.
    ``{below.value?<}`` prints what is behind the question mark, then the number, or nothing where there is
    none; of a selection or of what is true or false, it prints the words where the member is in it.
    ``{profile.dips!}`` prints the names of a selection instead of how many it has; ``{scan.not_worse!L}``
    has neighbours together, L3–L7, and all of them as their number.
    """
    address, named, mark = place.partition("!") if PLAIN.fullmatch(place) else (place, "", "")
    address, asked, said = address.partition("?")
    if inner := INNER.fullmatch(address):
        member, address = f"{member}/{inner[2]}", inner[1] + inner[3]
    piece = _piece(address, member, register, words, where)
    if named and isinstance(piece, Members):
        return _ranges(piece, mark, place, where) if mark else _listed(piece, register)
    if not asked:
        return (_as_piece(piece, place, where),)
    if isinstance(piece, Members):
        return (said,) if member in piece.keys else ()
    if isinstance(piece, bool):
        return (said,) if piece else ()
    return () if piece is None or isinstance(piece, Missing) else (said, _as_piece(piece, place, where))


def _listed(members: Members, register: Register) -> Cell:
    return (", ".join(map(register.study.label_of, members.keys)) or "none",)


def _ranges(members: Members, mark: str, place: str, where: str) -> Cell:
    """Write numbered members as runs of neighbours, each number with an address of its own."""
    if members.whole:
        return ("all ", members.count)
    runs: list[list[Number]] = []
    for number in members.names:
        if not isinstance(number, Number):
            raise StudyError(f'"{{{place}}}": "{number}" is no number, so it has no neighbours.', where=where)
        if runs and number.value == runs[-1][-1].value + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    pieces: list[Piece] = []
    for run in runs:
        pieces += [", " if pieces else "", mark, run[0]]
        pieces += [RANGE, mark, run[-1]] if len(run) > 1 else []
    return tuple(pieces) or ("none",)


def _piece(place: str, member: str, register: Register, words: dict[str, str], where: str) -> Any:
    if place in words:
        return words[place]
    key = place.partition(".")[0]
    if key != "declared" and key not in register.study.analyses:
        raise StudyError(f'"{{{place}}}" is neither a word nor an analysis.', where=where,
                         remedy=did_you_mean(key, [*words, *register.study.analyses]))  # fmt: skip
    address = address_for(place, member, register)
    if address is None:
        nothing = NotComputable("no_rows", f"{member} has no row of this question")
        return Missing("no data", of_member(place, member), nothing)
    return register.look_up(address)


def address_for(place: str, member: str, register: Register) -> str | None:
    """Find the finding that a place means in the row of a member; None where it has none.

    It is the member's own, or that of a part of it: in the row of ``gpt-4o/warm_cold`` an analysis that
    was asked for each model gives the model's, and one that was asked for each axis the axis's.
    """
    labels = register.findings.by_key.get(place.partition(".")[0], {})
    if not any(labels):
        return place
    parts = member.split("/")
    own = ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]
    rest = ["/".join(parts[n:]) for n in range(1, len(parts))]
    found = next((name for name in (*own, *rest) if _speaks_for(name, member, labels)), None)
    if found is None and "" in labels:
        return place if not labels[""].computable else None
    if found == "":
        return place
    return None if found is None else of_member(place, found)


def _speaks_for(name: str, member: str, labels: Mapping[str, Finding]) -> bool:
    """Whether an answer is about a member; one with an answer for each part is not about a part it lacks."""
    if name == member or name not in labels or not labels[name].computable:
        return name in labels
    return not any(other.startswith(f"{name}/") for other in labels)


def _as_piece(found: object, place: str, where: str) -> Piece:
    if isinstance(found, (Number, Missing)):
        return found
    if isinstance(found, Members):
        return found.count
    if isinstance(found, bool):
        return YES_NO[found]
    if isinstance(found, Verdict):
        return found.value.replace("_", " ")
    if isinstance(found, str):
        return found
    if found is None:
        return ""
    raise StudyError(f'"{{{place}}}" stands for no number and no word.', where=where)


TEST_HEADS = (
    "Question",
    "Estimate",
    "Interval",
    "Statistic",
    "df",
    "p",
    "Adjusted p",
    "Tests",
    "n",
    "Verdict",
)


def tests(register: Register, labels: Labels, *, plan: Mapping[str, str]) -> Table:
    """Lay out every test of the study: what a reviewer wants to see in one place.

    ``plan`` says of each analysis how far it was planned; where no plan was frozen it is empty.
    """
    heads = (*TEST_HEADS, "Plan") if plan else TEST_HEADS
    rows = tuple(
        (*_test_row(address, register, labels), *_planned(address, register, plan))
        for address in _tests(register)
    )
    return Table("tests", tuple((head,) for head in heads), rows)


def _planned(address: str, register: Register, plan: Mapping[str, str]) -> tuple[Cell, ...]:
    return ((plan[register.findings.get(address).key],),) if plan else ()


def _tests(register: Register) -> Iterator[str]:
    for finding in register.findings:
        if finding.computable and isinstance(getattr(finding.record, "p", None), float):
            yield finding.address


def _test_row(address: str, register: Register, labels: Labels) -> tuple[Cell, ...]:
    finding = register.findings.get(address)
    record = finding.record
    who = f", {labels.of(finding.label)['label']}" if finding.label else ""

    def piece(*names: str) -> Cell:
        for name in names:
            if getattr(record, name, None) is not None or name in ("adjusted_p", "family_size"):
                found = _as_piece(register.look_up(f"{address}.{name}"), name, address)
                return (found,) if found != "" else ()
        return ()

    interval: Cell = ()
    if getattr(record, "interval", None) is not None:
        low, high = (register.look_up(f"{address}.interval.{end}") for end in ("low", "high"))
        interval = ("[", low, ", ", high, "]")
        if record.interval.level != register.study.about.level:
            interval = (*interval, " at ", register.look_up(f"{address}.interval.level"))
    return (
        (f"{finding.key.replace('_', ' ')}{who}",),
        piece("estimate", "r"),
        interval,
        piece("t", "statistic"),
        piece("df"),
        piece("p"),
        piece("adjusted_p"),
        piece("family_size"),
        piece("n"),
        (finding.verdict.value.replace("_", NO_BREAK),) if finding.verdict else (),
    )
