"""Marked Markdown to HTML: one self-contained file that opens from disk, and the sheet for the PDF."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from reporter.errors import OutputError, TemplateError
from reporter.render import fonts
from reporter.render.marks import MARKED, MARKS, NumberNote, strip
from reporter.render.structure import headings, structured, text_of

MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
IMAGE = re.compile(r'(<img src=")([^"]*)(")')

REGISTER = {
    "address": "Address",
    "text": "As printed",
    "value": "Value",
    "unit": "Unit",
    "n": "n",
    "statistic": "Statistic",
    "level": "Interval level",
    "family": "Family",
    "adjusted_p": "Adjusted p",
}
NUMERIC = frozenset(("text", "value", "n", "level", "adjusted_p"))


class _Renderer(RendererHTML):
    """Writes tokens as HTML; numbers become spans that know their origin, if notes are given."""

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return _numbers(escape(tokens[idx].content, quote=False), env)

    def code_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<code>{_numbers(escape(tokens[idx].content, quote=False), env)}</code>"

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<pre><code>{_numbers(escape(tokens[idx].content, quote=False), env)}</code></pre>\n"

    code_block = fence

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        source = escape(str(tokens[idx].attrs["src"]))
        words = escape(strip(self.renderInlineAsText(tokens[idx].children or [], options, env)))
        return f'<img src="{source}" alt="{words}">'


def body(marked: str, numbers: Sequence[NumberNote] | None = None, *, contents: bool = False) -> str:
    """Render marked Markdown as the content of a page.

    Parameters
    ----------
    marked : str
        CommonMark with pipe tables; HTML in it is shown as text, never obeyed.
    numbers : sequence of NumberNote, optional
        The note of each marked number, by index. Without it numbers are plain text, as in the PDF.
    contents : bool
        Put a table of contents after the title block.

    Raises
    ------
    TemplateError
        A mark is torn apart by markup around it, a link leads to no anchor, or a number has no note.
    """
    tokens = structured(parsed(marked))
    if contents:
        start = _after_title(tokens)
        tokens.insert(start, Token("html_block", "", 0, content=_contents(tokens[start:])))
    return written(tokens, numbers)


def parsed(marked: str) -> list[Token]:
    """Read marked Markdown as tokens, which :func:`written` takes."""
    return _parser().parse(marked)


def written(tokens: Sequence[Token], numbers: Sequence[NumberNote] | None = None) -> str:
    """Write tokens as HTML; notes and refusals are those of :func:`body`."""
    parser = _parser()
    text: str = parser.renderer.render(tokens, parser.options, {"numbers": numbers, "seen": set()})
    if not MARKS.isdisjoint(text):
        torn = next(i for i, character in enumerate(text) if character in MARKS)
        raise TemplateError(
            f"A printed number is torn apart by Markdown near {text[max(0, torn - 40) : torn + 20]!r}.",
            remedy="Escape *, _, ` and | in the text of numbers.",
        )
    return text


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


def _numbers(escaped: str, env: Mapping[str, Any]) -> str:
    """Turn the marks in escaped text into spans, or take them away where no notes are wanted."""
    notes: Sequence[NumberNote] | None = env["numbers"]
    if notes is None:
        return strip(escaped)
    return MARKED.sub(lambda found: _number(int(found[1]), found[2], notes, env["seen"]), escaped)


def _number(index: int, text: str, notes: Sequence[NumberNote], seen: set[int]) -> str:
    """Write one number: focusable, described for screen readers by the words that others see on hover."""
    if index >= len(notes):
        raise TemplateError(f"Number {index} is printed, but only {len(notes)} are in the register.")
    note = notes[index]
    name = "" if index in seen else f' id="n{index}"'
    seen.add(index)
    address = f'data-address="{escape(note.address)}"'
    words = f'aria-description="{escape(f"{note.address}: {note.origin}")}"'
    return f'<span class="n"{name} tabindex="0" {address} {words}>{text}</span>'


def _after_title(tokens: Sequence[Token]) -> int:
    """Find where the title block ends: a subtitle right under the title belongs to it with its section."""
    opens = [i for i, token in enumerate(tokens) if token.type == "section_open"]
    if not opens:
        return len(tokens)
    subtitled = opens[0] > 0 and tokens[opens[0] - 1].type == "heading_close"
    return opens[1] if subtitled and len(opens) > 1 else opens[0]


def _contents(tokens: Sequence[Token]) -> str:
    """List the headings below the title, two levels deep."""
    lines = [
        f'<li class="{heading.tag}"><a href="#{heading.attrs["id"]}">{escape(text_of(inline))}</a></li>'
        for heading, inline in headings(tokens)
        if heading.tag in ("h2", "h3")
    ]
    return f'<nav class="contents" aria-label="Contents"><ul>{"".join(lines)}</ul></nav>\n' if lines else ""


def register(rows: Sequence[Mapping[str, str]]) -> str:
    """Lay out every number of the report as one table; the keys of a row are those of ``REGISTER``."""

    def cell(row: Mapping[str, str], key: str) -> str:
        tag, scope = ("th", ' scope="row"') if key == "address" else ("td", "")
        kind = ' class="num"' if key in NUMERIC else ""
        return f"<{tag}{scope}{kind}>{escape(row.get(key, ''))}</{tag}>"

    def head(key: str) -> str:
        kind = ' class="num"' if key in NUMERIC else ""
        return f'<th scope="col"{kind}>{REGISTER[key]}</th>'

    lines = "\n".join(f"<tr>{''.join(cell(row, key) for key in REGISTER)}</tr>" for row in rows)
    return (
        f"<table><caption>Every number of this report ({len(rows)})</caption>\n"
        f"<thead><tr>{''.join(map(head, REGISTER))}</tr></thead>\n<tbody>\n{lines}\n</tbody></table>"
    )


def page(
    body: str,
    *,
    title: str,
    language: str,
    header: str,
    register_html: str | None,
    css: str,
    figures: Mapping[str, bytes],
) -> str:
    """Write one HTML file that needs nothing beside it: no network, no script, no other file.

    Parameters
    ----------
    body, register_html : str
        From :func:`body` and :func:`register`.
    header : str
        Short title, above the report.
    figures : mapping
        The bytes of each image, by the name that the Markdown uses for it.

    Emoji are kept where a colour emoji font exists, as in the PDF, and dropped where not: no tofu.
    """
    if fonts.emoji_file() is None:
        body, title, header = (fonts.drop_emoji(text) for text in (body, title, header))

    def inline(name: str) -> str:
        if name not in figures:
            raise OutputError(f'The report shows "{name}", which is not one of its figures.')
        media_type = MEDIA_TYPES.get(Path(name).suffix)
        if media_type is None:
            raise OutputError(
                f'The figure "{name}" is of no kind that a page can show.', remedy="Use .svg or .png."
            )
        return f"data:{media_type};base64,{base64.b64encode(figures[name]).decode('ascii')}"

    return _fill(
        body=_with_images(body, inline),
        title=title,
        language=language,
        header=header,
        register=Markup(register_html) if register_html else None,
        css=css,
        screen=True,
        authors=(),
        created=None,
        kind="",
    )


def sheet(
    body: str,
    *,
    title: str,
    language: str,
    header: str,
    css: str,
    authors: Sequence[str],
    created: str,
    kind: str = "",
) -> str:
    """Write the page from which the PDF is made: the same frame without what only a screen needs.

    ``kind`` is the class of its body, by which a style sheet knows what it sets.
    """
    return _fill(
        body=body,
        title=title,
        language=language,
        header=header,
        register=None,
        css=css,
        screen=False,
        authors=authors,
        created=created,
        kind=kind,
    )


def _with_images(body: str, address: Callable[[str], str]) -> str:
    """Give every image another address. Text cannot look like one: its angle brackets are escaped."""
    return IMAGE.sub(lambda found: found[1] + escape(address(unescape(found[2]))) + found[3], body)


def _fill(*, body: str, css: str, **words: Any) -> str:
    # A style sheet ends at the first "</"; a backslash keeps one in a CSS string from ending it early.
    style = Markup(css.replace("</", "<\\/"))
    return _environment().get_template("page.html.jinja").render(body=Markup(body), css=style, **words)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def stylesheet(name: str = "page.css") -> str:
    """Read a style sheet of templates/; page.css serves screen and paper."""
    return (_templates() / name).read_text(encoding="utf-8")


def part(name: str, **words: Any) -> str:
    """Fill an HTML template of templates/; what is no ``Markup`` is escaped."""
    return _environment().get_template(name).render(**words)


def _templates() -> Path:
    """Find templates/ in a checkout, or the copy inside an installed wheel."""
    package = Path(__file__).resolve().parent.parent
    places = (package.parent / "templates", package / "bundled" / "templates")
    found = next((place for place in places if (place / "page.html.jinja").is_file()), None)
    if found is None:
        raise TemplateError('"page.html.jinja" is missing.', where=places[0])
    return found
