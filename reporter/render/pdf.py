"""One tagged PDF (PDF/UA-1) from the body of a report: the same bytes wherever and whenever it is made."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from reporter.errors import OutputError, SystemPartMissing
from reporter.render import fonts, html
from reporter.render.archive import Archive
from reporter.render.lines import number_lines
from reporter.render.tagging import mend


def write(
    body: str,
    *,
    target: Path,
    figures: Mapping[str, bytes],
    title: str,
    language: str,
    header: str,
    css: str,
    epoch: int,
    authors: Sequence[str] = (),
    kind: str = "",
    line_numbers: bool = False,
    attached: Mapping[str, bytes] | None = None,
) -> None:
    """Write a report as PDF.

    Parameters
    ----------
    body : str
        From :func:`reporter.render.html.body`, best without notes.
    target : Path
        File to write.
    figures : mapping
        The bytes of each image, by the name that the Markdown uses for it.
    header : str
        Short title for the head of each page but the first.
    css : str
        From :func:`reporter.render.html.stylesheet`.
    epoch : int
        The report's date in seconds since 1970 UTC; the clock is not read.
    kind : str
        The class of the body, for the style sheet.
    line_numbers : bool
        Number the lines of the text in the margin that the style sheet keeps for them.
    attached : mapping, optional
        Files by name to embed; then the PDF is one of PDF/A-3 as well.

    Raises
    ------
    SystemPartMissing
        Pango or a font file is not on this machine.
    OutputError
        The report wants a file that is not its own or a character that no font has, or holds a picture
        that cannot be drawn or has no alternative text.
    """
    created = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    emoji = fonts.emoji_file()
    sheet = html.sheet(
        body if emoji else fonts.drop_emoji(body),
        title=title if emoji else fonts.drop_emoji(title),
        language=language,
        header=header if emoji else fonts.drop_emoji(header),
        css=css,
        authors=authors,
        created=created,
        kind=kind,
    )
    archive = None if attached is None else Archive(attached, datetime.fromtimestamp(epoch, UTC))
    with fonts.only_our_fonts(), _clock(epoch):
        content = _print(sheet, figures, emoji, line_numbers, archive)
    target.write_bytes(content)


def _print(
    sheet: str, figures: Mapping[str, bytes], emoji: Path | None, line_numbers: bool, archive: Archive | None
) -> bytes:
    weasyprint = load_weasyprint()
    from weasyprint.urls import FatalURLFetchingError

    from reporter.render.fence import BASE_URL, FONTS_URL, Fence

    files = fonts.files() | ({emoji.name: emoji} if emoji else {})
    fence = Fence(figures, files)
    configuration = weasyprint.text.fonts.FontConfiguration()
    source = weasyprint.HTML(string=sheet, base_url=BASE_URL, url_fetcher=fence)
    _unlink_neighbours(source.etree_element)
    faces = weasyprint.CSS(
        string=fonts.font_faces(FONTS_URL, emoji), font_config=configuration, url_fetcher=fence
    )
    with _complaints() as complaints:
        try:
            settings = archive.settings() if archive else {"pdf_variant": "pdf/ua-1", "finisher": mend}
            variant = settings["pdf_variant"]
            document = source.render(font_config=configuration, stylesheets=[faces], pdf_variant=variant)
            if line_numbers:
                number_lines(document)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # it leaves the file of its colours open
                content: bytes = document.write_pdf(**settings)
        except FatalURLFetchingError as refused:
            raise _foreign(str(refused)) from refused
    # Inside an SVG picture WeasyPrint swallows even what is fatal, so the fence remembers.
    if fence.refused:
        raise _foreign(fence.refused[0])
    if complaints:
        raise OutputError(f"The report cannot be printed as it is. WeasyPrint says: {'; '.join(complaints)}.")
    _refuse_missing(document)
    return content


def _foreign(url: str) -> OutputError:
    return OutputError(
        f'The report wants "{url}", which is not one of its own files.',
        remedy="A PDF may show only the figures of its report; nothing is fetched from elsewhere.",
    )


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what WeasyPrint logs as errors and goes on from: a picture it cannot draw, no alt text."""
    heard: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield heard
    finally:
        logger.removeHandler(handler)


def load_weasyprint() -> ModuleType:
    """Import WeasyPrint, which needs Pango from the system."""
    try:
        with warnings.catch_warnings():
            # Our fonts come by @font-face; that fontconfig knows no other is what we want.
            warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
            import weasyprint
            import weasyprint.text.fonts
    except OSError as missing:
        raise SystemPartMissing(
            f"PDFs are set by WeasyPrint, which needs Pango, and Pango is not on this machine ({missing}).",
            remedy="Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. "
            "macOS: brew install pango.",
        ) from missing
    return weasyprint  # type: ignore[no-any-return]


def _unlink_neighbours(root: Any) -> None:
    """Keep the words of links to files beside the report; a PDF travels alone."""
    for link in root.iter("a"):
        target = link.get("href", "")
        if not target.startswith(("#", "https:", "http:", "mailto:")):
            link.attrib.pop("href", None)


def _refuse_missing(document: Any) -> None:
    """Refuse a page with empty boxes in place of characters; no checker of PDFs sees them."""
    missing = sorted({codepoint for font in document.fonts.values() for codepoint in font.missing})
    if missing:
        named = ", ".join(f"U+{codepoint:04X} {chr(codepoint)}" for codepoint in missing)
        raise OutputError(
            f"No font of ours has these characters of the report: {named}.",
            remedy="Write them in words, or use other signs.",
        )


@contextmanager
def _clock(epoch: int) -> Iterator[None]:
    """Set the date that subset fonts carry."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
