"""Mend the structure tree that WeasyPrint 70 leaves unfinished, before the PDF is written.

Five things, each of which pdfua or outloud reports: header cells have no scope, list items no body,
margin boxes are not marked as artifacts, links have no print flag, and figures say in pixels from the top
of the page where they stand, which PDF counts in points from its foot. This file can go when WeasyPrint does
all of it; tests/render/test_pdf.py says when.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf

PRINT_FLAG = 4
POINTS = 0.75  # in a CSS pixel
SCOPES = {"row": "/Row", "col": "/Column"}
ARTIFACT = pydyf.Dictionary({"Type": "/Pagination"})


def mend(document: Any, pdf: pydyf.PDF) -> None:
    """Finish the tags of a document (a ``finisher`` for ``weasyprint.Document.write_pdf``)."""
    tree = _Tree(pdf)
    _scope_head_cells(document)
    _wrap_list_bodies(tree)
    _mark_margins(tree)
    _place_figures(document, tree)
    _print_links(pdf)


class _Tree:
    """The structure tree, with references followed."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.pdf = pdf
        self._objects = {item.reference: item for item in pdf.objects}
        self.root = self.at(pdf.catalog["StructTreeRoot"])
        self.elements = list(self._below(self.root))

    def at(self, reference: bytes) -> Any:
        return self._objects[reference]

    def kids(self, element: Any) -> Iterator[Any]:
        """Each child element; content numbers and annotations are not elements."""
        for kid in element["K"]:
            if isinstance(kid, bytes) and self.at(kid).get("Type") == "/StructElem":
                yield self.at(kid)

    def _below(self, element: Any) -> Iterator[Any]:
        for kid in self.kids(element):
            yield kid
            yield from self._below(kid)


def _scope_head_cells(document: Any) -> None:
    """Copy the HTML attribute ``scope`` to each header cell; WeasyPrint keeps the cell's tag on its box."""
    for page in document.pages:
        for box in page._page_box.descendants():
            cell = getattr(box, "mark", None)
            if cell is not None and cell["S"] == "/TH":
                cell["A"]["Scope"] = SCOPES[box.element.get("scope", "col")]


def _wrap_list_bodies(tree: _Tree) -> None:
    """Give every list item its bullet and one body with all the rest."""
    for item in [element for element in tree.elements if element["S"] == "/LI"]:
        label = _label(tree, item)
        body = next((kid for kid in tree.kids(item) if kid["S"] == "/LBody"), None) or _body(tree, item)
        rest = [kid for kid in item["K"] if kid not in (*label, body.reference)]
        for reference in rest:
            tree.at(reference)["P"] = body.reference
        body["K"] = pydyf.Array([*body["K"], *rest])
        item["K"] = pydyf.Array([*label, body.reference])


def _label(tree: _Tree, item: Any) -> list[bytes]:
    """Find an item's bullet; where blocks follow its words, it stands in one with them, and is taken out."""
    for holder in (item, *tree.kids(item)):
        for kid in tree.kids(holder):
            if kid["S"] == "/Lbl":
                holder["K"] = pydyf.Array([other for other in holder["K"] if other != kid.reference])
                kid["P"] = item.reference
                return [kid.reference]
    return []


def _body(tree: _Tree, item: Any) -> Any:
    kind = {"Type": "/StructElem", "S": "/LBody", "P": item.reference, "Pg": item["Pg"]}
    body = pydyf.Dictionary(kind | {"K": pydyf.Array()})
    tree.pdf.add_object(body)
    return body


def _mark_margins(tree: _Tree) -> None:
    """Mark running heads and page numbers, which no element reached from the root holds, as artifacts."""
    reached = {element.reference for element in tree.elements}
    numbers = tree.at(tree.root["ParentTree"])["Nums"]
    for page_number, page_reference in enumerate(tree.pdf.page_references):
        owners = numbers[2 * page_number + 1]
        loose = {mcid for mcid, owner in enumerate(owners) if owner not in reached}
        for mcid in loose:
            owners[mcid] = "null"
        stream = tree.at(tree.at(page_reference)["Contents"]).stream
        for place, operator in enumerate(stream):
            if operator == b"BDC" and stream[place - 1].get("MCID") in loose:
                stream[place - 2 : place] = ["/Artifact", ARTIFACT]


def _place_figures(document: Any, tree: _Tree) -> None:
    """Turn each figure's box into points from the lower left corner of its page."""
    for element in tree.elements:
        if element["S"] == "/Figure" and "BBox" in element.get("A", ()):
            page = document.pages[tree.pdf.page_references.index(element["Pg"])]
            left, top, right, bottom = element["A"]["BBox"]
            box = (left, page.height - bottom, right, page.height - top)
            element["A"]["BBox"] = pydyf.Array([POINTS * edge for edge in box])


def _print_links(pdf: pydyf.PDF) -> None:
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Subtype") == "/Link":
            item["F"] = PRINT_FLAG
