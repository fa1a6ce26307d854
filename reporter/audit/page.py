"""An audit as a page: the document as it was read on the left, findings in its margin at their lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from reporter.audit.audit import Audit
from reporter.audit.document import Cell, Document, Place, Sentence, Table
from reporter.audit.finding import AuditFinding
from reporter.audit.saying import VERDICT_HEADS, place_of, plural, verdict_of, verdict_rows
from reporter.render.html import part, stylesheet

Start = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Note:
    """A finding with its number on the page, and why it is waived if it is."""

    number: int
    finding: AuditFinding
    waived: str = ""


@dataclass(slots=True)
class Block:
    """A part of the document, with the notes beside it."""

    start: Start
    html: Markup
    words: str  # as the reader of the page sees them: a finding need not quote them again
    notes: list[Note] = field(default_factory=list)


def page(audits: Sequence[Audit]) -> str:
    """Write audits as one HTML page that needs neither network nor script."""
    documents = [_document(audit, index) for index, audit in enumerate(audits, 1)]
    title = f"Audit of {audits[0].document.name}" if len(audits) == 1 else f"Audit of {len(audits)} documents"
    css = Markup(stylesheet("audit.css").replace("</", "<\\/"))
    return part(
        "audit.html.jinja", title=title, css=css, documents=documents, heads=VERDICT_HEADS, plural=plural
    )


def _document(audit: Audit, index: int) -> dict[str, object]:
    notes = [Note(number, finding) for number, finding in enumerate(audit.findings, 1)]
    notes += [
        Note(number, waived.finding, waived.reason)
        for number, waived in enumerate(audit.waived, len(notes) + 1)
    ]
    numbers = {id(note.finding): note.number for note in notes}
    first = [(numbers[id(finding)], finding, more) for finding, more in audit.first_things]
    return {
        "index": index,
        "name": audit.document.name,
        "verdict": verdict_of(audit),
        "rows": verdict_rows(audit),
        "first": first,
        "blocks": _blocks(audit.document, notes, index),
        "waived": [note for note in notes if note.waived],
        "idle": audit.idle,
        "coverage": audit.coverage,
        "place_of": place_of,
    }


def _blocks(document: Document, notes: Sequence[Note], index: int) -> list[Block]:
    """Lay out sentences and tables in the order of the text, and put every note beside its block."""
    sentences = _paragraphs(document.sentences)
    starts = sorted(
        [(_start(group[0].place), 0, place) for place, group in enumerate(sentences)]
        + [(_start(table.place), 1, place) for place, table in enumerate(document.tables)]
    )
    edges = [start for start, _, _ in starts]
    held: dict[int, list[Note]] = {}
    for note in notes:
        held.setdefault(max(0, bisect_right(edges, _reach(note.finding.place)) - 1), []).append(note)
    blocks = []
    for place, (start, is_table, which) in enumerate(starts):
        beside = sorted(held.get(place, []), key=lambda note: (note.finding.place.line, note.number))
        marks = _Marks(beside, index)
        html = marks.table(document.tables[which]) if is_table else marks.paragraph(sentences[which])
        words = "" if is_table else " ".join(sentence.text for sentence in sentences[which])
        blocks.append(Block(start, html, words, beside))
    if not starts and notes:
        blocks.append(Block((1, 1), Markup(""), "", [*notes]))
    return blocks


def _start(place: Place) -> Start:
    return place.line, place.column


def _reach(place: Place) -> Start:
    """Where a finding stands; one that names no column, at the end of its line."""
    return (place.line, place.column) if place.length or place.column > 1 else (place.line, 10**9)


def _paragraphs(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Put sentences of one block together, and lines of code that follow each other."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        last = groups[-1][-1] if groups else None
        follows = last and (
            (not sentence.opens and sentence.block == last.block)
            or (sentence.block == last.block == "code" and sentence.place.line == last.place.line + 1)
        )
        if follows:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


class _Marks:
    """Marks the words that notes speak of, each note at the last words that begin before it."""

    def __init__(self, notes: Sequence[Note], index: int) -> None:
        self.notes, self.index = notes, index

    def paragraph(self, group: Sequence[Sentence]) -> Markup:
        """Write the sentences of a block."""
        starts = [_start(sentence.place) for sentence in group]
        marked = [
            self._marked(sentence.text, notes)
            for sentence, notes in zip(group, _share(starts, self.notes), strict=True)
        ]
        first = group[0]
        if first.block == "heading":
            level = min(len(first.section) + 3, 6)
            return Markup("<h{0}>{1}</h{0}>").format(level, marked[0])
        if first.block == "code":
            return Markup("<pre>{}</pre>").format(Markup("\n").join(marked))
        return Markup('<p class="{}">{}</p>').format(first.block, Markup(" ").join(marked))

    def table(self, table: Table) -> Markup:
        """Write a table."""
        starts = [_start(cell.place) for row in table.rows for cell in row]
        first = min(starts, default=(0, 0))
        above = [note for note in self.notes if _reach(note.finding.place) < first or not starts]
        shared = iter(_share(starts, [note for note in self.notes if note not in above]))
        heads = Markup("").join(
            Markup('<th scope="col">{}</th>').format(self._marked(head, notes))
            for head, notes in zip(table.heads, _by_head(table.heads, above), strict=True)
        )
        rows = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(self._cell(cell, next(shared), place) for place, cell in enumerate(row))
            )
            for row in table.rows
        )
        return Markup(
            '<div class="table" tabindex="0" role="region" aria-label="Table at line {}"><table>'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(table.place.line, heads, rows)

    def _cell(self, cell: Cell, notes: Sequence[Note], place: int) -> Markup:
        words = self._marked(cell.text, notes)
        words = Markup("<strong>{}</strong>").format(words) if cell.bold else words
        return Markup("<td>{}</td>" if place else '<th scope="row">{}</th>').format(words)

    def _marked(self, words: str, notes: Sequence[Note]) -> Markup:
        if not notes:
            return escape(words)
        worst = min((note for note in notes), key=lambda note: note.finding.severity.rank)
        kind = "waived" if worst.waived else worst.finding.severity.value
        links = Markup(" ").join(
            Markup('<a class="ref" href="#d{0}n{1}" id="d{0}r{1}">{1}</a>').format(self.index, note.number)
            for note in notes
        )
        return Markup('<mark class="{}">{}</mark>&#8202;<sup>{}</sup>').format(kind, words, links)


def _share(starts: Sequence[Start], notes: Sequence[Note]) -> list[list[Note]]:
    """Give every part the notes that stand in it: each note to the last part that begins before it."""
    shared: list[list[Note]] = [[] for _ in starts]
    order = sorted(range(len(starts)), key=lambda part: starts[part])
    edges = [starts[part] for part in order]
    for note in notes:
        at = max(0, bisect_right(edges, _reach(note.finding.place)) - 1)
        shared[order[at]].append(note)
    return shared


def _by_head(heads: Sequence[str], notes: Sequence[Note]) -> list[list[Note]]:
    """Give every head its notes; those that name none stand at the first."""
    shared: list[list[Note]] = [[] for _ in heads]
    for note in notes:
        head = note.finding.place.head
        if heads:
            shared[heads.index(head) if head in heads else 0].append(note)
    return shared
