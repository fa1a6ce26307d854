"""What Markdown does not say but a report means: captions, row heads, figures, sections, anchors.

Every function takes markdown-it tokens and returns tokens; :func:`structured` applies them in order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from reporter.errors import TemplateError
from reporter.render.marks import strip

CAPTION = re.compile(r"(Table|Figure) ([A-Z]?[0-9]+)\.")
MANY_COLUMNS = 9
HEAD_AND_ONE_ROW = 2
FEW_ROWS = 14


def structured(tokens: Sequence[Token]) -> list[Token]:
    """Give the tokens of a Markdown document the structure of a report."""
    shaped = _figures(_tables(list(tokens)))
    _tighten(shaped)
    _name_headings(shaped)
    _refuse_dangling_links(shaped)
    return _sections(shaped)


def text_of(inline: Token) -> str:
    """Read an inline token as plain text, without marks and markup."""
    children = inline.children or []
    words = (" " if child.type == "softbreak" else child.content for child in children)
    return strip("".join(words)).strip()


def slug(text: str) -> str:
    """Turn a heading into an anchor: words in lower case joined by hyphens.

    >>> slug("📊 RAW data: 100 → 200")
    'raw-data-100-200'
    """
    plain = unicodedata.normalize("NFKD", text).lower()
    return re.sub(r"[^\w]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-_")


def _tables(tokens: list[Token]) -> list[Token]:
    """Put each table in a frame of its own, with the paragraph before it as caption."""
    shaped: list[Token] = []
    start = 0
    while start < len(tokens):
        token = tokens[start]
        if token.type != "table_open":
            shaped.append(token)
            start += 1
            continue
        end = next(i for i in range(start, len(tokens)) if tokens[i].type == "table_close")
        label = (
            _label(shaped[-2], "Table") if len(shaped) >= 3 and shaped[-1].type == "paragraph_close" else None
        )
        caption = [_pair("caption", 1), shaped[-2], _pair("caption", -1)] if label else []
        if label:
            del shaped[-3:]
        table = tokens[start : end + 1]
        rows, columns = _cells(table)
        wide, short = " wide" * (columns >= MANY_COLUMNS), " short" * (rows <= FEW_ROWS)
        frame = _pair("div", 1, **{"class": f"table{wide}{short}", "id": label})
        shaped += [frame, table[0], *caption, *table[1:], _pair("div", -1)]
        start = end + 1
    return shaped


def _tighten(tokens: list[Token]) -> None:
    """Put the first words of each list item beside its marker, as if no blank line stood between items."""
    for before, first, close in zip(tokens, tokens[1:], tokens[3:], strict=False):
        if before.type == "list_item_open" and first.type == "paragraph_open":
            first.hidden = close.hidden = True


def _cells(table: list[Token]) -> tuple[int, int]:
    """Scope the head cells, make the first column row heads; count rows and columns.

    A single row needs no head: there is no other to tell it from.
    """
    column = columns = rows = 0
    headed = sum(token.type == "tr_open" for token in table) > HEAD_AND_ONE_ROW
    for token in table:
        if token.type == "tr_open":
            column = 0
            rows += 1
        if token.type in ("th_open", "td_open"):
            aligned = str(token.attrs.pop("style", ""))
            if "right" in aligned:
                token.attrs["class"] = "num"
            elif "center" in aligned:
                token.attrs["class"] = "mid"
            if token.type == "th_open":
                token.attrs["scope"] = "col"
            elif column == 0 and headed:
                token.tag = "th"
                token.attrs["scope"] = "row"
        if token.type == "td_close" and column == 0 and headed:
            token.tag = "th"
        if token.type in ("th_close", "td_close"):
            column += 1
            columns = max(columns, column)
    return rows, columns


def _figures(tokens: list[Token]) -> list[Token]:
    """Join an image that stands alone and the caption after it."""
    shaped: list[Token] = []
    start = 0
    while start < len(tokens):
        picture, words = tokens[start : start + 3], tokens[start + 3 : start + 6]
        label = _label(words[1], "Figure") if _only_image(picture) and len(words) == 3 else None
        if label is None:
            shaped.append(tokens[start])
            start += 1
            continue
        figure = [_pair("figure", 1, id=label), picture[1]]
        caption = [_pair("figcaption", 1), words[1], _pair("figcaption", -1)]
        shaped += [*figure, *caption, _pair("figure", -1)]
        start += 6
    return shaped


def _only_image(tokens: Sequence[Token]) -> bool:
    if len(tokens) < 3 or tokens[0].type != "paragraph_open":
        return False
    children = tokens[1].children or []
    return [child.type for child in children if child.type != "text" or child.content] == ["image"]


def _label(inline: Token, kind: str) -> str | None:
    """Read ``**Table 3.**`` at the start of a paragraph as the anchor ``table-3``."""
    children = [child for child in inline.children or [] if child.type != "text" or child.content]
    if inline.type != "inline" or len(children) < 3 or children[0].type != "strong_open":
        return None
    found = CAPTION.fullmatch(strip(children[1].content).strip())
    return f"{kind.lower()}-{found[2].lower()}" if found and found[1] == kind else None


def _name_headings(tokens: Sequence[Token]) -> None:
    """Give every heading an anchor that no other element has."""
    taken = {str(token.attrs["id"]) for token in tokens if token.attrs.get("id")}
    for heading, inline in headings(tokens):
        wanted = slug(text_of(inline)) or "section"
        name, again = wanted, 2
        while name in taken:
            name, again = f"{wanted}-{again}", again + 1
        taken.add(name)
        heading.attrs["id"] = name


def headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each heading with its inline token."""
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[position + 1]


def _refuse_dangling_links(tokens: Sequence[Token]) -> None:
    """A reference to a table or section that is not there must not reach a reader."""
    anchors = {str(token.attrs["id"]) for token in tokens if token.attrs.get("id")}
    for token in tokens:
        for child in token.children or []:
            target = str(child.attrs.get("href", ""))
            if target.startswith("#") and target[1:] not in anchors:
                raise TemplateError(
                    f'The report refers to "{target}", and nothing in it has that name.',
                    remedy=f"Anchors there: {', '.join(sorted(anchors))}.",
                )


def _sections(tokens: Sequence[Token]) -> list[Token]:
    """Wrap each heading below the title, and what follows it, in a section."""
    shaped: list[Token] = []
    depths: list[int] = []
    for token in tokens:
        if token.type == "heading_open" and token.level == 0:
            depth = int(token.tag[1])
            while depths and depths[-1] >= depth:
                shaped.append(_pair("section", -1))
                depths.pop()
            if depth > 1:
                shaped.append(_pair("section", 1))
                depths.append(depth)
        shaped.append(token)
    return shaped + [_pair("section", -1)] * len(depths)


def _pair(tag: str, nesting: int, **attributes: str | None) -> Token:
    """Open (1) or close (-1) an element that Markdown has no word for."""
    token = Token(f"{tag}_{'open' if nesting == 1 else 'close'}", tag, nesting, block=True)  # type: ignore[arg-type]
    token.attrs = {name: value for name, value in attributes.items() if value is not None}
    return token
