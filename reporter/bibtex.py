"""BibTeX -> CSL-JSON. What cannot be read is refused with its line: a list with a hole is worse than none."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reporter.errors import StudyError, SystemPartMissing

TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "document",
    "online": "webpage",
    "phdthesis": "thesis",
    "proceedings": "book",
    "software": "software",
    "techreport": "report",
    "unpublished": "manuscript",
}
FIELDS = {
    "title": "title",
    "journal": "container-title",
    "journaltitle": "container-title",
    "booktitle": "container-title",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "publisher": "publisher",
    "school": "publisher",
    "institution": "publisher",
    "organization": "publisher",
    "address": "publisher-place",
    "edition": "edition",
    "doi": "DOI",
    "url": "URL",
    "note": "note",
    "version": "version",
}
YEAR = re.compile(r"\b[12][0-9]{3}\b")
LONE_AMPERSAND = re.compile(r"(?<!\\)&")


def read_bibtex(text: str, path: Path) -> list[dict[str, Any]]:
    """Read a BibTeX file.

    Raises
    ------
    StudyError
        An entry is damaged, has a key or field twice, or is of a kind that has no type in CSL.
    SystemPartMissing
        The package that reads BibTeX is not installed.
    """
    try:
        from bibtexparser.entrypoint import parse_string
        from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock
    except ImportError as missing:
        raise SystemPartMissing(
            "BibTeX is read by bibtexparser, which is not installed here.",
            remedy="pip install 'entropy-reporter[paper]', or write references.json.",
        ) from missing
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # what it logs, we say
    try:
        library = parse_string(text)
    finally:
        logging.disable(before)
    for block in library.failed_blocks:
        line = f"{path}, line {(block.start_line or 0) + 1}"
        if isinstance(block, DuplicateBlockKeyBlock):
            raise StudyError(f'Two entries have the key "{block.key}".', where=line)
        if isinstance(block, DuplicateFieldKeyBlock):
            fields = ", ".join(sorted(block.duplicate_keys))
            raise StudyError(f"The entry has a field twice: {fields}.", where=line)
        raise StudyError(
            "The entry cannot be read.", where=line, remedy="Look for a brace or a quotation mark too few."
        )
    return [_work(entry, path) for entry in library.entries]


def _work(entry: Any, path: Path) -> dict[str, Any]:
    where = f"{path}, line {entry.start_line + 1}"
    kind = entry.entry_type.lower()
    if kind not in TYPES:
        raise StudyError(f'"@{entry.entry_type}" is no kind of entry that is known here.', where=where,
                         remedy=f"Allowed: {', '.join(sorted(TYPES))}.")  # fmt: skip
    fields = {name.lower(): str(field.value) for name, field in entry.fields_dict.items()}
    year = YEAR.search(fields.get("year", fields.get("date", "")))
    if year is None:
        raise StudyError(f'"{entry.key}" has no year.', where=where)
    work: dict[str, Any] = {"id": entry.key, "type": TYPES[kind]}
    work |= {FIELDS[name]: _plain(value) for name, value in fields.items() if name in FIELDS}
    if "page" in work:
        work["page"] = re.sub(r"\s*[-–—]+\s*", "-", work["page"])
    work["issued"] = {"date-parts": [[int(year[0])]]}
    people = {role: _names(fields[role], where) for role in ("author", "editor") if fields.get(role)}
    return work | people


def _names(text: str, where: str) -> list[Mapping[str, str]]:
    """Read names; one in braces is an organisation's and has no parts."""
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    found: list[Mapping[str, str]] = []
    for name in split_multiple_persons_names(text):
        if name.startswith("{") and name.endswith("}"):
            found.append({"literal": _plain(name)})
            continue
        try:
            parts = parse_single_name_into_parts(name)
        except InvalidNameError as error:
            raise StudyError(f'The name "{name}" cannot be read.', where=where) from error
        read = {
            "family": " ".join(parts.last),
            "given": " ".join(parts.first),
            "non-dropping-particle": " ".join(parts.von),
            "suffix": " ".join(parts.jr),
        }
        if not read["given"]:
            found.append({"literal": _plain(" ".join((*parts.von, *parts.last)))})
            continue
        found.append({part: _plain(value) for part, value in read.items() if value})
    return found


def _plain(text: str) -> str:
    """Read TeX as text: accents, dashes, braces that keep capitals."""
    from pylatexenc.latex2text import LatexNodes2Text

    plain: str = LatexNodes2Text(keep_comments=True).latex_to_text(LONE_AMPERSAND.sub(r"\\&", text))
    return " ".join(plain.split())
