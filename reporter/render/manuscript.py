"""A report's text in the order of a paper: abstract first, then numbered sections, the rest as appendices.

Every function takes or gives markdown-it tokens. The words are those of the report: nothing is written here
but the names of the parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markdown_it.token import Token

from reporter.render import fonts, html
from reporter.render.structure import structured, text_of

ABSTRACT, METHODS, PROVENANCE = "Abstract", "Methods", "Provenance"
# Sections of the frame whose place a table of the appendix takes, and the label of that table.
REPLACED = {"All tests": "Table A1", "Number register": "Table A2", "References": ""}
OWN_NUMBER = re.compile(r"^(?:\W+|[0-9]+[a-z]?[.)]\s+)+")  # "⟡ ", "1. ", "3a. ": a paper numbers by itself
SUMMARY = re.compile(r"summary$|^abstract$", re.IGNORECASE)
WORD = re.compile(r"[^\W_]")
SENTENCE_END = re.compile(r"(?<=[^A-Z0-9][.;])\s")
PLAIN = "unnumbered"
LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it up to the next one."""

    depth: int
    title: str
    heading: tuple[Token, ...]
    content: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The parts of a report as a paper has them; ``moved`` says where what is left out stands instead."""

    abstract: tuple[Token, ...]
    text: tuple[Token, ...]
    provenance: tuple[Token, ...]
    moved: Mapping[str, str]  # anchor of a table that is left out -> label of the one in its place


def arranged(marked: str) -> Manuscript:
    """Part a report, without emoji, into abstract, text and provenance.

    The title block goes, since a paper has one of its own; the first section that is called a summary is
    the abstract, and without one the abstract is empty.
    """
    title, *sections = _sections(html.parsed(fonts.drop_emoji(marked)))
    if not title.content:
        sections = sections[1:]  # the subtitle, and the title block below it
    summary: list[Section] = []
    if sections and SUMMARY.search(sections[0].title):
        summary, sections = _cut(sections)
    kept: list[Section] = []
    provenance: list[Section] = []
    moved: dict[str, str] = {}
    while sections:
        part, sections = _cut(sections)
        if part[0].title == PROVENANCE:
            provenance = part
        elif part[0].title in REPLACED:
            moved |= dict.fromkeys(_anchors(part), REPLACED[part[0].title])
        else:
            kept += part
    return Manuscript(_abstract(summary), _joined(kept), _joined(provenance), moved)


def _sections(tokens: Sequence[Token]) -> list[Section]:
    """Cut tokens at the headings that stand in nothing else."""
    places = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    found = []
    for start, end in zip(places, [*places[1:], len(tokens)], strict=True):
        heading = tuple(tokens[start : start + 3])
        title = OWN_NUMBER.sub("", text_of(heading[1])).strip()
        found.append(Section(int(heading[0].tag[1]), title, heading, tuple(tokens[start + 3 : end])))
    return found


def _cut(sections: list[Section]) -> tuple[list[Section], list[Section]]:
    """Take the first section; deeper ones come along unless one of them is replaced by itself."""
    first = sections[0]
    end = 1
    while end < len(sections) and sections[end].depth > first.depth and sections[end].title not in REPLACED:
        end += 1
    return sections[:end], sections[end:]


def _abstract(sections: Sequence[Section]) -> tuple[Token, ...]:
    """Write a summary as an abstract: its headings become bold lines."""
    tokens: list[Token] = []
    for section in sections:
        if section is not sections[0]:
            bold = [
                Token("strong_open", "strong", 1),
                _text(section.title),
                Token("strong_close", "strong", -1),
            ]
            inline = Token("inline", "", 0, children=bold, content=section.title)
            opened = Token("paragraph_open", "p", 1, attrs={"class": "head"}, block=True)
            tokens += [opened, inline, Token("paragraph_close", "p", -1, block=True)]
        tokens += section.content
    return tuple(tokens)


def _joined(sections: Sequence[Section]) -> tuple[Token, ...]:
    return tuple(token for section in sections for token in (*section.heading, *section.content))


def _anchors(sections: Sequence[Section]) -> Iterator[str]:
    """Name the tables of some sections as links name them."""
    for token in structured(_joined(sections)):
        if token.type == "div_open" and str(token.attrs.get("id", "")).startswith("table-"):
            yield str(token.attrs["id"])


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def heading(words: str, depth: int = 2) -> list[Token]:
    """Make a heading that gets no number."""
    tag = f"h{depth}"
    inline = Token("inline", "", 0, children=[_text(words)], content=words, block=True)
    opened = Token("heading_open", tag, 1, block=True, meta={PLAIN: True})
    return [opened, inline, Token("heading_close", tag, -1, block=True)]


def plain_headings(tokens: Sequence[Token]) -> list[Token]:
    """Leave the headings among some tokens without a number."""
    for token in tokens:
        if token.type == "heading_open":
            token.meta[PLAIN] = True
    return list(tokens)


def block(content: str) -> Token:
    """Put HTML of ours among the tokens."""
    return Token("html_block", "", 0, content=content, block=True)


def list_of(kind: str) -> Token:
    """Stand for a list of all tables or figures, which :func:`shaped` fills in."""
    return Token("html_block", "", 0, block=True, meta={LISTED: kind.lower()})


def redirect(tokens: Sequence[Token], moved: Mapping[str, str]) -> None:
    """Let links to tables that were left out lead to those in their place."""
    for token in tokens:
        children = token.children or []
        for link, words in pairwise(children):
            label = moved.get(str(link.attrs.get("href", "")).removeprefix("#"))
            if label:
                link.attrs["href"] = f"#{label.lower().replace(' ', '-')}"
                words.content = label


def cite_methods(tokens: Sequence[Token], mark_of: Callable[[str], str]) -> None:
    """Put a citation behind each paragraph of the methods whose bold label is known; marks are HTML."""
    inside = False
    for before, token in pairwise(tokens):
        if before.type == "heading_open" and before.level == 0 and before.tag == "h2":
            inside = text_of(token) == METHODS
        if inside and before.type == "paragraph_open" and (mark := mark_of(label_of(token))):
            assert token.children is not None
            token.children.append(Token("html_inline", "", 0, content=f' <span class="cite">{mark}</span>'))


def label_of(inline: Token) -> str:
    """Read the bold words that a paragraph begins with."""
    children = [child for child in inline.children or [] if child.type != "text" or child.content]
    bold = len(children) > 2 and children[0].type == "strong_open" and children[2].type == "strong_close"
    return children[1].content if bold else ""


def shaped(tokens: Sequence[Token]) -> list[Token]:
    """Give the tokens of a paper their structure, number its sections, and fill in the lists of items."""
    tokens = structured(tokens)
    _number(tokens)
    items = {kind: list(_items(tokens, kind)) for kind in ("table", "figure")}
    for token in tokens:
        if kind := token.meta.get(LISTED):
            lines = "\n".join(
                f'<li data-place="#{anchor}"><a href="#{anchor}">{escape(words)}</a></li>'
                for anchor, words in items[kind]
            )
            token.content = f'<nav class="items" aria-label="{kind.title()}s">\n<ul>\n{lines}\n</ul></nav>\n'
    return tokens


def _number(tokens: Sequence[Token]) -> None:
    """Number headings below the title: 1, 1.1, 1.1.1."""
    counts: list[int] = []
    for opened, inline in pairwise(tokens):
        if opened.type != "heading_open" or opened.tag == "h1" or opened.meta.get(PLAIN):
            continue
        depth = int(opened.tag[1]) - 1
        counts = [*counts[:depth], *[0] * (depth - len(counts))]
        counts[-1] += 1
        number = ".".join(map(str, counts))
        own = OWN_NUMBER.match(text_of(inline))
        assert inline.children
        first = next(child for child in inline.children if child.type == "text" and child.content.strip())
        first.content = f"{number}\u2002{first.content[own.end() :] if own else first.content}"


def _items(tokens: Sequence[Token], kind: str) -> Iterator[tuple[str, str]]:
    """Find each table or figure: its anchor, and its caption's first sentence."""
    anchor = ""
    for opened, inline in pairwise(tokens):
        if str(opened.attrs.get("id", "")).startswith(f"{kind}-"):
            anchor = str(opened.attrs["id"])
        if anchor and opened.type in ("caption_open", "figcaption_open"):
            label, _, words = text_of(inline).partition(". ")
            yield anchor, f"{label}. {SENTENCE_END.split(words)[0].rstrip('.:;')}"
            anchor = ""


