"""Files into documents: Markdown and plain text, HTML, and the text of PDFs."""

from __future__ import annotations

from pathlib import Path

from reporter.audit.document import Document
from reporter.audit.encoding import decode
from reporter.errors import DocumentError

TEXT = (".md", ".markdown", ".txt", ".text", ".qmd", ".rmd", "")
PAGE = (".html", ".htm", ".xhtml")
READ = "An audit reads Markdown, plain text, HTML and PDF."
NO_TEXT = (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")
LARGEST = 64 * 2**20  # bytes


def read_document(path: Path) -> Document:
    """Read a file by what it is: its first bytes, or else its ending.

    Raises
    ------
    DocumentError
        The file is not there, is of another kind, is too large, or cannot be read.
    """
    try:
        if path.is_dir():
            raise DocumentError("This is a folder.", where=path, remedy=READ)
        if path.stat().st_size > LARGEST:
            raise DocumentError(
                f"The file has more than {LARGEST // 2**20} MB.", where=path, remedy="Give the text alone."
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError("There is no such file.", where=path) from error
    except OSError as error:
        raise DocumentError(f"The file cannot be read: {error.strerror}.", where=path) from error
    return _read(data, path)


def _read(data: bytes, path: Path) -> Document:
    ending = path.suffix.lower()
    if data.startswith(b"%PDF-") or ending == ".pdf":
        from reporter.audit.pdf import read_pdf

        return read_pdf(data, path.name)
    if ending not in (*TEXT, *PAGE):
        raise DocumentError(f'A file of the kind "{ending}" is not read.', where=path, remedy=READ)
    if data.startswith(NO_TEXT):
        raise DocumentError("Its first bytes say that this is no text.", where=path, remedy=READ)
    return read_text(data, path.name, page=ending in PAGE)


def read_text(data: bytes | str, name: str, *, page: bool = False) -> Document:
    """Read text: HTML where it is said to be or begins like it, and Markdown otherwise."""
    from dataclasses import replace

    decoded = decode(data) if isinstance(data, bytes) else None
    text = decoded.text if decoded else str(data)
    if page or text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        from reporter.audit.html import read_html

        document = read_html(text, name)
    else:
        from reporter.audit.markdown import read_markdown

        document = read_markdown(text, name)
    return replace(document, repairs=(*(decoded.repairs if decoded else ()), *document.repairs))
