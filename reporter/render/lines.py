"""Line numbers in the margin, by which reviewers say where they mean. CSS has no word for them.

After layout every line of text is a box that knows where it stands. The style sheet gives the page a margin
box at the left with a pattern, one figure in the type and place that numbers shall have; here that pattern is
replaced by one number for each line. Margin boxes are artifacts in a tagged PDF: no screen reader reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

COLUMN = "@left-top"
UNNUMBERED = frozenset(("header", "figure", "nav", "caption"))  # and tables


def number_lines(document: Any) -> int:
    """Number the lines of a laid-out document, from its first page to its last; return how many there are.

    Lines of tables, figures, captions, lists of contents and the title block have none, as their places have
    names of their own.
    """
    number = 0
    for page in document.pages:
        root, *margins = page._page_box.children
        column = next(box for box in margins if box.at_keyword == COLUMN)
        pattern, numbered = column.children[0], []
        for line in _lines(root):
            number += 1
            numbered.append(_beside(line, pattern, column, str(number)))
        column.children = numbered
    return number


def _lines(box: Any) -> Iterator[Any]:
    """Each line of running text below a box, in the order of the page."""
    from weasyprint.formatting_structure import boxes

    for placed in box.children:
        child = getattr(placed, "_box", placed)  # what is placed by itself stands behind a placeholder
        if isinstance(child, boxes.LineBox):
            if any(isinstance(piece, boxes.TextBox) and piece.text.strip() for piece in child.descendants()):
                yield child
        elif isinstance(child, boxes.ParentBox) and not (
            isinstance(child, boxes.TableBox) or child.element_tag in UNNUMBERED
        ):
            yield from _lines(child)


def _beside(line: Any, pattern: Any, column: Any, text: str) -> Any:
    """Set a number on the baseline of a line, flush right in its column."""
    from weasyprint.text.line_break import split_first_line

    words = pattern.children[0].copy_with_text(text)
    layout, _, _, width, height, baseline = split_first_line(text, words.style, None, None, 0)
    words.pango_layout, words.width, words.height, words.baseline = layout, width, height, baseline
    words.position_x = column.content_box_x() + column.width - width
    words.position_y = line.position_y + line.baseline - baseline
    return pattern.copy_with_children([words])