def items(tokens: Sequence[Token]) -> dict[str, int]:
    """Count the tables and figures of the text; those of the appendix have a letter in their label."""
    return {
        kind: sum(anchor.rpartition("-")[2].isdecimal() for anchor, _ in _items(tokens, kind))
        for kind in ("table", "figure")
    }


def words(tokens: Sequence[Token]) -> int:
    """Count the words of paragraphs and lists: neither headings nor tables, captions and citations.

    A word is what stands between blanks and has a letter or a figure.
    """
    total, skipped = 0, 0
    for token in tokens:
        if token.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "table", "figure", "caption"):
            skipped += token.nesting
        elif token.type == "inline" and not skipped and not _is_caption(token):
            total += sum(bool(WORD.search(piece)) for piece in _own_text(token).split())
    return total


def _own_text(inline: Token) -> str:
    """Read an inline token without citations."""
    own = [child for child in inline.children or [] if child.type != "html_inline"]
    return text_of(Token("inline", "", 0, children=own))


def _is_caption(inline: Token) -> bool:
    """Whether a paragraph is the caption of a table or figure, or its picture."""
    children = inline.children or []
    return bool(re.fullmatch(r"(Table|Figure) [A-Z]?[0-9]+\.", label_of(inline))) or any(
        child.type == "image" for child in children
    )
