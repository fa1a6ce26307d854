"""What tells who made a study, and where it stands in a file, whatever the file's form."""

from __future__ import annotations

import getpass
import html
import json
import re
import socket
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from reporter.errors import SystemPartMissing
from reporter.study import Study

if TYPE_CHECKING:
    from reporter.publish.osf import Account

AFTER_NAMES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
EVERYWHERE = frozenset({  # users, hosts and folders that tell nothing
    "root", "user", "users", "ubuntu", "debian", "admin", "runner", "localhost", "home", "build", "docker",
})  # fmt: skip
LEAST = 4  # letters of the shortest user or host name that is looked for
PLAIN_FROM = 5  # letters from which a family name is looked for in lower case as well
INSIDE_FROM = 7  # letters from which it is also looked for within other words: users are called by it
OSF_IDS = re.compile(r"osf\.io/([a-z0-9]{5})\b", re.IGNORECASE)
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
STREAM = re.compile(rb"stream\r?\n")
PIECE, OVERLAP = 64 * 2**20, 4096  # bytes; a larger file is read as what it is, without being unpacked


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """Something to look for. ``hidden`` says whether it is also replaced, where a text may be changed."""

    kind: str
    text: str
    hidden: bool = True


class Search:
    """Looks for terms, whole and in any spelling of blanks, escapes and accents."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(sorted({term for term in terms if term.text}, key=lambda term: -len(term.text)))
        self._patterns = [(term, _pattern(term)) for term in self.terms]

    def in_text(self, text: str) -> tuple[Term, ...]:
        """Find the terms that stand in a text."""
        spellings = {_plain(each) for each in (text, html.unescape(text), unquote(text), _unescape(text))}
        found: set[Term] = set()
        for each in spellings:
            folded = each.casefold()
            found |= {
                term
                for term, pattern in self._patterns
                if all(word in folded for word in _folded(term)) and pattern.search(each)
            }
        return tuple(sorted(found))

    def in_file(self, path: Path, name: str = "") -> tuple[Term, ...]:
        """Find the terms that stand in a file or its name, unpacked as far as we know its form."""
        found = {*self.in_text(name or path.name)}
        for text in texts(path):
            found |= {*self.in_text(text)}
        return tuple(sorted(found))

    def hide(self, text: str, instead: str) -> str:
        """Replace the terms that a text may do without."""
        text = unicodedata.normalize("NFC", text)
        for term, pattern in self._patterns:
            if term.hidden:
                text = pattern.sub(instead, text)
        return text


def of_study(study: Study) -> tuple[Term, ...]:
    """List what a study says of its authors: names, affiliations, identifiers, awards."""
    return tuple(term for term in _of_study(study) if term.text)


def _of_study(study: Study) -> Iterator[Term]:
    about = study.about
    for author in about.authors:
        yield Term("name", author.name)
        if author.kind == "person":
            yield Term("family name", author.family_name or _last_name(author.name))
        yield Term("ORCID iD", author.orcid)
        yield from (Term("affiliation", each) for each in author.affiliations)
    yield from (Term("award", funding.award) for funding in about.funding)
    yield Term("DOI", about.doi)
    yield from (Term("address", link) for link in (about.osf, about.preregistration))
    for link in (f"{about.doi} ", about.osf, about.preregistration):
        yield from (Term("OSF id", found) for found in OSF_IDS.findall(link))


def of_account(account: Account) -> Iterator[Term]:
    """List what OSF knows the uploader by; a given name alone is too common to look for."""
    yield Term("account", account.id, hidden=False)
    yield from (Term("account", name, hidden=False) for name in account.names if " " in name)


def of_machine(*folders: Path) -> Iterator[Term]:
    """List what tells on which machine it was made: its name, the user's, and folders."""
    for kind, name in (("host name", socket.gethostname()), ("user name", getpass.getuser())):
        if len(name) >= LEAST and name.lower() not in EVERYWHERE:
            yield Term(kind, name, hidden=False)
    for folder in (*folders, Path.home()):
        if folder not in (Path("/"), Path("/root")):
            yield Term("folder", str(folder), hidden=False)


