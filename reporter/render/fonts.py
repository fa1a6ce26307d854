"""Which font files a PDF may use. No font of the machine slips in, so that pages are the same everywhere."""

from __future__ import annotations

import importlib.util
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reporter.errors import SystemPartMissing

TEXT, HEADS, CODE = "Source Serif Pro", "Source Sans Pro", "DejaVu Sans Mono"
SYMBOLS, MORE_SYMBOLS, EMOJI = "DejaVu Sans", "STIXGeneral", "Colour Emoji"


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, and the family, weight and style under which a style sheet asks for it."""

    family: str
    weight: int
    style: str
    package: str
    file: str


FACES = (
    Face(TEXT, 400, "normal", "font_source_serif_pro/files", "SourceSerifPro-Regular.ttf"),
    Face(TEXT, 400, "italic", "font_source_serif_pro/files", "SourceSerifPro-It.ttf"),
    Face(TEXT, 700, "normal", "font_source_serif_pro/files", "SourceSerifPro-Semibold.ttf"),
    Face(TEXT, 700, "italic", "font_source_serif_pro/files", "SourceSerifPro-SemiboldIt.ttf"),
    Face(HEADS, 400, "normal", "font_source_sans_pro/files", "SourceSansPro-Regular.ttf"),
    Face(HEADS, 400, "italic", "font_source_sans_pro/files", "SourceSansPro-It.ttf"),
    Face(HEADS, 700, "normal", "font_source_sans_pro/files", "SourceSansPro-Semibold.ttf"),
    Face(SYMBOLS, 400, "normal", "matplotlib/mpl-data/fonts/ttf", "DejaVuSans.ttf"),
    Face(MORE_SYMBOLS, 400, "normal", "matplotlib/mpl-data/fonts/ttf", "STIXGeneral.ttf"),
    Face(CODE, 400, "normal", "matplotlib/mpl-data/fonts/ttf", "DejaVuSansMono.ttf"),
)
EMOJI_FILES = (
    "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    "/usr/share/fonts/noto/NotoColorEmoji.ttf",
    "/usr/share/fonts/google-noto-color-emoji-fonts/NotoColorEmoji.ttf",
    "/usr/local/share/fonts/NotoColorEmoji.ttf",
    "/System/Library/Fonts/Apple Color Emoji.ttc",
)

# Emoji that a text font has a plain sign for, because they answer something in a table.
PLAIN_SIGNS = str.maketrans("\u2705\u274c\u274e", "\u2713\u2717\u2717")

# Characters that are drawn in colour unless asked otherwise (Unicode property Emoji_Presentation), as a
# sequence: modifiers, joiners and tags belong to the one before them.
_EMOJI_CHARACTER = (
    "[\U0001f000-\U0001faff\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f"
    "\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd"
    "\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55]"
)
_EMOJI = re.compile(
    f"{_EMOJI_CHARACTER}(?:[\ufe0f\U000e0020-\U000e007f]|\u200d{_EMOJI_CHARACTER}?)*[ \u00a0]?"
)
_VARIATION = re.compile("[\ufe0e\ufe0f\u20e3]")


def drop_emoji(text: str) -> str:
    """Take colour emoji out of a text, each with the space after it.

    Signs that text fonts draw stay; a check mark or cross becomes its plain form, since it may be the
    whole content of a table cell.

    >>> drop_emoji("📊 Raw data ✅")
    'Raw data ✓'
    """
    plain = text.translate(PLAIN_SIGNS)
    return _VARIATION.sub("", _EMOJI.sub("", plain))


def emoji_file() -> Path | None:
    """Find a colour emoji font on this machine."""
    return next((Path(name) for name in EMOJI_FILES if Path(name).is_file()), None)


def files() -> dict[str, Path]:
    """Find each font file, by name.

    Raises
    ------
    SystemPartMissing
        A package that carries fonts is not installed as it should be.
    """
    found = {face.file: _folder(face.package) / face.file for face in FACES}
    for path in found.values():
        if not path.is_file():
            raise SystemPartMissing(
                f"The font file {path.name} is not there.",
                where=path.parent,
                remedy="Install entropy-reporter's requirements again (pip install --force-reinstall).",
            )
    return found


def _folder(place: str) -> Path:
    """Find a folder inside an installed package without importing the package (matplotlib is slow)."""
    package, *inside = place.split("/")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemPartMissing(f'The package "{package}", which carries fonts, is not installed.')
    return Path(spec.submodule_search_locations[0]).joinpath(*inside)


def font_faces(base_url: str, emoji: Path | None = None) -> str:
    """Write the ``@font-face`` rules for all files, as served under a base URL."""
    rules = [
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f'font-style: {face.style}; src: url("{base_url}{face.file}"); }}'
        for face in FACES
    ]
    if emoji is not None:
        rules.append(f'@font-face {{ font-family: "{EMOJI}"; src: url("{base_url}{emoji.name}"); }}')
    return "\n".join(rules)


# Colour emoji are pictures of one size, which fontconfig scales only if its configuration says so.
_CONFIGURATION = """<?xml version="1.0"?>
<fontconfig>
<cachedir>{cache}</cachedir>
<match target="font">
  <test name="outline"><bool>false</bool></test>
  <edit name="pixelsizefixupfactor" mode="assign">
    <divide><name target="pattern">pixelsize</name><name target="font">pixelsize</name></divide>
  </edit>
  <edit name="matrix" mode="assign">
    <times>
      <name>matrix</name>
      <matrix>
        <name>pixelsizefixupfactor</name><double>0</double><double>0</double><name>pixelsizefixupfactor</name>
      </matrix>
    </times>
  </edit>
  <edit name="size" mode="assign">
    <divide><name>size</name><name>pixelsizefixupfactor</name></divide>
  </edit>
</match>
</fontconfig>
"""


@contextmanager
def only_our_fonts() -> Iterator[None]:
    """Hide the machine's fonts from fontconfig, and keep its cache out of the reader's home."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="reporter-fonts-") as folder:
        configuration = Path(folder) / "fonts.conf"
        configuration.write_text(_CONFIGURATION.format(cache=folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(configuration)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
