"""What WeasyPrint may read: the figures of this report and the fonts, and nothing else in the world."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# A constant base, because the names of images in the PDF are hashes of their URLs. Nothing is ever
# fetched from it: ".invalid" is a name that does not exist by decree (RFC 2606).
BASE_URL = "https://report.invalid/"
FONTS_URL = BASE_URL + "fonts/"


class Fence(URLFetcher):  # type: ignore[misc]
    """Serves figures from memory and fonts from disk; any other URL stops the build.

    Parameters
    ----------
    figures : mapping
        Bytes of each image by the name that the report uses.
    fonts : mapping
        Path of each font file by its name.
    """

    def __init__(self, figures: Mapping[str, bytes], fonts: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=())
        self.refused: list[str] = []
        self._figures = figures
        self._fonts = {FONTS_URL + name: path for name, path in fonts.items()}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Serve a URL from the report's own files."""
        name = url.removeprefix(BASE_URL)
        if name != url and name in self._figures:
            return URLFetcherResponse(url, self._figures[name])
        if url in self._fonts:
            return URLFetcherResponse(url, self._fonts[url].read_bytes())
        self.refused.append(url)
        raise FatalURLFetchingError(url)
