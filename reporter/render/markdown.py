"""Tables as Markdown: pipes, with numeric columns flush right."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from reporter.numbers import Missing, Number
from reporter.render.environment import escape
from reporter.tables import Cell, Table

Show = Callable[[Number | Missing], Markup]


def pipe_table(table: Table, show: Show) -> Markup:
    """Write a table as marked Markdown."""
    columns = range(len(table.heads))
    rule = ["---:" if table.is_numeric(column) else ":---" for column in columns]
    lines = [_line([_cell(head, show) for head in table.heads]), _line(rule)]
    lines += [_line([_cell(cell, show) for cell in row]) for row in table.rows]
    return Markup("\n".join(lines) + "\n")


def _line(cells: list[str] | list[Markup]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, show: Show) -> Markup:
    return Markup("").join(escape(piece) if isinstance(piece, str) else show(piece) for piece in cell)