def texts(path: Path) -> Iterator[str]:
    """Read a file as text, in every form in which a reader's program would show it.

    Raises
    ------
    SystemPartMissing
        A PDF is to be read, and pypdf is not installed.
    """
    if path.stat().st_size > PIECE:
        yield from _in_pieces(path)
        return
    raw = path.read_bytes()
    yield from _texts(raw)
    if raw.startswith(b"%PDF"):
        yield from _of_pdf(raw)
    elif raw.startswith(b"PAR1"):
        yield from _of_parquet(raw)
    elif raw.startswith(b"\x89PNG"):
        yield from _of_picture(raw)


def _texts(raw: bytes) -> Iterator[str]:
    yield raw.decode("utf-8", "replace")
    if b"\0" in raw:  # UTF-16, or binary: letters of our alphabet stand one by one between the zeros
        yield raw.replace(b"\0", b"").decode("latin-1")
    if zipfile.is_zipfile(BytesIO(raw)):
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            for name in packed.namelist():
                yield name
                yield from _texts(packed.read(name))


def _in_pieces(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        before = b""
        while piece := file.read(PIECE):
            yield (before + piece).decode("utf-8", "replace")
            before = piece[-OVERLAP:]


def _of_pdf(raw: bytes) -> Iterator[str]:
    for start in STREAM.finditer(raw):
        try:
            yield from _texts(zlib.decompressobj().decompress(raw[start.end() :]))
        except zlib.error:  # not compressed, or a picture
            continue
    try:
        import pypdf
    except ImportError as missing:
        raise SystemPartMissing(
            "pypdf is not installed, and a PDF cannot be searched for names.",
            remedy="pip install 'entropy-reporter[publish]'",
        ) from missing
    reader = pypdf.PdfReader(BytesIO(raw))
    yield " ".join(str(value) for value in (reader.metadata or {}).values())
    yield from (page.extract_text() for page in reader.pages)
    for name, contents in reader.attachments.items():
        yield name
        for content in contents:
            yield from _texts(content)


def _of_parquet(raw: bytes) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(BytesIO(raw))
    yield json.dumps({str(k): str(v) for k, v in (table.schema.metadata or {}).items()}, ensure_ascii=False)
    for column in table.columns:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            yield "\n".join(each for each in column.unique().to_pylist() if each is not None)


def _of_picture(raw: bytes) -> Iterator[str]:
    from PIL import Image

    with Image.open(BytesIO(raw)) as picture:
        picture.load()
        yield " ".join(str(value) for value in picture.info.values())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\u00ad", "")


def _unescape(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _last_name(name: str) -> str:
    """Guess the family name: the last word that is no title. Who is called otherwise declares it."""
    words = [word for word in re.split(r"[\s,]+", name) if word.strip(".").lower() not in AFTER_NAMES]
    last = words[-1] if words else ""
    return last if len(last.strip(".")) > 1 else ""


def _folded(term: Term) -> list[str]:
    """The words of a term, as they are looked for first: quickly, and whatever their case."""
    return unicodedata.normalize("NFC", term.text).casefold().split()


def _pattern(term: Term) -> re.Pattern[str]:
    """Match a term as a word of its own; blanks in it may be line ends."""
    text = unicodedata.normalize("NFC", term.text)
    words = r"\s+".join(re.escape(word) for word in text.split())
    edge = r"[^\W\d_]" if "name" in term.kind else r"[^\W_]"
    whole = rf"(?<!{edge}){words}(?!{edge})"
    if term.kind == "family name" and len(text) >= INSIDE_FROM:
        return re.compile(words, re.IGNORECASE)
    if term.kind == "family name" and len(text) < PLAIN_FROM:
        return re.compile(rf"(?<!{edge})(?:{words}|{words.upper()})(?!{edge})")
    return re.compile(whole, re.IGNORECASE)


def words(found: Sequence[Term]) -> str:
    """Say what was found, without saying it again: the message may be passed on."""
    kinds = dict.fromkeys(term.kind for term in found)
    return ", ".join(kinds)
