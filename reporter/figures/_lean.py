"""The same picture in fewer and plainer elements, for a program that walks over them one by one.

matplotlib names a group for every artist, writes looks as style sheets and marks as references. WeasyPrint
parses each sheet and copies what each reference points at: printing eight figures took half as long again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

SVG, HREF = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
GROUP, DEFS, USE, PATH = (SVG + tag for tag in ("g", "defs", "use", "path"))
LEFT_OUT = {SVG + "metadata", SVG + "style"}
NO_TURN = re.compile(r"rotate\(-?0(\.0*)? [^()]*\)")
POINT = re.compile(r"(-?[\d.]+(?:e-?\d+)?) (-?[\d.]+(?:e-?\d+)?)")


def lean(svg: bytes) -> bytes:
    """Write an SVG of matplotlib's again: no empty groups, no style sheets, marks in their places.

    Its letters must be letters (``svg.fonttype`` "none"); drawn ones are marks that are turned and scaled.

    Raises
    ------
    ElementTree.ParseError
        It is not XML.
    """
    root = ET.fromstring(svg)
    marks = {element.get("id", ""): element for element in root.iter(PATH) if "id" in element.attrib}
    # What its one style sheet says of every element:
    plain = ET.Element(root.tag, _looks(root) | {"stroke-linejoin": "round"})
    plain.extend([each for child in root for each in _plain(child, marks)])
    ET.register_namespace("", SVG.strip("{}"))
    return ET.tostring(plain)


def _plain(element: ET.Element, marks: Mapping[str, ET.Element]) -> Iterator[ET.Element]:
    """Give what is left of an element: itself, what it holds, or nothing."""
    if element.tag in LEFT_OUT:
        return
    if element.tag == USE:
        yield _in_place(element, marks[element.attrib[HREF].removeprefix("#")])
        return
    children = [each for child in element for each in _plain(child, marks)]
    if element.tag == DEFS:  # marks stand where they are used
        children = [child for child in children if child.tag != PATH]
    looks = _looks(element)
    if element.tag in (GROUP, DEFS):
        looks.pop("id", None)
        if not children or (element.tag == GROUP and not looks):
            yield from children
            return
    plain = ET.Element(element.tag, looks)
    plain.text = element.text
    plain.extend(children)
    yield plain


def _in_place(use: ET.Element, mark: ET.Element) -> ET.Element:
    """Draw a mark where it is used; matplotlib's paths are pairs of absolute coordinates."""
    x, y = float(use.get("x", 0)), float(use.get("y", 0))
    looks = _looks(mark) | _looks(use)
    for name in ("id", "x", "y", HREF):
        looks.pop(name, None)
    looks["d"] = POINT.sub(lambda at: f"{float(at[1]) + x:.9g} {float(at[2]) + y:.9g}", mark.attrib["d"])
    return ET.Element(PATH, looks)


def _looks(element: ET.Element) -> dict[str, Any]:
    """Give an element's attributes, those of its style sheet among them."""
    looks = dict(element.attrib)
    declared = (each.partition(":") for each in looks.pop("style", "").split(";") if each)
    looks |= {name.strip(): value.strip() for name, _, value in declared}
    if NO_TURN.fullmatch(looks.get("transform", "")):
        del looks["transform"]
    return looks
