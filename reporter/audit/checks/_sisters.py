"""Tables of one kind: the same heads and the same rows, printed for one subject after the other."""

from __future__ import annotations

from collections import Counter

from reporter.audit.document import Document

SISTERS = 3  # tables of one layout, from which on each is about a subject of its own


class Sisters:
    """Which tables of a document are of one kind, by their places in it."""

    def __init__(self, document: Document) -> None:
        self._layouts = [(*table.heads, *(row[0].text for row in table.rows)) for table in document.tables]
        self._times = Counter(self._layouts)

    def are(self, one: int, other: int) -> bool:
        """Tell whether two tables are of one kind, of which there are several."""
        layout = self._layouts[one]
        return layout == self._layouts[other] and self._times[layout] >= SISTERS
